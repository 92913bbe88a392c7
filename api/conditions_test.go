// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// dated are addresses whose answers change with the release or the settings.
var dated = []string{
	"/v1", "/v1/goals", "/v1/goals.csv", "/v1/goals?limit=1", "/v1/goals/ts2-01", "/v1/releases", "/v1/releases/latest", "/v1/changes.atom",
	"/v1/catalog/dcat.ttl", "/v1/datasets/goals", "/v1/releases/2024.01.0/goals.csv", "/v1/releases/latest/goals.json", "/sitemap.xml",
	"/.well-known/void", "/robots.txt", "/openapi.json",
}

// TestModified checks that If-Modified-Since is answered with 304 only for the date of
// the current answer, which changes with every switch of the release.
func TestModified(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachOwnService(t, func(t *testing.T, s *service) {
		ctx := context.Background()
		var dates []string
		check := func(state string) {
			t.Helper()
			date := s.get(t, dated[0]).Header.Get("Last-Modified")
			for _, address := range dated {
				if got := s.get(t, address).Header.Get("Last-Modified"); got != date || date == "" {
					t.Errorf("%s: %s has the date %q, others %q", state, address, got, date)
				}
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					for _, old := range append(dates, "Fri, 31 Dec 2100 12:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 GMT") {
						if a := s.ask(t, method, address, "If-Modified-Since: "+old); a.StatusCode != 200 {
							t.Errorf("%s: %s %s unless newer than %s: %s", state, method, address, old, a.Status)
						}
					}
					if a := s.ask(t, method, address, "If-Modified-Since: "+date); a.StatusCode != 304 {
						t.Errorf("%s: %s %s unless newer than its own date: %s", state, method, address, a.Status)
					}
				}
			}
			dates = append(dates, date)
		}
		refresh := func() {
			t.Helper()
			if err := s.releases.Refresh(ctx); err != nil {
				t.Fatal(err)
			}
			for _, address := range dated { // other instances may not know yet
				if date := s.get(t, address).Header.Get("Last-Modified"); date != "" {
					t.Errorf("%s has the date %s at once", address, date)
				}
				for _, old := range dates {
					if a := s.get(t, address, "If-Modified-Since: "+old); a.StatusCode != 200 {
						t.Errorf("at once: %s unless newer than %s: %s", address, old, a.Status)
					}
				}
			}
			s.clock.Add(5)
		}
		check("first release")
		publishSecond(t, s.store)
		refresh()
		check("second release")
		for range 2 {
			if err := s.store.Use(ctx, storetest.Release); err != nil {
				t.Fatal(err)
			}
			refresh()
			check("first release again")
			if err := s.store.Use(ctx, "2024.02.0"); err != nil {
				t.Fatal(err)
			}
			s.clock.Add(-8) // a clock that is set back
			if err := s.releases.Refresh(ctx); err != nil {
				t.Fatal(err)
			}
			s.clock.Add(60)
			check("second release again")
		}
	})
}

// TestModifiedOfPages checks that pages have no date, because they change every day.
func TestModifiedOfPages(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	publishPages(t, s)
	service := servePages(t, s, publicURL, onToday)
	for _, path := range []string{"/", "/goals", "/goals/ts2-01", "/en/releases", "/search?q=a"} {
		for _, since := range []string{"Wed, 31 Jan 2024 12:00:00 GMT", "Fri, 31 Dec 2100 12:00:00 GMT"} {
			a := service.get(t, path, "If-Modified-Since: "+since)
			if date := a.Header.Get("Last-Modified"); a.StatusCode != 200 || date != "" {
				t.Errorf("%s: %s with the date %q", path, a.Status, date)
			}
		}
		a := service.get(t, path)
		if b := service.get(t, path, "If-None-Match: "+a.Header.Get("Etag")); b.StatusCode != 304 {
			t.Errorf("%s: its entity tag gives %s", path, b.Status)
		}
	}
}

