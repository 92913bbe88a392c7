package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
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
	found, length := part(u.parts, value)
	if found < len(u.parts) {
		return nil, fmt.Errorf("a row has %d parts, not %d", found, len(u.parts))
	}
	for i, f := range u.query.Fields {
		u.served[i] = u.parts[f]
	}
	return value[length:], nil
}

// part sets the parts that stand at the beginning of a value and returns the
// number and the length of those it found. It looks at eight characters at once.
func part(parts [][]byte, value []byte) (found, length int) {
	for at := 0; at < len(value) && found < len(parts); at += 8 {
		for ends := separators(value[at:]); ends != 0 && found < len(parts); ends &= ends - 1 {
			end := at + bits.TrailingZeros64(ends)/8
			parts[found] = value[length:end]
			found, length = found+1, end+1
		}
	}
	return found, length
}

// separators sets the highest bit of each byte that is a unit separator among the
// first eight of s: seven bits and 0x7f have a carry unless all are zero.
func separators(s []byte) (found uint64) {
	const seven = 0x7f7f7f7f7f7f7f7f
	if len(s) >= 8 {
		w := binary.LittleEndian.Uint64(s) ^ unitSeparator*0x0101010101010101
		return ^(w&seven + seven | w | seven)
	}
	for i, c := range s {
		if c == unitSeparator {
			found |= 0x80 << (8 * i)
		}
	}
	return found
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
