// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Row is a row of a dataset; the zero Row has no cells.
type Row struct {
	dataset *dataset.Dataset
	cells   []string
}

// Get returns the cell of a column, empty if the row has no such column.
func (r Row) Get(column string) string {
	if r.dataset == nil {
		return ""
	}
	if i := r.dataset.Column(column); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// ID returns the identifier of the row.
func (r Row) ID() string { return r.Get("id") }

// Exists reports whether the row was found.
func (r Row) Exists() bool { return r.dataset != nil }

// time returns the period that a figure holds for.
func (r Row) time() string { return cmp.Or(r.Get("period"), r.Get("asOf")) }

// reader reads rows of one release.
type reader struct {
	tables *release.Tables
	of     *domain.Release
}

// query reads the rows that a query finds.
func (r reader) query(ctx context.Context, q dataset.Query) ([]Row, error) {
	var rows []Row
	err := r.tables.Rows(ctx, r.of, q, func(cells [][]byte) error {
		rows = append(rows, Row{q.Dataset, release.Texts(cells)})
		return nil
	})
	return rows, err
}

// where reads the rows with one of the values in a column.
func (r reader) where(ctx context.Context, d *dataset.Dataset, column string, values ...string) ([]Row, error) {
	return r.query(ctx, dataset.Query{Dataset: d, Filters: equal(d, column, values...)})
}

// countWhere returns the number of rows with one of the values in a column.
func (r reader) countWhere(ctx context.Context, d *dataset.Dataset, column string, values ...string) (int, error) {
	n, err := r.tables.Count(ctx, r.of, dataset.Query{Dataset: d, Filters: equal(d, column, values...)})
	return int(n), err
}

func equal(d *dataset.Dataset, column string, values ...string) []dataset.Filter {
	values = slices.Clone(values)
	slices.Sort(values)
	return []dataset.Filter{{Column: d.Column(column), Values: slices.Compact(values)}}
}

// maxRows is the maximum number of rows in a table of figures; for more, the API
// is the better tool.
const maxRows = 500

// figures reads at most maxRows rows with one of the values in a column, ordered by time,
// and reports whether there are more.
func (r reader) figures(ctx context.Context, d *dataset.Dataset, column string, values ...string) (rows []Row, more bool, err error) {
	rows, err = r.query(ctx, dataset.Query{Dataset: d, Filters: equal(d, column, values...), Limit: maxRows + 1})
	if more = len(rows) > maxRows; more {
		rows = rows[:maxRows]
	}
	slices.SortStableFunc(rows, func(a, b Row) int { // undated rows last
		return cmp.Or(cmp.Compare(undated(a), undated(b)), cmp.Compare(a.time(), b.time()))
	})
	return rows, more, err
}

func undated(r Row) int {
	if r.time() == "" {
		return 1
	}
	return 0
}

// row reads the row with the identifier. The error is domain.ErrNotFound if there
// is none.
func (r reader) row(ctx context.Context, d *dataset.Dataset, id string) (Row, error) {
	rows, err := r.where(ctx, d, "id", id)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, fmt.Errorf("%s %s: %w", d.ID, id, domain.ErrNotFound)
	}
	return rows[0], nil
}

// rowsByID reads the rows with the identifiers.
func (r reader) rowsByID(ctx context.Context, d *dataset.Dataset, ids []string) (map[string]Row, error) {
	found := map[string]Row{}
	for chunk := range slices.Chunk(ids, dataset.MaxValues) {
		rows, err := r.where(ctx, d, "id", chunk...)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			found[row.ID()] = row
		}
	}
	return found, nil
}

// distinct returns the different values of a column in the order of the rows.
func distinct(rows []Row, column string) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range rows {
		if value := r.Get(column); !seen[value] {
			seen[value] = true
			out = append(out, value)
		}
	}
	return out
}

// matching returns the rows with the value in a column.
func matching(rows []Row, column, value string) []Row {
	var out []Row
	for _, r := range rows {
		if r.Get(column) == value {
			out = append(out, r)
		}
	}
	return out
}

// referenced are the datasets that other rows refer to by identifier. They are
// small, so every page reads them whole.
var referenced = []*dataset.Dataset{
	dataset.Areas, dataset.Codelists, dataset.Contradictions, dataset.FieldsOfAction,
	dataset.Goals, dataset.Indicators, dataset.Sources, dataset.Strategies,
}

