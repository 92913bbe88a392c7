// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"math"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
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

// Unlisted counts rows that differ and whose changes are not listed.
type Unlisted struct{ Added, Changed, Removed int }

// Compare returns the changes between two releases, or those of one dataset if only is not
// nil. The error is ErrTooMany if there are more than limit.
func (r *Releases) Compare(ctx context.Context, from, to *domain.Release, only *dataset.Dataset, limit int) ([]Change, error) {
	read := func(of *domain.Release, d *dataset.Dataset) Reader {
		return func(yield func([][]byte) error) error {
			return r.Rows(ctx, of, dataset.Query{Dataset: d}, yield)
		}
	}
	changes, _, err := compareReleases(from, to, only, read, limit, math.MaxInt)
	return changes, err
}

// maxSnapshotRows is the number of rows of a bulk snapshot whose changes Diff and Since
// list. With each export all rows change, and changes has no history of them.
const maxSnapshotRows = 1000

// Diff returns the changes between two releases of a store, and the differences of bulk
// snapshots that are not listed.
func Diff(ctx context.Context, s *store.Store, from, to *domain.Release) ([]Change, map[*dataset.Dataset]Unlisted, error) {
	read := func(of *domain.Release, d *dataset.Dataset) Reader { return stored(ctx, s, of, d) }
	return compareReleases(from, to, nil, read, math.MaxInt, maxSnapshotRows)
}

// Since is Diff for rows that are not in the store. Next returns those of a dataset, or
// reports that they are the same as in the release.
func Since(ctx context.Context, s *store.Store, from *domain.Release, next func(*dataset.Dataset) (rows Reader, same bool)) ([]Change, map[*dataset.Dataset]Unlisted, error) {
	old := func(d *dataset.Dataset) Reader { return stored(ctx, s, from, d) }
	return compare(old, next, math.MaxInt, maxSnapshotRows)
}

func stored(ctx context.Context, s *store.Store, r *domain.Release, d *dataset.Dataset) Reader {
	return func(yield func([][]byte) error) error { return s.Read(ctx, r, d, yield) }
}

// compareReleases is compare for two releases, or for one dataset of them if only is not
// nil. It does not read datasets with the same content hash.
func compareReleases(from, to *domain.Release, only *dataset.Dataset, read func(*domain.Release, *dataset.Dataset) Reader, limit, snapshotRows int) ([]Change, map[*dataset.Dataset]Unlisted, error) {
	return compare(func(d *dataset.Dataset) Reader { return read(from, d) }, func(d *dataset.Dataset) (Reader, bool) {
		old, _ := from.Dataset(d.ID)
		if next, _ := to.Dataset(d.ID); next.ContentHash == old.ContentHash || only != nil && d != only {
			return nil, true
		}
		return read(to, d), false
	}, limit, snapshotRows)
}

// compare returns the changes between two states in the order of the datasets. It leaves
// out the dataset changes, which only ever grows. The error is ErrTooMany if there are
// more than limit. For a bulk snapshot, it lists at most snapshotRows rows and counts the
// others.
func compare(old func(*dataset.Dataset) Reader, next func(*dataset.Dataset) (rows Reader, same bool), limit, snapshotRows int) ([]Change, map[*dataset.Dataset]Unlisted, error) {
	var changes []Change
	unlisted := map[*dataset.Dataset]Unlisted{}
	for _, d := range dataset.All {
		rows, same := next(d)
		if same || d == dataset.Changes {
			continue
		}
		listed := math.MaxInt
		if d.Bulk && d.Snapshot {
			listed = snapshotRows
		}
		more, rest, err := compareRows(d, old(d), rows, limit-len(changes), listed)
		if err != nil {
			return nil, nil, fmt.Errorf("compare %s: %w", d.ID, err)
		}
		changes, unlisted[d] = append(changes, more...), rest
	}
	return changes, unlisted, nil
}

// RowsReader returns a Reader of rows in memory.
func RowsReader(rows [][]string) Reader { return ReaderOf(store.RowsOf(rows)) }

