// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"context"
	"fmt"
	"maps"
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

// page is the documentation that is compared with the program.
const page = "../../docs/spreadsheets.md"

var (
	// address is an address of the program on the page.
	address = regexp.MustCompile(`http://127\.0\.0\.1:8080(/[^\s"'<>)]*)`)
	snippet = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")
)

func readPage(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAddresses asks for every address of the page.
func TestAddresses(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	found := address.FindAllStringSubmatch(readPage(t), -1)
	if len(found) < 8 {
		t.Fatalf("only %d addresses", len(found))
	}
	for _, a := range found {
		if body := p.get(t, a[1]); len(body) == 0 {
			t.Errorf("%s gives nothing", a[1])
		}
	}
}

// TestSnippets runs what can be run here and looks for the figures that the
// rows have. The other snippets the page marks as such.
func TestSnippets(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	rows := p.rows(t, "/v1/observations.csv")
	ran := map[string]int{}
	for _, s := range snippet.FindAllStringSubmatch(readPage(t), -1) {
		language, code := s[1], strings.ReplaceAll(s[2], base, p.address)
		want := wanted(language, code, rows)
		if want == nil {
			continue
		}
		ran[language]++
		t.Run(language, func(t *testing.T) {
			out := run(t, interpreter(t, language, code))
			for _, line := range want {
				if !regexp.MustCompile(`(?m)^` + line + `$`).Match(out) {
					t.Errorf("%s\nprinted\n%s\nand no line %s", code, out, line)
				}
			}
		})
	}
	if want := map[string]int{"python": 2, "r": 1, "sql": 1}; !maps.Equal(want, ran) {
		t.Errorf("snippets run: %v, want %v", ran, want)
	}
}

// wanted returns the lines that a snippet has to print, nil if it cannot be run:
// a known figure, or how many rows of each kind there are and the largest value
// of them.
func wanted(language, code string, rows [][]string) []string {
	form := map[string]string{"r": `\d+ +%s +%d`, "sql": `%s,%d,%.6f`, "python": `%s +%d`}[language]
	switch {
	case form == "":
		return nil
	case strings.Contains(code, "indicator=e-file-users"):
		return []string{"2024 target 75000 digitalstrategie-2-0", "2018 actual 15 umsetzungsstand-2021-08"}
	}
	count, largest := map[string]int{}, map[string]float64{}
	kind, value := slices.Index(rows[0], "kind"), slices.Index(rows[0], "value")
	for _, row := range rows[1:] {
		number, _ := strconv.ParseFloat(row[value], 64)
		count[row[kind]]++
		largest[row[kind]] = max(largest[row[kind]], number)
	}
	var lines []string
	for k, n := range count {
		arguments := []any{k, n, largest[k]}
		lines = append(lines, fmt.Sprintf(form, arguments[:strings.Count(form, "%")]...))
	}
	return lines
}

// duckDB runs SQL; .ci/snippets.sh installs it.
const duckDB = "../../.tools/snippets/duckdb.mjs"

// interpreter returns the command that runs a snippet. Without
// one the test is skipped.
func interpreter(t *testing.T, language, code string) []string {
	t.Helper()
	switch language {
	case "r":
		if _, err := exec.LookPath("Rscript"); err == nil {
			return []string{"Rscript", "-e", code}
		}
	case "sql":
		if _, err := os.Stat(duckDB); err == nil {
			return []string{"node", duckDB, code}
		}
	case "python":
		module := "csv"
		if strings.Contains(code, "import pandas") {
			module = "pandas"
		}
		for _, python := range []string{"python3", "/usr/bin/python3"} { // pandas is Debian's
			if exec.Command(python, "-c", "import "+module).Run() == nil {
				return []string{python, "-c", code}
			}
		}
	}
	testenv.Missing(t, "a program that runs "+code)
	return nil
}

func run(t *testing.T, command []string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Env = append(os.Environ(), "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", command, err, problems.String())
	}
	return out
}

// TestPython compares the output of the snippet with the data.
func TestPython(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	for _, s := range snippet.FindAllStringSubmatch(readPage(t), -1) {
		if s[1] != "python" || strings.Contains(s[2], "pandas") {
			continue
		}
		path := address.FindStringSubmatch(s[2])[1]
		rows := p.rows(t, path)
		out := strings.TrimRight(string(run(t, interpreter(t, "python", strings.ReplaceAll(s[2], base, p.address)))), "\n")
		if lines := strings.Split(out, "\n"); len(lines) != len(rows)-1 || !strings.HasSuffix(lines[0], rows[1][8]) {
			t.Errorf("%d rows at %s, the snippet printed\n%s", len(rows)-1, path, out)
		}
	}
}

// TestConversion runs the command of the page for LibreOffice, which opens an
// address of the program.
func TestConversion(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	const command = "soffice --headless --convert-to ods " + base + "/v1/goals.xlsx"
	if !strings.Contains(readPage(t), "\n"+command+"\n") {
		t.Fatalf("%s does not show: %s", page, command)
	}
	p := reading.start(t)
	folder := o.convert(t, "", "ods", p.address+"/v1/goals.xlsx")
	again := o.convert(t, "", "xlsx", filepath.Join(folder, "goals.ods"))
	rows := p.rows(t, "/v1/goals.csv")
	if n, _ := openSheet(t, filepath.Join(again, "goals.xlsx"), 0).size(t); n != len(rows) {
		t.Errorf("%d rows are seen, want %d", n, len(rows))
	}
}
