// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestReleases follows a store through its releases.
func TestReleases(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		releases := release.New(s, 64<<20)
		if _, err := releases.Current(); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("before the first look Current gave the error %v", err)
		}
		if err := releases.Refresh(ctx); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("an empty store gave the error %v", err)
		}
		storetest.Publish(t, s)
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		first, err := releases.Current()
		if err != nil {
			t.Fatal(err)
		}
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if same, _ := releases.Current(); same != first {
			t.Error("nothing changed, but the snapshot did")
		}
		checkSnapshot(t, first)

		pkg := storetest.Next(t, storetest.Package(t))
		storetest.Replace(t, pkg, "areas.csv", "08,Baden", "09,Baden")
		storetest.Replace(t, pkg, "observations.csv", ",08,", ",09,")
		storetest.Replace(t, pkg, "withdrawn.csv", "obs-000,", "08,areas,2024-01-31,Umbenannt.,Renamed.\nobs-000,")
		storetest.PublishPackage(t, s, pkg)
		broken := errors.New("broken")
		releases.Prepare(func(context.Context, *domain.Release) error { return broken })
		if err := releases.Refresh(ctx); !errors.Is(err, broken) || !errors.Is(err, release.ErrNotPrepared) {
			t.Errorf("a preparation that fails gave the error %v", err)
		}
		if same, _ := releases.Current(); same != first {
			t.Error("the release was changed although it could not be prepared")
		}
		releases.Prepare(nil)
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		second, _ := releases.Current()
		if second.Latest.ID != "2024.02.0" || len(second.Releases) != 2 || second.Key() == first.Key() {
			t.Errorf("after the second release: %+v", second.Latest)
		}
		if got := second.Vocabulary.IDs("areas"); got[3] != "09" {
			t.Errorf("areas of the second release: %v", got)
		}
		older, err := releases.Vocabulary(ctx, second.Releases[1])
		if err != nil {
			t.Fatal(err)
		}
		if got := older.IDs("areas"); got[3] != "08" {
			t.Errorf("areas of the first release: %v", got)
		}
		if again, err := releases.Vocabulary(ctx, second.Releases[1]); again != older {
			t.Errorf("the vocabulary of the first release was collected again, error %v", err)
		}
		small := release.New(s, 1)
		dropped, err := small.Vocabulary(ctx, second.Releases[1])
		if err != nil {
			t.Fatal(err)
		}
		if again, err := small.Vocabulary(ctx, second.Releases[1]); again == dropped {
			t.Errorf("a vocabulary is kept without its tables, error %v", err)
		}
		if w, ok := second.Vocabulary.Withdrawn("areas", "08"); !ok || w.Day != "2024-01-31" || w.Reason != "Umbenannt." || w.ReasonEN != "Renamed." {
			t.Errorf("08 is withdrawn: %+v, %v", w, ok)
		}
		if _, ok := second.Vocabulary.Withdrawn("goals", "08"); ok {
			t.Error("08 is withdrawn from a dataset that it never belonged to")
		}
	})
}

// TestRefreshUnchanged looks for new releases without reading the datasets of those known.
func TestRefreshUnchanged(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		ctx := context.Background()
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		releases := release.New(s, 0)
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		first, _ := releases.Current()
		storetest.Execute(t, databaseURL, "ALTER TABLE release_datasets RENAME TO not_needed")
		if err := releases.Refresh(ctx); err != nil {
			t.Error(err)
		}
		if same, _ := releases.Current(); same != first {
			t.Error("nothing changed, but the snapshot did")
		}
		storetest.Execute(t, databaseURL, "ALTER TABLE not_needed RENAME TO release_datasets")
		if err := s.Sign(ctx, storetest.Release, strings.Repeat("signature ", 100)); err != nil {
			t.Fatal(err)
		}
		if err := releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if signed, _ := releases.Current(); signed == first || signed.Key() == first.Key() || len(signed.Key()) > 64 {
			t.Errorf("keys %q without and %q with a signature", first.Key(), signed.Key())
		}
	})
}

