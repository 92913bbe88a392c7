// SPDX-License-Identifier: EUPL-1.2

package ingest_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// part returns the test data with a version and a day of February 2024, and of the datasets
// only those named.
func part(t testing.TB, version, day string, ids ...string) fstest.MapFS {
	t.Helper()
	pkg := storetest.Package(t)
	for name := range pkg {
		if id, ok := strings.CutSuffix(name, ".csv"); ok && !slices.Contains(ids, id) {
			delete(pkg, name)
		}
	}
	describe(t, pkg, func(m *dataset.Manifest) { m.Version, m.Created = version, "2024-02-"+day+"T12:00:00Z" })
	return pkg
}

// describe changes the manifest of a package and describes its files.
func describe(t testing.TB, pkg fstest.MapFS, change func(*dataset.Manifest)) {
	t.Helper()
	var m dataset.Manifest
	if err := json.Unmarshal(pkg[dataset.ManifestName].Data, &m); err != nil {
		t.Fatal(err)
	}
	change(&m)
	ingest.Describe(&m, func(id string) bool { return pkg[id+".csv"] != nil })
	content, err := plainjson.MarshalIndent(&m)
	if err != nil {
		t.Fatal(err)
	}
	pkg[dataset.ManifestName] = &fstest.MapFile{Data: content}
}

func filesOf(pkg fstest.MapFS) []store.File {
	var files []store.File
	for _, name := range slices.Sorted(maps.Keys(pkg)) {
		files = append(files, store.NewFile(name, pkg[name].Data))
	}
	return files
}

func planOver(t testing.TB, s *store.Store, pkg fs.FS, allow ...string) (*ingest.Plan, error) {
	t.Helper()
	base, err := ingest.FindBase(context.Background(), s, pkg)
	if err != nil {
		t.Fatal(err)
	}
	p, err := ingest.ReadOver(pkg, base)
	if err != nil {
		return nil, err
	}
	return ingest.Prepare(context.Background(), s, p, allow)
}

// publishOver publishes a package over the latest release.
func publishOver(t testing.TB, s *store.Store, pkg fs.FS, allow ...string) (*ingest.Plan, *domain.Release) {
	t.Helper()
	plan, err := planOver(t, s, pkg, allow...)
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Publish(context.Background(), plan.Content)
	if err != nil {
		t.Fatal(err)
	}
	return plan, r
}

// TestPartial publishes two datasets, then another by somebody else. All other datasets
// keep their versions, computed datasets follow, and each release has a complete package
// that gives the same release again.
func TestPartial(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		first := storetest.Publish(t, s)
		indicators := part(t, "2024.02.0", "01", "indicators", "goals")
		storetest.Replace(t, indicators, "indicators.csv", ",persons,", ",count,")
		plan, second := publishOver(t, s, indicators)
		var changed []string
		for _, c := range plan.Changes {
			changed = append(changed, c.Dataset.ID+" "+c.Row+" "+c.Column)
		}
		want := []string{
			"indicators e-file-users unit", "observations obs-001 unit", "observations obs-002 unit", "observations obs-003 unit",
			"observations obs-004 unit", "goal-progress ts2-01.e-file-users unit",
		}
		if diff := cmp.Diff(want, changed); diff != "" {
			t.Errorf("changes (-want +got)\n%s", diff)
		}
		versions(t, first, second, "indicators", "observations", "goal-progress", "changes")

		areas := part(t, "2024.02.1", "02", "areas")
		storetest.Replace(t, areas, "areas.csv", "Welt", "Erde")
		_, third := publishOver(t, s, areas)
		versions(t, second, third, "areas", "changes")
		for _, r := range []*domain.Release{first, second, third} {
			if faults, err := ingest.Verify(context.Background(), s, r); err != nil || len(faults) > 0 {
				t.Errorf("release %s: %v %v", r.ID, faults, err)
			}
		}
		for _, again := range []fs.FS{indicators, areas} {
			if _, err := planOver(t, s, again); !errors.Is(err, store.ErrPublished) {
				t.Errorf("the same again gave the error %v", err)
			}
		}
		storetest.Replace(t, indicators, "indicators.csv", ",count,", ",persons,")
		if _, err := planOver(t, s, indicators); !errors.Is(err, domain.ErrConflict) || !strings.Contains(err.Error(), "2024.02.0 is already published with different content") {
			t.Errorf("the same version with other content gave the error %v", err)
		}
		rebuilt(t, s, first, second, third)
	})
}

