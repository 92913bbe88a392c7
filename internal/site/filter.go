package site

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// list describes a list that readers filter and sort with a form, which is a GET
// request and needs no script.
type list struct {
	filters []filter
	// text is what q searches; nil means all cells.
	text func(Row) string
	// sorts are the orders besides that of the release.
	sorts []order
}

// filter is a field of the form: it keeps the rows that have one of its values.
type filter struct {
	// name is the parameter; the word filter.name labels the field.
	name string
	// values are what the row is found by, title what a value is called.
	values func(Row) []string
	title  func(string) string
	// sorted orders the values: nil means as they come in the rows.
	sorted func(a, b option) int
}

// order is a way to sort; the word sort.name describes it.
type order struct {
	name    string
	compare func(a, b Row) int
}

// option is a value to choose, with the number of rows that have it.
type option struct {
	Value, Label string
	Count        int
	Selected     bool
}

// formField is a filter in the form.
type formField struct {
	Name    string
	Options []option
}

// listForm is the form above a list.
type listForm struct {
	// Address is the list without filters.
	Address string
	Fields  []formField
	Sorts   []option
	Text    string
	// Shown of Total rows are in the list. Filtered reports whether that depends on the
	// form, Sorted whether the order does.
	Shown, Total     int
	Filtered, Sorted bool
	of               *dataset.Dataset
}

// Values of filters for rows without one, and for all rows that have one.
const (
	noValue  = "none"
	anyValue = "any"
)

// apply returns the rows that the request asks for, and the form to change that. The
// error is a domain.Invalid that names the values to choose from.
func (r *renderer) apply(l list, rows []Row) (listForm, []Row, error) {
	form := listForm{Address: r.page(r.path()), Text: r.Params.Get("q"), Total: len(rows)}
	found := rows
	for _, f := range l.filters {
		field := formField{Name: f.name, Options: f.options(rows)}
		chosen := choices(r.Params, f.name)
		if err := field.choose(chosen); err != nil {
			return form, nil, err
		}
		if chosen != nil {
			form.Filtered = true
			found = slices.DeleteFunc(slices.Clone(found), func(row Row) bool {
				return !slices.ContainsFunc(f.values(row), func(v string) bool { return slices.Contains(chosen, v) })
			})
		}
		form.Fields = append(form.Fields, field)
	}
	if words := strings.Fields(domain.Fold(form.Text)); len(words) > 0 {
		form.Filtered = true
		text := l.text
		if text == nil {
			text = func(row Row) string { return strings.Join(row.cells, " ") }
		}
		found = slices.DeleteFunc(slices.Clone(found), func(row Row) bool { return !containsAll(domain.Fold(text(row)), words) })
	}
	var err error
	found, err = r.sortRows(l, &form, found)
	form.Shown = len(found)
	if len(rows) > 0 {
		form.of = rows[0].dataset
	}
	r.list = &form
	return form, found, err
}

// finishList completes a page with a list: a filtered one says so in its title, for links
// to it, and every list can be cited.
func (r *renderer) finishList(f *frame) {
	if r.list == nil {
		return
	}
	if r.list.Filtered {
		f.Selection = r.selection()
	}
	if f.Citation == nil && r.list.of != nil {
		var rows []string
		if !r.list.Filtered {
			rows = append(rows, r.pinnedPath(r.list.of.ID+".csv", "", ""))
		}
		f.Citation = r.cite(r.Release.ID, f.fullTitle(), rows...)
	}
}

// selection describes what a list is filtered by, and how much of it that leaves.
func (r *renderer) selection() string {
	var parts []string
	if text := r.list.Text; text != "" {
		parts = append(parts, r.quoted(text))
	}
	for _, f := range r.list.Fields {
		for _, o := range f.Options {
			if o.Selected {
				parts = append(parts, r.word("filter."+f.Name)+": "+o.Label)
			}
		}
	}
	parts = append(parts, fmt.Sprintf(r.word("filter.shown"), r.language.count(r.list.Shown), r.language.count(r.list.Total)))
	return strings.Join(parts, "; ")
}

func (r *renderer) sortRows(l list, form *listForm, rows []Row) ([]Row, error) {
	chosen := r.Params.Get("sort")
	form.Sorted = chosen != ""
	var names []string
	for _, o := range l.sorts {
		names = append(names, o.name)
		form.Sorts = append(form.Sorts, option{Value: o.name, Label: r.word("sort." + o.name), Selected: o.name == chosen})
		if o.name == chosen {
			rows = slices.SortedStableFunc(slices.Values(rows), o.compare)
		}
	}
	if form.Sorted && !slices.Contains(names, chosen) {
		return nil, domain.NotOneOf("sort", chosen, "is not a valid order", names)
	}
	return rows, nil
}

