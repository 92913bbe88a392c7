package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/representation"
)

var _ io.ReaderFrom = (*plainWriter)(nil)

// recorder is a response that counts what the kernel would copy.
type recorder struct {
	*httptest.ResponseRecorder
	copied int64
}

// ReadFrom counts.
func (c *recorder) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(c.Body, r)
	c.copied += n
	return n, err
}

// TestFilesGoToTheConnection holds that a file comes to the recorder's own
// ReadFrom, which lets the kernel copy (sendfile), through echo and all.
func TestFilesGoToTheConnection(t *testing.T) {
	t.Parallel()
	to := &recorder{ResponseRecorder: httptest.NewRecorder()}
	c := echo.New().NewContext(httptest.NewRequest(http.MethodGet, "/", nil), to)
	content := strings.Repeat("x", 1<<20)
	w := &plainWriter{c.Response()}
	w.WriteHeader(http.StatusOK)
	if n, err := io.CopyN(w, strings.NewReader(content), int64(len(content))); n != int64(len(content)) || err != nil {
		t.Fatalf("%d bytes, error %v", n, err)
	}
	if to.copied != int64(len(content)) || c.Response().Size != to.copied || c.Response().Status != http.StatusOK {
		t.Errorf("%d of %d bytes came by ReadFrom; the log would tell of %d bytes and status %d", to.copied, len(content), c.Response().Size, c.Response().Status)
	}
}

// TestBrokenStream breaks a stream before and after its first bytes: a problem
// the one time, and the other time an answer that no client takes for whole.
func TestBrokenStream(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, written := range map[string]int{"at once": 0, "later": 300_000} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rep := representation.New(representation.Head{ContentType: "text/csv", Total: -1}, nil)
			rep.Stream = func(_ context.Context, w io.Writer) error {
				if written > 0 {
					_, _ = w.Write(bytes.Repeat([]byte("x"), written))
				}
				return broken
			}
			e := echo.New()
			e.Logger.SetOutput(io.Discard)
			e.GET("/", func(c echo.Context) error {
				c.Response().Header().Del("Content-Length")
				return sendStream(c, rep)
			})
			server := httptest.NewServer(e)
			defer server.Close()
			answer, err := http.Get(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			n, err := io.Copy(io.Discard, answer.Body)
			if written == 0 && (answer.StatusCode != http.StatusInternalServerError || err != nil) {
				t.Errorf("%s, error %v", answer.Status, err)
			}
			if written > 0 && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%d bytes of %s end with %v, like a whole answer", n, answer.Status, err)
			}
		})
	}
}
