// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// catalogs are the addresses of the catalogue.
var catalogs = []string{
	"/v1/catalog", "/v1/catalog/dcat.ttl", "/v1/catalog/dcat.rdf", "/v1/catalog/dcat.jsonld", "/v1/catalog/dcat.nt",
	"/v1/catalog/schema.jsonld",
}

// refused checks that every address of the catalogue, and the IRI of a dataset,
// answers 503 with a time to come back, and with no catalogue.
func refused(t *testing.T, s *service) {
	t.Helper()
	refusedAt(t, s, append([]string{"/v1/datasets/goals.ttl"}, catalogs...)...)
}

func refusedAt(t *testing.T, s *service, addresses ...string) {
	t.Helper()
	for _, address := range addresses {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			a := s.ask(t, method, address)
			if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" ||
				a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Cache-Control") != "no-store" ||
				a.Header.Get("Etag") != "" {
				t.Errorf("%s %s: %d, not a refusal\n%.300s", method, address, a.StatusCode, a.body)
			}
			var problem struct{ Status int }
			if err := json.Unmarshal(a.body, &problem); method == http.MethodGet && (err != nil || problem.Status != a.StatusCode) {
				t.Errorf("%s: %s", address, a.body)
			}
		}
	}
}

// TestCatalogWithoutRelease serves an empty store.
func TestCatalogWithoutRelease(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) { refused(t, serve(t, s)) })
}

// TestCatalogWithoutStore checks that the catalogue is built from memory after the
// store is closed, even if it was not requested before.
func TestCatalogWithoutStore(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		storetest.Publish(t, storetest.Open(t, databaseURL))
		before, running := serve(t, storetest.Open(t, databaseURL)), serve(t, storetest.Open(t, databaseURL))
		if err := running.store.Close(); err != nil {
			t.Fatal(err)
		}
		unchanged(t, running, before)
	})
}

// TestCatalogOfDamagedStore deletes a release or rows of it. A running server still
// has the whole release; one that starts afterwards has no catalogue rather than an
// incomplete one.
func TestCatalogOfDamagedStore(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	for name, statements := range map[string][]string{
		"no release":    {"DELETE FROM latest", "DELETE FROM releases"},
		"a dataset":     {"DELETE FROM goals"},
		"a row":         {"DELETE FROM goals WHERE id = 'ts2-01'"},
		"another value": {"UPDATE goals SET status = 'achieved' WHERE id = 'ts2-01'"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Each(t, func(t *testing.T, databaseURL string) {
				s := storetest.Open(t, databaseURL)
				storetest.Publish(t, s)
				before, running := serve(t, s), serve(t, s)
				for _, statement := range statements {
					storetest.Execute(t, databaseURL, statement)
				}
				unchanged(t, running, before)
				if err := running.releases.Refresh(context.Background()); (err == nil) != (name != "no release") {
					t.Errorf("looking at the releases again gives the error %v", err)
				}
				unchanged(t, running, before)
				refused(t, serve(t, s))
			})
		})
	}
}

// unchanged compares all catalogues of two servers.
func unchanged(t *testing.T, s, before *service) {
	t.Helper()
	for _, address := range catalogs {
		want := before.get(t, address)
		if got := s.get(t, address); got.StatusCode != http.StatusOK || string(got.body) != string(want.body) {
			t.Errorf("%s: %d with other bytes than before", address, got.StatusCode)
		}
	}
}

// TestCatalogOfLostDataset checks that a release with a missing or unknown dataset has
// no catalogue rather than an incomplete one.
func TestCatalogOfLostDataset(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	const copied = "(release_seq, dataset, version, row_count, columns, content_hash, description_hash, issued, modified) SELECT release_seq, 'colours', version, row_count, columns, content_hash, description_hash, issued, modified FROM release_datasets WHERE dataset = 'goals'"
	for name, statements := range map[string][]string{
		"lost":                 {"DELETE FROM release_datasets WHERE dataset = 'milestones'"},
		"lost itself":          {"DELETE FROM release_datasets WHERE dataset = 'goals'"},
		"one without an entry": {"DELETE FROM release_datasets WHERE dataset = 'areas'"},
		"added":                {"INSERT INTO release_datasets " + copied},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			brokenRelease(t, statements, refused)
		})
	}
	for name, statements := range map[string][]string{
		"renamed": {"UPDATE release_datasets SET dataset = 'colours', record = '' WHERE dataset = 'milestones'"},
		"later":   {"INSERT INTO release_datasets " + copied, "UPDATE releases SET datasets = datasets + 1, record = ''"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			brokenRelease(t, statements, func(t *testing.T, s *service) {
				t.Helper()
				refusedAt(t, s, catalogs...)
			})
		})
	}
}

