package api_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestCachedAllocations limits the allocations of a cached answer: request id, log line
// and headers.
func TestCachedAllocations(t *testing.T) {
	handler := cachedHandler(t)
	for name, fields := range map[string]map[string]string{
		"200": {"Accept-Encoding": "gzip, deflate, br, zstd"},
		"304": {"If-None-Match": "*"},
	} {
		t.Run(name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodGet, "/v1/goals?status=announced", nil)
			for k, v := range fields {
				request.Header.Set(k, v)
			}
			const most = 25
			// The least of many: the race detector empties pools at random.
			least := math.Inf(1)
			for range 200 {
				n := testing.AllocsPerRun(1, func() { handler.ServeHTTP(&nowhere{header: http.Header{}}, request) })
				least = min(least, n)
			}
			if least > most {
				t.Errorf("%.0f allocations, at most %d may be", least, most)
			}
		})
	}
}
