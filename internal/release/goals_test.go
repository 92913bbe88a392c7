// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// rowsOf returns a reader of rows of which only some cells are given, as name=value.
func rowsOf(rows map[*dataset.Dataset][]string) func(*dataset.Dataset) release.Reader {
	return func(d *dataset.Dataset) release.Reader {
		var out [][]string
		for _, text := range rows[d] {
			row := make([]string, len(d.Columns))
			for cell := range strings.FieldsSeq(text) {
				name, value, _ := strings.Cut(cell, "=")
				row[d.Column(name)] = value
			}
			out = append(out, row)
		}
		return release.RowsReader(out)
	}
}

// TestGoalsOn follows goals through the years.
func TestGoalsOn(t *testing.T) {
	t.Parallel()
	goals, err := release.ReadGoals(rowsOf(map[*dataset.Dataset][]string{
		dataset.Sources: {
			"id=strategy published=2022-01", "id=report published=2023-05-10", "id=answer published=2025-02", "id=undated retrieved=2026-11-28", "id=before published=2021-08",
		},
		dataset.Goals: {
			"id=reported source=strategy due=2024", "id=figures source=strategy due=2024", "id=silent source=strategy due=2021",
			"id=undated source=strategy due=2024", "id=open source=strategy", "id=worked source=strategy due=2024",
		},
		dataset.GoalStatus: {
			"id=1 goal=reported status=announced source=strategy published=2022-01",
			"id=2 goal=reported status=in-progress source=before published=2021-08",
			"id=3 goal=reported status=achieved-late source=answer published=2025-02",
			"id=4 goal=reported status=achieved source=undated published=2026-11-28",
			"id=5 goal=figures status=announced source=strategy published=2022-01",
			"id=6 goal=silent status=announced source=strategy published=2022-01",
			"id=7 goal=undated status=announced source=strategy published=2022-01",
			"id=8 goal=undated status=in-progress source=undated published=2026-11-28",
			"id=9 goal=open status=dropped source=report published=2023-05-10",
			"id=10 goal=worked status=missed source=answer published=2025-02",
			"id=11 goal=worked status=announced source=strategy published=2022-01",
			"id=13 goal=silent status=announced period=2027 source=undated published=2026-11-28",
			"id=12 goal=open status=in-progress period=2022 source=undated published=2026-11-28",
		},
		dataset.Milestones:   {"id=m goal=worked source=report"},
		dataset.Indicators:   {"id=i goal=figures", "id=j goal=silent"},
		dataset.Observations: {"id=o indicator=i area=05 source=answer", "id=s indicator=j area=00 source=answer", "id=p goal=open indicator=other source=report", "id=q goal=undated kind=actual period=2023-06 source=undated", "id=r goal=silent kind=target period=2030 source=undated"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	d := dataset.Goals
	for day, want := range map[string][]string{
		"2021-12-31": {"reported in-progress 2 on-record 2021-08", "figures   on-record ", "silent   on-record ", "undated   on-record ", "open   on-record ", "worked   on-record "},
		"2022-01-31": {
			"reported in-progress 2 on-record 2022-01", "figures announced 5 on-record 2022-01", "silent announced 6 unknown-since 2022-01",
			"undated announced 7 on-record 2022-01", "open   on-record 2022-01", "worked announced 11 on-record 2022-01",
		},
		"2025-01-01": {
			"reported in-progress 2 unknown-since 2022-01", "figures announced 5 unknown-since 2022-01", "silent announced 6 unknown-since 2022-01",
			"undated announced 7 unknown-since 2022-01", "open dropped 9 dropped 2023-05-10", "worked announced 11 unknown-since 2023-05-10",
		},
		"2026-11-29": {
			"reported achieved-late 3 achieved-late 2025-02", "figures announced 5 unresolved 2025-02", "silent announced 6 unknown-since 2022-01",
			"undated in-progress 8 unknown-since 2023-06", "open dropped 9 dropped 2023-05-10", "worked missed 10 missed 2025-02",
		},
	} {
		var got []string
		for _, row := range goals.On(day) {
			var cells []string
			for _, name := range []string{"id", "status", "evidence", "assessment", "knownUntil"} {
				cells = append(cells, row[d.Column(name)])
			}
			got = append(got, strings.Join(cells, " "))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("on %s (-want +got)\n%s", day, diff)
		}
	}
}

// TestGoalsUnreadable passes on the error of every dataset.
func TestGoalsUnreadable(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, d := range []*dataset.Dataset{dataset.Goals, dataset.GoalStatus, dataset.Sources, dataset.Milestones, dataset.Indicators, dataset.Observations} {
		_, err := release.ReadGoals(func(of *dataset.Dataset) release.Reader {
			return func(func([][]byte) error) error {
				if of == d {
					return broken
				}
				return nil
			}
		})
		if !errors.Is(err, broken) {
			t.Errorf("%s: error %v", d.ID, err)
		}
	}
}

// TestGoalsAsOf asks what was known about the goals on several days.
func TestGoalsAsOf(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.Publish(t, s)
		tables := release.NewTables(s, 1<<30)
		for asOf, want := range map[string]string{
			"":           "ts2-01 announced, ts2-02 in-progress, ts2-03 announced, ts2-04 announced, ts2-05 in-progress, tp18-01 achieved",
			"2024-01-31": "ts2-01 announced, ts2-02 in-progress, ts2-03 announced, ts2-04 announced, ts2-05 in-progress, tp18-01 achieved",
			"2021-11-12": "tp18-01 achieved", // the strategy counts from the end of its month
			"2021-08-30": "",
		} {
			q := dataset.Query{Dataset: dataset.Goals, AsOf: asOf}
			var got []string
			err := tables.Rows(context.Background(), r, q, func(cells [][]byte) error {
				got = append(got, string(cells[0])+" "+string(cells[dataset.Goals.Column("status")]))
				return nil
			})
			n, errCount := tables.Count(context.Background(), r, q)
			if strings.Join(got, ", ") != want || err != nil || errCount != nil || int(n) != len(got) {
				t.Errorf("as of %q: %q, %d rows, errors %v and %v; want %q", asOf, got, n, err, errCount, want)
			}
		}
	})
}

// TestGoalsBeforeEvidence reads a release from before goal-status existed: the goals keep
// the status that they were published with.
func TestGoalsBeforeEvidence(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := *storetest.Publish(t, s)
		r.Datasets = slices.DeleteFunc(slices.Clone(r.Datasets), func(part domain.ReleaseDataset) bool { return part.ID == dataset.GoalStatus.ID })
		q := dataset.Query{Dataset: dataset.Goals, AsOf: "2021-08-31", Fields: []int{0, dataset.Goals.Column("status"), dataset.Goals.Column("evidence")}}
		var got []string
		err := release.NewTables(s, 1<<30).Rows(context.Background(), &r, q, func(cells [][]byte) error {
			got = append(got, string(bytes.Join(cells, []byte(" "))))
			return nil
		})
		if diff := cmp.Diff([]string{"tp18-01 achieved ts-9"}, got); diff != "" || err != nil {
			t.Errorf("error %v (-want +got)\n%s", err, diff)
		}
	})
}

