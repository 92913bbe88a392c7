// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"context"

	"github.com/zielstand/zielstand/internal/domain"
)

// For tests of comparisons.
var (
	Compare         = compare
	CompareReleases = compareReleases
	CompareRows     = compareRows
)

// MaxSnapshotRows is maxSnapshotRows.
const MaxSnapshotRows = maxSnapshotRows

// KnownGoals returns what was known about the goals of a release.
func (t *Tables) KnownGoals(ctx context.Context, r *domain.Release) (*Goals, error) {
	return t.goals(ctx, r)
}

// Occupy takes all places for reads of older releases, as reads that hang do, until the
// function that it returns is called.
func (t *Tables) Occupy() (free func()) {
	for range concurrentReads {
		t.reads <- struct{}{}
	}
	return func() {
		for range concurrentReads {
			<-t.reads
		}
	}
}

// NewSnapshot combines the latest release and the list of releases.
var NewSnapshot = newSnapshot
