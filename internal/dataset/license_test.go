// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

func TestLicenseTitle(t *testing.T) {
	t.Parallel()
	for _, l := range dataset.Licenses {
		if got := dataset.LicenseTitle(dataset.LicenseBase + l.Code); got != l.Title || got.DE == "" || got.EN == "" {
			t.Errorf("%s has the title %+v, want %+v", l.Code, got, l.Title)
		}
	}
	const other = "https://example.org/licence"
	if got := dataset.LicenseTitle(other); got != (dataset.Text{DE: other, EN: other}) {
		t.Errorf("an unknown licence has the title %+v", got)
	}
}
