package ingest

import (
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/fixture"
)

// complete returns the rows of all datasets, each with a cell for every column
// of its description.
func complete(p *fixture.Package) map[string][][]string {
	rows := map[string][][]string{}
	for _, d := range dataset.All {
		if t := p.Tables[d.ID]; t != nil {
			rows[d.ID] = spread(d, t)
		}
	}
	look := newLookup(rows)
	for _, d := range dataset.All {
		if !d.Computed {
			derive(d, rows[d.ID], look)
		}
	}
	rows["goal-progress"] = progress(rows)
	derive(dataset.GoalProgress, rows["goal-progress"], look)
	return rows
}

// spread leaves room for the derived columns between the edited ones.
func spread(d *dataset.Dataset, t *fixture.Table) [][]string {
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

// lookup finds a row of a dataset by its identifier.
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

// cell returns a cell of the row with the identifier, empty if there is none.
func (l lookup) cell(d *dataset.Dataset, id, column string) string {
	if row, ok := l[d.ID][id]; ok {
		return row[d.Column(column)]
	}
	return ""
}

// derive fills the columns that follow from the rows referred to.
func derive(d *dataset.Dataset, rows [][]string, look lookup) {
	for i, c := range d.Columns {
		if c.Via == "" {
			continue
		}
		reference, column, _ := strings.Cut(c.Via, ".")
		from := d.Column(reference)
		other := dataset.ByID(d.Columns[from].Of)
		for _, row := range rows {
			row[i] = look.cell(other, row[from], column)
		}
	}
}
