// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"io"
	"math"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// BenchmarkRow writes a row of observations again and again.
func BenchmarkRow(b *testing.B) {
	row := bytesOf(observed[4])
	for _, f := range encode.Formats {
		b.Run(f.Name+f.Dialect, func(b *testing.B) {
			e := f.New(io.Discard, encode.Document{Columns: dataset.Observations.Columns, Rows: math.MaxInt64})
			b.ReportAllocs()
			for b.Loop() {
				if err := e.Row(row); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
