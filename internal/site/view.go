package site

import (
	"context"
	"html/template"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// view is the rendering of one page.
type view struct {
	Request
	site       *Site
	ctx        context.Context
	standalone bool
	// tables are the small datasets read so far, names their rows by id.
	tables map[string][]Row
	names  map[string]map[string]Row
}

// Row is a row of a dataset with its cells by name.
type Row struct {
	dataset *dataset.Dataset
	cells   []string
}

// Get returns a cell, empty if the row has no such column.
func (r Row) Get(column string) string {
	if r.dataset == nil {
		return ""
	}
	if i := r.dataset.Column(column); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// ID is the identifier of the row.
func (r Row) ID() string { return r.Get("id") }

// Is reports whether there is a row.
func (r Row) Is() bool { return r.dataset != nil }

// query reads the rows of a query.
func (v *view) query(q dataset.Query) ([]Row, error) {
	var rows []Row
	_, err := v.site.store.Rows(v.ctx, v.Release, q, func(cells [][]byte) error {
		row := Row{dataset: q.Dataset, cells: make([]string, len(cells))}
		for i, c := range cells {
			row.cells[i] = string(c)
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// where reads the rows with a value in a column.
func (v *view) where(d *dataset.Dataset, column, value string) ([]Row, error) {
	return v.query(dataset.Query{Dataset: d, Filters: []dataset.Filter{{Column: d.Column(column), Values: []string{value}}}})
}

// all reads a small dataset, once a page.
func (v *view) all(d *dataset.Dataset) ([]Row, error) {
	if rows, ok := v.tables[d.ID]; ok {
		return rows, nil
	}
	rows, err := v.query(dataset.Query{Dataset: d})
	if err != nil {
		return nil, err
	}
	if v.tables == nil {
		v.tables, v.names = map[string][]Row{}, map[string]map[string]Row{}
	}
	v.tables[d.ID] = rows
	v.names[d.ID] = make(map[string]Row, len(rows))
	for _, r := range rows {
		v.names[d.ID][r.ID()] = r
	}
	return rows, nil
}

// one returns the row with the identifier. It is ErrNotFound if there is none.
func (v *view) one(d *dataset.Dataset, id string) (Row, error) {
	rows, err := v.where(d, "id", id)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, strategy.ErrNotFound
	}
	return rows[0], nil
}

// look returns a row of a small dataset for a template; without one the page
// shows the identifier.
func (v *view) look(d *dataset.Dataset, id string) Row {
	if _, err := v.all(d); err != nil {
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

// placeholders let the templates be parsed before there is a view.
var placeholders = (&view{}).functions()

// functions are what the templates call.
func (v *view) functions() template.FuncMap {
	return template.FuncMap{
		"word": v.word, "path": func(p string) string { return prefix(v.Language) + p },
		"name": v.name, "label": v.label, "definition": v.definition, "inLanguage": v.inLanguage,
		"area":      func(id string) string { return v.named(dataset.Areas, id) },
		"source":    func(id string) string { return v.named(dataset.Sources, id) },
		"field":     func(id string) string { return v.named(dataset.FieldsOfAction, id) },
		"goal":      func(id string) string { return v.named(dataset.Goals, id) },
		"indicator": func(id string) string { return v.named(dataset.Indicators, id) },
		"reference": func(id string) string { return v.look(dataset.Sources, id).Get("reference") },
		"number":    func(s string) string { return formatNumber(s, v.Language) },
		"amount":    v.amount, "period": func(s string) string { return formatPeriod(s, v.Language) },
		"count": func(n int) string { return formatNumber(itoa(n), v.Language) },
		"bytes": func(n int64) string { return formatBytes(n, v.Language) },
		"text":  func(t dataset.Text) string { return t.In(v.Language) },
		"link":  func(id string) string { return v.linkTo(id) },
		"ids":   func(cell string) []string { return fields(cell) },
	}
}

// linkTo is the page or, where it has none, the API's address of a row.
func (v *view) linkTo(id string) string {
	if slices.ContainsFunc(v.tables["goals"], func(r Row) bool { return r.ID() == id }) {
		return prefix(v.Language) + "/goals/" + id
	}
	for _, d := range []*dataset.Dataset{dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones} {
		if hasPrefix(id, d.Columns[0].Example) {
			return "/v1/" + d.ID + "/" + id
		}
	}
	return "/v1/goals/" + id
}
