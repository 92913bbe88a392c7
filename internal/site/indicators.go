// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// indicatorsPage is the page of all indicators: by field of action, or in the order that
// the reader chose.
type indicatorsPage struct {
	frame
	Form   listForm
	Fields []fieldIndicators
	Sorted []indicatorLine
}

// fieldIndicators are the indicators of a field. Lines are those that belong to a goal or
// have several figures, Others the rest, which is folded.
type fieldIndicators struct {
	Field         Row
	Lines, Others []indicatorLine
}

// indicatorListing defines the parameters of the list of indicators.
var indicatorListing = &listing{
	of: dataset.Indicators, reduced: []string{"goal"},
	old:     []string{"field", "fieldOfAction", "theme", "themes", "goal=yes", formPrefix + "goal=any", "goal=no", formPrefix + "goal=none"},
	retired: []string{"source", "figures"},
}

func (r *renderer) indicatorList() list {
	by := func(name string) field { return r.byColumn(dataset.Indicators, name) }
	return list{
		listing: indicatorListing,
		fields:  []field{by("fieldOfAction"), r.byPresence("goal"), by("unit"), by("themes").labelled()},
		sorts:   []order{r.sortByTitle()},
	}
}

// indicatorLine is an indicator in a list, with the number of its figures and the
// years that they span, or its only figure.
type indicatorLine struct {
	Row
	Figures     int
	Only        Row
	First, Last string
}

func buildIndicators(ctx context.Context, r *renderer) (page, error) {
	figures, err := r.figuresByIndicator(ctx)
	if err != nil {
		return nil, err
	}
	p := &indicatorsPage{}
	p.Description = r.text(dataset.Indicators.Description)
	var found []Row
	if p.Form, found, err = r.apply(ctx, r.indicatorList()); err != nil {
		return nil, err
	}
	p.Downloads = []download{r.downloadList(dataset.Indicators, p.Form), r.downloadAll(dataset.Observations)}
	if p.Form.Sorted {
		for _, i := range found {
			p.Sorted = append(p.Sorted, summarise(i, figures[i.ID()]))
		}
		return p, nil
	}
	for _, f := range r.all(dataset.FieldsOfAction) {
		of := fieldIndicators{Field: f}
		for _, i := range matching(found, "fieldOfAction", f.ID()) {
			line := summarise(i, figures[i.ID()])
			if p.Form.Filtered || i.Get("goal") != "" || line.Figures > 1 {
				of.Lines = append(of.Lines, line)
			} else {
				of.Others = append(of.Others, line)
			}
		}
		if of.Lines != nil || of.Others != nil {
			p.Fields = append(p.Fields, of)
		}
	}
	return p, nil
}

// figuresByIndicator returns all observations, or none if there are too many for
// a list.
func (r reader) figuresByIndicator(ctx context.Context) (map[string][]Row, error) {
	rows, err := r.query(ctx, dataset.Query{Dataset: dataset.Observations, Limit: dataset.MaxLimit})
	if err != nil || len(rows) == dataset.MaxLimit {
		return nil, err
	}
	out := map[string][]Row{}
	for _, row := range rows {
		out[row.Get("indicator")] = append(out[row.Get("indicator")], row)
	}
	return out, nil
}

func summarise(indicator Row, figures []Row) indicatorLine {
	line := indicatorLine{Row: indicator, Figures: len(figures)}
	if len(figures) == 1 {
		line.Only = figures[0]
	}
	for _, f := range figures {
		p, err := domain.ParsePeriod(f.Get("period"))
		if err != nil {
			continue
		}
		if line.First == "" || p.Start()[:4] < line.First {
			line.First = p.Start()[:4]
		}
		line.Last = max(line.Last, p.End()[:4])
	}
	return line
}

// indicatorPage is the page of an indicator.
type indicatorPage struct {
	frame
	Indicator Row
	Related   []Row
	// Covering are the indicators that cover this one, with their latest actual values,
	// which also apply to it.
	Covering       []statement
	Plot           template.HTML
	Figures        figureTable
	Contradictions []contradiction
}

