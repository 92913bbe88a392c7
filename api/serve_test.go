// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

const publicURL = apitest.PublicURL

// since is when services start, which is their Last-Modified.
var since = time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC)

// service is a running server.
type service struct {
	*httptest.Server
	store    *store.Store
	releases *release.Releases
	log      *testenv.Buffer
	// clock is the current time of the releases, in seconds.
	clock atomic.Int64
}

// serve starts a server for a store.
func serve(t testing.TB, s *store.Store) *service {
	t.Helper()
	return serveWith(t, s, since, map[string]string{"http.public_url": publicURL + "/"})
}

// serveWith starts a server at a time with settings.
func serveWith(t testing.TB, s *store.Store, start time.Time, given map[string]string) *service {
	t.Helper()
	out := &service{store: s, log: &testenv.Buffer{}}
	out.clock.Store(start.Unix())
	handler, releases := apitest.New(t, s, apitest.Options{
		Settings: given, Logger: slog.New(slog.NewTextHandler(out.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now: func() time.Time { return time.Unix(out.clock.Load(), 0) },
	})
	out.releases = releases
	out.clock.Add(3600)
	out.Server = httptest.NewUnstartedServer(handler)
	out.Config = handler.HTTPServer()
	out.Start()
	t.Cleanup(out.Close)
	return out
}

// eachOwnService runs a test on both databases with Package published.
func eachOwnService(t *testing.T, test func(t *testing.T, s *service)) {
	t.Helper()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		storetest.Publish(t, s)
		test(t, serve(t, s))
	})
}

// eachService is eachOwnService for tests that change nothing. They share one
// service for each database.
func eachService(t *testing.T, test func(t *testing.T, s *service)) {
	t.Helper()
	for name, database := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.Postgres} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, shared.service(t, database, name))
		})
	}
}

// shared has the services that tests share.
var shared = sharedServices{services: map[string]*service{}}

type sharedServices struct {
	mu       sync.Mutex
	services map[string]*service
	cleanups []func()
}

func (s *sharedServices) service(t *testing.T, database func(testing.TB) string, name string) *service {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.services[name] == nil {
		outliving := outlivingTB{t, s}
		opened := storetest.Open(outliving, database(outliving))
		storetest.Publish(outliving, opened)
		s.services[name] = serve(outliving, opened)
	}
	return s.services[name]
}

// outlivingTB runs clean-ups after all tests instead of after its own.
type outlivingTB struct {
	testing.TB
	shared *sharedServices
}

// Cleanup registers a function that runs after all tests.
func (o outlivingTB) Cleanup(f func()) { o.shared.cleanups = append(o.shared.cleanups, f) }

// TempDir returns a folder that is removed after all tests.
func (o outlivingTB) TempDir() string {
	folder, err := os.MkdirTemp("", "zielstand")
	if err != nil {
		o.Fatal(err)
	}
	o.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, cleanup := range slices.Backward(shared.cleanups) {
		cleanup()
	}
	os.Exit(code)
}

// answer is a response with its body.
type answer struct {
	*http.Response
	body []byte
}

// ask sends a request with header fields “Name: value”.
func (s *service) ask(t testing.TB, method, address string, fields ...string) answer {
	t.Helper()
	if !strings.HasPrefix(address, "http") {
		address = s.URL + address
	}
	request, err := http.NewRequestWithContext(context.Background(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		if name == "Host" {
			request.Host = value
		}
		request.Header.Set(name, value)
	}
	response, err := plainClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, body}
}

func (s *service) get(t testing.TB, address string, fields ...string) answer {
	t.Helper()
	return s.ask(t, http.MethodGet, address, fields...)
}

// follow is get for an absolute address from an answer.
func (s *service) follow(t testing.TB, address string, fields ...string) answer {
	t.Helper()
	local, ok := strings.CutPrefix(address, publicURL)
	if !ok {
		t.Fatalf("the address %q does not begin with the public one", address)
	}
	return s.get(t, local, fields...)
}

// plainClient requests no content coding and follows no redirects.
var plainClient = &http.Client{
	Transport:     &http.Transport{DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// goldenHeaders are the headers in golden files; those of every answer have tests of
// their own.
var goldenHeaders = []string{
	"Accept-Ranges", "Allow", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length",
	"Content-Type", "Etag", "Last-Modified", "Link", "Location", "Retry-After", "Vary", "X-Request-Id", "X-Total-Count",
}

// String returns the answer in the form of golden files.
func (a answer) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", a.Status)
	for _, name := range goldenHeaders {
		for _, value := range a.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	fmt.Fprintf(&b, "\n%s", a.body)
	return b.String()
}
