package store

import (
	"context"
	"database/sql"

	"github.com/zielstand/zielstand/internal/dataset"
)

// untyped is an expression without a declared type, which the driver of SQLite
// would look up for each value that it reads, at more cost than the reading
// (sqlite.org/c3ref/column_decltype.html).
func (s *Store) untyped(expression string) string {
	if s.dialect == "postgres" {
		return expression
	}
	return "+" + expression
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
	row := newUnpacker(q)
	var last *dataset.Position
	for n := 0; rows.Next(); n++ {
		if q.Limit > 0 && n == q.Limit {
			return last, rows.Close()
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		cells, err := row.cells(raw[0])
		if err != nil {
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