// TestPreconditions checks that conditions are evaluated in the order of RFC 9110,
// 13.2.2, and that a failed one results in 412.
func TestPreconditions(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		for _, address := range []string{"/v1", "/v1/goals?limit=1", "/v1/releases/2024.01.0/goals.csv", "/v1/changes.atom", "/openapi.json", "/robots.txt", "/"} {
			full := s.get(t, address)
			tag, date := full.Header.Get("Etag"), full.Header.Get("Last-Modified")
			tests := map[string]int{
				"If-Match: " + tag:                             200,
				"If-Match: \"other\", " + tag:                  200,
				"If-Match: *":                                  200,
				"If-Match: \"other\"":                          412,
				"If-Match: W/" + tag:                           412, // strong comparison
				"If-Match: nonsense":                           412,
				"If-Match: " + tag + "\nIf-None-Match: " + tag: 304,
				"If-Match: \"other\"\nIf-None-Match: " + tag:   412,
				"If-Unmodified-Since: nonsense":                200,
				"If-None-Match: \"a,b\", " + tag:               304,
			}
			if date != "" {
				tests["If-Unmodified-Since: "+date] = 200
				tests["If-Unmodified-Since: Fri, 31 Dec 2100 12:00:00 GMT"] = 200
				tests["If-Unmodified-Since: Tue, 30 Jan 2024 12:00:00 GMT"] = 412
				tests["If-Match: "+tag+"\nIf-Unmodified-Since: Tue, 30 Jan 2024 12:00:00 GMT"] = 200
			}
			for fields, want := range tests {
				for _, method := range []string{http.MethodGet, http.MethodHead} {
					a := s.ask(t, method, address, strings.Split(fields, "\n")...)
					if a.StatusCode != want {
						t.Errorf("%s %s with %s: %s, want %d", method, address, fields, a.Status, want)
					}
					if want == 412 && (a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Etag") != "") {
						t.Errorf("%s %s with %s: %v", method, address, fields, a.Header)
					}
				}
			}
		}
	})
}

// TestRanges requests ranges of a file.
func TestRanges(t *testing.T) {
	t.Parallel()
	eachService(t, func(t *testing.T, s *service) {
		const address = "/v1/releases/2024.01.0/goals.csv"
		full := s.get(t, address)
		n, tag, date := len(full.body), full.Header.Get("Etag"), full.Header.Get("Last-Modified")
		size := strconv.Itoa(n)
		for _, tt := range []struct {
			fields, want string // status and Content-Range
		}{
			{"Range: bytes=0-0", "206 bytes 0-0/" + size},
			{"Range: bytes=5-9", "206 bytes 5-9/" + size},
			{"Range: BYTES = 5-9", "206 bytes 5-9/" + size},
			{"Range: bytes=5-", "206 bytes 5-" + strconv.Itoa(n-1) + "/" + size},
			{"Range: bytes=-5", "206 bytes " + strconv.Itoa(n-5) + "-" + strconv.Itoa(n-1) + "/" + size},
			{"Range: bytes=0-99999999999999999999999", "206 bytes 0-" + strconv.Itoa(n-1) + "/" + size},
			{"Range: bytes=-99999999999999999999999", "206 bytes 0-" + strconv.Itoa(n-1) + "/" + size},
			{"Range: bytes=" + size + "-", "416 bytes */" + size},
			{"Range: bytes=99999999999999999999999-", "416 bytes */" + size},
			{"Range: bytes=-0", "416 bytes */" + size},
			{"Range: bytes=5-4", "200 "}, // not valid, so ignored
			{"Range: bytes=x", "200 "},
			{"Range: bytes=", "200 "},
			{"Range: bytes=,", "200 "},
			{"Range: bytes", "200 "},
			{"Range: bytes=-", "200 "},
			{"Range: bytes=+1-2", "200 "},
			{"Range: rows=0-1", "200 "},
			{"Range: bytes=0-1,5-6", "206 "},
			{"Range: bytes=0-1," + size + "-", "206 bytes 0-1/" + size},
			{"Range: bytes=0-,0-", "200 "}, // more than the whole
			{"Range: bytes=" + strings.Repeat("0-0,", 10) + "1-1", "200 "},
			{"Range: bytes=0-1\nIf-Range: " + tag, "206 bytes 0-1/" + size},
			{"Range: bytes=0-1\nIf-Range: \"other\"", "200 "},
			{"Range: bytes=0-1\nIf-Range: W/" + tag, "200 "},
			{"Range: bytes=0-1\nIf-Range: " + date, "206 bytes 0-1/" + size},
			{"Range: bytes=0-1\nIf-Range: Fri, 31 Dec 2100 12:00:00 GMT", "200 "},
			{"Range: bytes=0-1\nIf-Range: nonsense", "200 "},
			{"Range: bytes=0-1\nIf-Match: " + tag, "206 bytes 0-1/" + size},
			{"Range: bytes=0-1\nIf-Match: \"other\"", "412 "},
			{"Range: bytes=0-1\nIf-None-Match: " + tag, "304 "},
		} {
			a := s.get(t, address, strings.Split(tt.fields, "\n")...)
			if got := strconv.Itoa(a.StatusCode) + " " + a.Header.Get("Content-Range"); got != tt.want {
				t.Errorf("%s: %s, want %s", tt.fields, got, tt.want)
			}
			if a.StatusCode == 416 && (a.Header.Get("Content-Type") != "application/problem+json" || a.Header.Get("Cache-Control") != "no-store" || !strings.Contains(string(a.body), ") must be within the file, which has "+size+" bytes")) {
				t.Errorf("%s: %s", tt.fields, a)
			}
			if a.StatusCode == 206 && !strings.HasPrefix(a.Header.Get("Content-Type"), "multipart/") && a.Header.Get("Content-Length") != strconv.Itoa(len(a.body)) {
				t.Errorf("%s: %d bytes, Content-Length %s", tt.fields, len(a.body), a.Header.Get("Content-Length"))
			}
		}
		if a := s.ask(t, http.MethodHead, address, "Range: bytes=0-0"); a.StatusCode != 200 {
			t.Errorf("HEAD with a range: %s", a.Status) // RFC 9110, 14.2
		}
		if a := s.get(t, "/v1/goals", "Range: bytes=0-0"); a.StatusCode != 200 || len(a.body) < 100 {
			t.Errorf("a range of an answer that changes: %s", a.Status)
		}
	})
}

