// Package ingest turns a checked data package into what the store publishes:
// every dataset with all its columns, the derived ones and the computed
// datasets included.
package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/fixture"
	"github.com/zielstand/zielstand/internal/revision"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/strategy"
)

// assemble returns the publication of a data package and its rows.
func assemble(p *fixture.Package) (store.Content, revision.Rows, error) {
	created, err := time.Parse(time.RFC3339, p.Manifest.Created)
	if err != nil {
		return store.Content{}, nil, fmt.Errorf("%s: created: %w", fixture.ManifestName, err)
	}
	c := store.Content{Release: strategy.Release{
		ID: p.Manifest.Version, Title: p.Manifest.Title, Published: created.UTC(),
		Notes: p.Manifest.Notes, Synthetic: p.Manifest.Synthetic,
	}}
	for _, path := range slices.Sorted(maps.Keys(p.Files)) {
		c.Files = append(c.Files, store.File{Path: path, Content: p.Files[path]})
	}
	c.Release.ContentHash = contentHash(c.Files)
	rows := complete(p)
	for _, d := range dataset.All {
		c.Tables = append(c.Tables, store.Table{Dataset: d, Rows: slices.Values(rows[d.ID])})
	}
	return c, rows, nil
}

// contentHash is the SHA-256 over paths and contents of the files in order.
func contentHash(files []store.File) string {
	sum := sha256.New()
	for _, f := range files {
		fmt.Fprintf(sum, "%s\x00%d\x00", f.Path, len(f.Content))
		sum.Write(f.Content)
	}
	return hex.EncodeToString(sum.Sum(nil))
}
