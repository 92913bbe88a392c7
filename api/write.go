package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/strategy"
)

var (
	varyFields = []string{"Accept, Accept-Encoding"}
	revalidate = []string{"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"}
	forEver    = []string{"public, max-age=31536000, immutable"}
)

// coding is the content coding that the request prefers.
func coding(c echo.Context) representation.Coding {
	return negotiateCoding(c.Request().Header.Get("Accept-Encoding"))
}

// write sends a representation, or 304 if the client has it already.
func (s *Server) write(c echo.Context, r *representation.Representation) error {
	return s.writeUntil(c, r, time.Time{})
}

// writeUntil sends a representation that is true until a time; zero means as long
// as the snapshot of the releases stays. One in memory is sent as it will be
// when it is asked for again.
func (s *Server) writeUntil(c echo.Context, r *representation.Representation, until time.Time) error {
	if r.File != nil || r.Stream != nil || r.Immutable && first(c.Request(), "Range") != "" {
		return send(c, r)
	}
	known := remembered{answer: r, route: c.Path(), until: until}
	known.whole, known.unchanged = s.heads(r)
	if r.MarkSent() {
		s.keep(c, known)
	}
	w := c.Response()
	id := w.Header()["X-Request-Id"][0]
	clear(w.Header()) // the head has them all
	known.send(w, c.Request(), id)
	return nil
}

// send sends a file, a stream, or a range of what is in memory.
func send(c echo.Context, r *representation.Representation) error {
	w := c.Response()
	if fresh(c.Request(), r) {
		setValidation(w.Header(), r)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	setHeader(w.Header(), r)
	switch {
	case r.File != nil:
		return sendFile(c, r)
	case r.Stream != nil:
		return sendStream(c, r)
	default:
		http.ServeContent(&plainWriter{w}, c.Request(), "", r.Modified, bytes.NewReader(r.Body))
		return nil
	}
}

// sendWhole sends an answer that is in memory and returns the number of bytes of
// it that were sent. An error is the client's, who is gone.
func sendWhole(w http.ResponseWriter, r *http.Request, rep *representation.Representation) (n int) {
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		n, _ = writeTogether(w, r, rep.Body)
	}
	return n
}

// setHeader sets the fields of an answer.
func setHeader(h http.Header, rep *representation.Representation) {
	setValidation(h, rep)
	rep.SetFraming(h)
	maps.Insert(h, rep.Fields)
}

// setValidation sets the fields by which caches know an answer; a 304 has no
// others (RFC 9110, 15.4.5).
func setValidation(h http.Header, rep *representation.Representation) {
	maps.Insert(h, validation(rep))
}

func validation(rep *representation.Representation) iter.Seq2[string, []string] {
	control := revalidate
	if rep.Immutable {
		control = forEver
	}
	return func(yield func(string, []string) bool) {
		_ = yield("Etag", []string{rep.ETag}) && yield("Vary", varyFields) && yield("Cache-Control", control)
	}
}

// sendFile sends a file with ranges (RFC 9110, 14) so that the kernel copies:
// echo's own response hides the writer's ReadFrom, plainWriter does not.
func sendFile(c echo.Context, r *representation.Representation) error {
	f, err := os.Open(r.File.Path)
	if err != nil {
		return fmt.Errorf("%w: %w", strategy.ErrUnavailable, err)
	}
	defer f.Close()
	http.ServeContent(&plainWriter{c.Response()}, c.Request(), "", r.Modified, f)
	return nil
}

// plainWriter writes past echo's response to the connection and lets it know of
// status and size.
type plainWriter struct{ response *echo.Response }

// Header is that of the response.
func (w *plainWriter) Header() http.Header { return w.response.Header() }

// WriteHeader begins the response.
func (w *plainWriter) WriteHeader(status int) {
	w.response.Status, w.response.Committed = status, true
	w.response.Writer.WriteHeader(status)
}

// Write writes a part of the body.
func (w *plainWriter) Write(b []byte) (int, error) {
	n, err := w.response.Writer.Write(b)
	w.response.Size += int64(n)
	return n, err
}

// ReadFrom hands the source to the connection, which may let the kernel copy.
func (w *plainWriter) ReadFrom(r io.Reader) (int64, error) {
	to, ok := w.response.Writer.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{w.response.Writer}, r)
	}
	n, err := to.ReadFrom(r)
	w.response.Size += n
	return n, err
}

// sendStream writes an answer while it is made. An error before the first byte
// is answered as a problem; after it the connection is cut, so that the client
// does not take the part for the whole.
func sendStream(c echo.Context, r *representation.Representation) error {
	w := c.Response()
	if c.Request().Method == http.MethodHead {
		w.WriteHeader(http.StatusOK)
		return nil
	}
	err := r.Stream(c.Request().Context(), w)
	if err == nil || !w.Committed {
		return err
	}
	if !errors.Is(err, c.Request().Context().Err()) {
		c.Logger().Error(err)
	}
	panic(http.ErrAbortHandler)
}

// fresh evaluates If-None-Match and, without it, If-Modified-Since (RFC 9110,
// 13.2.2).
func fresh(r *http.Request, rep *representation.Representation) bool {
	if tags := first(r, "If-None-Match"); tags != "" {
		return matches(tags, rep.ETag)
	}
	since := first(r, "If-Modified-Since")
	if since == "" || rep.Modified.IsZero() {
		return false
	}
	t, err := http.ParseTime(since)
	return err == nil && !rep.Modified.Truncate(time.Second).After(t)
}

// first is the first line of a request's field, whose name is spelled as net/http
// does: http.Header.Get looks at each letter first.
func first(r *http.Request, name string) string {
	if lines := r.Header[name]; len(lines) > 0 {
		return lines[0]
	}
	return ""
}

// matches compares entity tags weakly (RFC 9110, 8.8.3.2).
func matches(tags, etag string) bool {
	for tag := range strings.SplitSeq(tags, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == etag || tag == "*" {
			return true
		}
	}
	return false
}
