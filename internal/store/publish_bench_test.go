// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// BenchmarkPublish publishes synthetic releases of one size and ten times that.
func BenchmarkPublish(b *testing.B) {
	for name, open := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		for _, rows := range []int{25_000, 250_000} {
			b.Run(fmt.Sprintf("%s/%d", name, rows), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					s := storetest.Open(b, open(b))
					content, err := synthetic.Content(context.Background(), s, rows)
					if err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					if _, err := s.Publish(context.Background(), content); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
