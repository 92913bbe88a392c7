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
	// All counts the goals of all strategies.
	All goalCounts
	// Newest is when the latest source was published: the data cannot show what
	// happened later.
	Newest string
}

// overview counts the goals of a strategy by field of action.
type overview struct {
	Strategy Row
	Fields   []goalCounts
	Sum      goalCounts
}

// goalCounts counts the goals of a field of action, or of all: those with figures and
// those by assessment. NotKnown are those whose due date has passed although no source
// says what became of them.
type goalCounts struct {
	Field                                                Row
	Goals, Figures, Achieved, Missed, OnRecord, NotKnown int
}

func buildStart(_ context.Context, r *renderer) (page, error) {
	p := &startPage{Newest: newestSource(r.all(dataset.Sources))}
	for _, goal := range r.all(dataset.Goals) {
		p.All.add(goal)
	}
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
	o := overview{Strategy: strategy}
	for _, f := range matching(r.all(dataset.FieldsOfAction), "strategy", strategy.ID()) {
		counts := goalCounts{Field: f}
		for _, goal := range matching(r.all(dataset.Goals), "fieldOfAction", f.ID()) {
			counts.add(goal)
			o.Sum.add(goal)
		}
		if counts.Goals > 0 || f.Get("number") != "1" {
			o.Fields = append(o.Fields, counts)
		}
	}
	return o
}

func (c *goalCounts) add(goal Row) {
	c.Goals++
	if goal.Get("quantified") == "true" {
		c.Figures++
	}
	switch goal.Get("assessment") {
	case "achieved", "achieved-late":
		c.Achieved++
	case "missed", "dropped":
		c.Missed++
	case "unknown-since", "unresolved":
		c.NotKnown++
	default:
		c.OnRecord++
	}
}
