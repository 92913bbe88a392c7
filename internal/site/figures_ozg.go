package site

import (
	"html/template"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

// ozgChart is one way to split the counts of online services.
type ozgChart struct {
	ID string
	// Column is what the bars differ in.
	Column string
	// Keep says which rows belong into the chart.
	Keep func(Row) bool
	// Plot is the finished chart.
	Plot template.HTML
}

// ozgCharts lists the charts of the OZG page. Only counts of the same measure
// and the same source stand side by side.
func ozgChartList() []ozgChart {
	online := func(r Row) bool { return r.Get("measure") == "available-online" && r.Get("kind") == "actual" }
	plain := func(r Row, columns ...string) bool {
		for _, c := range columns {
			if r.Get(c) != "all" {
				return false
			}
		}
		return true
	}
	return []ozgChart{
		{ID: "laender", Column: "area", Keep: func(r Row) bool {
			return online(r) && r.Get("source") == "vorlage-17-6059" && plain(r, "coverage", "priority", "execution", "portal")
		}},
		{ID: "coverage", Column: "coverage", Keep: func(r Row) bool {
			return online(r) && r.Get("source") == "ausschussprotokoll-2021-12-02" && r.Get("coverage") != "all" && r.Get("area") == "05"
		}},
		{ID: "priority", Column: "priority", Keep: func(r Row) bool {
			return r.Get("measure") == "relevant-nrw" && r.Get("priority") != "all" && plain(r, "execution")
		}},
		{ID: "execution", Column: "execution", Keep: func(r Row) bool {
			return r.Get("measure") == "relevant-nrw" && r.Get("priority") == "1-2" && r.Get("execution") != "all" && r.Get("execution") != "sub-federal"
		}},
		{ID: "portal", Column: "asOf", Keep: func(r Row) bool { return r.Get("measure") == "portal-services" && r.Get("portal") == "wsp-nrw" }},
	}
}

func (v *view) ozgCharts() ([]ozgChart, error) {
	var out []ozgChart
	for _, c := range ozgChartList() {
		svg, err := v.ozgChart(c)
		if err != nil {
			return nil, err
		}
		if c.Plot = html(svg); svg != "" {
			out = append(out, c)
		}
	}
	return out, nil
}

// ozgFigure is one of the charts as a file.
func (v *view) ozgFigure() (string, error) {
	for _, c := range ozgChartList() {
		if c.ID == v.ID {
			return v.ozgChart(c)
		}
	}
	return "", nil
}

func (v *view) ozgChart(c ozgChart) (string, error) {
	rows, err := v.all(dataset.OZGServiceCounts)
	if err != nil {
		return "", err
	}
	chart := plot.BarChart{Figure: v.figure("ozg-"+c.ID, v.word("ozg."+c.ID), v.word("ozg."+c.ID+".text")), Unit: v.word("ozg.unit")}
	seen := map[string]bool{}
	for _, r := range rows {
		label := v.ozgLabel(c.Column, r)
		if !c.Keep(r) || seen[label+r.Get("value")] {
			continue // a source may state a count twice
		}
		seen[label+r.Get("value")] = true
		bar, err := v.bar(r, label)
		if err != nil {
			return "", err
		}
		chart.Bars = append(chart.Bars, bar)
	}
	if len(chart.Bars) == 0 {
		return "", nil
	}
	return chart.SVG()
}

func (v *view) ozgLabel(column string, r Row) string {
	switch column {
	case "area":
		return v.named(dataset.Areas, r.Get("area"))
	case "asOf":
		when := formatPeriod(r.Get("asOf"), v.Language)
		if when == "" {
			when = v.word("undated")
		}
		return when + " · " + v.label("kind", r.Get("kind"))
	}
	return v.label(column, r.Get(column))
}
