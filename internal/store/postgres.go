package store

import (
	"context"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/zielstand/zielstand/internal/dataset"
)

// queryPostgres hands on the text that the server sends, without a conversion
// or a copy between: pgx underneath database/sql, on a connection of its pool.
func (s *Store) queryPostgres(ctx context.Context, text string, args []any, q dataset.Query, yield func([][]byte) error) (*dataset.Position, error) {
	pool, err := s.read.DB()
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	var next *dataset.Position
	err = conn.Raw(func(driver any) error {
		text, args := numbered(text, args)
		args = append([]any{resultFormats(q)}, args...)
		rows, err := driver.(*stdlib.Conn).Conn().Query(ctx, text, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		if next, err = scanRaw(rows, q, yield); err != nil {
			return err
		}
		rows.Close()
		return rows.Err()
	})
	return next, err
}

// resultFormats asks for the packed row in the binary format, which for text is
// the text without a copy, and for the keys behind it in the text format.
func resultFormats(q dataset.Query) pgx.QueryResultFormats {
	formats := pgx.QueryResultFormats{pgx.BinaryFormatCode}
	if q.Limit > 0 {
		formats = append(formats, make(pgx.QueryResultFormats, len(q.Sort)+1)...)
	}
	return formats
}

// scanRaw hands on rows up to the limit; one row more than that shows that the
// page is not the last.
func scanRaw(rows pgx.Rows, q dataset.Query, yield func([][]byte) error) (*dataset.Position, error) {
	row := newUnpacker(q)
	var last *dataset.Position
	for n := 0; rows.Next(); n++ {
		if q.Limit > 0 && n == q.Limit {
			return last, nil
		}
		raw := rows.RawValues()
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

// numbered turns ? into $1, $2 … and lists into as many places. The statement's
// text is ours and holds no other question marks.
func numbered(text string, args []any) (string, []any) {
	var b strings.Builder
	var flat []any
	next := 0
	for _, r := range text {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		switch list := args[next].(type) {
		case []string:
			flat = appendPlaces(&b, flat, list)
		case []float64:
			flat = appendPlaces(&b, flat, list)
		default:
			flat = append(flat, list)
			b.WriteString("$" + strconv.Itoa(len(flat)))
		}
		next++
	}
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
