// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestDocsBehindAPath loads what the documentation page loads, as a browser would,
// through a proxy that serves the program below a path.
func TestDocsBehindAPath(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	service := serve(t, s)
	target, err := url.Parse(service.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.StripPrefix("/daten/zielstand", httputil.NewSingleHostReverseProxy(target)))
	defer proxy.Close()
	for _, base := range []string{service.URL, proxy.URL + "/daten/zielstand"} {
		page, body := testenv.Get(t, base+"/docs")
		start, script := testenv.Get(t, base+"/docs/start.js")
		links := regexp.MustCompile(`(?:href|src)="([^"]+)"`).FindAllSubmatch(body, -1)
		links = append(links, regexp.MustCompile(`url: "([^"]+)"`).FindAllSubmatch(script, -1)...) // relative to the page
		if page.StatusCode != 200 || start.StatusCode != 200 || len(links) != 9+len(dataset.All) {
			t.Fatalf("%s/docs: %s with %d links, start.js %s", base, page.Status, len(links), start.Status)
		}
		for _, link := range links {
			address, err := page.Request.URL.Parse(string(link[1]))
			if err != nil {
				t.Fatal(err)
			}
			if response, content := testenv.Get(t, address.String()); response.StatusCode != 200 || len(content) == 0 {
				t.Errorf("%s/docs loads %s: %s", base, address, response.Status)
			}
		}
	}
}
