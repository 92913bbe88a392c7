// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// described has a column of each type.
var described = &dataset.Dataset{
	ID: "described",
	Columns: []dataset.Column{
		{Name: "id", Type: dataset.Identifier, Required: true},
		{Name: "goal", Type: dataset.Reference, Of: "goals"},
		{Name: "kind", Type: dataset.Code, Of: "kind"},
		{Name: "title", Type: dataset.String},
		{Name: "day", Type: dataset.Date},
		{Name: "period", Type: dataset.Period},
		{Name: "value", Type: dataset.Decimal},
		{Name: "count", Type: dataset.Integer},
		{Name: "open", Type: dataset.Boolean},
		{Name: "rows", Type: dataset.List},
		{Name: "published", Type: dataset.Period},
	},
}

// cells are what the columns of described can hold.
var cells = [][]string{
	nil,
	{"", "ds2-01", "ds2-02", "ds2-10", "egov18-01"},
	{"actual", "target"},
	{"", "Straße", "STRASSE", "Glasfaser für Schulen", "Schule", "a", "b", "ab", "Ünïcode", "=1+1"},
	{"", "2021-01-01", "2021-11-12", "2020-02-29"},
	{"", "2021", "2021-12", "2021-12-31", "2020", "2018/2021", "2022-06", "0001"},
	{"", "1", "1.0", "1.00", "-0.5", "75000", "0", "12345678901234567890.123", "0.1"},
	{"", "0", "7", "10", "2021"},
	{"true", "false"},
	{"", "ozg-1", "ozg-1 ozg-2", "ozg-11 ozg-2", "ozg-2"},
	{"", "2021-11", "2021-11-26", "2022"},
}

func drawRows(t *rapid.T) [][]string {
	// A table has an index from smallTable rows on.
	n := rapid.OneOf(rapid.IntRange(0, 40), rapid.IntRange(smallTable+1, smallTable+40)).Draw(t, "rows")
	shuffled := rapid.Bool().Draw(t, "shuffled")
	random := rapid.Uint64().Draw(t, "seed")
	rows := make([][]string, n)
	for i := range rows {
		row := make([]string, len(described.Columns))
		row[0] = fmt.Sprintf("obs-%05d", i)
		if shuffled {
			row[0] = fmt.Sprintf("obs-%05d", (i*7919)%100_003)
		}
		for c, choices := range cells {
			if choices != nil {
				random = random*6364136223846793005 + 1442695040888963407
				row[c] = choices[random>>33%uint64(len(choices))]
			}
		}
		rows[i] = row
	}
	return rows
}

func build(t interface{ Fatal(...any) }, rows [][]string) *Table {
	b := NewBuilder(described, len(rows))
	for _, row := range rows {
		var cells [][]byte
		for _, cell := range row {
			cells = append(cells, []byte(cell))
		}
		if err := b.Add(cells); err != nil {
			t.Fatal(err)
		}
	}
	return b.Table()
}

