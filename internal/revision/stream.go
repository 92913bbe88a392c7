package revision

import (
	"bytes"
	"errors"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Reader calls yield for each row of a dataset; the cells are valid until it
// returns. An error of yield ends it.
type Reader func(yield func(cells [][]byte) error) error

// ErrTooMany says that there are more changes than the caller takes.
var ErrTooMany = errors.New("too many changes")

// CompareRows is Compare for one dataset of any size: it keeps the text of the old
// rows only, reads the new ones as they come, and takes time in proportion to
// both.
func CompareRows(d *dataset.Dataset, old, next Reader, most int) ([]Change, error) {
	before := map[string]string{} // packed rows by identifier, until found again
	var order []string
	err := old(func(row [][]byte) error {
		packed := string(bytes.Join(row, separator))
		id := packed[:len(row[0])]
		before[id] = packed
		order = append(order, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var changes []Change
	add := func(more ...Change) error {
		if changes = append(changes, more...); len(changes) > most {
			return ErrTooMany
		}
		return nil
	}
	var memory []byte
	err = next(func(row [][]byte) error {
		memory = memory[:0]
		for i, cell := range row {
			if i > 0 {
				memory = append(memory, separator...)
			}
			memory = append(memory, cell...)
		}
		was, ok := before[string(row[0])]
		if !ok {
			return add(Change{Dataset: d, Row: string(row[0]), Kind: Added, Values: unpack(string(memory))})
		}
		delete(before, string(row[0]))
		if was == string(memory) {
			return nil
		}
		return add(cells(d, unpack(was), unpack(string(memory)))...)
	})
	if err != nil {
		return nil, err
	}
	for _, id := range order {
		row, ok := before[id]
		if !ok {
			continue
		}
		if err := add(Change{Dataset: d, Row: id, Kind: Removed, Values: unpack(row)}); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// separator is in no cell: data packages have no control characters.
var separator = []byte{0x1f}

func unpack(row string) []string { return strings.Split(row, string(separator)) }
