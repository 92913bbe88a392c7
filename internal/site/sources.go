// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// sourcesPage is the page of the source documents.
type sourcesPage struct {
	frame
	Form    listForm
	Sources []Row
}

// sourceListing defines the parameters of the list of sources.
var sourceListing = &listing{
	of: dataset.Sources, reduced: []string{"published"},
	old: []string{"year", formPrefix + "published", "sort=newest", "sort=-published"}, retired: []string{"publisher"},
}

func buildSources(ctx context.Context, r *renderer) (page, error) {
	p := &sourcesPage{}
	p.Title, p.Description = r.text(dataset.Sources.Title), r.text(dataset.Sources.Description)
	var err error
	p.Form, p.Sources, err = r.apply(ctx, list{
		listing: sourceListing,
		fields:  []field{r.byColumn(dataset.Sources, "kind"), r.byYear("published")},
		sorts:   []order{{"-published", "newest", byPeriod("published", true)}, r.sortByTitle()},
	})
	if err != nil {
		return nil, err
	}
	p.Downloads = []download{r.downloadList(dataset.Sources, p.Form)}
	return p, nil
}

// sourcePage is the page of a source: what was taken from it, with the places.
type sourcePage struct {
	frame
	Source Row
	Taken  []taken
}

// taken are the rows of a dataset that come from a source.
type taken struct {
	Dataset *dataset.Dataset
	Rows    []statement
	More    bool
}

// sourced are the datasets whose rows name a source and a place in it.
var sourced = []*dataset.Dataset{dataset.Goals, dataset.GoalStatus, dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones}

func buildSource(ctx context.Context, r *renderer) (page, error) {
	row, err := r.row(ctx, dataset.Sources, r.ID)
	if err != nil {
		return nil, err
	}
	p := &sourcePage{Source: row, frame: frame{Citation: r.cite(r.Release.ID, r.name(row), r.pinnedPath("sources/"+r.ID, "", ""))}}
	p.Title, p.Description = r.name(row), r.cell(row, "access")
	p.Downloads = []download{r.downloadRow(r.word("source"), dataset.Sources, r.ID)}
	p.shown = []*dataset.Dataset{dataset.Sources}
	for _, d := range sourced {
		rows, more, err := r.figures(ctx, d, "source", r.ID)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			continue
		}
		t := taken{Dataset: d, More: more}
		slices.SortStableFunc(rows, func(a, b Row) int { return strings.Compare(numeric(a.Get("locator")), numeric(b.Get("locator"))) })
		for _, row := range rows {
			t.Rows = append(t.Rows, r.statement(row))
		}
		p.Taken = append(p.Taken, t)
		p.shown = append(p.shown, d)
		p.Downloads = append(p.Downloads, r.downloadRows(r.text(d.Title), d, "source", r.ID))
	}
	return p, nil
}

var digits = regexp.MustCompile(`[0-9]+`)

// numeric returns a text that sorts by its numbers: 3.2 before 10.3.
func numeric(text string) string {
	return digits.ReplaceAllStringFunc(text, func(n string) string { return fmt.Sprintf("%9s", n) })
}
