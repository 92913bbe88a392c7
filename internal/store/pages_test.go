package store_test

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/strategy"
)

// observations are rows with many equal, empty and awkward cells.
func observations() [][]string {
	random := rand.New(rand.NewPCG(1, 2))
	pool := map[dataset.Type][]string{
		dataset.Reference: {"05", "00", "a-1", "A-1", "a_1", ""},
		dataset.Code:      {"actual", "target", "", "planned"},
		dataset.String:    {"", "Ä", "A", "a", "Zähler, \"neu\"", "zz", "ß", "'", "100 %"},
		dataset.Period:    {"", "2021", "2021-06", "2021-11-12", "2018/2021", "2020", "2021-12"},
		dataset.Decimal:   {"1.10", "1.1", "-0.5", "0", "100", "9", "12345678901234567890", "", "0.1", "0.30000000000000004"},
	}
	rows := make([][]string, 31)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("obs-%03d", (i*17)%31)}
		for _, c := range dataset.Observations.Columns[1:] {
			rows[i] = append(rows[i], pool[c.Type][random.IntN(len(pool[c.Type]))])
		}
	}
	return rows
}

// key is what a cell is ordered by, as the store's documentation says: numbers
// as doubles with the empty one before all, periods by their last day, all else
// byte by byte.
func key(c dataset.Column, cell string) (float64, string) {
	if c.Numeric() {
		d, err := strategy.ParseDecimal(cell)
		if err != nil {
			return -math.MaxFloat64, ""
		}
		return d.Float(), ""
	}
	if c.Type == dataset.Period {
		if p, err := strategy.ParsePeriod(cell); err == nil {
			return 0, p.End()
		}
		return 0, ""
	}
	return 0, cell
}

// sorted is the order that the store has to give, worked out in another way.
// Rows that are equal keep the order of the file, turned around if the last
// column is descending.
func sorted(rows [][]string, order []dataset.Order) [][]string {
	rows = slices.Clone(rows)
	if len(order) > 0 && order[len(order)-1].Descending {
		slices.Reverse(rows)
	}
	slices.SortStableFunc(rows, func(a, b []string) int {
		for _, o := range order {
			c := dataset.Observations.Columns[o.Column]
			numberA, textA := key(c, a[o.Column])
			numberB, textB := key(c, b[o.Column])
			d := cmp.Or(cmp.Compare(numberA, numberB), strings.Compare(textA, textB))
			if o.Descending {
				d = -d
			}
			if d != 0 {
				return d
			}
		}
		return 0
	})
	return rows
}

// TestPages follows pages to their end for any order, size, filter and choice
// of columns: together they are the whole, in its order, each row once.
func TestPages(t *testing.T) {
	t.Parallel()
	all := observations()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r, err := s.Publish(context.Background(), store.Content{
			Release: strategy.Release{ID: "2024.01.0"},
			Tables:  []store.Table{{Dataset: dataset.Observations, Rows: slices.Values(all)}},
		})
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(rt *rapid.T) {
			q := drawQuery(rt)
			want := sorted(filtered(all, q), q.Sort)
			got := follow(t, s, r, q, len(all)+1)
			if diff := gocmp.Diff(ids(want), ids(got)); diff != "" {
				rt.Fatalf("%+v in pages of %d (-want +got)\n%s", q.Parameters(), q.Limit, diff)
			}
			q.Limit = 0
			if diff := gocmp.Diff(ids(want), ids(rows(t, s, r, q))); diff != "" {
				rt.Fatalf("%+v as a whole (-want +got)\n%s", q.Parameters(), diff)
			}
			if n, err := s.Count(context.Background(), r, q); err != nil || int(n) != len(want) {
				rt.Fatalf("%+v: the count is %d, error %v, want %d", q.Parameters(), n, err, len(want))
			}
		})
	})
}

func drawQuery(t *rapid.T) dataset.Query {
	columns := len(dataset.Observations.Columns)
	q := dataset.Query{Dataset: dataset.Observations, Limit: rapid.SampledFrom([]int{1, 3, 5, 8, 13, 30, 31, 32}).Draw(t, "limit")}
	for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, columns-1), 0, 3, rapid.ID[int]).Draw(t, "sort") {
		q.Sort = append(q.Sort, dataset.Order{Column: i, Descending: rapid.Bool().Draw(t, "descending")})
	}
	if rapid.Bool().Draw(t, "filtered") {
		q.Filters = []dataset.Filter{{Column: dataset.Observations.Column("kind"), Values: []string{"actual", "planned"}}}
	}
	if rapid.Bool().Draw(t, "has fields") {
		q.Fields = append([]int{0}, rapid.SliceOfDistinct(rapid.IntRange(1, columns-1), rapid.ID[int]).Draw(t, "fields")...)
	}
	return q
}

func filtered(rows [][]string, q dataset.Query) [][]string {
	var out [][]string
	for _, row := range rows {
		if q.Filters == nil || slices.Contains(q.Filters[0].Values, row[q.Filters[0].Column]) {
			out = append(out, row)
		}
	}
	return out
}

// follow reads page after page through cursors, as links.next does.
func follow(t testing.TB, s *store.Store, r *strategy.Release, q dataset.Query, most int) [][]string {
	t.Helper()
	var out [][]string
	for range most {
		rows, next := page(t, s, r, q)
		if len(rows) > q.Limit {
			t.Fatalf("a page of %d rows, the limit is %d", len(rows), q.Limit)
		}
		out = append(out, rows...)
		if next == nil {
			return out
		}
		if len(rows) != q.Limit {
			t.Fatalf("a page of %d rows is followed by another, the limit is %d", len(rows), q.Limit)
		}
		if err := q.ParseCursor(r.ID, q.Cursor(r.ID, *next)); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("no end after %d pages: %v", most, q.Parameters())
	return nil
}

func ids(rows [][]string) []string {
	var out []string
	for _, row := range rows {
		out = append(out, row[0])
	}
	return out
}

// TestForgedPositions asks behind positions that no row has.
func TestForgedPositions(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		column := dataset.Observations.Column("value")
		for _, tt := range []struct {
			position dataset.Position
			want     int
		}{
			{dataset.Position{Keys: []string{"-1e400"}, Ordinal: 0}, 13},
			{dataset.Position{Keys: []string{"1e400"}, Ordinal: 0}, 0},
			{dataset.Position{Keys: []string{"100"}, Ordinal: math.MaxInt64}, 4},
			{dataset.Position{Keys: []string{"100"}, Ordinal: math.MinInt64}, 5},
		} {
			q := dataset.Query{Dataset: dataset.Observations, Sort: []dataset.Order{{Column: column}}, After: &tt.position}
			if got := len(rows(t, s, r, q)); got != tt.want {
				t.Errorf("%d rows behind %+v, want %d", got, tt.position, tt.want)
			}
		}
	})
}
