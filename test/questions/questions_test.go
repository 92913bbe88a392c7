// SPDX-License-Identifier: EUPL-1.2

package questions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/cli/clitest"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/testenv"
)

// questions is how many questions have an answer, refused ones not counted.
const questions = 200

// duckDB answers SQL; .ci/snippets.sh installs it.
const duckDB = "../../.tools/snippets/questions.mjs"

// macros compute the first and the last day of a period, as domain.Period does.
const macros = `
CREATE MACRO first_day(p) AS CASE length(split_part(p, '/', 1)) WHEN 4 THEN CAST(split_part(p, '/', 1) || '-01-01' AS DATE)
  WHEN 7 THEN CAST(split_part(p, '/', 1) || '-01' AS DATE) WHEN 10 THEN CAST(split_part(p, '/', 1) AS DATE) END;
CREATE MACRO last_day_of(p) AS CASE length(split_part(p, '/', -1)) WHEN 4 THEN CAST(split_part(p, '/', -1) || '-12-31' AS DATE)
  WHEN 7 THEN last_day(CAST(split_part(p, '/', -1) || '-01' AS DATE)) WHEN 10 THEN CAST(split_part(p, '/', -1) AS DATE) END;`

// question is a query string and the SQL of the same meaning.
type question struct {
	dataset *dataset.Dataset
	query   url.Values
	sql     string

	// What the query means, for the filter in memory.
	filters []filtered
	by      []string // of groups
}

// filtered is a filter and its value.
type filtered struct {
	column   dataset.Column
	operator dataset.Operator
	value    string
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(duckDB); err != nil {
		testenv.Missing(t, "DuckDB")
	}
	seed := testenv.Seed(t)
	server, err := clitest.Start(nil, "--http-address", "127.0.0.1:0", "--log-level", "error",
		"--database-url", "sqlite:"+filepath.Join(t.TempDir(), "zielstand.db"), "--cache-path", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Stop() })

	folder, statements := t.TempDir(), []string{}
	for statement := range strings.SplitSeq(strings.TrimSuffix(macros, ";"), ";") {
		statements = append(statements, statement)
	}
	rows := map[*dataset.Dataset][]map[string]string{}
	for _, d := range []*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.OZGServiceCounts} {
		response, body := testenv.Get(t, server.URL+"/v1/"+d.ID+".csv")
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", d.ID, response.Status)
		}
		file := filepath.Join(folder, d.ID+".csv")
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		rows[d] = testenv.Records(t, body)
		statements = append(statements, fmt.Sprintf(`CREATE TABLE %s AS SELECT row_number() OVER () AS ordinal, * FROM read_csv('%s', all_varchar=true, header=true, nullstr='', parallel=false)`, d.Table(), file))
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var asked []question
	var answers [][]map[string]string
	refused := 0
	for tries := 0; len(asked) < questions; tries++ {
		if tries == 20*questions {
			t.Fatalf("%d of %d questions were refused", refused, tries)
		}
		d := []*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.OZGServiceCounts}[random.IntN(3)]
		q := ask(random, d, rows[d])
		response, body := testenv.Get(t, server.URL+"/v1/"+d.ID+".csv?"+q.query.Encode())
		switch {
		case response.StatusCode == http.StatusBadRequest && q.query.Has("aggregate"):
			refused++ // what must not be added or compared
			if !bytes.Contains(body, []byte("cannot be computed for")) {
				t.Fatalf("%s?%s: %s", d.ID, q.query.Encode(), body)
			}
			continue
		case response.StatusCode != http.StatusOK:
			t.Fatalf("%s?%s: %s %s", d.ID, q.query.Encode(), response.Status, body)
		}
		asked, answers = append(asked, q), append(answers, testenv.Records(t, body))
		statements = append(statements, q.sql)
	}
	kinds := map[string]int{}
	results := answer(t, statements)
	results = results[len(results)-len(asked):]
	for i, q := range asked {
		want := results[i]
		for _, row := range want {
			for name, cell := range row {
				if slices.Contains([]string{"min", "max", "sum", "latest"}, name) {
					row[name] = plain(cell)
				}
			}
		}
		for _, row := range answers[i] {
			for name, cell := range row {
				if _, compared := want0(want)[name]; !compared && len(want) > 0 {
					delete(row, name)
				} else if slices.Contains([]string{"min", "max", "sum", "latest"}, name) {
					row[name] = plain(cell)
				}
			}
		}
		if diff := cmp.Diff(want, answers[i]); diff != "" && len(want)+len(answers[i]) > 0 {
			t.Errorf("/v1/%s?%s\n%s\n(-DuckDB +Zielstand)\n%s", q.dataset.ID, q.query.Encode(), q.sql, diff)
		}
		kinds["empty "+strconv.FormatBool(len(want) == 0)]++
		for _, name := range []string{"latest", "groupBy"} {
			if q.query.Has(name) {
				kinds[name]++
			}
		}
		for a := range strings.SplitSeq(q.query.Get("aggregate"), ",") {
			kinds["aggregate "+a]++
		}
	}
	t.Logf("%d questions, %d more refused: %v", len(asked), refused, kinds)
}

