// SPDX-License-Identifier: EUPL-1.2

package site

import (
	_ "embed"
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/zielstand/zielstand/internal/dataset"
)

// recipe is a question that one request answers.
type recipe struct {
	ID      string `yaml:"id"`
	Dataset string `yaml:"dataset"`
	// Query is the query of the request, as it is written in an address.
	Query string `yaml:"query"`
	DE    string `yaml:"de"`
	EN    string `yaml:"en"`
}

//go:embed recipes.yaml
var recipeFile []byte

// loadRecipes reads the recipes of the page /use, from which docs/api.md follows.
func loadRecipes() ([]recipe, error) {
	var out []recipe
	if err := yaml.Unmarshal(recipeFile, &out); err != nil {
		return nil, fmt.Errorf("recipes.yaml: %w", err)
	}
	return out, nil
}

// request parses the request of the recipe. The error is a domain.Invalid if it names what
// the vocabulary lacks.
func (r recipe) request(api string, v dataset.Vocabulary) (request, error) {
	d := dataset.ByID(r.Dataset)
	if d == nil {
		return request{}, fmt.Errorf("recipe %s: unknown dataset %q", r.ID, r.Dataset)
	}
	values, err := url.ParseQuery(r.Query)
	if err != nil {
		return request{}, fmt.Errorf("recipe %s: %w", r.ID, err)
	}
	q, err := dataset.ParseQuery(d, values, v)
	if err != nil {
		return request{}, err
	}
	return request{api + "/" + r.Dataset, r.Query, q.Columns()}, nil
}

// request is a request for rows.
type request struct {
	path, query string
	columns     []dataset.Column
}

// address returns the address of the rows in a format; without one, they are JSON.
func (q request) address(format string) string {
	out := q.path
	if format != "" {
		out += "." + format
	}
	if q.query != "" {
		out += "?" + q.query
	}
	return out
}

// numbers returns the names of the columns that hold numbers.
func (q request) numbers() []string {
	var names []string
	for _, c := range q.columns {
		if c.Numeric() {
			names = append(names, c.Name)
		}
	}
	return names
}

// client is a program that people use data with.
type client struct {
	ID, Title string
	code      func(request) string
}

// clients are the clients of the recipes.
var clients = []client{
	{"curl", "curl", curlCode},
	{"pandas", "Python: pandas", pandasCode},
	{"r", "R", rCode},
	{"duckdb", "DuckDB", duckDBCode},
	{"power-query", "Excel: Power Query", powerQueryCode},
	{"typescript", "TypeScript", typeScriptCode},
}

func curlCode(q request) string { return `curl '` + q.address("csv") + `'` }

// Everything is read as text and numbers are converted by name: keys and periods stay as
// they are, 05 does not turn into 5, nor 1.10 into 1.1 in a column of text.

func pandasCode(q request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "import pandas\n\nrows = pandas.read_csv(\"%s\", dtype=str)\n", q.address("csv"))
	for _, name := range q.numbers() {
		fmt.Fprintf(&b, "rows[\"%s\"] = pandas.to_numeric(rows[\"%[1]s\"])\n", name)
	}
	b.WriteString("print(rows.to_csv(index=False))")
	return b.String()
}

func rCode(q request) string {
	var b strings.Builder
	fmt.Fprintf(&b, "rows <- read.csv(\"%s\",\n  colClasses = \"character\", na.strings = \"\", encoding = \"UTF-8\")\n", q.address("csv"))
	for _, name := range q.numbers() {
		fmt.Fprintf(&b, "rows$%s <- as.numeric(rows$%[1]s)\n", name)
	}
	b.WriteString("write.csv(rows, row.names = FALSE, na = \"\")")
	return b.String()
}

// duckDBCode reads Parquet, which has types.
func duckDBCode(q request) string {
	return "SELECT * FROM read_parquet('" + q.address("parquet") + "');"
}

func powerQueryCode(q request) string {
	var numbers []string
	for _, name := range q.numbers() {
		numbers = append(numbers, `{"`+name+`", type number}`)
	}
	steps := []string{
		`Source = Csv.Document(Web.Contents("` + q.address("csv") + `"), [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv])`,
		`Rows = Table.PromoteHeaders(Source, [PromoteAllScalars = true])`,
	}
	result := "Rows"
	if numbers != nil {
		result = "Typed"
		steps = append(steps, `Typed = Table.TransformColumnTypes(Rows, {`+strings.Join(numbers, ", ")+`}, "en-US")`)
	}
	return "let\n  " + strings.Join(steps, ",\n  ") + "\nin\n  " + result
}

func typeScriptCode(q request) string {
	var members, included []string
	for i, c := range q.columns {
		if c.Join.Reference == "" {
			members = append(members, c.Name+": "+typeScriptType(c)+";")
			continue
		}
		member := c.Join.Member + ": " + typeScriptType(c)
		if j := len(included) - 1; q.columns[i-1].Join.Reference == c.Join.Reference {
			included[j] = strings.TrimSuffix(included[j], " };") + "; " + member + " };"
		} else {
			included = append(included, c.Join.Reference+": { "+member+" };")
		}
	}
	if included != nil {
		members = append(members, "included: {\n    "+strings.Join(included, "\n    ")+"\n  };")
	}
	return `const answer = await fetch("` + q.address("") + `");
if (!answer.ok) throw new Error(await answer.text());
type Row = {
  ` + strings.Join(members, "\n  ") + `
};
const { data } = (await answer.json()) as { data: Row[] };
for (const row of data) console.log(JSON.stringify(row));`
}

// typeScriptType returns the type of a cell in JSON.
func typeScriptType(c dataset.Column) string {
	var name string
	switch {
	case c.Type == dataset.List:
		return "string[]"
	case c.Numeric():
		name = "number"
	case c.Type == dataset.Boolean:
		name = "boolean"
	default:
		name = "string"
	}
	if c.Required {
		return name
	}
	return name + " | null"
}
