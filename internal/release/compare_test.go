// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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
		got, rest, err := release.CompareRows(d, release.RowsReader(old), release.RowsReader(next), len(want), math.MaxInt)
		if diff := cmp.Diff(want, got, same, cmpopts.EquateEmpty()); diff != "" || rest != (release.Unlisted{}) || err != nil {
			t.Fatalf("%+v not listed, error %v (-want +got)\n%s", rest, err, diff)
		}
		if len(want) == 0 {
			return
		}
		if _, _, err := release.CompareRows(d, release.RowsReader(old), release.RowsReader(next), len(want)-1, math.MaxInt); !errors.Is(err, release.ErrTooMany) {
			t.Fatalf("%d changes of at most %d gave the error %v", len(want), len(want)-1, err)
		}
	})
}

// TestChangeIDs checks that changes of a release have different identifiers, even if those of
// rows have dots.
func TestChangeIDs(t *testing.T) {
	t.Parallel()
	d := dataset.Observations
	known := map[string]bool{}
	for _, c := range []release.Change{
		{Dataset: d, Row: "obs-1", Kind: release.Changed, Column: "value"},
		{Dataset: d, Row: "obs-1", Kind: release.Changed, Column: "note"},
		{Dataset: d, Row: "obs-1.value", Kind: release.Changed, Column: "value"},
		{Dataset: d, Row: "obs-1.value", Kind: release.Added},
		{Dataset: d, Row: "obs-1.value.value", Kind: release.Removed},
		{Dataset: dataset.Goals, Row: "obs-1", Kind: release.Added},
	} {
		id := c.Cells("2024.01.0", "2024-01-31")[0]
		if known[id] {
			t.Errorf("two changes are called %s", id)
		}
		known[id] = true
	}
}

// TestCompareRowsEnds stops reading at an error.
func TestCompareRowsEnds(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	fails := func(func([][]byte) error) error { return broken }
	for _, readers := range [][2]release.Reader{{fails, release.RowsReader(nil)}, {release.RowsReader(nil), fails}} {
		if _, _, err := release.CompareRows(dataset.Strategies, readers[0], readers[1], 1, 1); !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}

// TestCompareSnapshot lists the changes of the first rows of a snapshot and counts the
// others.
func TestCompareSnapshot(t *testing.T) {
	t.Parallel()
	d := dataset.ServiceAvailability
	const most = release.MaxSnapshotRows
	row := func(i int, asOf string) []string {
		cells := make([]string, len(d.Columns))
		cells[0], cells[d.Column("asOf")] = fmt.Sprint(i), asOf
		return cells
	}
	for _, tt := range []struct {
		name                    string
		added, changed, removed int
		listed                  int
		rest                    release.Unlisted
	}{
		{"few", 2, 3, 4, 9, release.Unlisted{}},
		{"many removed", 2, 3, most, most, release.Unlisted{Removed: 5}},
		{"many changed", 2, most + 10, 1, most, release.Unlisted{Added: 2, Changed: 10, Removed: 1}},
		{"exactly as many", 1, most - 2, 1, most, release.Unlisted{}},
	} {
		var old, next [][]string
		n := 0
		some := func(count int, was, is bool) {
			for range count {
				n++
				if was {
					old = append(old, row(n, "2026-11"))
				}
				if is {
					next = append(next, row(n, "2026-12"))
				}
			}
		}
		some(tt.changed, true, true)
		some(tt.added, false, true)
		some(tt.removed, true, false)
		changes, rest, err := release.Compare(func(*dataset.Dataset) release.Reader { return release.RowsReader(old) },
			func(of *dataset.Dataset) (release.Reader, bool) { return release.RowsReader(next), of != d }, math.MaxInt, most)
		if err != nil || rest[d] != tt.rest || len(changes) != tt.listed {
			t.Errorf("%s: %d changes and %+v, want %d and %+v, error %v", tt.name, len(changes), rest[d], tt.listed, tt.rest, err)
		}
	}
}

// TestCompareMemory compares many rows in much less memory than they have.
func TestCompareMemory(t *testing.T) {
	d := dataset.Strategies
	const n = 200_000
	reader := func(last string) release.Reader {
		return func(yield func([][]byte) error) error {
			cells := make([][]byte, len(d.Columns))
			for i := range n {
				cells[0] = fmt.Appendf(cells[0][:0], "%0100d", i)
				if i == n-1 {
					cells[1] = []byte(last)
				}
				if err := yield(cells); err != nil {
					return err
				}
			}
			return nil
		}
	}
	used := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before, peak := used(), int64(0)
	changes, _, err := release.CompareRows(d, reader("a"), func(yield func([][]byte) error) error {
		peak = used()
		return reader("b")(yield)
	}, 1, 1)
	if err != nil || len(changes) != 1 || changes[0].Old != "a" {
		t.Fatal(changes, err)
	}
	if perRow := (peak - before) / n; perRow > 64 {
		t.Errorf("comparing takes %d bytes a row", perRow)
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
	compare := func(read func(*domain.Release, *dataset.Dataset) release.Reader, limit int) ([]release.Change, error) {
		changes, _, err := release.Compare(func(d *dataset.Dataset) release.Reader { return read(empty, d) },
			func(d *dataset.Dataset) (release.Reader, bool) { return read(full, d), false }, limit, 1)
		return changes, err
	}
	changes, err := compare(read, len(want))
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
	if _, err := compare(read, len(want)-1); !errors.Is(err, release.ErrTooMany) {
		t.Errorf("one change too many gave the error %v", err)
	}
	broken := errors.New("broken")
	fails := func(*domain.Release, *dataset.Dataset) release.Reader {
		return func(func([][]byte) error) error { return broken }
	}
	if _, err := compare(fails, 1); !errors.Is(err, broken) {
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
	changes, _, err := release.CompareReleases(of("a"), of("b"), nil, read, 1, 1)
	if err != nil || len(changes) != 1 || changes[0].Old != "a" || changes[0].New != "b" {
		t.Errorf("%+v, error %v", changes, err)
	}
}
