package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// queryPostgres hands on the bytes that the server sends, without a conversion
// or a copy between: pgx underneath database/sql, on a connection of its pool.
// The binary format of a text is the text.
func (s *Store) queryPostgres(ctx context.Context, text string, args []any, read func(value []byte) error) error {
	pool, err := s.read.DB()
	if err != nil {
		return err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(driver any) error {
		args := append([]any{pgx.QueryResultFormats{pgx.BinaryFormatCode}}, args...)
		rows, err := driver.(*stdlib.Conn).Conn().Query(ctx, text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := read(rows.RawValues()[0]); err != nil {
				return err
			}
		}
		return rows.Err()
	})
}

// numbered turns ? into $1, $2 … and lists into as many places. The statement's
// text is ours and holds no other question marks.
func numbered(text string, args []any) (string, []any) {
	var b strings.Builder
	b.Grow(len(text) + 3*len(args))
	flat := make([]any, 0, len(args))
	for _, arg := range args {
		before, after, _ := strings.Cut(text, "?")
		b.WriteString(before)
		text = after
		switch list := arg.(type) {
		case []string:
			flat = appendPlaces(&b, flat, list)
		case []float64:
			flat = appendPlaces(&b, flat, list)
		default:
			flat = append(flat, list)
			b.WriteString("$" + strconv.Itoa(len(flat)))
		}
	}
	b.WriteString(text)
	return b.String(), flat
}

func appendPlaces[T any](b *strings.Builder, flat []any, list []T) []any {
	b.WriteByte('(')
	for i, v := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		flat = append(flat, v)
		b.WriteString("$" + strconv.Itoa(len(flat)))
	}
	b.WriteByte(')')
	return flat
}
