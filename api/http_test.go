// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// addresses has one address of each kind of answer and error.
var addresses = []string{
	"/v1", "/v1/goals", "/v1/goals.csv", "/v1/goals.csv?dialect=excel-de", "/v1/goals/ts2-01", "/v1/goals/ts2-01.csv",
	"/v1/indicators/e-file-users/observations", "/v1/releases", "/v1/releases/latest", "/v1/releases/2024.01.0/goals.csv",
	"/v1/releases/latest/goals.json", "/v1/releases/2024.01.0/datapackage.json", "/v1/openapi.json", "/openapi.yaml", "/docs",
	"/healthz", "/readyz",
	"/v1/goals?limit=0", "/v1/goals/absent", "/v2", "/v1/goal", "/v1/releases/1999.01.0", "/docs/absent.js",
}

func TestEveryAnswer(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range addresses {
			get := s.get(t, address, "X-Request-Id: every-answer")
			for name, want := range map[string]string{
				"Api-Version":                   "9.9.9",
				"Access-Control-Allow-Origin":   "*",
				"Access-Control-Expose-Headers": "*",
				"X-Content-Type-Options":        "nosniff",
				"X-Request-Id":                  "every-answer",
			} {
				if got := get.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", address, name, got, want)
				}
			}
			if get.Header.Get("Cache-Control") == "" {
				t.Errorf("%s: no Cache-Control", address)
			}
			if get.StatusCode >= 400 && get.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: an error of the type %s", address, get.Header.Get("Content-Type"))
			}
			head := s.ask(t, http.MethodHead, address, "X-Request-Id: every-answer")
			get.Header.Del("Date")
			head.Header.Del("Date")
			if diff := cmp.Diff(get.Header, head.Header); diff != "" || head.StatusCode != get.StatusCode || len(head.body) != 0 {
				t.Errorf("%s: HEAD answers %d with %d bytes, GET %d (-GET +HEAD)\n%s", address, head.StatusCode, len(head.body), get.StatusCode, diff)
			}
		}
	})
}

// TestAgain checks that cached answers have the same headers and bytes as the first.
func TestAgain(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range addresses {
			for _, fields := range [][]string{{"Accept-Encoding: identity"}, {"Accept-Encoding: gzip"}, {"Accept-Encoding: identity", "If-None-Match: *"}} {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					first := s.ask(t, method, address, append(fields, "X-Request-Id: thrice")...)
					first.Header.Del("Date")
					for range 2 {
						again := s.ask(t, method, address, append(fields, "X-Request-Id: thrice")...)
						again.Header.Del("Date")
						if diff := cmp.Diff(first.Header, again.Header); diff != "" || first.StatusCode != again.StatusCode || !bytes.Equal(first.body, again.body) {
							t.Errorf("%s %s %v: %s, then %s (-first +again)\n%s", method, address, fields, first.Status, again.Status, diff)
						}
					}
				}
			}
		}
	})
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range addresses {
			full := s.get(t, address)
			tag, modified := full.Header.Get("Etag"), full.Header.Get("Last-Modified")
			if full.StatusCode != 200 || tag == "" {
				continue
			}
			if !regexp.MustCompile(`^"[A-Za-z0-9_-]{16}"$`).MatchString(tag) {
				t.Errorf("%s: the entity tag %s is not a strong one", address, tag)
			}
			tests := map[string]bool{
				"If-None-Match: " + tag:                    true,
				"If-None-Match: W/" + tag:                  true,
				"If-None-Match: \"other\", " + tag:         true,
				"If-None-Match: *":                         true,
				"If-None-Match: \"other\"":                 false,
				"If-None-Match: " + strings.Trim(tag, `"`): false,
				"If-Modified-Since: nonsense":              false,
			}
			if modified != "" {
				tests["If-Modified-Since: "+modified] = true
				tests["If-Modified-Since: Wed, 31 Jan 2024 12:00:01 GMT"] = false // of an answer that was taken back
				tests["If-Modified-Since: Fri, 31 Dec 2100 12:00:00 GMT"] = false
				tests["If-Modified-Since: Wed, 31 Jan 2024 11:59:59 GMT"] = false
				tests["If-None-Match: \"other\"\nIf-Modified-Since: "+modified] = false // RFC 9110, 13.2.2
			}
			for fields, fresh := range tests {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					a := s.ask(t, method, address, strings.Split(fields, "\n")...)
					if fresh != (a.StatusCode == http.StatusNotModified) {
						t.Errorf("%s %s with %s: %s", method, address, fields, a.Status)
					}
					if !fresh {
						continue
					}
					for _, name := range []string{"Etag", "Cache-Control", "Vary", "Api-Version", "Access-Control-Allow-Origin"} { // RFC 9110, 15.4.5
						if a.Header.Get(name) != full.Header.Get(name) {
							t.Errorf("%s: 304 with %s %q, 200 with %q", address, name, a.Header.Get(name), full.Header.Get(name))
						}
					}
					if len(a.body) != 0 || a.Header.Get("Content-Type") != "" {
						t.Errorf("%s: 304 with a body of %d bytes of %s", address, len(a.body), a.Header.Get("Content-Type"))
					}
				}
			}
		}
	})
}

