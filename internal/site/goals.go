package site

import (
	"context"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// goalsPage is the page of all goals by strategy and field of action.
type goalsPage struct {
	frame
	Strategies []strategyGoals
}

type strategyGoals struct {
	Strategy Row
	Fields   []fieldGoals
}

type fieldGoals struct {
	Field Row
	Goals []Row
}

func buildGoals(_ context.Context, r *renderer) (page, error) {
	p := &goalsPage{}
	p.Description = r.text(dataset.Goals.Description)
	p.Downloads = []download{r.downloadAll(dataset.Goals), r.downloadAll(dataset.GoalProgress)}
	for _, s := range byAdoption(r.all(dataset.Strategies)) {
		of := strategyGoals{Strategy: s}
		for _, f := range matching(r.all(dataset.FieldsOfAction), "strategy", s.ID()) {
			if rows := matching(r.all(dataset.Goals), "fieldOfAction", f.ID()); len(rows) > 0 {
				of.Fields = append(of.Fields, fieldGoals{f, rows})
			}
		}
		p.Strategies = append(p.Strategies, of)
	}
	return p, nil
}

// byAdoption sorts strategies, the newest first.
func byAdoption(strategies []Row) []Row {
	return slices.SortedStableFunc(slices.Values(strategies), func(a, b Row) int {
		return strings.Compare(b.Get("adopted"), a.Get("adopted"))
	})
}

// fieldPage is the page of a field of action.
type fieldPage struct {
	frame
	Field                         Row
	Goals, Milestones, Indicators []Row
}

func buildField(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.FieldsOfAction, r.ID)
	if err != nil {
		return nil, err
	}
	milestones, err := r.where(ctx, dataset.Milestones, "fieldOfAction", r.ID)
	if err != nil {
		return nil, err
	}
	rows := matching(r.all(dataset.Goals), "fieldOfAction", r.ID)
	p := &fieldPage{
		Field: row, Goals: rows, Milestones: milestones,
		Indicators: matching(r.all(dataset.Indicators), "fieldOfAction", r.ID),
	}
	p.Title, p.Description = r.name(row), r.word("field.lead")
	for _, rows := range [][]Row{rows, p.Indicators, milestones} {
		if len(rows) > 0 {
			d := rows[0].dataset
			p.Downloads = append(p.Downloads, r.downloadRows(r.text(d.Title), d, "fieldOfAction", r.ID))
		}
	}
	return p, nil
}