// choices returns the values of a parameter that is a list, nil if there are none.
func choices(params url.Values, name string) []string {
	var out []string
	for _, list := range params[name] {
		for value := range strings.SplitSeq(list, ",") {
			if value != "" && !slices.Contains(out, value) {
				out = append(out, value)
			}
		}
	}
	return out
}

// options returns the values that the rows have.
func (f filter) options(rows []Row) []option {
	var out []option
	place := map[string]int{}
	for _, row := range rows {
		for _, v := range f.values(row) {
			i, ok := place[v]
			if !ok {
				i = len(out)
				place[v] = i
				out = append(out, option{Value: v, Label: f.title(v)})
			}
			out[i].Count++
		}
	}
	if f.sorted != nil {
		slices.SortStableFunc(out, f.sorted)
	}
	return out
}

// choose marks the chosen values. Several of them become an option of their own, since
// a select element shows one.
func (f *formField) choose(values []string) error {
	var labels, allowed []string
	count := 0
	for _, v := range values {
		i := slices.IndexFunc(f.Options, func(o option) bool { return o.Value == v })
		if i < 0 {
			for _, o := range f.Options {
				allowed = append(allowed, o.Value)
			}
			return domain.NotOneOf(f.Name, v, "is not a value of this list", allowed)
		}
		f.Options[i].Selected = len(values) == 1
		labels, count = append(labels, f.Options[i].Label), count+f.Options[i].Count
	}
	if len(values) > 1 {
		f.Options = slices.Insert(f.Options, 0, option{strings.Join(values, ","), strings.Join(labels, ", "), count, true})
	}
	return nil
}

// The functions below return filters by what most rows have.

// byRow filters by a reference to another dataset.
func (r *renderer) byRow(name, column string, of *dataset.Dataset) filter {
	return filter{name: name, values: cellOf(column), title: func(id string) string { return r.nameOf(of, id) }}
}

// byCode filters by a code or a list of codes, sorted as the codelist is.
func (r *renderer) byCode(name, column, codelist string) filter {
	order := distinct(matching(r.all(dataset.Codelists), "codelist", codelist), "code")
	return filter{
		name: name, values: func(row Row) []string { return strings.Fields(row.Get(column)) },
		title: func(code string) string { return r.label(codelist, code) },
		sorted: func(a, b option) int {
			return cmp.Compare(slices.Index(order, a.Value), slices.Index(order, b.Value))
		},
	}
}

// byYear filters by the year in which a period ends.
func (r *renderer) byYear(name, column string) filter {
	return filter{
		name: name,
		values: func(row Row) []string {
			if year := endYear(row.Get(column)); year != "" {
				return []string{anyValue, year}
			}
			return []string{noValue}
		},
		title: func(v string) string {
			if v == noValue || v == anyValue {
				return r.word("filter." + name + "." + v)
			}
			return v
		},
		sorted: func(a, b option) int { return strings.Compare(yearOrder(a.Value), yearOrder(b.Value)) },
	}
}

// yearOrder puts all years first, and none last.
func yearOrder(value string) string {
	switch value {
	case anyValue:
		return ""
	case noValue:
		return "z"
	}
	return value
}

// endYear returns the year in which a period ends, empty if it is not one.
func endYear(period string) string {
	p, err := domain.ParsePeriod(period)
	if err != nil {
		return ""
	}
	return p.End()[:4]
}

// cellOf returns the cell of a column, if it is not empty.
func cellOf(column string) func(Row) []string {
	return func(row Row) []string {
		if v := row.Get(column); v != "" {
			return []string{v}
		}
		return nil
	}
}

func byLabel(a, b option) int { return strings.Compare(domain.Fold(a.Label), domain.Fold(b.Label)) }

// byPeriod sorts by the end of a period; rows without one come last.
func byPeriod(column string, newestFirst bool) func(a, b Row) int {
	end := func(row Row) string {
		p, err := domain.ParsePeriod(row.Get(column))
		if err != nil {
			return ""
		}
		return p.End()
	}
	return func(a, b Row) int {
		x, y := end(a), end(b)
		switch {
		case x == "" || y == "":
			return strings.Compare(y, x)
		case newestFirst:
			return strings.Compare(y, x)
		}
		return strings.Compare(x, y)
	}
}

// byTitle sorts by the title in the language of the page.
func (r *renderer) byTitle(a, b Row) int {
	return strings.Compare(domain.Fold(r.name(a)), domain.Fold(r.name(b)))
}

// counted is a number with the address of the list that it counts.
type counted struct {
	Count int
	Href  string
}

// listed returns the address of a list with values of its filters given as name, value.
func (r *renderer) listed(path string, filters ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(filters); i += 2 {
		if filters[i+1] != "" {
			q.Set(filters[i], filters[i+1])
		}
	}
	if len(q) > 0 {
		path += "?" + encodeQuery(q)
	}
	return r.page(path)
}
