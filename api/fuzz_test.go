// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/representation"
)

// FuzzRange requests any ranges of a file: net/http serves what is applied as such, it
// is part of the file, and no more in all than the file itself.
func FuzzRange(f *testing.F) {
	for _, field := range []string{
		"", "bytes=0-", "bytes=-1", "bytes=5-2", "bytes=0-0,2-3, 4-4", "bytes=100-200", "bytes=-0", "bytes=9223372036854775808-", "BYTES = 0-99999999999999999999",
		"items=0-1", "bytes=", "bytes=,", "bytes=1", "bytes=--1", "bytes=0-1,,x", "bytes=+1-2", "bytes=0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1,0-1",
	} {
		f.Add(field, uint16(10))
	}
	f.Add("bytes=0-", uint16(0))
	f.Fuzz(func(t *testing.T, field string, size uint16) {
		content := make([]byte, size)
		for i := range content {
			content[i] = byte(i * 7)
		}
		rep := representation.New(representation.Head{Immutable: true}, content)
		request := httptest.NewRequest(http.MethodGet, "/", nil)
		request.Header["Range"] = []string{field}
		ranges, err := requestedRanges(request, rep, time.Time{})
		if ranges == "" {
			if refusal := new(refused); err != nil && (!errors.As(err, &refusal) || refusal.status != http.StatusRequestedRangeNotSatisfiable) {
				t.Fatalf("%q of %d: %v", field, size, err)
			}
			return
		}
		request.Header.Set("Range", ranges)
		recorder := httptest.NewRecorder()
		http.ServeContent(recorder, request, "", time.Time{}, bytes.NewReader(content))
		if recorder.Code != http.StatusPartialContent {
			t.Fatalf("%q of %d is applied as %q, which is answered with %d", field, size, ranges, recorder.Code)
		}
		total := 0
		parts := strings.Split(strings.TrimPrefix(ranges, "bytes="), ",")
		for _, part := range parts {
			var first, last int
			if _, err := fmt.Sscanf(part, "%d-%d", &first, &last); err != nil || first > last || last >= int(size) {
				t.Fatalf("%q of %d is applied as %q", field, size, ranges)
			}
			total += last - first + 1
			if !bytes.Contains(recorder.Body.Bytes(), content[first:last+1]) {
				t.Fatalf("%q of %d: %s is not in the answer", field, size, part)
			}
		}
		if total > int(size) || len(parts) > maxRanges {
			t.Fatalf("%q of %d is applied as %q", field, size, ranges)
		}
	})
}

// FuzzConditions evaluates any conditions: a tag that is listed matches, whatever else is
// in the list, and one that is not does not.
func FuzzConditions(f *testing.F) {
	for _, list := range []string{"", "*", `"a"`, `W/"a", "b"`, `"a`, ",,", `"a" "b"`, "\x00", `W/W/"tag"`} {
		f.Add(list, "Sun, 29 Nov 2026 12:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, list, date string) {
		const tag = `"tag"`
		modified := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
		ask := func(name, value string) outcome {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header[name] = []string{value}
			return evaluate(r, tag, modified)
		}
		if got := ask("If-None-Match", list+`, `+tag); got != unchanged {
			t.Errorf("If-None-Match: %s, %s gives %d", list, tag, got)
		}
		if got := ask("If-Match", list+`, `+tag); got != met {
			t.Errorf("If-Match: %s, %s gives %d", list, tag, got)
		}
		if !strings.Contains(list, tag) && strings.TrimSpace(list) != "*" && list != "" {
			if got := ask("If-None-Match", list); got != met {
				t.Errorf("If-None-Match: %s gives %d", list, got)
			}
			if got := ask("If-Match", list); got != failed {
				t.Errorf("If-Match: %s gives %d", list, got)
			}
		}
		at, err := http.ParseTime(date)
		if got := ask("If-Modified-Since", date); (got == unchanged) != (err == nil && at.Equal(modified)) {
			t.Errorf("If-Modified-Since: %s gives %d", date, got)
		}
	})
}

// FuzzClient finds the address of a client from any header: it is an address, and the
// connection's own if that is not a trusted network.
func FuzzClient(f *testing.F) {
	for _, field := range []string{"", "192.0.2.1", "192.0.2.1, 10.0.0.2", "unknown", "[2001:db8::1]:80", "::ffff:192.0.2.1", "fe80::1%eth0", ",", "192.0.2.1:8080", "\x00"} {
		f.Add(field, true)
		f.Add(field, false)
	}
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, field string, inside bool) {
		for _, header := range []string{"X-Forwarded-For", "X-Real-Ip"} {
			e := echo.New()
			e.IPExtractor = clientAddress(header, trusted)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr = "198.51.100.7:1234"
			if inside {
				r.RemoteAddr = "10.0.0.1:1234"
			}
			r.Header[header] = []string{field}
			got := client(e.NewContext(r, httptest.NewRecorder()))
			if !got.IsValid() || got != got.Masked() || !inside && got.Addr().String() != "198.51.100.7" {
				t.Errorf("%s: %q from %s gives %s", header, field, r.RemoteAddr, got)
			}
		}
	})
}
