// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"maps"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// unaffected reports whether a bulk dataset of the base is still in order, and its derived
// columns and what is computed from it are the same, so that none of its rows has to be
// read: what its rows refer to is still there, and the columns used of it did not change.
func (r *reader) unaffected(d *dataset.Dataset) bool {
	if r.base.store == nil || !r.described(d) || d == dataset.ServiceAvailability && !r.described(dataset.ServiceCounts) {
		return false
	}
	for _, other := range dataset.All {
		columns := taken(d, other)
		if columns == nil || r.carried[other.ID] {
			continue
		}
		next := r.table(other.ID)
		before := &reader{folder: r.base.folder(), limits: r.limits, pkg: &Package{Tables: map[string]*Table{}, Files: map[string]store.File{}}}
		before.readTable(other)
		old := before.table(other.ID)
		if next == nil || old == nil || !holds(old, next, columns) {
			return false
		}
	}
	return true
}

// described reports whether the base has a dataset with the description that it has now.
func (r *reader) described(d *dataset.Dataset) bool {
	part, ok := r.base.Release.Dataset(d.ID)
	return ok && part.DescriptionHash == d.Hash() && slices.Equal(part.Columns, d.Names())
}

// taken returns the columns of another dataset whose cells matter for the rows of a
// dataset: only id if the rows merely refer to it, and nil if they do not.
func taken(d, other *dataset.Dataset) []string {
	var out []string
	for _, c := range d.Columns {
		switch {
		case c.Via != "":
			reference, columns, _ := strings.Cut(c.Via, ".")
			if d.Columns[d.Column(reference)].Of == other.ID {
				out = append(out, strings.Split(columns, "|")...)
			}
		case c.Entry() == dataset.Reference && c.Of == other.ID:
			out = append(out, "id")
		case other == dataset.Codelists && (c.Entry() == dataset.Code || c.Name == "locator"):
			out = append(out, "id", "title") // locators contain titles
		}
	}
	if d == dataset.ServiceAvailability && other == dataset.Services {
		out = append(out, "topic") // service-counts are counted by topic
	}
	return out
}

// holds reports whether all rows of a table are still there with the same cells in the
// columns.
func holds(old, next *Table, columns []string) bool {
	rows := make(map[string][]string, len(next.Rows))
	for _, row := range next.Rows {
		rows[row[0]] = row
	}
	for _, row := range old.Rows {
		now, ok := rows[row[0]]
		if !ok || slices.ContainsFunc(columns, func(column string) bool { return old.Cell(row, column) != next.Cell(now, column) }) {
			return false
		}
	}
	return true
}

// keep takes a bulk dataset from the base without reading it.
func (r *reader) keep(d *dataset.Dataset, known map[string]*vocabulary) error {
	part, _ := r.base.Release.Dataset(d.ID)
	path := d.ID + ".csv"
	i := slices.IndexFunc(r.base.Files, func(f store.File) bool { return f.Path == path })
	r.pkg.Files[path] = r.base.Files[i]
	r.pkg.Tables[d.ID] = &Table{Dataset: d, file: r.fileName(d), Columns: d.Edited(), bulk: &bulk{rows: int(part.Rows)}, same: true, complete: true}
	ids, err := r.base.store.Existing(r.base.ctx, r.base.Release, d, slices.Sorted(maps.Keys(r.wanted(d))))
	if err != nil {
		return err
	}
	v := &vocabulary{}
	for _, id := range ids {
		v.add(id)
	}
	known[d.ID] = v
	return nil
}

// aboutGoals returns the observations of the base that say something about a goal.
func (b *Base) aboutGoals(indicators [][]string) ([][]string, error) {
	d := dataset.Observations
	named := map[string]bool{}
	err := b.store.Matching(b.ctx, b.Release, d, "goal", nil, func(cells [][]byte) error {
		named[string(cells[d.Column("indicator")])] = true
		return nil
	})
	if err != nil {
		return nil, err
	}
	addIndicators(named, indicators)
	var out [][]string
	err = b.matching(d, "indicator", slices.Sorted(maps.Keys(named)), func(row []string) { out = append(out, row) })
	return out, err
}

// rows returns the rows of a dataset of the base.
func (b *Base) rows(d *dataset.Dataset) ([][]string, error) {
	var out [][]string
	err := b.eachRow(d, nil, func(row []string) { out = append(out, row) })
	return out, err
}

// eachRow yields the rows of the base with the identifiers or, if the dataset is not
// bulk, all rows.
func (b *Base) eachRow(d *dataset.Dataset, ids []string, yield func([]string)) error {
	if d.Bulk {
		return b.matching(d, "id", ids, yield)
	}
	return b.store.Read(b.ctx, b.Release, d, func(cells [][]byte) error {
		yield(release.Texts(cells))
		return nil
	})
}

// matching yields the rows of the base that have one of the values in a column, in no
// particular order.
func (b *Base) matching(d *dataset.Dataset, column string, values []string, yield func([]string)) error {
	for part := range slices.Chunk(values, dataset.MaxValues) {
		err := b.store.Matching(b.ctx, b.Release, d, column, part, func(cells [][]byte) error {
			yield(release.Texts(cells))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
