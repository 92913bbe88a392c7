// Package revision compares two states of the datasets and holds a new release
// against the rules that a publisher keeps: identifiers last, dates of sources
// do not move, columns are not dropped.
package revision

import (
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
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

// Rows are the rows of datasets by dataset id, with a cell for each column.
type Rows map[string][][]string

// Compare returns the changes of the edited datasets from one state to the
// next: by dataset, changed and added rows in the order of the new state, then
// the removed ones in the order of the old.
func Compare(old, next Rows) []Change {
	return compareAll(old, next, func(d *dataset.Dataset) bool { return !d.Computed })
}

// CompareComputed returns the changes of the datasets that follow from the edited
// ones; the history of changes, which only grows, is not among them.
func CompareComputed(old, next Rows) []Change {
	return compareAll(old, next, func(d *dataset.Dataset) bool { return d.Computed && d != dataset.Changes })
}

func compareAll(old, next Rows, of func(*dataset.Dataset) bool) []Change {
	var changes []Change
	for _, d := range dataset.All {
		if of(d) {
			changes = append(changes, compare(d, old[d.ID], next[d.ID])...)
		}
	}
	return changes
}

func compare(d *dataset.Dataset, old, next [][]string) []Change {
	before := index(old)
	after := index(next)
	var changes []Change
	for _, row := range next {
		if was, ok := before[row[0]]; ok {
			changes = append(changes, cells(d, was, row)...)
		} else {
			changes = append(changes, Change{Dataset: d, Row: row[0], Kind: Added, Values: row})
		}
	}
	for _, row := range old {
		if _, ok := after[row[0]]; !ok {
			changes = append(changes, Change{Dataset: d, Row: row[0], Kind: Removed, Values: row})
		}
	}
	return changes
}

func index(rows [][]string) map[string][]string {
	byID := make(map[string][]string, len(rows))
	for _, row := range rows {
		byID[row[0]] = row
	}
	return byID
}

func cells(d *dataset.Dataset, was, is []string) []Change {
	if slices.Equal(was, is) {
		return nil
	}
	var changes []Change
	for i, c := range d.Columns {
		if was[i] != is[i] {
			changes = append(changes, Change{Dataset: d, Row: is[0], Kind: Changed, Column: c.Name, Old: was[i], New: is[i]})
		}
	}
	return changes
}

// Cells are the change as a row of the dataset changes.
func (c Change) Cells(release, day string) []string {
	id := release + "." + c.Dataset.ID + "." + c.Row
	if c.Column != "" {
		id += "." + c.Column
	}
	return []string{id, release, day, c.Dataset.ID, c.Row, c.Kind, c.Column, c.Old, c.New}
}
