// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Page is the rows that a query finds, in its order, from its position on and
// up to its limit.
type Page struct {
	// Total is the number of rows that the query finds on all pages.
	Total int
	// Next is the ordinal of the last row if more follow, else 0 (dataset.Query.After).
	Next int64

	table  *Table
	fields []int
	joins  []joined
	found  found
	listed []uint32 // the rows in order; nil means found from row skip on
	skip   uint32
	ranks  []int // of a search: how many rows in order have at most each rank
}

// Query answers a query about the table's dataset. The error is the context's, which
// ends long scans, or a *domain.Invalid for aggregates that cannot be computed.
func (t *Table) Query(ctx context.Context, q dataset.Query, related Related) (*Page, error) {
	words, err := t.search(ctx, q, related)
	if err != nil {
		return nil, err
	}
	f, err := t.find(ctx, q, words)
	if err != nil {
		return nil, err
	}
	if q.GroupBy != nil {
		groups, err := t.groups(ctx, q, f, related)
		if err != nil {
			return nil, err
		}
		return groups.Query(ctx, dataset.Query{Dataset: groups.dataset, Sort: q.Sort, Include: q.Include, Limit: q.Limit, After: q.After}, related)
	}
	p := &Page{Total: f.count(), table: t, fields: q.Fields, joins: t.joins(q, related), found: f}
	if len(q.Sort) > 0 {
		return p, t.sorted(ctx, q, p)
	}
	if len(words) > 0 {
		return p, t.ranked(ctx, q, words, p)
	}
	p.skip = uint32(min(q.After, int64(t.rows)))
	if q.Limit > 0 {
		p.listed = f.from(p.skip, q.Limit+1)
		p.cut(q)
	}
	return p, nil
}

// Len returns the number of rows of the page.
func (p *Page) Len() int {
	switch {
	case p.listed != nil:
		return len(p.listed)
	case p.skip == 0:
		return p.Total
	case p.found.bitmap == nil:
		return p.found.all - int(p.skip)
	}
	return p.Total - int(p.found.bitmap.Rank(p.skip-1))
}

// Count returns the number of rows that match the query, on all pages, without grouping
// them.
func (t *Table) Count(ctx context.Context, q dataset.Query, related Related) (int, error) {
	words, err := t.search(ctx, q, related)
	if err != nil {
		return 0, err
	}
	f, err := t.find(ctx, q, words)
	return f.count(), err
}

// cut drops the row beyond the limit, which only shows that more follow.
func (p *Page) cut(q dataset.Query) {
	if len(p.listed) <= q.Limit {
		return
	}
	p.listed = p.listed[:q.Limit]
	p.Next = int64(p.listed[q.Limit-1]) + 1
}

// Each calls yield for each row with the cells of the query's fields, until it
// returns an error or the context ends, which is the error returned. The slice is
// reused for the next row, the cells must not be changed.
func (p *Page) Each(ctx context.Context, yield func(cells [][]byte) error) error {
	fields := p.fields
	if fields == nil {
		fields = make([]int, len(p.table.columns))
		for i := range fields {
			fields[i] = i
		}
	}
	cells, looked := make([][]byte, len(fields)+len(p.joins)), 0
	codes := make([]int64, len(fields)) // of cells; -1: none yet
	for i := range codes {
		codes[i] = -1
	}
	row := func(n uint32) error {
		if looked++; looked%rowsPerYieldLook == 1 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i, f := range fields {
			c := &p.table.columns[f]
			if code := c.codes.at(int(n)); int64(code) != codes[i] {
				cells[i], codes[i] = c.cell(code), int64(code)
			}
		}
		for i := range p.joins {
			cells[len(fields)+i] = p.joins[i].cell(n)
		}
		return yield(cells)
	}
	if p.listed == nil {
		return p.found.each(p.skip, row)
	}
	for _, n := range p.listed {
		if err := row(n); err != nil {
			return err
		}
	}
	return nil
}

