package api_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// catalogs are all addresses that a harvester may be given.
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

// TestCatalogWithoutRelease: a store that holds nothing.
func TestCatalogWithoutRelease(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) { refused(t, serve(t, s)) })
}

// TestCatalogWithoutStore closes the store before anything was asked for; what
// was asked for before stays.
func TestCatalogWithoutStore(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		if err := s.store.Close(); err != nil {
			t.Fatal(err)
		}
		refused(t, s)
	})
	eachService(t, func(t *testing.T, s *service) {
		before := map[string]answer{}
		for _, address := range catalogs {
			before[address] = s.get(t, address)
		}
		if err := s.store.Close(); err != nil {
			t.Fatal(err)
		}
		for _, address := range catalogs {
			if after := s.get(t, address); after.StatusCode != http.StatusOK || string(after.body) != string(before[address].body) {
				t.Errorf("%s: %d with other bytes than before", address, after.StatusCode)
			}
		}
	})
}

// TestCatalogOfEmptiedStore deletes the release under the server, before and
// after the files of the datasets are kept: there is no catalogue of what is
// left, nor one without the dates that only the store knows.
func TestCatalogOfEmptiedStore(t *testing.T) {
	t.Parallel()
	for _, keep := range []bool{false, true} {
		storetest.Each(t, func(t *testing.T, databaseURL string) {
			s := storetest.Open(t, databaseURL)
			storetest.Publish(t, s)
			running := serve(t, s)
			if keep {
				keepFiles(t, running)
			}
			emptyStore(t, databaseURL)
			refused(t, running)
			if err := running.releases.Refresh(context.Background()); err == nil {
				t.Error("no error while there is no release")
			}
			refused(t, running)
		})
	}
}

// TestCatalogOfHalfAStore takes the rows of one dataset away, as a broken
// restore may: what is left is no release.
func TestCatalogOfHalfAStore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		running := serve(t, s)
		executeOn(t, databaseURL, "DELETE FROM goals")
		refused(t, running)
	})
}

// TestCatalogOfLostDataset serves a release that has lost a dataset, or has one
// that only a later program knows: no smaller catalogue takes its place.
func TestCatalogOfLostDataset(t *testing.T) {
	t.Parallel()
	const copied = "(release_seq, dataset, row_count, columns, content_hash, description_hash, issued, modified) SELECT release_seq, 'colours', row_count, columns, content_hash, description_hash, issued, modified FROM release_datasets WHERE dataset = 'goals'"
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
		"renamed": {"UPDATE release_datasets SET dataset = 'colours' WHERE dataset = 'milestones'"},
		"later":   {"INSERT INTO release_datasets " + copied, "UPDATE releases SET datasets = datasets + 1"},
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

// brokenRelease changes what the store says of a release before it is served.
func brokenRelease(t *testing.T, statements []string, look func(*testing.T, *service)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		storetest.Publish(t, s)
		for _, statement := range statements {
			executeOn(t, databaseURL, statement)
		}
		look(t, serve(t, s))
	})
}

// keepFiles asks for every file that the catalogue names.
func keepFiles(t *testing.T, s *service) {
	t.Helper()
	for _, d := range catalog.Catalogued() {
		for _, f := range encode.Formats {
			address := "/v1/releases/" + storetest.Release + "/" + d.ID + "." + f.Name
			if f.Dialect != "" {
				address += "?dialect=" + f.Dialect
			}
			if a := s.get(t, address); a.StatusCode != http.StatusOK {
				t.Fatalf("%s: %d", address, a.StatusCode)
			}
		}
	}
}

func emptyStore(t *testing.T, databaseURL string) {
	t.Helper()
	executeOn(t, databaseURL, "DELETE FROM latest")
	executeOn(t, databaseURL, "DELETE FROM releases")
}

// executeOn runs a statement beside the store.
func executeOn(t *testing.T, databaseURL, statement string) {
	t.Helper()
	driver, source := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+strings.ReplaceAll(path, "#", "%23")+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// TestCatalogNegotiation: a harvester that takes anything gets RDF, and the
// suffix is stronger than what it takes.
func TestCatalogNegotiation(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, test := range []struct{ address, accept, want string }{
			{"/v1/catalog", "*/*", "text/turtle; charset=utf-8"},
			{"/v1/catalog", "", "text/turtle; charset=utf-8"},
			{"/v1/catalog", "application/rdf+xml", "application/rdf+xml"},
			{"/v1/catalog", "text/html, application/ld+json;q=0.9, */*;q=0.1", "application/ld+json"},
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
			if _, err := rdf.Read(a.Header.Get("Content-Type"), a.body, ""); err != nil {
				t.Errorf("%s, Accept %q: %v", test.address, test.accept, err)
			}
		}
		if a := s.get(t, "/v1/catalog", "Accept: text/html"); a.StatusCode != http.StatusNotAcceptable {
			t.Errorf("text/html: %d", a.StatusCode)
		}
		if a := s.get(t, "/v1/catalog/dcat.xml"); a.StatusCode != http.StatusNotFound {
			t.Errorf("dcat.xml: %d", a.StatusCode)
		}
	})
}

// TestCatalogHead: HEAD has the length of what GET sends, in every coding.
func TestCatalogHead(t *testing.T) {
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
