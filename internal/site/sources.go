package site

import (
	"github.com/zielstand/zielstand/internal/dataset"
)

// document is a source with what is taken from it.
type document struct {
	Row
	Taken []taken
}

// taken is the rows of a dataset that come from a source.
type taken struct {
	Dataset *dataset.Dataset
	Rows    int
	Href    string
}

func (v *view) sources() (content, error) {
	rows, err := v.all(dataset.Sources)
	if err != nil {
		return content{}, err
	}
	var documents []document
	for _, r := range rows {
		d := document{Row: r}
		for _, of := range []*dataset.Dataset{dataset.Goals, dataset.Observations, dataset.OZGServiceCounts, dataset.Milestones} {
			n, err := v.site.tables.Count(v.ctx, v.Release, dataset.Query{Dataset: of, Filters: equal(of, "source", r.ID())})
			if err != nil {
				return content{}, err
			}
			if n > 0 {
				d.Taken = append(d.Taken, taken{of, int(n), v.file("/v1/" + of.ID + ".csv?source=" + r.ID())})
			}
		}
		documents = append(documents, d)
	}
	return content{
		template: "sources", title: dataset.Sources.Title.In(v.Language), description: dataset.Sources.Description.In(v.Language),
		data: map[string]any{"Rows": documents}, downloads: []download{v.wholeOf(dataset.Sources)},
	}, nil
}
