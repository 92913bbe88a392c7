// SPDX-License-Identifier: EUPL-1.2

package clients

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/testenv"
)

// recipe is a question of the page /use, with its code for each client.
type recipe struct {
	id   string
	code map[string]string
	// columns and rows are the answer, from the CSV that the API serves.
	columns []string
	rows    [][]string
}

var (
	recipeBlock = regexp.MustCompile(`(?s)<details id="recipe-([a-z0-9-]+)">(.*?)</details>`)
	recipeCode  = regexp.MustCompile(`(?s)<dt>(.*?)</dt><dd><pre><code>(.*?)</code></pre></dd>`)
	recipeURL   = regexp.MustCompile(`^curl '(http\S+)'$`)
)

// recipeClients are the clients of each recipe.
var recipeClients = []string{"DuckDB", "Excel: Power Query", "Python: pandas", "R", "TypeScript", "curl"}

// recipes reads the recipes of the page and asks the API for their answers.
func recipes(t *testing.T, address string) []recipe {
	t.Helper()
	var out []recipe
	for _, block := range recipeBlock.FindAllStringSubmatch(string(fetch(t, address+"/en/use")), -1) {
		r := recipe{id: block[1], code: map[string]string{}}
		for _, m := range recipeCode.FindAllStringSubmatch(block[2], -1) {
			r.code[m[1]] = html.UnescapeString(m[2])
		}
		if len(r.code) != len(recipeClients) {
			t.Fatalf("%s: the clients %v, want %v", r.id, r.code, recipeClients)
		}
		found := recipeURL.FindStringSubmatch(r.code["curl"])
		if found == nil {
			t.Fatalf("%s: %s has no address", r.id, r.code["curl"])
		}
		records, err := csv.NewReader(strings.NewReader(string(fetch(t, found[1])))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		r.columns, r.rows = records[0], records[1:]
		if len(r.rows) == 0 {
			t.Errorf("%s: no rows to compare with", r.id)
		}
		out = append(out, r)
	}
	if len(out) != 10 {
		t.Fatalf("%d recipes, want 10", len(out))
	}
	return out
}

// startRecipes serves the embedded data and a later release, so that changes has rows.
func startRecipes(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	database := "sqlite:" + filepath.Join(folder, "zielstand.db")
	if err := os.CopyFS(filepath.Join(folder, "data"), os.DirFS("../../fixtures")); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(folder, "data", "datapackage.json"), `"version": "[^"]+"`, `"version": "2026.12.0"`)
	edit(t, filepath.Join(folder, "data", "datapackage.json"), `"created": "[^"]+"`, `"created": "2026-12-01T00:00:00Z"`)
	edit(t, filepath.Join(folder, "data", "goals.csv"), `Familienportal NRW`, `Familienportal des Landes`)
	fixtures, err := filepath.Abs("../../fixtures")
	if err != nil {
		t.Fatal(err)
	}
	for _, release := range []string{fixtures, "data"} {
		run(t, folder, testenv.Binary(t), "import", release, "--database-url", database)
	}
	return serve(t, database)
}