// brokenRelease executes statements on a published release and then serves it.
func brokenRelease(t *testing.T, statements []string, look func(*testing.T, *service)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		for _, statement := range statements {
			storetest.Execute(t, databaseURL, statement)
		}
		look(t, serve(t, s))
	})
}

// TestCatalogNegotiation checks that RDF is the default and that the suffix takes
// precedence over the Accept header.
func TestCatalogNegotiation(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, test := range []struct{ address, accept, want string }{
			{"/v1/catalog", "*/*", "text/turtle; charset=utf-8"},
			{"/v1/catalog", "", "text/turtle; charset=utf-8"},
			{"/v1/catalog", "application/rdf+xml", "application/rdf+xml"},
			{"/v1/catalog", "text/html;q=0.5, application/ld+json;q=0.9, */*;q=0.1", "application/ld+json"},
			{"/v1/catalog", "application/n-triples, text/turtle;q=0.5", "application/n-triples"},
			{"/v1/catalog/dcat.rdf", "text/turtle", "application/rdf+xml"},
			{"/v1/catalog/dcat.nt", "*/*", "application/n-triples"},
		} {
			a := s.get(t, test.address, "Accept: "+test.accept)
			if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != test.want {
				t.Errorf("%s, Accept %q: %d %s", test.address, test.accept, a.StatusCode, a.Header.Get("Content-Type"))
			}
			if !strings.Contains(a.Header.Get("Vary"), "Accept") {
				t.Errorf("%s: Vary %q", test.address, a.Header.Get("Vary"))
			}
			mediaType, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
			f, known := rdf.LookupFormat(mediaType)
			if !known {
				t.Fatalf("%s, Accept %q: %s is not a format of RDF", test.address, test.accept, mediaType)
			}
			if f.Name == "jsonld" || f.Name == "ntriples" {
				rdftest.Read(t, f.Name, a.body, "http://base.example/")
			}
		}
		for _, accept := range []string{"text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"} {
			if a := s.get(t, "/v1/catalog", "Accept: "+accept); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/datasets" || a.Header.Get("Vary") == "" {
				t.Errorf("%s: %d, Location %s", accept, a.StatusCode, a.Header.Get("Location"))
			}
		}
		for _, address := range []string{
			"/v1/catalog?utm_source=x&utm_medium=y", "/v1/catalog/dcat.ttl?utm_source=x", "/v1/releases/latest/goals.csv?utm_source=x", "/v1/goals.csv?utm_campaign=x&limit=1", "/datasets?utm_source=x",
		} {
			if a := s.get(t, address); a.StatusCode != http.StatusOK {
				t.Errorf("%s: %d %s", address, a.StatusCode, a.body)
			}
		}
		if a := s.get(t, "/v1/catalog?utm=x"); a.StatusCode != http.StatusBadRequest {
			t.Errorf("utm: %d", a.StatusCode)
		}
		if a := s.get(t, "/v1/catalog/dcat.xml"); a.StatusCode != http.StatusNotFound {
			t.Errorf("dcat.xml: %d", a.StatusCode)
		}
	})
}

// TestCatalogHead checks that HEAD has the Content-Length of GET in every coding.
func TestCatalogHead(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range catalogs {
			for _, coding := range []string{"identity", "gzip, deflate", "br", "zstd"} {
				get := s.get(t, address, "Accept-Encoding: "+coding)
				head := s.ask(t, http.MethodHead, address, "Accept-Encoding: "+coding)
				if head.StatusCode != http.StatusOK || head.Header.Get("Content-Length") != strconv.Itoa(len(get.body)) || len(head.body) > 0 {
					t.Errorf("%s, %s: %d, length %s, GET has %d", address, coding, head.StatusCode, head.Header.Get("Content-Length"), len(get.body))
				}
			}
		}
	})
}
