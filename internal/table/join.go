// SPDX-License-Identifier: EUPL-1.2

package table

import "github.com/zielstand/zielstand/internal/dataset"

// joined is a column that takes its cells from the rows of another table.
type joined struct {
	reference *column
	other     *Table
	member    int
	rows      []uint32 // of other by cell of reference, plus 1; 0 means not looked up, missing that there is none
}

const missing = 1<<32 - 1

// joins returns the columns that include adds.
func (t *Table) joins(q dataset.Query, related Related) []joined {
	var out []joined
	for _, c := range t.dataset.Joined(q.Include) {
		reference := t.dataset.Column(c.Join.Reference)
		other := related[t.dataset.Columns[reference].Of]
		j := joined{reference: &t.columns[reference], other: other}
		if other != nil {
			j.member, j.rows = other.dataset.Column(c.Join.Member), make([]uint32, len(j.reference.ends))
		}
		out = append(out, j)
	}
	return out
}

// cell returns the cell for a row, nil if it refers to nothing.
func (j *joined) cell(row uint32) []byte {
	if j.other == nil {
		return nil
	}
	code := j.reference.codes.at(int(row))
	if j.rows[code] == 0 {
		j.rows[code] = j.other.rowOf(j.reference.cell(code))
	}
	if j.rows[code] == missing {
		return nil
	}
	return j.other.Cell(int(j.rows[code]-1), j.member)
}

// rowOf returns the number of the row with the identifier, starting at 1, or missing.
func (t *Table) rowOf(id []byte) uint32 {
	c := &t.columns[0]
	code := c.lowerBound(string(id))
	if len(id) == 0 || code == len(c.ends) || string(c.cell(uint32(code))) != string(id) {
		return missing
	}
	if !c.unique {
		for row := range t.rows {
			if int(c.codes.at(row)) == code {
				return uint32(row) + 1
			}
		}
	}
	if c.row == nil {
		return uint32(code) + 1
	}
	return c.row[code] + 1
}
