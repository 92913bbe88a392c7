// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestDeprecation expects the headers of docs/deprecation.md on every answer of a
// deprecated endpoint, also on those from memory, and on no other.
func TestDeprecation(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	server, _ := apitest.New(t, s, apitest.Options{})
	api.Deprecate(server, "/goals", api.Deprecation{
		Since: time.Unix(1893456000, 0), Sunset: time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC), Successor: "/v2/goals",
	})
	api.Deprecate(server, "/areas", api.Deprecation{Since: time.Unix(1893456000, 0)})
	ask := func(target, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		return w
	}
	links := []string{"<" + apitest.PublicURL + `/docs>; rel="deprecation"; type="text/html"`, "<" + apitest.PublicURL + `/v2/goals>; rel="successor-version"`}
	for range 2 { // the second answer is from memory
		for _, target := range []string{"/v1/goals", "/v1/goals.csv", "/v1/goals?limit=1"} {
			h := ask(target, "").Header()
			if diff := cmp.Diff([]string{"@1893456000", "Wed, 01 Jan 2031 00:00:00 GMT"}, []string{h.Get("Deprecation"), h.Get("Sunset")}); diff != "" {
				t.Errorf("%s (-want +got)\n%s", target, diff)
			}
			if got := h["Link"]; len(got) < 3 || !slices.Equal(got[len(got)-2:], links) || !strings.Contains(got[0], "canonical") {
				t.Errorf("%s: Link %q", target, got)
			}
		}
	}
	areas := ask("/v1/areas", "").Header()
	if areas.Get("Deprecation") != "@1893456000" || areas.Get("Sunset") != "" || slices.Contains(areas["Link"], links[1]) {
		t.Errorf("without an end: %v", areas)
	}
	for target, status := range map[string]int{"/v1/goals?limit=0": http.StatusBadRequest, "/v1/areas": http.StatusNotModified} {
		w := ask(target, areas.Get("ETag"))
		if w.Code != status || w.Header().Get("Deprecation") != "@1893456000" {
			t.Errorf("%s: %d, %v", target, w.Code, w.Header())
		}
	}
	for _, target := range []string{"/v1/indicators", "/v1/goals/ts2-01", "/"} {
		if h := ask(target, "").Header(); h.Get("Deprecation") != "" || strings.Contains(strings.Join(h["Link"], ""), "deprecation") {
			t.Errorf("%s: %v", target, h)
		}
	}
}