// ReaderOf returns a Reader of rows.
func ReaderOf(rows store.Rows) Reader {
	return func(yield func(cells [][]byte) error) error {
		var text []byte
		var cells [][]byte
		for row, err := range rows {
			if err != nil {
				return err
			}
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

// changedCells returns the differences between two states of a row.
func changedCells(d *dataset.Dataset, old, next []string) []Change {
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
	id := release + "." + c.Dataset.ID + "." + c.Row + "." + cmp.Or(c.Column, c.Kind)
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

// errDigest reports that two identifiers have the same digest. The next comparison takes
// another seed.
var errDigest = fmt.Errorf("%w: two identifiers have the same digest; try again", domain.ErrUnavailable)

// compareRows returns the changes of one dataset: changed and added rows in the order of
// the new state, then removed rows in the order of the old. It lists as many rows as
// listed, and counts the others. It keeps digests of the old rows, and what is listed.
// The old rows are read again for their cells if any was changed or removed.
func compareRows(d *dataset.Dataset, old, next Reader, limit, listed int) ([]Change, Unlisted, error) {
	m := matcher{dataset: d, seed: maphash.MakeSeed(), old: map[uint64]uint64{}, changed: map[uint64]int{}}
	if err := old(m.addOld); err != nil {
		return nil, Unlisted{}, err
	}
	err := next(func(row [][]byte) error {
		if m.match(row, listed); len(m.changes) > limit {
			return ErrTooMany
		}
		return nil
	})
	if err != nil {
		return nil, Unlisted{}, err
	}
	removed := min(len(m.old), listed-len(m.changes))
	m.unlisted.Removed = len(m.old) - removed
	if len(m.changes)+removed > limit {
		return nil, Unlisted{}, ErrTooMany
	}
	if len(m.changed)+removed == 0 {
		return m.changes, m.unlisted, nil
	}
	changes, err := m.resolve(old, removed)
	if err == nil && len(changes) > limit {
		err = ErrTooMany
	}
	return changes, m.unlisted, err
}

// matcher finds the old row of a new one.
type matcher struct {
	dataset *dataset.Dataset
	seed    maphash.Seed
	// old are the digests of the old rows that have no new one, by the digest of the
	// identifier.
	old map[uint64]uint64
	// changes are those of the new rows. Where a row was changed, they have all of it.
	changes []Change
	// changed are the places of rows that were changed, by the digest of the identifier.
	changed  map[uint64]int
	unlisted Unlisted
}

func (m *matcher) digest(cells ...[]byte) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
	for _, cell := range cells {
		_, _ = h.Write(cell)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

func (m *matcher) addOld(row [][]byte) error {
	id := m.digest(row[0])
	if _, twice := m.old[id]; twice {
		return errDigest
	}
	m.old[id] = m.digest(row...)
	return nil
}

func (m *matcher) match(row [][]byte, listed int) {
	id := m.digest(row[0])
	before, known := m.old[id]
	delete(m.old, id)
	switch full := len(m.changes) >= listed; {
	case known && before == m.digest(row...): // unchanged
	case known && full:
		m.unlisted.Changed++
	case full:
		m.unlisted.Added++
	case known:
		m.changed[id] = len(m.changes)
		m.add(Changed, row)
	default:
		m.add(Added, row)
	}
}

func (m *matcher) add(kind string, row [][]byte) {
	cells := Texts(row)
	m.changes = append(m.changes, Change{Dataset: m.dataset, Row: cells[0], Kind: kind, Values: cells})
}

// resolve reads the old cells of the rows that were changed, and of as many of those that
// were removed.
func (m *matcher) resolve(old Reader, removed int) ([]Change, error) {
	before, matched := make([][]string, len(m.changes)), len(m.changes)
	err := old(func(row [][]byte) error {
		id := m.digest(row[0])
		place, changed := m.changed[id]
		_, unmatched := m.old[id]
		switch {
		case changed && string(row[0]) != m.changes[place].Row:
			return errDigest
		case changed:
			before[place] = Texts(row)
		case unmatched && len(m.changes)-matched < removed:
			m.add(Removed, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]Change, 0, len(m.changes))
	for i, c := range m.changes {
		if c.Kind == Changed {
			out = append(out, changedCells(m.dataset, before[i], c.Values)...)
		} else {
			out = append(out, c)
		}
	}
	return out, nil
}