// decoders are implementations other than those that the server uses, if there are
// any.
var decoders = map[string]func(io.Reader) (io.Reader, error){
	"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
	"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
}

func TestCodings(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range []string{"/v1", "/v1/goals", "/v1/codelists.csv", "/v1/releases/2024.01.0/goals.csv", "/v1/observations?kind=actual", "/openapi.json", "/docs", "/docs/swagger-ui-bundle.js", "/sitemap.xml"} {
			plain := s.get(t, address)
			tags := map[string]string{plain.Header.Get("Etag"): "identity"}
			for coding, decoder := range decoders {
				coded := s.get(t, address, "Accept-Encoding: "+coding)
				if got := coded.Header.Get("Content-Encoding"); got != coding {
					t.Errorf("%s: asked for %s, got %q", address, coding, got)
					continue
				}
				r, err := decoder(bytes.NewReader(coded.body))
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(r)
				if err != nil || !bytes.Equal(body, plain.body) {
					t.Errorf("%s: %s gives other bytes, error %v", address, coding, err)
				}
				if len(coded.body) >= len(plain.body) {
					t.Errorf("%s: %s has %d bytes, the plain answer %d", address, coding, len(coded.body), len(plain.body))
				}
				if other, ok := tags[coded.Header.Get("Etag")]; ok {
					t.Errorf("%s: %s has the entity tag of %s", address, coding, other)
				}
				tags[coded.Header.Get("Etag")] = coding
				if a := s.get(t, address, "Accept-Encoding: "+coding, "If-None-Match: "+coded.Header.Get("Etag")); a.StatusCode != 304 {
					t.Errorf("%s: %s with its entity tag gives %s", address, coding, a.Status)
				}
				if a := s.get(t, address, "Accept-Encoding: "+coding, "If-None-Match: "+plain.Header.Get("Etag")); a.StatusCode != 200 {
					t.Errorf("%s: %s with the entity tag of the plain answer gives %s", address, coding, a.Status)
				}
			}
		}
		if small := s.get(t, "/v1/areas?limit=1&fields=id", "Accept-Encoding: gzip"); small.Header.Get("Content-Encoding") != "" {
			t.Errorf("%d bytes are compressed", len(small.body))
		}
	})
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range []string{"/v1/goals", "/v1/goals/ts2-01", "/v1/releases/latest/goals.csv", "/v2/absent"} {
			a := s.ask(t, http.MethodOptions, address, "Origin: https://example.org", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: if-none-match")
			if a.StatusCode != http.StatusNoContent || len(a.body) != 0 {
				t.Errorf("%s: %s", address, a)
			}
			for name, want := range map[string]string{
				"Access-Control-Allow-Origin":  "*",
				"Allow":                        "GET, HEAD, OPTIONS",
				"Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
				"Access-Control-Allow-Headers": "Accept, If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Range, X-Request-Id",
				"Access-Control-Max-Age":       "86400",
				"Api-Version":                  "9.9.9",
			} {
				if got := a.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", address, name, got, want)
				}
			}
		}
	})
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		made := regexp.MustCompile(`^[A-Z2-7]{12}-[0-9]+$`)
		ids := map[string]bool{}
		for _, given := range []string{"", "not a word", "<script>", strings.Repeat("x", 65), "ä"} {
			a := s.get(t, "/v1/goals?limit=0", "X-Request-Id: "+given)
			id := a.Header.Get("X-Request-Id")
			if !made.MatchString(id) || ids[id] {
				t.Errorf("given %q, got %q", given, id)
			}
			ids[id] = true
			if !strings.Contains(string(a.body), `"requestId":"`+id+`"`) {
				t.Errorf("the problem names another request than %s: %s", id, a.body)
			}
		}
		for _, given := range []string{"a", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", strings.Repeat("x", 64)} {
			if id := s.get(t, "/v1/goals", "X-Request-Id: "+given).Header.Get("X-Request-Id"); id != given {
				t.Errorf("given %q, got %q", given, id)
			}
		}
	})
}