// TestGoalsTogether asks for the goals of many days at the same time.
func TestGoalsTogether(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.Publish(t, s)
	tables := release.NewTables(s, 1<<30)
	var wait sync.WaitGroup
	for i := range 16 {
		wait.Go(func() {
			day, want := "2024-01-31", int64(6)
			if i%2 == 0 {
				day, want = "2021-11-12", 1
			}
			if n, err := tables.Count(context.Background(), r, dataset.Query{Dataset: dataset.Goals, AsOf: day}); err != nil || n != want {
				t.Errorf("%s: %d goals, error %v, want %d", day, n, err, want)
			}
		})
	}
	wait.Wait()
}

// TestGoalsReadOnce asks for the goals of several releases in turn, many at the same time:
// those of each are read once, and one who does not wait does not stop it.
func TestGoalsReadOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	first := storetest.Publish(t, s)
	other := *first
	other.ID = "2024.02.0"
	tables := release.NewTables(s, 1<<30)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var found [32]*release.Goals
	var wait sync.WaitGroup
	for i := range found {
		wait.Go(func() {
			r := first
			if i%2 > 0 {
				r = &other
			}
			if _, err := tables.KnownGoals(gone, r); err != nil && !errors.Is(err, domain.ErrUnavailable) {
				t.Errorf("who does not wait gets the error %v", err)
			}
			var err error
			if found[i], err = tables.KnownGoals(t.Context(), r); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for i, goals := range found {
		if goals != found[i%2] {
			t.Error("the goals of a release were read more than once")
		}
	}
	if found[0] == found[1] {
		t.Error("two releases have the same goals")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if again, err := tables.KnownGoals(t.Context(), first); err != nil || again != found[0] {
		t.Errorf("what is known was read again: error %v", err)
	}
	missing := *first
	missing.ID, missing.Datasets = "2024.03.0", slices.Clone(first.Datasets)
	for i := range missing.Datasets {
		missing.Datasets[i].ContentHash = "x"
	}
	for range 2 { // a failure is not remembered
		if _, err := tables.KnownGoals(t.Context(), &missing); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("goals that cannot be read: error %v", err)
		}
	}
}
