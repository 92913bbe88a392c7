// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// figurePage is the page of a single figure: an observation or a count of services.
type figurePage struct {
	frame
	Figure Row
	// Subject is what it measures, with the address of its page.
	Subject        statement
	Definition     string
	Part, Unit     string
	Contradictions []contradiction
}

func buildFigure(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.Observations, r.ID)
	if errors.Is(err, domain.ErrNotFound) {
		row, err = r.row(ctx, dataset.OZGServiceCounts, r.ID)
	}
	if err != nil {
		return nil, err
	}
	p := &figurePage{Figure: row, Part: r.breakdown(row), Unit: row.Get("unit")}
	p.Title, p.Subject.Href = r.describe(row), r.rowPage(row)
	if row.dataset == dataset.Observations {
		indicator := r.lookup(dataset.Indicators, row.Get("indicator"))
		p.Subject.Text, p.Definition = r.name(indicator), r.cell(indicator, "definition")
	} else {
		p.Unit = "count"
		p.Subject.Text, p.Definition = r.label("measure", row.Get("measure")), r.definition("measure", row.Get("measure"))
	}
	p.Description = p.Definition
	if p.Contradictions, err = r.contradictionsOf(ctx, []Row{row}); err != nil {
		return nil, err
	}
	p.listed = listed(p.Contradictions)
	p.shown = []*dataset.Dataset{row.dataset}
	p.Downloads = []download{r.downloadRow(r.word("figure.this"), row.dataset, r.ID)}
	p.Citation = r.cite(r.Release.ID, p.Title, r.pinnedPath(row.dataset.ID+"/"+r.ID, "", ""))
	p.Citation.Source = r.citeSource(row)
	return p, nil
}
