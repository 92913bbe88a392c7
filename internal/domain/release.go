// SPDX-License-Identifier: EUPL-1.2

package domain

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Release is an immutable snapshot of all datasets.
type Release struct {
	// Seq counts the releases in the order of their publication in one store.
	Seq int64
	// ID is the version of the data package: 2026.11.0.
	ID string
	// Title of the data package.
	Title string
	// Published is the creation time of the data package, so that it is the same in
	// every store.
	Published time.Time
	// ContentHash is the SHA-256 of the package's files, in hexadecimal.
	ContentHash string
	// Notes are the editor's notes for readers of the release.
	Notes string
	// Synthetic marks generated data, which are never published over real ones.
	Synthetic bool
	// Datasets are the parts of the release in the order of their ids.
	Datasets []ReleaseDataset
	// Previous is the id of the release that this one followed, "" for the first
	// ever, or UnknownRelease. It may have been deleted since.
	Previous string
	// Withdrawn is when an older release took its place; zero if none has.
	Withdrawn time.Time
	// Signature is the SSH signature of the checksums of its files, or "".
	Signature string
}

// UnknownRelease is the id of an unknown predecessor.
const UnknownRelease = "unknown"

// Predecessor returns the release that this one followed, or nil if it is not
// among those given.
func (r *Release) Predecessor(among []*Release) *Release {
	for _, other := range among {
		if r.Previous != "" && other.ID == r.Previous {
			return other
		}
	}
	return nil
}

// ReleaseDataset is one dataset of a release.
type ReleaseDataset struct {
	ID string
	// Version is the number of the release that brought the rows. Releases with the
	// same version of a dataset have the same rows.
	Version int64
	Rows    int64
	// Columns are the names of the columns that the release has; a column that
	// came later is absent.
	Columns []string
	// ContentHash is the SHA-256 of the rows, in hexadecimal.
	ContentHash string
	// DescriptionHash is the SHA-256 of the description, in hexadecimal.
	DescriptionHash string
	// Issued is when the dataset was first part of a release. One that an operator fills
	// was issued by the first of the releases, up to this one, that all have rows of it.
	Issued time.Time
	// Modified is when a release last changed the rows or the description.
	Modified time.Time
	// Restored is when the dataset last took the place of another version, because a
	// release that had it was withdrawn; zero if it never did.
	Restored time.Time
}

// Changed returns when what is served of the dataset last changed.
func (d ReleaseDataset) Changed() time.Time {
	if d.Restored.After(d.Modified) {
		return d.Restored
	}
	return d.Modified
}

// Dataset returns the part with the id.
func (r *Release) Dataset(id string) (ReleaseDataset, bool) {
	for _, d := range r.Datasets {
		if d.ID == id {
			return d, true
		}
	}
	return ReleaseDataset{}, false
}

// Changed returns when what is served of the release as a whole last changed.
func (r *Release) Changed() time.Time {
	t := r.Published
	for _, d := range r.Datasets {
		if d.Restored.After(t) {
			t = d.Restored
		}
	}
	return t
}

// CompareVersions returns a negative number if the release id a comes before b (2026.11.9
// before 2026.11.10), a positive one if it comes after it, and otherwise 0.
func CompareVersions(a, b string) int {
	return slices.Compare(versionParts(a), versionParts(b))
}

// NextVersion returns the id of a release that comes after latest in a month such as
// 2026.11: the first of that month or, if latest is of the same or a later month, the next
// number of latest's month.
func NextVersion(latest, month string) string {
	at := strings.LastIndexByte(latest, '.')
	if at < 0 || month > latest[:at] {
		return month + ".0"
	}
	n, _ := strconv.Atoi(latest[at+1:])
	return latest[:at] + "." + strconv.Itoa(n+1)
}

func versionParts(id string) []int {
	var parts []int
	for part := range strings.SplitSeq(id, ".") {
		n, _ := strconv.Atoi(part)
		parts = append(parts, n)
	}
	return parts
}
