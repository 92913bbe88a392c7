// SPDX-License-Identifier: EUPL-1.2

package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/ingest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

func TestLatestOfNone(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		if r, err := s.Latest(ctx); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("Latest gave %v and the error %v", r, err)
		}
		if r, err := s.Release(ctx, "2024.01.0"); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("Release gave %v and the error %v", r, err)
		}
		if r, err := s.Releases(ctx); err != nil || len(r) != 0 {
			t.Errorf("Releases gave %v and the error %v", r, err)
		}
	})
}

func TestPublish(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		content := storetest.Content(t, s, storetest.Package(t))
		published, err := s.Publish(ctx, content)
		if err != nil {
			t.Fatal(err)
		}
		for name, read := range map[string]func() (*domain.Release, error){
			"Latest":  func() (*domain.Release, error) { return s.Latest(ctx) },
			"Release": func() (*domain.Release, error) { return s.Release(ctx, storetest.Release) },
			"Releases": func() (*domain.Release, error) {
				all, err := s.Releases(ctx)
				if err != nil || len(all) != 1 {
					return nil, fmt.Errorf("%d releases, error %w", len(all), err)
				}
				return all[0], nil
			},
		} {
			r, err := read()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if diff := cmp.Diff(published, r); diff != "" {
				t.Errorf("%s (-published +read)\n%s", name, diff)
			}
		}
		want := content.Release
		want.Seq = published.Seq
		got := *published
		got.Datasets = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("release (-want +got)\n%s", diff)
		}
		checkParts(t, published, content)
	})
}

func checkParts(t *testing.T, r *domain.Release, content store.Content) {
	t.Helper()
	if len(r.Datasets) != len(dataset.All) {
		t.Errorf("%d datasets, want %d", len(r.Datasets), len(dataset.All))
	}
	if !slices.IsSortedFunc(r.Datasets, func(a, b domain.ReleaseDataset) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("the datasets are not in the order of their ids")
	}
	for _, table := range content.Tables {
		part, ok := r.Dataset(table.Dataset.ID)
		if !ok {
			t.Errorf("%s is missing", table.Dataset.ID)
			continue
		}
		rows := collect(table.Rows)
		if int(part.Rows) != len(rows) || !slices.Equal(part.Columns, table.Dataset.Names()) || !part.Modified.Equal(r.Published) || len(part.ContentHash) != 64 {
			t.Errorf("%s: %+v, want %d rows", part.ID, part, len(rows))
		}
	}
}

// TestRowsAsPublished reads every cell back as it was: leading zeros, decimal
// places, empty cells, quotation marks.
func TestRowsAsPublished(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		content := storetest.Content(t, s, storetest.Package(t))
		r, err := s.Publish(context.Background(), content)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range content.Tables {
			got := rows(t, s, r, table.Dataset)
			if diff := cmp.Diff(collect(table.Rows), got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", table.Dataset.ID, diff)
			}
		}
	})
}

func collect(rows store.Rows) [][]string {
	var out [][]string
	for row := range rows {
		out = append(out, slices.Clone(row))
	}
	return out
}