// names knows the rows of the referenced datasets and what they are called in the
// language of the page.
type names struct {
	language
	tables map[*dataset.Dataset][]Row
	index  map[*dataset.Dataset]map[string]Row
}

// areaNames are the first columns of areas, which pages need: there can be thousands of
// areas.
var areaNames = []int{0, 1, 2}

// loadNames reads the referenced datasets.
func loadNames(ctx context.Context, r reader, l language) (names, error) {
	n := newNames(l)
	for _, d := range referenced {
		q := dataset.Query{Dataset: d}
		if d == dataset.Areas {
			q.Fields = areaNames
		}
		rows, err := r.query(ctx, q)
		if err != nil {
			return n, err
		}
		n.add(d, rows)
	}
	return n, nil
}

func newNames(l language) names {
	return names{language: l, tables: map[*dataset.Dataset][]Row{}, index: map[*dataset.Dataset]map[string]Row{}}
}

func (n names) add(d *dataset.Dataset, rows []Row) {
	n.tables[d], n.index[d] = rows, make(map[string]Row, len(rows))
	for _, r := range rows {
		n.index[d][r.ID()] = r
	}
}

// all returns the rows of a referenced dataset.
func (n names) all(d *dataset.Dataset) []Row { return n.tables[d] }

// lookup returns a row of a referenced dataset.
func (n names) lookup(d *dataset.Dataset, id string) Row { return n.index[d][id] }

// lookups returns the rows of a referenced dataset that a list names.
func (n names) lookups(d *dataset.Dataset, list string) []Row {
	var out []Row
	for id := range strings.FieldsSeq(list) {
		if row := n.lookup(d, id); row.Exists() {
			out = append(out, row)
		}
	}
	return out
}

// cell returns a cell, or its English version if there is one and the page is not German.
func (n names) cell(r Row, column string) string {
	if n.data() == "en" {
		return cmp.Or(r.Get(column+english), r.Get(column))
	}
	return r.Get(column)
}

// cellLanguage returns the language of what cell returns.
func (n names) cellLanguage(r Row, column string) string {
	if n.data() == "en" && r.Get(column+english) != "" {
		return "en"
	}
	return "de"
}

// sourceDate returns when the source of a row was published or, if it has no date, a text
// with the day on which it was read.
func (n names) sourceDate(r Row) string {
	source := n.lookup(dataset.Sources, r.Get("source"))
	if published := source.Get("published"); published != "" {
		return n.period(published)
	}
	if day := source.Get("retrieved"); day != "" {
		return fmt.Sprintf(n.word("sources.readon"), n.period(day))
	}
	return ""
}

// name returns the title of a row.
func (n names) name(r Row) string { return n.cell(r, "title") }

// nameOf returns the title of a row of a referenced dataset, or the identifier.
func (n names) nameOf(d *dataset.Dataset, id string) string {
	if r := n.lookup(d, id); r.Exists() {
		return n.name(r)
	}
	return id
}

// maxSourceTitle is the length in characters above which the title of a source is
// shortened where it is only named; its own page has all of it.
const maxSourceTitle = 64

// shortSource returns the title of a source, shortened at a word.
func (n names) shortSource(id string) string {
	title := []rune(n.nameOf(dataset.Sources, id))
	if len(title) <= maxSourceTitle {
		return string(title)
	}
	cut := string(title[:maxSourceTitle])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:–-") + "…"
}

// press returns what press sources are called, empty if the source is another one.
func (n names) press(source string) string {
	if n.lookup(dataset.Sources, source).Get("kind") == "press" {
		return n.label("source-kind", "press")
	}
	return ""
}

// markedSource returns the title of a source, marked if it is a press source.
func (n names) markedSource(id string) string {
	title := n.nameOf(dataset.Sources, id)
	if mark := n.press(id); mark != "" {
		title += " (" + mark + ")"
	}
	return title
}

// label returns what a code is called.
func (n names) label(codelist, code string) string {
	return n.nameOf(dataset.Codelists, codelist+"."+code)
}

// definition returns how a code is defined.
func (n names) definition(codelist, code string) string {
	return n.cell(n.lookup(dataset.Codelists, codelist+"."+code), "definition")
}

