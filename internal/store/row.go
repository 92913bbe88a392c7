package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// unitSeparator ends each part of a packed row. No cell contains it: the check of
// a data package refuses control characters.
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
	Next    *dataset.Position
	release string
	query   dataset.Query
	value   []byte
}

// recordSeparator ends each row of a page. Like unitSeparator it is in no cell, so
// that a row with more or fewer cells than expected is noticed.
const recordSeparator = '\x1e'

// newPage takes one row more than the limit of the query as a sign that the page
// is not the last.
func newPage(release string, q dataset.Query, value []byte) (*Page, error) {
	p := &Page{Rows: bytes.Count(value, []byte{recordSeparator}), release: release, query: q, value: value}
	if p.Rows <= q.Limit {
		return p, nil
	}
	u := newUnpacker(release, q)
	rest := value
	for range q.Limit {
		var err error
		if rest, err = u.next(rest); err != nil {
			return nil, err
		}
	}
	p.Rows, p.Next, p.value = q.Limit, u.position(), p.value[:len(value)-len(rest)]
	return p, nil
}

// Each calls yield for each row with the cells of its columns; the cells are
// valid during the call only.
func (p *Page) Each(yield func(cells [][]byte) error) error {
	u := newUnpacker(p.release, p.query)
	for value := p.value; len(value) > 0; {
		var err error
		if value, err = u.next(value); err != nil {
			return err
		}
		if err := yield(u.served); err != nil {
			return err
		}
	}
	return nil
}

// unpacker parts packed rows into the cells that a query asks for.
type unpacker struct {
	release string // its id, for messages
	query   dataset.Query
	// parts are the cells of a row and its ordinal, served the cells asked for.
	parts, served [][]byte
	ordinal       int64
}

func newUnpacker(release string, q dataset.Query) *unpacker {
	u := &unpacker{release: release, query: q, parts: make([][]byte, len(q.Dataset.Columns)+1)}
	u.served = u.parts[:len(q.Dataset.Columns)]
	if len(q.Fields) > 0 {
		u.served = make([][]byte, len(q.Fields))
	}
	return u
}

// next parts the first row of a page and returns the rows that follow it.
func (u *unpacker) next(value []byte) ([]byte, error) {
	row, rest, ended := bytes.Cut(value, []byte{recordSeparator})
	if !ended {
		return nil, u.damaged(row, "does not end")
	}
	return rest, u.row(row)
}

// row parts a row.
func (u *unpacker) row(value []byte) error {
	found, length := part(u.parts, value)
	if found < len(u.parts) {
		return u.damaged(value, fmt.Sprintf("has %d parts, not %d", found, len(u.parts)))
	}
	if length < len(value) {
		return u.damaged(value, fmt.Sprintf("has more than %d parts", len(u.parts)))
	}
	var ok bool
	if u.ordinal, ok = parseOrdinal(u.parts[len(u.parts)-1]); !ok {
		return u.damaged(value, fmt.Sprintf("ends in %.40q, which is not the number of a row", u.parts[len(u.parts)-1]))
	}
	for i, f := range u.query.Fields {
		u.served[i] = u.parts[f]
	}
	return nil
}

// damaged reports a packed row that is not as it was written.
func (u *unpacker) damaged(value []byte, how string) error {
	id, _, _ := bytes.Cut(value, []byte{unitSeparator})
	return fmt.Errorf("%w: release %s, dataset %s: the packed row that begins with %.40q %s",
		strategy.ErrUnavailable, u.release, u.query.Dataset.ID, id, how)
}

// parseOrdinal reads the place of a row: a positive number as pack writes it.
func parseOrdinal(text []byte) (n int64, ok bool) {
	if len(text) == 0 || len(text) > 18 || text[0] == '0' {
		return 0, false
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	return n, true
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
	p := &dataset.Position{Ordinal: u.ordinal}
	for _, o := range u.query.Sort {
		p.Keys = append(p.Keys, orderOf(u.query.Dataset.Columns[o.Column], string(u.parts[o.Column])))
	}
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