// TestFiles stores a large file in pieces, once for all releases that have it.
func TestFiles(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		db := storetest.Connect(t, databaseURL)
		large := make([]byte, 2<<20+1)
		_, _ = rand.NewChaCha8([32]byte{}).Read(large)
		var previous int64
		content := storetest.Content(t, s, storetest.Package(t))
		publish := func(id string, files ...store.File) *domain.Release {
			t.Helper()
			content.Release.ID, content.Previous, content.Files = id, previous, files
			var err error
			if content.Release.ContentHash, err = store.ContentHash(files); err != nil {
				t.Fatal(err)
			}
			r, err := s.Publish(ctx, content)
			if err != nil {
				t.Fatal(err)
			}
			previous = r.Seq
			return r
		}
		pieces := func() (n int) {
			t.Helper()
			if err := db.QueryRow("SELECT COUNT(*) FROM file_pieces").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		first := []store.File{store.NewFile("a.csv", []byte("id\n")), store.NewFile("b.csv", large)}
		releases := []*domain.Release{publish("2024.01.0", first...), publish("2024.01.1", store.NewFile("a.csv", nil), first[1])}
		if n := pieces(); n != 3 {
			t.Errorf("%d pieces of a file in two releases, want 3", n)
		}
		large[0]++
		releases = append(releases, publish("2024.01.2", store.NewFile("b.csv", large)))
		large[0]--
		for i, want := range [][]store.File{first, {store.NewFile("a.csv", nil), first[1]}} {
			files, err := s.Files(ctx, releases[i])
			if err != nil || len(files) != len(want) {
				t.Fatalf("%d files, error %v", len(files), err)
			}
			for j, f := range files {
				got, err := f.Content()
				content, _ := want[j].Content()
				if err != nil || f.Path != want[j].Path || f.Size != int64(len(content)) || string(got) != string(content) {
					t.Errorf("release %s, %s: %d bytes, error %v; want %d bytes", releases[i].ID, f.Path, len(got), err, len(content))
				}
			}
			if faults, err := s.VerifyFiles(ctx, releases[i], -1); err != nil || len(faults) > 0 {
				t.Errorf("release %s: %v %v", releases[i].ID, faults, err)
			}
		}
		if _, err := s.Prune(ctx, 2); err != nil {
			t.Fatal(err)
		}
		if n := pieces(); n != 6 {
			t.Errorf("%d pieces while two releases have other files, want 6", n)
		}
		if _, err := s.Prune(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if n := pieces(); n != 3 {
			t.Errorf("%d pieces for one release, want 3", n)
		}
		for _, damage := range []string{"UPDATE file_pieces SET content = CAST('x' AS " + map[bool]string{true: "bytea", false: "blob"}[strings.HasPrefix(databaseURL, "postgres")] + ") WHERE piece = 1", "DELETE FROM file_pieces WHERE piece = 2"} {
			storetest.Execute(t, databaseURL, damage)
			if faults, err := s.VerifyFiles(ctx, releases[2], -1); err != nil || len(faults) == 0 || faults[0].File != "b.csv" {
				t.Errorf("after %s: %v %v", damage, faults, err)
			}
		}
		published := slices.Clone(large)
		published[0]++
		for name, checked := range map[string]store.File{
			"a small file":                         store.NewFile("a.csv", []byte("id\n1\n")),
			"a large file":                         store.NewFile("b.csv", large[1:]),
			"the large file of the release before": store.NewFile("b.csv", published),
		} {
			checked.Open = first[1].Open
			content.Release.ID, content.Previous, content.Files = "2024.01.3", previous, []store.File{checked}
			if _, err := s.Publish(ctx, content); !errors.Is(err, store.ErrChanged) {
				t.Errorf("%s that changed meanwhile gave the error %v", name, err)
			}
			if _, err := store.ContentHash(content.Files); !errors.Is(err, store.ErrChanged) {
				t.Errorf("the hash of %s that changed meanwhile gave the error %v", name, err)
			}
		}
		if _, err := s.Files(ctx, &domain.Release{Seq: 99}); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("a release that is absent gave the error %v", err)
		}
	})
}

// TestFileOfLostDatabase reads a large file of a database that is deleted meanwhile.
func TestFileOfLostDatabase(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	s := storetest.Open(t, databaseURL)
	content := storetest.Content(t, s, storetest.Package(t))
	content.Files = []store.File{store.NewFile("b.csv", make([]byte, 2<<20))}
	r, err := s.Publish(t.Context(), content)
	if err != nil {
		t.Fatal(err)
	}
	files, err := s.Files(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(strings.TrimPrefix(databaseURL, "sqlite:")); err != nil {
		t.Fatal(err)
	}
	if _, err := files[0].Content(); !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("error %v", err)
	}
}

