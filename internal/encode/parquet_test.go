// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// readParquet returns the names of the leaves and the rows as text; a null is "NULL".
func readParquet(t testing.TB, b []byte) (names []string, rows [][]string, f *parquet.File) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range f.Schema().Columns() {
		names = append(names, strings.Join(path, "."))
	}
	r := parquet.NewReader(f)
	defer r.Close()
	buffer := make([]parquet.Row, 1)
	for {
		n, err := r.ReadRows(buffer)
		if n == 1 {
			row := make([]string, len(names))
			buffer[0].Range(func(column int, values []parquet.Value) bool {
				var words []string
				for _, v := range values {
					if v.IsNull() {
						words = append(words, "NULL")
					} else {
						words = append(words, v.String())
					}
				}
				row[column] = strings.Join(words, " ")
				return true
			})
			rows = append(rows, row)
		}
		if errors.Is(err, io.EOF) {
			return names, rows, f
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestParquet reads back what was written: every type, and the text beside decimals.
func TestParquet(t *testing.T) {
	t.Parallel()
	d := document(columns)
	d.Address = "https://example.org/v1/goals"
	names, got, f := readParquet(t, write(t, format(t, "parquet", ""), d, nasty))
	want := []string{"id", "area", "kind", "note", "day", "period", "value", "valueText", "count", "known", "rows.list.element"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("columns (-want +got)\n%s", diff)
	}
	var rows [][]string
	for _, row := range nasty {
		cells := make([]string, 0, len(want))
		for i, cell := range row {
			switch c := columns[i]; {
			case cell == "" || strings.TrimSpace(cell) == "" && c.Type == dataset.List:
				cell = "NULL"
			case c.Type == dataset.List:
				cell = strings.Join(strings.Fields(cell), " ")
			case c.Type == dataset.Date:
				day, _ := time.Parse(time.DateOnly, cell)
				cell = strconv.FormatInt(day.Unix()/86400, 10)
			case c.Type == dataset.Decimal:
				n, _ := strconv.ParseFloat(cell, 64)
				cells = append(cells, parquet.DoubleValue(n).String())
			}
			if columns[i].Type == dataset.Decimal && cell == "NULL" {
				cells = append(cells, cell)
			}
			cells = append(cells, cell)
		}
		rows = append(rows, cells)
	}
	if diff := cmp.Diff(rows, got); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	for key, want := range map[string]string{
		"dataset": "goals", "release": "2026.11.0", "modified": "2026-11-21T12:00:00Z", "license": "http://l.example/2",
		"attribution": "Zielstand", "source": "https://example.org/v1/goals",
	} {
		if got, ok := f.Lookup(key); !ok || got != want {
			t.Errorf("metadata %s is %q, want %q", key, got, want)
		}
	}
}

// TestParquetStable writes the same bytes again, and row groups of a bounded size.
func TestParquetStable(t *testing.T) {
	t.Parallel()
	d := document(columns[:8])
	var rows [][]string
	for i := range 140_000 {
		rows = append(rows, []string{"r" + strconv.Itoa(i), "05", "actual", "", "2021-11-12", "2021", strconv.Itoa(i) + ".50", strconv.Itoa(i)})
	}
	first := write(t, format(t, "parquet", ""), d, rows)
	if !bytes.Equal(first, write(t, format(t, "parquet", ""), d, rows)) {
		t.Error("other bytes for the same rows")
	}
	_, got, f := readParquet(t, first)
	if len(got) != len(rows) || len(f.RowGroups()) != 2 || got[139_999][7] != "139999.50" {
		t.Errorf("%d rows in %d groups", len(got), len(f.RowGroups()))
	}
}

// TestParquetRefuses reports a cell that does not fit its type. Imported rows have none.
func TestParquetRefuses(t *testing.T) {
	t.Parallel()
	for kind, cell := range map[dataset.Type]string{dataset.Integer: "9223372036854775808", dataset.Boolean: "maybe", dataset.Date: "2021", dataset.Decimal: "many"} {
		column := dataset.Column{Name: "c", Type: kind}
		e := format(t, "parquet", "").New(io.Discard, document([]dataset.Column{column}))
		err := e.Row([][]byte{[]byte(cell)})
		if want := `column c: the cell "` + cell + `" cannot be written as Parquet: `; err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v, want %s…", kind, err, want)
		}
		if kind != dataset.Decimal && column.Check(cell) == nil {
			t.Errorf("%s: %s can be imported", kind, cell)
		}
	}
}

// TestParquetNames checks that no column is called like the text of another.
func TestParquetNames(t *testing.T) {
	t.Parallel()
	for _, d := range dataset.All {
		for _, c := range d.Columns {
			if c.Type == dataset.Decimal && d.Column(c.Name+encode.ParquetText) >= 0 {
				t.Errorf("%s: %s is also the name of the text of %s", d.ID, c.Name+encode.ParquetText, c.Name)
			}
		}
	}
}
