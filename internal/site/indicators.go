package site

import (
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// indicatorLine is an indicator in a list with how many figures it has, or the
// one that it has.
type indicatorLine struct {
	Row
	Figures     int
	Only        Row
	First, Last string
}

// indicatorGroup is the indicators of a field of action.
type indicatorGroup struct {
	Field Row
	Lines []indicatorLine
}

func (v *view) indicators() (content, error) {
	fields, err := v.all(dataset.FieldsOfAction)
	if err != nil {
		return content{}, err
	}
	indicators, err := v.all(dataset.Indicators)
	if err != nil {
		return content{}, err
	}
	figures, err := v.figuresByIndicator()
	var groups []indicatorGroup
	for _, f := range fields {
		g := indicatorGroup{Field: f}
		for _, i := range indicators {
			if i.Get("fieldOfAction") == f.ID() {
				g.Lines = append(g.Lines, summed(i, figures[i.ID()]))
			}
		}
		if g.Lines != nil {
			groups = append(groups, g)
		}
	}
	return content{
		template: "indicators", title: v.word("indicators.title"), description: dataset.Indicators.Description.In(v.Language),
		data:      map[string]any{"Groups": groups},
		downloads: []download{v.wholeOf(dataset.Indicators), v.wholeOf(dataset.Observations)},
	}, err
}

// figuresByIndicator are all observations, or none if they are too many to be
// read for a list.
func (v *view) figuresByIndicator() (map[string][]Row, error) {
	rows, err := v.query(dataset.Query{Dataset: dataset.Observations, Limit: dataset.MaxLimit})
	if err != nil || len(rows) == dataset.MaxLimit {
		return nil, err
	}
	out := map[string][]Row{}
	for _, r := range rows {
		out[r.Get("indicator")] = append(out[r.Get("indicator")], r)
	}
	return out, nil
}

func summed(indicator Row, rows []Row) indicatorLine {
	line := indicatorLine{Row: indicator, Figures: len(rows)}
	if len(rows) == 1 {
		line.Only = rows[0]
	}
	for _, r := range rows {
		p, err := domain.ParsePeriod(r.Get("period"))
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

func (v *view) indicator() (content, error) {
	indicator, err := v.one(dataset.Indicators, v.ID)
	if err != nil {
		return content{}, err
	}
	rows, more, err := v.some(dataset.Observations, "indicator", v.ID)
	if err != nil {
		return content{}, err
	}
	contradictions, err := v.contradicting(rows)
	if err != nil {
		return content{}, err
	}
	plot, err := v.both(v.indicatorFigure)
	c := content{
		template: "indicator", title: v.name(indicator), description: v.inLanguage(indicator, "definition"),
		data: map[string]any{
			"Indicator": indicator, "Rows": rows, "More": more, "Contradictions": contradictions,
			"Plot": plot, "Citation": v.cite(v.name(indicator), v.rowsAt("observations", "indicator", v.ID)),
		},
		downloads: []download{
			{v.word("indicator.table"), v.forms("/v1/observations", v.pinned("indicator", v.ID))},
			v.itemOf(v.word("indicator.this"), dataset.Indicators, v.ID),
		},
		of: []*dataset.Dataset{dataset.Observations, dataset.Indicators},
	}
	if plot != "" {
		c.machine = []alternate{{"image/svg+xml", v.word("embed"), v.path("/indicators/" + v.ID + ".svg")}}
	}
	return c, err
}
