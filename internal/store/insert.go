package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/suggest"
)

// rowWriter writes rows within a transaction, on the connection that it runs
// on: PostgreSQL takes them by COPY, SQLite by statements of a few rows.
type rowWriter struct {
	conn *sql.Conn
	tx   *gorm.DB
}

// insert adds rows with a cell for every column of the dataset.
func (w rowWriter) insert(d *dataset.Dataset, seq int64, rows iter.Seq[[]string]) error {
	ctx := w.tx.Statement.Context
	var err error
	if w.tx.Name() == "postgres" {
		err = w.copyIn(ctx, d, stored(d, seq, rows))
	} else {
		err = w.insertBatches(ctx, d, stored(d, seq, rows))
	}
	if t, ok := w.tx.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return t.Translate(err) // as gorm does for its own statements
	}
	return err
}

// batch is the number of rows in a statement for SQLite. Its driver prepares a
// statement for each execution, and finds the value of a place among all of
// them, so that neither one nor many rows are fast.
const batch = 8

func (w rowWriter) insertBatches(ctx context.Context, d *dataset.Dataset, rows iter.Seq[[]any]) error {
	names := sqlColumns(d)
	full := insertSQL(d.Table(), names, batch)
	args := make([]any, 0, batch*len(names))
	for row := range rows {
		args = append(args, row...)
		if len(args) < cap(args) {
			continue
		}
		if _, err := w.tx.Statement.ConnPool.ExecContext(ctx, full, args...); err != nil {
			return err
		}
		args = args[:0]
	}
	if len(args) == 0 {
		return nil
	}
	_, err := w.tx.Statement.ConnPool.ExecContext(ctx, insertSQL(d.Table(), names, len(args)/len(names)), args...)
	return err
}

func insertSQL(table string, names []string, rows int) string {
	group := "(" + strings.TrimSuffix(strings.Repeat("?,", len(names)), ",") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(group+",", rows), ",")
}

func (w rowWriter) copyIn(ctx context.Context, d *dataset.Dataset, rows iter.Seq[[]any]) error {
	next, stop := iter.Pull(rows)
	defer stop()
	statement := "COPY " + d.Table() + " (" + strings.Join(sqlColumns(d), ", ") + ") FROM STDIN"
	return w.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver of PostgreSQL is %T", driver)
		}
		_, err := conn.Conn().PgConn().CopyFrom(ctx, &copyReader{next: next}, statement)
		return err
	})
}

// copyReader reads rows in PostgreSQL's text format of COPY.
type copyReader struct {
	next   func() ([]any, bool)
	buffer []byte
	begin  int
}

// copyBuffer is how much is made ready at a time.
const copyBuffer = 64 << 10

// Read fills b as far as rows are ready.
func (r *copyReader) Read(b []byte) (int, error) {
	if r.begin == len(r.buffer) {
		r.buffer, r.begin = r.buffer[:0], 0
		for len(r.buffer) < copyBuffer {
			row, more := r.next()
			if !more {
				break
			}
			r.buffer = appendCopyRow(r.buffer, row)
		}
		if len(r.buffer) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(b, r.buffer[r.begin:])
	r.begin += n
	return n, nil
}

func appendCopyRow(b []byte, row []any) []byte {
	for i, value := range row {
		if i > 0 {
			b = append(b, '\t')
		}
		switch v := value.(type) {
		case string:
			b = appendCopyText(b, v)
		case int64:
			b = strconv.AppendInt(b, v, 10)
		case float64:
			b = strconv.AppendFloat(b, v, 'g', -1, 64)
		case nil:
			b = append(b, `\N`...)
		}
	}
	return append(b, '\n')
}

// appendCopyText escapes what has a meaning in the text format.
func appendCopyText(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '\\':
			b = append(b, `\\`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		default:
			b = append(b, c)
		}
	}
	return b
}

// sqlColumns lists the columns of a dataset's table in the order of stored.
func sqlColumns(d *dataset.Dataset) []string {
	names := []string{"release_seq", "ordinal", "cells"}
	for _, c := range d.Columns {
		names = append(names, quote(c.SQL()))
		switch {
		case c.Type == dataset.Period:
			names = append(names, c.Start(), c.Order())
		case c.Numeric():
			names = append(names, c.Order())
		}
	}
	return append(names, "search_text")
}

// stored turns rows of cells into rows of the dataset's table. A row is good
// until the next.
func stored(d *dataset.Dataset, seq int64, rows iter.Seq[[]string]) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		ordinal := int64(0)
		var row []any
		for cells := range rows {
			ordinal++
			row = appendCells(append(row[:0], seq, ordinal, pack(cells, ordinal)), d, cells)
			if !yield(row) {
				return
			}
		}
	}
}

func appendCells(row []any, d *dataset.Dataset, cells []string) []any {
	var words strings.Builder
	for i, c := range d.Columns {
		cell := cells[i]
		row = append(row, cell)
		switch {
		case c.Type == dataset.Period:
			start, end := days(cell)
			row = append(row, start, end)
		case c.Numeric():
			row = append(row, number(cell))
		case c.Type == dataset.String || c.Type == dataset.Identifier:
			words.WriteString(suggest.Fold(cell))
			words.WriteByte('\n')
		}
	}
	return append(row, words.String())
}

// days are the first and the last day of a period, empty if it is empty.
func days(cell string) (first, last string) {
	if p, err := strategy.ParsePeriod(cell); err == nil {
		return p.Start(), p.End()
	}
	return "", ""
}

// number returns the double for a cell, nil for an empty one.
func number(cell string) any {
	if d, err := strategy.ParseDecimal(cell); err == nil {
		return d.Float()
	}
	return nil
}

// quote makes a column's name safe as an SQL identifier.
func quote(name string) string { return `"` + name + `"` }