// TestLog checks which requests have a line at which level, and that the log has no queries.
func TestLog(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	service := serve(t, s)
	service.get(t, "/v1/goals/ts2-01?fields=id", "X-Request-Id: first")
	service.get(t, "/v1/goals?sort=secret", "X-Request-Id: second")
	service.Close() // the lines are written after the answers
	log := service.log.String()
	for _, want := range []string{
		"level=DEBUG msg=request method=GET route=/v1/goals/:goalId status=200 bytes=", "request=first\n",
		"level=INFO msg=request method=GET route=/v1/goals status=400 bytes=", "request=second\n",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %q:\n%s", want, log)
		}
	}
	if strings.Contains(log, "secret") || strings.Contains(log, "ts2-01") || strings.Contains(log, "127.0.0.1") {
		t.Errorf("the log says who asked or what for:\n%s", log)
	}
	if n := strings.Count(log, "\n"); n != 2 {
		t.Errorf("two requests gave %d lines:\n%s", n, log)
	}
}

// TestNearestAddress follows the addresses that are suggested where there is nothing.
func TestNearestAddress(t *testing.T) {
	t.Parallel()
	st := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, st)
	for _, path := range []string{"", "/ziele"} {
		s := serveWith(t, st, since, map[string]string{"http.public_url": publicURL + path})
		for address, want := range map[string]string{
			"/v1/goal":                            "/v1/goals",
			"/v1/goal.csv":                        "/v1/goals.csv",
			"/v1/goal/ts2-03":                     "/v1/goals/ts2-03",
			"/v1/goal/ts2-99":                     "/v1/goals",
			"/v1/goals/ts2-03/progres.csv":        "/v1/goals/ts2-03/progress.csv",
			"/v1/goals/ts2-99/progres":            "",
			"/v1/goals/ts2-03/observations":       "/v1/observations?goal=ts2-03",
			"/v1/goals/ts2-03/observations.csv":   "/v1/observations.csv?goal=ts2-03",
			"/v1/goals/ts2-03/goals":              "/v1/goals?relatedGoals=ts2-03",
			"/v1/goals/ts2-03/areas":              "",
			"/v1/indicators/e-file-users/goals":   "",
			"/v1/indicator/e-file-users/milestne": "/v1/indicators",
			"/v1/areas/05/observations":           "/v1/observations?area=05",
			"/v1/release/2024.01.0":               "/v1/releases/2024.01.0",
			"/v1/releases/2024.01.0/dif/x":        "",
			"/v1/release/2024.09.0":               "/v1/releases",
			"/v1/dataset/goals":                   "/v1/datasets/goals",
			"/v1/x":                               "",
			"/v1/goals/a/b/c":                     "",
		} {
			a := s.get(t, address)
			var p struct{ Detail, Nearest string }
			if err := json.Unmarshal(a.body, &p); err != nil || a.StatusCode != 404 {
				t.Errorf("%s: %s, error %v", address, a.Status, err)
				continue
			}
			if want != "" {
				if a := s.get(t, want); a.StatusCode != 200 {
					t.Errorf("%s: %s", want, a.Status)
				}
				want = path + want
			}
			if p.Nearest != want || want != "" && !strings.HasSuffix(p.Detail, "did you mean "+want+"?") {
				t.Errorf("%s below %q: %s, nearest %s, want %s", address, path, p.Detail, p.Nearest, want)
			}
		}
	}
}

func TestLinksUseThePublicURL(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range append([]string{"/v1/observations?limit=2"}, addresses...) {
			a := s.get(t, address, "Host: evil.example", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")
			text := a.String() + string(a.body)
			if strings.Contains(text, "evil.example") || strings.Contains(text, strings.TrimPrefix(s.URL, "http://")) {
				t.Errorf("%s: links follow the request: %s", address, text)
			}
		}
	})
}

