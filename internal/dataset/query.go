// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

// Order sorts by a column.
type Order struct {
	Column     int
	Descending bool
}

// MaxLimit is the largest page; without a limit a collection is served whole.
const MaxLimit = 10000

// MaxText is the maximum length in bytes of a text to search for, and MaxWords its
// maximum number of words, with which the work of a search grows. maxDigits is the
// maximum length of a number, and MaxValues the maximum number of values of a filter:
// what any database takes in one statement.
const (
	MaxText   = 1000
	MaxWords  = 20
	maxDigits = 40
	MaxValues = 500
)

// Query is a query on a dataset in normal form: equivalent queries are equal however
// they were written.
type Query struct {
	Dataset *Dataset
	// Filters are ordered by column and operator.
	Filters []Filter
	// Words are folded (domain.Fold) and sorted; a row must contain all of them, at the
	// beginning of a word or, with a leading Anywhere, in any place.
	Words []string
	// AsOf keeps the rows whose source was published up to that day.
	AsOf string
	// Latest keeps the last values of each series (Figures), and those that may be later.
	Latest bool
	// GroupBy are the columns to group by; nil means no groups.
	GroupBy []int
	// Aggregates are what is computed for each group.
	Aggregates []Aggregate
	// Sort names columns of Answer. It is empty for the order of the release, which the
	// ranking by Words precedes: the better a row matches, the earlier it comes.
	Sort []Order
	// Fields are the selected columns; nil means all.
	Fields []int
	// Include are the references in Answer whose titles are added.
	Include []int
	// Limit is the page size; 0 means all.
	Limit int
	// After is the ordinal of the row after which the page starts, or 0. The ordinal of a
	// row is its place in its release, starting at 1. It never changes.
	After int64
	// Labels is the language of column titles that replace names, or empty.
	Labels string
	// Layout is Wide or empty.
	Layout string
}

// Columns returns the selected columns in order.
func (q Query) Columns() []Column {
	answer := q.Answer()
	columns := answer.Columns
	if q.Fields != nil {
		columns = make([]Column, len(q.Fields))
		for i, f := range q.Fields {
			columns[i] = answer.Columns[f]
		}
	}
	if q.Include == nil {
		return columns
	}
	return append(slices.Clone(columns), answer.Joined(q.Include)...)
}

// Whole reports whether the query selects every row and column in the order of the
// release, like a whole file.
func (q Query) Whole() bool {
	return !q.Filtered() && q.Sort == nil && q.Fields == nil && q.Include == nil && q.GroupBy == nil && q.Limit == 0 && q.After == 0 && q.Layout == ""
}

// Filtered reports whether the query has filters.
func (q Query) Filtered() bool {
	return len(q.Filters) > 0 || len(q.Words) > 0 || q.AsOf != "" || q.Latest
}

