package site

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
	"github.com/zielstand/zielstand/internal/strategy"
)

// html marks what package plot escaped as ready.
func html(svg string) template.HTML { return template.HTML(svg) }

// shapes of the kinds of values, told apart without colour.
var shapes = map[string]plot.Shape{"actual": plot.Circle, "planned": plot.Diamond, "target": plot.Triangle, "budget": plot.Square}

func bound(qualifier string) plot.Bound {
	switch qualifier {
	case "about":
		return plot.About
	case "at-least":
		return plot.AtLeast
	case "more-than", "just-over":
		return plot.MoreThan
	case "at-most":
		return plot.AtMost
	case "nearly":
		return plot.LessThan
	}
	return plot.Exact
}

// span is the time of a period; an empty one has none.
func span(period string) plot.Span {
	p, err := strategy.ParsePeriod(period)
	if err != nil {
		return plot.Span{}
	}
	start, _ := time.Parse(time.DateOnly, p.Start())
	end, _ := time.Parse(time.DateOnly, p.End())
	return plot.Span{Start: start, End: end}
}

func (v *view) figure(id, title, description string) plot.Figure {
	return plot.Figure{
		ID: strings.ReplaceAll(id, ".", "-"), Title: title, Description: description, Language: plot.Language(v.Language), Standalone: v.standalone,
	}
}

// leastForPlot is the number of values from which on a plot says more than the
// table.
const leastForPlot = 2

// indicatorFigure draws the observations of an indicator for the area that has
// most of them; empty if a plot would say nothing.
func (v *view) indicatorFigure() (string, error) {
	indicator, err := v.one(dataset.Indicators, v.ID)
	if err != nil {
		return "", err
	}
	rows, err := v.where(dataset.Observations, "indicator", v.ID)
	if err != nil || len(rows) < leastForPlot {
		return "", err
	}
	if byArea := areas(rows); len(byArea) > 1 {
		return v.areaBars(indicator, rows)
	}
	return v.timeChart(indicator, rows)
}

func areas(rows []Row) []string {
	var out []string
	for _, r := range rows {
		out = append(out, r.Get("area"))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (v *view) timeChart(indicator Row, rows []Row) (string, error) {
	chart := plot.TimeChart{
		Figure: v.figure("plot-"+indicator.ID(), v.name(indicator), v.inLanguage(indicator, "definition")),
		Unit:   v.label("unit", indicator.Get("unit")),
	}
	if indicator.Get("unit") == "percent" {
		chart.Reach = []float64{0, 100}
	}
	for _, kind := range []string{"actual", "planned", "target", "budget"} {
		if slices.ContainsFunc(rows, func(r Row) bool { return r.Get("kind") == kind }) {
			chart.Series = append(chart.Series, plot.Series{Key: kind, Name: v.label("kind", kind), Shape: shapes[kind]})
		}
	}
	last := map[string]string{}
	for _, r := range byTime(slices.Clone(rows)) {
		value, err := strconv.ParseFloat(r.Get("value"), 64)
		if err != nil {
			return "", err
		}
		key := r.Get("kind") + " " + r.Get("source")
		chart.Points = append(chart.Points, plot.Point{
			Series: r.Get("kind"), Time: span(r.Get("period")), Value: value, Bound: bound(r.Get("qualifier")),
			Text: formatNumber(r.Get("value"), v.Language), Joined: follows(last[key], r.Get("period")),
		})
		last[key] = r.Get("period")
	}
	return chart.SVG()
}

// follows reports whether a year comes right after another, so that a line may
// join them: gaps are shown as gaps.
func follows(before, period string) bool {
	a, errA := strconv.Atoi(before)
	b, errB := strconv.Atoi(period)
	return errA == nil && errB == nil && b == a+1
}

func (v *view) areaBars(indicator Row, rows []Row) (string, error) {
	chart := plot.BarChart{
		Figure: v.figure("plot-"+indicator.ID(), v.name(indicator), v.inLanguage(indicator, "definition")),
		Unit:   v.label("unit", indicator.Get("unit")),
	}
	for _, r := range rows {
		bar, err := v.bar(r, v.named(dataset.Areas, r.Get("area"))+" · "+v.label("kind", r.Get("kind"))+dot(formatPeriod(r.Get("period"), v.Language)))
		if err != nil {
			return "", err
		}
		chart.Bars = append(chart.Bars, bar)
	}
	return chart.SVG()
}

func dot(text string) string {
	if text == "" {
		return ""
	}
	return " · " + text
}

func (v *view) bar(r Row, label string) (plot.Bar, error) {
	value, err := strconv.ParseFloat(r.Get("value"), 64)
	return plot.Bar{Label: label, Value: value, Text: formatNumber(r.Get("value"), v.Language), Bound: bound(r.Get("qualifier"))}, err
}

// progressLine is one target of a goal with its plot, if it can be drawn.
type progressLine struct {
	Row
	Plot template.HTML
}

func (v *view) progressLines(progress []Row) ([]progressLine, error) {
	var out []progressLine
	for _, p := range progress {
		line := progressLine{Row: p}
		if p.Get("state") == "comparable" {
			svg, err := v.progressBar(p)
			if err != nil {
				return nil, err
			}
			line.Plot = html(svg)
		}
		out = append(out, line)
	}
	return out, nil
}

func (v *view) progressBar(p Row) (string, error) {
	title := v.named(dataset.Indicators, p.Get("indicator"))
	actual, err := v.mark(p, "actual")
	if err != nil {
		return "", err
	}
	target, err := v.mark(p, "target")
	if err != nil {
		return "", err
	}
	return plot.Progress{
		Figure: v.figure("plot-"+p.ID(), title, v.word("progress.description")),
		Unit:   v.label("unit", p.Get("unit")), Actual: actual, Target: target,
	}.SVG()
}

func (v *view) mark(p Row, part string) (*plot.Mark, error) {
	value, err := strconv.ParseFloat(p.Get(part+"Value"), 64)
	return &plot.Mark{
		Name: v.label("kind", part), Value: value, Text: formatNumber(p.Get(part+"Value"), v.Language),
		Bound: bound(p.Get(part + "Qualifier")), Time: span(p.Get(part + "Period")),
	}, err
}

// goalFigure is the first plot of a goal as a file.
func (v *view) goalFigure() (string, error) {
	progress, err := v.where(dataset.GoalProgress, "goal", v.ID)
	if err != nil {
		return "", err
	}
	lines, err := v.progressLines(progress)
	if err != nil {
		return "", err
	}
	for _, line := range lines {
		if line.Plot != "" {
			return string(line.Plot), nil
		}
	}
	return "", nil
}
