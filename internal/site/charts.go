// SPDX-License-Identifier: EUPL-1.2

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

// wideWidth is the width of plots in pixels, in files and on wide screens.
const wideWidth = 1040

// pageSizes are the sizes of a plot on a page: their class in the stylesheet, what makes the
// identifiers in the plot unique, and the width for which texts are neither tiny nor huge.
var pageSizes = []struct {
	class, suffix string
	width         int
}{{"plot-wide", "", wideWidth}, {"plot-medium", "-medium", 560}, {"plot-narrow", "-narrow", 330}}

// A plot needs at least minPlotted values to show more than the table, and is
// unreadable with more than maxPlotted.
const (
	minPlotted = 2
	maxPlotted = 60
)

// chart is a plot before it is drawn, at the widths of a page or as a file. The
// zero chart has no plot.
type chart struct {
	figure plot.Figure
	// warning is what the plot must not be used for, empty if there is nothing to say.
	warning string
	// footnote names the sources where there is no page around the plot.
	footnote string
	// credit is the part of the footnote that names this service.
	credit string
	// rows are what the plot shows.
	rows []Row
	draw func(plot.Figure) (string, error)
}

// inPage draws the chart for wide, medium and narrow screens; the stylesheet shows the one
// that fits.
func (c chart) inPage() (template.HTML, error) {
	if c.draw == nil {
		return "", nil
	}
	out := ""
	for _, size := range pageSizes {
		f := c.figure
		f.ID, f.Width = f.ID+size.suffix, size.width
		svg, err := c.draw(f)
		if err != nil {
			return "", err
		}
		out += `<div class="` + size.class + `">` + svg + `</div>`
	}
	return template.HTML(out), nil
}

// file draws the chart as a file of its own.
func (c chart) file() (string, error) {
	f := c.figure
	f.Width, f.Standalone, f.Description, f.Footnote = wideWidth, true, c.description(), c.caption()
	return c.draw(f)
}

// description says what the chart shows, with the warning.
func (c chart) description() string { return strings.TrimSpace(c.figure.Description + " " + c.warning) }

// caption is the text below the chart where there is no page around it.
func (c chart) caption() string { return strings.TrimSpace(c.description() + " " + c.footnote) }

func bars(c chart, b plot.BarChart) chart {
	c.draw = func(f plot.Figure) (string, error) {
		b.Figure = f
		return b.SVG()
	}
	return c
}

func timeline(c chart, t plot.TimeChart) chart {
	c.draw = func(f plot.Figure) (string, error) {
		t.Figure = f
		return t.SVG()
	}
	return c
}

// chart returns the frame of a chart of the rows.
func (r *renderer) chart(id, title, description string, rows []Row) chart {
	credit := "Zielstand, " + r.word("release") + " " + r.Release.ID + ", " + r.publicURL
	return chart{
		figure: plot.Figure{
			ID: "plot-" + strings.ReplaceAll(id, ".", "-"), Title: title, Description: description, Language: plot.Language(r.Code),
		},
		rows: rows, footnote: r.sourcesOf(rows) + ". " + credit, credit: credit,
	}
}

// sourceColumns are the columns in which rows name their sources.
var sourceColumns = []string{"source", "targetSource", "actualSource"}

// sourcesOf lists the sources of the rows by title.
func (n names) sourcesOf(rows []Row) string {
	var titles []string
	for _, column := range sourceColumns {
		for _, id := range distinct(rows, column) {
			if id != "" {
				titles = append(titles, n.markedSource(id))
			}
		}
	}
	slices.Sort(titles)
	return n.word("source") + ": " + strings.Join(slices.Compact(titles), "; ")
}

// shapes distinguish the kinds of values without colour.
var shapes = []struct {
	kind  string
	shape plot.Shape
}{
	{"actual", plot.Circle},
	{"planned", plot.Diamond},
	{"target", plot.Triangle},
	{"budget", plot.Square},
}

// series returns the kinds of values among the rows.
func (n names) series(rows []Row) []plot.Series {
	kinds := distinct(rows, "kind")
	var out []plot.Series
	for _, s := range shapes {
		if slices.Contains(kinds, s.kind) {
			out = append(out, plot.Series{Key: s.kind, Name: n.label("kind", s.kind), Shape: s.shape})
		}
	}
	others := []plot.Shape{plot.Ring, plot.Cross}
	for _, kind := range kinds { // the codelist may have others
		if !slices.ContainsFunc(out, func(s plot.Series) bool { return s.Key == kind }) {
			s := plot.Series{Key: kind, Name: n.label("kind", kind)}
			if len(others) > 0 {
				s.Shape, others = others[0], others[1:]
			}
			out = append(out, s)
		}
	}
	return out
}