// TestFormatPrecedence combines suffix, parameter and Accept.
func TestFormatPrecedence(t *testing.T) {
	t.Parallel()
	const jsonType, csvType = "application/json", "text/csv; charset=utf-8; header=present"
	eachService(t, func(t *testing.T, s *service) {
		for _, tt := range []struct{ address, accept, want string }{
			{"/v1/goals", "", jsonType},
			{"/v1/goals", "*/*", jsonType},
			{"/v1/goals", "text/csv", csvType},
			{"/v1/goals", "text/*", csvType},
			{"/v1/goals", "text/csv;q=0.5, application/json;q=0.4", csvType},
			{"/v1/goals", "text/csv;q=0.5, application/json", jsonType},
			{"/v1/goals", "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", jsonType},
			{"/v1/goals", "application/json;q=0, */*", csvType},
			{"/v1/goals?format=csv", "application/json", csvType},
			{"/v1/goals?format=json", "text/csv", jsonType},
			{"/v1/goals?format=csv", "image/png", csvType},
			{"/v1/goals.csv", "application/json", csvType},
			{"/v1/goals.json", "text/csv", jsonType},
			{"/v1/goals.json?format=csv", "text/csv", jsonType},
			{"/v1/goals.csv?format=json", "application/json", csvType},
			{"/v1/goals?dialect=excel-de", "application/json", csvType},
			{"/v1/goals/ts2-01", "text/csv", csvType},
			{"/v1/goals/ts2-01?format=csv", "application/json", csvType},
			{"/v1/goals/ts2-01.json?format=csv", "text/csv", jsonType},
			{"/v1/indicators/e-file-users/observations", "text/csv", csvType},
			{"/v1/releases/latest/goals.csv", "application/json", csvType},
		} {
			var fields []string
			if tt.accept != "" {
				fields = append(fields, "Accept: "+tt.accept)
			}
			a := s.get(t, tt.address, fields...)
			if got := a.Header.Get("Content-Type"); a.StatusCode != 200 || got != tt.want {
				t.Errorf("%s with Accept %q: %s of %s, want %s", tt.address, tt.accept, a.Status, got, tt.want)
			}
			if a.Header.Get("Vary") != "Accept, Accept-Encoding" {
				t.Errorf("%s: Vary is %q", tt.address, a.Header.Get("Vary"))
			}
		}
	})
}

// TestSeveralLines sends lists in several lines (RFC 9110, 5.3).
func TestSeveralLines(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for range 3 { // the third is answered from memory
			request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, s.URL+"/v1/goals", nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Header["Accept"] = []string{"image/png", "text/csv"}
			request.Header["Accept-Encoding"] = []string{"compress", "gzip"}
			response, err := plainClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != 200 || response.Header.Get("Content-Encoding") != "gzip" || !strings.HasPrefix(response.Header.Get("Content-Type"), "text/csv") {
				t.Errorf("%s %v", response.Status, response.Header)
			}
		}
	})
}

// TestSameQuestionSameBytes compares different spellings of a query.
func TestSameQuestionSameBytes(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, spellings := range [][]string{
			{"/v1/goals?status=announced&fieldOfAction=ts2-netze", "/v1/goals?fieldOfAction=TS2-NETZE&status=announced", "/v1/goals.json?status=announced&fieldOfAction=ts2-netze,ts2-netze", "/v1/goals?status=announced&fieldOfAction=ts2-netze&release=2024.01.0"},
			{"/v1/goals?q=B%C3%BCrger+Konto", "/v1/goals?q=konto%20BUERGER", "/v1/goals?q=konto+buerger&format=json"},
			{"/v1/goals?dueFrom=2022", "/v1/goals?dueFrom=2022-01-01"},
			{"/v1/indicators/e-file-users/observations", "/v1/observations?indicator=e-file-users"},
			{"/v1/goals.csv", "/v1/goals?format=csv"},
			{"/v1/goals/ts2-01", "/v1/goals/ts2%2D01", "/v1/goals/ts2-01.json"},
		} {
			first := s.get(t, spellings[0])
			for _, spelling := range spellings[1:] {
				other := s.get(t, spelling)
				if first.StatusCode != 200 || other.Header.Get("Etag") != first.Header.Get("Etag") || !bytes.Equal(other.body, first.body) {
					t.Errorf("%s and %s differ: %s %s", spellings[0], spelling, first.Header.Get("Etag"), other)
				}
			}
		}
	})
}

// collection is the JSON of a collection.
type collection struct {
	Meta  struct{ Total int }
	Links struct{ Self, Latest, Next, CSV string }
	Data  []map[string]any
}

