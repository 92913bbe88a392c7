// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

// Figures describes which rows of a dataset of figures belong together. The fields are
// names of columns.
type Figures struct {
	Value, Period string
	// Series are the columns that the rows of one series share. Values of different
	// series cannot be compared, except those that differ only in the area.
	Series []string
	// Shared reports that values of different areas may count the same things, so that
	// they cannot be added.
	Shared bool `json:"-"`
}

// Ratios are the units, codes of the codelist unit, whose values cannot be added.
var Ratios = []string{"factor", "mbit-s", "percent", "rank", "third"}

// Aggregate is what is computed from the rows of a group.
type Aggregate string

// The aggregates. All but Count are computed from the column Figures.Value.
const (
	Count  Aggregate = "count"
	Min    Aggregate = "min"
	Max    Aggregate = "max"
	Sum    Aggregate = "sum"
	Latest Aggregate = "latest"
)

// MaxGroups is the maximum number of groups of an answer, and of series of latest=true.
const MaxGroups = 100_000

// Aggregates returns the aggregates that the dataset has.
func (d *Dataset) Aggregates() []Aggregate {
	if d.Figures == nil {
		return []Aggregate{Count}
	}
	return []Aggregate{Count, Min, Max, Sum, Latest}
}

// Groupable returns the names of the columns that rows can be grouped by.
func (d *Dataset) Groupable() []string {
	var names []string
	for _, c := range d.Columns {
		if c.Filterable() && c.Type != Identifier {
			names = append(names, c.Name)
		}
	}
	return names
}

func (q *Query) parseLatest(value string) error {
	if value != "true" {
		return &domain.Invalid{Name: "latest", Value: value, Rule: "must be true; leave it out to get all values", Allowed: []string{"true"}}
	}
	q.Latest = true
	return nil
}

func (q *Query) parseGroupBy(value string) error {
	for name := range strings.SplitSeq(value, ",") {
		if !slices.Contains(q.Dataset.Groupable(), name) {
			return domain.NotOneOf("groupBy", name, "is not a column of "+q.Dataset.ID+" that rows can be grouped by", q.Dataset.Groupable())
		}
		if i := q.Dataset.Column(name); !slices.Contains(q.GroupBy, i) {
			q.GroupBy = append(q.GroupBy, i)
		}
	}
	if q.Aggregates == nil { // aggregate comes first in the order of the names
		q.Aggregates = []Aggregate{Count}
	}
	return nil
}

// parseAggregate parses the list of aggregates; their order is that of Aggregates.
func (q *Query) parseAggregate(value string) error {
	allowed := q.Dataset.Aggregates()
	var asked []Aggregate
	for name := range strings.SplitSeq(value, ",") {
		if !slices.Contains(allowed, Aggregate(name)) {
			return domain.NotOneOf("aggregate", name, "is not an aggregate of "+q.Dataset.ID, names(allowed))
		}
		asked = append(asked, Aggregate(name))
	}
	q.Aggregates = slices.DeleteFunc(allowed, func(a Aggregate) bool { return !slices.Contains(asked, a) })
	return nil
}

// checkGroups returns an error for parameters that contradict groupBy or require it.
func (q *Query) checkGroups() error {
	switch {
	case q.GroupBy == nil && q.Aggregates != nil:
		return &domain.Invalid{Name: "aggregate", Value: strings.Join(names(q.Aggregates), ","), Rule: "requires groupBy, which names the columns to group by"}
	case q.GroupBy == nil:
		return nil
	case q.Fields != nil:
		return &domain.Invalid{Name: "fields", Value: q.Dataset.columnNames(q.Fields), Rule: "cannot be combined with groupBy, whose columns are those of the groups and the aggregates"}
	case q.Layout != "":
		return &domain.Invalid{Name: "layout", Value: q.Layout, Rule: "cannot be combined with groupBy"}
	}
	return nil
}

func names(aggregates []Aggregate) []string {
	out := make([]string, len(aggregates))
	for i, a := range aggregates {
		out[i] = string(a)
	}
	return out
}

