package dataset

import (
	"net/url"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

// Wide is the layout with a column for each period.
const Wide = "wide"

// languages are the languages of titles.
var languages = []string{"de", "en"}

// Layouts returns the layouts of the dataset besides the default.
func (d *Dataset) Layouts() []string {
	if d == Observations {
		return []string{Wide}
	}
	return nil
}

func (q *Query) parseLabels(value string) error {
	var err error
	q.Labels, err = oneOf(value, languages, func([]string) error {
		return &domain.Invalid{Name: "labels", Value: value, Rule: "is not a language of the column titles", Allowed: languages}
	})
	return err
}

func (q *Query) parseLayout(value string) error {
	if layouts := q.Dataset.Layouts(); !slices.Contains(layouts, value) {
		return &domain.Invalid{
			Name: "layout", Value: value, Rule: "is not a layout of " + q.Dataset.ID,
			Allowed: layouts, Nearest: domain.Nearest(value, layouts),
		}
	}
	q.Layout = value
	return nil
}

// wideNeeds are columns that a wide table requires: without them it would mix
// different figures or hide how exact they are.
var wideNeeds = []string{"indicator", "area", "period", "kind", "value", "qualifier"}

// checkLayout returns an error if a wide table is not possible: a page does not have
// all periods, and some columns are required to tell rows apart.
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

// checkWideFields returns an error that names the missing columns and the smallest
// selection that is allowed.
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
