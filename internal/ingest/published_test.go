// SPDX-License-Identifier: EUPL-1.2

package ingest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// servedPackage returns the data package of a release as it is served, with a version and
// a time.
func servedPackage(t testing.TB, s *store.Store, r *domain.Release, version, created string) fstest.MapFS {
	t.Helper()
	m := dataset.Manifest{
		Name: "zielstand", Title: r.Title, Version: version, Created: created, Notes: r.Notes, Synthetic: r.Synthetic,
		Profile: "tabular-data-package", Licenses: []dataset.PackageLicense{{Path: dataset.LicenseBase + "dl-by-de/2.0"}},
	}
	pkg := fstest.MapFS{"LICENSE.txt": {Data: []byte("licence")}}
	for _, d := range dataset.All {
		m.Resources = append(m.Resources, dataset.DescribePublished(d))
		pkg[d.ID+".csv"] = &fstest.MapFile{Data: export(t, s, r, d)}
	}
	content, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	pkg[dataset.ManifestName] = &fstest.MapFile{Data: content}
	return pkg
}

// TestPublished imports data packages as they are served: into an empty database, again,
// and edited.
func TestPublished(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		origin := storetest.Open(t, storetest.SQLite(t))
		r := storetest.Publish(t, origin)
		served := servedPackage(t, origin, r, r.ID, "2024-01-31T12:00:00Z")
		if !ingest.AsPublished(served) || ingest.AsPublished(storetest.Package(t)) || ingest.Partial(served) {
			t.Error("a package as it is served is not recognised")
		}
		_, first := publishOver(t, s, served)
		for _, part := range first.Datasets {
			if before, _ := r.Dataset(part.ID); before.ContentHash != part.ContentHash {
				t.Errorf("%s differs from the release that was served", part.ID)
			}
		}
		if faults, err := ingest.Verify(context.Background(), s, first); err != nil || len(faults) > 0 {
			t.Error(faults, err)
		}
		rebuilt(t, s, first)
		if _, err := planOver(t, s, served); !errors.Is(err, store.ErrPublished) {
			t.Errorf("the same again gave the error %v", err)
		}
		if _, err := planOver(t, origin, served); !errors.Is(err, store.ErrPublished) {
			t.Errorf("a release that was served gave the error %v", err)
		}
		edited := servedPackage(t, origin, r, "2024.02.0", "2024-02-01T12:00:00Z")
		storetest.Replace(t, edited, "areas.csv", "Welt", "Erde")
		storetest.Replace(t, edited, "observations.csv", ",8200,exact,", ",8300,exact,")
		for _, d := range dataset.All { // the others are those of the latest release
			if d != dataset.Areas && d != dataset.Observations {
				delete(edited, d.ID+".csv")
			}
		}
		plan, second := publishOver(t, s, edited)
		var changed []string
		for _, c := range plan.Changes {
			if !c.Dataset.Computed {
				changed = append(changed, c.Dataset.ID+" "+c.Row+" "+c.Column)
			}
		}
		if diff := cmp.Diff([]string{"observations obs-004 value", "areas WORLD title"}, changed); diff != "" {
			t.Errorf("changes (-want +got)\n%s", diff)
		}
		if second.Synthetic != r.Synthetic || second.Title != r.Title {
			t.Errorf("%+v", second)
		}
		if faults, err := ingest.Verify(context.Background(), s, second); err != nil || len(faults) > 0 {
			t.Error(faults, err)
		}
		// A release with a history has the same rows in an empty database, but no history.
		_, moved := publishOver(t, storetest.Open(t, storetest.SQLite(t)), servedPackage(t, s, second, second.ID, "2024-02-01T12:00:00Z"))
		for _, part := range moved.Datasets {
			if before, _ := second.Dataset(part.ID); (before.ContentHash == part.ContentHash) != (part.ID != dataset.Changes.ID) {
				t.Errorf("%s: %d rows, in the release that was served %d", part.ID, part.Rows, before.Rows)
			}
		}
		// The same package is edited again.
		again := servedPackage(t, origin, r, "2024.02.1", "2024-02-02T12:00:00Z")
		delete(again, "goal-progress.csv")
		storetest.Replace(t, again, "areas.csv", "Welt", "Globus")
		storetest.Replace(t, again, "observations.csv", ",8200,exact,", ",8300,exact,")
		_, err := planOver(t, s, again)
		want := fmt.Sprintf("changes.csv: has fewer rows than in the latest release, because the package is from an older one; delete the file, or download the package again and repeat your edits there; it has 0 rows instead of %d", len(plan.Changes))
		if err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
		delete(again, "changes.csv")
		if _, err := planOver(t, s, again); err != nil {
			t.Error(err)
		}
	})
}