// amount writes a value with its qualifier and unit: mindestens 75.000 Personen.
func (n names) amount(value, qualifier, unit string) string {
	if unit == "rank" && qualifier == "at-most" {
		return fmt.Sprintf(n.word("number.top"), value) // “at most rank 3” could mean third at best
	}
	text := n.measured(value, unit)
	if qualifier != "exact" && qualifier != "" {
		text = n.label("qualifier", qualifier) + nbsp + text
	}
	return text
}

// digits writes a value without its unit, as plots show it.
func (n names) digits(value, unit string) string {
	if unit == "rank" {
		return value
	}
	return n.number(value)
}

// measured writes a value with its unit: 75.000 Personen, 1 Jahr, Rang 3.
func (n names) measured(value, unit string) string {
	number := n.digits(value, unit)
	switch unit {
	case "eur":
		for _, scale := range moneyScales {
			if short, ok := shorten(value, scale.zeros); ok {
				return fmt.Sprintf(n.word(scale.word), n.number(short))
			}
		}
	case "count", "":
		return number
	case "rank":
		return n.label("unit", unit) + nbsp + number
	case "factor":
		return number + "×"
	case "percent":
		return fmt.Sprintf(n.word("number.percent"), number)
	}
	if singular, ok := n.words["singular."+unit]; ok && value == "1" {
		return number + nbsp + singular
	}
	return number + nbsp + n.label("unit", unit)
}

// moneyScales are the scales of amounts in euros, the largest first.
var moneyScales = []struct {
	word  string
	zeros int
}{{"number.billion", 9}, {"number.million", 6}}

// shorten divides a whole number by a power of ten if the result is at least 1 and needs
// no more than two decimal places: nothing is rounded.
func shorten(value string, zeros int) (string, bool) {
	whole := len(value) - zeros
	if whole < 1 || strings.ContainsAny(value, ".-") {
		return "", false
	}
	places := strings.TrimRight(value[whole:], "0")
	if len(places) > 2 {
		return "", false
	}
	return strings.TrimSuffix(value[:whole]+"."+places, "."), true
}

// breakdowns are the columns that divide a count of online services.
var breakdowns = []string{"coverage", "priority", "execution", "portal"}

// breakdown names the part that a figure is limited to, empty if it is not limited.
func (n names) breakdown(r Row) string {
	var parts []string
	if code := r.Get("breakdown"); code != "" {
		parts = append(parts, n.label("breakdown", code))
	}
	for _, column := range breakdowns {
		if code := r.Get(column); code != "" && code != "all" {
			parts = append(parts, n.label(column, code))
		}
	}
	return strings.Join(parts, "; ")
}

// measuredBy returns the indicator of a row of goal-progress, with its breakdown.
func (n names) measuredBy(progress Row) string {
	name := n.nameOf(dataset.Indicators, progress.Get("indicator"))
	if part := n.breakdown(progress); part != "" {
		name += " (" + part + ")"
	}
	return name
}

// describe puts a row in a line: a figure with what it measures and when, else
// the title.
func (n names) describe(r Row) string {
	var subject, unit string
	switch r.dataset {
	case dataset.Observations:
		subject, unit = n.nameOf(dataset.Indicators, r.Get("indicator")), r.Get("unit")
	case dataset.OZGServiceCounts:
		subject, unit = n.label("measure", r.Get("measure")), "count"
	case dataset.GoalStatus:
		return n.nameOf(dataset.Goals, r.Get("goal")) + ": " + n.label("status", r.Get("status"))
	case dataset.GoalProgress:
		text := n.nameOf(dataset.Goals, r.Get("goal"))
		if r.Get("indicator") != "" {
			text += ": " + n.measuredBy(r)
		}
		return text
	default:
		return n.name(r)
	}
	details := []string{n.label("kind", r.Get("kind"))}
	if part := n.breakdown(r); part != "" {
		details = append(details, part)
	}
	if area := r.Get("area"); area != dataset.HomeArea {
		details = append(details, n.nameOf(dataset.Areas, area))
	}
	details = append(details, cmp.Or(n.period(r.time()), n.word("undated")))
	return subject + ": " + n.amount(r.Get("value"), r.Get("qualifier"), unit) + " (" + strings.Join(details, ", ") + ")"
}
