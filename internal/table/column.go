// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// column stores each distinct cell once, in the order in which the column
// sorts, and for each row the number of its cell, the code.
type column struct {
	text  []byte
	ends  []uint32
	codes codes

	// number is the value of each cell of a numeric column; the empty cell has
	// the lowest.
	number []float64
	// first and last are the days of each cell of a column of periods, see day.
	first, last []int32
	// rank is equal for cells that sort as equal (1.0 and 1.00, 2021 and
	// 2021-12); nil if no two do.
	rank []uint32
	// row is the row of each cell where no cell is repeated and the codes are
	// not in the order of the rows.
	row []uint32
	// unique reports that no cell is repeated.
	unique bool
	// index has the rows of each cell; nil if a scan is as fast.
	index []*roaring.Bitmap
	// folded is the text to search in; nil where it equals text.
	folded     []byte
	foldedEnds []uint32
}

// empty is the number of an empty cell, which sorts before all others.
const empty = -math.MaxFloat64

func newColumn(of dataset.Column, d *dictionary, rows int) column {
	c := column{text: d.text, ends: d.ends, codes: d.codes}
	d.slots = nil
	c.interpret(of)
	c.sort()
	c.rankCells()
	c.unique = rows > 0 && len(c.ends) == rows
	if c.unique {
		c.invert(rows)
	}
	if of.Filterable() {
		c.buildIndex(rows)
	}
	if of.Searched() {
		c.fold()
	}
	return c
}

// interpret computes the values that cells of this type are compared by.
func (c *column) interpret(of dataset.Column) {
	switch {
	case of.Numeric():
		c.number = make([]float64, len(c.ends))
		for code := range c.ends {
			c.number[code] = number(string(c.cell(uint32(code))))
		}
	case of.Type == dataset.Period:
		c.first, c.last = make([]int32, len(c.ends)), make([]int32, len(c.ends))
		for code := range c.ends {
			c.first[code], c.last[code] = days(string(c.cell(uint32(code))))
		}
	}
}

// number returns the value of a numeric cell.
func number(cell string) float64 {
	f, err := strconv.ParseFloat(cell, 64)
	if err != nil && !math.IsInf(f, 0) { // beyond a double's range it is infinite
		return empty
	}
	return f
}

// days returns the first and the last day of a period, zero for an empty cell.
func days(cell string) (first, last int32) {
	p, err := domain.ParsePeriod(cell)
	if err != nil {
		return 0, 0
	}
	return day(p.Start()), day(p.End())
}

// day turns YYYY-MM-DD into a number that sorts alike, zero for anything else.
func day(text string) int32 {
	if len(text) != len("2006-01-02") {
		return 0
	}
	n, err := strconv.Atoi(text[:4] + text[5:7] + text[8:])
	if err != nil {
		return 0
	}
	return int32(n)
}

func formatDay(n int32) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", n/10000, n/100%100, n%100)
}

// sort renumbers the cells so that they are in order.
func (c *column) sort() {
	order := make([]uint32, len(c.ends))
	for i := range order {
		order[i] = uint32(i)
	}
	compare := func(a, b uint32) int { return cmp.Or(c.compareKeys(a, b), bytes.Compare(c.cell(a), c.cell(b))) }
	if slices.IsSortedFunc(order, compare) {
		c.text, c.ends = slices.Clone(c.text), slices.Clone(c.ends) // without what append reserved
		return
	}
	slices.SortFunc(order, compare)
	text, ends, renumbered := make([]byte, 0, len(c.text)), make([]uint32, 0, len(c.ends)), make([]uint32, len(c.ends))
	for code, old := range order {
		text = append(text, c.cell(old)...)
		ends = append(ends, uint32(len(text)))
		renumbered[old] = uint32(code)
	}
	c.text, c.ends = text, ends
	c.number, c.first, c.last = permuted(c.number, order), permuted(c.first, order), permuted(c.last, order)
	c.codes.replace(renumbered)
}

func permuted[T any](values []T, order []uint32) []T {
	if values == nil {
		return nil
	}
	out := make([]T, len(values))
	for i, old := range order {
		out[i] = values[old]
	}
	return out
}