// TestFiles requests the same dataset from memory, from a file that is held in memory and
// from one that is too large for that; the second request finds the answer of the first.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	release := storetest.PublishSynthetic(t, s, 1000).ID
	want := map[string]string{}
	for _, tt := range []struct {
		name     string
		settings map[string]string
		ranges   bool // also of answers that change
	}{
		{"memory", nil, false},
		{"held", map[string]string{"cache.file_bytes": "1KiB"}, true},
		{"file", map[string]string{"cache.file_bytes": "1KiB", "cache.bytes": "1MiB"}, true},
	} {
		served := serveWith(t, s, since, tt.settings)
		for _, address := range []string{"/v1/observations.csv", "/v1/releases/" + release + "/observations.csv"} {
			for range 2 {
				whole, part := served.get(t, address), served.get(t, address, "Range: bytes=5-9")
				if want[address] == "" && len(whole.body) > 64<<10 {
					want[address] = string(whole.body)
				}
				if whole.StatusCode != 200 || string(whole.body) != want[address] || whole.Header.Get("Content-Length") != strconv.Itoa(len(want[address])) {
					t.Errorf("%s, %s: %s with %d bytes, Content-Length %s, want %d", tt.name, address, whole.Status, len(whole.body), whole.Header.Get("Content-Length"), len(want[address]))
				}
				status, body := 200, want[address]
				if tt.ranges || strings.Contains(address, release) {
					status, body = 206, body[5:10]
				}
				if part.StatusCode != status || string(part.body) != body {
					t.Errorf("%s, %s: a range: %s with %d bytes, want %d with %d", tt.name, address, part.Status, len(part.body), status, len(body))
				}
				if head := served.ask(t, http.MethodHead, address); head.StatusCode != 200 || len(head.body) != 0 || head.Header.Get("Etag") != whole.Header.Get("Etag") {
					t.Errorf("%s, HEAD %s: %s with %d bytes", tt.name, address, head.Status, len(head.body))
				}
			}
		}
	}
}

// TestModifiedAfterRestart checks that the date changes when the service starts with
// other settings, and the entity tags of answers that show them as well.
func TestModifiedAfterRestart(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	first := serve(t, s)
	second := serveWith(t, s, since.Add(time.Minute), map[string]string{
		"http.public_url": "https://other.example", "data.license": "cc-zero", "catalog.publisher_name": "Andere",
	})
	for _, address := range dated {
		a := first.get(t, address)
		for _, field := range []string{"If-Modified-Since: " + a.Header.Get("Last-Modified"), "If-None-Match: " + a.Header.Get("Etag")} {
			if b := second.get(t, address, field); b.StatusCode != 200 && string(first.get(t, address).body) != string(second.get(t, address).body) {
				t.Errorf("%s with %s after a restart with other settings: %s", address, field, b.Status)
			}
		}
		if b := second.get(t, address, "If-Modified-Since: "+a.Header.Get("Last-Modified")); b.StatusCode != 200 {
			t.Errorf("%s by date after a restart: %s", address, b.Status)
		}
	}
}
