// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
)

// TestCheckRelease breaks one rule at a time.
func TestCheckRelease(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	removed := release.Change{Dataset: dataset.Areas, Row: "08", Kind: release.Removed}
	moved := func(column, from, to string) []release.Change {
		return []release.Change{{Dataset: dataset.Sources, Row: "report", Kind: release.Changed, Column: column, Old: from, New: to}}
	}
	row := func(d *dataset.Dataset, id, column, cell string) map[string][][]string {
		cells := make([]string, len(d.Columns))
		cells[0], cells[d.Column(column)] = id, cell
		return map[string][][]string{d.ID: {cells}}
	}
	withdrawal := func(id, of string) map[string][][]string { return row(dataset.Withdrawn, id, "dataset", of) }
	source := func(published string) map[string][][]string {
		return row(dataset.Sources, "report", "published", published)
	}
	snapshot := func(rows int64) []domain.ReleaseDataset {
		return []domain.ReleaseDataset{{ID: dataset.ServiceAvailability.ID, Rows: rows}}
	}
	availability := func(rows int) store.Sum {
		sum, err := store.SumRows(store.RowsOf(make([][]string, rows)), func([]string) {})
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	for _, tt := range []struct {
		name      string
		change    func(previous, next *domain.Release)
		changes   []release.Change
		rows      map[string][][]string
		snapshot  store.Sum // of service-availability
		highest   string    // version, if it is not that of the previous release
		exception string    // of the objection
		text      string    // part of the objection, or empty if there is none
	}{
		{name: "in order"},
		{name: "synthetic over synthetic", change: func(previous, next *domain.Release) { previous.Synthetic, next.Synthetic = true, true }},
		{name: "synthetic over real", change: func(_, next *domain.Release) { next.Synthetic = true }, text: "must not be published over the real release 2026.11.0"},
		{name: "same version", change: func(_, next *domain.Release) { next.ID = "2026.11.0" }, exception: "version:2026.11.0", text: "does not come after the latest release 2026.11.0"},
		{name: "version of a withdrawn release", highest: "2026.12.0", exception: "version:2026.12.0", text: "does not come after release 2026.12.0, which was published before; raise the version in datapackage.json"},
		{name: "version before a withdrawn release", highest: "2026.12.1", exception: "version:2026.12.0", text: "does not come after release 2026.12.1"},
		{name: "version after a withdrawn release", highest: "2026.11.9"},
		{name: "versions are numbers", change: func(previous, next *domain.Release) { previous.ID, next.ID = "2026.11.9", "2026.11.10" }},
		{name: "same time", change: func(_, next *domain.Release) { next.Published = day }, exception: "created:2026.12.0", text: "must be later than 2026-11-21T12:00:00Z"},
		{name: "vanished", changes: []release.Change{removed}, exception: "vanished:08", text: "areas: the id 08 has vanished"},
		{
			name: "an entry of withdrawn", changes: []release.Change{{Dataset: dataset.Withdrawn, Row: "08", Kind: release.Removed}}, exception: "vanished:08",
			text: "withdrawn: the id 08 has vanished; put its row back into withdrawn.csv, because its address keeps returning the reason",
		},
		{name: "withdrawn", changes: []release.Change{removed}, rows: withdrawal("08", "areas")},
		{name: "withdrawn from another dataset", changes: []release.Change{removed}, rows: withdrawal("08", "sources"), exception: "vanished:08", text: "add it to withdrawn.csv"},
		{name: "date of a source", changes: moved("published", "2021", "2022"), rows: source("2022"), exception: "published:report", text: "changes from 2021 to 2022"},
		{name: "date of a source found", changes: moved("published", "", "2022"), rows: source("2022"), exception: "published:report", text: "changes from nothing to 2022"},
		{name: "source without date read again", changes: moved("retrieved", "2026-11-28", "2027-01-01"), rows: source(""), exception: "retrieved:report", text: "retrieved of report changes from 2026-11-28 to 2027-01-01"},
		{name: "source with a date read again", changes: moved("retrieved", "2026-11-28", "2027-01-01"), rows: source("2022")},
		{name: "source read for the first time", changes: moved("retrieved", "", "2027-01-01"), rows: source("")},
		{name: "title of a source", changes: moved("title", "Bericht", "Der Bericht"), rows: source("")},
		{name: "dataset dropped", change: func(previous, _ *domain.Release) { previous.Datasets = []domain.ReleaseDataset{{ID: "gone"}} }, exception: "dataset:gone", text: "the dataset gone was dropped"},
		{
			name: "snapshot shrunk", change: func(previous, _ *domain.Release) { previous.Datasets = snapshot(10) }, snapshot: availability(7),
			exception: "shrink:service-availability", text: "service-availability: 7 rows instead of the 10 of release 2026.11.0, a fall of more than a fifth; check that the export is complete",
		},
		{name: "snapshot shrunk by a fifth", change: func(previous, _ *domain.Release) { previous.Datasets = snapshot(10) }, snapshot: availability(8)},
		{name: "snapshot grown", change: func(previous, _ *domain.Release) { previous.Datasets = snapshot(10) }, snapshot: availability(100)},
		{name: "first snapshot", change: func(previous, _ *domain.Release) { previous.Datasets = snapshot(0) }},
		{name: "row of a snapshot gone", changes: []release.Change{{Dataset: dataset.ServiceAvailability, Row: "a", Kind: release.Removed}}},
		{name: "dataset kept", change: func(previous, _ *domain.Release) { previous.Datasets = []domain.ReleaseDataset{{ID: "areas"}} }},
	} {
		previous, next := domain.Release{ID: "2026.11.0", Published: day}, domain.Release{ID: "2026.12.0", Published: day.Add(time.Second)}
		if tt.change != nil {
			tt.change(&previous, &next)
		}
		got := slices.Concat(
			new(Package).checkSuccession(&previous, next, cmp.Or(tt.highest, previous.ID)),
			checkRelease(&previous, next, tt.changes, &content{tt.rows, map[string]store.Table{dataset.ServiceAvailability.ID: {Sum: tt.snapshot}}}),
		)
		if tt.text == "" {
			if len(got) != 0 {
				t.Errorf("%s: %v", tt.name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Name != tt.exception || !strings.Contains(got[0].Text, tt.text) || !errors.Is(got, domain.ErrConflict) {
			t.Errorf("%s: %q, want one objection with the exception %q and %q", tt.name, got, tt.exception, tt.text)
			continue
		}
		if left := got.without([]string{tt.exception}); (len(left) == 0) != (tt.exception != "") {
			t.Errorf("%s: with the exception %q: %v", tt.name, tt.exception, left)
		}
		if hint := " (or make an exception: --allow " + tt.exception + ")"; strings.HasSuffix(got.Error(), hint) != (tt.exception != "") {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestCheckColumns(t *testing.T) {
	t.Parallel()
	names := dataset.Areas.Names()
	for _, tt := range []struct {
		name    string
		columns []string
		want    int
	}{
		{"the same", names, 0},
		{"one is new", names[:len(names)-1], 0},
		{"one is dropped", append(slices.Clone(names), "population"), 1},
		{"two are swapped", append([]string{names[1], names[0]}, names[2:]...), 2},
	} {
		previous := &domain.Release{Datasets: []domain.ReleaseDataset{{ID: "areas", Columns: tt.columns}, {ID: "gone", Columns: []string{"id"}}}}
		if got := checkColumns(previous); len(got) != tt.want {
			t.Errorf("%s: %v, want %d objections", tt.name, got, tt.want)
		}
	}
}

func TestCheckExceptions(t *testing.T) {
	t.Parallel()
	objections := Objections{{Name: "vanished:08"}, {Text: "without an exception"}}
	if err := checkExceptions(objections, []string{"vanished:08"}); err != nil {
		t.Error(err)
	}
	var invalid *domain.Invalid
	if err := checkExceptions(objections, []string{"vanished:09"}); !errors.As(err, &invalid) || invalid.Nearest != "vanished:08" || !slices.Equal(invalid.Allowed, []string{"vanished:08"}) {
		t.Errorf("an exception that is not needed: %v", err)
	}
}
