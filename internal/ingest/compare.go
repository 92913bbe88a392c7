package ingest

import (
	"cmp"
	"errors"
	"hash/maphash"
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

// compareBulk returns the changes of a bulk dataset in the order of release.CompareRows.
// It keeps 24 bytes of each old row, and what has changed. The old rows are read again
// for their cells if any was changed or removed.
func compareBulk(d *dataset.Dataset, old release.Reader, previous *domain.Release, next store.Rows) ([]release.Change, error) {
	rows := &digestedRows{}
	if err := rows.read(old, previous, d); err != nil {
		return nil, err
	}
	var changes []release.Change
	changed := map[uint64]int{} // places of changes whose old cells are missing
	for row, err := range next {
		if err != nil {
			return nil, err
		}
		id := digest(row[0])
		switch before := rows.find(id); {
		case before == nil:
			changes = append(changes, release.Change{Dataset: d, Row: strings.Clone(row[0]), Kind: release.Added, Values: slices.Clone(row)})
		case before.row == digestRow(row):
			before.kept = true
		default:
			before.kept = true
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
	if len(changed)+removed == 0 {
		return changes, nil
	}
	return resolve(d, old, rows, changes, changed)
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

// resolve reads the old cells of rows that were changed or removed.
func resolve(d *dataset.Dataset, old release.Reader, rows *digestedRows, changes []release.Change, changed map[uint64]int) ([]release.Change, error) {
	before := make(map[int][]string, len(changed))
	var removed []release.Change
	err := old(func(row [][]byte) error {
		id := digest(string(row[0]))
		place, ok := changed[id]
		if !ok && rows.find(id).kept {
			return nil
		}
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = string(cell)
		}
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
