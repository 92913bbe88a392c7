// SPDX-License-Identifier: EUPL-1.2

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
	actualOnly    = "actual-only"
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

// period reads a period; it is the zero Period if the cell is empty.
func (f figure) period(column string) domain.Period {
	p, _ := domain.ParsePeriod(f.cell(column))
	return p
}

// series is what makes figures of the same kind a time series.
type series struct{ indicator, area, breakdown string }

func (f figure) series() series {
	return series{f.cell("indicator"), f.cell("area"), f.cell("breakdown")}
}

// progress computes the dataset goal-progress: for each goal, the target of each series
// beside an actual value, and the latest actual value of each series of the home area
// without a target or, if there is neither, of other areas. The order of the observations
// does not matter.
func progress(rows map[string][][]string, look lookup) [][]string {
	observations := slices.SortedFunc(slices.Values(rows["observations"]), func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	targets := targetsByGoal(rows["goals"], observations)
	measured := actualsOf(observations, rows["indicators"], look)
	covering := coveringIndicators(rows["indicators"])
	var out [][]string
	for _, goal := range rows["goals"] {
		before := len(out)
		seen := map[series]bool{}
		for _, target := range targets[goal[0]] {
			s := target.series()
			reached := measured.beside(target, s)
			seen[s] = true
			for _, wider := range covering[s.indicator] {
				c := measured.beside(target, series{wider, s.area, s.breakdown})
				if c.figure != nil && look.cell(dataset.Indicators, wider, "unit") == look.cell(dataset.Indicators, s.indicator, "unit") && (reached.figure == nil || later(c.figure, reached.figure)) {
					reached = c
				}
			}
			if reached.figure != nil {
				seen[reached.series()] = true
			}
			out = append(out, measured.row(goal[0], target, reached, rows))
		}
		home := func(f figure) bool { return f.cell("area") == dataset.HomeArea }
		elsewhere := len(out) == before && !slices.ContainsFunc(measured.byGoal[goal[0]], home)
		for _, figure := range measured.byGoal[goal[0]] {
			if s := figure.series(); (home(figure) || elsewhere) && !seen[s] {
				seen[s] = true
				out = append(out, measured.row(goal[0], nil, latestOf(measured.bySeries[s]), rows))
			}
		}
		if len(out) == before {
			out = append(out, cellsOf(dataset.GoalProgress, map[string]string{"id": goal[0], "goal": goal[0], "state": noFigures}))
		}
	}
	return out
}

func cellsOf(d *dataset.Dataset, cells map[string]string) []string {
	row := make([]string, len(d.Columns))
	for i, c := range d.Columns {
		row[i] = cells[c.Name]
	}
	return row
}

// targetsByGoal returns one target for each series of a goal: the one in the goal's own
// document or, if that has none, the first.
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
		same := func(t figure) bool { return t.series() == f.series() }
		switch i := slices.IndexFunc(of, same); {
		case i < 0:
			targets[goal] = append(of, f)
		case f.cell("source") == own && of[i].cell("source") != own:
			of[i] = f
		}
	}
	return targets
}

// coveringIndicators returns for each indicator those that cover it.
func coveringIndicators(indicators [][]string) map[string][]string {
	covering := map[string][]string{}
	for _, row := range indicators {
		for covered := range strings.FieldsSeq(row[dataset.Indicators.Column("covers")]) {
			covering[covered] = append(covering[covered], row[0])
		}
	}
	return covering
}

// actuals are the reported values.
type actuals struct {
	bySeries map[series][]figure
	// byGoal are the actuals that name a goal, or whose indicator does.
	byGoal map[string][]figure
	// measured are the indicators that have an actual.
	measured map[string]bool
	related  map[string][]string
	look     lookup
}

func actualsOf(observations, indicators [][]string, look lookup) actuals {
	a := actuals{map[series][]figure{}, map[string][]figure{}, map[string]bool{}, relatedIndicators(indicators), look}
	for _, row := range observations {
		f := figure(row)
		if f.cell("kind") != "actual" {
			continue
		}
		a.bySeries[f.series()] = append(a.bySeries[f.series()], f)
		a.measured[f.cell("indicator")] = true
		goal := cmp.Or(f.cell("goal"), look.cell(dataset.Indicators, f.cell("indicator"), "goal"))
		if goal != "" {
			a.byGoal[goal] = append(a.byGoal[goal], f)
		}
	}
	return a
}

