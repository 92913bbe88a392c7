package site

import (
	"cmp"
	"html/template"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
)

// measureGroup is the counts of one measure with what it counts.
type measureGroup struct {
	Code Row
	Rows []Row
	More bool
}

// shownChart is a chart of the page with what its values are.
type shownChart struct {
	ID, Title, Measure string
	// When says of what date the values are.
	When string
	Plot template.HTML
	// Dated says that the values are of several dates and sources; else First is
	// the row that says those of all.
	Dated          bool
	First          Row
	Contradictions []Row
}

func (v *view) ozg() (content, error) {
	groups, all, err := v.measures()
	if err != nil {
		return content{}, err
	}
	contradictions, err := v.contradicting(all)
	if err != nil {
		return content{}, err
	}
	charts, err := v.ozgCharts(all, contradictions)
	c := content{
		template: "ozg", title: v.word("ozg.title"), description: dataset.OZGServiceCounts.Description.In(v.Language),
		data: map[string]any{
			"Groups": groups, "Charts": charts, "Contradictions": contradictions,
			"Citation": v.cite(v.word("ozg.title"), "/v1/releases/"+v.Release.ID+"/"+dataset.OZGServiceCounts.ID+".csv"),
		},
		of:        []*dataset.Dataset{dataset.OZGServiceCounts},
		downloads: []download{v.wholeOf(dataset.OZGServiceCounts)},
	}
	for _, chart := range charts {
		c.machine = append(c.machine, alternate{"image/svg+xml", chart.Title, v.path("/ozg/" + chart.ID + ".svg")})
	}
	v.listed = nil // the page names them, the list is elsewhere
	return c, err
}

// measures are the counts by measure, and all of them.
func (v *view) measures() (groups []measureGroup, all []Row, err error) {
	codes, err := v.where(dataset.Codelists, "codelist", "measure")
	if err != nil {
		return nil, nil, err
	}
	for _, code := range codes {
		rows, more, err := v.some(dataset.OZGServiceCounts, "measure", code.Get("code"))
		if err != nil {
			return nil, nil, err
		}
		if len(rows) > 0 {
			groups = append(groups, measureGroup{code, rows, more})
			all = append(all, rows...)
		}
	}
	return groups, all, nil
}

// ozgCharts draws the charts that the rows allow.
func (v *view) ozgCharts(rows []Row, contradictions []contradiction) ([]shownChart, error) {
	var out []shownChart
	for _, c := range ozgChartList {
		shown := c.rows(rows)
		if len(shown) < leastForPlot {
			continue
		}
		svg, err := v.both(func() (string, error) { return v.ozgChart(c, shown) })
		if err != nil {
			return nil, err
		}
		s := shownChart{ID: c.id, Title: v.ozgTitle(c, shown), Measure: shown[0].Get("measure"), When: v.ozgWhen(c, shown), Plot: svg, First: shown[0], Dated: c.column == ""}
		for _, con := range contradictions {
			if names(con, shown) {
				s.Contradictions = append(s.Contradictions, con.Row)
			}
		}
		out = append(out, s)
	}
	return out, nil
}

// names reports whether the contradiction is about one of the rows.
func names(c contradiction, rows []Row) bool {
	return slices.ContainsFunc(c.Statements, func(s statement) bool {
		return slices.ContainsFunc(rows, func(r Row) bool { return r.ID() == s.ID() })
	})
}

// ozgFigure is one of the charts as a file.
func (v *view) ozgFigure() (string, error) {
	i := slices.IndexFunc(ozgChartList, func(c ozgChart) bool { return c.id == v.ID })
	if i < 0 {
		return "", nil
	}
	_, all, err := v.measures()
	if err != nil {
		return "", err
	}
	shown := ozgChartList[i].rows(all)
	if len(shown) < leastForPlot {
		return "", nil
	}
	return v.ozgChart(ozgChartList[i], shown)
}

// ozgLabel names a bar.
func (v *view) ozgLabel(column string, r Row) string {
	if column == "area" {
		return v.named(dataset.Areas, r.Get("area"))
	}
	return v.label(column, r.Get(column))
}

// dated is when a count was made, or else when its source was published.
func dated(r Row) string { return cmp.Or(r.Get("asOf"), r.Get("published")) }
