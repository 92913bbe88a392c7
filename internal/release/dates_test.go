// SPDX-License-Identifier: EUPL-1.2

package release_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// day returns a day of a month.
func day(n int) time.Time { return time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC) }

// published is a release of a day, which is its number and id, with the dataset of an
// operator. All datasets are in the store since the first day.
func published(n, previous int, rows int64) *domain.Release {
	r := &domain.Release{Seq: int64(n), ID: fmt.Sprint(n), Published: day(n), Previous: fmt.Sprint(previous), Datasets: []domain.ReleaseDataset{
		{ID: "goals", Version: 1, Rows: 1, Issued: day(1), Modified: day(1)},
		{ID: "services", Version: 1, Rows: rows, Issued: day(1), Modified: day(1)},
	}}
	if previous == 0 {
		r.Previous = ""
	}
	return r
}

// TestIssued checks when a dataset that an operator fills was issued, in each release.
func TestIssued(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		releases []*domain.Release // the newest first
		want     []int
	}{
		"always filled":           {[]*domain.Release{published(2, 1, 7), published(1, 0, 7)}, []int{1, 1}},
		"never filled":            {[]*domain.Release{published(2, 1, 0), published(1, 0, 0)}, []int{1, 1}},
		"filled by the second":    {[]*domain.Release{published(3, 2, 8), published(2, 1, 7), published(1, 0, 0)}, []int{2, 2, 1}},
		"empty in between":        {[]*domain.Release{published(3, 2, 7), published(2, 1, 0), published(1, 0, 7)}, []int{3, 1, 1}},
		"by a withdrawn one, too": {[]*domain.Release{published(3, 1, 7), published(2, 1, 7), published(1, 0, 0)}, []int{3, 2, 1}},
		"the one before deleted":  {[]*domain.Release{published(4, 3, 7), published(3, 2, 7)}, []int{1, 1}},
	} {
		release.SetDates(test.releases)
		var got []int
		for _, r := range test.releases {
			goals, _ := r.Dataset("goals")
			services, _ := r.Dataset("services")
			got = append(got, services.Issued.Day())
			if !goals.Issued.Equal(day(1)) {
				t.Errorf("%s: goals of release %s are issued %s", name, r.ID, goals.Issued)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestChanged checks when a dataset changed whose other version was withdrawn: in the
// latest release, in those after it, and not in those before.
func TestChanged(t *testing.T) {
	t.Parallel()
	changes := func(r *domain.Release) *domain.Release {
		r.Datasets[0].Version, r.Datasets[0].Modified = r.Seq, r.Published
		return r
	}
	withdrawn := func(n int, r *domain.Release) *domain.Release {
		r.Withdrawn = day(n)
		return r
	}
	for name, test := range map[string]struct {
		releases []*domain.Release // the newest first
		want     []int
	}{
		"not withdrawn":          {[]*domain.Release{changes(published(2, 1, 1)), published(1, 0, 1)}, []int{2, 1}},
		"the latest":             {[]*domain.Release{withdrawn(5, changes(published(2, 1, 1))), published(1, 0, 1)}, []int{2, 5}},
		"nothing changed":        {[]*domain.Release{withdrawn(5, published(2, 1, 1)), published(1, 0, 1)}, []int{1, 1}},
		"those after it":         {[]*domain.Release{published(7, 6, 1), published(6, 1, 1), withdrawn(5, changes(published(2, 1, 1))), published(1, 0, 1)}, []int{5, 5, 2, 1}},
		"changed since":          {[]*domain.Release{changes(published(6, 1, 1)), withdrawn(5, changes(published(2, 1, 1))), published(1, 0, 1)}, []int{6, 2, 1}},
		"withdrawn twice":        {[]*domain.Release{withdrawn(8, changes(published(6, 1, 1))), withdrawn(5, changes(published(2, 1, 1))), published(1, 0, 1)}, []int{6, 2, 8}},
		"before what never came": {[]*domain.Release{withdrawn(5, changes(published(3, 2, 1))), published(2, 1, 1), published(1, 0, 1)}, []int{3, 5, 1}},
	} {
		release.SetDates(test.releases)
		var got []int
		for _, r := range test.releases {
			part, _ := r.Dataset("goals")
			got = append(got, part.Changed().Day())
			if other, _ := r.Dataset("services"); !other.Changed().Equal(day(1)) {
				t.Errorf("%s: services of release %s changed %s", name, r.ID, other.Changed())
			}
			if want := max(r.Published.Day(), part.Restored.Day()); !part.Restored.IsZero() && r.Changed().Day() != want {
				t.Errorf("%s: release %s changed %s, want day %d", name, r.ID, r.Changed(), want)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