func checkSnapshot(t *testing.T, s *release.Snapshot) {
	t.Helper()
	for _, id := range []string{"", "latest", storetest.Release} {
		if r, err := s.Release(id); err != nil || r != s.Latest {
			t.Errorf("release %q is %v, error %v", id, r, err)
		}
	}
	_, err := s.Release("2024.1.0")
	if want := `release="2024.1.0": is not a release; did you mean "2024.01.0"?; allowed: latest, 2024.01.0`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	v := s.Vocabulary
	if got := v.Codes("status"); len(got) != 5 || got[0] != "announced" {
		t.Errorf("codes of status: %v", got)
	}
	if got := v.IDs("areas"); len(got) != 4 || got[0] != "WORLD" {
		t.Errorf("areas: %v", got)
	}
	if got := v.IDs("observations"); got != nil {
		t.Errorf("observations are listed: %d", len(got))
	}
}

// TestRefreshAtOnce looks for releases from several goroutines.
func TestRefreshAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	releases := release.New(s, 64<<20)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := releases.Refresh(context.Background()); err != nil {
				t.Error(err)
			}
			if _, err := releases.Current(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
}

// TestDamaged does not take over a release that is not as it was published, and goes on
// with the one before until the damage is repaired.
func TestDamaged(t *testing.T) {
	t.Parallel()
	const newest = "(SELECT MAX(release_seq) FROM release_datasets)"
	for name, tt := range map[string]struct{ damage, repair, want string }{
		"a cell": {
			"UPDATE goals SET title = 'Other' WHERE id = 'ts2-01' AND version = " + newest,
			"UPDATE goals SET title = 'Die elektronische Akte' WHERE id = 'ts2-01' AND version = " + newest,
			"read goals of release 2024.02.0: the rows in the database are not those that were published",
		},
		"a dataset": {
			"DELETE FROM release_datasets WHERE dataset = 'milestones' AND release_seq = " + newest,
			"UPDATE releases SET datasets = 17, record = '' WHERE seq = " + newest,
			"release 2024.02.0 has 17 datasets of 18",
		},
		"a number of rows": {
			"UPDATE release_datasets SET row_count = -1 WHERE dataset = 'goals' AND release_seq = " + newest,
			"UPDATE release_datasets SET row_count = 6 WHERE dataset = 'goals' AND release_seq = " + newest,
			"release 2024.02.0, dataset goals: what is recorded about it (version, columns, dates, checksums) is not what was published",
		},
		"a date of a dataset": {
			"UPDATE release_datasets SET issued = '2020-01-31T12:00:00Z' WHERE dataset = 'goals' AND release_seq = " + newest,
			"UPDATE release_datasets SET issued = '2024-01-31T12:00:00Z' WHERE dataset = 'goals' AND release_seq = " + newest,
			"release 2024.02.0, dataset goals: what is recorded about it (version, columns, dates, checksums) is not what was published",
		},
		"the notes": {
			"UPDATE releases SET notes = 'Forged' WHERE seq = " + newest,
			"UPDATE releases SET notes = 'Nur für Tests.' WHERE seq = " + newest,
			"release 2024.02.0: what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				ctx := context.Background()
				s := storetest.Open(t, databaseURL)
				storetest.Publish(t, s)
				releases := release.New(s, 0)
				if err := releases.Refresh(ctx); err != nil {
					t.Fatal(err)
				}
				pkg := storetest.Next(t, storetest.Package(t))
				storetest.Replace(t, pkg, "goals.csv", "Elektronische Akte für alle", "Die elektronische Akte")
				storetest.PublishPackage(t, s, pkg)
				storetest.Execute(t, databaseURL, tt.damage)
				err := releases.Refresh(ctx)
				want := "release 2024.02.0 is not served: " + tt.want
				if err == nil || err.Error() != want || releases.Refused() == nil || releases.Refused().ID != "2024.02.0" {
					t.Errorf("error %v, refused %v\nwant  %s", err, releases.Refused(), want)
				}
				snapshot, err := releases.Current()
				if err != nil || snapshot.Latest.ID != storetest.Release {
					t.Fatalf("served is %+v, error %v", snapshot, err)
				}
				gone, cancel := context.WithCancel(ctx)
				cancel()
				if _, err := releases.Table(gone, snapshot.Latest, dataset.Goals); err != nil {
					t.Errorf("the release before is not in memory: %v", err)
				}
				if err := releases.Refresh(gone); err == nil || releases.Refused() == nil {
					t.Errorf("the database is away: error %v, refused %v", err, releases.Refused())
				}
				storetest.Execute(t, databaseURL, tt.repair)
				if again := releases.Refresh(ctx); again == nil || again.Error() != want {
					t.Errorf("read again at once: error %v", again)
				}
				releases.Now = func() time.Time { return time.Now().Add(time.Minute) }
				if err := releases.Refresh(ctx); err != nil || releases.Refused() != nil {
					t.Errorf("the repaired release: error %v, refused %v", err, releases.Refused())
				}
				if snapshot, err := releases.Current(); err != nil || snapshot.Latest.ID != "2024.02.0" {
					t.Errorf("served is %+v, error %v", snapshot, err)
				}
			})
		})
	}
}

