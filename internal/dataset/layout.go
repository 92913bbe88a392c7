package dataset

import (
	"net/url"
	"slices"

	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/suggest"
)

// Wide is the layout in which periods become columns.
const Wide = "wide"

// languages are those that titles are in.
var languages = []string{"de", "en"}

// Layouts returns the layouts that a table of the dataset can have beside the
// usual one.
func (d *Dataset) Layouts() []string {
	if d == Observations {
		return []string{Wide}
	}
	return nil
}

func (q *Query) parseLabels(value string) error {
	var err error
	q.Labels, err = oneOf(value, languages, func([]string) error {
		return &strategy.Invalid{Name: "labels", Value: value, Rule: "is no language of the columns' titles", Allowed: languages}
	})
	return err
}

func (q *Query) parseLayout(value string) error {
	if layouts := q.Dataset.Layouts(); !slices.Contains(layouts, value) {
		return &strategy.Invalid{
			Name: "layout", Value: value, Rule: "is no layout of " + q.Dataset.ID,
			Allowed: layouts, Nearest: suggest.Nearest(value, layouts),
		}
	}
	q.Layout = value
	return nil
}

// checkLayout refuses what a wide table cannot be: a page of rows has not all
// periods, and without period and value there is nothing to lay out.
func (q *Query) checkLayout(values url.Values) error {
	if q.Layout != Wide {
		return nil
	}
	for _, name := range []string{"limit", "after"} {
		if values.Has(name) {
			return &strategy.Invalid{Name: name, Value: values.Get(name), Rule: "does not go with layout=wide, which is served whole"}
		}
	}
	columns := q.Columns()
	for _, name := range []string{"period", "value"} {
		if !slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name }) {
			return &strategy.Invalid{Name: "fields", Value: q.fieldsText(), Rule: "lacks the column " + name + ", which layout=wide needs"}
		}
	}
	return nil
}
