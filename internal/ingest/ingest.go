// Package ingest turns a checked data package into what the store publishes:
// every dataset with all its columns, the derived ones and the computed
// datasets included.
package ingest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/fixture"
	"github.com/zielstand/zielstand/internal/revision"
	"github.com/zielstand/zielstand/internal/store"
)

// assemble returns the publication of a data package and its rows.
func assemble(p *fixture.Package) (store.Content, revision.Rows, error) {
	created, err := time.Parse(time.RFC3339, p.Manifest.Created)
	if err != nil {
		return store.Content{}, nil, fmt.Errorf("%s: created: %w", fixture.ManifestName, err)
	}
	c := store.Content{Release: domain.Release{
		ID: p.Manifest.Version, Title: p.Manifest.Title, Published: created.UTC(),
		Notes: p.Manifest.Notes, Synthetic: p.Manifest.Synthetic,
	}}
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		c.Files = append(c.Files, store.File{Path: path, Content: p.Files[path]})
	}
	c.Release.ContentHash = store.ContentHash(c.Files)
	rows := complete(p)
	for _, d := range dataset.All {
		c.Tables = append(c.Tables, store.Table{Dataset: d, Rows: slices.Values(rows[d.ID])})
	}
	return c, rows, nil
}
