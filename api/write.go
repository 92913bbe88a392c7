package api

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
)

var (
	varyFields = []string{"Accept, Accept-Encoding"}
	revalidate = []string{"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"}
	immutable  = []string{"public, max-age=31536000, immutable"}
)

// coding is the content coding that the request prefers.
func coding(c echo.Context) representation.Coding {
	return negotiateCoding(c.Request().Header.Get("Accept-Encoding"))
}

// write sends a representation, or 304 if the client has it already.
func (s *Server) write(c echo.Context, r *representation.Representation) error {
	return s.writeUntil(c, r, time.Time{})
}

// writeUntil sends a representation that expires at a time; zero means with the
// snapshot of the releases. One that expires has no Last-Modified: it changes
// without anything being done.
func (s *Server) writeUntil(c echo.Context, r *representation.Representation, until time.Time) error {
	if r.Body != nil {
		c.Set(answered, remembered{answer: r, until: until})
	}
	return s.respond(c, r, until)
}

func (s *Server) respond(c echo.Context, r *representation.Representation, until time.Time) error {
	w, request := c.Response().Writer.(*responseWriter), c.Request()
	var modified time.Time
	if until.IsZero() {
		modified = w.modified
	}
	h := w.Header()
	setValidators(h, r, modified)
	switch evaluate(request, r.ETag, modified) {
	case failed:
		return errPrecondition
	case unchanged:
		h.Del("Last-Modified") // RFC 9110, 15.4.5
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	maps.Insert(h, r.Fields)
	switch {
	case r.Stream != nil:
		return s.writeStream(c, w, r)
	case r.File != nil:
		f, err := os.Open(r.File.Path)
		if err != nil {
			return fmt.Errorf("%w: %w", domain.ErrUnavailable, err)
		}
		defer f.Close()
		return writeContent(c, w, r, modified, f)
	case r.Immutable && first(request, "Range") != "":
		return writeContent(c, w, r, modified, bytes.NewReader(r.Body))
	}
	c.Response().WriteHeader(http.StatusOK)
	if request.Method != http.MethodHead {
		_, _ = w.Write(r.Body) // an error is the client's, who is gone; the log has it
	}
	return nil
}

// setValidators sets the fields by which caches know an answer (RFC 9110, 8.8).
func setValidators(h http.Header, r *representation.Representation, modified time.Time) {
	h["Etag"], h["Vary"], h["Cache-Control"] = []string{r.ETag}, varyFields, revalidate
	if r.Immutable {
		h["Cache-Control"] = immutable
	}
	if !modified.IsZero() {
		h["Last-Modified"] = []string{modified.UTC().Format(http.TimeFormat)}
	}
}

// writeContent sends content or ranges of it (RFC 9110, 14). Conditions are
// evaluated already, so net/http is left to write the parts.
func writeContent(c echo.Context, w *responseWriter, r *representation.Representation, modified time.Time, content io.ReadSeeker) error {
	request := c.Request()
	ranges, err := requestedRanges(request, r, modified)
	if err != nil {
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", r.Length))
		return err
	}
	request = request.Clone(request.Context())
	for _, name := range []string{"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since"} {
		request.Header.Del(name)
	}
	request.Header.Del("Range")
	if ranges != "" {
		request.Header.Set("Range", ranges)
	}
	http.ServeContent(w, request, "", time.Time{}, content)
	c.Response().Committed = true
	return nil
}

// writeStream sends an answer while it is made. An error before the first byte
// is answered as a problem; after it the connection is cut, so that the client
// does not take the part for the whole.
func (s *Server) writeStream(c echo.Context, w *responseWriter, r *representation.Representation) error {
	if c.Request().Method == http.MethodHead {
		c.Response().WriteHeader(http.StatusOK)
		return nil
	}
	w.timeout = s.options.StreamTimeout
	return r.Stream(c.Request().Context(), c.Response())
}
