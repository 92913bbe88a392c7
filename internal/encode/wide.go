// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// MaxWide is the maximum number of rows in the wide layout. It needs all of them before
// it can write the first, some 140 to 800 bytes of memory for each.
const MaxWide = 100_000

// joint separates different values of one cell.
const joint = " / "

// pivotable adds the wide layout to a format.
func pivotable(next func(io.Writer, Document) Encoder) func(io.Writer, Document) Encoder {
	return func(w io.Writer, d Document) Encoder {
		if d.Wide {
			return newWide(w, d, next)
		}
		return next(w, d)
	}
}

// wideEncoder collects the rows and writes one for each series, with a column for each
// period. It buffers all values, because the last row may have a new period.
type wideEncoder struct {
	w    io.Writer
	d    Document
	next func(io.Writer, Document) Encoder
	// period, value and series are indexes of columns of the document.
	period, value int
	series        []int
	rows          []*wideRow
	byKey         map[string]*wideRow
	periods       map[string]bool
	key           []byte
}

// wideRow is one series.
type wideRow struct {
	cells  [][]byte
	values map[string][][]byte // by period, each value once
}

func newWide(w io.Writer, d Document, next func(io.Writer, Document) Encoder) *wideEncoder {
	e := &wideEncoder{w: w, d: d, next: next, period: -1, value: -1, byKey: map[string]*wideRow{}, periods: map[string]bool{}}
	for i, c := range d.Columns {
		switch {
		case c.Name == "period":
			e.period = i
		case c.Name == "value":
			e.value = i
		case !slices.Contains(dataset.WideOmits, c.Name):
			e.series = append(e.series, i)
		}
	}
	return e
}

var errWide = errors.New("the wide layout requires the columns period and value")

// Row adds the value of one row to its series.
func (e *wideEncoder) Row(cells [][]byte) error {
	if e.period < 0 || e.value < 0 {
		return errWide
	}
	row := e.rowOf(cells)
	period, value := string(cells[e.period]), cells[e.value]
	e.periods[period] = true
	same := func(other []byte) bool { return bytes.Equal(value, other) }
	if !slices.ContainsFunc(row.values[period], same) {
		row.values[period] = append(row.values[period], slices.Clone(value))
	}
	return nil
}

func (e *wideEncoder) rowOf(cells [][]byte) *wideRow {
	e.key = e.key[:0]
	for _, i := range e.series {
		e.key = append(append(e.key, cells[i]...), 0)
	}
	row := e.byKey[string(e.key)]
	if row == nil {
		row = &wideRow{values: map[string][][]byte{}}
		for _, i := range e.series {
			row.cells = append(row.cells, slices.Clone(cells[i]))
		}
		e.rows = append(e.rows, row)
		e.byKey[string(e.key)] = row
	}
	return row
}

// Close writes the series in the order of their first row.
func (e *wideEncoder) Close() error {
	periods := slices.SortedFunc(maps.Keys(e.periods), comparePeriods)
	next := e.next(e.w, e.document(periods))
	cells := make([][]byte, 0, len(e.series)+len(periods))
	for _, row := range e.rows {
		cells = append(cells[:0], row.cells...)
		for _, p := range periods {
			cells = append(cells, bytes.Join(row.values[p], []byte(joint)))
		}
		if err := next.Row(cells); err != nil {
			return err
		}
	}
	return next.Close()
}

// comparePeriods orders periods by time; what is not a period comes last.
func comparePeriods(a, b string) int {
	return cmp.Or(slices.Compare(timeOf(a), timeOf(b)), strings.Compare(a, b))
}

// timeOf returns the sort key of a period: its first day, then its last.
func timeOf(period string) []string {
	p, err := domain.ParsePeriod(period)
	if err != nil {
		return []string{"\uFFFF"}
	}
	return []string{p.Start(), p.End()}
}

// document returns the document of the series.
func (e *wideEncoder) document(periods []string) Document {
	d := e.d
	d.Columns, d.Rows = nil, int64(len(e.rows))
	for _, i := range e.series {
		d.Columns = append(d.Columns, e.d.Columns[i])
	}
	for _, p := range periods {
		d.Columns = append(d.Columns, periodColumn(p))
	}
	return d
}

// undated is the name of the column of values without a period.
const undated = "undated"

// periodColumn returns the column of a period.
func periodColumn(period string) dataset.Column {
	if period == "" {
		return dataset.Column{
			Name: undated, Type: dataset.Decimal, Title: dataset.Text{DE: german.undated, EN: english.undated},
			Description: dataset.Text{DE: "Wert, zu dem die Quelle keinen Zeitraum nennt.", EN: "Value without a period in the source."},
		}
	}
	return dataset.Column{
		Name: period, Type: dataset.Decimal, Title: dataset.Text{DE: period, EN: period},
		Description: dataset.Text{DE: "Wert im Zeitraum " + period + ".", EN: "Value in the period " + period + "."},
	}
}
