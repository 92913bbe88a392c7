package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plot"
)

// The widths of plots in pixels: the page's, and that of a small screen.
const (
	wideWidth   = 900
	narrowWidth = 330
)

// leastForPlot is the number of values from which on a plot says more than the
// table, mostForPlot that beyond which it says nothing.
const (
	leastForPlot = 2
	mostForPlot  = 60
)

// shapes of the kinds of values, told apart without colour.
var shapes = []struct {
	kind  string
	shape plot.Shape
}{
	{"actual", plot.Circle},
	{"planned", plot.Diamond},
	{"target", plot.Triangle},
	{"budget", plot.Square},
}

// both draws a figure for wide and for narrow screens; the stylesheet shows the
// one that fits.
func (v *view) both(draw func() (string, error)) (template.HTML, error) {
	wide, err := draw()
	if err != nil || wide == "" {
		return "", err
	}
	v.narrow = true
	narrow, err := draw()
	v.narrow = false
	return template.HTML(`<div class="plot-wide">` + wide + `</div><div class="plot-narrow">` + narrow + `</div>`), err
}

func (v *view) figure(id, title, description string, rows []Row) plot.Figure {
	f := plot.Figure{
		ID: "plot-" + strings.ReplaceAll(id, ".", "-"), Title: title, Description: description,
		Language: plot.Language(v.Language), Standalone: v.standalone, Width: wideWidth,
	}
	if v.narrow {
		f.ID, f.Width = f.ID+"-narrow", narrowWidth
	}
	if v.standalone {
		f.Footnote = strings.TrimSpace(description + " " + v.footnote(rows))
	}
	return f
}

// footnote says where the values of a plot without a page come from.
func (v *view) footnote(rows []Row) string {
	var titles []string
	for _, column := range []string{"source", "targetSource", "actualSource"} {
		for _, id := range distinct(rows, column) {
			if id != "" {
				titles = append(titles, v.named(dataset.Sources, id))
			}
		}
	}
	slices.Sort(titles)
	return v.word("source") + ": " + strings.Join(slices.Compact(titles), "; ") + ". Zielstand, " +
		v.word("release") + " " + v.Release.ID + ", " + v.site.settings.PublicURL
}

func (v *view) series(rows []Row) []plot.Series {
	var out []plot.Series
	for _, s := range shapes {
		if slices.ContainsFunc(rows, func(r Row) bool { return r.Get("kind") == s.kind }) {
			out = append(out, plot.Series{Key: s.kind, Name: v.label("kind", s.kind), Shape: s.shape})
		}
	}
	for _, kind := range distinct(rows, "kind") { // a codelist may have more
		if kind != "" && !slices.ContainsFunc(out, func(s plot.Series) bool { return s.Key == kind }) {
			out = append(out, plot.Series{Key: kind, Name: v.label("kind", kind), Shape: plot.Square})
		}
	}
	return out
}

// indicatorFigure draws the observations of an indicator: over time, or of each
// area; empty if a plot would say nothing.
func (v *view) indicatorFigure() (string, error) {
	indicator, err := v.one(dataset.Indicators, v.ID)
	if err != nil {
		return "", err
	}
	if indicator.Get("unit") == "calendar-year" {
		return "", nil // a year against years
	}
	rows, more, err := v.some(dataset.Observations, "indicator", v.ID)
	if err != nil || more || len(rows) < leastForPlot || len(rows) > mostForPlot {
		return "", err
	}
	f := v.figure(indicator.ID(), v.name(indicator), v.inLanguage(indicator, "definition"), rows)
	if len(distinct(rows, "area")) > 1 {
		return v.areaBars(f, indicator.Get("unit"), rows)
	}
	chart, err := v.timeChart(f, rows)
	if err != nil {
		return "", err
	}
	chart.Unit = v.label("unit", indicator.Get("unit"))
	if indicator.Get("unit") == "percent" {
		chart.Reach = []float64{0, 100}
	}
	return chart.SVG()
}

// timeChart shows rows over time. A line joins the values of one source in
// years that follow one another: gaps are shown as gaps.
func (v *view) timeChart(f plot.Figure, rows []Row) (plot.TimeChart, error) {
	chart := plot.TimeChart{Figure: f, Series: v.series(rows)}
	last := map[string]string{}
	for _, r := range rows {
		value, err := strconv.ParseFloat(r.Get("value"), 64)
		if err != nil {
			return chart, err
		}
		key := r.Get("kind") + " " + r.Get("source")
		chart.Points = append(chart.Points, plot.Point{
			Series: r.Get("kind"), Time: span(when(r)), Value: value, Bound: bound(r.Get("qualifier")),
			Text: v.digits(r.Get("value"), r.Get("unit")), Joined: follows(last[key], when(r)),
		})
		last[key] = when(r)
	}
	return chart, nil
}

// follows reports whether a year comes right after another.
func follows(before, period string) bool {
	a, errA := strconv.Atoi(before)
	b, errB := strconv.Atoi(period)
	return errA == nil && errB == nil && b == a+1
}

func (v *view) areaBars(f plot.Figure, unit string, rows []Row) (string, error) {
	chart := plot.BarChart{Figure: f, Unit: v.label("unit", unit), Series: v.series(rows), Dots: unit == "rank"}
	for _, r := range rows {
		label := v.named(dataset.Areas, r.Get("area"))
		label += ", " + cmp.Or(v.period(when(r)), v.word("undated"))
		bar, err := v.bar(r, label)
		if err != nil {
			return "", err
		}
		bar.Series = r.Get("kind")
		chart.Bars = append(chart.Bars, bar)
	}
	slices.SortStableFunc(chart.Bars, func(a, b plot.Bar) int { return strings.Compare(a.Label, b.Label) })
	return chart.SVG()
}

func (v *view) bar(r Row, label string) (plot.Bar, error) {
	value, err := strconv.ParseFloat(r.Get("value"), 64)
	return plot.Bar{Label: label, Value: value, Text: v.digits(r.Get("value"), r.Get("unit")), Bound: bound(r.Get("qualifier"))}, err
}

// bound is how a plot marks a qualifier.
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
	p, err := domain.ParsePeriod(period)
	if err != nil {
		return plot.Span{}
	}
	start, _ := time.Parse(time.DateOnly, p.Start())
	end, _ := time.Parse(time.DateOnly, p.End())
	return plot.Span{Start: start, End: end}
}