// Parameters returns the query as parameters in normal form, without the position.
func (q Query) Parameters() []Parameter {
	out := make([]Parameter, 0, len(q.Filters)+8)
	for _, f := range q.Filters {
		out = append(out, Parameter{f.parameter(q.Dataset), f.text()})
	}
	if len(q.Words) > 0 {
		out = append(out, Parameter{"q", strings.Join(q.Words, " ")})
	}
	if q.AsOf != "" {
		out = append(out, Parameter{"asOf", q.AsOf})
	}
	if q.Latest {
		out = append(out, Parameter{"latest", "true"})
	}
	if q.GroupBy != nil {
		out = append(out, Parameter{"groupBy", q.Dataset.columnNames(q.GroupBy)}, Parameter{"aggregate", strings.Join(names(q.Aggregates), ",")})
	}
	if len(q.Sort) > 0 {
		out = append(out, Parameter{"sort", q.sortText()})
	}
	if q.Fields != nil {
		out = append(out, Parameter{"fields", q.Dataset.columnNames(q.Fields)})
	}
	if q.Include != nil {
		out = append(out, Parameter{"include", q.Answer().columnNames(q.Include)})
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

// Key returns a cache key: equal queries have equal keys. The areas within an area can
// change while the rows do not, so the key also has the areas that were found.
func (q Query) Key() string {
	var b strings.Builder
	for _, p := range q.Parameters() {
		b.WriteString(p.Name)
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(p.Value)) // a word may contain & and =
		b.WriteByte('&')
	}
	for _, f := range q.Filters {
		if f.Operator == Within {
			sum := sha256.Sum256([]byte(strings.Join(f.Areas, ",")))
			b.WriteString("areas=" + hex.EncodeToString(sum[:8]) + "&")
		}
	}
	if q.After > 0 {
		b.WriteString("after=")
		b.WriteString(strconv.FormatInt(q.After, 10))
	}
	return b.String()
}

func (q Query) sortText() string {
	var names []string
	for _, o := range q.Sort {
		name := q.Answer().Columns[o.Column].Name
		if o.Descending {
			name = "-" + name
		}
		names = append(names, name)
	}
	return strings.Join(names, ",")
}

// columnNames lists columns of the dataset as a parameter does.
func (d *Dataset) columnNames(columns []int) string {
	var names []string
	for _, i := range columns {
		names = append(names, d.Columns[i].Name)
	}
	return strings.Join(names, ",")
}

// normal sorts the values of a filter and removes duplicates.
func normal(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}

// cursor is the encoded form of After. It is bound to a release and a query, and
// is not valid for others.
type cursor struct {
	Release  string `json:"r"`
	Question string `json:"q"`
	Ordinal  int64  `json:"o"`
}

// Cursor returns the opaque value of the parameter after for the ordinal of a row.
func (q Query) Cursor(release string, ordinal int64) string {
	b, err := json.Marshal(cursor{release, q.question(), ordinal})
	if err != nil {
		panic(err) // strings and integers always encode
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ParseCursor sets After from the value of the parameter after.
func (q *Query) ParseCursor(release, text string) error {
	invalid := func(rule string) error { return &domain.Invalid{Name: "after", Value: text, Rule: rule} }
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return invalid("is not a valid cursor; take it from links.next")
	}
	var c cursor
	if err := json.Unmarshal(b, &c); err != nil || c.Ordinal < 1 {
		return invalid("is not a valid cursor; take it from links.next")
	}
	if c.Question != q.question() {
		return invalid("belongs to another query; follow links.next without changing filters or order")
	}
	if c.Release != release {
		return invalid("belongs to release " + c.Release + "; follow links.next, which names it")
	}
	q.After = c.Ordinal
	return nil
}

// question identifies the filters, groups and order, without fields, titles, page and layout.
func (q Query) question() string {
	q.Fields, q.Include, q.Limit, q.After, q.Labels, q.Layout = nil, nil, 0, 0, "", ""
	sum := sha256.Sum256([]byte(q.Dataset.ID + "?" + q.Key()))
	return hex.EncodeToString(sum[:6])
}

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
		return domain.NotOneOf("layout", value, "is not a layout of "+q.Dataset.ID, layouts)
	}
	q.Layout = value
	return nil
}

// wideNeeds are columns that a wide table requires: without them it would mix
// different figures or hide how exact they are.
var wideNeeds = []string{"indicator", "area", "period", "kind", "value", "qualifier", "breakdown"}

// WideOmits are the columns that a wide table leaves out, because they belong to a single
// value; the others identify its series. The qualifier is one of the others, so that no
// value looks more exact than it is and cells stay numbers.
var WideOmits = []string{"id", "note", "noteEn", "locator", "published", "derivation", "reported"}

// checkLayout returns an error if a wide table is not possible: a page does not have
// all periods, and some columns are required to tell rows apart.
func (q *Query) checkLayout(values url.Values) error {
	if q.Layout != Wide {
		return nil
	}
	for _, name := range []string{"limit", "after"} {
		if values.Has(name) {
			return &domain.Invalid{Name: name, Value: values.Get(name), Rule: "cannot be combined with layout=wide, which is never paged"}
		}
	}
	return q.checkWideFields()
}

// checkWideFields returns an error that names the missing columns and the smallest
// selection that is allowed, or the columns that would be left out.
func (q *Query) checkWideFields() error {
	columns := q.Columns()
	missing := slices.DeleteFunc(slices.Clone(wideNeeds), func(name string) bool {
		return slices.ContainsFunc(columns, func(c Column) bool { return c.Name == name })
	})
	if len(missing) == 0 {
		return q.checkWideOmits()
	}
	rule := "lacks the column " + missing[0]
	if len(missing) > 1 {
		rule = "lacks the columns " + strings.Join(missing, ", ")
	}
	return &domain.Invalid{
		Name: "fields", Value: q.Dataset.columnNames(q.Fields), Rule: rule + ", which layout=wide requires",
		Allowed: []string{strings.Join(wideNeeds, ",")},
	}
}

// checkWideOmits returns an error for selected columns that a wide table leaves out.
func (q *Query) checkWideOmits() error {
	var omitted []string
	for _, i := range q.Fields {
		if name := q.Dataset.Columns[i].Name; slices.Contains(WideOmits, name) {
			omitted = append(omitted, name)
		}
	}
	if omitted == nil {
		return nil
	}
	return &domain.Invalid{
		Name: "fields", Value: q.Dataset.columnNames(q.Fields),
		Rule:    "has " + strings.Join(omitted, ", ") + ", which layout=wide cannot show, because a row has several values",
		Allowed: slices.DeleteFunc(q.Dataset.Names(), func(name string) bool { return slices.Contains(WideOmits, name) }),
	}
}