func want0(rows []map[string]string) map[string]string {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

// plain drops zeros after the decimal places: DuckDB pads them.
func plain(number string) string {
	if !strings.Contains(number, ".") {
		return number
	}
	return strings.TrimSuffix(strings.TrimRight(number, "0"), ".")
}

// ask draws a question.
func ask(random *rand.Rand, d *dataset.Dataset, rows []map[string]string) question {
	q, conditions := url.Values{}, []string{"true"}
	var filters []filtered
	for range random.IntN(4) {
		c := d.Columns[random.IntN(len(d.Columns))]
		operators := c.Operators()
		if len(operators) == 0 || c.Name == "asOf" && random.IntN(2) == 0 {
			continue
		}
		operator := operators[random.IntN(len(operators))]
		name := c.Name + string(operator)
		if q.Has(name) || name == "asOf" {
			continue
		}
		value, condition := filter(random, c, operator, rows)
		if value == "" {
			continue
		}
		q.Set(name, value)
		conditions = append(conditions, condition)
		filters = append(filters, filtered{c, operator, value})
	}
	from := fmt.Sprintf("(SELECT * FROM %s WHERE %s)", d.Table(), strings.Join(conditions, " AND "))
	if d.Figures != nil && random.IntN(3) == 0 {
		q.Set("latest", "true")
		from = latestRows(d, from)
	}
	if random.IntN(2) == 0 {
		q.Set("fields", "id")
		return question{dataset: d, query: q, filters: filters, sql: fmt.Sprintf(`SELECT id FROM %s ORDER BY ordinal`, from)}
	}
	grouped := group(random, d, q, from)
	grouped.filters = filters
	return grouped
}

// last orders rows by their period and their source, the last ones first.
func last(d *dataset.Dataset) string {
	return fmt.Sprintf(`last_day_of(%[1]q) DESC NULLS LAST, first_day(%[1]q) DESC NULLS LAST, last_day_of(published) DESC NULLS LAST`, d.Figures.Period)
}

// latestRows selects the last values of each series, and others without a period that became
// known since.
func latestRows(d *dataset.Dataset, from string) string {
	series, period := quoted(d.Figures.Series), quoted([]string{d.Figures.Period})
	ranked := fmt.Sprintf(`SELECT *, rank() OVER (PARTITION BY %[1]s ORDER BY %[2]s) AS place, max(last_day_of(%[3]s)) OVER (PARTITION BY %[1]s) AS ended FROM %[4]s`, series, last(d), period, from)
	return fmt.Sprintf(`(SELECT * FROM (%[1]s) QUALIFY place = 1 OR (%[3]s IS NULL AND last_day_of(published) > ended AND min(place) OVER (PARTITION BY %[2]s, "value", qualifier) > 1))`, ranked, series, period)
}

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// filter draws the value of a filter from the rows.
func filter(random *rand.Rand, c dataset.Column, operator dataset.Operator, rows []map[string]string) (value, sql string) {
	cell := fmt.Sprintf("%q", c.Name)
	if operator == dataset.In || operator == dataset.Not {
		var values, tests []string
		for range 1 + random.IntN(3) {
			v := rows[random.IntN(len(rows))][c.Name]
			if v == "" && !c.Required {
				values, tests = append(values, dataset.None), append(tests, cell+" IS NULL")
				continue
			}
			if v == "" {
				continue
			}
			text := "'" + v + "'"
			switch {
			case c.Type == dataset.List:
				v = strings.Fields(v)[0]
				tests = append(tests, fmt.Sprintf("list_contains(string_split(%s, ' '), '%s')", cell, v))
			case c.Numeric():
				tests = append(tests, fmt.Sprintf("CAST(%s AS DECIMAL(38,10)) = %s", cell, v))
			default:
				tests = append(tests, cell+" = "+text)
			}
			values = append(values, v)
		}
		sql = "coalesce(" + strings.Join(tests, " OR ") + ", false)"
		if operator == dataset.Not {
			sql = "NOT " + sql
		}
		return strings.Join(values, ","), sql
	}
	value = rows[random.IntN(len(rows))][c.Name]
	if value == "" {
		return "", ""
	}
	if c.Numeric() {
		compare := map[dataset.Operator]string{dataset.From: ">=", dataset.To: "<="}[operator]
		return value, fmt.Sprintf("CAST(%s AS DECIMAL(38,10)) %s %s", cell, compare, value)
	}
	return value, fmt.Sprintf(map[dataset.Operator]string{
		dataset.From: "last_day_of(%s) >= first_day('%s')", dataset.To: "first_day(%s) <= last_day_of('%s')",
		dataset.Before: "last_day_of(%s) < first_day('%s')", dataset.After: "first_day(%s) > last_day_of('%s')",
	}[operator], cell, value)
}

// group draws columns to group by and aggregates.
func group(random *rand.Rand, d *dataset.Dataset, q url.Values, from string) question {
	var by, terms []string
	if d.Figures != nil && random.IntN(2) == 0 {
		by = slices.Clone(d.Figures.Series) // what is comparable is drawn too seldom otherwise
		if random.IntN(2) == 0 {
			by = append(by, d.Figures.Period, "qualifier", "source")
		}
	}
	for len(by) == 0 || random.IntN(3) == 0 {
		c := d.Columns[1+random.IntN(len(d.Columns)-1)]
		if c.Filterable() && c.Type != dataset.Identifier && !slices.Contains(by, c.Name) {
			by = append(by, c.Name)
		}
	}
	q.Set("groupBy", strings.Join(by, ","))
	var aggregates []string
	for _, a := range d.Aggregates() {
		if a != dataset.Count && random.IntN(2) == 0 {
			continue
		}
		aggregates = append(aggregates, string(a))
		number := `CAST("value" AS DECIMAL(38,10))`
		switch a {
		case dataset.Count:
			terms = append(terms, `count(*) AS count`)
		case dataset.Latest:
			terms = append(terms, fmt.Sprintf(`first(%s ORDER BY %s, ordinal) AS latest, first(id ORDER BY %s, ordinal) AS "latestId"`, number, last(d), last(d)))
		default:
			terms = append(terms, fmt.Sprintf(`%s(%s) AS %s`, a, number, a))
		}
	}
	q.Set("aggregate", strings.Join(aggregates, ","))
	return question{dataset: d, query: q, by: by, sql: fmt.Sprintf(`SELECT %s, %s FROM %s GROUP BY %s ORDER BY min(ordinal)`, quoted(by), strings.Join(terms, ", "), from, quoted(by))}
}

// answer returns the rows of each statement.
func answer(t *testing.T, statements []string) [][]map[string]string {
	t.Helper()
	var in bytes.Buffer
	for _, s := range statements {
		line, _ := json.Marshal("SELECT 1")
		if s = strings.TrimSpace(s); s != "" {
			line, _ = json.Marshal(s)
		}
		in.Write(append(line, '\n'))
	}
	command := exec.Command("node", duckDB)
	command.Stdin = &in
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var results [][]map[string]string
	for line := range bytes.Lines(out) {
		var rows []map[string]any
		if err := json.Unmarshal(line, &rows); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		texts := make([]map[string]string, len(rows))
		for i, row := range rows {
			texts[i] = map[string]string{}
			for name, cell := range row {
				texts[i][name] = ""
				if cell != nil {
					texts[i][name] = fmt.Sprint(cell)
				}
			}
		}
		results = append(results, texts)
	}
	return results
}