// TestPublishedAndCancelled publishes a release and is cancelled after the commit: the
// release is published, so this is no error.
func TestPublishedAndCancelled(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		s.BeforeQuery(func(transaction bool) {
			if !transaction {
				cancel()
			}
		})
		r, err := s.Publish(ctx, store.Content{Release: domain.Release{ID: "2026.01.0"}})
		if err != nil || r.ID != "2026.01.0" || ctx.Err() == nil {
			t.Errorf("release %v, error %v, context %v", r, err, ctx.Err())
		}
	})
}

// TestReleases reads all releases by two queries, however many they are.
func TestReleases(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		var want []*domain.Release
		for i, datasets := range [][]*dataset.Dataset{{dataset.Areas, dataset.Goals}, {}, {dataset.Goals}} {
			c := store.Content{Release: domain.Release{ID: fmt.Sprint("2026.01.", i), ContentHash: fmt.Sprint(i)}}
			if i > 0 {
				c.Previous = want[0].Seq
			}
			for _, d := range datasets {
				c.Tables = append(c.Tables, store.Table{Dataset: d, Rows: store.RowsOf(nil)})
			}
			r, err := s.Publish(t.Context(), c)
			if err != nil || len(r.Datasets) != len(datasets) {
				t.Fatal(r, err)
			}
			want = slices.Insert(want, 0, r)
		}
		queries := 0
		s.BeforeQuery(func(bool) { queries++ })
		got, err := s.Releases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || queries != 2 {
			t.Errorf("%d queries (-want +got)\n%s", queries, diff)
		}
	})
}

func TestPublishAgain(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		content := storetest.Content(t, s, storetest.Package(t))
		if _, err := s.Publish(ctx, content); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Publish(ctx, content); !errors.Is(err, store.ErrPublished) {
			t.Errorf("the same again gave the error %v", err)
		}
		content.Release.ContentHash = strings.Repeat("0", 64)
		_, err := s.Publish(ctx, content)
		if !errors.Is(err, domain.ErrConflict) {
			t.Fatalf("other content gave the error %v", err)
		}
		for _, part := range []string{storetest.Release, "releases never change"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("the message %q does not say %q", err, part)
			}
		}
		content.Release.ID = "2024.02.0"
		content.Previous = 99
		if _, err := s.Publish(ctx, content); !errors.Is(err, domain.ErrConflict) {
			t.Errorf("a release compared with another than the latest gave the error %v", err)
		}
		if all, err := s.Releases(ctx); err != nil || len(all) != 1 {
			t.Errorf("%d releases, error %v; want 1", len(all), err)
		}
	})
}

// TestPublishSecond checks that the first release does not change, and which datasets
// the second one changed.
func TestPublishSecond(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		first := storetest.Publish(t, s)
		before := rows(t, s, first, dataset.Goals)
		pkg := storetest.Next(t, storetest.Package(t))
		storetest.Replace(t, pkg, "goal-status.csv", "ts-1,ts2-01,announced", "ts-1,ts2-01,in-progress")
		next := storetest.PublishPackage(t, s, pkg)

		latest, err := s.Latest(ctx)
		if err != nil || latest.ID != "2024.02.0" || latest.Seq <= first.Seq {
			t.Errorf("latest %s with number %d after %d, error %v", latest.ID, latest.Seq, first.Seq, err)
		}
		all, err := s.Releases(ctx)
		if err != nil || len(all) != 2 || all[0].ID != "2024.02.0" || all[1].ID != storetest.Release {
			t.Errorf("releases %v, error %v; the newest comes first", all, err)
		}
		if diff := cmp.Diff(before, rows(t, s, first, dataset.Goals)); diff != "" {
			t.Errorf("the first release changed (-before +after)\n%s", diff)
		}
		if got := rows(t, s, next, dataset.Goals)[0][dataset.Goals.Column("status")]; got != "in-progress" {
			t.Errorf("status of the first goal in the second release is %s", got)
		}
		for id, want := range map[string]time.Time{"goals": next.Published, "goal-status": next.Published, "areas": first.Published, "goal-progress": first.Published} {
			part, _ := next.Dataset(id)
			if !part.Modified.Equal(want) {
				t.Errorf("%s modified %v, want %v", id, part.Modified, want)
			}
		}
	})
}