// edit replaces the first match of the pattern in a file.
func edit(t *testing.T, file, pattern, with string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(pattern).FindIndex(content)
	if place == nil {
		t.Fatalf("%s does not contain %s", file, pattern)
	}
	content = slices.Concat(content[:place[0]], []byte(with), content[place[1]:])
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestRecipes runs the code of every recipe that can run here, as it is on the page, and
// compares what it prints with the CSV of the API. Excel cannot run: its text must ask for
// the same address and name columns of the answer.
func TestRecipes(t *testing.T) {
	t.Parallel()
	all := recipes(t, startRecipes(t))
	t.Run("curl", func(t *testing.T) {
		t.Parallel()
		program := testenv.Program(t, "curl", "curl")
		for _, r := range all {
			out := run(t, t.TempDir(), "sh", "-c", strings.Replace(r.code["curl"], "curl", program+" -sS --fail", 1))
			r.compareCSV(t, out)
		}
	})
	t.Run("pandas", func(t *testing.T) {
		t.Parallel()
		python := pandas(t)
		for _, r := range all {
			r.compareCSV(t, run(t, t.TempDir(), python, "-c", r.code["Python: pandas"]))
		}
	})
	t.Run("R", func(t *testing.T) {
		t.Parallel()
		program := testenv.Program(t, "R", "Rscript")
		for _, r := range all {
			r.compareCSV(t, run(t, t.TempDir(), program, "-e", r.code["R"]))
		}
	})
	t.Run("DuckDB", func(t *testing.T) {
		t.Parallel()
		compareDuckDB(t, all)
	})
	t.Run("TypeScript", func(t *testing.T) {
		t.Parallel()
		compareTypeScript(t, all)
	})
	t.Run("Power Query", func(t *testing.T) {
		t.Parallel()
		for _, r := range all {
			r.checkPowerQuery(t)
		}
	})
}

// pandas returns the first Python that has pandas.
func pandas(t *testing.T) string {
	t.Helper()
	for _, program := range []string{"python3", "/usr/bin/python3"} { // pandas is Debian's
		if exec.Command(program, "-c", "import pandas").Run() == nil {
			return program
		}
	}
	testenv.Missing(t, "pandas")
	return ""
}

// compareDuckDB runs the SQL with the file of an address in the place of the address: for
// addresses DuckDB loads an extension from the internet.
func compareDuckDB(t *testing.T, all []recipe) {
	t.Helper()
	script, err := filepath.Abs("../../.tools/snippets/questions.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(script); err != nil {
		testenv.Missing(t, "DuckDB")
	}
	folder := t.TempDir()
	address := regexp.MustCompile(`http[^']+`)
	var statements strings.Builder
	for _, r := range all {
		url := address.FindString(r.code["DuckDB"])
		save(t, url, filepath.Join(folder, r.id+".parquet"))
		statement, err := json.Marshal(strings.Replace(r.code["DuckDB"], url, r.id+".parquet", 1))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&statements, "%s\n", statement)
	}
	answers := json.NewDecoder(strings.NewReader(runWith(t, folder, statements.String(), "node", script)))
	answers.UseNumber()
	for _, r := range all {
		var rows []map[string]any
		if err := answers.Decode(&rows); err != nil {
			t.Fatalf("%s: %v", r.id, err)
		}
		r.compareRows(t, rows)
	}
}

