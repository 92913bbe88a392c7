package site

import (
	"context"

	"github.com/zielstand/zielstand/internal/dataset"
)

// usePage is the page on using the data in spreadsheets and programs.
type usePage struct {
	frame
	Workbook, ExcelCSV               string
	Spreadsheets, Programs, Requests []snippet
}

// snippet is an example.
type snippet struct{ ID, Title, Text, Code string }

// example is the dataset that the snippets load.
var example = dataset.Observations

func buildUse(_ context.Context, r *renderer) (page, error) {
	api := r.publicURL + "/v1"
	csv := api + "/" + example.ID + ".csv"
	p := &usePage{
		Workbook: r.file("/v1/" + example.ID + ".xlsx?labels=" + r.data()), ExcelCSV: r.file("/v1/" + example.ID + ".csv?dialect=excel-de"),
		Spreadsheets: r.spreadsheets(csv), Programs: r.programs(csv),
		Requests: []snippet{
			{"filter", r.word("use.filter"), r.word("use.filtertext"), `curl "` + api + `/observations.csv?kind=target&periodFrom=2022&sort=period"`},
			{"search", r.word("use.search"), r.word("use.searchtext"), `curl "` + api + `/goals?q=Buerger&fields=id,title,due"`},
			{"release", r.word("use.release"), r.word("use.releasetext"), `curl "` + api + `/releases/` + r.Release.ID + `/observations.csv"`},
		},
	}
	p.Description = r.word("use.lead")
	p.Downloads = []download{{r.text(example.Title), r.forms("/v1/"+example.ID, nil)}}
	p.alternates = []alternate{{"application/json", "OpenAPI", r.file("/v1/openapi.json")}}
	return p, nil
}

func (l language) spreadsheets(csv string) []snippet {
	sheets := `=IMPORTDATA("` + csv + `", ",", "en_US")`
	if l.word("number.point") == "," { // then arguments are separated by semicolons
		sheets = `=IMPORTDATA("` + csv + `"; ","; "en_US")`
	}
	return []snippet{
		{"power-query", "Excel: Power Query", l.word("use.powerquery"), `let
  Datei = Csv.Document(Web.Contents("` + csv + `"), [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
  Tabelle = Table.PromoteHeaders(Datei, [PromoteAllScalars = true]),
  Zahlen = Table.TransformColumnTypes(Tabelle, {{"value", type number}}, "en-US")
in
  Zahlen`},
		{"libreoffice", "LibreOffice Calc", l.word("use.libreoffice"), csv},
		{"google-sheets", "Google Sheets", l.word("use.sheets"), sheets},
	}
}

// programs read keys and periods as text: 05 is not 5, and 2021-06 not a number.
func (l language) programs(csv string) []snippet {
	return []snippet{
		{"r", "R", "", `d <- read.csv("` + csv + `", encoding = "UTF-8", na.strings = "",
              colClasses = c(area = "character", period = "character"))
print(nrow(d))`},
		{"pandas", "Python: pandas", "", `import pandas

d = pandas.read_csv("` + csv + `", dtype={"area": str, "period": str})
print(len(d))`},
		{"python", l.word("use.python"), "", `import csv
import io
import urllib.request

with urllib.request.urlopen("` + csv + `") as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
print(len(rows))`},
		{"duckdb", "DuckDB", "", `SELECT count(*) FROM read_csv('` + csv + `',
  types = {'area': 'VARCHAR', 'period': 'VARCHAR'});`},
	}
}