// drawQuery draws filters, words, a date and an order.
func drawQuery(t *rapid.T, rows [][]string) dataset.Query {
	q := dataset.Query{Dataset: described}
	for i, c := range described.Columns {
		if c.Ranged() && rapid.IntRange(0, 5).Draw(t, "range of "+c.Name) == 0 {
			f := dataset.Filter{Column: i, Operator: rapid.SampledFrom([]dataset.Operator{dataset.From, dataset.To, dataset.Before, dataset.After}).Draw(t, "operator")}
			if c.Numeric() {
				f.Values = []string{rapid.SampledFrom([]string{"0", "1", "7", "-2", "100", "75000"}).Draw(t, "bound")}
			} else {
				f.Values = []string{rapid.SampledFrom([]string{"2021-12-31", "2021-01-01", "2020-06-15", "1900-01-01", "9999-12-31"}).Draw(t, "bound")}
			}
			q.Filters = append(q.Filters, f)
		}
		if c.Filterable() && rapid.IntRange(0, 7).Draw(t, "values of "+c.Name) == 0 {
			f := dataset.Filter{Column: i, Values: drawValues(t, c, i, rows), Operator: rapid.SampledFrom([]dataset.Operator{dataset.In, dataset.Not}).Draw(t, "not")}
			if rapid.IntRange(0, 2).Draw(t, "none") == 0 {
				f.Values = append(f.Values, "")
			}
			q.Filters = append(q.Filters, f)
		}
		if c.Name == "area" && rapid.IntRange(0, 5).Draw(t, "within") == 0 {
			q.Filters = append(q.Filters, dataset.Filter{Column: i, Operator: dataset.Within, Values: []string{"05"}, Areas: drawValues(t, c, i, rows)})
		}
	}
	if rapid.IntRange(0, 3).Draw(t, "search") == 0 {
		q.Words = rapid.SliceOfN(rapid.SampledFrom([]string{"strasse", "schule", "*schule", "a", "*a", "obs", "00010", "*0001", "0", "unicode", "*1", "*ea", "burg", "ozg", "ds2", "*ule"}), 1, 2).Draw(t, "words")
	}
	q.AsOf = rapid.SampledFrom([]string{"", "", "", "2021-11-30", "2021-11-29", "1999-01-01"}).Draw(t, "as of")
	for range rapid.IntRange(0, 3).Draw(t, "orders") {
		o := dataset.Order{Column: rapid.IntRange(0, len(described.Columns)-1).Draw(t, "sort"), Descending: rapid.Bool().Draw(t, "descending")}
		if !slices.ContainsFunc(q.Sort, func(other dataset.Order) bool { return other.Column == o.Column }) {
			q.Sort = append(q.Sort, o)
		}
	}
	return q
}

func drawValues(t *rapid.T, c dataset.Column, i int, rows [][]string) []string {
	known := []string{"obs-00001", "obs-99999"}
	switch {
	case c.Type == dataset.List:
		known = []string{"ozg-1", "ozg-2", "ozg-9"}
	case cells[i] != nil:
		known = slices.DeleteFunc(slices.Clone(cells[i]), func(v string) bool { return v == "" })
	case len(rows) > 0:
		known = append(known, rows[len(rows)/2][0], rows[0][0])
	}
	return rapid.SliceOfN(rapid.SampledFrom(known), 1, 3).Draw(t, "values")
}

// TestQuery compares the results with a scan that follows the description of each filter
// literally, as a whole and page by page.
func TestQuery(t *testing.T) {
	t.Parallel()
	rapid.Check(t, compareWithScan)
}

// FuzzQuery is TestQuery with tables and queries that the fuzzer draws.
func FuzzQuery(f *testing.F) { f.Fuzz(rapid.MakeFuzz(compareWithScan)) }

func compareWithScan(t *rapid.T) {
	rows := drawRows(t)
	table, q := build(t, rows), drawQuery(t, rows)
	want := scan(rows, q)
	if got := ask(t, table, q); !slices.Equal(got, want) {
		t.Fatalf("%s %+v:\n got %v\nwant %v", q.Key(), q, got, want)
	}
	if len(q.Words) > 0 && len(q.Sort) == 0 {
		page, err := table.Query(context.Background(), q, relatedGoals)
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range want {
			row := rows[slices.IndexFunc(rows, func(row []string) bool { return row[0] == id })]
			if page.Rank(i) != rankOf(row, q.Words) {
				t.Fatalf("%q ranks %s as %d, want %d", q.Words, id, page.Rank(i), rankOf(row, q.Words))
			}
		}
	}
	if n, err := table.Count(context.Background(), q, relatedGoals); err != nil || n != len(want) {
		t.Fatalf("counted %d rows, %v; want %d", n, err, len(want))
	}
	if len(want) > 0 && len(q.Sort) == 0 {
		at := rapid.IntRange(0, len(want)-1).Draw(t, "after")
		q.After = int64(slices.IndexFunc(rows, func(row []string) bool { return row[0] == want[at] })) + 1
		page, err := table.Query(context.Background(), q, relatedGoals)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(t, page); !slices.Equal(got, want[at+1:]) {
			t.Fatalf("after %s: %v, want %v", want[at], got, want[at+1:])
		}
		q.After = 0
	}
	q.Limit = rapid.SampledFrom([]int{1, 2, 3, 1000, 10_000}).Draw(t, "limit")
	if q.Limit < 1000 {
		want = want[:min(len(want), 10*q.Limit)]
	}
	var got []string
	for {
		page, err := table.Query(context.Background(), q, relatedGoals)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, ids(t, page)...)
		if page.Next == 0 || len(got) >= len(want) {
			break
		}
		q.After = page.Next
	}
	if !slices.Equal(got, want) {
		t.Fatalf("pages of %d for %s:\n got %v\nwant %v", q.Limit, q.Key(), got, want)
	}
}