// compareTypeScript compiles the programs with the types they state, and runs them.
func compareTypeScript(t *testing.T, all []recipe) {
	t.Helper()
	tools := tools(t)
	folder, err := os.MkdirTemp(tools, "recipes-") // below node_modules
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	options := []string{"--target", "es2022", "--module", "nodenext", "--strict", "--types", "node"}
	for _, r := range all {
		if err := os.WriteFile(filepath.Join(folder, r.id+".mts"), []byte(r.code["TypeScript"]+"\nexport {};\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		options = append(options, r.id+".mts")
	}
	run(t, folder, filepath.Join(tools, "node_modules", ".bin", "tsc"), options...)
	for _, r := range all {
		answers := json.NewDecoder(strings.NewReader(run(t, folder, "node", r.id+".mjs")))
		answers.UseNumber()
		var rows []map[string]any
		for answers.More() {
			row := map[string]any{}
			if err := answers.Decode(&row); err != nil {
				t.Fatalf("%s: %v", r.id, err)
			}
			r.checkTypes(t, row)
			rows = append(rows, flat(row))
		}
		r.compareRows(t, rows)
	}
}

// flat moves the titles in included to the columns that they have in CSV.
func flat(row map[string]any) map[string]any {
	included, _ := row["included"].(map[string]any)
	delete(row, "included")
	for name, titles := range included {
		for member, text := range titles.(map[string]any) {
			row[name+strings.ToUpper(member[:1])+member[1:]] = text
		}
	}
	return row
}

// checkTypes compares the members of a row with the type that the program states.
func (r recipe) checkTypes(t *testing.T, row map[string]any) {
	t.Helper()
	for name, value := range row {
		if name == "included" {
			continue
		}
		stated := regexp.MustCompile(`\n  ` + name + `: ([^;{]+)`).FindStringSubmatch(r.code["TypeScript"])
		if stated == nil {
			t.Errorf("%s: the type of a row has no member %s", r.id, name)
			continue
		}
		var got string
		switch value.(type) {
		case nil:
			got = "null"
		case json.Number:
			got = "number"
		case string:
			got = "string"
		case bool:
			got = "boolean"
		case []any:
			got = "string[]"
		}
		if !slices.Contains(strings.Split(stated[1], " | "), got) {
			t.Errorf("%s: %s is %s, the program says %s", r.id, name, got, stated[1])
		}
	}
}

// compareCSV compares what a client printed as CSV.
func (r recipe) compareCSV(t *testing.T, printed string) {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(printed)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v\n%s", r.id, err, printed)
	}
	if len(records) == 0 || !slices.Equal(records[0], r.columns) {
		t.Fatalf("%s: printed the columns of\n%s\nwant %v", r.id, printed, r.columns)
	}
	var rows []map[string]any
	for _, record := range records[1:] {
		row := map[string]any{}
		for i, cell := range record {
			row[r.columns[i]] = cell
		}
		rows = append(rows, row)
	}
	r.compareRows(t, rows)
}

// compareRows compares rows by cell; a number may be written in another way.
func (r recipe) compareRows(t *testing.T, rows []map[string]any) {
	t.Helper()
	if len(rows) != len(r.rows) {
		t.Errorf("%s: %d rows, want %d", r.id, len(rows), len(r.rows))
		return
	}
	for i, want := range r.rows {
		for j, name := range r.columns {
			got, ok := rows[i][name]
			if text := cellText(got); !ok || !equalCells(text, want[j]) {
				t.Errorf("%s: row %d: %s is %q, want %q", r.id, i+1, name, text, want[j])
			}
		}
	}
}

// cellText returns a value as it is in CSV.
func cellText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		var words []string
		for _, word := range v {
			words = append(words, cellText(word))
		}
		return strings.Join(words, " ")
	}
	return fmt.Sprint(value)
}

func equalCells(a, b string) bool {
	if a == b {
		return true
	}
	x, err := strconv.ParseFloat(a, 64)
	y, other := strconv.ParseFloat(b, 64)
	return err == nil && other == nil && x == y
}

var (
	powerQuery = regexp.MustCompile(`(?s)^let\n  Source = Csv\.Document\(Web\.Contents\("([^"]+)"\), \[Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle\.Csv\]\),\n` +
		`  Rows = Table\.PromoteHeaders\(Source, \[PromoteAllScalars = true\]\)(?:,\n  Typed = Table\.TransformColumnTypes\(Rows, \{(.*)\}, "en-US"\)\nin\n  Typed|\nin\n  Rows)$`)
	powerQueryNumber = regexp.MustCompile(`^\{"(\w+)", type number\}$`)
)

// checkPowerQuery compares the address with that of curl, and the columns that the text
// converts with those of the answer that have numbers only.
func (r recipe) checkPowerQuery(t *testing.T) {
	t.Helper()
	text := r.code["Excel: Power Query"]
	found := powerQuery.FindStringSubmatch(text)
	if found == nil || "curl '"+found[1]+"'" != r.code["curl"] {
		t.Errorf("%s: the text for Excel does not load the address of\n%s\n%s", r.id, r.code["curl"], text)
		return
	}
	if found[2] == "" {
		return
	}
	for number := range strings.SplitSeq(found[2], "}, ") {
		name := powerQueryNumber.FindStringSubmatch(strings.TrimSuffix(number, "}") + "}")
		if name == nil || !slices.Contains(r.columns, name[1]) {
			t.Errorf("%s: %s is not a column of %v", r.id, number, r.columns)
			continue
		}
		for _, row := range r.rows {
			cell := row[slices.Index(r.columns, name[1])]
			if _, err := strconv.ParseFloat(cell, 64); cell != "" && err != nil {
				t.Errorf("%s: %s has %q, which is not a number", r.id, name[1], cell)
			}
		}
	}
}