// TestAlteredBefore leaves out an older release whose bookkeeping is altered, until another
// release is taken over. What changes after publication may change.
func TestAlteredBefore(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"the title":           "UPDATE releases SET title = 'Forged' WHERE id = '" + storetest.Release + "'",
		"a date of a dataset": "UPDATE release_datasets SET issued = '2020-01-31T12:00:00Z' WHERE dataset = 'goals' AND release_seq = (SELECT MIN(seq) FROM releases)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				ctx := t.Context()
				s := storetest.Open(t, databaseURL)
				storetest.Publish(t, s)
				pkg := storetest.Next(t, storetest.Package(t))
				storetest.PublishPackage(t, s, pkg)
				storetest.Execute(t, databaseURL, damage, "UPDATE releases SET signature = 'x'")
				releases := release.New(s, 0)
				if err := releases.Refresh(ctx); err != nil {
					t.Fatal(err)
				}
				snapshot, _ := releases.Current()
				if len(snapshot.Releases) != 1 || snapshot.Latest.ID != "2024.02.0" || len(snapshot.Altered) != 1 {
					t.Errorf("releases %v, altered %v", snapshot.Releases, snapshot.Altered)
				}
				if _, err := snapshot.Release(storetest.Release); !errors.As(err, new(store.Altered)) || !errors.Is(err, domain.ErrUnavailable) {
					t.Errorf("the altered release: error %v", err)
				}
				if _, err := snapshot.From("", snapshot.Latest); !errors.As(err, new(store.Altered)) {
					t.Errorf("a comparison with the altered release: error %v", err)
				}
				if err := releases.Refresh(ctx); err != nil {
					t.Errorf("again: %v", err)
				}
				if again, _ := releases.Current(); again != snapshot {
					t.Error("the same releases are another snapshot")
				}
				if err := s.Use(ctx, storetest.Release); err != nil {
					t.Fatal(err)
				}
				if err := releases.Refresh(ctx); !errors.As(err, new(store.Altered)) {
					t.Errorf("the altered release as the latest: error %v", err)
				}
			})
		})
	}
}

// TestSnapshotMixed refuses to combine the latest release with a list that was read after it
// was withdrawn or deleted.
func TestSnapshotMixed(t *testing.T) {
	t.Parallel()
	older, latest := &domain.Release{ID: "2024.01.0", Seq: 1}, &domain.Release{ID: "2024.02.0", Seq: 2}
	withdrawn := *latest
	withdrawn.Withdrawn = time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	if s, err := release.NewSnapshot(latest, []*domain.Release{latest, older}); err != nil || s.Latest != latest {
		t.Errorf("snapshot %+v, error %v", s, err)
	}
	for name, list := range map[string][]*domain.Release{"withdrawn": {&withdrawn, older}, "deleted": {older}} {
		if _, err := release.NewSnapshot(latest, list); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
