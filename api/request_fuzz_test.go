// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// FuzzRequest sends any address, as a program and as a browser: no answer is a 5xx, an
// error is a problem with a detail, and a page has neither.
func FuzzRequest(f *testing.F) {
	testenv.Sequential(f)
	for _, target := range []string{
		"v1/goals?status=announced", "v1/goals.csv?dialect=excel-de", "v1/goals/ts2-01", "v1/releases/latest/SHA256SUMS", "v1/releases/latest/goals.parquet",
		"v1/observations.jsonstat?indicator=e-file-users", "v1/catalog/dcat.ttl", "v1/datasets/goals.croissant.json", "v1/observations?groupBy=indicator&aggregate=count",
		"v1/observations?layout=wide&format=csv&indicator=e-file-users", "goals?status=announced", "en/search?q=akte", "indicators/e-file-users.svg", "releases/latest", "%00", "..%2f", "v1//goals", "v1/goals.",
		"v1/releases/latest/diff?from=2024.01.0", "areas/05.html", "start.pdf", "docs/%2e%2e", ".well-known/void", "v1/goals?after=x&limit=1",
	} {
		f.Add(target)
	}
	s := storetest.Open(f, storetest.SQLite(f))
	storetest.Publish(f, s)
	server, _ := apitest.New(f, s, apitest.Options{})
	f.Fuzz(func(t *testing.T, target string) {
		address, err := url.ParseRequestURI("/" + strings.TrimLeft(target, "/"))
		if err != nil || len(target) > 8000 {
			return
		}
		for _, accept := range []string{"*/*", "text/html"} {
			r := &http.Request{Method: http.MethodGet, URL: address, RequestURI: address.RequestURI(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Host: "localhost", RemoteAddr: "192.0.2.1:1", Header: http.Header{"Accept": {accept}}}
			w := httptest.NewRecorder()
			server.ServeHTTP(w, r.WithContext(t.Context()))
			if w.Code >= http.StatusInternalServerError {
				t.Fatalf("%s, %s: %d %s", target, accept, w.Code, w.Body)
			}
			if w.Code < http.StatusBadRequest || w.Header().Get("Content-Type") == "text/html; charset=utf-8" {
				if bytes.Contains(w.Body.Bytes(), []byte("<no value>")) {
					t.Errorf("%s: a page without a value", target)
				}
				continue
			}
			var p api.Problem
			if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Detail == "" || p.Status != w.Code {
				t.Errorf("%s, %s: %d %s %v", target, accept, w.Code, w.Body, err)
			}
		}
	})
}
