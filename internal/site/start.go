package site

import (
	"context"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// startPage is the start page: the state of the goals of each strategy.
type startPage struct {
	frame
	Overviews []overview
	// Newest is when the latest source was published: the data cannot show what
	// happened later.
	Newest string
}

// overview counts the goals of a strategy by field of action.
type overview struct {
	Strategy Row
	// Year is the year in which goals are due this year.
	Year   string
	Fields []goalCounts
	Sum    goalCounts
}

// goalCounts counts the goals of a field of action, or of all.
type goalCounts struct {
	Field                                      Row
	Goals, Figures, DueThisYear, Over, Reached int
}

func buildStart(_ context.Context, r *renderer) (page, error) {
	p := &startPage{Newest: newestSource(r.all(dataset.Sources))}
	p.Description = r.word("start.lead")
	for _, s := range byAdoption(r.all(dataset.Strategies)) {
		if o := r.overview(s); o.Sum.Goals > 0 {
			p.Overviews = append(p.Overviews, o)
		}
	}
	p.alternates = []alternate{
		{"application/json", r.word("interface"), r.file("/v1")},
		{"application/json", "OpenAPI", r.file("/v1/openapi.json")},
	}
	return p, nil
}

func newestSource(sources []Row) string {
	newest, end := "", ""
	for _, s := range sources {
		if p, err := domain.ParsePeriod(s.Get("published")); err == nil && p.End() > end {
			newest, end = p.String(), p.End()
		}
	}
	return newest
}

// overview includes fields without goals, since that they have none is a fact,
// except for the first chapter, which introduces the strategy.
func (r *renderer) overview(strategy Row) overview {
	o := overview{Strategy: strategy, Year: r.Today.Format("2006")}
	for _, f := range matching(r.all(dataset.FieldsOfAction), "strategy", strategy.ID()) {
		counts := goalCounts{Field: f}
		for _, goal := range matching(r.all(dataset.Goals), "fieldOfAction", f.ID()) {
			state := due(goal, r.Today)
			counts.add(goal, state)
			o.Sum.add(goal, state)
		}
		if counts.Goals > 0 || f.Get("number") != "1" {
			o.Fields = append(o.Fields, counts)
		}
	}
	return o
}

func (c *goalCounts) add(goal Row, due string) {
	c.Goals++
	if goal.Get("quantified") == "true" {
		c.Figures++
	}
	switch due {
	case "reached":
		c.Reached++
	case "over":
		c.Over++
	case "this-year":
		c.DueThisYear++
	}
}
