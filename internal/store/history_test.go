// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// history writes each release with the one that it followed; a withdrawn one has
// an exclamation mark. The newest comes first, an asterisk marks the latest.
func history(t testing.TB, s *store.Store) string {
	t.Helper()
	releases, err := s.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	latest, err := s.Latest(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range releases {
		mark := ""
		if r.Seq == latest.Seq {
			mark = "*"
		}
		if !r.Withdrawn.IsZero() {
			mark = "!"
		}
		all = append(all, mark+r.ID+"<"+r.Previous)
	}
	return strings.Join(all, " ")
}

// TestHistory checks that a release knows its predecessor even if releases are deleted,
// and is withdrawn while the latest does not descend from it.
func TestHistory(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		edition := func(month string) fstest.MapFS {
			pkg := storetest.Package(t)
			storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "2024.`+month+`.0"`)
			storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-`+month+`-28T12:00:00Z"`)
			return pkg
		}
		publish := func(month string) {
			t.Helper()
			storetest.PublishPackage(t, s, edition(month))
		}
		use := func(month string) {
			t.Helper()
			if err := s.Use(ctx, "2024."+month+".0"); err != nil {
				t.Fatal(err)
			}
		}
		is := func(want string) {
			t.Helper()
			if diff := cmp.Diff(want, history(t, s)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		}
		publish("01")
		publish("02")
		publish("03")
		is("*2024.03.0<2024.02.0 2024.02.0<2024.01.0 2024.01.0<")
		use("01")
		is("!2024.03.0<2024.02.0 !2024.02.0<2024.01.0 *2024.01.0<")
		withdrawn, err := s.Release(ctx, "2024.03.0")
		if err != nil || time.Since(withdrawn.Withdrawn).Abs() > time.Hour {
			t.Errorf("withdrawn at %v, %v", withdrawn.Withdrawn, err)
		}
		use("02")
		is("!2024.03.0<2024.02.0 *2024.02.0<2024.01.0 2024.01.0<")
		if r, err := s.Release(ctx, "2024.03.0"); err != nil || !r.Withdrawn.Equal(withdrawn.Withdrawn) {
			t.Errorf("withdrawn again at %v, before at %v, %v", r.Withdrawn, withdrawn.Withdrawn, err)
		}
		publish("04")
		is("*2024.04.0<2024.02.0 !2024.03.0<2024.02.0 2024.02.0<2024.01.0 2024.01.0<")
		use("03")
		is("!2024.04.0<2024.02.0 *2024.03.0<2024.02.0 2024.02.0<2024.01.0 2024.01.0<")
		use("04")
		is("*2024.04.0<2024.02.0 !2024.03.0<2024.02.0 2024.02.0<2024.01.0 2024.01.0<")
		if _, err := s.Prune(ctx, 2); err != nil {
			t.Fatal(err)
		}
		is("*2024.04.0<2024.02.0 !2024.03.0<2024.02.0")
		use("04")
		is("*2024.04.0<2024.02.0 !2024.03.0<2024.02.0")

		deleted := func(want ...string) {
			t.Helper()
			got, err := s.Deleted(ctx)
			if slices.Sort(got); err != nil || !slices.Equal(got, want) {
				t.Errorf("deleted are %v, want %v, error %v", got, want, err)
			}
		}
		deleted("2024.01.0", "2024.02.0")
		content := storetest.Content(t, s, edition("05"))
		content.Release.ID = "2024.02.0"
		if _, err := s.Publish(ctx, content); !errors.Is(err, domain.ErrConflict) || !strings.Contains(err.Error(), "release 2024.02.0 was published before and has been deleted") {
			t.Errorf("the id of a deleted release gave the error %v", err)
		}

		// What the migrations find out about releases from before.
		if err := s.MigrateTo(ctx, 14); err != nil {
			t.Fatal(err)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		deleted("2024.02.0") // the first release has no changes, and no other follows it directly
		if err := s.MigrateTo(ctx, 6); err != nil {
			t.Fatal(err)
		}
		storetest.Execute(t, databaseURL, "DELETE FROM latest", "INSERT INTO latest (one, release_seq) SELECT 1, MIN(seq) FROM releases")
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		is("!2024.04.0<2024.03.0 *2024.03.0<unknown")
	})
}