func ask(t *rapid.T, table *Table, q dataset.Query) []string {
	page, err := table.Query(context.Background(), q, relatedGoals)
	if err != nil {
		t.Fatal(err)
	}
	if page.Next != 0 {
		t.Fatal("a query without a limit has a next page")
	}
	found := ids(t, page)
	if page.Total != len(found) {
		t.Fatalf("total %d of %d rows", page.Total, len(found))
	}
	return found
}

func ids(t *rapid.T, page *Page) (found []string) {
	defer func() {
		if page.Len() != len(found) {
			t.Fatalf("length %d of %d rows", page.Len(), len(found))
		}
	}()
	if err := page.Each(context.Background(), func(cells [][]byte) error {
		found = append(found, string(cells[0]))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return found
}

// scan answers a query as its documentation reads.
func scan(rows [][]string, q dataset.Query) (found []string) {
	var kept []int
	for i, row := range rows {
		if keeps(row, q) {
			kept = append(kept, i)
		}
	}
	slices.SortStableFunc(kept, func(a, b int) int {
		if len(q.Sort) == 0 {
			return cmp.Or(cmp.Compare(rankOf(rows[a], q.Words), rankOf(rows[b], q.Words)), cmp.Compare(a, b))
		}
		for _, o := range q.Sort {
			if c := compareCells(described.Columns[o.Column], rows[a][o.Column], rows[b][o.Column]); c != 0 {
				if o.Descending {
					return -c
				}
				return c
			}
		}
		if len(q.Sort) > 0 && q.Sort[len(q.Sort)-1].Descending {
			return b - a
		}
		return a - b
	})
	for _, i := range kept {
		found = append(found, rows[i][0])
	}
	return found
}

func keeps(row []string, q dataset.Query) bool {
	for _, f := range q.Filters {
		if !accepts(described.Columns[f.Column], f, row[f.Column]) {
			return false
		}
	}
	if q.AsOf != "" {
		published, err := domain.ParsePeriod(row[described.Column("published")])
		if err != nil || published.End() > q.AsOf {
			return false
		}
	}
	return rankOf(row, q.Words) >= 0
}

// goalTitles are the titles of the goals that rows of described refer to.
var goalTitles = map[string]string{"ds2-01": "Glasfaser für jede Hochschule", "ds2-02": "Schule 2.0", "ds2-10": "Straße a", "egov18-01": "Bürgerämter"}

var relatedGoals = func() Related {
	b := NewBuilder(dataset.Goals, len(goalTitles))
	for _, id := range []string{"egov18-01", "ds2-10", "ds2-01", "ds2-02"} {
		cells := make([][]byte, len(dataset.Goals.Columns))
		cells[0], cells[dataset.Goals.Column("title")] = []byte(id), []byte(goalTitles[id])
		if err := b.Add(cells); err != nil {
			panic(err)
		}
	}
	return Related{"goals": b.Table()}
}()

// rankOf returns how well a row matches: the place of the words and, within it, whether they
// are words there. It is -1 if the row lacks one.
func rankOf(row, words []string) (worst int) {
	for _, word := range words {
		plain, anywhere := strings.CutPrefix(word, "*")
		best := -1
		for place, texts := range [][]string{{row[0], row[3]}, {row[1], goalTitles[row[1]], row[9]}, {row[5], row[10]}} {
			for _, text := range texts {
				text = domain.Searchable(text)
				rank := -1
				if anywhere && strings.Contains(text, plain) {
					rank = 2*place + 1
				}
				for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" -=+./", r) }) {
					switch {
					case part == plain:
						rank = 2 * place
					case strings.HasPrefix(part, plain) && rank < 0:
						rank = 2*place + 1
					}
				}
				if rank >= 0 && (best < 0 || rank < best) {
					best = rank
				}
			}
		}
		if best < 0 {
			return -1
		}
		worst = max(worst, best)
	}
	return worst
}