func read(t testing.TB, a answer) collection {
	t.Helper()
	var c collection
	if err := json.Unmarshal(a.body, &c); err != nil || a.StatusCode != 200 {
		t.Fatalf("%s: %v", a, err)
	}
	return c
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// TestPaging follows links.next, and in CSV the Link header, from the first page
// to the last.
func TestPaging(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, d := range dataset.All {
			part := read(t, s.get(t, "/v1/"+d.ID))
			if part.Meta.Total != len(part.Data) {
				t.Errorf("%s: total %d of %d rows", d.ID, part.Meta.Total, len(part.Data))
			}
			n := len(part.Data)
			for _, limit := range []int{n/5 + 1, max(1, n-1), max(1, n), n + 1} {
				rows := []map[string]any{}
				address := fmt.Sprintf("%s/v1/%s?limit=%d&sort=-id", publicURL, d.ID, limit)
				for pages := 0; address != ""; pages++ {
					a := s.follow(t, address)
					page := read(t, a)
					rows = append(rows, page.Data...)
					if page.Meta.Total != part.Meta.Total || a.Header.Get("X-Total-Count") != fmt.Sprint(part.Meta.Total) {
						t.Fatalf("%s: total %d and %s, want %d", address, page.Meta.Total, a.Header.Get("X-Total-Count"), part.Meta.Total)
					}
					address = page.Links.Next
					link := nextLink.FindStringSubmatch(strings.Join(a.Header["Link"], ", "))
					if (link == nil) != (address == "") || link != nil && link[1] != address {
						t.Fatalf("the Link header is %v, links.next %s", link, address)
					}
					if pages > len(part.Data) {
						t.Fatalf("%s: no end after %d pages", d.ID, pages)
					}
				}
				slices.SortFunc(part.Data, func(a, b map[string]any) int { return strings.Compare(b["id"].(string), a["id"].(string)) })
				if diff := cmp.Diff(part.Data, rows); diff != "" {
					t.Errorf("%s in pages of %d (-whole +pages)\n%s", d.ID, limit, diff)
				}
			}
		}
		var ids []string
		address := publicURL + "/v1/observations.csv?limit=4&sort=value&kind=actual"
		for address != "" {
			a := s.follow(t, address)
			rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
			if err != nil || rows[0][0] != "id" {
				t.Fatalf("%s: %v", a, err)
			}
			for _, row := range rows[1:] {
				ids = append(ids, row[0])
			}
			address = ""
			if link := nextLink.FindStringSubmatch(strings.Join(a.Header["Link"], ", ")); link != nil {
				address = link[1]
			}
		}
		want := []string{"obs-012", "obs-008", "obs-010", "obs-007", "obs-006", "obs-002", "obs-003", "obs-004"}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("pages of CSV (-want +got)\n%s", diff)
		}
	})
}

// TestPagingRelated pages through related rows.
func TestPagingRelated(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		cursor := func(address string) string {
			next, err := url.Parse(read(t, s.get(t, address)).Links.Next)
			if err != nil {
				t.Fatal(err)
			}
			return next.Query().Get("after")
		}
		const address = "/v1/indicators/e-file-users/observations?limit=3"
		page := read(t, s.get(t, address+"&after="+cursor(address)))
		if len(page.Data) != 1 || page.Data[0]["id"] != "obs-004" {
			t.Errorf("the second page has %v", page.Data)
		}
		if a := s.get(t, address+"&after="+cursor("/v1/observations?limit=3")); a.StatusCode != 400 {
			t.Errorf("a cursor of all observations among those of an indicator: %s", a.Status)
		}
	})
}

// TestLinksAnswer follows every link of an answer: self gives the same bytes.
func TestLinksAnswer(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range []string{
			"/v1/goals", "/v1/goals?q=B%C3%BCrger&status=in-progress&sort=-due&fields=id,title&limit=1", "/v1/goals?q=%22ein%22+%26", "/v1/goals/ts2-01",
			"/v1/observations?limit=2&sort=value", "/v1/indicators/e-file-users/observations?limit=1", "/v1/releases/latest/goals.json",
			"/v1/goals?q=aee+zooeen", "/v1/ozg-service-counts?asOfFrom=2021&asOf=2022-01-01",
		} {
			a := s.get(t, address)
			c := struct {
				Links map[string]string
			}{}
			if err := json.Unmarshal(a.body, &c); err != nil || len(c.Links) < 2 {
				t.Fatalf("%s: %v", a, err)
			}
			for name, link := range c.Links {
				linked := s.follow(t, link)
				if linked.StatusCode != 200 {
					t.Errorf("%s: links.%s is %s, which answers %s", address, name, link, linked.Status)
				}
				if name == "self" && !bytes.Equal(linked.body, a.body) {
					t.Errorf("%s: links.self is %s, which gives other bytes", address, link)
				}
				if name == "csv" && !strings.HasPrefix(linked.Header.Get("Content-Type"), "text/csv") {
					t.Errorf("%s: links.csv gives %s", address, linked.Header.Get("Content-Type"))
				}
			}
		}
	})
}

