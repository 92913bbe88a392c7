// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/domain"
)

// Vocabulary knows the codes and identifiers of a release, so that filters that can
// never match are refused.
type Vocabulary interface {
	// Codes returns the codes of a codelist in the order of the release.
	Codes(codelist string) []string
	// IDs returns the identifiers of a dataset that others refer to, or nil if
	// they are not known.
	IDs(dataset string) []string
	// Knows reports whether the codelist or dataset has the code or identifier,
	// spelled exactly so.
	Knows(of, value string) bool
	// Within returns the area with the key and all areas within it.
	Within(area string) []string
}

// The parameters of every collection besides filters. The caller reads format, dialect
// and release.
var commonParameters = []string{"q", "asOf", "latest", "groupBy", "aggregate", "sort", "fields", "include", "limit", "after", "format", "dialect", "labels", "layout", "release"}

// columnLists are the parameters whose value is a list of columns or aggregates.
var columnLists = []string{"aggregate", "fields", "groupBy", "include", "sort"}

// parameterNames caches the names by *Dataset, because every request needs them.
var parameterNames sync.Map

// unlisted are the common parameters that neither choose nor order rows.
var unlisted = []string{"groupBy", "aggregate", "fields", "include", "limit", "after", "format", "dialect", "labels", "layout", "release"}

// ListParameters returns the names of the parameters that choose and order rows.
func (d *Dataset) ListParameters() []string {
	return slices.DeleteFunc(d.ParameterNames(), func(name string) bool { return slices.Contains(unlisted, name) })
}

// ParameterNames returns the names of all parameters of the collection.
func (d *Dataset) ParameterNames() []string { return slices.Clone(d.parameterNames()) }

func (d *Dataset) parameterNames() []string {
	if known, ok := parameterNames.Load(d); ok {
		return known.([]string)
	}
	names := make([]string, 0, 4*len(d.Columns)+len(commonParameters))
	for _, c := range d.Columns {
		for _, operator := range c.Operators() {
			if name := c.Name + string(operator); !slices.Contains(commonParameters, name) {
				names = append(names, name)
			}
		}
	}
	if d.areaColumn() >= 0 {
		names = append(names, string(Within))
	}
	for _, name := range commonParameters {
		if d.takes(name) {
			names = append(names, name)
		}
	}
	parameterNames.Store(d, names)
	return names
}

// takes reports whether a common parameter applies to the dataset.
func (d *Dataset) takes(name string) bool {
	switch name {
	case "asOf":
		return d.Vintage() >= 0
	case "layout":
		return len(d.Layouts()) > 0
	case "latest":
		return d.Figures != nil
	case "include":
		return len(d.Includable()) > 0
	}
	return true
}

// areaColumn returns the column that the parameter within filters, or -1: the column
// area, and in areas themselves the identifier.
func (d *Dataset) areaColumn() int {
	if d.ID == areaReference.Of {
		return 0
	}
	return slices.IndexFunc(d.Columns, func(c Column) bool {
		return c.Name == areaReference.Name && c.Type == Reference && c.Of == areaReference.Of
	})
}

var areaReference = area()

// Vintage returns the column with the date since when a row is known, or -1.
func (d *Dataset) Vintage() int { return d.Column("published") }

// ParseQuery parses the parameters of a collection except format, dialect and
// release; cursors are parsed by ParseCursor. The error is a *domain.Invalid.
func ParseQuery(d *Dataset, values url.Values, vocabulary Vocabulary) (Query, error) {
	q := Query{Dataset: d}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !slices.Contains(d.parameterNames(), name) {
			return Query{}, unknownParameter(d, name)
		}
		if err := q.parse(name, values[name], vocabulary); err != nil {
			return Query{}, err
		}
	}
	if err := cmp.Or(q.checkGroups(), q.checkLayout(values)); err != nil {
		return Query{}, err
	}
	slices.SortFunc(q.Filters, func(a, b Filter) int {
		if a.Column != b.Column {
			return a.Column - b.Column
		}
		return strings.Compare(string(a.Operator), string(b.Operator))
	})
	return q, nil
}

func (q *Query) parse(name string, values []string, vocabulary Vocabulary) (err error) {
	value := strings.Join(values, ",")
	if value == "" && slices.Contains(columnLists, name) {
		return &domain.Invalid{Name: name, Rule: "must not be empty; leave it out instead"}
	}
	switch name {
	case "q":
		q.Words, err = ParseWords(strings.Join(values, " "))
		return err
	case "asOf":
		return q.parseAsOf(value)
	case "sort":
		return q.parseSort(value)
	case "fields":
		return q.parseFields(value)
	case "limit":
		return q.parseLimit(value)
	case "labels":
		return q.parseLabels(value)
	case "latest":
		return q.parseLatest(value)
	case "groupBy":
		return q.parseGroupBy(value)
	case "aggregate":
		return q.parseAggregate(value)
	case "include":
		return q.parseInclude(value)
	case string(Within):
		return q.parseWithin(value, vocabulary)
	case "layout":
		return q.parseLayout(value)
	case "after", "format", "dialect", "release":
		return nil
	}
	return q.parseFilter(name, value, vocabulary)
}

