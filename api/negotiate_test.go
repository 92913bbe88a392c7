// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
)

func TestNegotiateMediaType(t *testing.T) {
	t.Parallel()
	offered := []string{"application/json", "text/csv", "text/turtle"}
	for _, tt := range []struct{ name, accept, want string }{
		{"nothing", "", "application/json"},
		{"spaces", "  ", "application/json"},
		{"anything", "*/*", "application/json"},
		{"one", "text/csv", "text/csv"},
		{"letter case", "TEXT/CSV", "text/csv"},
		{"parameters", "text/csv; charset=utf-8; header=present", "text/csv"},
		{"ties go to the first offer", "text/csv, application/json", "application/json"},
		{"weights", "application/json;q=0.1, text/csv;q=0.2", "text/csv"},
		{"weight among parameters", "application/json;a=b;q=0.1, text/csv;q=0.2;c=d", "text/csv"},
		{"spaces around weights", "application/json ; q = 0.1 , text/csv ; Q=0.2", "text/csv"},
		{"a group", "text/*", "text/csv"},
		{"a type takes precedence over its group", "text/*, text/csv;q=0.1", "text/turtle"},
		{"a group takes precedence over */*", "*/*, application/*;q=0.1", "text/csv"},
		{"type rejected", "*/*, application/json;q=0", "text/csv"},
		{"group rejected", "text/*;q=0, */*", "application/json"},
		{"a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "application/json"},
		{"empty members", ",,text/csv,,", "text/csv"},
		{"other", "image/png", ""},
		{"everything rejected", "*/*;q=0", ""},
		{"no slash", "csv", ""},
		{"a group of everything", "*/csv", ""},
		{"weight in quotes", `application/json;q="0.1", text/csv;q="0.2"`, "text/csv"},
		{"rejected in quotes", `application/json;q="0", */*`, "text/csv"},
		{"a comma in quotes", `image/png;a="x,text/csv;q=1", application/json;q=0.5`, "application/json"},
		{"a semicolon in quotes", `text/csv;a="x;q=0.1", application/json;q=0.5`, "text/csv"},
		{"a quote in quotes", `text/csv;a="\",x", application/json;q=0.5`, "text/csv"},
		{"an unterminated quote", `application/json;q=0.5, image/png;a="x, text/csv`, "application/json"},
		{"an invalid weight", "text/csv;q=much, application/json;q=0.1", "application/json"},
		{"weight above 1", "text/csv;q=2", ""},
		{"weight below 0", "text/csv;q=-1", ""},
		{"weight NaN", "text/csv;q=NaN", ""},
		{"weight in words", "text/csv;q=much", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := negotiateMediaType(tt.accept, offered)
			if got != tt.want || (err != nil) != (tt.want == "") {
				t.Errorf("%q gives %q and the error %v, want %q", tt.accept, got, err, tt.want)
			}
			if err != nil && !errors.Is(err, domain.ErrNotAcceptable) {
				t.Errorf("error %v is not ErrNotAcceptable", err)
			}
		})
	}
}

func TestNegotiateCoding(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		accept string
		want   representation.Coding
	}{
		{"", representation.Identity},
		{"gzip", representation.Gzip},
		{"br", representation.Brotli},
		{"zstd", representation.Zstd},
		{"GZIP", representation.Gzip},
		{"gzip, deflate, br, zstd", representation.Brotli},
		{"gzip, zstd", representation.Zstd},
		{"gzip;q=1, br;q=0.5", representation.Gzip},
		{"br;q=0, gzip", representation.Gzip},
		{"*", representation.Brotli},
		{"*;q=0.5, gzip", representation.Gzip},
		{"br;q=0, *", representation.Zstd},
		{"deflate", representation.Identity},
		{"compress, x-gzip", representation.Identity},
		{"identity", representation.Identity},
		{"identity, gzip;q=0.5", representation.Identity},
		{"identity;q=0.5, gzip;q=0.8", representation.Gzip},
		{"identity;q=0, gzip;q=0.1", representation.Gzip},
		{"gzip;q=0", representation.Identity},
		{"identity;q=0", representation.Identity},
		{"*;q=0", representation.Identity},
		{"gzip;q=NaN", representation.Identity},
	} {
		if got := negotiateCoding(tt.accept); got != tt.want {
			t.Errorf("%q gives %q, want %q", tt.accept, got, tt.want)
		}
	}
}

func FuzzNegotiate(f *testing.F) {
	for _, seed := range []string{
		"", "*/*", "text/csv;q=0.5, application/json", "gzip, br;q=0", ";;q=", ",", "a;q=1;q=0", "text/csv;q=\"0.5\"", "\x00", "*;q=0",
	} {
		f.Add(seed)
	}
	offered := []string{"application/json", "text/csv"}
	f.Fuzz(func(t *testing.T, field string) {
		for _, p := range preferences(field) {
			if p.value == "" || p.value != strings.TrimSpace(p.value) || !(p.quality >= 0 && p.quality <= 1) {
				t.Fatalf("%q contains %+v", field, p)
			}
		}
		got, err := negotiateMediaType(field, offered)
		switch {
		case err != nil && (got != "" || !errors.Is(err, domain.ErrNotAcceptable)):
			t.Fatalf("%q gives %q and the error %v", field, got, err)
		case err == nil && !slices.Contains(offered, got):
			t.Fatalf("%q gives %q, which is not offered", field, got)
		}
		if c := negotiateCoding(field); !slices.Contains(representation.Codings, c) {
			t.Fatalf("%q gives the coding %q", field, c)
		}
	})
}
