package site

import (
	"github.com/zielstand/zielstand/internal/dataset"
)

// group is the rows that belong to one thing.
type group struct {
	Of   Row
	Code string
	Rows []Row
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
	var groups []group
	for _, f := range fields {
		g := group{Of: f}
		for _, i := range indicators {
			if i.Get("fieldOfAction") == f.ID() {
				g.Rows = append(g.Rows, i)
			}
		}
		if g.Rows != nil {
			groups = append(groups, g)
		}
	}
	return content{
		template: "indicators", title: v.word("indicators.title"), description: dataset.Indicators.Description.In(v.Language),
		data: map[string]any{"Groups": groups}, dataset: dataset.Indicators, machine: wholeOf(dataset.Indicators),
	}, nil
}

func (v *view) indicator() (content, error) {
	indicator, err := v.one(dataset.Indicators, v.ID)
	if err != nil {
		return content{}, err
	}
	rows, err := v.where(dataset.Observations, "indicator", v.ID)
	if err != nil {
		return content{}, err
	}
	contradictions, err := v.contradicting(rows)
	if err != nil {
		return content{}, err
	}
	plot, err := v.indicatorFigure()
	return content{
		template: "indicator", title: v.name(indicator), description: v.inLanguage(indicator, "definition"), dataset: dataset.Observations,
		data: map[string]any{
			"Indicator": indicator, "Rows": byTime(rows), "Contradictions": contradictions,
			"Plot": html(plot), "Citation": v.citation(v.name(indicator)),
		},
		machine: []alternate{
			{"application/json", "JSON", "/v1/indicators/" + v.ID + "/observations"},
			{"text/csv", "CSV", "/v1/observations?indicator=" + v.ID + "&format=csv"},
			{"text/csv", "CSV Excel", "/v1/observations?indicator=" + v.ID + "&dialect=excel-de"},
		},
	}, err
}

func (v *view) ozg() (content, error) {
	rows, err := v.all(dataset.OZGServiceCounts)
	if err != nil {
		return content{}, err
	}
	var groups []group
	codes, err := v.where(dataset.Codelists, "codelist", "measure")
	if err != nil {
		return content{}, err
	}
	for _, code := range codes {
		g := group{Of: code, Code: code.Get("code")}
		for _, r := range rows {
			if r.Get("measure") == g.Code {
				g.Rows = append(g.Rows, r)
			}
		}
		if g.Rows != nil {
			groups = append(groups, g)
		}
	}
	contradictions, err := v.contradicting(rows)
	if err != nil {
		return content{}, err
	}
	charts, err := v.ozgCharts()
	return content{
		template: "ozg", title: v.word("ozg.title"), description: dataset.OZGServiceCounts.Description.In(v.Language),
		data:    map[string]any{"Groups": groups, "Charts": charts, "Contradictions": contradictions},
		dataset: dataset.OZGServiceCounts, machine: wholeOf(dataset.OZGServiceCounts),
	}, err
}

func (v *view) contradictions() (content, error) {
	rows, err := v.all(dataset.Contradictions)
	if err != nil {
		return content{}, err
	}
	if _, err := v.all(dataset.Goals); err != nil {
		return content{}, err
	}
	return content{
		template: "contradictions", title: dataset.Contradictions.Title.In(v.Language), description: dataset.Contradictions.Description.In(v.Language),
		data: map[string]any{"Rows": rows}, dataset: dataset.Contradictions, machine: wholeOf(dataset.Contradictions),
	}, nil
}
