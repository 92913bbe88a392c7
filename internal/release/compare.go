// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// The codes of the codelist change.
const (
	Added   = "added"
	Changed = "changed"
	Removed = "removed"
)

// Change is one difference between two states of a dataset.
type Change struct {
	Dataset *dataset.Dataset
	// Row is the identifier of the row.
	Row string
	// Kind is Added, Changed or Removed.
	Kind string
	// Column, Old and New are set if Kind is Changed.
	Column, Old, New string
	// Values are the cells of a row that was added or removed, one for each
	// column of the dataset.
	Values []string
}

// compareReleases returns the changes between two releases, whose rows read returns, in
// the order of the datasets. It leaves out the dataset changes, which only ever grows, and
// does not read datasets with the same content hash. The error is ErrTooMany if there are
// more than limit.
func compareReleases(from, to *domain.Release, read func(*domain.Release, *dataset.Dataset) Reader, limit int) ([]Change, error) {
	var changes []Change
	for _, d := range dataset.All {
		old, _ := from.Dataset(d.ID)
		next, _ := to.Dataset(d.ID)
		if d == dataset.Changes || old.ContentHash == next.ContentHash && old.ContentHash != "" {
			continue
		}
		more, err := CompareRows(d, read(from, d), read(to, d), limit-len(changes))
		if err != nil {
			return nil, err
		}
		changes = append(changes, more...)
	}
	return changes, nil
}

// Compare returns the changes between two releases. The error is a *domain.Invalid if there
// are more than limit.
func (r *Releases) Compare(ctx context.Context, from, to *domain.Release, limit int) ([]Change, error) {
	read := func(of *domain.Release, d *dataset.Dataset) Reader {
		return func(yield func([][]byte) error) error {
			return r.Rows(ctx, of, dataset.Query{Dataset: d}, yield)
		}
	}
	changes, err := compareReleases(from, to, read, limit)
	if errors.Is(err, ErrTooMany) {
		return nil, &domain.Invalid{
			Name: "from", Value: from.ID, Rule: fmt.Sprintf("differs from %s in more than %d values; compare their whole files instead", to.ID, limit),
		}
	}
	return changes, err
}

// RowsReader returns a Reader of rows in memory.
func RowsReader(rows [][]string) Reader {
	return func(yield func(cells [][]byte) error) error {
		var text []byte
		var cells [][]byte
		for _, row := range rows {
			text, cells = text[:0], cells[:0]
			for _, cell := range row {
				start := len(text)
				text = append(text, cell...)
				cells = append(cells, text[start:len(text):len(text)])
			}
			if err := yield(cells); err != nil {
				return err
			}
		}
		return nil
	}
}

// ChangedCells returns the differences between two states of a row.
func ChangedCells(d *dataset.Dataset, old, next []string) []Change {
	var changes []Change
	for i, c := range d.Columns {
		if old[i] != next[i] {
			changes = append(changes, Change{Dataset: d, Row: next[0], Kind: Changed, Column: c.Name, Old: old[i], New: next[i]})
		}
	}
	return changes
}

// Cells returns the change as a row of the dataset changes.
func (c Change) Cells(release, day string) []string {
	id := release + "." + c.Dataset.ID + "." + c.Row
	if c.Column != "" {
		id += "." + c.Column
	}
	return []string{id, release, day, c.Dataset.ID, c.Row, c.Kind, c.Column, c.Old, c.New}
}

// Reader calls yield for each row of a dataset. The cells are valid until yield
// returns. An error of yield ends the reading and is returned.
type Reader func(yield func(cells [][]byte) error) error

// Texts returns copies of the cells of a row.
func Texts(row [][]byte) []string {
	out := make([]string, len(row))
	for i, cell := range row {
		out[i] = string(cell)
	}
	return out
}

// ErrTooMany reports that there are more changes than the caller accepts.
var ErrTooMany = errors.New("too many changes")

// CompareRows returns the changes of one dataset: changed and added rows in the
// order of the new state, then removed rows in the order of the old. It holds the
// old rows in memory, reads the new ones as a stream, and takes linear time.
func CompareRows(d *dataset.Dataset, old, next Reader, limit int) ([]Change, error) {
	unmatched := map[string]string{} // packed old rows by identifier
	var order []string
	err := old(func(row [][]byte) error {
		packed := string(bytes.Join(row, separator))
		id := packed[:len(row[0])]
		unmatched[id] = packed
		order = append(order, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	var changes []Change
	add := func(more ...Change) error {
		if changes = append(changes, more...); len(changes) > limit {
			return ErrTooMany
		}
		return nil
	}
	var packed []byte
	err = next(func(row [][]byte) error {
		packed = packed[:0]
		for i, cell := range row {
			if i > 0 {
				packed = append(packed, separator...)
			}
			packed = append(packed, cell...)
		}
		before, ok := unmatched[string(row[0])]
		if !ok {
			return add(Change{Dataset: d, Row: string(row[0]), Kind: Added, Values: unpack(string(packed))})
		}
		delete(unmatched, string(row[0]))
		if before == string(packed) {
			return nil
		}
		return add(ChangedCells(d, unpack(before), unpack(string(packed)))...)
	})
	if err != nil {
		return nil, err
	}
	for _, id := range order {
		row, ok := unmatched[id]
		if !ok {
			continue
		}
		if err := add(Change{Dataset: d, Row: id, Kind: Removed, Values: unpack(row)}); err != nil {
			return nil, err
		}
	}
	return changes, nil
}

// separator does not occur in cells: data packages must not have control
// characters.
var separator = []byte{0x1f}

func unpack(row string) []string { return strings.Split(row, string(separator)) }