func accepts(c dataset.Column, f dataset.Filter, cell string) bool {
	if f.Operator == dataset.Not {
		f.Operator = dataset.In
		return !accepts(c, f, cell)
	}
	if cell == "" {
		return f.Operator == dataset.In && slices.Contains(f.Values, "")
	}
	values := f.Values
	if f.Operator == dataset.Within {
		values = f.Areas
	}
	for _, v := range values {
		var ok bool
		switch {
		case v == "":
		case f.Operator == dataset.Within:
			ok = cell == v
		case c.Numeric():
			a, _ := strconv.ParseFloat(cell, 64)
			b, _ := strconv.ParseFloat(v, 64)
			ok = f.Operator == dataset.In && a == b || f.Operator == dataset.From && a >= b || f.Operator == dataset.To && a <= b ||
				f.Operator == dataset.Before && a < b || f.Operator == dataset.After && a > b
		case f.Operator == dataset.In && c.Type == dataset.List:
			ok = slices.Contains(strings.Fields(cell), v)
		case f.Operator == dataset.In:
			ok = cell == v
		default:
			p, _ := domain.ParsePeriod(cell)
			ok = f.Operator == dataset.From && p.End() >= v || f.Operator == dataset.To && p.Start() <= v ||
				f.Operator == dataset.Before && p.End() < v || f.Operator == dataset.After && p.Start() > v
		}
		if ok {
			return true
		}
	}
	return false
}

func compareCells(c dataset.Column, a, b string) int {
	switch {
	case a == "" || b == "":
		return cmp.Compare(a, b)
	case c.Numeric():
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		return cmp.Compare(x, y)
	case c.Type == dataset.Period:
		x, _ := domain.ParsePeriod(a)
		y, _ := domain.ParsePeriod(b)
		return cmp.Compare(x.End(), y.End())
	}
	return cmp.Compare(a, b)
}

// TestCells reads back what was added, in and out of the order of identifiers,
// with more distinct cells than fit into one and into two bytes.
func TestCells(t *testing.T) {
	t.Parallel()
	var rows [][]string
	for i := range 70_000 {
		row := make([]string, len(described.Columns))
		row[0], row[3], row[6] = fmt.Sprint("obs-", (i*7919)%100_003), fmt.Sprint("Titel ", i%300), strconv.Itoa(i)
		rows = append(rows, row)
	}
	table := build(t, rows)
	if table.Len() != len(rows) {
		t.Fatalf("%d rows", table.Len())
	}
	for i, row := range rows {
		for c, want := range row {
			if got := string(table.Cell(i, c)); got != want {
				t.Fatalf("row %d, %s: %q, want %q", i, described.Columns[c].Name, got, want)
			}
		}
	}
}

