package site

import (
	"cmp"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// glance is the state of the goals of one field of action, or of all.
type glance struct {
	Field                                      Row
	Goals, Figures, DueThisYear, Over, Reached int
}

// overview is the state of the goals of a strategy.
type overview struct {
	Strategy Row
	Fields   []glance
	Sum      glance
}

func (v *view) start() (content, error) {
	overviews, err := v.overviews()
	if err != nil {
		return content{}, err
	}
	newest, err := v.newestSource()
	return content{
		template: "start", title: v.word("start.title"), description: v.word("start.lead"),
		data: map[string]any{"Overviews": overviews, "Year": v.Today.Format("2006"), "Newest": newest},
		machine: []alternate{
			{"application/json", v.word("interface"), v.file("/v1")},
			{"application/json", "OpenAPI", v.file("/v1/openapi.json")},
		},
	}, err
}

// newestSource is when the youngest document was published: what happened later
// nobody can know from these data.
func (v *view) newestSource() (string, error) {
	sources, err := v.all(dataset.Sources)
	newest, end := "", ""
	for _, s := range sources {
		if p, err := domain.ParsePeriod(s.Get("published")); err == nil && p.End() > end {
			newest, end = p.String(), p.End()
		}
	}
	return newest, err
}

// overviews are the strategies that have goals, the newest first.
func (v *view) overviews() ([]overview, error) {
	strategies, err := v.all(dataset.Strategies)
	if err != nil {
		return nil, err
	}
	var out []overview
	for _, s := range strategies {
		o, err := v.overview(s)
		if err != nil {
			return nil, err
		}
		if o.Sum.Goals > 0 {
			out = append(out, o)
		}
	}
	slices.SortStableFunc(out, func(a, b overview) int {
		return cmp.Compare(b.Strategy.Get("adopted"), a.Strategy.Get("adopted"))
	})
	return out, nil
}

// overview counts the goals of a strategy by field of action, fields without
// goals among them: that they have none is a fact. Only a first chapter without
// goals is left out, for it speaks of the strategy and not of a field.
func (v *view) overview(s Row) (overview, error) {
	o := overview{Strategy: s}
	fields, err := v.where(dataset.FieldsOfAction, "strategy", s.ID())
	if err != nil {
		return o, err
	}
	goals, err := v.all(dataset.Goals)
	for _, f := range fields {
		g := glance{Field: f}
		for _, goal := range goals {
			if goal.Get("fieldOfAction") == f.ID() {
				v.count(&g, goal)
				v.count(&o.Sum, goal)
			}
		}
		if g.Goals > 0 || f.Get("number") != "1" {
			o.Fields = append(o.Fields, g)
		}
	}
	return o, err
}

func (v *view) count(g *glance, goal Row) {
	g.Goals++
	if goal.Get("quantified") == "true" {
		g.Figures++
	}
	switch v.due(goal) {
	case "reached":
		g.Reached++
	case "over":
		g.Over++
	case "this-year":
		g.DueThisYear++
	}
}

// due says where a goal stands towards its due date today: reached, over (and no
// source says reached), this-year, later, undated if only
// words give a date, or none.
func (v *view) due(goal Row) string {
	if goal.Get("status") == "achieved" {
		return "reached"
	}
	p, err := domain.ParsePeriod(goal.Get("due"))
	today := v.Today.Format("2006-01-02")
	switch {
	case err != nil && goal.Get("dueText") != "":
		return "undated"
	case err != nil:
		return "none"
	case p.End() < today:
		return "over"
	case p.End()[:4] == today[:4]:
		return "this-year"
	}
	return "later"
}
