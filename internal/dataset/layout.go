package dataset

import (
	"net/url"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
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
		return &domain.Invalid{Name: "labels", Value: value, Rule: "is no language of the columns' titles", Allowed: languages}
	})
	return err
}

func (q *Query) parseLayout(value string) error {
	if layouts := q.Dataset.Layouts(); !slices.Contains(layouts, value) {
		return &domain.Invalid{
			Name: "layout", Value: value, Rule: "is no layout of " + q.Dataset.ID,
			Allowed: layouts, Nearest: domain.Nearest(value, layouts),
		}
	}
	q.Layout = value
	return nil
}

// wideNeeds are the columns without which a wide table mixes what does not
// belong together, or makes a figure look more exact than it is.
var wideNeeds = []string{"indicator", "area", "period", "kind", "value", "qualifier"}

// checkLayout refuses what a wide table cannot be: a page of rows has not all
// periods, and without some columns there is nothing to lay out, or rows run
// into each other.
func (q *Query) checkLayout(values url.Values) error {
	if q.Layout != Wide {
		return nil
	}
	for _, name := range []string{"limit", "after"} {
		if values.Has(name) {
			return &domain.Invalid{Name: name, Value: values.Get(name), Rule: "does not go with layout=wide, which is served whole"}
		}
	}
	return q.checkWideFields()
}

// checkWideFields names all columns that are missing, and the smallest choice
// that is allowed.
func (q *Query) checkWideFields() error {
	columns := q.Columns()
	missing := slices.DeleteFunc(slices.Clone(wideNeeds), func(name string) bool {
		return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
	})
	if len(missing) == 0 {
		return nil
	}
	rule := "lacks the column " + missing[0]
	if len(missing) > 1 {
		rule = "lacks the columns " + strings.Join(missing, ", ")
	}
	return &domain.Invalid{
		Name: "fields", Value: q.fieldsText(), Rule: rule + ", which layout=wide needs beside any others",
		Allowed: []string{strings.Join(wideNeeds, ",")},
	}
}