// TestPublishAfterAltered publishes nothing over a release whose dates are altered: the
// next one would inherit them.
func TestPublishAfterAltered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		pkg := storetest.Next(t, storetest.Package(t))
		content := storetest.Content(t, s, pkg)
		storetest.Execute(t, databaseURL, "UPDATE release_datasets SET issued = '2020-01-31T12:00:00Z' WHERE dataset = 'goals'")
		const want = "publish 2024.02.0: dataset goals of the latest release: what is recorded about it (version, columns, dates, checksums) is not what was published"
		if _, err := s.Publish(t.Context(), content); !errors.As(err, new(store.Altered)) || err.Error() != want {
			t.Errorf("error %v", err)
		}
	})
}

// TestPublishOverOneConnection publishes with the smallest pool: the changes of the release
// before are read while the next one is written.
func TestPublishOverOneConnection(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		storetest.Publish(t, storetest.Open(t, databaseURL))
		s, err := store.Open(store.Options{URL: databaseURL, Connections: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		pkg := storetest.Next(t, storetest.Package(t))
		storetest.Replace(t, pkg, "goal-status.csv", "ts-1,ts2-01,announced", "ts-1,ts2-01,in-progress")
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		p, err := ingest.Read(pkg)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := ingest.Prepare(ctx, s, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Publish(ctx, plan.Content); err != nil {
			t.Errorf("the next release: %v", err)
		}
	})
}

// TestPublishConcurrent starts two programs on one database.
func TestPublishConcurrent(t *testing.T) {
	t.Parallel()
	for name, ids := range map[string][2]string{"same release": {"2024.01.0", "2024.01.0"}, "two releases": {"2024.01.0", "2024.02.0"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				var errs [2]error
				var wait sync.WaitGroup
				start := make(chan struct{})
				for i, id := range ids {
					s := storetest.Open(t, databaseURL)
					content := storetest.Content(t, s, storetest.Package(t))
					content.Release.ID = id
					wait.Go(func() {
						<-start
						_, errs[i] = s.Publish(context.Background(), content)
					})
				}
				close(start)
				wait.Wait()
				won := 0
				for _, err := range errs {
					switch {
					case err == nil:
						won++
					case !errors.Is(err, domain.ErrConflict) && !errors.Is(err, store.ErrPublished):
						t.Errorf("the loser got the error %v", err)
					}
				}
				if won != 1 {
					t.Errorf("%d of two publications won: %v", won, errs)
				}
				s := storetest.Open(t, databaseURL)
				if all, err := s.Releases(context.Background()); err != nil || len(all) != 1 {
					t.Errorf("%d releases, error %v", len(all), err)
				}
			})
		})
	}
}

// TestPublishFails leaves nothing behind.
func TestPublishFails(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		content := storetest.Content(t, s, storetest.Package(t))
		i := slices.IndexFunc(content.Tables, func(t store.Table) bool { return t.Dataset == dataset.Sources })
		rows := collect(content.Tables[i].Rows)
		content.Tables[i].Rows = store.RowsOf(append(rows, rows[0]))
		if _, err := s.Publish(ctx, content); !errors.Is(err, domain.ErrConflict) {
			t.Errorf("an id that occurs twice gave the error %v", err)
		}
		if _, err := s.Latest(ctx); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("after the failure Latest gives the error %v", err)
		}
		content.Tables[i].Rows = store.RowsOf(rows)
		if _, err := s.Publish(ctx, content); err != nil {
			t.Errorf("the publication put right gave the error %v", err)
		}
	})
}

