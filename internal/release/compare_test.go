// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// compareNaively looks up every row in the other state.
func compareNaively(d *dataset.Dataset, old, next [][]string) []release.Change {
	find := func(rows [][]string, id string) []string {
		if i := slices.IndexFunc(rows, func(row []string) bool { return row[0] == id }); i >= 0 {
			return rows[i]
		}
		return nil
	}
	var changes []release.Change
	for _, row := range next {
		before := find(old, row[0])
		if before == nil {
			changes = append(changes, release.Change{Dataset: d, Row: row[0], Kind: release.Added, Values: row})
			continue
		}
		for i, c := range d.Columns {
			if before[i] != row[i] {
				changes = append(changes, release.Change{Dataset: d, Row: row[0], Kind: release.Changed, Column: c.Name, Old: before[i], New: row[i]})
			}
		}
	}
	for _, row := range old {
		if find(next, row[0]) == nil {
			changes = append(changes, release.Change{Dataset: d, Row: row[0], Kind: release.Removed, Values: row})
		}
	}
	return changes
}

// TestCompareRows compares CompareRows with the naive comparison.
func TestCompareRows(t *testing.T) {
	t.Parallel()
	d := dataset.Strategies
	state := rapid.Custom(func(t *rapid.T) [][]string {
		ids := rapid.SliceOfNDistinct(rapid.IntRange(0, 9), 0, 8, rapid.ID).Draw(t, "ids")
		var rows [][]string
		for _, id := range ids {
			row := make([]string, len(d.Columns))
			row[0] = fmt.Sprint("id-", id)
			row[1] = rapid.StringMatching(`[ab]?`).Draw(t, "cell")
			row[len(row)-1] = rapid.StringMatching(`[ab]?`).Draw(t, "last cell")
			rows = append(rows, row)
		}
		return rows
	})
	same := cmp.Comparer(func(a, b *dataset.Dataset) bool { return a == b })
	rapid.Check(t, func(t *rapid.T) {
		old, next := state.Draw(t, "old"), state.Draw(t, "next")
		want := compareNaively(d, old, next)
		got, err := release.CompareRows(d, release.RowsReader(old), release.RowsReader(next), len(want))
		if diff := cmp.Diff(want, got, same); diff != "" || err != nil {
			t.Fatalf("error %v (-want +got)\n%s", err, diff)
		}
		if len(want) == 0 {
			return
		}
		if _, err := release.CompareRows(d, release.RowsReader(old), release.RowsReader(next), len(want)-1); !errors.Is(err, release.ErrTooMany) {
			t.Fatalf("%d changes of at most %d gave the error %v", len(want), len(want)-1, err)
		}
	})
}

// TestCompareRowsEnds stops reading at an error.
func TestCompareRowsEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	fails := func(func([][]byte) error) error { return broken }
	for _, readers := range [][2]release.Reader{{fails, release.RowsReader(nil)}, {release.RowsReader(nil), fails}} {
		if _, err := release.CompareRows(dataset.Strategies, readers[0], readers[1], 1); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}

// TestCompareAll compares all datasets but the history, which a comparison becomes part of.
func TestCompareAll(t *testing.T) {
	t.Parallel()
	empty, full := &domain.Release{}, &domain.Release{}
	read := func(r *domain.Release, d *dataset.Dataset) release.Reader {
		if r == empty {
			return release.RowsReader(nil)
		}
		row := make([]string, len(d.Columns))
		row[0] = d.ID
		return release.RowsReader([][]string{row})
	}
	want := slices.DeleteFunc(dataset.IDs(), func(id string) bool { return id == dataset.Changes.ID })
	changes, err := release.CompareReleases(empty, full, read, len(want))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range changes {
		if c.Kind != release.Added || c.Row != c.Dataset.ID {
			t.Errorf("%+v", c)
		}
		got = append(got, c.Row)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("datasets (-want +got)\n%s", diff)
	}
	if _, err := release.CompareReleases(empty, full, read, len(want)-1); !errors.Is(err, release.ErrTooMany) {
		t.Errorf("one change too many gave the error %v", err)
	}
	broken := errors.New("broken")
	fails := func(*domain.Release, *dataset.Dataset) release.Reader {
		return func(func([][]byte) error) error { return broken }
	}
	if _, err := release.CompareReleases(empty, full, fails, 1); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

// TestCompareReleases does not read what has the same hash.
func TestCompareReleases(t *testing.T) {
	t.Parallel()
	of := func(hash string) *domain.Release {
		return &domain.Release{ID: hash, Datasets: []domain.ReleaseDataset{{ID: "areas", ContentHash: hash}, {ID: "goals", ContentHash: "same"}}}
	}
	read := func(r *domain.Release, d *dataset.Dataset) release.Reader {
		if d.ID == "goals" {
			t.Errorf("%s of %s was read", d.ID, r.ID)
		}
		if d.ID != "areas" {
			return release.RowsReader(nil)
		}
		row := make([]string, len(d.Columns))
		row[0], row[1] = "05", r.ID
		return release.RowsReader([][]string{row})
	}
	changes, err := release.CompareReleases(of("a"), of("b"), read, 1)
	if err != nil || len(changes) != 1 || changes[0].Old != "a" || changes[0].New != "b" {
		t.Errorf("%+v, error %v", changes, err)
	}
}
