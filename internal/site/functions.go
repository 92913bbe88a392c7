package site

import (
	"html/template"

	"github.com/zielstand/zielstand/internal/dataset"
)

// placeholders let the templates be parsed before there is a view.
var placeholders = (&view{site: &Site{}}).functions()

// functions are what the templates call.
func (v *view) functions() template.FuncMap {
	title := func(d *dataset.Dataset) func(string) string {
		return func(id string) string { return v.named(d, id) }
	}
	return template.FuncMap{
		"word": v.word, "path": v.path, "file": v.file,
		"name": v.name, "label": v.label, "definition": v.definition, "inLanguage": v.inLanguage,
		"area": title(dataset.Areas), "source": title(dataset.Sources), "field": title(dataset.FieldsOfAction),
		"goal": title(dataset.Goals), "indicator": title(dataset.Indicators), "strategy": title(dataset.Strategies),
		"number": v.number, "amount": v.amount, "period": v.period, "breakdown": v.breakdown, "linked": v.linked, "quoted": v.quoted,
		"count": func(n int) string { return formatNumber(itoa(n), v.Language) },
		"bytes": func(n int64) string { return formatBytes(n, v.Language) },
		"text":  func(t dataset.Text) string { return t.In(v.Language) },
		"table": v.table, "feed": func() string { return v.file(v.feed()) }, "licenseName": v.licenseName,
		"over":    func(o overview, year string) overviewTable { return overviewTable{o, year} },
		"holding": func(label string, rows []held) datasetTable { return datasetTable{label, rows} },
	}
}

// path is the address of a page in the page's language.
func (v *view) path(path string) string { return v.file(Address(v.Language, path)) }

// file is an address without a language: of the interface, of an asset.
func (v *view) file(path string) string { return v.site.root + path }

func (v *view) number(s string) string { return formatNumber(s, v.Language) }

func (v *view) period(s string) string { return formatPeriod(s, v.Language) }

// look returns a row of a small dataset for a template.
func (v *view) look(d *dataset.Dataset, id string) Row {
	if _, err := v.all(d); err != nil {
		v.fail(err)
		return Row{}
	}
	return v.names[d.ID][id]
}

// name is the title of a row in the page's language.
func (v *view) name(r Row) string {
	if v.Language == "en" && r.Get("titleEn") != "" {
		return r.Get("titleEn")
	}
	return r.Get("title")
}

// named is the title of the row of a small dataset, or the identifier.
func (v *view) named(d *dataset.Dataset, id string) string {
	if r := v.look(d, id); r.Is() {
		return v.name(r)
	}
	return id
}

// label is what a code means.
func (v *view) label(codelist, code string) string {
	return v.named(dataset.Codelists, codelist+"."+code)
}

// definition is how a code is defined.
func (v *view) definition(codelist, code string) string {
	return v.inLanguage(v.look(dataset.Codelists, codelist+"."+code), "definition")
}

// inLanguage is a cell that has an English twin.
func (v *view) inLanguage(r Row, column string) string {
	if v.Language == "en" && r.Get(column+"En") != "" {
		return r.Get(column + "En")
	}
	return r.Get(column)
}

// table is rows of figures with the columns that they need.
type table struct {
	Label string
	Rows  []Row
	// Self is the row whose page this is.
	Self string
	// Areas says that the rows are of several areas.
	Areas bool
	// Broken says that rows are of a part of the whole.
	Broken bool
}

func (v *view) table(label string, rows []Row) table {
	t := table{Label: label, Rows: rows, Self: v.ID, Areas: len(distinct(rows, "area")) > 1}
	for _, r := range rows {
		t.Broken = t.Broken || v.breakdown(r) != ""
	}
	return t
}

// overviewTable is the goals of a strategy by field of action.
type overviewTable struct {
	Of   overview
	Year string
}

// datasetTable is datasets with their files.
type datasetTable struct {
	Label string
	Rows  []held
}

// distinct are the values of a column in the order of the rows, each once.
func distinct(rows []Row, column string) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range rows {
		if value := r.Get(column); !seen[value] {
			seen[value] = true
			out = append(out, value)
		}
	}
	return out
}
