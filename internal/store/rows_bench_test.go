package store_test

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// eachSize runs a benchmark on both databases with a number of synthetic
// observations and with ten times that.
func eachSize(b *testing.B, run func(b *testing.B, s *store.Store, r *strategy.Release, rows int)) {
	b.Helper()
	for name, open := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		for _, rows := range []int{25_000, 250_000} {
			b.Run(fmt.Sprintf("%s/%d", name, rows), func(b *testing.B) {
				s := storetest.Open(b, open(b))
				run(b, s, storetest.PublishSynthetic(b, s, rows), rows)
			})
		}
	}
}

func parse(t testing.TB, text string) dataset.Query {
	t.Helper()
	values, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	q, err := dataset.ParseQuery(dataset.Observations, values, anything{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// anything knows every code and identifier.
type anything struct{}

func (anything) Codes(string) []string     { return nil }
func (anything) IDs(string) []string       { return nil }
func (anything) Knows(string, string) bool { return true }

// BenchmarkPage reads a page of 100 rows of one indicator. Ten times the data
// should cost the same.
func BenchmarkPage(b *testing.B) {
	eachSize(b, func(b *testing.B, s *store.Store, r *strategy.Release, rows int) {
		q := parse(b, "indicator="+synthetic.IndicatorID(rows/synthetic.Areas/2)+"&sort=-period&limit=100")
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			if err := s.Rows(context.Background(), r, q, func([][]byte) error { n++; return nil }); err != nil || n != 100 {
				b.Fatal(n, err)
			}
		}
	})
}

// BenchmarkExport reads all rows. Ten times the data should cost ten times as
// much.
func BenchmarkExport(b *testing.B) {
	eachSize(b, func(b *testing.B, s *store.Store, r *strategy.Release, rows int) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			if err := s.Rows(context.Background(), r, parse(b, "kind=actual"), func([][]byte) error { n++; return nil }); err != nil || n != rows {
				b.Fatal(n, err)
			}
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}