// found is a set of rows: a bitmap, or all rows.
type found struct {
	bitmap *roaring.Bitmap
	all    int
}

func (f found) count() int {
	if f.bitmap == nil {
		return f.all
	}
	return int(f.bitmap.GetCardinality())
}

// each calls yield for the rows from first on, in ascending order.
func (f found) each(first uint32, yield func(row uint32) error) error {
	if f.bitmap == nil {
		for row := first; int(row) < f.all; row++ {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
	rows := f.bitmap.Iterator()
	for rows.AdvanceIfNeeded(first); rows.HasNext(); {
		if err := yield(rows.Next()); err != nil {
			return err
		}
	}
	return nil
}

// from returns up to n rows from first on; never nil.
func (f found) from(first uint32, n int) []uint32 {
	rows := make([]uint32, 0, min(n, f.count()))
	_ = f.each(first, func(row uint32) error {
		if len(rows) == n {
			return errEnough
		}
		rows = append(rows, row)
		return nil
	})
	return rows
}

// errEnough ends an iteration.
var errEnough = errors.New("enough rows")

// find returns the rows that satisfy all conditions of the query: those with an
// index are intersected, the others checked for the rows that are left.
func (t *Table) find(ctx context.Context, q dataset.Query, words [][]hit) (f found, err error) {
	var bitmaps []*roaring.Bitmap
	var rest []condition
	for _, c := range t.conditions(q, words) {
		if rows := c.rows(); rows != nil {
			bitmaps = append(bitmaps, rows)
		} else {
			rest = append(rest, c)
		}
	}
	f.all = t.rows
	if len(bitmaps) > 0 {
		if len(bitmaps) > 2 { // to count the rows of two takes longer than to intersect them
			slices.SortFunc(bitmaps, func(a, b *roaring.Bitmap) int { return int(a.GetCardinality()) - int(b.GetCardinality()) })
		}
		f.bitmap = bitmaps[0]
		if len(bitmaps) > 1 {
			f.bitmap = roaring.FastAnd(bitmaps...)
		}
	}
	if len(rest) > 0 {
		f, err = f.scan(ctx, rest)
	}
	if err == nil && q.Latest {
		f, err = t.latest(ctx, q, f)
	}
	return f, err
}

// The numbers of rows after which a scan, and Each, check their context.
const (
	rowsPerLook      = 1 << 16
	rowsPerYieldLook = 1 << 8
)

func (f found) scan(ctx context.Context, conditions []condition) (found, error) {
	kept, looked := roaring.New(), 0
	batch := make([]uint32, 0, 1024)
	err := f.each(0, func(row uint32) error {
		if looked++; looked%rowsPerLook == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for i := range conditions {
			if !conditions[i].holds(int(row)) {
				return nil
			}
		}
		if batch = append(batch, row); len(batch) == cap(batch) {
			kept.AddMany(batch)
			batch = batch[:0]
		}
		return nil
	})
	kept.AddMany(batch)
	return found{bitmap: kept}, err
}

// condition holds for a row if any of the alternatives does.
type condition []alternative

// alternative holds for a row whose cell in the column is in the set.
type alternative struct {
	column *column
	set    set
}

func (c condition) holds(row int) bool {
	for i := range c {
		if c[i].set.has(c[i].column.codes.at(row)) {
			return true
		}
	}
	return false
}

// maxUnion bounds the cells whose rows are united: beyond it a scan is faster.
const maxUnion = 1024

// rows returns the rows for which the condition holds, or nil if a scan is required. The
// bitmap must not be changed.
func (c condition) rows() *roaring.Bitmap {
	var union []*roaring.Bitmap
	for _, a := range c {
		if a.column.index == nil && !a.column.unique || a.set.count() > maxUnion {
			return nil
		}
		if a.column.index == nil {
			union = append(union, a.column.uniqueRows(a.set))
			continue
		}
		for code := a.set.low; code < a.set.high; code++ {
			if a.set.has(code) {
				union = append(union, a.column.index[code])
			}
		}
	}
	if len(union) == 1 {
		return union[0]
	}
	return roaring.FastOr(union...)
}

func (c *column) uniqueRows(s set) *roaring.Bitmap {
	rows := roaring.New()
	for code := s.low; code < s.high; code++ {
		switch {
		case !s.has(code):
		case c.row == nil:
			rows.Add(code)
		default:
			rows.Add(c.row[code])
		}
	}
	return rows
}

// set is a set of codes: the range from low to below high, or only the codes in it whose
// bit is set.
type set struct {
	low, high uint32
	bits      []uint64
}

func (s *set) has(code uint32) bool {
	return code >= s.low && code < s.high && (s.bits == nil || s.bits[code/64]&(1<<(code%64)) != 0)
}

func (s *set) count() int {
	if s.bits == nil {
		return int(s.high - s.low)
	}
	n := 0
	for code := s.low; code < s.high; code++ {
		if s.has(code) {
			n++
		}
	}
	return n
}

// add adds a code; codes are added in ascending order.
func (s *set) add(code uint32, of int) {
	if s.bits == nil {
		s.bits = make([]uint64, of/64+1)
		s.low = code
	}
	s.bits[code/64] |= 1 << (code % 64)
	s.high = code + 1
}

func (t *Table) conditions(q dataset.Query, words [][]hit) []condition {
	var all []condition
	for _, f := range q.Filters {
		c := &t.columns[f.Column]
		all = append(all, condition{{c, c.matching(q.Dataset.Columns[f.Column], f)}})
	}
	if q.AsOf != "" {
		c := &t.columns[q.Dataset.Vintage()]
		dated := alternative{c, c.notEmpty(0, c.upperBound(q.AsOf))}
		known := condition{dated}
		if i := q.Dataset.Column("retrieved"); i >= 0 { // a source without a date is known since it was read
			all = append(all, condition{{c, set{high: dated.set.high}}})
			r := &t.columns[i]
			known = append(known, alternative{r, r.notEmpty(0, r.upperBound(q.AsOf))})
		}
		all = append(all, known)
	}
	for _, hits := range words {
		c := condition{}
		for _, h := range hits {
			c = append(c, h.alternative)
		}
		all = append(all, c)
	}
	return all
}

// matching returns the cells that a filter accepts. Ranges never accept the
// empty cell.
func (c *column) matching(of dataset.Column, f dataset.Filter) set {
	switch {
	case f.Operator == dataset.Within:
		return c.equal(f.Areas)
	case f.Operator == dataset.Not:
		f.Operator = dataset.In
		return c.except(c.matching(of, f))
	case f.Operator == dataset.Before:
		return c.notEmpty(0, c.lowerBound(f.Values[0]))
	case f.Operator == dataset.After && c.last != nil:
		return c.starting(func(first int32) bool { return first > day(f.Values[0]) })
	case f.Operator == dataset.After:
		return c.notEmpty(c.upperBound(f.Values[0]), len(c.ends))
	case f.Operator == dataset.From:
		return c.notEmpty(c.lowerBound(f.Values[0]), len(c.ends))
	case f.Operator == dataset.To && c.last != nil:
		return c.starting(func(first int32) bool { return first <= day(f.Values[0]) })
	case f.Operator == dataset.To:
		return c.notEmpty(0, c.upperBound(f.Values[0]))
	case of.Type == dataset.List:
		return c.listing(f.Values)
	}
	return c.equal(f.Values)
}

// notEmpty returns a range of cells without the empty one, which sorts first.
func (c *column) notEmpty(low, high int) set {
	if low == 0 && len(c.ends) > 0 && c.ends[0] == 0 {
		low = 1
	}
	return set{low: uint32(low), high: uint32(max(low, high))}
}

// starting returns the periods whose first day satisfies the condition.
func (c *column) starting(holds func(first int32) bool) (s set) {
	for code, first := range c.first {
		if first != 0 && holds(first) {
			s.add(uint32(code), len(c.ends))
		}
	}
	return s
}

// except returns the cells that are not in the set.
func (c *column) except(of set) (s set) {
	for code := range uint32(len(c.ends)) {
		if !of.has(code) {
			s.add(code, len(c.ends))
		}
	}
	return s
}

// listing returns the cells that list any of the identifiers; the empty one stands for
// the empty list.
func (c *column) listing(ids []string) (s set) {
	for code := range c.ends {
		if c.ends[code] == 0 && slices.Contains(ids, "") {
			s.add(uint32(code), len(c.ends))
		}
		for id := range strings.FieldsSeq(string(c.cell(uint32(code)))) {
			if slices.Contains(ids, id) {
				s.add(uint32(code), len(c.ends))
				break
			}
		}
	}
	return s
}

// equal returns the cells equal to one of the values: numbers by value, anything
// else by its bytes.
func (c *column) equal(values []string) (s set) {
	var codes []uint32
	for _, v := range values {
		if v == "" {
			if len(c.ends) > 0 && c.ends[0] == 0 {
				codes = append(codes, 0)
			}
			continue
		}
		key := v
		if c.last != nil {
			_, end := days(v)
			key = formatDay(end)
		}
		for code := c.lowerBound(key); code < len(c.ends) && c.compareKey(uint32(code), key) == 0; code++ {
			if c.number != nil && c.ends[code] > 0 || c.number == nil && string(c.cell(uint32(code))) == v {
				codes = append(codes, uint32(code))
			}
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		s.add(code, len(c.ends))
	}
	return s
}

// sorted fills the page in the order of the query's sort columns.
func (t *Table) sorted(ctx context.Context, q dataset.Query, p *Page) error {
	o, after := t.order(q), func(uint32) bool { return true }
	if q.After > int64(t.rows) {
		p.listed = []uint32{}
		return nil
	}
	if q.After > 0 {
		last := uint32(q.After - 1)
		after = func(row uint32) bool { return o.compare(row, last) > 0 }
	}
	rows, looked := make([]uint32, 0, min(p.Total, 2*(q.Limit+1))), 0
	if q.Limit == 0 {
		rows = make([]uint32, 0, p.Total)
	}
	// With a limit the best rows are kept: whenever twice as many have come,
	// they are sorted and the worse half is dropped.
	worst := -1
	err := p.found.each(0, func(row uint32) error {
		if looked++; looked%rowsPerLook == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !after(row) || worst >= 0 && o.compare(row, uint32(worst)) > 0 {
			return nil
		}
		rows = append(rows, row)
		if q.Limit > 0 && len(rows) == 2*(q.Limit+1) {
			slices.SortFunc(rows, o.compare)
			rows = rows[:q.Limit+1]
			worst = int(rows[q.Limit])
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.SortFunc(rows, o.compare)
	p.listed = rows
	if q.Limit > 0 {
		p.listed = rows[:min(len(rows), q.Limit+1)]
		p.cut(q)
	}
	return nil
}

// order compares rows by sort columns and then by their place in the release, in the
// direction of the last sort column.
type order struct {
	columns    []*column
	descending []bool
}

func (t *Table) order(q dataset.Query) order {
	var o order
	for _, by := range q.Sort {
		o.columns = append(o.columns, &t.columns[by.Column])
		o.descending = append(o.descending, by.Descending)
	}
	return o
}

func (o order) compare(a, b uint32) int {
	for i, c := range o.columns {
		x, y := c.rankOf(c.codes.at(int(a))), c.rankOf(c.codes.at(int(b)))
		if x != y {
			if (x < y) != o.descending[i] {
				return -1
			}
			return 1
		}
	}
	if o.descending[len(o.descending)-1] {
		a, b = b, a
	}
	return cmp.Compare(a, b)
}
