// SPDX-License-Identifier: EUPL-1.2

package release

// CompareReleases is compareReleases.
var CompareReleases = compareReleases

// Occupy takes all places for reads of older releases, as reads that hang do, until the
// function that it returns is called.
func (t *Tables) Occupy() (free func()) {
	for range concurrentReads {
		t.reads <- struct{}{}
	}
	return func() {
		for range concurrentReads {
			<-t.reads
		}
	}
}
