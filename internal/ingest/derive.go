package ingest

import (
	"cmp"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
)

// derive returns the rows of all datasets with a cell for every column, including
// derived columns and computed datasets, as known on the day of the release.
func derive(p *Package, day string) (map[string][][]string, error) {
	rows := map[string][][]string{}
	for _, d := range dataset.All {
		if t := p.Tables[d.ID]; t != nil {
			rows[d.ID] = spread(d, t)
		}
	}
	look := newLookup(rows)
	for _, d := range dataset.All {
		if !d.Computed {
			fillColumns(d, rows[d.ID], look)
		}
	}
	goals, err := release.ReadGoals(func(d *dataset.Dataset) release.Reader { return release.RowsReader(rows[d.ID]) })
	if err != nil {
		return nil, err
	}
	rows["goals"] = goals.On(day)
	rows["goal-progress"] = progress(rows, look)
	fillColumns(dataset.GoalProgress, rows["goal-progress"], look)
	rows["service-counts"] = countServices(rows["services"], rows["service-availability"])
	fillColumns(dataset.ServiceCounts, rows["service-counts"], look)
	return rows, nil
}

// spread copies the edited columns and leaves the derived ones empty.
func spread(d *dataset.Dataset, t *Table) [][]string {
	places := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		places[i] = d.Column(c.Name)
	}
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
	for i, c := range d.Columns {
		if c.Via == "" {
			continue
		}
		reference, columns, _ := strings.Cut(c.Via, ".")
		from := d.Column(reference)
		other := dataset.ByID(d.Columns[from].Of)
		for _, row := range rows {
			for column := range strings.SplitSeq(columns, "|") {
				row[i] = cmp.Or(row[i], look.cell(other, row[from], column))
			}
		}
	}
}
