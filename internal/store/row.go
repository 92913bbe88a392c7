package store

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// unitSeparator ends each cell of a packed row. No cell holds it: the check of a
// data package refuses control characters.
const unitSeparator = '\x1f'

// pack is the cells of a row in one value.
func pack(cells []string) string {
	const end = string(unitSeparator)
	return strings.Join(cells, end) + end
}

// unpacker parts packed rows into the cells that a query serves.
type unpacker struct {
	all, served [][]byte
	fields      []int
}

func newUnpacker(q dataset.Query) *unpacker {
	u := &unpacker{all: make([][]byte, len(q.Dataset.Columns)), fields: q.Fields}
	u.served = u.all
	if len(q.Fields) > 0 {
		u.served = make([][]byte, len(q.Fields))
	}
	return u
}

// cells parts a row; what it returns is good until the next.
func (u *unpacker) cells(row []byte) ([][]byte, error) {
	for i := range u.all {
		end := bytes.IndexByte(row, unitSeparator)
		if end < 0 {
			return nil, fmt.Errorf("a row has %d cells, not %d", i, len(u.all))
		}
		u.all[i], row = row[:end], row[end+1:]
	}
	if len(row) > 0 {
		return nil, fmt.Errorf("a row has more than %d cells", len(u.all))
	}
	for i, f := range u.fields {
		u.served[i] = u.all[f]
	}
	return u.served, nil
}
