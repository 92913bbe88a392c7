package ingest

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// The states of the codelist progress-state.
const (
	comparable    = "comparable"
	notComparable = "not-comparable"
	targetOnly    = "target-only"
	noFigures     = "no-figures"
)

// incomparableUnits are units whose values have no meaningful ratio, with the
// reason for readers.
var incomparableUnits = map[string]string{
	"factor":        "Der Zielwert ist das Vielfache einer Ausgangszahl, die nicht genannt ist.",
	"rank":          "Rangplätze lassen sich nicht ins Verhältnis setzen.",
	"calendar-year": "Jahreszahlen lassen sich nicht ins Verhältnis setzen.",
}

// figure reads the cells of an observation by name.
type figure []string

func (f figure) cell(column string) string { return f[dataset.Observations.Column(column)] }

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
	var out [][]string
	units := map[string]string{}
	directions := map[string]string{}
	for _, row := range rows["indicators"] {
		units[row[0]] = row[dataset.Indicators.Column("unit")]
		directions[row[0]] = row[dataset.Indicators.Column("direction")]
	}
	for _, goal := range rows["goals"] {
		targets := targetsOf(goal, rows["observations"])
		if len(targets) == 0 {
			out = append(out, progressRow(map[string]string{"id": goal[0], "goal": goal[0], "state": noFigures}))
		}
		for _, target := range targets {
			indicator := target.cell("indicator")
			actual := latestActual(target, rows["observations"])
			cells := compare(target, actual, units[indicator], directions[indicator])
			cells["id"], cells["goal"], cells["indicator"] = goal[0]+"."+indicator, goal[0], indicator
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

// targetsOf returns one target for each indicator of the goal: the one in the
// goal's own document or, if that has none, the first.
func targetsOf(goal []string, observations [][]string) []figure {
	own := goal[dataset.Goals.Column("source")]
	var targets []figure
	for _, row := range observations {
		f := figure(row)
		if f.cell("goal") != goal[0] || f.cell("kind") != "target" {
			continue
		}
		same := func(t figure) bool { return t.cell("indicator") == f.cell("indicator") }
		switch i := slices.IndexFunc(targets, same); {
		case i < 0:
			targets = append(targets, f)
		case f.cell("source") == own && targets[i].cell("source") != own:
			targets[i] = f
		}
	}
	return targets
}

// latestActual returns the actual of the target's indicator and area with the latest
// period, or nil. Ties are broken by the latest publication.
func latestActual(target figure, observations [][]string) figure {
	var latest figure
	for _, row := range observations {
		f := figure(row)
		if f.cell("indicator") != target.cell("indicator") || f.cell("area") != target.cell("area") || f.cell("kind") != "actual" {
			continue
		}
		if latest == nil || later(f, latest) {
			latest = f
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

func compare(target, actual figure, unit, direction string) map[string]string {
	cells := map[string]string{"state": targetOnly}
	copyFigure(cells, "target", target)
	if actual == nil {
		cells["note"] = "Keine der Quellen nennt einen erreichten Wert."
		return cells
	}
	copyFigure(cells, "actual", actual)
	switch {
	case incomparableUnits[unit] != "":
		cells["state"], cells["note"] = notComparable, incomparableUnits[unit]
	case direction != "more-is-better":
		cells["state"], cells["note"] = notComparable, "Ein Anteil lässt sich nur angeben, wo mehr besser ist."
	default:
		cells["share"] = percentage(actual.cell("value"), target.cell("value"))
		cells["state"] = comparable
		cells["note"] = caution(target, actual)
	}
	if cells["share"] == "" {
		cells["state"] = notComparable
	}
	return cells
}

func copyFigure(cells map[string]string, part string, f figure) {
	cells[part] = f[0]
	cells[part+"Value"] = f.cell("value")
	cells[part+"Qualifier"] = f.cell("qualifier")
	cells[part+"Period"] = f.cell("period")
	cells[part+"Source"] = f.cell("source")
}

// caution returns the reservations about a comparison that is possible.
func caution(target, actual figure) string {
	var notes []string
	if actual.cell("period") == "" {
		notes = append(notes, "Die Quelle datiert den letzten Wert nicht; bekannt ist er seit ihrem Erscheinen.")
	}
	if target.cell("qualifier") != "exact" || actual.cell("qualifier") != "exact" {
		notes = append(notes, "Mindestens eine der Zahlen ist nicht genau angegeben.")
	}
	return strings.Join(notes, " ")
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
