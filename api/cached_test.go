// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestCachedAllocations limits the allocations of a cached answer: request id and headers.
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
			const most = 10
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

// TestRepeatStale checks that an answer whose file is deleted just before it is opened is
// rebuilt without the headers of the first attempt, a limited number of times, and never
// after it has started.
func TestRepeatStale(t *testing.T) {
	t.Parallel()
	server, _ := apitest.New(t, storetest.Open(t, storetest.Any(t)), apitest.Options{})
	for _, tt := range []struct {
		name            string
		stale, attempts int
		started         bool
		fails           bool
	}{
		{"intact", 0, 1, false, false},
		{"deleted once", 1, 2, false, false},
		{"deleted all the time", 100, 4, false, true},
		{"started", 1, 1, true, true},
	} {
		attempts := 0
		handler := api.RepeatStale(server, func(c echo.Context) error {
			if etag := c.Response().Header().Get("Etag"); etag != "" {
				t.Errorf("%s: the entity tag %s is left", tt.name, etag)
			}
			c.Response().Header().Set("Etag", "x")
			if attempts++; tt.started {
				c.Response().WriteHeader(http.StatusOK)
			}
			if attempts <= tt.stale {
				return fmt.Errorf("open: %w", representation.ErrStale)
			}
			return nil
		})
		err := handler(echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()))
		if attempts != tt.attempts || errors.Is(err, representation.ErrStale) != tt.fails {
			t.Errorf("%s: %d attempts, error %v", tt.name, attempts, err)
		}
	}
}
