// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

// Operator is how a filter compares. It follows the name of the column in the name of
// the parameter.
type Operator string

// The operators of filters.
const (
	In     Operator = ""       // the cell is one of the values
	Not    Operator = "!"      // the cell is none of the values; status!=achieved sets the parameter "status!"
	From   Operator = "From"   // the cell does not end before, or is not below, the value
	To     Operator = "To"     // the cell does not start after, or is not above, the value
	Before Operator = "Before" // the cell ends before the value starts
	After  Operator = "After"  // the cell starts after the value ends

	// Within accepts the areas in Values and all areas within them. It is the
	// operator of the parameter within, whatever the column is called.
	Within Operator = "within"
)

// suffixes are the operators that are part of a parameter's name.
var suffixes = []Operator{Not, From, To, Before, After}

// None is the value of a filter that stands for the empty cell. No identifier and no code
// is spelled like that.
const None = "none"

// Operators returns the operators with which a query can filter the column.
func (c Column) Operators() []Operator {
	switch {
	case !c.Filterable():
		return nil
	case c.Numeric():
		return []Operator{In, Not, From, To}
	case c.Ranged():
		return []Operator{In, Not, From, To, Before, After}
	}
	return []Operator{In, Not}
}

// Filter keeps the rows whose cell in Column compares with Values.
type Filter struct {
	Column   int
	Operator Operator
	// Values are sorted, without repetition; ranges have one. The empty one stands for
	// the empty cell.
	Values []string
	// Areas are the cells that Within accepts in the release that the query was parsed
	// for; they follow from Values.
	Areas []string
}

// parameter returns the name of the filter's parameter.
func (f Filter) parameter(d *Dataset) string {
	if f.Operator == Within {
		return string(Within)
	}
	return d.Columns[f.Column].Name + string(f.Operator)
}

// text returns the value of the filter's parameter.
func (f Filter) text() string {
	text := strings.Join(f.Values, ",")
	if f.Values[0] == "" {
		return None + text
	}
	return text
}

func (q *Query) parseFilter(name, value string, vocabulary Vocabulary) error {
	i, operator := q.Dataset.FilterColumn(name)
	f := Filter{Column: i, Operator: operator}
	c := q.Dataset.Columns[i]
	if operator != In && operator != Not {
		bound, err := c.parseBound(name, value, operator)
		if err != nil {
			return err
		}
		f.Values = []string{bound}
		q.Filters = append(q.Filters, f)
		return nil
	}
	var err error
	f.Values, err = c.parseValues(name, value, vocabulary)
	q.Filters = append(q.Filters, f)
	return err
}

// parseWithin parses the keys of areas. A key within another one is dropped, because it
// adds no area.
func (q *Query) parseWithin(value string, vocabulary Vocabulary) error {
	keys, err := areaReference.parseValues(string(Within), value, vocabulary)
	if err != nil {
		return err
	}
	f := Filter{Column: q.Dataset.areaColumn(), Operator: Within}
	for _, key := range keys {
		inside := vocabulary.Within(key)
		if slices.Contains(f.Areas, key) {
			continue
		}
		f.Values = slices.DeleteFunc(f.Values, func(other string) bool { return slices.Contains(inside, other) })
		f.Values = append(f.Values, key)
		f.Areas = append(f.Areas, inside...)
	}
	f.Values, f.Areas = normal(f.Values), normal(f.Areas)
	q.Filters = append(q.Filters, f)
	return nil
}

// parseValues parses the values of a filter, which commas separate. None becomes the
// empty cell.
func (c Column) parseValues(name, text string, vocabulary Vocabulary) ([]string, error) {
	if strings.Count(text, ",") >= MaxValues {
		return nil, &domain.Invalid{Name: name, Rule: fmt.Sprintf("has more than %d values", MaxValues)}
	}
	var values []string
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == None && !c.Required {
			values = append(values, "")
			continue
		}
		v, err := c.parseValue(name, part, vocabulary)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return normal(values), nil
}

// FilterColumn splits the name of a filter into column and operator; the column is -1
// if it is not the name of a filter. The name of a column takes precedence.
func (d *Dataset) FilterColumn(name string) (int, Operator) {
	if i := d.Column(name); i >= 0 {
		return i, In
	}
	for _, operator := range suffixes {
		if plain, ok := strings.CutSuffix(name, string(operator)); ok {
			if i := d.Column(plain); i >= 0 {
				return i, operator
			}
		}
	}
	return -1, In
}

// parseBound parses one end of a range. A period is its first day in From and Before,
// and its last day in To and After.
func (c Column) parseBound(name, value string, operator Operator) (string, error) {
	switch c.Type {
	case Decimal, Integer:
		if err := checkDigits(name, value); err != nil {
			return "", err
		}
		if err := domain.CheckDecimal(value); err != nil {
			return "", &domain.Invalid{Name: name, Value: value, Rule: err.Error()}
		}
		return value, nil
	default:
		p, err := domain.ParsePeriod(value)
		if err != nil {
			return "", &domain.Invalid{Name: name, Value: value, Rule: err.Error()}
		}
		if operator == From || operator == Before {
			return p.Start(), nil
		}
		return p.End(), nil
	}
}

// maxListed is the maximum number of identifiers in an error message.
const maxListed = 20

// parseValue parses one value of a filter and returns it in the spelling of the
// release: codes, identifiers and Boolean values are matched regardless of case.
func (c Column) parseValue(name, value string, vocabulary Vocabulary) (string, error) {
	invalid := func(rule string, allowed []string) error {
		return domain.NotOneOf(name, value, rule, allowed)
	}
	if value == "" {
		return "", invalid("a filter needs a value; several are separated by commas", nil)
	}
	if c.Of != "" && vocabulary.Knows(c.Of, value) {
		return value, nil
	}
	switch c.Entry() {
	case Code:
		return oneOf(value, vocabulary.Codes(c.Of), func(codes []string) error {
			return invalid("is not in the codelist "+c.Of, codes)
		})
	case Reference:
		known := vocabulary.IDs(c.Of)
		if known == nil {
			break // too many to be listed: the form is checked
		}
		return oneOf(value, known, func(ids []string) error {
			unknown := domain.NotOneOf(name, value, fmt.Sprintf("is not an id of %s; /v1/%s lists them", c.Of, c.Of), ids)
			if len(ids) > maxListed {
				unknown.Allowed = nil
			}
			return unknown
		})
	case List:
		if err := checkIdentifier(value); err != nil {
			return "", invalid(err.Error(), nil)
		}
	case Boolean:
		return oneOf(value, []string{"true", "false"}, func(v []string) error {
			return invalid("must be true or false", v)
		})
	}
	if c.Numeric() {
		if err := checkDigits(name, value); err != nil {
			return "", err
		}
	}
	if err := c.Check(value); err != nil {
		return "", invalid(err.Error(), nil)
	}
	return value, nil
}
