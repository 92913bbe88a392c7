// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

// ozgPage is the page of the counts of online services.
type ozgPage struct {
	frame
	Answer         ozgAnswer
	Charts         []ozgChart
	Measures       []measureCounts
	Contradictions []contradiction
}

// measureCounts are the counts of one measure.
type measureCounts struct {
	Code    Row
	Figures figureTable
}

// ozgChart is a chart of counts of one measure.
type ozgChart struct {
	ID, Title, Measure string
	// Note is the date of the values, and what they include.
	Note string
	Plot template.HTML
	// OverTime charts show several dates and sources; in other charts, all values have those
	// of First.
	OverTime       bool
	First          Row
	Contradictions []Row
	// Rows are the values with their sources.
	Rows []Row
	// Missing says which states the source does not name.
	Missing string
}

func buildOZG(ctx context.Context, r *renderer) (page, error) {
	measures, counts, err := r.measures(ctx)
	if err != nil {
		return nil, err
	}
	p := &ozgPage{
		Measures: measures,
		frame:    frame{Citation: r.cite(r.Release.ID, r.word("ozg.title"), "/v1/releases/"+r.Release.ID+"/"+dataset.OZGServiceCounts.ID+".csv")},
	}
	p.Description = r.text(dataset.OZGServiceCounts.Description)
	p.shown = []*dataset.Dataset{dataset.OZGServiceCounts}
	p.Downloads = []download{r.downloadAll(dataset.OZGServiceCounts)}
	if p.Contradictions, err = r.contradictionsOf(ctx, counts); err != nil {
		return nil, err
	}
	p.Answer = r.ozgAnswer(counts, p.Contradictions)
	for _, k := range ozgCharts {
		rows := k.rows(counts)
		if len(rows) < minPlotted {
			continue
		}
		c, err := r.ozgChart(ctx, k, rows)
		if err != nil {
			return nil, err
		}
		shown := ozgChart{
			ID: k.id, Title: c.figure.Title, Measure: rows[0].Get("measure"), Note: r.ozgNote(k, rows),
			First: rows[0], OverTime: k.column == "", Rows: r.ozgRows(k, rows), Missing: c.warning,
		}
		if shown.Plot, err = c.inPage(); err != nil {
			return nil, err
		}
		for _, con := range p.Contradictions {
			if con.names(rows) {
				shown.Contradictions = append(shown.Contradictions, con.Row)
			}
		}
		p.Charts = append(p.Charts, shown)
		p.alternates = append(p.alternates, alternate{"image/svg+xml", shown.Title, r.page("/ozg/" + k.id + ".svg")})
	}
	return p, nil
}

// ozgFigure is one of the charts.
func ozgFigure(ctx context.Context, r *renderer) (chart, error) {
	k := ozgKind(r.ID)
	if k == nil {
		return chart{}, nil
	}
	_, counts, err := r.measures(ctx)
	if err != nil {
		return chart{}, err
	}
	rows := k.rows(counts)
	if len(rows) < minPlotted {
		return chart{}, nil
	}
	return r.ozgChart(ctx, *k, rows)
}

// measures reads the counts by measure, and returns them in one list too.
func (r *renderer) measures(ctx context.Context) (out []measureCounts, counts []Row, err error) {
	for _, code := range matching(r.all(dataset.Codelists), "codelist", "measure") {
		rows, more, err := r.figures(ctx, dataset.OZGServiceCounts, "measure", code.Get("code"))
		if err != nil {
			return nil, nil, err
		}
		if len(rows) > 0 {
			out = append(out, measureCounts{code, r.figureTable(r.name(code), rows, more)})
			counts = append(counts, rows...)
		}
	}
	return out, counts, nil
}

// ozgChartKind is a way to show counts of online services.
type ozgChartKind struct {
	id string
	// measure is what is counted, empty for any. A chart never mixes measures.
	measure string
	// column is what the bars differ in, empty for a chart over time.
	column string
	// kinds are the kinds of values shown.
	kinds []string
	// undivided are the columns in which only counts of the whole are shown.
	undivided []string
	// equal are the columns in which all values of the chart agree.
	equal []string
	// without are the codes of column that are left out: totals.
	without []string
}

