// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestGeocodingURI(t *testing.T) {
	t.Parallel()
	// The addresses are examples of the conventions of DCAT-AP.de, but for 05.
	for key, want := range map[string]string{
		"05":       "http://dcat-ap.de/def/politicalGeocoding/stateKey/05",
		"095":      "http://dcat-ap.de/def/politicalGeocoding/governmentDistrictKey/095",
		"08128":    "http://dcat-ap.de/def/politicalGeocoding/districtKey/08128",
		"07131038": "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/07131038",
		"00":       "", "EU": "", "WORLD": "", "0": "", "0515": "", "051580260": "", "05v": "", "": "",
	} {
		if got := domain.GeocodingURI(key); got != want {
			t.Errorf("%s has the address %q, want %q", key, got, want)
		}
	}
}

func TestCheckARS(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ key, ars, want string }{
		{"05", "050000000000", ""},
		{"051", "051000000000", ""},
		{"05334", "053340000000", ""},
		{"05334002", "053340002002", ""},
		{"01051001", "010515163001", ""}, // in an association of municipalities
		{"EU", "000000000000", ""},
		{"05", "05000000000", "a regional key (ARS) has 12 digits"},
		{"05", "05000000000x", "a regional key (ARS) has 12 digits"},
		{"05158", "051580000001", "the regional key of 05158 is 051580000000"},
		{"05158026", "051580026028", "a regional key of 05158026 starts with 05158 and ends with 026"},
		{"05158026", "051620026026", "a regional key of 05158026 starts with 05158 and ends with 026"},
	} {
		got := ""
		if err := domain.CheckARS(tt.key, tt.ars); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s, %s: error %q, want %q", tt.key, tt.ars, got, tt.want)
		}
	}
}
