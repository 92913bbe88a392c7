// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// nowhere is a connection that counts only.
type nowhere struct {
	header http.Header
	status int
	bytes  int
}

func (w *nowhere) Header() http.Header { return w.header }

func (w *nowhere) WriteHeader(status int) { w.status = status }

func (w *nowhere) SetWriteDeadline(time.Time) error { return nil }

func (w *nowhere) Write(b []byte) (int, error) {
	w.bytes += len(b)
	return len(b), nil
}

// cachedHandler is the interface over synthetic data.
func cachedHandler(t testing.TB) http.Handler {
	t.Helper()
	s := storetest.Open(t, storetest.Any(t))
	files, err := synthetic.Package(1000)
	if err != nil {
		t.Fatal(err)
	}
	storetest.PublishPackage(t, s, files)
	handler, _ := apitest.New(t, s, apitest.Options{})
	return handler
}

// BenchmarkCached answers from memory, all that happens between net/http and
// its connection included.
func BenchmarkCached(b *testing.B) {
	handler := cachedHandler(b)
	for name, fields := range map[string]map[string]string{
		"identity": {},
		"gzip":     {"Accept-Encoding": "gzip"},
		"browser":  {"Accept": "text/html,application/json;q=0.9,*/*;q=0.8", "Accept-Encoding": "gzip, deflate, br, zstd"},
		"304":      {"If-None-Match": "*"},
	} {
		b.Run(name, func(b *testing.B) {
			request := httptest.NewRequest(http.MethodGet, "/v1/goals?status=announced", nil)
			for k, v := range fields {
				request.Header.Set(k, v)
			}
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(&nowhere{header: http.Header{}}, request)
			}
		})
	}
}