// actual is the latest of some reported values; its figure is nil if there is none.
type actual struct {
	figure
	// rivals are the ids of others that are as recent and differ from it.
	rivals []string
	// since is the id of a figure for a period after that of the target, or empty.
	since string
	// undated are the ids of others that have no period, became known after the end of the
	// figure's period, and differ from it: they may be later.
	undated []string
}

// latestOf returns the value with the latest period. Ties are broken by the latest
// publication; of those left, the first stands for all.
func latestOf(figures []figure) (latest actual) {
	differs := func(f figure) bool {
		return f.cell("value") != latest.cell("value") || f.cell("qualifier") != latest.cell("qualifier")
	}
	for _, f := range figures {
		switch {
		case latest.figure == nil || later(f, latest.figure):
			latest = actual{figure: f}
		case !later(latest.figure, f) && differs(f):
			latest.rivals = append(latest.rivals, f[0])
		}
	}
	for _, f := range figures {
		if latest.cell("period") != "" && f.cell("period") == "" && f.period("published").End() > latest.period("period").End() && differs(f) {
			latest.undated = append(latest.undated, f[0])
		}
	}
	return latest
}

// beside returns the value of a series to compare with a target: the latest one. If that
// is for a period after the target's, it is the one for the target's period, if any: the
// investments of 2023 do not show whether those of 2022 sufficed.
func (a actuals) beside(target figure, s series) actual {
	latest := latestOf(a.bySeries[s])
	due := target.period("period")
	if latest.figure == nil || due == (domain.Period{}) || latest.period("period").Start() <= due.End() {
		return latest
	}
	in := latestOf(slices.DeleteFunc(slices.Clone(a.bySeries[s]), func(f figure) bool { return f.period("period") != due }))
	if in.figure == nil {
		return latest
	}
	in.since = latest.figure[0]
	return in
}

// later reports whether f is more recent than g: by the end of the period and, if these
// are the same, by publication. A figure without a period is older than all that have one.
// If one period contains the other, the narrower one is later: 2021-09 takes precedence
// over 2021.
func later(f, g figure) bool {
	p, q := f.period("period"), g.period("period")
	if none := (domain.Period{}); p != q && p != none && q != none {
		switch {
		case p.Start() <= q.Start() && p.End() >= q.End():
			return false
		case q.Start() <= p.Start() && q.End() >= p.End():
			return true
		}
	}
	return cmp.Or(strings.Compare(p.End(), q.End()), strings.Compare(f.period("published").End(), g.period("published").End())) > 0
}

// row compares a target with an actual; one of them may be missing.
func (a actuals) row(goal string, target figure, reached actual, rows map[string][][]string) []string {
	look, of := a.look, target
	if of == nil {
		of = reached.figure
	}
	s := of.series()
	cells := map[string]string{
		"id": goal + "." + s.indicator, "goal": goal, "indicator": s.indicator, "breakdown": s.breakdown,
	}
	if s.breakdown != "" {
		cells["id"] += "." + s.breakdown
	}
	if s.area != dataset.HomeArea {
		cells["id"] += "." + s.area
	}
	copyFigure(cells, "target", target)
	copyFigure(cells, "actual", reached.figure)
	if reached.figure != nil {
		cells["actualIndicator"] = reached.cell("indicator")
	}
	reservations := compare(cells, reached.rivals, look)
	if reached.since != "" {
		reservations = append(reservations, dataset.Text{
			DE: "Der Wert gilt für den Zeitraum des Zielwerts; einen späteren nennt " + reached.since + ".",
			EN: "The value is for the period of the target; " + reached.since + " gives a later one.",
		})
	}
	if ids := strings.Join(reached.undated, ", "); ids != "" {
		reservations = append(reservations, dataset.Text{
			DE: "Ohne Zeitraum, daher vielleicht jünger, und mit anderem Wert: " + ids + ".",
			EN: "Without a period, hence perhaps later, and with another value: " + ids + ".",
		})
	}
	if cells["state"] == targetOnly || cells["state"] == notComparable {
		cells["relatedIndicators"] = strings.Join(slices.DeleteFunc(slices.Clone(a.related[s.indicator]), func(id string) bool { return !a.measured[id] }), " ")
	}
	reservations = append(reservations, noted(cells, rows["contradictions"])...)
	var de, en []string
	for _, r := range reservations {
		de, en = append(de, r.DE), append(en, r.EN)
	}
	cells["note"], cells["noteEn"] = strings.Join(de, " "), strings.Join(en, " ")
	return cellsOf(dataset.GoalProgress, cells)
}