// versions compares the versions of two releases: only the datasets named may differ.
func versions(t *testing.T, before, after *domain.Release, changed ...string) {
	t.Helper()
	for _, part := range after.Datasets {
		old, _ := before.Dataset(part.ID)
		if same := old.Version == part.Version; same == slices.Contains(changed, part.ID) {
			t.Errorf("release %s: %s has version %d, before %d", after.ID, part.ID, part.Version, old.Version)
		}
	}
}

// rebuilt publishes the packages of releases in a new database and compares the releases.
func rebuilt(t *testing.T, s *store.Store, releases ...*domain.Release) {
	t.Helper()
	other := storetest.Open(t, storetest.SQLite(t))
	for _, r := range releases {
		files, err := s.Files(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ingest.Read(store.Folder(files))
		if err != nil {
			t.Fatalf("the package of release %s: %v", r.ID, err)
		}
		plan, err := ingest.Prepare(context.Background(), other, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := other.Publish(context.Background(), plan.Content)
		if err != nil {
			t.Fatal(err)
		}
		if again.ContentHash != r.ContentHash {
			t.Errorf("release %s has the content %s, the one rebuilt %s", r.ID, r.ContentHash, again.ContentHash)
		}
		for i, part := range again.Datasets {
			if part.ContentHash != r.Datasets[i].ContentHash {
				t.Errorf("release %s: %s differs in the one rebuilt", r.ID, part.ID)
			}
		}
	}
}

// TestPartialFindings changes one thing in a package with some datasets.
func TestPartialFindings(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.Publish(t, s)
	for _, tt := range []struct {
		name   string
		ids    []string
		change func(fstest.MapFS)
		want   string
	}{
		{"in order", []string{"areas"}, func(fstest.MapFS) {}, ""},
		{"a manifest that cannot be read", []string{"areas"}, func(p fstest.MapFS) { storetest.Replace(t, p, "datapackage.json", `"version":`, `"version"`) }, "datapackage.json: is not JSON:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pkg := part(t, "2024.02.0", "01", tt.ids...)
			tt.change(pkg)
			base, err := ingest.FindBase(context.Background(), s, pkg)
			if err != nil {
				t.Fatal(err)
			}
			_, err = ingest.ReadOver(pkg, base)
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var findings ingest.Findings
			if !errors.As(err, &findings) || !strings.HasPrefix(findings[0].String(), tt.want) {
				t.Errorf("%v\nwant %s", err, tt.want)
			}
			for _, f := range findings {
				if strings.Contains(f.Rule, "is missing; a data package") {
					t.Errorf("a file that the package does not hold is reported: %v", f)
				}
			}
		})
	}
}

// TestPartialFirst needs all datasets as long as no release is published.
func TestPartialFirst(t *testing.T) {
	t.Parallel()
	pkg := part(t, "2024.02.0", "01", "areas", "codelists", "sources")
	if !ingest.Partial(pkg) || ingest.Partial(storetest.Package(t)) {
		t.Error("a part is not recognised")
	}
	base, err := ingest.FindBase(context.Background(), storetest.Open(t, storetest.SQLite(t)), pkg)
	if err != nil || base != nil {
		t.Fatal(base, err)
	}
	_, err = ingest.ReadOver(pkg, base)
	want := "datapackage.json, resources: are incomplete, and no published release has the missing datasets; the first release must have all datasets that are not optional; missing: goals, goal-status, "
	if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
		t.Errorf("%v\nwant %s…", err, want)
	}
}

// TestOptional publishes packages without the optional datasets: they are empty until a
// package brings them, and references to them are checked all the same.
func TestOptional(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		var all, optional []string
		for _, d := range dataset.All {
			if !d.Computed && !d.Optional {
				all = append(all, d.ID)
			} else if !d.Computed {
				optional = append(optional, d.ID)
			}
		}
		_, first := publishOver(t, s, part(t, "2024.02.0", "01", all...))
		_, second := publishOver(t, s, part(t, "2024.02.1", "02", "areas", "goals"))
		versions(t, first, second)
		for _, id := range []string{"services", "service-availability", "service-counts"} {
			if d, ok := second.Dataset(id); !ok || d.Rows != 0 {
				t.Errorf("%s has %d rows: %v", id, d.Rows, ok)
			}
		}
		if _, err := planOver(t, s, part(t, "2024.02.2", "03", "service-availability")); err == nil || !strings.Contains(err.Error(), `service-availability.csv, 2 rows (2, 3), column service: "00000000000001" is not an id of services.csv`) {
			t.Errorf("references to services that nobody has: %v", err)
		}
		_, third := publishOver(t, s, part(t, "2024.02.2", "03", optional...))
		if d, _ := third.Dataset("service-availability"); d.Rows != 4 || d.Version != third.Seq {
			t.Errorf("service-availability: %+v", d)
		}
		for _, r := range []*domain.Release{first, second, third} {
			if faults, err := ingest.Verify(context.Background(), s, r); err != nil || len(faults) > 0 {
				t.Errorf("release %s: %v %v", r.ID, faults, err)
			}
		}
		rebuilt(t, s, first, second, third)
	})
}

