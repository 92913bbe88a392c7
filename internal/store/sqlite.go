package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// unitSeparator parts the cells of a packed row. No cell holds it: the check of
// a data package refuses control characters.
const unitSeparator = '\x1f'

// packed is the columns of a row in one value. The driver looks up the declared
// type of each value that it reads, which costs more than the reading.
func packed(names []string) string {
	formats := strings.Repeat("%s"+string(unitSeparator), len(names))
	return "CAST(printf('" + formats + "', " + strings.Join(names, ", ") + ") AS BLOB)"
}

// plain is the expressions without a declared type.
func (s *Store) plain(expressions []string) []string {
	if s.dialect == "postgres" {
		return expressions
	}
	out := make([]string, len(expressions))
	for i, e := range expressions {
		out[i] = "+" + e // of which SQLite says no type (sqlite.org/c3ref/column_decltype.html)
	}
	return out
}

// querySQLite hands on rows up to the limit; one row more than that shows that
// the page is not the last.
func (s *Store) querySQLite(ctx context.Context, text string, args []any, q dataset.Query, yield func([][]byte) error) (*dataset.Position, error) {
	rows, err := s.read.WithContext(ctx).Raw(text, args...).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	raw := make([]sql.RawBytes, len(columns))
	targets := make([]any, len(raw))
	for i := range raw {
		targets[i] = &raw[i]
	}
	cells := make([][]byte, len(q.Columns()))
	var last *dataset.Position
	for n := 0; rows.Next(); n++ {
		if q.Limit > 0 && n == q.Limit {
			return last, rows.Close()
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		if err := unpack(raw[0], cells); err != nil {
			return nil, err
		}
		if err := yield(cells); err != nil {
			return nil, err
		}
		if n == q.Limit-1 {
			last = position(raw[1:])
		}
	}
	return nil, rows.Err()
}

// unpack parts a packed row into its cells.
func unpack(row []byte, cells [][]byte) error {
	for i := range cells {
		end := bytes.IndexByte(row, unitSeparator)
		if end < 0 {
			return fmt.Errorf("a row has %d cells, not %d", i, len(cells))
		}
		cells[i], row = row[:end], row[end+1:]
	}
	if len(row) > 0 {
		return fmt.Errorf("a row has more than %d cells", len(cells))
	}
	return nil
}