func copyFigure(cells map[string]string, part string, f figure) {
	if f == nil {
		return
	}
	cells[part] = f[0]
	cells[part+"Value"] = f.cell("value")
	cells[part+"Qualifier"] = f.cell("qualifier")
	cells[part+"Period"] = f.cell("period")
	cells[part+"Source"] = f.cell("source")
}

// incomparableUnits are units whose values have no meaningful ratio.
var incomparableUnits = map[string]dataset.Text{
	"factor": {DE: "Der Zielwert ist das Vielfache einer Ausgangszahl, die nicht genannt ist.", EN: "The target is a multiple of a number that is not given."},
	"rank":   {DE: "Rangplätze lassen sich nicht ins Verhältnis setzen.", EN: "Ranks cannot be put in proportion."},
}

// compare fills in the state and the share, and returns why the figures cannot be
// compared, or only with care. There is no share if the actual has rivals.
func compare(cells map[string]string, rivals []string, look lookup) []dataset.Text {
	indicator, others := cells["indicator"], strings.Join(rivals, ", ")
	unit := look.cell(dataset.Indicators, indicator, "unit")
	cells["state"] = notComparable
	switch {
	case cells["target"] == "":
		cells["state"] = actualOnly
		reservations := []dataset.Text{{DE: "Keine der Quellen nennt einen Zielwert.", EN: "None of the sources gives a target."}}
		if others != "" {
			reservations = append(reservations, differing(others))
		}
		return reservations
	case cells["actual"] == "":
		cells["state"] = targetOnly
		return []dataset.Text{{DE: "Keine der Quellen nennt einen Istwert.", EN: "None of the sources gives an actual value."}}
	case others != "":
		return []dataset.Text{differing(others)}
	case incomparableUnits[unit] != dataset.Text{}:
		return []dataset.Text{incomparableUnits[unit]}
	case look.cell(dataset.Indicators, indicator, "direction") != "more-is-better":
		return []dataset.Text{{DE: "Ein Anteil lässt sich nur angeben, wo mehr besser ist.", EN: "A share can be given only where more is better."}}
	case cells["targetQualifier"] == "at-most":
		return []dataset.Text{{DE: "Der Zielwert ist eine Obergrenze, kein Wert, der zu erreichen ist.", EN: "The target is an upper limit, not a value to be reached."}}
	}
	qualifier := cells["actualQualifier"]
	if cells["actualIndicator"] != indicator {
		qualifier = atLeast(qualifier)
	}
	cells["shareQualifier"] = ratioQualifier(qualifier, cells["targetQualifier"])
	cells["share"] = percentage(cells["actualValue"], cells["targetValue"], cells["shareQualifier"])
	if cells["share"] == "" {
		cells["shareQualifier"] = ""
		return []dataset.Text{{DE: "Der Zielwert ist null.", EN: "The target is zero."}}
	}
	cells["state"] = comparable
	var reservations []dataset.Text
	if wider := cells["actualIndicator"]; wider != indicator {
		reservations = append(reservations, dataset.Text{
			DE: "Der letzte Wert stammt von „" + look.cell(dataset.Indicators, wider, "title") + "“: Was dort zählt, zählt laut den Quellen auch hier.",
			EN: "The latest value is that of “" + look.cell(dataset.Indicators, wider, "titleEn") + "”: according to the sources, whatever counts there counts here, too.",
		})
	}
	if cells["actualPeriod"] == "" {
		reservations = append(reservations, dataset.Text{
			DE: "Die Quelle datiert den letzten Wert nicht; bekannt ist er seit ihrem Erscheinen.",
			EN: "The source gives no date for the latest value; it has been known since the source was published.",
		})
	}
	if cells["shareQualifier"] != "exact" {
		reservations = append(reservations, dataset.Text{
			DE: "Mindestens eine der Zahlen ist nicht genau angegeben.", EN: "At least one of the figures is not given exactly.",
		})
	}
	return reservations
}

