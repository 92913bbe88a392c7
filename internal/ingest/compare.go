// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// Unlisted counts rows that differ between two releases and whose changes are not listed.
type Unlisted struct{ Added, Changed, Removed int }

// Diff returns the changes between two releases, and the differences of bulk snapshots
// that are not listed.
func Diff(ctx context.Context, s *store.Store, from, to *domain.Release) ([]release.Change, map[*dataset.Dataset]Unlisted, error) {
	return compareDatasets(ctx, s, from, func(d *dataset.Dataset) (store.Rows, bool) {
		before, _ := from.Dataset(d.ID)
		after, _ := to.Dataset(d.ID)
		return rowsOf(stored(ctx, s, to, d)), before.ContentHash == after.ContentHash
	})
}

// compareDatasets returns the changes from a release to the rows that next returns, in the
// order of the datasets, unless next reports that they are the same. It leaves out the
// dataset changes, which only ever grows.
func compareDatasets(ctx context.Context, s *store.Store, from *domain.Release, next func(*dataset.Dataset) (rows store.Rows, same bool)) ([]release.Change, map[*dataset.Dataset]Unlisted, error) {
	var changes []release.Change
	unlisted := map[*dataset.Dataset]Unlisted{}
	for _, d := range dataset.All {
		rows, same := next(d)
		if same || d == dataset.Changes {
			continue
		}
		more, rest, err := compareRows(d, stored(ctx, s, from, d), from, rows)
		if err != nil {
			return nil, nil, fmt.Errorf("compare %s: %w", d.ID, err)
		}
		changes, unlisted[d] = append(changes, more...), rest
	}
	return changes, unlisted, nil
}

// digested is an old row: digests of its identifier and of all cells.
type digested struct {
	id, row uint64
	kept    bool
}

// digestedRows are the old rows by the first byte of the digest of their identifier.
type digestedRows [256][]digested

func (r *digestedRows) find(id uint64) *digested {
	part := r[id>>56]
	i, ok := slices.BinarySearchFunc(part, id, func(d digested, id uint64) int { return cmp.Compare(d.id, id) })
	if !ok {
		return nil
	}
	return &part[i]
}

// maxSnapshotRows is the number of rows of a bulk snapshot whose changes are listed. With
// each export all rows change, and changes has no history of them.
const maxSnapshotRows = 1000

// compareRows returns the changes of a dataset in the order of release.CompareRows; of a
// bulk snapshot, those of the first rows, and how many others differ. It keeps 24 bytes of
// each old row, and what is listed. The old rows are read again for their cells if any
// was changed or removed.
func compareRows(d *dataset.Dataset, old release.Reader, previous *domain.Release, next store.Rows) ([]release.Change, Unlisted, error) {
	var rest Unlisted
	rows := &digestedRows{}
	if err := rows.read(old, previous, d); err != nil {
		return nil, rest, err
	}
	most := math.MaxInt
	if d.Bulk && d.Snapshot {
		most = maxSnapshotRows
	}
	var changes []release.Change
	changed := map[uint64]int{} // places of changes whose old cells are missing
	for row, err := range next {
		if err != nil {
			return nil, rest, err
		}
		id := digest(row[0])
		before := rows.find(id)
		if before != nil {
			before.kept = true
			if before.row == digestRow(row) {
				continue
			}
		}
		switch full := len(changes) >= most; {
		case before == nil && full:
			rest.Added++
		case before == nil:
			changes = append(changes, release.Change{Dataset: d, Row: strings.Clone(row[0]), Kind: release.Added, Values: slices.Clone(row)})
		case full:
			rest.Changed++
		default:
			changed[id] = len(changes)
			changes = append(changes, release.Change{Dataset: d, Row: strings.Clone(row[0]), Kind: release.Changed, Values: slices.Clone(row)})
		}
	}
	removed := 0
	for _, part := range rows {
		for _, row := range part {
			if !row.kept {
				removed++
			}
		}
	}
	rest.Removed = max(0, removed-(most-len(changes)))
	if len(changed)+removed-rest.Removed == 0 {
		return changes, rest, nil
	}
	changes, err := resolve(d, old, rows, changes, changed, removed-rest.Removed)
	return changes, rest, err
}

func (r *digestedRows) read(old release.Reader, previous *domain.Release, d *dataset.Dataset) error {
	part, _ := previous.Dataset(d.ID)
	expected := min(max(part.Rows, 0), MaxBulkRows) // the number in the database can be wrong
	for i := range r {
		r[i] = make([]digested, 0, expected/256+expected/2560+8)
	}
	for row, err := range rowsOf(old) {
		if err != nil {
			return err
		}
		id := digest(row[0])
		r[id>>56] = append(r[id>>56], digested{id: id, row: digestRow(row)})
	}
	for _, part := range r {
		slices.SortFunc(part, func(a, b digested) int { return cmp.Compare(a.id, b.id) })
		for i := 1; i < len(part); i++ {
			if part[i].id == part[i-1].id {
				return errDigest
			}
		}
	}
	return nil
}

// errDigest reports that two identifiers have the same digest. The next run takes another
// seed.
var errDigest = errors.New("two identifiers have the same digest; import again")

func digestRow(cells []string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, cell := range cells {
		_, _ = h.WriteString(cell)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// resolve reads the old cells of the rows that were changed, and of as many of those that
// were removed.
func resolve(d *dataset.Dataset, old release.Reader, rows *digestedRows, changes []release.Change, changed map[uint64]int, most int) ([]release.Change, error) {
	before := make(map[int][]string, len(changed))
	var removed []release.Change
	err := old(func(row [][]byte) error {
		id := digest(string(row[0]))
		place, ok := changed[id]
		if !ok && (rows.find(id).kept || len(removed) >= most) {
			return nil
		}
		cells := release.Texts(row)
		switch {
		case !ok:
			removed = append(removed, release.Change{Dataset: d, Row: cells[0], Kind: release.Removed, Values: cells})
		case cells[0] != changes[place].Row:
			return errDigest
		default:
			before[place] = cells
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]release.Change, 0, len(changes)+len(removed))
	for i, c := range changes {
		if c.Kind == release.Changed {
			out = append(out, release.ChangedCells(d, before[i], c.Values)...)
		} else {
			out = append(out, c)
		}
	}
	return append(out, removed...), nil
}

// stored reads a dataset of a release.
func stored(ctx context.Context, s *store.Store, r *domain.Release, d *dataset.Dataset) release.Reader {
	return func(yield func([][]byte) error) error { return s.Read(ctx, r, d, yield) }
}

// errStopped ends the reading of rows.
var errStopped = errors.New("stopped")

// rowsOf returns the rows that a reader yields.
func rowsOf(read release.Reader) store.Rows {
	return func(yield func([]string, error) bool) {
		var row []string
		err := read(func(cells [][]byte) error {
			row = row[:0]
			for _, c := range cells {
				row = append(row, string(c))
			}
			if !yield(row, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(nil, err)
		}
	}
}
