// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// content are the rows of all datasets, with a cell for every column.
type content struct {
	// rows are the rows in memory, by dataset: of observations, only those that say
	// something about a goal, and of service-availability, none.
	rows map[string][][]string
	// bulk are the rows of bulk datasets, which are read from their files each time.
	bulk map[string]store.Table
}

// table returns the rows of a dataset.
func (c *content) table(d *dataset.Dataset) store.Table {
	if t, ok := c.bulk[d.ID]; ok {
		return t
	}
	return store.Table{Dataset: d, Rows: store.RowsOf(c.rows[d.ID])}
}

// since returns a function that returns the rows of a dataset, and whether they are known
// to be those of the release.
func (c *content) since(r *domain.Release) func(*dataset.Dataset) (release.Reader, bool) {
	return func(d *dataset.Dataset) (release.Reader, bool) {
		t := c.table(d)
		return release.ReaderOf(t.Rows), t.Same || t.Sum.Unchanged(d, r)
	}
}

// derive returns the rows of all datasets, including derived columns and computed
// datasets, as known on the day of the release.
func derive(p *Package, day string) (*content, error) {
	c := &content{map[string][][]string{}, map[string]store.Table{}}
	for _, d := range dataset.All {
		if t := p.Tables[d.ID]; t != nil && !d.Bulk {
			c.rows[d.ID] = spread(d, t)
		}
	}
	look := newLookup(c.rows)
	for _, d := range dataset.All {
		if !d.Computed {
			fillColumns(d, c.rows[d.ID], look)
		}
	}
	if err := c.addBulk(p, look); err != nil {
		return nil, err
	}
	goals, err := release.ReadGoals(func(d *dataset.Dataset) release.Reader { return release.RowsReader(c.rows[d.ID]) })
	if err != nil {
		return nil, err
	}
	c.rows["goals"] = goals.On(day)
	c.rows["goal-progress"] = progress(c.rows, look)
	fillColumns(dataset.GoalProgress, c.rows["goal-progress"], look)
	fillColumns(dataset.ServiceCounts, c.rows["service-counts"], look)
	return c, c.checkIDs()
}

// checkIDs returns an error if two computed rows have the same identifier: those that it is
// composed of can have dots themselves.
func (c *content) checkIDs() error {
	for _, d := range []*dataset.Dataset{dataset.GoalProgress, dataset.ServiceCounts} {
		known := map[string]bool{}
		for _, row := range c.rows[d.ID] {
			if known[row[0]] {
				return &domain.Invalid{Name: d.ID, Value: row[0], Rule: "would be the id of two rows; change one of the ids that it is composed of"}
			}
			known[row[0]] = true
		}
	}
	return nil
}

// addBulk adds the bulk datasets, and to the rows what is computed from them: those
// observations that say something about a goal, and service-counts.
func (c *content) addBulk(p *Package, look lookup) (err error) {
	for _, d := range dataset.All {
		t := p.Tables[d.ID]
		if !d.Bulk || t == nil {
			continue
		}
		table := store.Table{Dataset: d, Same: t.same}
		if !t.same {
			table.Rows = completed(d, t, look)
		}
		switch {
		case d == dataset.Observations:
			table.Sum, err = c.addObservations(p, table)
		case d == dataset.ServiceAvailability:
			table.Sum, err = c.addServiceCounts(p, table)
		case !t.same:
			table.Sum, err = store.SumRows(table.Rows, func([]string) {})
		}
		if err != nil {
			return err
		}
		c.bulk[d.ID] = table
	}
	return nil
}

// addObservations adds the observations that say something about a goal, and returns the
// digest of all unless they are the same as in the base.
func (c *content) addObservations(p *Package, t store.Table) (store.Sum, error) {
	id := dataset.Observations.ID
	if t.Same {
		rows, err := p.Base.aboutGoals(c.rows["indicators"])
		c.rows[id] = rows
		return store.Sum{}, err
	}
	named := map[string]bool{}
	sum, err := store.SumRows(t.Rows, func(row []string) {
		if figure(row).cell("goal") != "" {
			named[strings.Clone(figure(row).cell("indicator"))] = true
		}
	})
	if err != nil {
		return sum, err
	}
	addIndicators(named, c.rows["indicators"])
	if len(named) == 0 {
		return sum, nil
	}
	for row, err := range t.Rows {
		if err != nil {
			return sum, err
		}
		if named[figure(row).cell("indicator")] {
			c.rows[id] = append(c.rows[id], slices.Clone(row))
		}
	}
	return sum, nil
}

