package dataset

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Operator is how a filter compares.
type Operator string

// The operators of filters.
const (
	In   Operator = ""     // the cell is one of the values
	From Operator = "From" // the cell is not before, or not below, the value
	To   Operator = "To"   // the cell is not after, or not above, the value
)

// Filter keeps the rows whose cell in Column compares with Values.
type Filter struct {
	Column   int
	Operator Operator
	// Values are sorted, without repetition; ranges have one.
	Values []string
}

// Order sorts by a column.
type Order struct {
	Column     int
	Descending bool
}

// MaxLimit is the largest page; without a limit a collection is served whole.
const MaxLimit = 10000

// MaxText is the maximum length of a text to search for in bytes, MaxDigits that of
// a number, and MaxValues the maximum number of values of a filter: what any
// database takes in one statement.
const (
	MaxText   = 1000
	MaxDigits = 40
	MaxValues = 500
)

// Query is a query on a dataset in normal form: equivalent queries are equal however
// they were written.
type Query struct {
	Dataset *Dataset
	// Filters are ordered by column and operator.
	Filters []Filter
	// Words are folded (domain.Fold) and sorted; a row must contain all of them.
	Words []string
	// AsOf keeps the rows whose source was published up to that day.
	AsOf string
	// Sort is empty for the order of the release.
	Sort []Order
	// Fields are the selected columns; nil means all.
	Fields []int
	// Limit is the page size; 0 means all.
	Limit int
	// After is the position after which the page starts, or nil.
	After *Position
	// Labels is the language of column titles that replace names, or empty.
	Labels string
	// Layout is Wide or empty.
	Layout string
}

// Position is the position of a row in its release, starting at 1. It never changes.
type Position struct{ Ordinal int64 }

// Columns returns the selected columns in order.
func (q Query) Columns() []Column {
	if q.Fields == nil {
		return q.Dataset.Columns
	}
	columns := make([]Column, len(q.Fields))
	for i, f := range q.Fields {
		columns[i] = q.Dataset.Columns[f]
	}
	return columns
}

// Whole reports whether the query selects every row and column in the order of the
// release, like a whole file.
func (q Query) Whole() bool {
	return !q.Filtered() && q.Sort == nil && q.Fields == nil && q.Limit == 0 && q.After == nil && q.Layout == ""
}

// Filtered reports whether the query has filters.
func (q Query) Filtered() bool {
	return len(q.Filters) > 0 || len(q.Words) > 0 || q.AsOf != ""
}

// Parameters returns the query as parameters in normal form, without the position.
func (q Query) Parameters() []Parameter {
	out := make([]Parameter, 0, len(q.Filters)+8)
	for _, f := range q.Filters {
		name := q.Dataset.Columns[f.Column].Name + string(f.Operator)
		out = append(out, Parameter{name, strings.Join(f.Values, ",")})
	}
	if len(q.Words) > 0 {
		out = append(out, Parameter{"q", strings.Join(q.Words, " ")})
	}
	if q.AsOf != "" {
		out = append(out, Parameter{"asOf", q.AsOf})
	}
	if len(q.Sort) > 0 {
		out = append(out, Parameter{"sort", q.sortText()})
	}
	if q.Fields != nil {
		out = append(out, Parameter{"fields", q.fieldsText()})
	}
	if q.Limit > 0 {
		out = append(out, Parameter{"limit", strconv.Itoa(q.Limit)})
	}
	if q.Labels != "" {
		out = append(out, Parameter{"labels", q.Labels})
	}
	if q.Layout != "" {
		out = append(out, Parameter{"layout", q.Layout})
	}
	return out
}

// Parameter is one name and value of a query string.
type Parameter struct{ Name, Value string }

// Key returns a cache key: equal queries have equal keys.
func (q Query) Key() string {
	var b strings.Builder
	for _, p := range q.Parameters() {
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(p.Value)) // a word may contain & and =
		b.WriteByte('&')
	}
	if q.After != nil {
		b.WriteString("after=")
		b.WriteString(strconv.FormatInt(q.After.Ordinal, 10))
	}
	return b.String()
}

func (q Query) sortText() string {
	var names []string
	for _, o := range q.Sort {
		name := q.Dataset.Columns[o.Column].Name
		if o.Descending {
			name = "-" + name
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}

func (q Query) fieldsText() string {
	var names []string
	for _, c := range q.Columns() {
		names = append(names, c.Name)
	}
	return strings.Join(names, ",")
}

// normal sorts the values of a filter and removes duplicates.
func normal(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}