// TestForgedCursor sends cursors of rows that do not exist.
func TestForgedCursor(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		q := dataset.Query{Dataset: dataset.Goals, Sort: []dataset.Order{{Column: 0}}}
		address := func(ordinal int64) string {
			return "/v1/goals?sort=id&after=" + q.Cursor(storetest.Release, ordinal)
		}
		for _, ordinal := range []int64{7, 1 << 32, 1 << 62} {
			if a := read(t, s.get(t, address(ordinal))); len(a.Data) != 0 {
				t.Errorf("%d rows after row %d", len(a.Data), ordinal)
			}
		}
		for _, ordinal := range []int64{0, -1} {
			if a := s.get(t, address(ordinal)); a.StatusCode != http.StatusBadRequest {
				t.Errorf("after row %d: %s", ordinal, a)
			}
		}
	})
}

// TestAwkwardAddresses checks that unusual addresses never cause a 5xx.
func TestAwkwardAddresses(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for address, want := range map[string]int{
			"/v1/goals/%00":                                    404,
			"/v1/goals/%ff":                                    404,
			"/v1/goals/..%2f..%2fetc%2fpasswd":                 404,
			"/v1/absent/":                                      404,
			"/v1/goals/" + strings.Repeat("x", 5000):           404,
			"/v1/goals/'%20OR%201=1":                           404,
			"/v1/goals.":                                       404,
			"/v1/datasets/goals.":                              404,
			"/v1/datasets/zielstand.":                          404,
			"/v1/releases/latest/goals.":                       404,
			"/v1/indicators/%00/observations":                  404,
			"/v1/releases/%00":                                 404,
			"/v1/releases/latest/%00":                          404,
			"/v1/releases/latest/..%2fgoals.csv":               404,
			"/v1/goals?q=%00":                                  200,
			"/v1/goals?q=%ff":                                  400,
			"/v1/goals?q=%25_%5C'":                             200,
			"/v1/goals?status=%00":                             400,
			"/v1/goals?id=%00":                                 400,
			"/v1/goals?%00=1":                                  400,
			"/v1/contradictions?rows=%00":                      400,
			"/v1/goals?due=2022;status=x":                      400,
			"/v1/goals?%":                                      400,
			"/v1/goals?":                                       200,
			"/v1/goals?&&":                                     200,
			"/v1/goals?q=" + strings.Repeat("x", 3000):         400,
			"/v1/goals?id=" + strings.Repeat("a,", 3000) + "a": 400,
			"/V1/goals":                                        404,
		} {
			a := s.get(t, address)
			if a.StatusCode != want {
				t.Errorf("%.80s answers %s, want %d: %.300s", address, a.Status, want, a.body)
			}
			if !json.Valid(a.body) {
				t.Errorf("%.80s answers with %.300s", address, a.body)
			}
		}
	})
}

// TestStaticFiles checks that the description and its page have the public address.
func TestStaticFiles(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	service := serve(t, s)
	for address, want := range map[string]string{
		"/openapi.json": "application/json", "/v1/openapi.json": "application/json",
		"/openapi.yaml": "application/yaml", "/v1/openapi.yaml": "application/yaml",
		"/docs": "text/html; charset=utf-8", "/docs/swagger-ui.css": "text/css; charset=utf-8",
		"/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8", "/docs/start.js": "text/javascript; charset=utf-8",
	} {
		a := service.get(t, address)
		if a.StatusCode != 200 || a.Header.Get("Content-Type") != want || len(a.body) == 0 {
			t.Errorf("%s: %s of %s", address, a.Status, a.Header.Get("Content-Type"))
		}
		if strings.Contains(address, "openapi") && !bytes.Contains(a.body, []byte(publicURL+"/v1")) {
			t.Errorf("%s does not name the server %s/v1", address, publicURL)
		}
	}
	if policy := service.get(t, "/docs").Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the page's policy is %q", policy)
	}
	for _, address := range []string{"/docs/absent.js", "/docs/index.html", "/docs/..%2f..%2fgo.mod"} {
		if a := service.get(t, address); a.StatusCode != 404 {
			t.Errorf("%s: %s", address, a.Status)
		}
	}
}

// TestDataPackage compares the datapackage.json served with the imported one.
func TestDataPackage(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		a := s.get(t, "/v1/releases/2024.01.0/datapackage.json")
		var p struct {
			Version   string
			Resources []struct{ Name, Path string }
		}
		if err := json.Unmarshal(a.body, &p); err != nil || a.StatusCode != 200 || p.Version != storetest.Release || len(p.Resources) == 0 {
			t.Errorf("%s: %v", a, err)
		}
	})
}

// publishSecond publishes Package again under a later version, in which the first goal
// is achieved.
func publishSecond(t testing.TB, s *store.Store) {
	t.Helper()
	pkg := storetest.Next(t, storetest.Package(t))
	storetest.Replace(t, pkg, "goal-status.csv", "ts-1,ts2-01,announced,", "ts-1,ts2-01,achieved,")
	storetest.PublishPackage(t, s, pkg)
}

