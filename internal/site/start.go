// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"html/template"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// startPage is the start page: one finding, one plot, the latest figures and the ways
// into the data.
type startPage struct {
	frame
	// Newest is when the latest source was published: the data cannot show what
	// happened later.
	Newest string
	// Goals and NotKnown are the numbers in the finding.
	Goals, NotKnown counted
	Known           template.HTML
	Latest          []statement
	Entries         []entry
	Overviews       []overview
}

// entry is a way into the data.
type entry struct{ Href, Title, Text string }

// operator is who runs the service.
type operator struct {
	Name, Homepage string
	Official       bool
}

// overview counts the goals of a strategy by field of action.
type overview struct {
	Strategy Row
	Fields   []fieldTally
	Sum      []counted
}

type fieldTally struct {
	Field Row
	Cells []counted
}

func buildStart(ctx context.Context, r *renderer) (page, error) {
	goals := r.all(dataset.Goals)
	p := &startPage{Newest: newestSource(r.all(dataset.Sources))}
	all := r.tally(goals)
	p.Goals, p.NotKnown = all[0], all[slices.IndexFunc(goalColumns, func(c goalColumn) bool { return c.name == "notknown" })]
	p.Description = r.word("start.lead")
	c, err := goalsFigure(ctx, r)
	if err != nil {
		return nil, err
	}
	if p.Known, err = c.inPage(); err != nil {
		return nil, err
	}
	if p.Latest, err = r.latestFigures(ctx); err != nil {
		return nil, err
	}
	for _, s := range byAdoption(r.all(dataset.Strategies)) {
		if o := r.overview(s); o.Sum[0].Count > 0 || slices.ContainsFunc(o.Fields, func(f fieldTally) bool { return f.Cells[0].Count > 0 }) {
			p.Overviews = append(p.Overviews, o)
		}
	}
	p.Entries = r.entries()
	p.alternates = []alternate{
		{"image/svg+xml", c.figure.Title, r.page("/goals.svg")},
		{"application/json", r.word("interface"), r.file("/v1")},
		{"application/json", "OpenAPI", r.file("/v1/openapi.json")},
	}
	return p, nil
}

func (r *renderer) operator() operator {
	return operator{r.settings.Publisher.Name, r.settings.Publisher.Homepage, r.settings.Official}
}

// entryPaths are the pages that the start page leads to, if they exist.
var entryPaths = []string{"/goals", "/ozg", "/areas", "/contradictions", "/datasets", "/use"}

// entries are the ways into the data: pages, then downloads and the API.
func (r *renderer) entries() []entry {
	var out []entry
	for _, path := range entryPaths {
		if p := lookup(path); p != nil && p.exists(r.Release) {
			name := p.Pattern[1:]
			out = append(out, entry{r.page(path), r.word("start." + name), r.word("start." + name + ".text")})
		}
	}
	return out
}

// newestSource returns when the latest source was published.
func newestSource(sources []Row) string {
	newest, end := "", ""
	for _, s := range sources {
		if p, err := domain.ParsePeriod(s.Get("published")); err == nil && p.End() > end {
			newest, end = p.String(), p.End()
		}
	}
	return newest
}

// latestShown is how many of the latest figures the start page shows.
const latestShown = 5

// latestFigures returns the most recent actual values that belong to a goal, one of each
// indicator.
func (r *renderer) latestFigures(ctx context.Context) ([]statement, error) {
	d := dataset.Observations
	rows, err := r.query(ctx, dataset.Query{Dataset: d, Filters: append(equal(d, "area", dataset.HomeArea), equal(d, "kind", "actual")...), Limit: dataset.MaxLimit})
	if err != nil || len(rows) == dataset.MaxLimit {
		return nil, err // too many to say which is the latest
	}
	slices.SortStableFunc(rows, byPeriod("period", true))
	var out []statement
	seen := map[string]bool{}
	for _, row := range rows {
		indicator := row.Get("indicator")
		goal := cmp.Or(row.Get("goal"), r.lookup(dataset.Indicators, indicator).Get("goal"))
		if goal == "" || row.Get("period") == "" || seen[indicator] || len(out) == latestShown {
			continue
		}
		seen[indicator] = true
		out = append(out, r.statement(row))
	}
	return out, nil
}

// overview includes fields without goals, because that is a finding too, except for the
// first chapter, which introduces the strategy.
func (r *renderer) overview(strategy Row) overview {
	o := overview{Strategy: strategy}
	for _, f := range matching(r.all(dataset.FieldsOfAction), "strategy", strategy.ID()) {
		goals := matching(r.all(dataset.Goals), "fieldOfAction", f.ID())
		if len(goals) > 0 || f.Get("number") != "1" {
			o.Fields = append(o.Fields, fieldTally{f, r.tally(goals, "fieldOfAction", f.ID())})
		}
	}
	o.Sum = r.tally(matching(r.all(dataset.Goals), "strategy", strategy.ID()), "strategy", strategy.ID())
	return o
}
