package site

import (
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/suggest"
)

// held is a dataset with its part of the release.
type held struct {
	Dataset *dataset.Dataset
	Part    strategy.ReleaseDataset
}

func (v *view) datasets() (content, error) {
	var rows []held
	for _, d := range dataset.All {
		if part, ok := v.Release.Dataset(d.ID); ok {
			rows = append(rows, held{d, part})
		}
	}
	return content{
		template: "datasets", title: v.word("datasets.title"), description: v.word("datasets.lead"),
		data:    map[string]any{"Rows": rows},
		machine: []alternate{{"application/json", "JSON", "/v1/datasets"}, {"text/turtle", "DCAT-AP.de", "/v1/catalog"}},
	}, nil
}

// firstRows is how many rows a dataset's page shows.
const firstRows = 5

func (v *view) dataset() (content, error) {
	d := dataset.ByID(v.ID)
	if d == nil {
		return content{}, strategy.ErrNotFound
	}
	entry, err := v.site.settings.Entry(v.ctx, v.Release, d)
	if err != nil {
		return content{}, err
	}
	rows, err := v.query(dataset.Query{Dataset: d, Limit: firstRows})
	if err != nil {
		return content{}, err
	}
	c := content{
		template: "dataset", title: d.Title.In(v.Language), description: d.Description.In(v.Language),
		data:    map[string]any{"Dataset": d, "Entry": entry, "Rows": cellsOf(rows), "Catalogued": slices.Contains(catalog.Catalogued(), d)},
		machine: wholeOf(d),
	}
	if !d.Secondary {
		c.dataset = d
		c.machine = append(c.machine, alternate{"text/turtle", "DCAT-AP.de", "/v1/datasets/" + d.ID + ".ttl"})
	}
	return c, nil
}

func cellsOf(rows []Row) [][]string {
	var out [][]string
	for _, r := range rows {
		out = append(out, r.cells)
	}
	return out
}

func (v *view) releases() (content, error) {
	return content{
		template: "releases", title: v.word("releases.title"), description: v.word("releases.lead"),
		data:    map[string]any{"Rows": v.Releases},
		machine: []alternate{{"application/json", "JSON", "/v1/releases"}, {"application/atom+xml", "Atom", v.feed()}},
	}, nil
}

func (v *view) release() (content, error) {
	i := slices.IndexFunc(v.Releases, func(r *strategy.Release) bool { return r.ID == v.ID })
	if i < 0 {
		return content{}, strategy.ErrNotFound
	}
	shown := v.Releases[i]
	var parts []held
	for _, p := range shown.Datasets {
		if d := dataset.ByID(p.ID); d != nil {
			parts = append(parts, held{d, p})
		}
	}
	changes, err := v.where(dataset.Changes, "inRelease", v.ID)
	return content{
		template: "release", title: v.word("release") + " " + shown.ID, description: shown.Title,
		data:    map[string]any{"Shown": shown, "Parts": parts, "Changes": changes, "First": i == len(v.Releases)-1},
		machine: []alternate{{"application/json", "JSON", "/v1/releases/" + shown.ID}},
	}, err
}

// found is what a search found in one dataset.
type found struct {
	Dataset *dataset.Dataset
	Rows    []Row
	More    bool
}

// mostFound is how many rows of a dataset a search shows.
const mostFound = 25

func (v *view) search() (content, error) {
	c := content{template: "search", title: v.word("search.title"), description: v.word("search.lead")}
	words := fields(suggest.Fold(v.Query))
	if len(words) == 0 {
		c.data = map[string]any{"Groups": nil}
		return c, nil
	}
	var groups []found
	total := 0
	for _, d := range []*dataset.Dataset{dataset.Goals, dataset.Indicators, dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones, dataset.Contradictions, dataset.Sources} {
		rows, err := v.query(dataset.Query{Dataset: d, Words: words, Limit: mostFound + 1})
		if err != nil {
			return c, err
		}
		if rows == nil {
			continue
		}
		more := len(rows) > mostFound
		rows = rows[:min(len(rows), mostFound)]
		total += len(rows)
		groups = append(groups, found{d, rows, more})
	}
	c.data = map[string]any{"Groups": groups, "Total": total}
	return c, nil
}

// snippet is an example of using the data in a program.
type snippet struct{ ID, Title, Text, Code string }

func (v *view) use() (content, error) {
	base := v.site.settings.PublicURL + "/v1/observations"
	excel := base + ".csv?dialect=excel-de"
	return content{
		template: "use", title: v.word("use.title"), description: v.word("use.lead"),
		data: map[string]any{"Snippets": []snippet{
			{"excel", "Excel", v.word("use.excel"), excel},
			{"power-query", "Excel: Power Query", v.word("use.powerquery"), `= Csv.Document(Web.Contents("` + base + `.csv"), [Delimiter=",", Encoding=65001, QuoteStyle=QuoteStyle.Csv])`},
			{"libreoffice", "LibreOffice", v.word("use.libreoffice"), base + ".csv"},
			{"google-sheets", "Google Sheets", v.word("use.sheets"), `=IMPORTDATA("` + base + `.csv")`},
			{"r", "R", "", `d <- read.csv("` + base + `.csv", colClasses = c(area = "character", period = "character"), encoding = "UTF-8")`},
			{"pandas", "Python (pandas)", "", "import pandas\nd = pandas.read_csv(\"" + base + ".csv\", dtype={\"area\": str, \"period\": str})"},
			{"duckdb", "DuckDB", "", "SELECT * FROM read_csv('" + base + ".csv', types = {'area': 'VARCHAR', 'period': 'VARCHAR'});"},
			{"curl", "curl", "", `curl "` + base + `?indicator=e-file-users&sort=period"`},
		}},
	}, nil
}

// legalPage is a page whose text the operator sets.
func legalPage(name string) func(*view) (content, error) {
	return func(v *view) (content, error) {
		text := strings.TrimSpace(v.site.settings.Legal[name])
		return content{
			template: "legal", title: v.word("legal." + name), description: v.word("legal." + name),
			data: map[string]any{"Paragraphs": paragraphs(text), "Name": name, "Contact": v.site.settings.Contact, "Publisher": v.site.settings.Publisher},
		}, nil
	}
}

func paragraphs(text string) []string {
	var out []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}
