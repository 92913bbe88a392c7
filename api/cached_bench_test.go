package api_test

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
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

func (w *nowhere) Write(b []byte) (int, error) {
	w.bytes += len(b)
	return len(b), nil
}

// cachedHandler is the interface over synthetic data with a log in a file.
func cachedHandler(t testing.TB) http.Handler {
	t.Helper()
	s := storetest.Open(t, storetest.SQLite(t))
	files, err := synthetic.Package(1000)
	if err != nil {
		t.Fatal(err)
	}
	storetest.PublishPackage(t, s, files)
	settings, err := config.Load(nil, map[string]string{"http.public_url": publicURL})
	if err != nil {
		t.Fatal(err)
	}
	limits := settings.Limits()
	limits.Folder = t.TempDir()
	releases := release.New(s, 64<<20)
	representations, err := representation.NewService(releases, settings.CatalogSettings(), limits)
	if err != nil {
		t.Fatal(err)
	}
	if err := releases.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	handler, err := api.New(s, releases, representations, api.Options{
		PublicURL: publicURL, Version: "9.9.9", Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
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
