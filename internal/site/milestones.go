// SPDX-License-Identifier: EUPL-1.2

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

// milestoneListing defines the parameters of the list of milestones.
var milestoneListing = &listing{
	of: dataset.Milestones, reduced: []string{"reached", "due"},
	old: []string{"field", "fieldOfAction", "theme", "themes", "reached=any", formPrefix + "reached=any", "due=any", formPrefix + "due=any", "sort=newest", "sort=-reached"},
}

func buildMilestones(ctx context.Context, r *renderer) (page, error) {
	by := func(name string) field { return r.byColumn(dataset.Milestones, name) }
	p := &milestonesPage{}
	p.Description = r.text(dataset.Milestones.Description)
	var found []Row
	var err error
	p.Form, found, err = r.apply(ctx, list{
		listing: milestoneListing,
		fields:  []field{by("fieldOfAction"), by("state"), r.byYear("reached"), r.byYear("due"), by("themes").labelled(), by("source").labelled()},
		sorts:   []order{{"-reached", "newest", byPeriod("reached", true)}, {"due", "due", byPeriod("due", false)}, r.sortByTitle()},
	})
	if err != nil {
		return nil, err
	}
	p.Downloads = []download{r.downloadList(dataset.Milestones, p.Form)}
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
