// SPDX-License-Identifier: EUPL-1.2

package synthetic

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
)

// Content returns a release with a number of observations to publish. Its rows are
// generated while they are published, so that millions need no memory, and it has no
// files for the same reason.
func Content(ctx context.Context, s *store.Store, rows int) (store.Content, error) {
	files, err := Package(0)
	if err != nil {
		return store.Content{}, err
	}
	if rows < 0 || rows > MaxRows {
		return store.Content{}, fmt.Errorf("%d rows: there can be 0 to %d", rows, MaxRows)
	}
	pkg, err := ingest.Read(files)
	if err != nil {
		return store.Content{}, err
	}
	plan, err := ingest.Prepare(ctx, s, pkg, nil)
	if err != nil {
		return store.Content{}, err
	}
	c := plan.Content
	sum := sha256.Sum256([]byte(c.Release.ContentHash + " " + strconv.Itoa(rows)))
	c.Release.ContentHash = hex.EncodeToString(sum[:])
	c.Files = nil
	i := slices.IndexFunc(c.Tables, func(t store.Table) bool { return t.Dataset == dataset.Observations })
	c.Tables[i] = store.Table{Dataset: dataset.Observations, Rows: complete(observations(rows))}
	return c, nil
}

// complete adds the derived columns to rows of observations.
func complete(rows iter.Seq[[]string]) store.Rows {
	d := dataset.Observations
	published, note := d.Column("published"), d.Column("note")
	return func(yield func([]string, error) bool) {
		cells := make([]string, len(d.Columns))
		cells[published], cells[d.Column("unit")] = sourceDate, unit
		for row := range rows {
			copy(cells, row[:published])
			cells[note] = row[published]
			if !yield(cells, nil) {
				return
			}
		}
	}
}
