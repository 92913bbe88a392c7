package site

import (
	"context"

	"github.com/zielstand/zielstand/internal/dataset"
)

// sourcesPage is the page of the source documents.
type sourcesPage struct {
	frame
	Sources []source
}

// source is a document with the datasets that have rows from it.
type source struct {
	Row
	Taken []taken
}

// taken are the rows of a dataset that come from a source.
type taken struct {
	Dataset *dataset.Dataset
	Rows    int
	Href    string
}

func buildSources(ctx context.Context, r *renderer) (page, error) {
	p := &sourcesPage{}
	p.Title, p.Description = r.text(dataset.Sources.Title), r.text(dataset.Sources.Description)
	p.Downloads = []download{r.downloadAll(dataset.Sources)}
	for _, row := range r.all(dataset.Sources) {
		s := source{Row: row}
		for _, d := range []*dataset.Dataset{dataset.Goals, dataset.GoalStatus, dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones} {
			n, err := r.count(ctx, dataset.Query{Dataset: d, Filters: equal(d, "source", row.ID())})
			if err != nil {
				return nil, err
			}
			if n > 0 {
				s.Taken = append(s.Taken, taken{d, n, r.file("/v1/" + d.ID + ".csv?source=" + row.ID())})
			}
		}
		p.Sources = append(p.Sources, s)
	}
	return p, nil
}
