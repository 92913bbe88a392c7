// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"cmp"
	"errors"
	"hash/maphash"
	"math"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// digested is an old row of a bulk dataset: digests of its identifier and of all cells.
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

// Unlisted counts rows that differ between two releases and whose changes are not listed.
type Unlisted struct{ Added, Changed, Removed int }

// compareBulk returns the changes of a bulk dataset in the order of release.CompareRows;
// of a snapshot, those of the first rows, and how many others differ. It keeps 24 bytes of
// each old row, and what is listed. The old rows are read again for their cells if any
// was changed or removed.
func compareBulk(d *dataset.Dataset, old release.Reader, previous *domain.Release, next store.Rows) ([]release.Change, Unlisted, error) {
	var rest Unlisted
	rows := &digestedRows{}
	if err := rows.read(old, previous, d); err != nil {
		return nil, rest, err
	}
	most := math.MaxInt
	if d.Snapshot {
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
	if part, ok := previous.Dataset(d.ID); ok {
		for i := range r {
			r[i] = make([]digested, 0, part.Rows/256+part.Rows/2560+8)
		}
	}
	var cells []string
	err := old(func(row [][]byte) error {
		cells = cells[:0]
		for _, cell := range row {
			cells = append(cells, string(cell))
		}
		id := digest(cells[0])
		r[id>>56] = append(r[id>>56], digested{id: id, row: digestRow(cells)})
		return nil
	})
	for _, part := range r {
		slices.SortFunc(part, func(a, b digested) int { return cmp.Compare(a.id, b.id) })
		for i := 1; i < len(part); i++ {
			if part[i].id == part[i-1].id {
				return errDigest
			}
		}
	}
	return err
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
