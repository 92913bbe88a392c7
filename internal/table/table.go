// SPDX-License-Identifier: EUPL-1.2

// Package table contains the rows of one dataset in memory and answers queries
// about them: filter, search, join, group, order, page, count. A Table never changes once it
// is built, so any number of goroutines may read it. The package knows nothing
// of HTTP, SQL or formats.
package table

import (
	"fmt"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Table is the rows of one dataset in the order of their release.
type Table struct {
	dataset *dataset.Dataset
	rows    int
	columns []column
}

// Len returns the number of rows.
func (t *Table) Len() int { return t.rows }

// Cell returns the cell of a row, which must not be changed.
func (t *Table) Cell(row, column int) []byte {
	c := &t.columns[column]
	return c.cell(c.codes.at(row))
}

// Bytes returns the approximate memory the table takes, in bytes.
func (t *Table) Bytes() int64 {
	var n int64
	for i := range t.columns {
		n += t.columns[i].bytes()
	}
	return n
}

// Span returns the first and the last day of the periods in a column, as
// YYYY-MM-DD. Both are empty if no cell has a period.
func (t *Table) Span(column int) (first, last string) {
	c := &t.columns[column]
	var from, to int32
	for code, day := range c.last {
		if day == 0 {
			continue // the empty cell
		}
		if from == 0 || c.first[code] < from {
			from = c.first[code]
		}
		to = max(to, day)
	}
	return formatDay(from), formatDay(to)
}

// Builder collects the rows of a table.
type Builder struct {
	dataset *dataset.Dataset
	rows    int
	columns []dictionary
}

// maxReserved is the maximum number of rows to reserve memory for. The number is recorded
// in the database, where it can be wrong.
const maxReserved = 1 << 24

// NewBuilder returns a builder for about the given number of rows.
func NewBuilder(d *dataset.Dataset, rows int) *Builder {
	rows = min(max(rows, 0), maxReserved)
	b := &Builder{dataset: d, columns: make([]dictionary, len(d.Columns))}
	for i := range b.columns {
		b.columns[i] = newDictionary(rows)
	}
	return b
}

// maxRows is the largest number of rows: a row number has 32 bits.
const maxRows = 1<<32 - 2

// Add appends a row, which must have a cell for every column of the dataset. The
// cells are copied.
func (b *Builder) Add(cells [][]byte) error {
	if len(cells) != len(b.columns) {
		return fmt.Errorf("%s: row %d has %d cells instead of %d", b.dataset.ID, b.rows+1, len(cells), len(b.columns))
	}
	if b.rows == maxRows {
		return fmt.Errorf("%s: more than %d rows", b.dataset.ID, maxRows)
	}
	for i, cell := range cells {
		if err := b.columns[i].add(cell); err != nil {
			return fmt.Errorf("%s: row %d, column %s: %w", b.dataset.ID, b.rows+1, b.dataset.Columns[i].Name, err)
		}
	}
	b.rows++
	return nil
}

// Table returns the table of the rows added. The builder must not be used
// afterwards.
func (b *Builder) Table() *Table {
	t := &Table{dataset: b.dataset, rows: b.rows, columns: make([]column, len(b.columns))}
	for i := range b.columns {
		t.columns[i] = newColumn(b.dataset.Columns[i], &b.columns[i], b.rows)
		b.columns[i] = dictionary{} // its memory can be reused for the next column
	}
	return t
}
