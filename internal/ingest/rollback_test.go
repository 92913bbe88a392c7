// SPDX-License-Identifier: EUPL-1.2

package ingest_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// dated returns the package as another release.
func dated(t testing.TB, version string, day string) fstest.MapFS {
	t.Helper()
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "`+version+`"`)
	storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "2024-02-`+day+`T12:00:00Z"`)
	return pkg
}

// prepareWorkbook plans the publication of an edited workbook.
func prepareWorkbook(t testing.TB, s *store.Store, content []byte, e ingest.Edition) (*ingest.Plan, error) {
	t.Helper()
	source, err := opened(t, content, "areas.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.ReadWorkbooks(context.Background(), s, []*ingest.Source{source}, e)
	if err != nil {
		t.Fatal(err)
	}
	return ingest.Prepare(context.Background(), s, p, nil)
}

// TestVersionsAfterRollback gives no version of a withdrawn or deleted release to another
// one.
func TestVersionsAfterRollback(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		first := storetest.Publish(t, s)
		storetest.PublishPackage(t, s, dated(t, "2024.02.0", "01"))
		storetest.PublishPackage(t, s, dated(t, "2024.02.1", "02"))
		if err := s.Use(ctx, first.ID); err != nil {
			t.Fatal(err)
		}
		book := editWorkbook(t, workbookOf(t, s, first, dataset.Areas, ""), "text B2 Erde")
		refused := func(what, want string, err error) {
			t.Helper()
			if !errors.Is(err, domain.ErrConflict) || err.Error() != want {
				t.Errorf("%s gave the error\n%v\nwant\n%s", what, err, want)
			}
		}
		check := func() {
			t.Helper()
			_, err := prepare(t, s, dated(t, "2024.01.1", "20"))
			refused("a package with a version before a withdrawn one", "release 2024.01.1 does not come after release 2024.02.1, which was published before; raise the version in datapackage.json (or make an exception: --allow version:2024.01.1)", err)
			day := first.Published.AddDate(0, 1, 0)
			_, err = prepareWorkbook(t, s, book, ingest.Edition{Version: "2024.01.1", Created: day})
			refused("a workbook with a version before a withdrawn one", "release 2024.01.1 does not come after release 2024.02.1, which was published before; name a higher version with --release (or make an exception: --allow version:2024.01.1)", err)
			plan, err := prepareWorkbook(t, s, book, ingest.Edition{Created: day.AddDate(0, 0, -3)}) // in February
			if err != nil || plan.Content.Release.ID != "2024.02.2" {
				t.Errorf("a workbook becomes %+v, error %v", plan, err)
			}
		}
		check()
		other := dated(t, "2024.02.0", "20")
		storetest.Replace(t, other, "areas.csv", "Welt", "Erde")
		_, err := prepare(t, s, other)
		refused("the version of a withdrawn release", "conflict: release 2024.02.0 is already published with different content; releases never change: raise the version in datapackage.json", err)
		_, err = prepareWorkbook(t, s, book, ingest.Edition{Version: "2024.02.0", Created: time.Now()})
		refused("a workbook with the version of a withdrawn release", "conflict: release 2024.02.0 is already published with different content; releases never change: name a higher version with --release", err)
		_, err = prepareWorkbook(t, s, book, ingest.Edition{Created: first.Published})
		refused("a workbook before the latest release", "the current time 2024-01-31T12:00:00Z of release 2024.02.2 must be later than 2024-01-31T12:00:00Z, the time of the latest release 2024.01.0 (or make an exception: --allow created:2024.02.2)", err)

		if _, err := s.Prune(ctx, 1); err != nil { // the latest and the newest remain
			t.Fatal(err)
		}
		check()
		_, err = prepare(t, s, other)
		refused("the version of a deleted release", "conflict: release 2024.02.0 was published before and has been deleted; releases never change: raise the version in datapackage.json", err)
		_, err = prepareWorkbook(t, s, book, ingest.Edition{Version: "2024.02.0", Created: time.Now()})
		refused("a workbook with the version of a deleted release", "conflict: release 2024.02.0 was published before and has been deleted; releases never change: name a higher version with --release", err)

		// The newest release is deleted, too.
		storetest.PublishPackage(t, s, dated(t, "2024.02.2", "03"))
		if _, err := s.Prune(ctx, 1); err != nil {
			t.Fatal(err)
		}
		_, err = prepare(t, s, dated(t, "2024.02.1", "20"))
		refused("the version of another deleted release", "conflict: release 2024.02.1 was published before and has been deleted; releases never change: raise the version in datapackage.json", err)
	})
}

// TestIdentifiersAfterRollback gives no identifier of a withdrawn release to something
// else. The same row may be published again, also corrected.
func TestIdentifiersAfterRollback(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		with := func(version, day, row string) fstest.MapFS {
			pkg := dated(t, version, day)
			pkg["observations.csv"].Data = append(pkg["observations.csv"].Data, row+"\n"...)
			return pkg
		}
		storetest.Publish(t, s)
		storetest.PublishPackage(t, s, with("2024.02.0", "01", "obs-900,mobile-rank,ts2-04,05,2021,actual,4,exact,test-bericht,4,,,,,"))
		if err := s.Use(context.Background(), storetest.Release); err != nil {
			t.Fatal(err)
		}
		storetest.PublishPackage(t, s, dated(t, "2024.02.1", "02"))
		for _, tt := range []struct{ name, row, want string }{
			{"the same row", "obs-900,mobile-rank,ts2-04,05,2021,actual,4,exact,test-bericht,4,,,,,", ""},
			{"a correction", "obs-900,mobile-rank,,05,2020,target,5,about,test-protokoll,TOP 4,,,,,", ""},
			{"another row", "obs-901,gigabit-households,,05,2021,actual,4,exact,test-bericht,4,,,,,", ""},
			{
				"something else", "obs-900,gigabit-households,,08,2021,actual,4,exact,test-bericht,4,,,,,",
				`observations: obs-900 had indicator "mobile-rank" instead of "gigabit-households" and area "05" instead of "08" in release 2024.02.0, which was withdrawn; an identifier is never reused for something else`,
			},
		} {
			pkg := with("2024.02.2", "03", tt.row)
			_, err := prepare(t, s, pkg)
			if tt.want == "" {
				if err != nil {
					t.Errorf("%s: %v", tt.name, err)
				}
				continue
			}
			if want := tt.want + " (or make an exception: --allow reused:obs-900)"; !errors.Is(err, domain.ErrConflict) || err.Error() != want {
				t.Errorf("%s: %v\nwant %s", tt.name, err, want)
			}
			plan, err := prepare(t, s, pkg, "reused:obs-900")
			if err != nil || !strings.HasSuffix(plan.Content.Release.Notes, "\nAusnahmen: reused:obs-900") {
				t.Errorf("%s, with the exception: %v", tt.name, err)
			}
		}
	})
}