// TestPartialUnread reads the bulk datasets of the release before only if something that
// they take from other datasets, or that is computed from both, has changed.
func TestPartialUnread(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		first := storetest.Publish(t, s)
		for _, tt := range []struct {
			name, file, old, new string
			observations         bool
			availability         bool
		}{
			{"a title", "areas.csv", "Welt", "Erde", true, true},
			{"a title of an indicator", "indicators.csv", "Veränderung der Preise", "Preisänderung", true, true},
			{"a unit", "indicators.csv", ",persons,", ",count,", false, true},
			{"a date", "sources.csv", "minutes,2021-11-12", "minutes,2021-11-13", false, false},
			{"a title of a service", "services.csv", "Register a test service", "Register the test service", true, true},
			{"a topic of a service", "services.csv", ",education,", ",,", true, false},
			{"a contradiction", "contradictions.csv", "obs-003 obs-004", "obs-003 obs-005", true, true},
			{"a word of locators", "codelists.csv", "locator-part,slide,Folie", "locator-part,slide,Bild", false, false},
		} {
			pkg := part(t, "2024.02.0", "01", strings.TrimSuffix(tt.file, ".csv"))
			storetest.Replace(t, pkg, tt.file, tt.old, tt.new)
			base, err := ingest.FindBase(context.Background(), s, pkg)
			if err != nil {
				t.Fatal(err)
			}
			p, err := ingest.ReadOver(pkg, base)
			if tt.name == "a word of locators" {
				if want := `observations.csv of release 2024.01.0, row 7, column locator: `; err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%s: %v\nwant %s", tt.name, err, want)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			for d, want := range map[*dataset.Dataset]bool{dataset.Observations: tt.observations, dataset.ServiceAvailability: tt.availability} {
				if unread := p.Same(d); unread != want {
					t.Errorf("%s: %s are unread: %v, want %v", tt.name, d.ID, unread, want)
				}
			}
		}
		pkg := part(t, "2024.02.0", "01", "contradictions")
		storetest.Replace(t, pkg, "contradictions.csv", "obs-003 obs-004", "obs-003 obs-999")
		if _, err := planOver(t, s, pkg); err == nil || !strings.Contains(err.Error(), `"obs-999" is not an id of observations`) {
			t.Errorf("a contradiction of a row that is absent: %v", err)
		}
		pkg = part(t, "2024.02.0", "01", "services")
		storetest.Replace(t, pkg, "services.csv", ",education,", ",,")
		_, second := publishOver(t, s, pkg)
		versions(t, first, second, "services", "service-counts", "changes")
	})
}

