// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// grouped divides the rows found by their cells in the columns, in the order in which the
// groups first appear. The error reports too many groups, or is the context's.
func (t *Table) grouped(ctx context.Context, q dataset.Query, f found, by []int) ([][]uint32, error) {
	var groups [][]uint32
	numbers, key, looked := map[string]int{}, []byte(nil), 0
	err := f.each(0, func(row uint32) error {
		if looked++; looked%rowsPerLook == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		key = key[:0]
		for _, i := range by {
			key = binary.LittleEndian.AppendUint32(key, t.columns[i].codes.at(int(row)))
		}
		n, ok := numbers[string(key)]
		if !ok {
			if n = len(groups); n == dataset.MaxGroups {
				return q.TooManyGroups()
			}
			numbers[string(key)] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], row)
		return nil
	})
	return groups, err
}

// latest keeps the last values of each series.
func (t *Table) latest(ctx context.Context, q dataset.Query, f found) (found, error) {
	q.GroupBy = nil // for the error
	groups, err := t.grouped(ctx, q, f, t.columnsOf(t.dataset.Figures.Series))
	if err != nil {
		return f, err
	}
	kept := roaring.New()
	for _, rows := range groups {
		kept.AddMany(t.last(rows))
	}
	return found{bitmap: kept}, nil
}

// last returns the rows for the latest period, the shortest of those that end on that day,
// and, among these, from the most recent source: several if that has several. Rows without a
// period that became known after it and say something else follow, since they may be later.
func (t *Table) last(rows []uint32) (last []uint32) {
	period, published := &t.columns[t.dataset.Column(t.dataset.Figures.Period)], &t.columns[t.dataset.Vintage()]
	compare := func(a, b uint32) int {
		return cmp.Or(
			cmp.Compare(period.last[period.codes.at(int(a))], period.last[period.codes.at(int(b))]),
			cmp.Compare(period.first[period.codes.at(int(a))], period.first[period.codes.at(int(b))]),
			cmp.Compare(published.last[published.codes.at(int(a))], published.last[published.codes.at(int(b))]))
	}
	for _, row := range rows {
		c := 0
		if len(last) > 0 {
			c = compare(row, last[0])
		}
		switch {
		case c > 0:
			last = append(last[:0], row)
		case c == 0:
			last = append(last, row)
		}
	}
	end := period.last[period.codes.at(int(last[0]))]
	if end == 0 {
		return last
	}
	value, qualifier := t.dataset.Column(t.dataset.Figures.Value), t.dataset.Column("qualifier")
	dated := last
	for _, row := range rows {
		if period.last[period.codes.at(int(row))] == 0 && published.last[published.codes.at(int(row))] > end &&
			!slices.ContainsFunc(dated, func(d uint32) bool { return t.equal(d, row, value, qualifier) }) {
			last = append(last, row)
		}
	}
	return last
}

// equal reports whether two rows are equal in the columns.
func (t *Table) equal(a, b uint32, columns ...int) bool {
	for _, i := range columns {
		if codes := t.columns[i].codes; codes.at(int(a)) != codes.at(int(b)) {
			return false
		}
	}
	return true
}

func (t *Table) columnsOf(names []string) []int {
	columns := make([]int, len(names))
	for i, name := range names {
		columns[i] = t.dataset.Column(name)
	}
	return columns
}

// groups returns the table of the groups of the rows found, with their aggregates.
func (t *Table) groups(ctx context.Context, q dataset.Query, f found, related Related) (*Table, error) {
	groups, err := t.grouped(ctx, q, f, q.GroupBy)
	if err != nil {
		return nil, err
	}
	b := NewBuilder(q.Answer(), len(groups))
	var cells [][]byte
	for _, rows := range groups {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		cells = cells[:0]
		for _, i := range q.GroupBy {
			cells = append(cells, t.Cell(int(rows[0]), i))
		}
		g := group{Table: t, rows: rows, name: q.Group(cells), related: related}
		if cells, err = g.aggregate(q, cells); err != nil {
			return nil, err
		}
		if err := b.Add(cells); err != nil {
			return nil, err
		}
	}
	return b.Table(), nil
}

