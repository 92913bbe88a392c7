// SPDX-License-Identifier: EUPL-1.2

package api

import "testing"

// TestNearestID checks that an unknown identifier with a number does not suggest the row with
// another one.
func TestNearestID(t *testing.T) {
	t.Parallel()
	ids := []string{"ds1-43", "ds2-43", "ds2-99", "ds2-09", "e-file-users", "obs-0177", "2024.01.0", "mobile-5g-area-share"}
	for id, want := range map[string]string{
		"ds2-999": "", "ds2-44": "", "ds3-43": "", "ds2-x": "", "DS2-43": "ds2-43", "ds2-0043": "ds2-43", "ds2-9": "ds2-09",
		"obs-177": "obs-0177", "obs-178": "", "efile-users": "e-file-users", "2024.1.0": "2024.01.0", "2024.1.1": "", "mobile-5g-share": "mobile-5g-area-share", "": "",
	} {
		if got := nearestID(id, ids); got != want {
			t.Errorf("nearest to %q: %q, want %q", id, got, want)
		}
	}
}