// Anywhere before a word makes it match within words, too: *schule finds Hochschule.
const Anywhere = "*"

// ParseWords splits a text to search for at spaces and control characters, and folds the
// words. Punctuation around words does not matter, unless there is nothing else.
func ParseWords(text string) ([]string, error) {
	if len(text) > MaxText {
		return nil, &domain.Invalid{Name: "q", Rule: fmt.Sprintf("is longer than %d bytes", MaxText)}
	}
	if !utf8.ValidString(text) {
		return nil, &domain.Invalid{Name: "q", Value: text, Rule: "is not UTF-8"}
	}
	var words, signs []string
	for _, typed := range splitWords(text) {
		for _, w := range splitWords(domain.Fold(typed)) { // folding turns ´ into a space
			if strings.Contains(strings.TrimPrefix(w, Anywhere), Anywhere) || w == Anywhere {
				return nil, &domain.Invalid{Name: "q", Value: typed, Rule: "* is allowed only before a word, to find it anywhere within words; without it, a word is found only at the beginning of words"}
			}
			plain := domain.TrimPunctuation(w)
			switch {
			case plain == "":
				signs = append(signs, w)
			case strings.HasPrefix(w, Anywhere):
				words = append(words, Anywhere+plain)
			default:
				words = append(words, plain)
			}
		}
	}
	if words == nil {
		words = signs
	}
	if words = normal(words); len(words) > MaxWords {
		return nil, &domain.Invalid{Name: "q", Rule: fmt.Sprintf("has more than %d words", MaxWords)}
	}
	// The address of the next page has the folded words.
	if len(strings.Join(words, " ")) > MaxText {
		return nil, &domain.Invalid{Name: "q", Rule: fmt.Sprintf("is longer than %d bytes when characters such as ½ are written in full", MaxText)}
	}
	return words, nil
}

func splitWords(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
}

func unknownParameter(d *Dataset, name string) error {
	rule := "is not a parameter of " + d.ID
	if name == "layout" {
		rule += ", only of " + Observations.ID
	}
	return domain.UnknownName(name, rule, d.ParameterNames())
}

// parseAsOf parses a day or, for a dataset with a column of that name, None for its empty
// cells: the column's other values are not parameters, because the day takes the name.
func (q *Query) parseAsOf(value string) error {
	rule := "must be a valid date, YYYY-MM-DD"
	if i := q.Dataset.Column("asOf"); i >= 0 && !q.Dataset.Columns[i].Required {
		if value == None {
			q.Filters = append(q.Filters, Filter{Column: i, Values: []string{""}})
			return nil
		}
		rule += "; none keeps the rows with an empty asOf"
	}
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		return &domain.Invalid{Name: "asOf", Value: value, Rule: rule}
	}
	q.AsOf = value
	return nil
}

func (q *Query) parseLimit(value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > MaxLimit {
		return &domain.Invalid{
			Name: "limit", Value: value,
			Rule: fmt.Sprintf("a limit is a whole number from 1 to %d; leave it out to get all rows", MaxLimit),
		}
	}
	q.Limit = n
	return nil
}

func (q *Query) parseSort(value string) error {
	for name := range strings.SplitSeq(value, ",") {
		plain, descending := strings.CutPrefix(name, "-")
		i, err := q.column("sort", plain)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(q.Sort, func(o Order) bool { return o.Column == i }) {
			return &domain.Invalid{Name: "sort", Value: value, Rule: fmt.Sprintf("the column %s is named twice", plain)}
		}
		q.Sort = append(q.Sort, Order{i, descending})
	}
	return nil
}

func (q *Query) parseFields(value string) error {
	for name := range strings.SplitSeq(value, ",") {
		i, err := q.column("fields", name)
		if err != nil {
			return err
		}
		if !slices.Contains(q.Fields, i) {
			q.Fields = append(q.Fields, i)
		}
	}
	return nil
}

func (q *Query) column(parameter, name string) (int, error) {
	answer := q.Answer()
	if i := answer.Column(name); i >= 0 {
		return i, nil
	}
	rule := "is not a column of " + q.Dataset.ID
	if q.GroupBy != nil {
		rule = "is not a column of the groups"
	}
	return 0, domain.NotOneOf(parameter, name, rule, answer.Names())
}

// checkDigits limits the length of a number, which links repeat.
func checkDigits(name, value string) error {
	if len(value) <= maxDigits {
		return nil
	}
	return &domain.Invalid{Name: name, Value: value, Rule: fmt.Sprintf("a number must not be longer than %d characters", maxDigits)}
}

func oneOf(value string, allowed []string, otherwise func([]string) error) (string, error) {
	for _, a := range allowed {
		if strings.EqualFold(a, value) {
			return a, nil
		}
	}
	return "", otherwise(allowed)
}
