// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// listing defines the parameters of a list: they are those of the API, and the address of
// the list with /v1 in front gives the same rows (ADR 31).
type listing struct {
	of *dataset.Dataset
	// fixed are the columns that the page itself filters.
	fixed []string
	// reduced are the columns for which the form offers years, or only whether a cell is
	// empty, instead of their values.
	reduced []string
	// own are filters by what rows refer to, which the API does not have.
	own []string
	// old are names that parameters had, or name=value, each followed by what replaces it;
	// retired those that have no replacement.
	old, retired []string
}

// formPrefix precedes the parameters of a form whose values are not those of the API:
// years, any and none.
const formPrefix = "form."

// parameters returns the names of the parameters of the list.
func (l *listing) parameters() []string {
	names := slices.DeleteFunc(l.of.ListParameters(), func(name string) bool {
		i, _ := l.of.FilterColumn(name)
		return i >= 0 && slices.Contains(l.fixed, l.of.Columns[i].Name)
	})
	for _, name := range l.own {
		names = append(names, name, name+string(dataset.Not))
	}
	for _, column := range l.reduced {
		names = append(names, formPrefix+column)
	}
	for i := 0; i < len(l.old); i += 2 {
		name, _, _ := strings.Cut(l.old[i], "=")
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(append(names, l.retired...))
}

// Moved returns the address to which a request for a list is redirected, empty if it has
// the parameters of the API. Forms and older addresses have others.
func (r Request) Moved() string {
	p := lookup(r.Pattern)
	if p == nil || p.list == nil {
		return ""
	}
	params, changed := p.list.translate(r.Params, r.Vocabulary)
	if !changed {
		return ""
	}
	r.Params = params
	return r.address(r.Language)
}

// translate returns the parameters with those of forms and of older addresses replaced,
// and whether there were any.
func (l *listing) translate(params url.Values, vocabulary dataset.Vocabulary) (url.Values, bool) {
	out, changed := url.Values{}, false
	var chosen [][2]string
	for _, given := range slices.Sorted(maps.Keys(params)) {
		for _, value := range params[given] {
			name := given
			for i := 0; i < len(l.old); i += 2 {
				from, old, exact := strings.Cut(l.old[i], "=")
				to, replaced, _ := strings.Cut(l.old[i+1], "=")
				if from != name || exact && old != value || exact && l.knows(name, value, vocabulary) {
					continue
				}
				if name, changed = to, true; exact {
					value = replaced
				}
				break
			}
			if column, ok := strings.CutPrefix(name, formPrefix); ok && isReduced(value) {
				chosen, changed = append(chosen, [2]string{column, value}), true
				continue
			}
			out.Add(name, value)
		}
	}
	for _, c := range chosen {
		for _, operator := range l.of.Columns[l.of.Column(c[0])].Operators() {
			out.Del(c[0] + string(operator))
		}
		switch column, value := c[0], c[1]; value {
		case dataset.None:
			out.Set(column, dataset.None)
		case anyValue:
			out.Set(column+string(dataset.Not), dataset.None)
		default:
			out.Set(column+string(dataset.From), value)
			if next := yearAfter(value); next != "" {
				out.Set(column+string(dataset.Before), next)
			}
		}
	}
	return out, changed
}

// knows reports whether a value that has a special meaning in older addresses is also an
// identifier.
func (l *listing) knows(name, value string, vocabulary dataset.Vocabulary) bool {
	i := l.of.Column(name)
	return i >= 0 && l.of.Columns[i].Of != "" && vocabulary.Knows(l.of.Columns[i].Of, value)
}

// anyValue is what the form calls all rows with a value.
const anyValue = "any"

func isReduced(value string) bool {
	return value == dataset.None || value == anyValue || len(value) == 4 && strings.Trim(value, "0123456789") == ""
}

// yearAfter returns the year after one, empty after the last that there can be.
func yearAfter(year string) string {
	n, err := strconv.Atoi(year)
	if err != nil || n == 9999 {
		return ""
	}
	return fmt.Sprintf("%04d", n+1)
}

// list is a listing with what its page shows of it.
type list struct {
	*listing
	// base are the filters that the page sets.
	base   []dataset.Filter
	fields []field
	// sorts are the orders besides that of the release.
	sorts []order
}

// field is a field of the form: it keeps the rows that have one of its values.
type field struct {
	// name is the column that it filters, or a filter of the page's own. The word
	// filter.name labels it.
	name string
	// values are what the rows are counted by, title what a value is called.
	values func(Row) []string
	title  func(string) string
	// sorted orders the values: nil means as they come in the rows.
	sorted func(a, b option) int
}

// order is a way to sort.
type order struct {
	// sort is the value of the parameter; the word sort.word describes it.
	sort, word string
	// compare orders the rows for readers where the API orders them for programs: by
	// titles without regard to case and accents, undated rows last. Nil means the API's order.
	compare func(a, b Row) int
}

// option is a value to choose, with the number of rows that have it.
type option struct {
	Value, Label string
	Count        int
	Selected     bool
}

// formField is a field in the form. Key is the end of the key of its label.
type formField struct {
	Name, Key string
	Options   []option
}

// listForm is the form above a list.
type listForm struct {
	// Address is the list without filters.
	Address string
	Fields  []formField
	Sorts   []option
	Text    string
	// Others are filters that the form has no field for.
	Others []dataset.Parameter
	// Shown of Total rows are in the list. Filtered reports whether that depends on the
	// form, Sorted whether the order does.
	Shown, Total     int
	Filtered, Sorted bool

	// query selects the same rows from the API, without the page's own filters; nil if
	// it cannot.
	query url.Values
	// own are the page's own filters; joined reports whether one of them applies.
	own    []field
	joined bool
	// of is the dataset of the rows.
	of *dataset.Dataset
}

// apply returns the rows that the request asks for, and the form to change that. The
// error is the API's.
func (r *renderer) apply(ctx context.Context, l list) (listForm, []Row, error) {
	form := listForm{Address: r.page(r.path()), Text: r.Params.Get("q")}
	params, _ := l.translate(r.Params, r.Vocabulary)
	params.Del("page")
	own := url.Values{}
	for _, filter := range l.own {
		for _, name := range []string{filter, filter + string(dataset.Not)} {
			if params.Has(name) {
				own[name] = params[name]
				params.Del(name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if strings.HasPrefix(name, formPrefix) {
			return form, nil, &domain.Invalid{Name: name, Value: params.Get(name), Rule: "must be a year, " + anyValue + " or " + dataset.None}
		}
	}
	q, err := dataset.ParseQuery(l.of, params, r.Vocabulary)
	if err != nil {
		return form, nil, err
	}
	all, err := r.query(ctx, dataset.Query{Dataset: l.of, Filters: l.base, AsOf: q.AsOf})
	if err != nil {
		return form, nil, err
	}
	form.query = r.pinned("", "")
	for _, p := range append(dataset.Query{Dataset: l.of, Filters: l.base}.Parameters(), q.Parameters()...) {
		form.query.Set(p.Name, p.Value)
	}
	found := all
	if q.Filtered() || q.Sort != nil {
		asked := q
		asked.Filters = append(slices.Clone(l.base), q.Filters...)
		if found, err = r.query(ctx, asked); err != nil {
			return form, nil, err
		}
	}
	form.Others = others(q)
	for _, f := range l.fields {
		field := formField{Name: f.name, Key: f.name, Options: f.options(all)}
		chosen := choices(own, f.name)
		switch {
		case slices.Contains(l.own, f.name):
			not := f.name + string(dataset.Not)
			dropped := choices(own, not)
			if err := cmp.Or(f.check(f.name, chosen, field.Options), f.check(not, dropped, field.Options)); err != nil {
				return form, nil, err
			}
			found = f.keep(found, chosen)
			if form.own = append(form.own, f); len(dropped) > 0 {
				found = f.drop(found, dropped)
				form.Others = append(form.Others, dataset.Parameter{Name: not, Value: strings.Join(dropped, ",")})
			}
		case slices.Contains(l.reduced, f.name):
			field.Name = formPrefix + f.name
			chosen = form.takeReduced(f.name)
		default:
			chosen = form.take(f.name)
		}
		field.Options = f.choose(field.Options, chosen, all)
		if len(field.Options) == 1 && field.Options[0].Value == dataset.None && len(chosen) == 0 {
			continue // nothing to choose from
		}
		form.Fields = append(form.Fields, field)
	}
	form.joined = len(own) > 0
	form.Filtered = q.Filtered() || form.joined
	found = r.order(l, q, &form, found)
	form.Shown, form.Total, form.of = len(found), len(all), l.of
	r.list = &form
	return form, found, nil
}

// finishList completes a page with a list: the title of a filtered list says so, for
// links to it; search engines skip filtered and sorted lists; every list can be cited.
func (r *renderer) finishList(f *frame) {
	if r.list == nil {
		return
	}
	if r.list.Filtered {
		f.Selection = r.selection()
	}
	f.NoIndex = r.list.Filtered || r.list.Sorted
	if f.Citation == nil && r.list.of != nil {
		var rows []string
		if r.list.query != nil {
			rows = []string{"/v1/" + r.list.of.ID + ".csv?" + encodeQuery(r.list.query)}
		}
		f.Citation = r.cite(r.Release.ID, f.FullTitle(), rows...)
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
				parts = append(parts, r.word("filter."+f.Key)+": "+o.Label)
			}
		}
	}
	for _, p := range r.list.Others {
		parts = append(parts, r.filterText(p))
	}
	parts = append(parts, fmt.Sprintf(r.word("filter.shown"), r.count(r.list.Shown), r.count(r.list.Total)))
	return strings.Join(parts, "; ")
}

// operatorWords are the keys of what the operators of filters are called.
var operatorWords = map[dataset.Operator]string{
	dataset.In: "operator.in", dataset.Not: "operator.not", dataset.From: "operator.from", dataset.To: "operator.to",
	dataset.Before: "operator.before", dataset.After: "operator.after",
}

// filterText says what a filter of the list selects. A parameter that does not filter a
// column is returned as it is in the address.
func (r *renderer) filterText(p dataset.Parameter) string {
	i, operator := r.list.of.FilterColumn(p.Name)
	if p.Name == "asOf" {
		return fmt.Sprintf(r.word("filter.asOf"), r.period(p.Value))
	}
	for _, f := range r.list.own {
		if p.Name == f.name+string(dataset.Not) {
			return r.word("filter."+f.name) + ": " + fmt.Sprintf(r.word(operatorWords[dataset.Not]), f.titles(strings.Split(p.Value, ",")))
		}
	}
	if i < 0 {
		return p.Name + "=" + p.Value
	}
	column := r.list.of.Columns[i]
	var values []string
	for _, v := range strings.Split(p.Value, ",") {
		if v == dataset.None {
			values = append(values, r.word("filter.none"))
		} else {
			values = append(values, r.writtenEntry(column, v))
		}
	}
	return r.text(column.Title) + ": " + fmt.Sprintf(r.word(operatorWords[operator]), strings.Join(values, ", "))
}

// others returns the filters of a query as parameters.
func others(q dataset.Query) []dataset.Parameter {
	q.Words, q.Sort = nil, nil
	return q.Parameters()
}

// take removes a parameter from the others and returns its values.
func (f *listForm) take(name string) []string {
	i := slices.IndexFunc(f.Others, func(p dataset.Parameter) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	values := strings.Split(f.Others[i].Value, ",")
	f.Others = slices.Delete(f.Others, i, i+1)
	return values
}

// takeReduced removes the parameters that stand for a value of a reduced field, and returns
// the value.
func (f *listForm) takeReduced(column string) []string {
	value := func(operator dataset.Operator) string {
		for _, p := range f.Others {
			if p.Name == column+string(operator) {
				return p.Value
			}
		}
		return ""
	}
	from, before := value(dataset.From), value(dataset.Before)
	year, start := strings.CutSuffix(from, "-01-01")
	switch {
	case value(dataset.In) == dataset.None:
		return f.take(column)
	case value(dataset.Not) == dataset.None:
		f.take(column + string(dataset.Not))
		return []string{anyValue}
	case start && strings.TrimSuffix(before, "-01-01") == yearAfter(year):
		f.take(column + string(dataset.From))
		f.take(column + string(dataset.Before))
		return []string{year}
	}
	return nil
}

// order sorts the rows as the form offers it, and notes the order that was chosen.
func (r *renderer) order(l list, q dataset.Query, form *listForm, rows []Row) []Row {
	chosen := ""
	for _, p := range q.Parameters() {
		if p.Name == "sort" {
			chosen = p.Value
		}
	}
	form.Sorted = chosen != "" || len(q.Words) > 0
	known := chosen == ""
	for _, o := range l.sorts {
		form.Sorts = append(form.Sorts, option{Value: o.sort, Label: r.word("sort." + o.word), Selected: o.sort == chosen})
		if o.sort == chosen {
			if known = true; o.compare != nil {
				rows = slices.SortedStableFunc(slices.Values(rows), o.compare)
			}
		}
	}
	if !known {
		form.Sorts = append(form.Sorts, option{Value: chosen, Label: chosen, Selected: true})
	}
	return rows
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
func (f field) options(rows []Row) []option {
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

// choose marks the chosen values. Several of them, and one that no row has, become an
// option of their own, since a select element shows one.
func (f field) choose(options []option, chosen []string, rows []Row) []option {
	if len(chosen) == 0 {
		return options
	}
	value := strings.Join(chosen, ",")
	if i := slices.IndexFunc(options, func(o option) bool { return o.Value == value }); i >= 0 {
		options[i].Selected = true
		return options
	}
	return slices.Insert(options, 0, option{value, f.titles(chosen), len(f.keep(rows, chosen)), true})
}

// titles returns what values are called.
func (f field) titles(values []string) string {
	var titles []string
	for _, v := range values {
		titles = append(titles, f.title(v))
	}
	return strings.Join(titles, ", ")
}

// keep returns the rows with one of the values, all of them if there are none.
func (f field) keep(rows []Row, values []string) []Row {
	if len(values) == 0 {
		return rows
	}
	return slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return !f.has(row, values) })
}

// drop returns the rows with none of the values.
func (f field) drop(rows []Row, values []string) []Row {
	return slices.DeleteFunc(slices.Clone(rows), func(row Row) bool { return f.has(row, values) })
}

// has reports whether the row has one of the values.
func (f field) has(row Row, values []string) bool {
	return slices.ContainsFunc(f.values(row), func(v string) bool { return slices.Contains(values, v) })
}

// check returns an error for values of a parameter that the page's own filter does not have.
func (f field) check(name string, values []string, options []option) error {
	var allowed []string
	for _, o := range options {
		allowed = append(allowed, o.Value)
	}
	for _, v := range values {
		if !slices.Contains(allowed, v) {
			return domain.NotOneOf(name, v, "is not a value of this list", allowed)
		}
	}
	return nil
}

// The functions below return fields, each with what most rows have.

// byColumn filters by the cells of a column. Codes are in the order of their codelist, and
// anything else in that of the rows.
func (r *renderer) byColumn(d *dataset.Dataset, name string) field {
	c := d.Columns[d.Column(name)]
	f := field{name: name, values: func(row Row) []string {
		cells := []string{row.Get(name)}
		if c.Type == dataset.List {
			cells = strings.Fields(row.Get(name))
			slices.Sort(cells)
			cells = slices.Compact(cells)
		}
		if len(cells) > 0 && cells[0] != "" {
			return cells
		}
		return []string{dataset.None}
	}}
	var codes []string
	if c.Entry() == dataset.Code {
		codes = distinct(matching(r.all(dataset.Codelists), "codelist", c.Of), "code")
		f.sorted = func(a, b option) int { return cmp.Compare(place(codes, a.Value), place(codes, b.Value)) }
	}
	f.title = func(v string) string {
		switch {
		case v == dataset.None:
			return r.word("filter.none")
		case c.Entry() == dataset.Code:
			return r.label(c.Of, v)
		case c.Type == dataset.Boolean:
			return r.word("filter." + name + "." + v)
		}
		return r.nameOf(dataset.ByID(c.Of), v)
	}
	return f
}

// place returns the place of a code in its codelist; what is not in it comes last.
func place(codes []string, code string) int {
	if i := slices.Index(codes, code); i >= 0 {
		return i
	}
	return len(codes)
}

// labelled orders the values of a field by what they are called.
func (f field) labelled() field {
	f.sorted = func(a, b option) int { return strings.Compare(domain.Plain(a.Label), domain.Plain(b.Label)) }
	return f
}

// byYear filters by the year in which a period ends.
func (r *renderer) byYear(name string) field {
	f := r.byPresence(name)
	present := f.values
	f.values = func(row Row) []string {
		if p, err := domain.ParsePeriod(row.Get(name)); err == nil {
			return []string{anyValue, p.End()[:4]}
		}
		return present(row)
	}
	label := f.title
	f.title = func(v string) string {
		if v == dataset.None || v == anyValue {
			return label(v)
		}
		return v
	}
	f.sorted = func(a, b option) int { return strings.Compare(yearOrder(a.Value), yearOrder(b.Value)) }
	return f
}

// byPresence filters by whether a cell is empty.
func (r *renderer) byPresence(name string) field {
	return field{
		name: name,
		values: func(row Row) []string {
			if row.Get(name) == "" {
				return []string{dataset.None}
			}
			return []string{anyValue}
		},
		title: func(v string) string { return r.word("filter." + name + "." + v) },
	}
}

// yearOrder puts all years first, and none last.
func yearOrder(value string) string {
	switch value {
	case anyValue:
		return ""
	case dataset.None:
		return "z"
	}
	return value
}

// byPeriod sorts by the end of a period; rows without one come last.
func byPeriod(column string, newestFirst bool) func(a, b Row) int {
	return byDate(func(row Row) string { return row.Get(column) }, newestFirst)
}

func byDate(date func(Row) string, newestFirst bool) func(a, b Row) int {
	end := func(row Row) string {
		p, err := domain.ParsePeriod(date(row))
		if err != nil {
			return ""
		}
		return p.End()
	}
	return func(a, b Row) int {
		x, y := end(a), end(b)
		if x == "" || y == "" || newestFirst {
			return strings.Compare(y, x)
		}
		return strings.Compare(x, y)
	}
}

// sortByTitle sorts by the title in the language of the page.
func (r *renderer) sortByTitle() order {
	column := "title"
	if r.data() == "en" {
		column = "titleEn"
	}
	return order{column, "title", func(a, b Row) int { return strings.Compare(domain.Plain(r.name(a)), domain.Plain(r.name(b))) }}
}

// downloadList offers the rows of a list as the reader has filtered and sorted them.
func (r *renderer) downloadList(d *dataset.Dataset, form listForm) download {
	title := r.text(d.Title)
	if form.Filtered {
		title += " (" + r.word("filter.selection") + ")"
	}
	return download{title, r.forms("/v1/"+d.ID, form.query)}
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
