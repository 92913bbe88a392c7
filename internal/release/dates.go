// SPDX-License-Identifier: EUPL-1.2

package release

import (
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// SetDates sets the dates of all releases of a store, the newest first, that depend on
// other releases. The database has only what was known when each was published.
func SetDates(releases []*domain.Release) {
	byID := map[string]*domain.Release{}
	for _, r := range slices.Backward(releases) {
		if before := byID[r.Previous]; before != nil {
			setIssued(r, before)
		}
		byID[r.ID] = r
	}
	latest := slices.IndexFunc(releases, func(r *domain.Release) bool { return r.Withdrawn.IsZero() })
	for i, r := range releases {
		switch {
		case i == latest:
			setRestored(r, releases)
		case r.Withdrawn.IsZero():
			setRestored(r, releases[i+1:])
		}
	}
}

// setIssued sets when the datasets that operators fill were issued. They are part of every
// release, but the catalogue lists them only while they have rows.
func setIssued(r, before *domain.Release) {
	for i := range r.Datasets {
		part := &r.Datasets[i]
		if d := dataset.ByID(part.ID); d == nil || !d.Optional || part.Rows == 0 {
			continue
		}
		part.Issued = r.Published
		if earlier, _ := before.Dataset(part.ID); earlier.Rows > 0 {
			part.Issued = earlier.Issued
		}
	}
}

// setRestored sets when datasets took the place of those of withdrawn releases. A release
// took the place of those published before it and, while it is the latest, of all.
func setRestored(r *domain.Release, others []*domain.Release) {
	for _, other := range others {
		for i := range r.Datasets {
			part := &r.Datasets[i]
			if withdrawn, _ := other.Dataset(part.ID); withdrawn.Version != part.Version && other.Withdrawn.After(part.Restored) {
				part.Restored = other.Withdrawn
			}
		}
	}
}
