// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestUnknownParameters gets fixed addresses with parameters that mean nothing: what they
// answer is not built for each. It is not parallel, because it counts allocations.
func TestUnknownParameters(t *testing.T) {
	handler := cachedHandler(t)
	n := 0
	for _, path := range []string{"/sitemap.xml", "/apple-touch-icon.png"} {
		get := func() {
			n++
			w := &nowhere{header: http.Header{}}
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("%s?x=%d", path, n), nil))
			if w.status != http.StatusOK && w.status != 0 {
				t.Fatalf("%s: status %d", path, w.status)
			}
		}
		if n := testing.AllocsPerRun(10, get); n > 1000 {
			t.Errorf("%s: %v allocations", path, n)
		}
	}
}