// timeChart shows rows over time. Lines join the values of one source in
// consecutive years only, so that gaps stay visible.
func (n names) timeChart(rows []Row) (plot.TimeChart, error) {
	chart := plot.TimeChart{Series: n.series(rows)}
	last := map[string]Row{} // by kind: the plot joins a point with the one before it in its series
	for _, r := range rows {
		value, err := strconv.ParseFloat(r.Get("value"), 64)
		if err != nil {
			return chart, err
		}
		before := last[r.Get("kind")]
		chart.Points = append(chart.Points, plot.Point{
			Series: r.Get("kind"), Time: span(r.time()), Value: value, Bound: bound(r.Get("qualifier")),
			Text: n.digits(r.Get("value"), r.Get("unit")), Joined: before.Get("source") == r.Get("source") && nextYear(before.time(), r.time()), Source: n.sourceOf(r),
		})
		last[r.Get("kind")] = r
	}
	return chart, nil
}

// nextYear reports whether a year is the one after another.
func nextYear(before, period string) bool {
	a, errA := strconv.Atoi(before)
	b, errB := strconv.Atoi(period)
	return errA == nil && errB == nil && b == a+1
}

// partBars shows rows of several areas, the home area first, or of several parts of a whole,
// each in the order of time in which they come, and undated ones by the date of their source.
func (n names) partBars(unit string, rows []Row) (plot.BarChart, error) {
	chart := plot.BarChart{Unit: n.label("unit", unit), Series: n.series(rows), Dots: unit == "rank"}
	areas := len(distinct(rows, "area")) > 1
	place := func(r Row) string {
		if r.Get("area") == dataset.HomeArea {
			return ""
		}
		return n.nameOf(dataset.Areas, r.Get("area"))
	}
	source := func(r Row) string {
		if r.time() != "" {
			return "" // the rows are in the order of time
		}
		return r.Get("published")
	}
	rows = slices.SortedStableFunc(slices.Values(rows), func(a, b Row) int {
		return cmp.Or(
			strings.Compare(place(a), place(b)), strings.Compare(n.breakdown(a), n.breakdown(b)),
			cmp.Compare(undated(a), undated(b)), byDate(source, false)(a, b),
		)
	})
	for _, r := range rows {
		label := cmp.Or(n.period(r.time()), n.word("undated"))
		if id := r.Get("source"); r.time() == "" && id != "" { // tells several apart
			label += " (" + n.word("source") + ": " + cmp.Or(n.period(n.lookup(dataset.Sources, id).Get("published")), n.shortSource(id)) + ")"
		}
		if part := n.breakdown(r); part != "" {
			label = part + ", " + label
		}
		if areas {
			label = n.nameOf(dataset.Areas, r.Get("area")) + ", " + label
		}
		bar, err := n.bar(r, label)
		if err != nil {
			return chart, err
		}
		bar.Series = r.Get("kind")
		chart.Bars = append(chart.Bars, bar)
	}
	return chart, nil
}

func (n names) bar(r Row, label string) (plot.Bar, error) {
	value, err := strconv.ParseFloat(r.Get("value"), 64)
	return plot.Bar{Label: label, Value: value, Text: n.digits(r.Get("value"), r.Get("unit")), Bound: bound(r.Get("qualifier")), Source: n.sourceOf(r)}, err
}

// sourceOf returns the source of a row in a line, with the place in it, which is in German,
// on German pages: a text in a plot has one language.
func (n names) sourceOf(r Row) string {
	source := n.markedSource(r.Get("source"))
	if n.data() != "de" {
		return source
	}
	return source + ", " + r.Get("locator")
}

// bound returns how a plot marks a qualifier.
func bound(qualifier string) plot.Bound {
	switch qualifier {
	case "about":
		return plot.About
	case "at-least":
		return plot.AtLeast
	case "more-than":
		return plot.MoreThan
	case "just-over":
		return plot.JustOver
	case "at-most":
		return plot.AtMost
	case "nearly":
		return plot.Nearly
	}
	return plot.Exact
}

// span returns the time of a period, the zero Span for an empty one.
func span(period string) plot.Span {
	p, err := domain.ParsePeriod(period)
	if err != nil {
		return plot.Span{}
	}
	start, _ := time.Parse(time.DateOnly, p.Start())
	end, _ := time.Parse(time.DateOnly, p.End())
	return plot.Span{Start: start, End: end}
}
