package site

import (
	"github.com/zielstand/zielstand/internal/dataset"
)

// snippet is an example of using the data in a program.
type snippet struct{ ID, Title, Text, Code string }

// example is the dataset that the snippets load; any other does as well.
var example = dataset.Observations

func (v *view) use() (content, error) {
	return content{
		template: "use", title: v.word("use.title"), description: v.word("use.lead"),
		data: map[string]any{
			"Workbook": v.file("/v1/" + example.ID + ".xlsx?labels=" + v.Language),
			"Excel":    v.file("/v1/" + example.ID + ".csv?dialect=excel-de"),
			"Sheets":   v.spreadsheets(), "Programs": v.programs(), "Queries": v.queries(),
		},
		downloads: []download{{example.Title.In(v.Language), v.forms("/v1/"+example.ID, nil)}},
		machine:   []alternate{{"application/json", "OpenAPI", v.file("/v1/openapi.json")}},
	}, nil
}

// csv is the address that the snippets load, as others reach it.
func (v *view) csv() string { return v.site.settings.PublicURL + "/v1/" + example.ID + ".csv" }

func (v *view) spreadsheets() []snippet {
	sheets := `=IMPORTDATA("` + v.csv() + `"; ","; "en_US")`
	if v.Language == "en" {
		sheets = `=IMPORTDATA("` + v.csv() + `", ",", "en_US")`
	}
	return []snippet{
		{"power-query", "Excel: Power Query", v.word("use.powerquery"), `let
  Datei = Csv.Document(Web.Contents("` + v.csv() + `"), [Delimiter = ",", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),
  Tabelle = Table.PromoteHeaders(Datei, [PromoteAllScalars = true]),
  Zahlen = Table.TransformColumnTypes(Tabelle, {{"value", type number}}, "en-US")
in
  Zahlen`},
		{"libreoffice", "LibreOffice Calc", v.word("use.libreoffice"), v.csv()},
		{"google-sheets", "Google Sheets", v.word("use.sheets"), sheets},
	}
}

// The snippets read keys and periods as text: 05 is no 5, and 2021 no number.
func (v *view) programs() []snippet {
	return []snippet{
		{"r", "R", "", `d <- read.csv("` + v.csv() + `", encoding = "UTF-8", na.strings = "",
              colClasses = c(area = "character", period = "character"))
print(nrow(d))`},
		{"pandas", "Python: pandas", "", `import pandas

d = pandas.read_csv("` + v.csv() + `", dtype={"area": str, "period": str})
print(len(d))`},
		{"python", v.word("use.python"), "", `import csv
import io
import urllib.request

with urllib.request.urlopen("` + v.csv() + `") as answer:
    rows = list(csv.DictReader(io.TextIOWrapper(answer, "utf-8", newline="")))
print(len(rows))`},
		{"duckdb", "DuckDB", "", `SELECT count(*) FROM read_csv('` + v.csv() + `',
  types = {'area': 'VARCHAR', 'period': 'VARCHAR'});`},
	}
}

func (v *view) queries() []snippet {
	base := v.site.settings.PublicURL + "/v1"
	return []snippet{
		{"filter", v.word("use.filter"), v.word("use.filtertext"), `curl "` + base + `/observations.csv?kind=target&periodFrom=2022&sort=period"`},
		{"search", v.word("use.search"), v.word("use.searchtext"), `curl "` + base + `/goals?q=Buerger&fields=id,title,due"`},
		{"release", v.word("use.release"), v.word("use.releasetext"), `curl "` + base + `/releases/` + v.Release.ID + `/observations.csv"`},
	}
}
