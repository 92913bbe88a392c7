// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"slices"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// releasesPage is the page of all releases.
type releasesPage struct {
	frame
	Releases []*domain.Release
	// Pruned reports whether earlier releases were deleted.
	Pruned bool
}

func buildReleases(_ context.Context, r *renderer) (page, error) {
	p := &releasesPage{Releases: r.Releases, Pruned: r.Releases[len(r.Releases)-1].Previous != ""}
	p.Description = r.word("releases.lead")
	p.alternates = []alternate{{"application/json", r.word("releases.title"), r.file("/v1/releases")}}
	return p, nil
}

// releasePage is the page of a release.
type releasePage struct {
	frame
	Shown *domain.Release
	// Current is the identifier of the latest release.
	Current string
	// First reports whether there was none before, Pruned whether the one before
	// was deleted, Signed whether it has a signature that is served.
	First, Pruned, Withdrawn, Signed bool
	Changes                          []datasetChanges
	More                             bool // changes than shown
	// Unlisted are changed datasets that the dataset of changes leaves out.
	Unlisted []*dataset.Dataset
	Older    []*domain.Release
	Parts    datasetTable
}

// datasetChanges are the changes of a dataset.
type datasetChanges struct {
	Dataset *dataset.Dataset
	Rows    []change
}

// change is a changed cell or row, with the row as it is in the latest release.
type change struct {
	Row
	Of statement
	// Column is the title of the column, empty if the whole row is new or gone. Old and New
	// are the cells, in Language.
	Column, Old, New, Language string
}

// maxChanges is the maximum number of changes on the page of a release.
const maxChanges = 300

func buildRelease(ctx context.Context, r *renderer) (page, error) {
	i := slices.IndexFunc(r.Releases, func(other *domain.Release) bool { return other.ID == r.ID })
	if i < 0 {
		return nil, domain.ErrNotFound
	}
	shown := r.Releases[i]
	first, comparable := shown.Previous == "", shown.Predecessor(r.Releases) != nil
	path := "/v1/releases/" + shown.ID
	p := &releasePage{
		Shown: shown, Current: r.Release.ID, First: first, Pruned: !first && !comparable, Withdrawn: !shown.Withdrawn.IsZero(), Signed: shown.Signature != "" && r.settings.Signed,
		Older: r.Releases[i+1:], Parts: datasetTable{Label: r.word("datasets.title")}, frame: frame{Citation: r.cite(shown.ID, shown.Title, path)},
	}
	p.Title, p.Description, p.version = r.word("release")+" "+shown.ID, shown.Title, shown.ID
	for _, d := range dataset.All {
		part, _ := shown.Dataset(d.ID)
		if d.Snapshot && !first && part.Modified.Equal(shown.Published) {
			p.Unlisted = append(p.Unlisted, d)
		}
		if catalog.Listed(shown, d) {
			p.Parts.Rows = append(p.Parts.Rows, datasetRow{d, part, r.permanentForms(path + "/" + d.ID)})
			p.parts = append(p.parts, d)
		}
	}
	p.alternates = []alternate{
		{"application/json", p.Title, r.file(path)},
		{"application/json", "Data Package", r.file(path + "/datapackage.json")},
	}
	if comparable {
		p.Downloads = []download{{r.word("release.changes"), r.permanentForms(path + "/diff")}}
	}
	var err error
	p.Changes, p.More, err = r.changes(ctx, shown)
	return p, err
}

// changes reads what a release changed from the one before, by dataset. The latest release
// has the changes of all before it, except of those that were withdrawn.
func (r *renderer) changes(ctx context.Context, shown *domain.Release) (out []datasetChanges, more bool, err error) {
	history := r.reader
	if !shown.Withdrawn.IsZero() {
		history.of = shown
	}
	rows, err := history.query(ctx, dataset.Query{Dataset: dataset.Changes, Filters: equal(dataset.Changes, "inRelease", shown.ID), Limit: maxChanges + 1})
	if more = len(rows) > maxChanges; more {
		rows = rows[:maxChanges]
	}
	for _, id := range distinct(rows, "dataset") {
		d := dataset.ByID(id)
		if d == nil {
			continue
		}
		of := datasetChanges{Dataset: d}
		changed := matching(rows, "dataset", id)
		found, err := r.rowsByID(ctx, d, distinct(changed, "row"))
		if err != nil {
			return nil, false, err
		}
		cells := map[string]bool{}
		for _, row := range changed {
			cells[row.Get("row")+" "+row.Get("column")] = true
		}
		for _, row := range changed {
			if other := r.translated(row.Get("column")); other != "" && cells[row.Get("row")+" "+other] {
				continue // the page shows the text in its language
			}
			c := r.change(d, row)
			if current, ok := found[row.Get("row")]; ok {
				c.Of = r.statement(current)
			}
			of.Rows = append(of.Rows, c)
		}
		out = append(out, of)
	}
	return out, more, err
}

// change returns a changed cell of a dataset, or a row that is new or gone, in words.
func (r *renderer) change(d *dataset.Dataset, row Row) change {
	c := change{Row: row, Column: row.Get("column"), Old: row.Get("old"), New: row.Get("new"), Language: "de"}
	if i := d.Column(c.Column); i >= 0 {
		column := d.Columns[i]
		c.Column, c.Old, c.New, c.Language = r.text(column.Title), r.written(column, c.Old), r.written(column, c.New), r.writtenIn(column)
	}
	return c
}