var ozgCharts = []ozgChartKind{
	{
		id: "laender", column: "area", kinds: []string{"actual"},
		undivided: []string{"coverage", "priority", "execution", "portal"}, equal: []string{"measure", "source", "asOf"},
	},
	{
		id: "coverage", column: "coverage", kinds: []string{"actual"},
		undivided: []string{"priority", "execution", "portal"}, equal: []string{"measure", "source", "asOf", "area"}, without: []string{"all"},
	},
	{
		id: "priority", column: "priority", kinds: []string{"actual"},
		undivided: []string{"coverage", "execution", "portal"}, equal: []string{"measure", "source", "asOf", "area"}, without: []string{"all"},
	},
	{
		id: "execution", column: "execution", kinds: []string{"actual"},
		undivided: []string{"coverage", "portal"}, equal: []string{"measure", "source", "asOf", "area", "priority"}, without: []string{"all", "sub-federal"},
	},
	{
		id: "time", measure: "available-online", kinds: []string{"actual"},
		undivided: []string{"coverage", "priority", "execution", "portal"}, equal: []string{"area"},
	},
	{
		id: "portal", measure: "portal-services", kinds: []string{"actual", "planned", "target"},
		undivided: []string{"coverage", "priority", "execution"}, equal: []string{"area", "portal"},
	},
}

// ozgKind returns the kind of chart with the identifier, nil if there is none.
func ozgKind(id string) *ozgChartKind {
	i := slices.IndexFunc(ozgCharts, func(k ozgChartKind) bool { return k.id == id })
	if i < 0 {
		return nil
	}
	return &ozgCharts[i]
}

// rows returns the counts that the chart shows: the largest set that agrees in
// the columns equal.
func (k ozgChartKind) rows(counts []Row) []Row {
	sets := map[string][]Row{}
	var largest []Row
	for _, r := range counts {
		if !k.fits(r) {
			continue
		}
		key := ""
		for _, column := range k.equal {
			key += r.Get(column) + "\x00"
		}
		if !slices.ContainsFunc(sets[key], func(other Row) bool { return k.repeats(other, r) }) {
			sets[key] = append(sets[key], r)
		}
		if len(sets[key]) > len(largest) {
			largest = sets[key]
		}
	}
	return largest
}

func (k ozgChartKind) fits(r Row) bool {
	return (k.measure == "" || k.measure == r.Get("measure")) && slices.Contains(k.kinds, r.Get("kind")) && !slices.Contains(k.without, r.Get(k.column)) &&
		!slices.ContainsFunc(k.undivided, func(column string) bool { return r.Get(column) != "all" })
}

// repeats reports whether two rows are the same statement of a source, which may make it in
// two places. 350 and at least 350 are different statements.
func (k ozgChartKind) repeats(a, b Row) bool {
	for _, column := range []string{"value", "qualifier", "kind", "source"} {
		if a.Get(column) != b.Get(column) {
			return false
		}
	}
	if k.column != "" {
		return a.Get(k.column) == b.Get(k.column)
	}
	return countDate(a) == countDate(b)
}

// countDate returns when a count was made, or else when its source was published.
func countDate(r Row) string { return cmp.Or(r.Get("asOf"), r.Get("published")) }

func (r *renderer) ozgChart(ctx context.Context, k ozgChartKind, rows []Row) (chart, error) {
	definition := r.definition("measure", rows[0].Get("measure"))
	c := r.chart("ozg-"+k.id, r.ozgTitle(k, rows), definition+" "+r.ozgNote(k, rows), rows)
	if k.column == "" {
		t, err := r.ozgTimes(r.ozgRows(k, rows))
		return timeline(c, t), err
	}
	if k.column == "area" {
		var err error
		if c.warning, err = r.otherStates(ctx, rows); err != nil {
			return c, err
		}
	}
	b := plot.BarChart{Unit: r.word("ozg.unit")}
	for _, row := range r.ozgRows(k, rows) {
		label := r.label(k.column, row.Get(k.column))
		if k.column == "area" {
			label = r.nameOf(dataset.Areas, row.Get("area"))
		}
		bar, err := r.bar(row, label)
		if err != nil {
			return c, err
		}
		b.Bars = append(b.Bars, bar)
	}
	return bars(c, b), nil
}

