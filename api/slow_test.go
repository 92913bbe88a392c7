// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

// impatient starts a server with many rows, a single stream at a time and short
// timeouts.
func impatient(t *testing.T, s *store.Store, rows int) (address string, log *testenv.Buffer) {
	t.Helper()
	files, err := synthetic.Package(rows)
	if err != nil {
		t.Fatal(err)
	}
	storetest.PublishPackage(t, s, files)
	releases := release.New(s, 64<<20)
	representations, err := representation.NewService(releases, representation.Settings{PublicURL: publicURL}, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 30, FileBytes: 1024, Streams: 1, Timeout: 20 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := releases.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	log = &testenv.Buffer{}
	handler, err := api.New(s, releases, representations, catalog.NewService(releases, representations, catalog.Settings{}), api.Options{
		Version: "1", Logger: slog.New(slog.NewTextHandler(log, nil)),
		ReadTimeout: 300 * time.Millisecond, WriteTimeout: 300 * time.Millisecond, StreamTimeout: 300 * time.Millisecond, Concurrent: 256,
	})
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := handler.HTTPServer()
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String(), log
}

// dial connects with the smallest possible receive buffer.
func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
	return c
}

const large = "/v1/observations?kind=actual,target"

// TestClientsThatDoNotRead checks that clients which do not read a large answer, or do
// not send the body that they announced, do not block the only stream for others.
func TestClientsThatDoNotRead(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		address, log := impatient(t, s, 20_000)
		for name, request := range map[string]string{
			"silent":   "GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
			"bodyless": "GET %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n",
			"chunked":  "GET %s HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
			"gzip":     "GET %s HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n",
		} {
			var stalled []net.Conn
			for range 3 {
				c := dial(t, address)
				fmt.Fprintf(c, request, large)
				stalled = append(stalled, c)
			}
			// A busy machine may be as slow as these clients; then the answer is cut off, too.
			testenv.Eventually(t, name+": another client has the whole answer", func() error {
				answer, err := http.Get("http://" + address + large)
				if err != nil {
					return err
				}
				defer answer.Body.Close()
				n, err := io.Copy(io.Discard, answer.Body)
				if answer.StatusCode != http.StatusOK || err == nil && n < 4<<20 {
					t.Fatalf("%s: %s, %d bytes", name, answer.Status, n)
				}
				return err
			})
			for _, c := range stalled {
				_ = c.Close()
			}
		}
		if text := log.String(); !strings.Contains(text, "level=INFO msg=request method=GET route=/v1/observations status=200") || !strings.Contains(text, "complete=false error=") || !strings.Contains(text, "i/o timeout") {
			t.Errorf("the log does not have the clients that were disconnected:\n%s", text)
		}
	})
}

// TestBodyIsNotAwaited checks that a request whose body never arrives is answered and
// its connection closed.
func TestBodyIsNotAwaited(t *testing.T) {
	t.Parallel()
	address, _ := impatient(t, storetest.Open(t, storetest.Any(t)), 1000)
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
		for _, field := range []string{"Content-Length: 1000", "Content-Length: 9999999999", "Transfer-Encoding: chunked", "Content-Length: 5\r\nExpect: 100-continue"} {
			t.Run(method+" "+field, func(t *testing.T) {
				t.Parallel()
				c := dial(t, address)
				fmt.Fprintf(c, "%s /v1/goals?limit=1 HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n", method, field)
				answer, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
				if err != nil {
					t.Fatal(err)
				}
				want := map[string]int{"POST": 405, "OPTIONS": 204}[method]
				if want == 0 {
					want = 200
				}
				if _, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != want || !answer.Close {
					t.Errorf("%s, closes %v, error %v", answer.Status, answer.Close, err)
				}
				if _, err := io.Copy(io.Discard, c); err != nil {
					t.Errorf("the connection does not end: %v", err)
				}
			})
		}
	}
}