// TestGoalsAsOf asks for the goals as they were known on several days: before a report on
// one of them, and after it.
func TestGoalsAsOf(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, st *store.Store) {
		pkg := storetest.Package(t)
		storetest.Replace(t, pkg, "sources.csv", "minutes,2021-11-12", "minutes,2023-06-12")
		storetest.PublishPackage(t, st, pkg)
		s := serve(t, st)
		const fields = "&fields=id,status,evidence,assessment,knownUntil"
		for query, want := range map[string]string{
			"?id=ts2-05" + fields:                   "ts2-05 in-progress ts-8 unknown-since 2023-06-12",
			"?id=ts2-05&asOf=2023-06-12" + fields:   "ts2-05 in-progress ts-8 on-record 2023-06-12",
			"?id=ts2-05&asOf=2023-06-11" + fields:   "ts2-05 announced ts-5 on-record 2021-11",
			"?id=ts2-05&asOf=2021-11-30" + fields:   "ts2-05 announced ts-5 on-record 2021-11",
			"?id=ts2-05&asOf=2021-11-29" + fields:   "",
			"?status=in-progress&asOf=2023-06-11":   "ts2-02",
			"?status=in-progress&asOf=2023-06-12":   "ts2-02 ts2-05",
			"?q=verfahren&asOf=2023-06-11" + fields: "ts2-05 announced ts-5 on-record 2021-11",
		} {
			if !strings.Contains(query, "fields=") {
				query += "&fields=id"
			}
			rows, err := csv.NewReader(bytes.NewReader(s.get(t, "/v1/goals.csv"+query).body)).ReadAll()
			if err != nil || len(rows) == 0 {
				t.Fatalf("%s: %v", query, err)
			}
			var got []string
			for _, row := range rows[1:] {
				got = append(got, row...)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		first := read(t, s.get(t, "/v1/goals?asOf=2023-06-11&sort=status,id&limit=4&fields=id,status"))
		second := read(t, s.follow(t, first.Links.Next))
		if len(second.Data) != 2 || second.Data[0]["id"] != "ts2-05" || second.Data[0]["status"] != "announced" || second.Data[1]["id"] != "ts2-02" {
			t.Errorf("the second page of that day has %v", second.Data)
		}
	})
}

// TestNewRelease publishes while the service runs.
func TestNewRelease(t *testing.T) {
	t.Parallel()
	eachOwnService(t, func(t *testing.T, s *service) {
		ctx := context.Background()
		status := func(address string) any { return read(t, s.follow(t, publicURL+address)).Data[0]["status"] }
		before := s.get(t, "/v1/goals")
		firstPage := read(t, s.get(t, "/v1/goals?limit=2"))
		publishSecond(t, s.store)
		if got := status("/v1/goals"); got != "announced" {
			t.Errorf("before anybody looked the status is %v", got)
		}
		if err := s.releases.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if got := status("/v1/goals"); got != "achieved" {
			t.Errorf("in the new release the status is %v", got)
		}
		if a := s.get(t, "/v1/goals", "If-None-Match: "+before.Header.Get("Etag")); a.StatusCode != 200 {
			t.Errorf("the old entity tag gives %s", a.Status)
		}
		old := s.get(t, "/v1/goals?release=2024.01.0")
		if got := read(t, old).Data[0]["status"]; got != "announced" {
			t.Errorf("in the old release the status is %v", got)
		}
		if next := read(t, s.follow(t, firstPage.Links.Next)); next.Data[0]["id"] != "ts2-03" {
			t.Errorf("the page after the first of the old release begins with %v", next.Data[0]["id"])
		}
		cursor, _ := url.Parse(firstPage.Links.Next)
		a := s.get(t, "/v1/goals?limit=2&after="+cursor.Query().Get("after"))
		if a.StatusCode != 400 || !strings.Contains(string(a.body), "belongs to release 2024.01.0; follow links.next, which names it") {
			t.Errorf("a cursor of the old release in the new one: %s", a)
		}
		checkReleases(t, s)
	})
}

