// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// recorder counts the bytes that the kernel would copy.
type recorder struct {
	*httptest.ResponseRecorder
	copied int64
}

// ReadFrom counts.
func (c *recorder) ReadFrom(r io.Reader) (int64, error) {
	limited, ok := r.(*io.LimitedReader)
	if !ok {
		return 0, errors.New("there is no limit")
	}
	if _, ok := limited.R.(*os.File); !ok {
		return 0, errors.New("the file is hidden")
	}
	n, err := io.Copy(c.Body, r)
	c.copied += n
	return n, err
}

// TestFilesGoToTheConnection checks that a file reaches the connection's own
// ReadFrom, which lets the kernel copy (sendfile).
func TestFilesGoToTheConnection(t *testing.T) {
	t.Parallel()
	for _, size := range []int64{0, 1, chunk - 1, chunk, chunk + 1, maxPart, chunk + maxPart, 3*maxPart + 7} {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, bytes.Repeat([]byte("x"), int(size)), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		to := &recorder{ResponseRecorder: httptest.NewRecorder()}
		w := newResponseWriter(to, httptest.NewRequest(http.MethodGet, "/", nil), time.Second)
		http.ServeContent(w, httptest.NewRequest(http.MethodGet, "/", nil), "", time.Time{}, f)
		if to.copied != size || w.bytes != size || w.status != http.StatusOK || w.err != nil || int64(to.Body.Len()) != size {
			t.Errorf("%d of %d bytes came by ReadFrom; counted are %d, status %d, error %v", to.copied, size, w.bytes, w.status, w.err)
		}
	}
}

// stage is a server with one more route, /stage, and its log.
func stage(t *testing.T, handler func(s *Server) echo.HandlerFunc) (address string, log func() string) {
	t.Helper()
	store := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, store)
	releases := release.New(store, 64<<20)
	if err := releases.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	representations, err := representation.NewService(releases, representation.Settings{PublicURL: "https://zielstand.example"}, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: 1 << 20, Streams: 1, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	lines := &testenv.Buffer{}
	logger := slog.New(slog.NewTextHandler(lines, nil))
	s, err := New(store, releases, representations, catalog.NewService(releases, representations, catalog.Settings{}), Options{
		Version: "1", Logger: logger, WriteTimeout: 30 * time.Second, StreamTimeout: 30 * time.Second, Concurrent: 4,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.get("/stage", handler(s))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := s.HTTPServer()
	server.ErrorLog = slog.NewLogLogger(logger.Handler(), slog.LevelWarn)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String(), lines.String
}

// TestBroken fails before and after the first bytes of an answer, by an error and by a
// panic. The result is a problem or a connection that is cut off, and one line in the
// log.
func TestBroken(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		written int
		panics  bool
		want    []string
	}{
		"at once":         {0, false, []string{"level=ERROR", "status=500", "complete=true", "error=broken"}},
		"later":           {300_000, false, []string{"level=ERROR", "status=200", "bytes=300000", "complete=false", "error=broken"}},
		"panic at once":   {0, true, []string{"level=ERROR", "status=500", `error="panic: broken\ngoroutine`}},
		"panic and later": {300_000, true, []string{"level=ERROR", "status=200", "bytes=300000", "complete=false", `error="panic: broken\n`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := &representation.Representation{}
			rep.Stream = func(_ context.Context, w io.Writer) error {
				if tt.written > 0 {
					_, _ = w.Write(bytes.Repeat([]byte("x"), tt.written))
				}
				if tt.panics {
					panic("broken")
				}
				return errors.New("broken")
			}
			address, log := stage(t, func(s *Server) echo.HandlerFunc {
				return func(c echo.Context) error { return s.write(c, rep) }
			})
			request, _ := http.NewRequest(http.MethodGet, "http://"+address+"/stage", nil)
			request.Header.Set("X-Request-Id", "broken-1")
			answer, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if tt.written == 0 && (answer.StatusCode != 500 || err != nil || answer.Header.Get("Content-Type") != problemType || strings.Contains(string(body), "broken\"")) {
				t.Errorf("%s, error %v, %s", answer.Status, err, body)
			}
			if tt.written > 0 && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%d bytes of %s end with %v, like a whole answer", len(body), answer.Status, err)
			}
			lines := strings.Split(strings.TrimSpace(log()), "\n")
			for _, want := range append(tt.want, "msg=request method=GET route=/stage", "request=broken-1") {
				if len(lines) != 1 || !strings.Contains(lines[0], want) {
					t.Errorf("the log does not say %q in one line:\n%s", want, strings.Join(lines, "\n"))
				}
			}
		})
	}
}

// TestGone checks that work stops when the client disconnects, and that it is not
// logged as an error of the server.
func TestGone(t *testing.T) {
	t.Parallel()
	started, ended := make(chan struct{}), make(chan error, 1)
	address, log := stage(t, func(s *Server) echo.HandlerFunc {
		return func(c echo.Context) error {
			_, err := s.representations.CachedForOne(c.Request().Context(), "k", representation.Identity, func(ctx context.Context) (*representation.Representation, error) {
				close(started)
				<-ctx.Done()
				snapshot, err := s.releases.Current()
				if err != nil {
					return nil, err
				}
				other := *snapshot.Latest
				other.Datasets = nil
				_, err = s.releases.Compare(ctx, &other, snapshot.Latest, nil, maxChanges)
				return nil, err
			})
			ended <- err
			return err
		}
	})
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(connection, "GET /stage HTTP/1.1\r\nHost: x\r\n\r\n")
	<-started
	_ = connection.Close()
	if err := <-ended; err == nil {
		t.Error("the work went on to its end")
	}
	for !strings.Contains(log(), "msg=request") {
		time.Sleep(time.Millisecond)
	}
	if strings.Contains(log(), "level=ERROR") {
		t.Errorf("the log takes it for a fault: %s", log())
	}
}
