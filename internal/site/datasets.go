// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"html/template"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// datasetsPage is the page of all datasets.
type datasetsPage struct {
	frame
	Main, Secondary datasetTable
	// Whole are the files with all datasets.
	Whole []catalog.File
}

// datasetTable is a table of datasets with their files.
type datasetTable struct {
	Label string
	Rows  []datasetRow
}

type datasetRow struct {
	Dataset *dataset.Dataset
	Part    domain.ReleaseDataset
	Forms   []alternate
}

func buildDatasets(ctx context.Context, r *renderer) (page, error) {
	p := &datasetsPage{Main: datasetTable{Label: r.word("datasets.title")}, Secondary: datasetTable{Label: r.word("datasets.secondary")}}
	p.Description = r.word("datasets.lead")
	for _, d := range dataset.All {
		if !catalog.Listed(r.Release, d) {
			continue
		}
		part, _ := r.Release.Dataset(d.ID)
		t := &p.Main
		if d.Secondary {
			t = &p.Secondary
		}
		t.Rows = append(t.Rows, datasetRow{d, part, r.forms("/v1/"+d.ID, nil)})
	}
	whole, err := r.documents.PackageEntry(ctx, r.Release)
	if err != nil {
		return nil, err
	}
	p.Whole = whole.Files
	p.alternates = []alternate{
		{"application/json", r.word("datasets.title"), r.file("/v1/datasets")},
		{"application/json", "Data Package", r.file("/v1/releases/" + r.Release.ID + "/datapackage.json")},
	}
	return p, nil
}

// ruleDocument is the document that descriptions refer to for the rules behind the data.
const ruleDocument = "docs/data.md"

// described returns a description that refers to the page with the rules.
func (r *renderer) described(t dataset.Text) template.HTML {
	link := `<a href="` + template.HTMLEscapeString(r.page("/method")) + `">` + template.HTMLEscapeString(r.quoted(r.word("method.title"))) + `</a>`
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(r.text(t)), ruleDocument, link))
}

// datasetPage is the page of a dataset.
type datasetPage struct {
	frame
	Dataset    *dataset.Dataset
	Entry      catalog.Entry
	Catalogued bool
	Rows       []previewRow
	Latest     []alternate
}

// previewRow is a row with its number, from 1.
type previewRow struct {
	Row
	Number int
}

// previewRows is how many rows the page of a dataset shows.
const previewRows = 3

func buildDataset(ctx context.Context, r *renderer) (page, error) {
	d := dataset.ByID(r.ID)
	if d == nil {
		return nil, domain.ErrNotFound
	}
	entry, err := r.documents.Entry(ctx, r.Release, d)
	if err != nil {
		return nil, err
	}
	rows, err := r.query(ctx, dataset.Query{Dataset: d, Limit: previewRows})
	p := &datasetPage{
		Dataset: d, Entry: entry, Catalogued: !d.Secondary && catalog.Listed(r.Release, d),
		Latest: r.forms("/v1/"+d.ID, nil), frame: frame{Citation: r.cite(r.Release.ID, r.text(d.Title), "/v1/releases/"+r.Release.ID+"/"+d.ID+".csv")},
	}
	for i, row := range rows {
		p.Rows = append(p.Rows, previewRow{row, i + 1})
	}
	p.Title, p.Description, p.alternates = r.text(d.Title), r.text(d.Description), p.Latest
	if p.Catalogued {
		p.described = &entry
		p.alternates = append(slices.Clip(p.Latest), alternate{"text/turtle", "DCAT-AP.de: " + p.Title, r.file("/v1/datasets/" + d.ID + ".ttl")},
			alternate{"application/ld+json", "Croissant: " + p.Title, r.file("/v1/datasets/" + d.ID + ".croissant.json")})
	}
	return p, err
}