func buildIndicator(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.Indicators, r.ID)
	if err != nil {
		return nil, err
	}
	figures, more, err := r.figures(ctx, dataset.Observations, "indicator", r.ID)
	if err != nil {
		return nil, err
	}
	c, err := r.indicatorChart(row, figures, more)
	if err != nil {
		return nil, err
	}
	p := &indicatorPage{
		Indicator: row, Related: r.lookups(dataset.Indicators, row.Get("covers")+" "+row.Get("related")), Figures: r.figureTable(r.word("indicator.table"), figures, more),
		frame: frame{Citation: r.cite(r.Release.ID, r.name(row), r.pinnedPath("observations", "indicator", r.ID))},
	}
	p.Title, p.Description = r.name(row), r.cell(row, "definition")
	if p.Covering, err = r.covering(ctx); err != nil {
		return nil, err
	}
	if p.Plot, err = c.inPage(); err != nil {
		return nil, err
	}
	if p.Contradictions, err = r.contradictionsOf(ctx, figures); err != nil {
		return nil, err
	}
	p.listed = listed(p.Contradictions)
	p.shown = []*dataset.Dataset{dataset.Observations, dataset.Indicators}
	p.Downloads = []download{
		r.downloadRows(r.word("indicator.table"), dataset.Observations, "indicator", r.ID),
		r.downloadRow(r.word("indicator.this"), dataset.Indicators, r.ID),
	}
	if p.Plot != "" {
		p.alternates = []alternate{{"image/svg+xml", r.word("embed"), r.page("/indicators/" + r.ID + ".svg")}}
	}
	return p, nil
}

// covering returns the latest actual values, for the whole, of the indicators that cover
// the page's indicator. An indicator without such values is returned itself.
func (r *renderer) covering(ctx context.Context) ([]statement, error) {
	var out []statement
	for _, indicator := range r.all(dataset.Indicators) {
		if !slices.Contains(strings.Fields(indicator.Get("covers")), r.ID) {
			continue
		}
		d := dataset.Observations
		rows, err := r.query(ctx, dataset.Query{Dataset: d, Latest: true, Filters: slices.Concat(
			equal(d, "indicator", indicator.ID()), equal(d, "area", dataset.HomeArea), equal(d, "kind", "actual"), equal(d, "breakdown", ""),
		)})
		if err != nil {
			return nil, err
		}
		if rows == nil {
			rows = []Row{indicator}
		}
		for _, row := range rows {
			out = append(out, r.statement(row))
		}
	}
	return out, nil
}

// indicatorFigure is the plot of an indicator.
func indicatorFigure(ctx context.Context, r *renderer) (chart, error) {
	row, err := r.row(ctx, dataset.Indicators, r.ID)
	if err != nil {
		return chart{}, err
	}
	figures, more, err := r.figures(ctx, dataset.Observations, "indicator", r.ID)
	if err != nil {
		return chart{}, err
	}
	return r.indicatorChart(row, figures, more)
}

// indicatorChart shows the figures of an indicator over time, or by area.
func (r *renderer) indicatorChart(row Row, figures []Row, more bool) (chart, error) {
	unit := row.Get("unit")
	if more || len(figures) < minPlotted || len(figures) > maxPlotted {
		return chart{}, nil
	}
	c := r.chart(row.ID(), r.name(row), r.cell(row, "definition"), figures)
	if len(distinct(figures, "area")) > 1 || len(distinct(figures, "breakdown")) > 1 {
		b, err := r.partBars(unit, figures)
		return bars(c, b), err
	}
	t, err := r.timeChart(figures)
	t.Unit = r.label("unit", unit)
	if unit == "percent" {
		t.Reach = []float64{0, 100}
	}
	return timeline(c, t), err
}

// figureTable is a table of figures with the columns that they need.
type figureTable struct {
	Label string
	Rows  []Row
	// More reports whether there are more rows than shown.
	More bool
	// Areas reports whether the figures are of several areas, Parts whether some
	// are of a part of the whole, Goals whether some are of a goal that has another page.
	Areas, Parts, Goals bool
}

func (r *renderer) figureTable(label string, rows []Row, more bool) figureTable {
	t := figureTable{Label: label, Rows: rows, More: more, Areas: len(distinct(rows, "area")) > 1}
	for _, row := range rows {
		t.Parts = t.Parts || r.breakdown(row) != ""
		t.Goals = t.Goals || row.Get("goal") != "" && row.Get("goal") != r.ID
	}
	return t
}
