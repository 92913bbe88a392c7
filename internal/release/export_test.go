// SPDX-License-Identifier: EUPL-1.2

package release

// CompareReleases is compareReleases.
var CompareReleases = compareReleases

// Occupy takes all places for reads of older releases, as reads that hang do.
func (t *Tables) Occupy() {
	for range concurrentReads {
		t.reads <- struct{}{}
	}
}
