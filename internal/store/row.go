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

// reader hands on rows from packed values up to the limit of a query; one row
// more than that shows that the page is not the last.
type reader struct {
	query dataset.Query
	yield func(cells [][]byte) error
	// parts are the cells of a row and its ordinal, served the cells asked for.
	parts, served [][]byte
	rows          int
	// last is the position of a page's last row, next the same if others follow.
	last, next *dataset.Position
}

func newReader(q dataset.Query, yield func([][]byte) error) *reader {
	r := &reader{query: q, yield: yield, parts: make([][]byte, len(q.Dataset.Columns)+1)}
	r.served = r.parts[:len(q.Dataset.Columns)]
	if len(q.Fields) > 0 {
		r.served = make([][]byte, len(q.Fields))
	}
	return r
}

// read hands on the rows of a value, of which there can be none or many.
func (r *reader) read(value []byte) error {
	for len(value) > 0 {
		if r.query.Limit > 0 && r.rows == r.query.Limit {
			r.next = r.last
			return nil
		}
		var err error
		if value, err = r.unpack(value); err != nil {
			return err
		}
		if err := r.yield(r.served); err != nil {
			return err
		}
		if r.rows++; r.rows == r.query.Limit {
			r.last = r.position()
		}
	}
	return nil
}

// unpack parts the first row of a value and returns what follows it.
func (r *reader) unpack(value []byte) ([]byte, error) {
	for i := range r.parts {
		end := bytes.IndexByte(value, unitSeparator)
		if end < 0 {
			return nil, fmt.Errorf("row %d has %d parts, not %d", r.rows+1, i, len(r.parts))
		}
		r.parts[i], value = value[:end], value[end+1:]
	}
	for i, f := range r.query.Fields {
		r.served[i] = r.parts[f]
	}
	return value, nil
}

// position is that of the row which was read last.
func (r *reader) position() *dataset.Position {
	p := &dataset.Position{}
	for _, o := range r.query.Sort {
		p.Keys = append(p.Keys, orderOf(r.query.Dataset.Columns[o.Column], string(r.parts[o.Column])))
	}
	p.Ordinal, _ = strconv.ParseInt(string(r.parts[len(r.parts)-1]), 10, 64)
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
