// SPDX-License-Identifier: EUPL-1.2

package table

import (
	"bytes"
	"errors"
	"hash/maphash"
	"math"
)

// dictionary gives each distinct cell of a column a number, in the order of
// first appearance, and keeps the number of each row's cell. It is a hash table
// over one piece of text, because a Go map of millions of strings takes several
// times the memory.
type dictionary struct {
	text  []byte
	ends  []uint32
	slots []uint32 // number + 1 by hash; 0 means empty
	codes codes
}

var seed = maphash.MakeSeed()

func newDictionary(rows int) dictionary {
	return dictionary{slots: make([]uint32, 16), codes: codes{narrow: make([]uint8, 0, rows)}}
}

var errTooLarge = errors.New("the distinct cells of a column must total less than 4 GiB")

// add appends a row with the cell.
func (d *dictionary) add(cell []byte) error {
	slot := d.slot(cell)
	if d.slots[slot] == 0 {
		if len(d.text)+len(cell) > math.MaxUint32 {
			return errTooLarge
		}
		d.text = append(d.text, cell...)
		d.ends = append(d.ends, uint32(len(d.text)))
		d.slots[slot] = uint32(len(d.ends))
		if len(d.ends)*4 > len(d.slots)*3 {
			d.grow()
			slot = d.slot(cell)
		}
	}
	d.codes.append(d.slots[slot] - 1)
	return nil
}

// slot returns the place of a cell in slots, or the empty one it belongs to.
func (d *dictionary) slot(cell []byte) int {
	mask := len(d.slots) - 1
	i := int(maphash.Bytes(seed, cell)) & mask
	for d.slots[i] != 0 && !bytes.Equal(d.cell(d.slots[i]-1), cell) {
		i = (i + 1) & mask
	}
	return i
}

func (d *dictionary) grow() {
	d.slots = make([]uint32, 2*len(d.slots))
	for code := range d.ends {
		d.slots[d.slot(d.cell(uint32(code)))] = uint32(code) + 1
	}
}

func (d *dictionary) cell(code uint32) []byte { return slice(d.text, d.ends, code) }

// slice returns one of the texts that are stored one after another.
func slice(text []byte, ends []uint32, code uint32) []byte {
	start := uint32(0)
	if code > 0 {
		start = ends[code-1]
	}
	return text[start:ends[code]:ends[code]]
}

// codes is a list of numbers with as many bits each as the largest needs. The
// zero value stands for 0, 1, 2 …
type codes struct {
	narrow []uint8
	medium []uint16
	wide   []uint32
}

func (c *codes) at(row int) uint32 {
	switch {
	case c.narrow != nil:
		return uint32(c.narrow[row])
	case c.medium != nil:
		return uint32(c.medium[row])
	case c.wide != nil:
		return c.wide[row]
	}
	return uint32(row)
}

func (c *codes) append(code uint32) {
	if c.narrow != nil && code > math.MaxUint8 {
		c.medium, c.narrow = widened[uint16](c.narrow), nil
	}
	if c.medium != nil && code > math.MaxUint16 {
		c.wide, c.medium = widened[uint32](c.medium), nil
	}
	switch {
	case c.narrow != nil:
		c.narrow = append(c.narrow, uint8(code))
	case c.medium != nil:
		c.medium = append(c.medium, uint16(code))
	default:
		c.wide = append(c.wide, code)
	}
}

func widened[To, From uint8 | uint16 | uint32](from []From) []To {
	to := make([]To, len(from), cap(from))
	for i, v := range from {
		to[i] = To(v)
	}
	return to
}

// replace replaces each number with the one at its place in the list.
func (c *codes) replace(by []uint32) {
	for i, v := range c.narrow {
		c.narrow[i] = uint8(by[v])
	}
	for i, v := range c.medium {
		c.medium[i] = uint16(by[v])
	}
	for i, v := range c.wide {
		c.wide[i] = by[v]
	}
}

func (c *codes) bytes() int64 {
	return int64(cap(c.narrow) + 2*cap(c.medium) + 4*cap(c.wide))
}
