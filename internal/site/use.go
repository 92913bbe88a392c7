// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// usePage is the page on using the data in spreadsheets and programs.
type usePage struct {
	frame
	Workbook, ExcelCSV string
	// Permanent is the address of a file that never changes.
	Permanent              string
	Spreadsheets, Programs []snippet
	Recipes                []useRecipe
	Formats                []useFormat
	// Connection is what connects a program with a language model, MCP the address in it.
	Connection, MCP string
}

// snippet is an example.
type snippet struct{ ID, Title, Text, Code string }

// useRecipe is a question with the code that answers it in each client.
type useRecipe struct {
	ID, Question, Address string
	Code                  []snippet
}

// useFormat is a format, what it is good for, and the address of an example, without Href
// if that is a pattern.
type useFormat struct{ Title, Use, Address, Href string }

// example is the dataset that the snippets load.
var example = dataset.Observations

func buildUse(_ context.Context, r *renderer) (page, error) {
	api := r.publicURL + "/v1"
	whole := request{path: api + "/" + example.ID, columns: example.Columns}
	recipes, err := r.recipes(api)
	if err != nil {
		return nil, err
	}
	p := &usePage{
		Permanent: api + "/releases/" + r.Release.ID + "/" + example.ID + ".csv",
		Workbook:  r.file("/v1/" + example.ID + ".xlsx?labels=" + r.data()), ExcelCSV: r.file("/v1/" + example.ID + ".csv?dialect=excel-de"),
		Spreadsheets: r.spreadsheets(whole), Programs: r.programs(whole), Recipes: recipes,
		Formats: r.formats(), MCP: r.publicURL + "/mcp",
	}
	p.Connection = `{"mcpServers": {"zielstand": {"type": "http", "url": "` + p.MCP + `"}}}`
	p.Description = r.word("use.lead")
	p.Downloads = []download{{r.text(example.Title), r.forms("/v1/"+example.ID, nil)}}
	p.alternates = []alternate{{"application/json", "OpenAPI", r.file("/v1/openapi.json")}}
	return p, nil
}

// recipes returns the recipes that fit the release: an operator's data can lack what a
// request names.
func (r *renderer) recipes(api string) ([]useRecipe, error) {
	all, err := loadRecipes()
	if err != nil {
		return nil, err
	}
	var out []useRecipe
	for _, one := range all {
		q, err := one.request(api, r.Vocabulary)
		if invalid := (*domain.Invalid)(nil); errors.As(err, &invalid) {
			continue
		}
		if err != nil {
			return nil, err
		}
		recipe := useRecipe{"recipe-" + one.ID, r.text(dataset.Text{DE: one.DE, EN: one.EN}), q.address(""), nil}
		for _, c := range clients {
			recipe.Code = append(recipe.Code, snippet{ID: c.ID, Title: c.Title, Code: c.code(q)})
		}
		out = append(out, recipe)
	}
	return out, nil
}

// formats returns the formats for programs, with the address of an example.
func (r *renderer) formats() []useFormat {
	rows, whole := "/v1/"+example.ID, "/v1/releases/latest/zielstand"
	var out []useFormat
	for _, f := range []struct{ title, use, path string }{
		{"NDJSON", r.word("use.ndjson"), rows + ".ndjson"},
		{"Parquet", r.word("use.parquet"), rows + ".parquet"},
		{"SQLite", r.word("use.sqlite"), whole + ".sqlite"},
		{"ZIP", r.word("use.zip"), whole + ".zip"},
		{"JSON-stat 2.0", r.word("use.jsonstat"), rows + ".jsonstat?indicator={id}"},
		{"Croissant", r.word("use.croissant"), "/v1/datasets/" + example.ID + ".croissant.json"},
	} {
		one := useFormat{Title: f.title, Use: f.use, Address: r.publicURL + f.path}
		if !strings.Contains(f.path, "{") {
			one.Href = r.file(f.path)
		}
		out = append(out, one)
	}
	return out
}

func (l language) spreadsheets(whole request) []snippet {
	csv := whole.address("csv")
	sheets := `=IMPORTDATA("` + csv + `", ",", "en_US")`
	if l.word("number.point") == "," { // then arguments are separated by semicolons
		sheets = `=IMPORTDATA("` + csv + `"; ","; "en_US")`
	}
	return []snippet{
		{"power-query", "Excel: Power Query", l.word("use.powerquery"), powerQueryCode(whole)},
		{"libreoffice", "LibreOffice Calc", l.word("use.libreoffice"), csv},
		{"google-sheets", "Google Sheets", l.word("use.sheets"), sheets},
	}
}

func (l language) programs(whole request) []snippet {
	return []snippet{
		{"r", "R", "", rCode(whole)},
		{"pandas", "Python: pandas", "", pandasCode(whole)},
		{"python", l.word("use.python"), "", `import csv
import io
import urllib.request

with urllib.request.urlopen("` + whole.address("csv") + `") as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
print(len(rows))`},
		{"duckdb", "DuckDB", "", duckDBCode(whole)},
	}
}