// differing says that other figures are as recent as the latest actual.
func differing(ids string) dataset.Text {
	return dataset.Text{DE: "Ebenso aktuell, aber mit anderem Wert: " + ids + ".", EN: "Equally recent, but with another value: " + ids + "."}
}

// atLeast returns how precise the value of an indicator is for another one that covers
// it: there may be more of that.
func atLeast(qualifier string) string {
	switch qualifier {
	case "exact":
		return "at-least"
	case "at-most", "nearly":
		return "about"
	}
	return qualifier
}

// ratioQualifier returns how precise a ratio is: one bound makes a bound, opposite
// bounds make an approximation.
func ratioQualifier(numerator, denominator string) string {
	above := func(q string) bool { return q == "at-least" || q == "more-than" || q == "just-over" }
	below := func(q string) bool { return q == "at-most" || q == "nearly" }
	up, down := above(numerator) || below(denominator), below(numerator) || above(denominator)
	switch {
	case numerator == "exact" && denominator == "exact":
		return "exact"
	case numerator == "about" || denominator == "about" || up == down:
		return "about"
	case up:
		return "at-least"
	}
	return "at-most"
}

// percentage divides exactly. An exact share has one decimal place, a bound is the next
// whole number beyond it, anything else is rounded, below one percent to one decimal
// place. It is empty if the target is zero.
func percentage(actual, target, qualifier string) string {
	a, okA := new(big.Rat).SetString(actual)
	t, okT := new(big.Rat).SetString(target)
	if !okA || !okT || t.Sign() == 0 {
		return ""
	}
	share := a.Mul(a.Quo(a, t), big.NewRat(100, 1))
	if qualifier == "exact" || qualifier == "about" && share.Cmp(big.NewRat(1, 1)) < 0 {
		return share.FloatString(1)
	}
	if qualifier == "about" || share.IsInt() {
		return share.FloatString(0)
	}
	whole := new(big.Int).Div(share.Num(), share.Denom())
	if qualifier == "at-most" {
		whole.Add(whole, big.NewInt(1))
	}
	return whole.String()
}

// relatedIndicators returns for each indicator those that it names as related, and those
// that name it.
func relatedIndicators(indicators [][]string) map[string][]string {
	related, column := map[string][]string{}, dataset.Indicators.Column("related")
	for _, row := range indicators {
		related[row[0]] = strings.Fields(row[column])
	}
	for _, row := range indicators {
		for id := range strings.FieldsSeq(row[column]) {
			if !slices.Contains(related[id], row[0]) {
				related[id] = append(related[id], row[0])
			}
		}
	}
	return related
}

// noted names the contradictions that concern the figures of a row.
func noted(cells map[string]string, contradictions [][]string) []dataset.Text {
	var conflicts, others []string
	d := dataset.Contradictions
	for _, row := range contradictions {
		named := strings.Fields(row[d.Column("rows")])
		switch concerned := slices.Contains(named, cells["target"]) || slices.Contains(named, cells["actual"]); {
		case concerned && row[d.Column("type")] == "contradiction":
			conflicts = append(conflicts, row[0])
		case concerned:
			others = append(others, row[0])
		}
	}
	var out []dataset.Text
	if len(conflicts) > 0 {
		list := strings.Join(conflicts, ", ") + "."
		out = append(out, dataset.Text{DE: "Dazu gibt es widersprüchliche Angaben: " + list, EN: "There are contradictory statements: " + list})
	}
	if len(others) > 0 {
		list := strings.Join(others, ", ") + "."
		out = append(out, dataset.Text{DE: "Zu beachten ist auch: " + list, EN: "See also: " + list})
	}
	return out
}