func TestFields(t *testing.T) {
	t.Parallel()
	row := make([]string, len(described.Columns))
	row[0], row[2], row[6] = "obs-1", "actual", "1.10"
	page, err := build(t, [][]string{row}).Query(context.Background(), dataset.Query{Dataset: described, Fields: []int{6, 0}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	stop := errors.New("stop")
	if err := page.Each(context.Background(), func(cells [][]byte) error {
		for _, c := range cells {
			got = append(got, string(c))
		}
		return stop
	}); err != stop {
		t.Errorf("the error of yield became %v", err)
	}
	if diff := gocmp.Diff([]string{"1.10", "obs-1"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	row := func(period string) []string {
		row := make([]string, len(described.Columns))
		row[5] = period
		return row
	}
	for _, tt := range []struct {
		periods     []string
		first, last string
	}{
		{nil, "", ""},
		{[]string{""}, "", ""},
		{[]string{"2021", "", "2018/2020", "2020-02"}, "2018-01-01", "2021-12-31"},
	} {
		var rows [][]string
		for _, p := range tt.periods {
			rows = append(rows, row(p))
		}
		if first, last := build(t, rows).Span(5); first != tt.first || last != tt.last {
			t.Errorf("%v span %s to %s, want %s to %s", tt.periods, first, last, tt.first, tt.last)
		}
	}
}

func TestAddErrors(t *testing.T) {
	t.Parallel()
	b := NewBuilder(described, 1)
	const want = "described: row 1 has 2 cells instead of 11"
	if err := b.Add([][]byte{{}, {}}); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// TestReserved adds a row to tables of which the number of rows is wrong.
func TestReserved(t *testing.T) {
	t.Parallel()
	d := &dataset.Dataset{ID: "described", Columns: described.Columns[:1]}
	for _, rows := range []int{-1, 0, math.MaxInt} {
		b := NewBuilder(d, rows)
		if err := b.Add([][]byte{[]byte("a")}); err != nil {
			t.Fatal(err)
		}
		if n := b.Table().Len(); n != 1 {
			t.Errorf("%d rows of %d", n, rows)
		}
	}
}

// TestCanceled checks that a search, a long scan and a long sort end with their context.
func TestCanceled(t *testing.T) {
	t.Parallel()
	b := NewBuilder(dataset.Observations, 2*rowsPerLook)
	row := make([][]byte, len(dataset.Observations.Columns))
	for i := range 2 * rowsPerLook {
		row[0] = []byte(strconv.Itoa(i))
		if err := b.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	table := b.Table()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, q := range []dataset.Query{
		{Words: []string{"1"}},
		{Filters: []dataset.Filter{{Column: 0, Operator: dataset.Not, Values: []string{"x"}}}},
		{Sort: []dataset.Order{{Column: 0}}},
	} {
		q.Dataset = dataset.Observations
		if _, err := table.Query(ctx, q, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", q.Key(), err)
		}
	}
}

// TestSourcesAsOf asks for the sources known on several days: one without a date is known
// since it was read.
func TestSourcesAsOf(t *testing.T) {
	t.Parallel()
	d := dataset.Sources
	sources := tableOf(t, d, "id,published,retrieved", "dated,2022-01,2026-11-28", "later,2026-11-29,", "undated,,2026-11-28")
	for day, want := range map[string]string{"2022-01-30": "", "2022-01-31": "dated", "2026-11-27": "dated", "2026-11-28": "dated undated", "2026-11-29": "dated later undated"} {
		if got := answer(t, sources, dataset.Query{Dataset: d, AsOf: day, Fields: []int{0}}); got != want {
			t.Errorf("on %s %q, want %q", day, got, want)
		}
	}
}

// TestSearchOfPeriods searches for a year, which is looked for in periods and not in the
// identifiers of sources.
func TestSearchOfPeriods(t *testing.T) {
	t.Parallel()
	d := dataset.Observations
	observations := tableOf(t, d, "id,indicator,period,source,published", "obs-1,venture-capital,2022,press-2023-01,2023-01", "obs-2,venture-capital,2023,press-2024-01,2024-01", "obs-3,venture-capital,2022-07/2023-06,report,2023", "obs-4,start-ups,2023,report,2023")
	for words, want := range map[string]string{"venture 2023": "obs-2 obs-3", "2023": "obs-2 obs-3 obs-4", "press": ""} {
		if got := answer(t, observations, dataset.Query{Dataset: d, Words: strings.Fields(words), Fields: []int{0}}); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
