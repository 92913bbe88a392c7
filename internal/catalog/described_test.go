// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
)

// TestDescribed remembers what was described, but not of all releases that ever were.
func TestDescribed(t *testing.T) {
	t.Parallel()
	s := NewService(nil, nil, Settings{})
	built := 0
	describe := func(seq int64) {
		_, err := s.describe(&domain.Release{Seq: seq}, File{Address: "a"}, func() (*representation.Representation, error) {
			built++
			return representation.New(representation.Head{}, nil), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	describe(0)
	describe(0)
	if built != 1 {
		t.Errorf("one file was described %d times", built)
	}
	const releases = 100 * describedReleases
	for range 2 {
		for seq := range int64(releases) {
			describe(seq)
		}
	}
	if built <= releases {
		t.Errorf("what was described of %d releases stays", releases)
	}
}
