// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"io"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// BenchmarkRow writes rows of observations.
func BenchmarkRow(b *testing.B) {
	var cells [][]byte
	for _, cell := range []string{
		"syn-0000001", "syn-leistung-001", "", "05101001", "2021-06", "actual", "75.5", "exact",
		"syn-bericht", "Anlage 1, Tabelle 1", "2026-11-20", `mit "Anführung", Umlauten`, "percent",
	} {
		cells = append(cells, []byte(cell))
	}
	for _, f := range encode.Formats {
		b.Run(f.Name+f.Dialect, func(b *testing.B) {
			e := f.New(io.Discard, encode.Document{Columns: dataset.Observations.Columns})
			b.ReportAllocs()
			for b.Loop() {
				if err := e.Row(cells); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
