package ingest

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// derive returns the rows of all datasets with a cell for every column, including
// derived columns and computed datasets.
func derive(p *Package) map[string][][]string {
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
	rows["goal-progress"] = progress(rows)
	fillColumns(dataset.GoalProgress, rows["goal-progress"], look)
	return rows
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
		reference, column, _ := strings.Cut(c.Via, ".")
		from := d.Column(reference)
		other := dataset.ByID(d.Columns[from].Of)
		for _, row := range rows {
			row[i] = look.cell(other, row[from], column)
		}
	}
}

// The states of the codelist progress-state.
const (
	comparable    = "comparable"
	notComparable = "not-comparable"
	targetOnly    = "target-only"
	noFigures     = "no-figures"
)

// figure reads the cells of an observation by name.
type figure []string

var observationColumns = func() map[string]int {
	columns := map[string]int{}
	for i, name := range dataset.Observations.Names() {
		columns[name] = i
	}
	return columns
}()

func (f figure) cell(column string) string { return f[observationColumns[column]] }

// known returns the last day of the period or, without one, of the source's date.
func (f figure) known() string {
	for _, column := range []string{"period", "published"} {
		if p, err := domain.ParsePeriod(f.cell(column)); err == nil {
			return p.End()
		}
	}
	return ""
}

// progress computes the dataset goal-progress: the latest actual beside the target
// for each goal and each indicator that the goal has a target for.
func progress(rows map[string][][]string) [][]string {
	targets := targetsByGoal(rows["goals"], rows["observations"])
	actuals := latestActuals(targets, rows["observations"])
	indicators := newLookup(map[string][][]string{dataset.Indicators.ID: rows[dataset.Indicators.ID]})
	var out [][]string
	for _, goal := range rows["goals"] {
		if len(targets[goal[0]]) == 0 {
			out = append(out, progressRow(map[string]string{"id": goal[0], "goal": goal[0], "state": noFigures}))
		}
		for _, target := range targets[goal[0]] {
			indicator := target.cell("indicator")
			cells := map[string]string{
				"id": goal[0] + "." + indicator, "goal": goal[0], "indicator": indicator,
				"unit": indicators.cell(dataset.Indicators, indicator, "unit"),
			}
			copyFigure(cells, "target", target)
			if actual := actuals[target.series()]; actual != nil {
				copyFigure(cells, "actual", actual)
			}
			compare(cells, indicators.cell(dataset.Indicators, indicator, "direction"))
			addContradictions(cells, rows["contradictions"])
			out = append(out, progressRow(cells))
		}
	}
	return out
}

func progressRow(cells map[string]string) []string {
	row := make([]string, len(dataset.GoalProgress.Columns))
	for i, c := range dataset.GoalProgress.Columns {
		row[i] = cells[c.Name]
	}
	return row
}

// targetsByGoal returns one target for each indicator of a goal: the one in the
// goal's own document or, if that has none, the first.
func targetsByGoal(goals, observations [][]string) map[string][]figure {
	documents := map[string]string{}
	for _, goal := range goals {
		documents[goal[0]] = goal[dataset.Goals.Column("source")]
	}
	targets := map[string][]figure{}
	for _, row := range observations {
		f := figure(row)
		goal := f.cell("goal")
		if goal == "" || f.cell("kind") != "target" {
			continue
		}
		of, own := targets[goal], documents[goal]
		same := func(t figure) bool { return t.cell("indicator") == f.cell("indicator") }
		switch i := slices.IndexFunc(of, same); {
		case i < 0:
			targets[goal] = append(of, f)
		case f.cell("source") == own && of[i].cell("source") != own:
			of[i] = f
		}
	}
	return targets
}

// series is the indicator and the area of a figure.
type series struct{ indicator, area string }

func (f figure) series() series { return series{f.cell("indicator"), f.cell("area")} }

// latestActuals returns the actual with the latest period for the indicator and area
// of each target. Ties are broken by the latest publication, then by the first row.
func latestActuals(targets map[string][]figure, observations [][]string) map[series]figure {
	latest := map[series]figure{} // nil until an actual is found
	for _, of := range targets {
		for _, target := range of {
			latest[target.series()] = nil
		}
	}
	for _, row := range observations {
		f := figure(row)
		known, wanted := latest[f.series()]
		if wanted && f.cell("kind") == "actual" && (known == nil || later(f, known)) {
			latest[f.series()] = f
		}
	}
	return latest
}

// later reports whether a is more recent than b. If one period contains the other,
// the narrower one is: 2021-09 takes precedence over 2021.
func later(a, b figure) bool {
	p, errP := domain.ParsePeriod(a.cell("period"))
	q, errQ := domain.ParsePeriod(b.cell("period"))
	if errP == nil && errQ == nil && p != q {
		switch {
		case p.Start() <= q.Start() && p.End() >= q.End():
			return false
		case q.Start() <= p.Start() && q.End() >= p.End():
			return true
		}
	}
	return cmp.Or(strings.Compare(a.known(), b.known()), strings.Compare(a.cell("published"), b.cell("published"))) > 0
}

// compare fills in the state, the share and the note.
func compare(cells map[string]string, direction string) {
	reservations, mayCompare := dataset.Reservations(func(column string) string { return cells[column] }, direction)
	cells["state"] = notComparable
	if cells["actual"] == "" {
		cells["state"] = targetOnly
	} else if mayCompare {
		if cells["share"] = percentage(cells["actualValue"], cells["targetValue"]); cells["share"] != "" {
			cells["state"] = comparable
		}
	}
	notes := make([]string, len(reservations))
	for i, text := range reservations {
		notes[i] = text.DE
	}
	cells["note"] = strings.Join(notes, " ")
}

func copyFigure(cells map[string]string, part string, f figure) {
	cells[part] = f[0]
	cells[part+"Value"] = f.cell("value")
	cells[part+"Qualifier"] = f.cell("qualifier")
	cells[part+"Period"] = f.cell("period")
	cells[part+"Source"] = f.cell("source")
}

func addContradictions(cells map[string]string, contradictions [][]string) {
	column := dataset.Contradictions.Column("rows")
	var noted []string
	for _, row := range contradictions {
		named := strings.Fields(row[column])
		if slices.Contains(named, cells["target"]) || slices.Contains(named, cells["actual"]) {
			noted = append(noted, row[0])
		}
	}
	introduction := " Dazu ist ein Widerspruch vermerkt: "
	switch len(noted) {
	case 0:
		return
	case 1:
	default:
		introduction = " Dazu sind Widersprüche vermerkt: "
	}
	cells["note"] = strings.TrimSpace(cells["note"] + introduction + strings.Join(noted, ", ") + ".")
}

// percentage divides exactly and rounds to one decimal place, half away from zero. It
// is empty if the target is zero.
func percentage(actual, target string) string {
	a, okA := new(big.Rat).SetString(actual)
	t, okT := new(big.Rat).SetString(target)
	if !okA || !okT || t.Sign() == 0 {
		return ""
	}
	return a.Mul(a.Quo(a, t), big.NewRat(100, 1)).FloatString(1)
}