// addServiceCounts adds the dataset service-counts, and returns the digest of
// service-availability unless that is the same as in the base.
func (c *content) addServiceCounts(p *Package, t store.Table) (store.Sum, error) {
	id := dataset.ServiceCounts.ID
	if t.Same {
		rows, err := p.Base.rows(dataset.ServiceCounts)
		c.rows[id] = rows
		return store.Sum{}, err
	}
	counter := newServiceCounter(c.rows["services"])
	sum, err := store.SumRows(t.Rows, func(row []string) { counter.add(row) })
	c.rows[id] = counter.rows()
	return sum, err
}

// addIndicators adds to the indicators with a figure that names a goal those that name a
// goal themselves, and those that cover any of these or are related to them.
func addIndicators(named map[string]bool, indicators [][]string) {
	d := dataset.Indicators
	goal, covers, related := d.Column("goal"), d.Column("covers"), d.Column("related")
	for _, row := range indicators {
		if row[goal] != "" {
			named[row[0]] = true
		}
	}
	var more []string
	for _, row := range indicators {
		if slices.ContainsFunc(strings.Fields(row[covers]), func(id string) bool { return named[id] }) {
			more = append(more, row[0])
		}
		if named[row[0]] {
			more = append(more, strings.Fields(row[related])...)
		}
	}
	for _, id := range more {
		named[id] = true
	}
}

// completed returns the rows of a bulk dataset with its derived columns.
func completed(d *dataset.Dataset, t *Table, look lookup) store.Rows {
	places, fill := placesOf(d, t), filler(d, look)
	return func(yield func([]string, error) bool) {
		cells := make([]string, len(d.Columns))
		for row, err := range t.All() {
			clear(cells)
			for i, cell := range row {
				cells[places[i]] = cell
			}
			fill(cells)
			if !yield(cells, err) || err != nil {
				return
			}
		}
	}
}

// placesOf returns the places of the columns of a file in the dataset.
func placesOf(d *dataset.Dataset, t *Table) []int {
	places := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		places[i] = d.Column(c.Name)
	}
	return places
}

// spread copies the edited columns and leaves the derived ones empty.
func spread(d *dataset.Dataset, t *Table) [][]string {
	places := placesOf(d, t)
	out := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		out[i] = make([]string, len(d.Columns))
		for j, cell := range row {
			out[i][places[j]] = cell
		}
	}
	return out
}

// lookup finds rows by dataset and identifier.
type lookup map[string]map[string][]string

func newLookup(rows map[string][][]string) lookup {
	l := lookup{}
	for id, table := range rows {
		l[id] = make(map[string][]string, len(table))
		for _, row := range table {
			l[id][row[0]] = row
		}
	}
	return l
}

// cell returns a cell of the row with the identifier, or "" if there is none.
func (l lookup) cell(d *dataset.Dataset, id, column string) string {
	if row, ok := l[d.ID][id]; ok {
		return row[d.Column(column)]
	}
	return ""
}

// fillColumns copies the derived columns (Via) from the rows referred to.
func fillColumns(d *dataset.Dataset, rows [][]string, look lookup) {
	fill := filler(d, look)
	for _, row := range rows {
		fill(row)
	}
}

// filler returns a function that fills the derived columns of a row.
func filler(d *dataset.Dataset, look lookup) func(row []string) {
	type derivation struct {
		to, from int
		rows     map[string][]string
		columns  []int
	}
	var all []derivation
	for i, c := range d.Columns {
		if c.Via == "" {
			continue
		}
		reference, columns, _ := strings.Cut(c.Via, ".")
		from := d.Column(reference)
		other := dataset.ByID(d.Columns[from].Of)
		v := derivation{to: i, from: from, rows: look[other.ID]}
		for column := range strings.SplitSeq(columns, "|") {
			v.columns = append(v.columns, other.Column(column))
		}
		all = append(all, v)
	}
	return func(row []string) {
		for _, v := range all {
			other, ok := v.rows[row[v.from]]
			for _, column := range v.columns {
				if ok {
					row[v.to] = cmp.Or(row[v.to], other[column])
				}
			}
		}
	}
}