// TestBodiesHoldNoSlot checks that requests whose body does not arrive do not take the slots
// of others.
func TestBodiesHoldNoSlot(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	service := serveWith(t, s, since, map[string]string{"http.concurrent": "1", "http.read_timeout": "10m"})
	for range 3 {
		c := dial(t, strings.TrimPrefix(service.URL, "http://"))
		fmt.Fprint(c, "POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
	}
	testenv.Eventually(t, "the bodies are awaited", func() error {
		if n := value(t, service.Config.Handler.(*api.Server), "zielstand_http_requests_in_flight"); n != 3 {
			return fmt.Errorf("%v requests", n)
		}
		return nil
	})
	if a := service.get(t, "/v1/goals?release=latest"); a.StatusCode != http.StatusOK {
		t.Errorf("another request: %s", a.Status)
	}
}

// TestIdleConnection reuses a connection after a while and checks that each answer has
// the full timeout, including those of net/http itself.
func TestIdleConnection(t *testing.T) {
	t.Parallel()
	address, _ := impatient(t, storetest.Open(t, storetest.Any(t)), 1000)
	c := dial(t, address)
	in := bufio.NewReader(c)
	for _, tt := range []struct {
		request string
		status  int
	}{
		{"GET /v1/goals HTTP/1.1\r\nHost: x\r\n\r\n", 200},
		{"HEAD /v1/goals HTTP/1.1\r\nHost: x\r\n\r\n", 200},
		{"GET /v1/goals HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\n", 304},
		{"nonsense\r\n\r\n", 400},
	} {
		fmt.Fprint(c, tt.request)
		method, _, _ := strings.Cut(tt.request, " ")
		answer, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			t.Fatalf("%q: %v", tt.request, err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != tt.status {
			t.Errorf("%q: %s, error %v", tt.request, answer.Status, err)
		}
		time.Sleep(350 * time.Millisecond) // longer than WriteTimeout
	}
}

// TestUnfinishedHeads checks that connections with unfinished headers are closed.
func TestUnfinishedHeads(t *testing.T) {
	t.Parallel()
	address, _ := impatient(t, storetest.Open(t, storetest.Any(t)), 1000)
	var wait sync.WaitGroup
	for i := range 50 {
		wait.Go(func() {
			c := dial(t, address)
			fmt.Fprintf(c, "GET /v1/goals HTTP/1.1\r\nHost: x\r\nX-Filler: %s", strings.Repeat("x", i*300))
			if b, err := io.ReadAll(c); err != nil || len(b) > 200 {
				t.Errorf("%d bytes, error %v", len(b), err)
			}
		})
	}
	wait.Wait()
}

// TestDiffOfManyRows compares a large release with itself and with a similar one, of the
// same day: the assessment of the goals depends on it.
func TestDiffOfManyRows(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		const rows = 3_000
		files, err := synthetic.Package(rows)
		if err != nil {
			t.Fatal(err)
		}
		first := storetest.PublishPackage(t, s, files)
		manifest := regexp.MustCompile(`"version": "[^"]*"`).ReplaceAll(files["datapackage.json"].Data, []byte(`"version": "2099.01.0"`))
		manifest = regexp.MustCompile(`"created": "[^"]*"`).ReplaceAll(manifest, []byte(`"created": "`+first.Published.Add(time.Hour).UTC().Format(time.RFC3339)+`"`))
		files["datapackage.json"] = &fstest.MapFile{Data: manifest}
		lines := strings.SplitAfter(string(files["observations.csv"].Data), "\n")
		lines[1500] = strings.Replace(lines[1500], ",exact,", ",about,", 1)
		files["observations.csv"] = &fstest.MapFile{Data: []byte(strings.Join(lines, ""))}
		storetest.PublishPackage(t, s, files)
		service := serve(t, s)
		for _, format := range []string{"", ".csv", ".json", ".xlsx"} {
			for from, want := range map[string]string{"2099.01.0": "0", first.ID: "1"} {
				a := service.get(t, "/v1/releases/latest/diff"+format+"?from="+from)
				if total := a.Header.Get("X-Total-Count"); a.StatusCode != 200 || total != want {
					t.Errorf("%s from %s: %s with %s changes, want %s", format, from, a.Status, total, want)
				}
			}
		}
	})
}