func checkReleases(t *testing.T, s *service) {
	t.Helper()
	type release struct {
		ID        string
		Latest    bool
		Published time.Time
		Datasets  []struct {
			ID       string
			Modified time.Time
			Files    []string
		}
	}
	var list struct{ Data []release }
	if err := json.Unmarshal(s.get(t, "/v1/releases").body, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Data) != 2 || list.Data[0].ID != "2024.02.0" || !list.Data[0].Latest || list.Data[1].Latest {
		t.Errorf("releases %+v; the newest comes first and is the latest", list.Data)
	}
	for _, id := range []string{"latest", "2024.02.0", "2024.01.0"} {
		var one struct{ Data release }
		if err := json.Unmarshal(s.get(t, "/v1/releases/"+id).body, &one); err != nil {
			t.Fatal(err)
		}
		if one.Data.Latest != (id != "2024.01.0") {
			t.Errorf("%s is the latest: %v", id, one.Data.Latest)
		}
		for _, d := range one.Data.Datasets[:2] {
			for _, file := range d.Files {
				if a := s.follow(t, file); a.StatusCode != 200 || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
					t.Errorf("%s: %s, %s", file, a.Status, a.Header.Get("Cache-Control"))
				}
			}
		}
	}
}

// TestDeletedRelease asks for a release that was deleted, which changes still has.
func TestDeletedRelease(t *testing.T) {
	t.Parallel()
	doc := describe(t)
	eachOwnService(t, func(t *testing.T, s *service) {
		publishSecond(t, s.store)
		if _, err := s.store.Prune(context.Background(), 1); err != nil {
			t.Fatal(err)
		}
		if err := s.releases.Refresh(context.Background()); err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct{ path, address string }{
			{"/goals", "/goals?release=2024.01.0"},
			{"/goals/{goalId}", "/goals/ts2-01?release=2024.01.0"},
			{"/goal-progress", "/goal-progress?release=2024.01.0"},
			{"/indicators/{indicatorId}/observations", "/indicators/e-file-users/observations?release=2024.01.0"},
			{"/datasets/{datasetId}", "/datasets/goals?release=2024.01.0"},
			{"/catalog", "/catalog?release=2024.01.0"},
			{"/catalog/{file}", "/catalog/schema.jsonld?release=2024.01.0"},
			{"/releases/{releaseId}", "/releases/2024.01.0"},
			{"/releases/{releaseId}/{file}", "/releases/2024.01.0/goals.csv"},
			{"/releases/{releaseId}/{file}", "/releases/2024.01.0/zielstand.zip"},
			{"/releases/{releaseId}/diff", "/releases/2024.01.0/diff"},
			{"/releases/{releaseId}/diff", "/releases/latest/diff?from=2024.01.0"},
		} {
			body := check(t, doc, tt.path, get(tt.address), s.Config.Handler, http.StatusGone)
			if want := `"detail":"release 2024.01.0 has been deleted; the latest release, 2024.02.0, can be used instead"`; !strings.Contains(string(body), want) || strings.Contains(string(body), "nearest") {
				t.Errorf("%s: %s, want %s", tt.address, body, want)
			}
		}
		if a := s.get(t, "/v1/goals?release=2024.01.1"); a.StatusCode != 400 || strings.Contains(string(a.body), "2024.01.0") {
			t.Errorf("a release that never existed: %s", a)
		}
	})
}

// TestManyAtOnce sends equal and different requests concurrently.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		var wait sync.WaitGroup
		bodies := make([][]byte, 40)
		for i := range bodies {
			wait.Go(func() {
				s.get(t, fmt.Sprintf("/v1/observations?limit=%d", 1+i%7))
				bodies[i] = s.get(t, "/v1/observations?sort=-value").body
			})
		}
		wait.Wait()
		for _, b := range bodies {
			if !bytes.Equal(b, bodies[0]) {
				t.Fatal("the same question at the same time has several answers")
			}
		}
	})
}

// TestDatabaseAway checks that every query of the latest release is answered after the
// store is closed. An older release that has not been read requires the database.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, st *store.Store) {
		storetest.Publish(t, st)
		pkg := storetest.Next(t, storetest.Package(t))
		storetest.Replace(t, pkg, "goals.csv", "Elektronische Akte für alle", "Die elektronische Akte")
		storetest.PublishPackage(t, st, pkg)
		s := serve(t, st)
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{
			"/v1", "/v1/goals", "/v1/goals.csv", "/v1/releases", "/v1/goals?status=announced&sort=title", "/v1/observations.xlsx",
			"/v1/observations?q=akte", "/v1/goals/ts2-01", "/v1/releases/2024.02.0/goals.csv", "/v1/goals?release=2024.02.0",
		} {
			if a := s.get(t, address); a.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", address, a)
			}
		}
		for _, address := range []string{"/readyz", "/v1/goals?release=2024.01.0", "/v1/releases/2024.01.0/goals.csv"} {
			a := s.get(t, address)
			if a.StatusCode != http.StatusServiceUnavailable || strings.Contains(string(a.body), "sql") || strings.Contains(string(a.body), "closed") {
				t.Errorf("%s: %s; a cause goes to the log only", address, a)
			}
		}
	})
}
