// SPDX-License-Identifier: EUPL-1.2

package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestSnapshot publishes a package in which two of four rows of service-availability are
// gone and one is changed: a fall of more than a fifth needs an exception, and the
// history of changes has none of these rows.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		storetest.Publish(t, s)
		pkg := storetest.Package(t)
		content := strings.SplitAfter(string(pkg["service-availability.csv"].Data), "\n")
		pkg["service-availability.csv"].Data = []byte(content[0] + strings.Replace(content[1], ",ok,", ",not-ok,", 1) + content[3])
		storetest.Replace(t, pkg, dataset.ManifestName, "2024.01.0", "2024.02.0")
		storetest.Replace(t, pkg, dataset.ManifestName, "2024-01-31", "2024-02-29")
		p, err := ingest.Read(pkg)
		if err != nil {
			t.Fatal(err)
		}
		_, err = ingest.Prepare(ctx, s, p, nil)
		const want = "service-availability: 2 rows instead of the 4 of release 2024.01.0, a fall of more than a fifth; check that the export is complete (or make an exception: --allow shrink:service-availability)"
		if !errors.Is(err, domain.ErrConflict) || err.Error() != want {
			t.Fatalf("error %v, want %s", err, want)
		}
		plan, err := ingest.Prepare(ctx, s, p, []string{"shrink:service-availability"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Publish(ctx, plan.Content)
		if err != nil {
			t.Fatal(err)
		}
		part, _ := r.Dataset(dataset.ServiceAvailability.ID)
		history, _ := r.Dataset(dataset.Changes.ID)
		if part.Rows != 2 || history.Rows != 0 || len(plan.Changes) != 8 {
			t.Errorf("%d rows, %d rows of history, %d changes", part.Rows, history.Rows, len(plan.Changes))
		}
		if !strings.Contains(r.Notes, "shrink:service-availability") {
			t.Errorf("the notes %q do not name the exception", r.Notes)
		}
	})
}