// TestPublicationLock turns a second publication away at once instead of
// letting it wait for the first.
func TestPublicationLock(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.Postgres(t)
	s := storetest.Open(t, databaseURL)
	other, err := storetest.Connect(t, databaseURL).Begin()
	if err != nil {
		t.Fatal(err)
	}
	const lock = "SELECT pg_advisory_xact_lock(x'7a69656c'::integer, oid::integer) FROM pg_namespace WHERE nspname = current_schema()"
	if _, err := other.Exec(lock); err != nil {
		t.Fatal(err)
	}
	content := storetest.Content(t, s, storetest.Package(t))
	_, err = s.Publish(context.Background(), content)
	if !errors.Is(err, domain.ErrConflict) || !strings.Contains(err.Error(), "another import is under way") {
		t.Errorf("while another import is under way the error is %v", err)
	}
	if err := other.Rollback(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Publish(context.Background(), content); err != nil {
		t.Errorf("after it: %v", err)
	}
}

// TestWriterRests waits until the connection that wrote is closed: what it may keep
// in memory, those that read would fill.
func TestWriterRests(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	content := storetest.Content(t, s, storetest.Package(t))
	if _, err := s.Publish(context.Background(), content); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		n, err := s.WriterConnections()
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d connections stay open", n)
		}
	}
	if _, err := s.Publish(context.Background(), content); !errors.Is(err, store.ErrPublished) {
		t.Errorf("the next publication gave the error %v", err)
	}
}

// TestVersions publishes a release that changes one dataset: the rows of the others are
// stored once, and stay when the release that brought them is deleted.
func TestVersions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		first := storetest.Publish(t, s)
		pkg := storetest.Next(t, storetest.Package(t))
		storetest.Replace(t, pkg, "areas.csv", "Welt", "Erde")
		second := storetest.PublishPackage(t, s, pkg)
		changed := []string{"areas", "changes"}
		db := storetest.Connect(t, databaseURL)
		count := func(d *dataset.Dataset) (n int64) {
			t.Helper()
			if err := db.QueryRow("SELECT COUNT(*) FROM " + d.Table()).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for _, d := range dataset.All {
			before, _ := first.Dataset(d.ID)
			after, _ := second.Dataset(d.ID)
			want, version := before.Rows, first.Seq
			if slices.Contains(changed, d.ID) {
				want, version = before.Rows+after.Rows, second.Seq
			}
			if n := count(d); n != want || before.Version != first.Seq || after.Version != version {
				t.Errorf("%s: %d rows stored, want %d; versions %d and %d", d.ID, n, want, before.Version, after.Version)
			}
			if moved := !after.Modified.Equal(before.Modified); moved != slices.Contains(changed, d.ID) {
				t.Errorf("%s: modified %v and %v", d.ID, before.Modified, after.Modified)
			}
		}
		if err := s.MigrateTo(ctx, 9); err != nil { // which stores every release whole
			t.Fatal(err)
		}
		if n := count(dataset.Goals); n != 12 {
			t.Errorf("%d goals before the migration, want 12", n)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		if n := count(dataset.Goals); n != 6 {
			t.Errorf("%d goals after the migration, want 6", n)
		}
		if deleted, err := s.Prune(ctx, 1); err != nil || !slices.Equal(deleted, []string{"2024.01.0"}) {
			t.Errorf("deleted %v, error %v", deleted, err)
		}
		for _, d := range dataset.All {
			part, _ := second.Dataset(d.ID)
			if n := count(d); n != part.Rows && !d.Optional { // migration 12 creates their tables
				t.Errorf("%s: %d rows after the first release is deleted, want %d", d.ID, n, part.Rows)
			}
		}
		faults, err := s.Verify(ctx, second, nil)
		faults = slices.DeleteFunc(faults, func(f store.Fault) bool { return dataset.ByID(f.Dataset).Optional })
		if err != nil || len(faults) > 0 {
			t.Errorf("faults %v, error %v", faults, err)
		}
	})
}
