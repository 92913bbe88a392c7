package site

import (
	"cmp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

// ozgChart is one way to show the counts of online services.
type ozgChart struct {
	id string
	// measure is what is counted, empty for any; counts of different measures
	// never stand in one chart.
	measure string
	// column is what the bars differ in, empty for a chart over time.
	column string
	// kinds are the kinds of values shown.
	kinds []string
	// whole are the columns in which only the whole is shown.
	whole []string
	// same are the columns in which all values of the chart agree.
	same []string
	// but are the codes of column that are left out: totals.
	but []string
}

var ozgChartList = []ozgChart{
	{
		id: "laender", column: "area", kinds: []string{"actual"},
		whole: []string{"coverage", "priority", "execution", "portal"}, same: []string{"measure", "source", "asOf"},
	},
	{
		id: "coverage", column: "coverage", kinds: []string{"actual"},
		whole: []string{"priority", "execution", "portal"}, same: []string{"measure", "source", "asOf", "area"}, but: []string{"all"},
	},
	{
		id: "priority", column: "priority", kinds: []string{"actual"},
		whole: []string{"coverage", "execution", "portal"}, same: []string{"measure", "source", "asOf", "area"}, but: []string{"all"},
	},
	{
		id: "execution", column: "execution", kinds: []string{"actual"},
		whole: []string{"coverage", "portal"}, same: []string{"measure", "source", "asOf", "area", "priority"}, but: []string{"all", "sub-federal"},
	},
	{
		id: "time", measure: "available-online", kinds: []string{"actual"},
		whole: []string{"coverage", "priority", "execution", "portal"}, same: []string{"area"},
	},
	{
		id: "portal", measure: "portal-services", kinds: []string{"actual", "planned", "target"},
		whole: []string{"coverage", "priority", "execution"}, same: []string{"area", "portal"},
	},
}

// rows are the counts that the chart shows: of those that agree in the columns
// same, the largest set.
func (c ozgChart) rows(all []Row) []Row {
	sets := map[string][]Row{}
	var best []Row
	for _, r := range all {
		if !c.fits(r) {
			continue
		}
		key := ""
		for _, column := range c.same {
			key += r.Get(column) + "\x00"
		}
		if !slices.ContainsFunc(sets[key], func(other Row) bool { return c.repeats(other, r) }) {
			sets[key] = append(sets[key], r)
		}
		if len(sets[key]) > len(best) {
			best = sets[key]
		}
	}
	return best
}

func (c ozgChart) fits(r Row) bool {
	return (c.measure == "" || c.measure == r.Get("measure")) && slices.Contains(c.kinds, r.Get("kind")) && !slices.Contains(c.but, r.Get(c.column)) &&
		!slices.ContainsFunc(c.whole, func(column string) bool { return r.Get(column) != "all" })
}

// repeats reports whether two rows say the same: a source may state a count
// twice. 350 and at least 350 are not the same.
func (c ozgChart) repeats(a, b Row) bool {
	for _, column := range []string{"value", "qualifier", "kind"} {
		if a.Get(column) != b.Get(column) {
			return false
		}
	}
	if c.column != "" {
		return a.Get(c.column) == b.Get(c.column)
	}
	return dated(a) == dated(b)
}

// ozgTitle names what a chart compares, and what all its values have in common:
// the measure, the part of the whole and the area.
func (v *view) ozgTitle(c ozgChart, rows []Row) string {
	common := []string{v.label("measure", rows[0].Get("measure"))}
	for _, column := range breakdowns {
		codes := distinct(rows, column)
		if column != c.column && len(codes) == 1 && codes[0] != "all" {
			common = append(common, v.label(column, codes[0]))
		}
	}
	if areas := distinct(rows, "area"); len(areas) == 1 {
		common = append(common, v.named(dataset.Areas, areas[0]))
	}
	return v.word("ozg."+c.id) + ": " + strings.Join(common, ", ")
}

// ozgWhen says of what date the values of a chart are, or how they are dated.
func (v *view) ozgWhen(c ozgChart, rows []Row) string {
	switch {
	case c.column == "":
		return v.word("ozg.dated")
	case rows[0].Get("asOf") != "":
		return v.word("status.date") + ": " + v.period(rows[0].Get("asOf")) + "."
	}
	return v.word("ozg.published") + " " + v.period(rows[0].Get("published")) + "."
}

// ordered sorts the rows of bars by the codelist of their column; areas keep
// their order. Rows of the same bar stand together.
func (v *view) ordered(c ozgChart, rows []Row) []Row {
	codes := distinct(rows, c.column)
	if c.column != "area" {
		list, _ := v.all(dataset.Codelists) // an error is told where the labels are read
		codes = nil
		for _, code := range list {
			if code.Get("codelist") == c.column {
				codes = append(codes, code.Get("code"))
			}
		}
	}
	return slices.SortedStableFunc(slices.Values(rows), func(a, b Row) int {
		return cmp.Compare(slices.Index(codes, a.Get(c.column)), slices.Index(codes, b.Get(c.column)))
	})
}

func (v *view) ozgChart(c ozgChart, rows []Row) (string, error) {
	definition := v.definition("measure", rows[0].Get("measure"))
	f := v.figure("ozg-"+c.id, v.ozgTitle(c, rows), definition+" "+v.ozgWhen(c, rows), rows)
	if c.column == "" {
		return v.ozgTime(f, rows)
	}
	chart := plot.BarChart{Figure: f, Unit: v.word("ozg.unit")}
	for _, r := range v.ordered(c, rows) {
		bar, err := v.bar(r, v.ozgLabel(c.column, r))
		if err != nil {
			return "", err
		}
		chart.Bars = append(chart.Bars, bar)
	}
	return chart.SVG()
}

// ozgTime shows counts at the date that they are given for, else at that of
// their source. No line joins them: they need not count the same.
func (v *view) ozgTime(f plot.Figure, rows []Row) (string, error) {
	rows = slices.SortedStableFunc(slices.Values(rows), func(a, b Row) int { return cmp.Compare(dated(a), dated(b)) })
	chart, err := v.timeChart(f, rows)
	if err != nil {
		return "", err
	}
	chart.Unit = v.word("ozg.unit")
	for i, r := range rows {
		chart.Points[i].Time, chart.Points[i].Joined = span(dated(r)), false
	}
	return chart.SVG()
}
