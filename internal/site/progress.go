package site

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

// apartHeight is the height of a plot of two figures that are not compared.
const apartHeight = 140

// incomparable are the units that measure against something not named.
var incomparable = []string{"factor", "rank", "calendar-year"}

// goalFigure is the plot of a goal, or of one of its targets, as a file.
func (v *view) goalFigure() (string, error) {
	goal, _, _ := strings.Cut(v.ID, ".")
	progress, err := v.where(dataset.GoalProgress, "goal", goal)
	if err != nil {
		return "", err
	}
	for _, p := range progress {
		if v.ID != goal && v.ID != p.ID() {
			continue
		}
		if svg, err := v.progressFigure(p); err != nil || svg != "" {
			return svg, err
		}
	}
	return "", nil
}

// progressFigure shows the target and the latest value: on one bar if they can
// be compared, else apart. Years against years show nothing.
func (v *view) progressFigure(p Row) (string, error) {
	switch unit := p.Get("unit"); {
	case p.Get("target") == "" || unit == "calendar-year":
		return "", nil
	case p.Get("state") == "not-comparable" || unit == "rank":
		return v.progressApart(p)
	}
	return v.progressBar(p)
}

// progressBar shows the target, and the latest value if there is one.
func (v *view) progressBar(p Row) (string, error) {
	target, err := v.mark(p, "target")
	if err != nil {
		return "", err
	}
	description, actual := v.word("progress.targetonly"), (*plot.Mark)(nil)
	if p.Get("actual") != "" {
		description = v.word("progress.description")
		if actual, err = v.mark(p, "actual"); err != nil {
			return "", err
		}
	}
	return plot.Progress{Figure: v.progressFrame(p, description), Actual: actual, Target: target}.SVG()
}

// progressApart shows target and latest value as marks in time, and says why
// they are not compared.
func (v *view) progressApart(p Row) (string, error) {
	said := v.word("progress.apart")
	if p.Get("actual") == "" {
		said = v.word("goal.target") + "."
	}
	description := strings.Join(append([]string{said}, v.reservations(p)...), " ")
	chart := plot.TimeChart{Figure: v.progressFrame(p, description), Unit: v.label("unit", p.Get("unit")), Height: apartHeight}
	for _, s := range shapes {
		value := p.Get(s.kind + "Value")
		if value == "" {
			continue
		}
		number, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return "", err
		}
		chart.Series = append(chart.Series, plot.Series{Key: s.kind, Name: v.label("kind", s.kind), Shape: s.shape})
		chart.Points = append(chart.Points, plot.Point{
			Series: s.kind, Time: span(p.Get(s.kind + "Period")), Value: number,
			Text: v.digits(value, p.Get("unit")), Bound: bound(p.Get(s.kind + "Qualifier")),
		})
	}
	if p.Get("unit") == "percent" {
		chart.Reach = []float64{0, 100}
	}
	return chart.SVG()
}

func (v *view) progressFrame(p Row, description string) plot.Figure {
	return v.figure(p.ID(), v.named(dataset.Indicators, p.Get("indicator")), description, []Row{p})
}

func (v *view) mark(p Row, part string) (*plot.Mark, error) {
	value, err := strconv.ParseFloat(p.Get(part+"Value"), 64)
	return &plot.Mark{
		Name: v.label("kind", part), Value: value, Text: v.measured(p.Get(part+"Value"), p.Get("unit")),
		Bound: bound(p.Get(part + "Qualifier")), Time: span(p.Get(part + "Period")),
	}, err
}

// reservations say in the page's language what the column note says in German:
// why figures cannot be compared, or only with care.
func (v *view) reservations(p Row) []string {
	switch unit := p.Get("unit"); {
	case p.Get("actual") == "":
		return []string{v.word("progress.noactual")}
	case slices.Contains(incomparable, unit):
		return []string{v.word("progress." + unit)}
	case v.look(dataset.Indicators, p.Get("indicator")).Get("direction") != "more-is-better":
		return []string{v.word("progress.direction")}
	}
	var out []string
	if p.Get("actualPeriod") == "" {
		out = append(out, v.word("progress.undated"))
	}
	if p.Get("targetQualifier") != "exact" || p.Get("actualQualifier") != "exact" {
		out = append(out, v.word("progress.inexact"))
	}
	return out
}