// group is the rows of one group.
type group struct {
	*Table
	rows    []uint32
	name    string
	related Related
}

// aggregate appends the cells of the columns that Answer adds to those of the group.
func (g group) aggregate(q dataset.Query, cells [][]byte) ([][]byte, error) {
	for _, a := range q.Aggregates {
		if a == dataset.Count {
			cells = append(cells, strconv.AppendInt(nil, int64(len(g.rows)), 10))
			continue
		}
		if err := g.comparable(a); err != nil {
			return nil, err
		}
		switch a {
		case dataset.Min, dataset.Max:
			cells = append(cells, g.extreme(a))
		case dataset.Sum:
			if err := g.addable(); err != nil {
				return nil, err
			}
			cells = append(cells, g.sum())
		case dataset.Latest:
			row, err := g.latest()
			if err != nil {
				return nil, err
			}
			f := g.dataset.Figures
			for _, name := range []string{f.Value, f.Period, "source", "id"} {
				cells = append(cells, g.Cell(row, g.dataset.Column(name)))
			}
		}
	}
	for _, c := range q.Answer().Columns[len(cells):] {
		switch c.Name {
		case "unit":
			cells = append(cells, g.Cell(int(g.rows[0]), g.dataset.Column("unit")))
		case "qualifiers":
			cells = append(cells, []byte(strings.Join(g.distinct("qualifier"), " ")))
		}
	}
	return cells, nil
}

// distinct returns the cells of a column in the group, in order.
func (g group) distinct(column string) []string {
	i, seen := g.dataset.Column(column), map[uint32]bool{}
	if i < 0 {
		return nil
	}
	var out []string
	for _, row := range g.rows {
		if code := g.columns[i].codes.at(int(row)); !seen[code] {
			seen[code] = true
			out = append(out, string(g.columns[i].cell(code)))
		}
	}
	slices.Sort(out)
	return out
}

func (g group) refuse(a dataset.Aggregate, why string) error {
	return &domain.Invalid{Name: "aggregate", Value: string(a), Rule: fmt.Sprintf("cannot be computed for %s: %s", g.name, why)}
}

// alike returns an error if the rows of the group differ in a column.
func (g group) alike(a dataset.Aggregate, column string) error {
	cells := g.distinct(column)
	if len(cells) < 2 {
		return nil
	}
	const shown = 3
	listed := strings.Join(cells[:min(len(cells), shown)], ", ")
	if cells[0] == "" {
		listed = dataset.None + listed
	}
	if len(cells) > shown {
		listed += " …"
	}
	return g.refuse(a, fmt.Sprintf("its rows differ in %s (%s); filter by it or add it to groupBy", column, listed))
}

const areaColumn = "area"

// comparable returns an error if the values of the group do not measure the same: they
// must be of one series, which for all but the latest value may be of several areas.
func (g group) comparable(a dataset.Aggregate) error {
	columns := append([]string{"unit"}, g.dataset.Figures.Series...)
	for _, column := range columns {
		if column == areaColumn && a != dataset.Latest {
			continue
		}
		if err := g.alike(a, column); err != nil {
			return err
		}
	}
	return nil
}

// addable returns an error if comparable values must not be added: they must be exact
// amounts for the same period, reported in the same way, and of areas that do not overlap.
func (g group) addable() error {
	if unit := g.distinct("unit"); len(unit) > 0 && slices.Contains(dataset.Ratios, unit[0]) {
		return g.refuse(dataset.Sum, fmt.Sprintf("values in the unit %s cannot be added", unit[0]))
	}
	if inexact := slices.DeleteFunc(g.distinct("qualifier"), func(q string) bool { return q == "exact" }); len(inexact) > 0 {
		return g.refuse(dataset.Sum, fmt.Sprintf("not all of its values are exact (%s); filter with qualifier=exact", strings.Join(inexact, ", ")))
	}
	if err := cmp.Or(g.alike(dataset.Sum, "derivation"), g.alike(dataset.Sum, g.dataset.Figures.Period), g.disjoint()); err != nil {
		return err
	}
	seen, area := map[uint32][]byte{}, &g.columns[g.dataset.Column(areaColumn)]
	for _, row := range g.rows {
		code, id := area.codes.at(int(row)), g.Cell(int(row), 0)
		if other := seen[code]; other != nil {
			return g.refuse(dataset.Sum, fmt.Sprintf("%s and %s state the same figure; filter by source or id", other, id))
		}
		seen[code] = id
	}
	return nil
}