// compareKeys compares two cells by what the column sorts by: numbers by value,
// periods by their last day, anything else by its bytes.
func (c *column) compareKeys(a, b uint32) int {
	switch {
	case c.number != nil:
		return cmp.Compare(c.number[a], c.number[b])
	case c.last != nil:
		return cmp.Compare(c.last[a], c.last[b])
	}
	return bytes.Compare(c.cell(a), c.cell(b))
}

func (c *column) rankCells() {
	if c.number == nil && c.last == nil {
		return // distinct texts are never equal
	}
	rank, repeated := make([]uint32, len(c.ends)), false
	for code := 1; code < len(rank); code++ {
		rank[code] = uint32(code)
		if c.compareKeys(uint32(code-1), uint32(code)) == 0 {
			rank[code], repeated = rank[code-1], true
		}
	}
	if repeated {
		c.rank = rank
	}
}

// invert drops codes that only count the rows, or finds the row of each.
func (c *column) invert(rows int) {
	inverse := make([]uint32, rows)
	counting := true
	for row := range rows {
		code := c.codes.at(row)
		inverse[code] = uint32(row)
		counting = counting && int(code) == row
	}
	if counting {
		c.codes = codes{}
		return
	}
	c.row = inverse
}

const (
	// smallTable is the number of rows up to which a scan takes microseconds.
	smallTable = 4096
	// rowsPerCell is how often a cell must be repeated on average for an index
	// to be smaller than what it saves.
	rowsPerCell = 16
)

// buildIndex collects the rows of each cell.
func (c *column) buildIndex(rows int) {
	if rows <= smallTable || len(c.ends)*rowsPerCell > rows {
		return
	}
	start := make([]int, len(c.ends)+1)
	for row := range rows {
		start[c.codes.at(row)+1]++
	}
	for code := range c.ends {
		start[code+1] += start[code]
	}
	byCode, next := make([]uint32, rows), slices.Clone(start)
	for row := range rows {
		code := c.codes.at(row)
		byCode[next[code]] = uint32(row)
		next[code]++
	}
	c.index = make([]*roaring.Bitmap, len(c.ends))
	for code := range c.index {
		bitmap := roaring.BitmapOf(byCode[start[code]:start[code+1]]...)
		bitmap.RunOptimize()
		c.index[code] = bitmap
	}
}

func (c *column) fold() {
	folded, ends, same := make([]byte, 0, len(c.text)), make([]uint32, 0, len(c.ends)), true
	for code := range c.ends {
		cell := c.cell(uint32(code))
		before := len(folded)
		folded = append(folded, domain.Searchable(string(cell))...)
		ends = append(ends, uint32(len(folded)))
		same = same && bytes.Equal(folded[before:], cell)
	}
	if !same {
		c.folded, c.foldedEnds = folded, ends
	}
}

func (c *column) cell(code uint32) []byte { return slice(c.text, c.ends, code) }

// rankOf returns what a cell sorts by.
func (c *column) rankOf(code uint32) uint32 {
	if c.rank == nil {
		return code
	}
	return c.rank[code]
}

// lowerBound returns the first cell that does not sort before the key.
func (c *column) lowerBound(key string) int {
	return sort.Search(len(c.ends), func(code int) bool { return c.compareKey(uint32(code), key) >= 0 })
}

// upperBound returns the first cell that sorts after the key.
func (c *column) upperBound(key string) int {
	return sort.Search(len(c.ends), func(code int) bool { return c.compareKey(uint32(code), key) > 0 })
}

// compareKey compares a cell's sort key with one given as text: a number, a day
// or the bytes of a cell.
func (c *column) compareKey(code uint32, key string) int {
	switch {
	case c.number != nil:
		return cmp.Compare(c.number[code], number(key))
	case c.last != nil:
		return cmp.Compare(c.last[code], day(key))
	}
	return cmp.Compare(string(c.cell(code)), key)
}

func (c *column) bytes() int64 {
	n := int64(cap(c.text)+cap(c.folded)) + 4*int64(cap(c.ends)+cap(c.foldedEnds)+cap(c.rank)+cap(c.row)+cap(c.first)+cap(c.last)) +
		8*int64(cap(c.number)) + c.codes.bytes()
	for _, b := range c.index {
		n += int64(b.GetSizeInBytes()) + bitmapOverhead
	}
	return n
}

// bitmapOverhead is roughly what a bitmap takes besides its content.
const bitmapOverhead = 120