// Answer describes the rows of the answer: those of the dataset or, with GroupBy, its
// groups with their aggregates.
func (q Query) Answer() *Dataset {
	if q.GroupBy == nil {
		return q.Dataset
	}
	d := *q.Dataset
	d.Columns = nil
	for _, i := range q.GroupBy {
		d.Columns = append(d.Columns, q.Dataset.Columns[i])
	}
	for _, a := range q.Aggregates {
		d.Columns = append(d.Columns, q.Dataset.aggregateColumns(a)...)
	}
	if slices.ContainsFunc(q.Aggregates, func(a Aggregate) bool { return a != Count }) {
		for _, c := range q.Dataset.Columns {
			if c.Name == "unit" && d.Column(c.Name) < 0 {
				d.Columns = append(d.Columns, c)
			}
		}
		d.Columns = append(d.Columns, Column{
			Name: "qualifiers", Type: List, Of: "qualifier",
			Title:       Text{"Genauigkeiten", "Qualifiers"},
			Description: Text{"Die Genauigkeiten der Werte, aus denen die Zeile berechnet ist.", "The qualifiers of the values from which the row is computed."},
		})
	}
	return &d
}

// aggregateColumns describes the columns of an aggregate. A value never comes without
// its period and its source.
func (d *Dataset) aggregateColumns(a Aggregate) []Column {
	number := func(t Text, of Text) Column { return Column{Name: string(a), Type: Decimal, Title: t, Description: of} }
	switch a {
	case Count:
		return []Column{{
			Name: string(Count), Type: Integer, Required: true,
			Title: Text{"Zeilen", "Rows"}, Description: Text{"Zahl der Zeilen.", "Number of rows."},
		}}
	case Min:
		return []Column{number(Text{"Kleinster Wert", "Minimum"}, Text{"Der kleinste Wert.", "The smallest value."})}
	case Max:
		return []Column{number(Text{"Größter Wert", "Maximum"}, Text{"Der größte Wert.", "The largest value."})}
	case Sum:
		return []Column{number(Text{"Summe", "Sum"}, Text{"Die Summe der Werte.", "The sum of the values."})}
	}
	return []Column{
		number(Text{"Letzter Wert", "Latest value"}, Text{"Der Wert für den letzten Zeitraum, aus der neuesten Quelle.", "The value for the latest period, from the most recent source."}),
		{Name: "latestPeriod", Type: Period, Title: Text{"Zeitraum des letzten Werts", "Period of the latest value"}, Description: Text{"Zeitraum des letzten Werts.", "Period of the latest value."}},
		{Name: "latestSource", Type: Reference, Of: "sources", Title: Text{"Quelle des letzten Werts", "Source of the latest value"}, Description: Text{"Kennung der Quelle des letzten Werts.", "Identifier of the source of the latest value."}},
		{Name: "latestId", Type: Reference, Of: d.ID, Title: Text{"Zeile des letzten Werts", "Row of the latest value"}, Description: Text{"Kennung der Zeile des letzten Werts.", "Identifier of the row of the latest value."}},
	}
}

// Group names one group in a message: its columns and their cells.
func (q Query) Group(cells [][]byte) string {
	var parts []string
	for n, i := range q.GroupBy {
		text := string(cells[n])
		if text == "" {
			text = None
		}
		parts = append(parts, q.Dataset.Columns[i].Name+"="+text)
	}
	return strings.Join(parts, ", ")
}

// TooManyGroups returns the error for a query with more than MaxGroups groups or series.
func (q Query) TooManyGroups() error {
	if q.GroupBy != nil {
		return &domain.Invalid{Name: "groupBy", Value: q.Dataset.columnNames(q.GroupBy), Rule: fmt.Sprintf("gives more than %d groups; add filters or group by fewer columns", MaxGroups)}
	}
	return &domain.Invalid{Name: "latest", Value: "true", Rule: fmt.Sprintf("finds more than %d series; add filters", MaxGroups)}
}
