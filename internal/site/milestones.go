package site

import (
	"context"

	"github.com/zielstand/zielstand/internal/dataset"
)

// milestonesPage is the page of all milestones.
type milestonesPage struct {
	frame
	Form   listForm
	Fields []fieldGoals
	Sorted []Row
}

// milestoneParameters are the parameters of the list of milestones.
var milestoneParameters = []string{"q", "field", "state", "reached", "due", "theme", "source", "sort"}

func buildMilestones(ctx context.Context, r *renderer) (page, error) {
	rows, err := r.query(ctx, dataset.Query{Dataset: dataset.Milestones, Limit: dataset.MaxLimit})
	if err != nil {
		return nil, err
	}
	theme, source := r.byCode("theme", "themes", "theme"), r.byRow("source", "source", dataset.Sources)
	theme.sorted, source.sorted = byLabel, byLabel
	p := &milestonesPage{}
	p.Description = r.text(dataset.Milestones.Description)
	p.Downloads = []download{r.downloadAll(dataset.Milestones)}
	var found []Row
	p.Form, found, err = r.apply(list{
		filters: []filter{
			r.byRow("field", "fieldOfAction", dataset.FieldsOfAction), r.byCode("state", "state", "milestone-state"),
			r.byYear("reached", "reached"), r.byYear("due", "due"), theme, source,
		},
		sorts: []order{{"newest", byPeriod("reached", true)}, {"due", byPeriod("due", false)}, {"title", r.byTitle}},
	}, rows)
	if err != nil {
		return nil, err
	}
	p.NoIndex = p.Form.Filtered || p.Form.Sorted
	if p.Form.Sorted {
		p.Sorted = found
		return p, nil
	}
	for _, f := range r.all(dataset.FieldsOfAction) {
		if rows := matching(found, "fieldOfAction", f.ID()); len(rows) > 0 {
			p.Fields = append(p.Fields, fieldGoals{f, rows})
		}
	}
	return p, nil
}
