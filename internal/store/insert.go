package store

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/dataset"
)

// rowWriter writes rows within a transaction: PostgreSQL takes them by COPY,
// SQLite by statements of a few rows.
type rowWriter struct {
	conn *sql.Conn
	tx   *gorm.DB
}

// insert adds rows with a cell for every column of the dataset.
func (w rowWriter) insert(d *dataset.Dataset, seq int64, rows iter.Seq[[]string]) error {
	ctx := w.tx.Statement.Context
	var err error
	if w.tx.Name() == "postgres" {
		err = w.copyFrom(ctx, d, numbered(d, seq, rows))
	} else {
		err = w.insertBatches(ctx, d, numbered(d, seq, rows))
	}
	if t, ok := w.tx.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return t.Translate(err) // as gorm does for its own statements
	}
	return err
}

// numbered puts the release and its place there before the cells of each row.
// A row is valid until the next.
func numbered(d *dataset.Dataset, seq int64, rows iter.Seq[[]string]) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		row, ordinal := make([]any, 2+len(d.Columns)), int64(0)
		for cells := range rows {
			ordinal++
			row[0], row[1] = seq, ordinal
			for i, cell := range cells {
				row[2+i] = cell
			}
			if !yield(row) {
				return
			}
		}
	}
}

func (w rowWriter) copyFrom(ctx context.Context, d *dataset.Dataset, rows iter.Seq[[]any]) error {
	next, stop := iter.Pull(rows)
	defer stop()
	names := []string{"release_seq", "ordinal"}
	for _, c := range d.Columns {
		names = append(names, c.SQL())
	}
	return w.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver of PostgreSQL is %T", driver)
		}
		_, err := conn.Conn().CopyFrom(ctx, pgx.Identifier{d.Table()}, names, pgx.CopyFromFunc(func() ([]any, error) {
			row, _ := next()
			return row, nil // nil ends the copy
		}))
		return err
	})
}

// batch is the number of rows per statement for SQLite. The driver compiles a
// statement for each execution and binds parameters in quadratic time, so very small
// and very large batches are both slow.
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

// sqlColumns lists the columns of a dataset's table.
func sqlColumns(d *dataset.Dataset) []string {
	names := []string{"release_seq", "ordinal"}
	for _, c := range d.Columns {
		names = append(names, quote(c.SQL()))
	}
	return names
}

func insertSQL(table string, names []string, rows int) string {
	group := "(" + strings.TrimSuffix(strings.Repeat("?,", len(names)), ",") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(group+",", rows), ",")
}

// quote spells a name as an SQL identifier.
func quote(name string) string { return `"` + name + `"` }
