// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// TestCompareRows finds the same changes as release.CompareRows, also in rows of another
// order.
func TestCompareRows(t *testing.T) {
	t.Parallel()
	d := dataset.Areas
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var old, next [][]string
		for i := range random.IntN(60) {
			row := make([]string, len(d.Columns))
			row[0], row[1] = fmt.Sprintf("area-%d", i), "x"
			if random.IntN(4) > 0 {
				old = append(old, row)
			}
			row = slices.Clone(row)
			if random.IntN(4) == 0 {
				row[1], row[2] = "y", "z"
			}
			if random.IntN(4) > 0 {
				next = append(next, row)
			}
		}
		if random.IntN(2) == 0 {
			random.Shuffle(len(next), func(i, j int) { next[i], next[j] = next[j], next[i] })
		}
		previous := &domain.Release{Datasets: []domain.ReleaseDataset{{ID: d.ID, Rows: int64(len(old))}}}
		want, err := release.CompareRows(d, release.RowsReader(old), release.RowsReader(next), math.MaxInt)
		if err != nil {
			t.Fatal(err)
		}
		got, rest, err := compareRows(d, release.RowsReader(old), previous, store.RowsOf(next))
		if err != nil || rest != (Unlisted{}) {
			t.Fatal(rest, err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b *dataset.Dataset) bool { return a == b })); len(want)+len(got) > 0 && diff != "" {
			t.Fatalf("changes (-want +got)\n%s", diff)
		}
	}
}

// TestCompareSnapshot lists the changes of the first rows of a snapshot and counts the
// others.
func TestCompareSnapshot(t *testing.T) {
	t.Parallel()
	d := dataset.ServiceAvailability
	row := func(i int, asOf string) []string {
		return cellsOf(d, map[string]string{"id": fmt.Sprint(i), "asOf": asOf})
	}
	for _, tt := range []struct {
		name                     string
		added, changed, removed  int
		listed                   int
		restAdded, rest, restOut int
	}{
		{"few", 2, 3, 4, 9, 0, 0, 0},
		{"many removed", 2, 3, maxSnapshotRows, maxSnapshotRows, 0, 0, 5},
		{"many changed", 2, maxSnapshotRows + 10, 1, maxSnapshotRows, 2, 10, 1},
		{"exactly as many", 1, maxSnapshotRows - 2, 1, maxSnapshotRows, 0, 0, 0},
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
		previous := &domain.Release{Datasets: []domain.ReleaseDataset{{ID: d.ID, Rows: int64(len(old))}}}
		changes, rest, err := compareRows(d, release.RowsReader(old), previous, store.RowsOf(next))
		if err != nil {
			t.Fatal(err)
		}
		if want := (Unlisted{tt.restAdded, tt.rest, tt.restOut}); rest != want || len(changes) != tt.listed {
			t.Errorf("%s: %d changes and %+v, want %d and %+v", tt.name, len(changes), rest, tt.listed, want)
		}
	}
}

func TestDigests(t *testing.T) {
	t.Parallel()
	var d digests
	for i := range 10_000 {
		d.add(fmt.Sprint(i))
	}
	d.add("77")
	d.add("4711")
	d.add("77")
	want := map[uint64]bool{digest("77"): true, digest("4711"): true}
	if diff := cmp.Diff(want, d.repeated()); diff != "" {
		t.Errorf("repeated (-want +got)\n%s", diff)
	}
}

// TestScan recognises files that can be read as a stream, wherever the blocks that are
// read end.
func TestScan(t *testing.T) {
	t.Parallel()
	var rows strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&rows, "%d,ä€😀\n", i)
	}
	long := rows.String()
	for name, tt := range map[string]struct {
		text  string
		plain bool
	}{
		"plain":            {"id,title\n1,ä\n", true},
		"long":             {"id,title\n" + long, true},
		"only the header":  {"id,title\n", true},
		"quoted":           {"\"id\",\"title\"\n\"1\",\"ä\"\n", true},
		"empty":            {"", false},
		"byte order mark":  {"\ufeffid,title\n1,ä\n", false},
		"Windows":          {"id,title\r\n1,ä\r\n", false},
		"Latin-1":          {"id,title\n1,\xe4\n", false},
		"Latin-1 at last":  {"id,title\n" + long + "\xe4", false},
		"cut off":          {"id,title\n1,ä", false},
		"other columns":    {"id,name\n1,ä\n", false},
		"other separators": {"id;title\n1;ä\n", false},
	} {
		f := bulkFile{folder: fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte(tt.text)}}, path: "a.csv"}
		if err := f.scan(10<<20, []string{"id", "title"}); err != nil || f.plain != tt.plain || f.size != int64(len(tt.text)) || f.sum != store.NewFile("", []byte(tt.text)).Sum {
			t.Errorf("%s: %+v, error %v", name, f, err)
		}
	}
	f := bulkFile{folder: fstest.MapFS{"a.csv": &fstest.MapFile{Data: []byte("id,title\n")}}, path: "a.csv"}
	if err := f.scan(8, nil); err != errTooLarge {
		t.Errorf("one byte beyond the limit: %v", err)
	}
}

// Same reports whether a bulk dataset of a package was taken from the base without being
// read.
func (p *Package) Same(d *dataset.Dataset) bool { return p.Tables[d.ID].same }
