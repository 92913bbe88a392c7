package site

import (
	"cmp"
	"context"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// view is the rendering of one page.
type view struct {
	Request
	site *Site
	ctx  context.Context
	// standalone plots are files of their own, narrow ones for small screens.
	standalone, narrow bool
	// tables are the small datasets read so far, names their rows by id.
	tables map[string][]Row
	names  map[string]map[string]Row
	// listed are the contradictions shown on the page.
	listed map[string]bool
	// err is what went wrong within the template: a page that lacks a part must
	// not be kept.
	err error
}

func (v *view) fail(err error) {
	if v.err == nil {
		v.err = err
	}
}

// Row is a row of a dataset with its cells by name.
type Row struct {
	dataset *dataset.Dataset
	cells   []string
}

// Get returns a cell, empty if the row has no such column.
func (r Row) Get(column string) string {
	if r.dataset == nil {
		return ""
	}
	if i := r.dataset.Column(column); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return ""
}

// ID is the identifier of the row.
func (r Row) ID() string { return r.Get("id") }

// Is reports whether there is a row.
func (r Row) Is() bool { return r.dataset != nil }

// query reads the rows of a query.
func (v *view) query(q dataset.Query) ([]Row, error) {
	var rows []Row
	err := v.site.tables.Rows(v.ctx, v.Release, q, func(cells [][]byte) error {
		row := Row{dataset: q.Dataset, cells: make([]string, len(cells))}
		for i, c := range cells {
			row.cells[i] = string(c)
		}
		rows = append(rows, row)
		return nil
	})
	return rows, err
}

// where reads the rows with one of the values in a column.
func (v *view) where(d *dataset.Dataset, column string, values ...string) ([]Row, error) {
	return v.query(dataset.Query{Dataset: d, Filters: equal(d, column, values...)})
}

func equal(d *dataset.Dataset, column string, values ...string) []dataset.Filter {
	values = slices.Clone(values)
	slices.Sort(values)
	return []dataset.Filter{{Column: d.Column(column), Values: slices.Compact(values)}}
}

// mostRows is how many rows a table of figures has on a page; beyond it the
// interface is the better tool.
const mostRows = 500

// some reads at most mostRows rows with the value and says if there are more.
func (v *view) some(d *dataset.Dataset, column, value string) (rows []Row, more bool, err error) {
	rows, err = v.query(dataset.Query{Dataset: d, Filters: equal(d, column, value), Limit: mostRows + 1})
	if len(rows) > mostRows {
		return byTime(rows[:mostRows]), true, err
	}
	return byTime(rows), false, err
}

// all reads a small dataset, once a page.
func (v *view) all(d *dataset.Dataset) ([]Row, error) {
	if rows, ok := v.tables[d.ID]; ok {
		return rows, nil
	}
	rows, err := v.query(dataset.Query{Dataset: d})
	if err != nil {
		return nil, err
	}
	if v.tables == nil {
		v.tables, v.names = map[string][]Row{}, map[string]map[string]Row{}
	}
	v.tables[d.ID] = rows
	v.names[d.ID] = make(map[string]Row, len(rows))
	for _, r := range rows {
		v.names[d.ID][r.ID()] = r
	}
	return rows, nil
}

// one returns the row with the identifier. It is ErrNotFound if there is none.
func (v *view) one(d *dataset.Dataset, id string) (Row, error) {
	rows, err := v.where(d, "id", id)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, domain.ErrNotFound
	}
	return rows[0], nil
}

// byID reads the rows with the identifiers, as many as a statement takes at a
// time.
func (v *view) byID(d *dataset.Dataset, ids []string) (map[string]Row, error) {
	found := map[string]Row{}
	for some := range slices.Chunk(ids, dataset.MaxValues) {
		rows, err := v.where(d, "id", some...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			found[r.ID()] = r
		}
	}
	return found, nil
}

// byTime sorts rows by their period, those without one last.
func byTime(rows []Row) []Row {
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(undated(a), undated(b)), cmp.Compare(when(a), when(b)))
	})
	return rows
}

// when is the time that a figure holds for.
func when(r Row) string {
	return cmp.Or(r.Get("period"), r.Get("asOf"))
}

func undated(r Row) int {
	if when(r) == "" {
		return 1
	}
	return 0
}
