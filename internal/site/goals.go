package site

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
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
	Goals []goalLine
}

// goalLine is a goal in a list.
type goalLine struct {
	Goal Row
	Due  string
}

func buildGoals(_ context.Context, r *renderer) (page, error) {
	p := &goalsPage{}
	p.Description = r.text(dataset.Goals.Description)
	p.Downloads = []download{r.downloadAll(dataset.Goals), r.downloadAll(dataset.GoalProgress)}
	for _, s := range byAdoption(r.all(dataset.Strategies)) {
		of := strategyGoals{Strategy: s}
		for _, f := range matching(r.all(dataset.FieldsOfAction), "strategy", s.ID()) {
			if rows := matching(r.all(dataset.Goals), "fieldOfAction", f.ID()); len(rows) > 0 {
				of.Fields = append(of.Fields, fieldGoals{f, goalLines(rows, r.Today)})
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

func goalLines(rows []Row, today time.Time) []goalLine {
	var out []goalLine
	for _, g := range rows {
		out = append(out, goalLine{g, due(g, today)})
	}
	return out
}

// due returns the state of a goal's due date on a day: reached, over (and no
// source reports the goal as reached), this-year, later, undated if the date is
// given in words only, or none.
func due(goal Row, today time.Time) string {
	if goal.Get("status") == "achieved" {
		return "reached"
	}
	p, err := domain.ParsePeriod(goal.Get("due"))
	day := today.Format(time.DateOnly)
	switch {
	case err != nil && goal.Get("dueText") != "":
		return "undated"
	case err != nil:
		return "none"
	case p.End() < day:
		return "over"
	case p.End()[:4] == day[:4]:
		return "this-year"
	}
	return "later"
}

// fieldPage is the page of a field of action.
type fieldPage struct {
	frame
	Field                  Row
	Goals                  []goalLine
	Milestones, Indicators []Row
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
		Field: row, Goals: goalLines(rows, r.Today), Milestones: milestones,
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