// TestPartialOlder takes datasets from a release whose program did not know their last
// column yet: it is empty.
func TestPartialOlder(t *testing.T) {
	t.Parallel()
	for _, d := range []*dataset.Dataset{dataset.Strategies, dataset.Observations, dataset.ServiceAvailability} {
		older := storetest.Package(t)
		file := d.ID + ".csv"
		rows, err := csv.NewReader(bytes.NewReader(older[file].Data)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var complete, shortened bytes.Buffer
		whole, short := csv.NewWriter(&complete), csv.NewWriter(&shortened)
		for i, row := range rows {
			last := len(row) - 1
			if err := short.Write(row[:last]); err != nil {
				t.Fatal(err)
			}
			if i > 0 {
				row[last] = ""
			}
			if err := whole.Write(row); err != nil {
				t.Fatal(err)
			}
		}
		whole.Flush()
		short.Flush()
		older[file] = &fstest.MapFile{Data: shortened.Bytes()}
		base := &ingest.Base{Release: &domain.Release{ID: "2024.01.0", Synthetic: true}, Files: filesOf(older)}
		pkg, err := ingest.ReadOver(part(t, "2024.02.0", "01", "areas"), base)
		columns := d.Edited()
		if last := columns[len(columns)-1]; last.Required {
			if want := file + " of release 2024.01.0, "; err == nil || !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "column "+last.Name+": must not be empty") {
				t.Errorf("%v\nwant %s", err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", d.ID, err)
			continue
		}
		if got, err := pkg.Files[file].Content(); err != nil || string(got) != complete.String() {
			t.Errorf("%s: %v, the file is\n%s\nwant\n%s", d.ID, err, got, complete.String())
		}
	}
}

// TestPartialManifest keeps what the program does not use of datapackage.json, also in the
// next release by a workbook.
func TestPartialManifest(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	first := storetest.Publish(t, s)
	pkg := part(t, "2024.02.0", "01", "areas")
	storetest.Replace(t, pkg, "areas.csv", "Welt", "Erde")
	storetest.Replace(t, pkg, "datapackage.json", `"version"`, `"homepage": "https://example.org/", "version"`)
	_, second := publishOver(t, s, pkg)
	plan, _ := changesOf(t, s, nil, editWorkbook(t, workbookOf(t, s, first, dataset.Goals, ""), "bool J2 false"))
	third, err := s.Publish(t.Context(), plan.Content)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*domain.Release{second, third} {
		files, err := s.Files(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(files, func(f store.File) bool { return f.Path == dataset.ManifestName })
		content, err := files[i].Content()
		if want := "  \"homepage\": \"https://example.org/\",\n  \"version\": "; err != nil || !strings.Contains(string(content), want) {
			t.Errorf("release %s: error %v, datapackage.json is\n%.600s\nwant %s", r.ID, err, content, want)
		}
	}
}

// TestPartialDamaged takes nothing from a release whose files are not those that were
// published.
func TestPartialDamaged(t *testing.T) {
	t.Parallel()
	for _, damage := range []string{
		"UPDATE release_files SET content = REPLACE(content, 'Welt', 'Erde') WHERE path = 'areas.csv'",
		"DELETE FROM release_files WHERE path = 'areas.csv'",
		"UPDATE releases SET content_hash = 'x'",
	} {
		databaseURL := storetest.SQLite(t)
		s := storetest.Open(t, databaseURL)
		first := storetest.Publish(t, s)
		book := editWorkbook(t, workbookOf(t, s, first, dataset.Goals, ""), "bool J2 false")
		storetest.Execute(t, databaseURL, damage)
		if _, err := ingest.FindBase(t.Context(), s, part(t, "2024.02.0", "01", "goals")); !errors.As(err, new(store.Altered)) {
			t.Errorf("after %s, a package gave the error %v", damage, err)
		}
		source, err := opened(t, book, "goals.xlsx")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ingest.ReadWorkbooks(t.Context(), s, []*ingest.Source{source}, edition); !errors.As(err, new(store.Altered)) {
			t.Errorf("after %s, a workbook gave the error %v", damage, err)
		}
	}
}

// TestPartialOvertaken refuses a package that was completed from a release that is no
// longer the latest.
func TestPartialOvertaken(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		storetest.Publish(t, s)
		pkg := part(t, "2024.02.1", "02", "areas")
		storetest.Replace(t, pkg, "areas.csv", "Welt", "Erde")
		base, err := ingest.FindBase(context.Background(), s, pkg)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ingest.ReadOver(pkg, base)
		if err != nil {
			t.Fatal(err)
		}
		other := part(t, "2024.02.0", "01", "indicators")
		storetest.Replace(t, other, "indicators.csv", "neutral", "less-is-better")
		publishOver(t, s, other)
		_, err = ingest.Prepare(context.Background(), s, p, nil)
		if !errors.Is(err, domain.ErrConflict) || !strings.Contains(err.Error(), "another release was published meanwhile; import again") {
			t.Errorf("the error is %v", err)
		}
		_, r := publishOver(t, s, pkg)
		changes, err := history(s, r)
		if err != nil {
			t.Fatal(err)
		}
		if want := []string{"2024.02.0.indicators.price-change.direction", "2024.02.1.areas.WORLD.title"}; !slices.Equal(changes, want) {
			t.Errorf("changes %q, want %q", changes, want)
		}
	})
}

// history returns the ids of the dataset changes.
func history(s *store.Store, r *domain.Release) ([]string, error) {
	var ids []string
	err := s.Read(context.Background(), r, dataset.Changes, func(cells [][]byte) error {
		ids = append(ids, string(cells[0]))
		return nil
	})
	return ids, err
}
