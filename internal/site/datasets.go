package site

import (
	"slices"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// held is a dataset with its part of the release.
type held struct {
	Dataset *dataset.Dataset
	Part    domain.ReleaseDataset
	Forms   []alternate
}

func (v *view) datasets() (content, error) {
	var main, helping []held
	for _, d := range dataset.All {
		part, ok := v.Release.Dataset(d.ID)
		switch {
		case !ok:
		case d.Secondary:
			helping = append(helping, held{d, part, v.forms("/v1/"+d.ID, nil)})
		default:
			main = append(main, held{d, part, v.forms("/v1/"+d.ID, nil)})
		}
	}
	return content{
		template: "datasets", title: v.word("datasets.title"), description: v.word("datasets.lead"),
		data: map[string]any{"Main": main, "Helping": helping},
		machine: []alternate{
			{"application/json", v.word("datasets.title"), v.file("/v1/datasets")},
			{"application/json", "Data Package", v.file("/v1/releases/" + v.Release.ID + "/datapackage.json")},
		},
	}, nil
}

// firstRows is how many rows a dataset's page shows.
const firstRows = 3

func (v *view) dataset() (content, error) {
	d := dataset.ByID(v.ID)
	if d == nil {
		return content{}, domain.ErrNotFound
	}
	entry, err := v.site.settings.Entry(v.ctx, v.Release, d)
	if err != nil {
		return content{}, err
	}
	rows, err := v.query(dataset.Query{Dataset: d, Limit: firstRows})
	c := content{
		template: "dataset", title: d.Title.In(v.Language), description: d.Description.In(v.Language),
		data: map[string]any{
			"Dataset": d, "Entry": entry, "Rows": rows, "Catalogued": slices.Contains(catalog.Catalogued(), d),
			"Numbers": numbers(len(rows)), "Latest": v.forms("/v1/"+d.ID, nil),
			"Citation": v.cite(d.Title.In(v.Language), "/v1/releases/"+v.Release.ID+"/"+d.ID+".csv"),
		},
		machine: v.forms("/v1/"+d.ID, nil),
	}
	if !d.Secondary {
		c.dataset = d
		c.machine = append(c.machine, alternate{"text/turtle", "DCAT-AP.de: " + c.title, v.file("/v1/datasets/" + d.ID + ".ttl")})
	}
	return c, err
}

// numbers are 1 to n.
func numbers(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}
