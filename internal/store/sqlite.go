package store

import (
	"context"
	"database/sql"
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

// querySQLite hands on the bytes of the database: they are not copied.
func (s *Store) querySQLite(ctx context.Context, text string, args []any, read func(value []byte) error) error {
	rows, err := s.read.WithContext(ctx).Raw(text, args...).Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	var value sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&value); err != nil {
			return err
		}
		if err := read(value); err != nil {
			return err
		}
	}
	return rows.Err()
}