// ozgTimes shows counts at their date, those of several sources that agree as one point. No
// line joins them, since they need not count the same.
func (n names) ozgTimes(rows []Row) (plot.TimeChart, error) {
	t, err := n.timeChart(rows)
	t.Unit = n.word("ozg.unit")
	all := t.Points
	t.Points = nil
	for i, p := range all {
		p.Time, p.Joined = span(countDate(rows[i])), false
		same := func(q plot.Point) bool {
			return q.Series == p.Series && q.Time == p.Time && q.Text == p.Text && q.Bound == p.Bound
		}
		if j := slices.IndexFunc(t.Points, same); j >= 0 {
			t.Points[j].Source += "; " + p.Source
			continue
		}
		t.Points = append(t.Points, p)
	}
	return t, err
}

// ozgTitle returns what a chart compares and what all its values have in common: the
// measure, the part of the whole, the area unless the measure names it, and the date.
func (n names) ozgTitle(k ozgChartKind, rows []Row) string {
	common := []string{n.label("measure", rows[0].Get("measure"))}
	for _, column := range breakdowns {
		codes := distinct(rows, column)
		if column != k.column && len(codes) == 1 && codes[0] != "all" {
			common = append(common, n.label(column, codes[0]))
		}
	}
	if areas := distinct(rows, "area"); len(areas) == 1 {
		if area := n.nameOf(dataset.Areas, areas[0]); !strings.Contains(common[0], area) {
			common = append(common, area)
		}
	}
	title := n.word("ozg."+k.id) + ": " + strings.Join(common, ", ")
	switch date := n.period(countDate(rows[0])); {
	case k.column == "" || date == "":
	case rows[0].Get("asOf") != "":
		title += " (" + date + ")"
	default:
		title += " (" + n.word("source") + ": " + date + ")"
	}
	return title
}

// ozgNote returns the date of the values of a chart and, if it has a bar for services that
// are not available everywhere, that it does not include those that are.
func (n names) ozgNote(k ozgChartKind, rows []Row) string {
	const local = "at-least-one-municipality"
	note := n.ozgDate(k, rows)
	if k.column == "coverage" && len(matching(rows, k.column, local)) > 0 {
		note += " " + n.quoted(n.label(k.column, local)) + ": " + n.definition(k.column, local)
	}
	return note
}

// ozgDate returns the date of the values of a chart.
func (n names) ozgDate(k ozgChartKind, rows []Row) string {
	switch {
	case k.column == "":
		return n.word("ozg.dated")
	case rows[0].Get("asOf") != "":
		return n.word("status.date") + ": " + n.period(rows[0].Get("asOf")) + "."
	}
	return n.word("ozg.published") + " " + n.period(rows[0].Get("published")) + "."
}

// ozgRows sorts the rows of bars as the codelist of their column does, those over time
// by date; areas are grouped in the order in which they come.
func (n names) ozgRows(k ozgChartKind, rows []Row) []Row {
	if k.column == "" {
		return slices.SortedStableFunc(slices.Values(rows), byDate(countDate, false))
	}
	codes := distinct(rows, k.column)
	if k.column != "area" {
		codes = distinct(matching(n.all(dataset.Codelists), "codelist", k.column), "code")
	}
	return slices.SortedStableFunc(slices.Values(rows), func(a, b Row) int {
		return cmp.Compare(slices.Index(codes, a.Get(k.column)), slices.Index(codes, b.Get(k.column)))
	})
}
