package store

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// unitSeparator ends each part of a packed row. No cell holds it: the check of a
// data package refuses control characters.
const unitSeparator = '\x1f'

// pack is a row in one value: its cells and its ordinal.
func pack(cells []string, ordinal int64) string {
	const end = string(unitSeparator)
	return strings.Join(cells, end) + end + strconv.FormatInt(ordinal, 10) + end
}

// Page is the rows of a page as the database gave them.
type Page struct {
	// Rows is their number.
	Rows int
	// Next is the position of the last row if more follow the page.
	Next  *dataset.Position
	query dataset.Query
	value []byte
}

// newPage takes one row more than the limit of the query as a sign that the page
// is not the last.
func newPage(q dataset.Query, value []byte) (*Page, error) {
	p := &Page{Rows: bytes.Count(value, []byte{unitSeparator}) / (len(q.Dataset.Columns) + 1), query: q, value: value}
	if p.Rows <= q.Limit {
		return p, nil
	}
	u := newUnpacker(q)
	rest := value
	for range q.Limit {
		var err error
		if rest, err = u.row(rest); err != nil {
			return nil, err
		}
	}
	p.Rows, p.Next, p.value = q.Limit, u.position(), p.value[:len(value)-len(rest)]
	return p, nil
}

// Each calls yield for each row with the cells of its columns; the cells are
// valid during the call only.
func (p *Page) Each(yield func(cells [][]byte) error) error {
	return newUnpacker(p.query).each(p.value, yield)
}

// unpacker parts packed rows into the cells that a query asks for.
type unpacker struct {
	query dataset.Query
	// parts are the cells of a row and its ordinal, served the cells asked for.
	parts, served [][]byte
}

func newUnpacker(q dataset.Query) *unpacker {
	u := &unpacker{query: q, parts: make([][]byte, len(q.Dataset.Columns)+1)}
	u.served = u.parts[:len(q.Dataset.Columns)]
	if len(q.Fields) > 0 {
		u.served = make([][]byte, len(q.Fields))
	}
	return u
}

// each hands on the rows of a value, of which there can be none or many.
func (u *unpacker) each(value []byte, yield func(cells [][]byte) error) error {
	for len(value) > 0 {
		var err error
		if value, err = u.row(value); err != nil {
			return err
		}
		if err := yield(u.served); err != nil {
			return err
		}
	}
	return nil
}

// row parts the first row of a value and returns what follows it.
func (u *unpacker) row(value []byte) ([]byte, error) {
	for i := range u.parts {
		end := bytes.IndexByte(value, unitSeparator)
		if end < 0 {
			return nil, fmt.Errorf("a row has %d parts, not %d", i, len(u.parts))
		}
		u.parts[i], value = value[:end], value[end+1:]
	}
	for i, f := range u.query.Fields {
		u.served[i] = u.parts[f]
	}
	return value, nil
}

// position is that of the row which was parted last.
func (u *unpacker) position() *dataset.Position {
	p := &dataset.Position{}
	for _, o := range u.query.Sort {
		p.Keys = append(p.Keys, orderOf(u.query.Dataset.Columns[o.Column], string(u.parts[o.Column])))
	}
	p.Ordinal, _ = strconv.ParseInt(string(u.parts[len(u.parts)-1]), 10, 64)
	return p
}

// orderOf is what the database orders a cell by.
func orderOf(c dataset.Column, cell string) string {
	switch {
	case c.Type == dataset.Period:
		_, end := days(cell)
		return end
	case c.Numeric():
		if n, ok := number(cell).(float64); ok {
			return strconv.FormatFloat(n, 'g', -1, 64)
		}
		return lowest
	default:
		return cell
	}
}