// TestPublishedEdited edits what is computed, with the release at hand and without.
func TestPublishedEdited(t *testing.T) {
	t.Parallel()
	origin := storetest.Open(t, storetest.SQLite(t))
	r := storetest.Publish(t, origin)
	empty := storetest.Open(t, storetest.SQLite(t))
	lines := func(pkg fstest.MapFS, name string, change func([]string) []string) {
		rows := change(strings.SplitAfter(string(pkg[name].Data), "\r\n"))
		pkg[name] = &fstest.MapFile{Data: []byte(strings.Join(rows, ""))}
	}
	const column = " is in a column that is computed when a release is published"
	for _, tt := range []struct {
		name   string
		change func(fstest.MapFS)
		want   []string
	}{
		{"a derived column", func(p fstest.MapFS) { storetest.Replace(t, p, "observations.csv", ",percent,", ",persons,") }, []string{`observations.csv, row 6, column unit: "persons"` + column + `, and cannot be edited; restore the original value; it was "percent"`}},
		{"a computed column", func(p fstest.MapFS) { storetest.Replace(t, p, "goals.csv", ",in-progress,", ",achieved,") }, []string{`goals.csv, row 3, column status: "achieved"` + column + `, and cannot be edited; restore the original value; it was "in-progress"`}},
		{"a computed dataset", func(p fstest.MapFS) { storetest.Replace(t, p, "goal-progress.csv", ",comparable,", ",target-only,") }, []string{`goal-progress.csv, row 2, column state: "target-only"` + column + `, and cannot be edited; restore the original value; it was "comparable"`}},
		{"a row of a computed dataset", func(p fstest.MapFS) {
			lines(p, "goal-progress.csv", func(rows []string) []string { return slices.Delete(rows, 1, 2) })
		}, []string{"goal-progress.csv: lacks rows of a dataset that is computed when a release is published; edit the datasets that it follows from; it has 5 rows instead of 6"}},
		{"a new row of a computed dataset", func(p fstest.MapFS) {
			lines(p, "goal-progress.csv", func(rows []string) []string {
				return slices.Insert(rows, 1, strings.Replace(rows[1], "ts2-01", "ts2-99", 1))
			})
		}, []string{`goal-progress.csv, row 2, column id: "ts2-99.e-file-users" is in a new row of a computed dataset; delete the row, and edit the datasets that it follows from`}},
		{"a blank line", func(p fstest.MapFS) {
			lines(p, "observations.csv", func(rows []string) []string { return slices.Insert(rows, 2, "\r\n") })
		}, []string{"observations.csv, row 3: is blank; delete the row"}},
		{"a broken row", func(p fstest.MapFS) { storetest.Replace(t, p, "goals.csv", ",true,", ",") }, []string{"goals.csv, row 2: has too few cells"}},
	} {
		for version, s := range map[string]*store.Store{"2024.02.0": origin, "2024.01.0": empty} {
			pkg := servedPackage(t, origin, r, version, "2024-01-31T12:00:00Z")
			tt.change(pkg)
			base, err := ingest.FindBase(context.Background(), s, pkg)
			if err != nil {
				t.Fatal(err)
			}
			_, err = ingest.ReadOver(pkg, base)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s over %v: %v\nwant %s", tt.name, base != nil, err, want)
				}
			}
		}
	}
	// The row of another figure needs no computed cells.
	pkg := servedPackage(t, origin, r, "2024.02.0", "2024-02-01T12:00:00Z")
	lines(pkg, "observations.csv", func(rows []string) []string {
		cells := strings.Split(rows[2], ",")
		cells[0], cells[4] = "obs-999", "2019"
		row := strings.Join(cells, ",")
		return slices.Insert(rows, len(rows)-1, row)
	})
	_, err := planOver(t, origin, pkg)
	if want := `column unit: "persons"` + column + "; leave it empty in new rows"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nwant %s", err, want)
	}
	pkg["observations.csv"].Data = bytes.Replace(pkg["observations.csv"].Data, []byte("obs-999,e-file-users,,05,2019,actual,7600,exact,test-bericht,\"3, Tabelle 1\",2021-08,,persons,"), []byte("obs-999,e-file-users,,05,2019,actual,7600,exact,test-bericht,\"3, Tabelle 1\",,,,"), 1)
	if _, err := planOver(t, origin, pkg); err != nil {
		t.Error(err)
	}
}