// disjoint returns an error if values of the areas of the group count the same things, or
// if the areas are of different levels, so that one may contain another.
func (g group) disjoint() error {
	areas, given := g.related[dataset.Areas.ID], g.distinct(areaColumn)
	switch {
	case len(given) < 2:
		return nil
	case g.dataset.Figures.Shared:
		return g.refuse(dataset.Sum, fmt.Sprintf("%s and %s may count the same services; filter by area", given[0], given[1]))
	case areas == nil:
		return nil
	}
	level, first := dataset.Areas.Column("level"), []byte(nil)
	for i, area := range given {
		row := areas.rowOf([]byte(area))
		if row == missing {
			return g.refuse(dataset.Sum, "the level of the area "+area+" is unknown")
		}
		at := areas.Cell(int(row-1), level)
		if i == 0 {
			first = at
		}
		if !bytes.Equal(first, at) {
			return g.refuse(dataset.Sum, fmt.Sprintf("its areas are of different levels (%s is a %s, %s a %s), so one may contain another; filter by area", given[0], first, area, at))
		}
	}
	return nil
}

// extreme returns the smallest or the largest value as it was reported.
func (g group) extreme(a dataset.Aggregate) []byte {
	c := &g.columns[g.dataset.Column(g.dataset.Figures.Value)]
	best, found := uint32(0), false
	for _, row := range g.rows {
		code := c.codes.at(int(row))
		if c.ends[code] == 0 {
			continue // the empty cell
		}
		if !found || c.beats(code, best, a) {
			best, found = code, true
		}
	}
	if !found {
		return nil
	}
	return c.cell(best)
}

// beats compares numbers exactly where their doubles are equal.
func (c *column) beats(code, best uint32, a dataset.Aggregate) bool {
	order := cmp.Compare(c.number[code], c.number[best])
	if order == 0 && code != best {
		order = cmp.Or(exact(c.cell(code)).Cmp(exact(c.cell(best))), bytes.Compare(c.cell(code), c.cell(best)))
	}
	return a == dataset.Min && order < 0 || a == dataset.Max && order > 0
}

func exact(cell []byte) *big.Rat {
	r, _ := new(big.Rat).SetString(string(cell))
	return r
}

// sum adds the values without rounding, with as many decimal places as the most precise.
func (g group) sum() []byte {
	value, places := g.dataset.Column(g.dataset.Figures.Value), 0
	total := new(big.Rat)
	for _, row := range g.rows {
		cell := g.Cell(int(row), value)
		if len(cell) == 0 {
			continue
		}
		if point := bytes.IndexByte(cell, '.'); point >= 0 {
			places = max(places, len(cell)-point-1)
		}
		total.Add(total, exact(cell))
	}
	return []byte(total.FloatString(places))
}

// latest returns the row with the last value, or an error if there are several that differ.
func (g group) latest() (int, error) {
	last, value := g.last(g.rows), g.dataset.Column(g.dataset.Figures.Value)
	for _, row := range last[1:] {
		if a, b := g.Cell(int(last[0]), value), g.Cell(int(row), value); !bytes.Equal(a, b) {
			return 0, g.refuse(dataset.Latest, fmt.Sprintf("its last values differ (%s in %s, %s in %s); use latest=true to get both",
				a, g.Cell(int(last[0]), 0), b, g.Cell(int(row), 0)))
		}
	}
	return int(last[0]), nil
}
