// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
)

// common gives every request an id, the common headers, its limits and a line in
// the log, even if the answer is cut off.
func (s *Server) common(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		s.metrics.Begin()
		defer s.metrics.End()
		w := newResponseWriter(c.Response().Writer, c.Request(), s.options.WriteTimeout)
		c.Response().Writer = w
		w.modified = s.releases.Modified()
		id := s.requestID(c.Request())
		h := w.Header()
		for _, f := range s.headers {
			h[f.name] = f.lines
		}
		h["X-Request-Id"] = []string{id}
		if d, ok := s.deprecated[c.Path()]; ok {
			d.announce(h)
		}
		err := s.answer(c, w, next)
		broken := err != nil && w.started()
		if err != nil {
			c.Error(err)
		}
		end := time.Now()
		w.extend(end) // for what net/http has buffered
		s.log(c, w, id, end.Sub(start), err, broken)
		s.measure(c, w, end.Sub(start))
		if broken {
			panic(http.ErrAbortHandler) // otherwise the client would mistake a part for the whole
		}
		return nil
	}
}

// field is a header with the lines of its value.
type field struct {
	name  string // in canonical form
	lines []string
}

// commonHeaders returns the headers that are sent with every answer. Scripts of other
// origins may read all headers (Fetch standard, CORS protocol).
func commonHeaders(version string) []field {
	return []field{
		{"Access-Control-Allow-Origin", []string{"*"}},
		{"Access-Control-Expose-Headers", []string{"*"}},
		{"Api-Version", []string{version}},
		{"X-Content-Type-Options", []string{"nosniff"}},
	}
}

// answer checks the request and answers it. A panic becomes an error.
func (s *Server) answer(c echo.Context, w *responseWriter, next echo.HandlerFunc) (err error) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			err = http.ErrAbortHandler
		default:
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if isMCP(c) {
		_ = w.control.SetReadDeadline(time.Now().Add(s.options.ReadTimeout)) // a recorder in a test has none
	} else {
		ignoreBody(c.Request(), w)
	}
	if err := s.checkRate(c); err != nil {
		return err
	}
	joinLines(c.Request().Header)
	if err := checkSize(c.Request()); err != nil {
		return err
	}
	if c.Request().Method == http.MethodOptions {
		return preflight(c)
	}
	return next(c)
}

// checkAddress is middleware that rejects a malformed query, and redirects to the address
// without a trailing slash. It runs after remember: rejected addresses are never cached, so
// cached answers need no check.
func (s *Server) checkAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if to, ok := s.withoutSlash(c); ok {
			return s.redirect(c, http.StatusPermanentRedirect, to)
		}
		if err := checkQuery(c.Request().URL.RawQuery); err != nil {
			return err
		}
		ignoreTracking(c.Request())
		unescape(c)
		return next(c)
	}
}

// maxRepeats is how often an answer is built again because its file was deleted.
const maxRepeats = 3

// repeatStale is middleware that builds an answer again if its file is deleted from the
// cache folder after it was found intact and before it is opened.
func (s *Server) repeatStale(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		for n := 0; n < maxRepeats && errors.Is(err, representation.ErrStale) && !c.Response().Committed; n++ {
			removeDescription(c)
			err = next(c)
		}
		return err
	}
}

// ignoreTracking removes the parameters that portals and newsletters append to links
// (utm_source and others). They are the only ones that are ignored.
func ignoreTracking(r *http.Request) {
	if !strings.Contains(r.URL.RawQuery, "utm_") {
		return
	}
	parts := strings.Split(r.URL.RawQuery, "&")
	r.URL.RawQuery = strings.Join(slices.DeleteFunc(parts, func(part string) bool { return strings.HasPrefix(part, "utm_") }), "&")
}

// What a request may send. net/http itself rejects more than 4 KiB beyond
// maxHeaders, with a 431 in plain text.
const (
	maxHeaders = 16 << 10
	maxURL     = representation.MaxAddress
)

// checkSize rejects an address or headers that are too long (RFC 9110, 15.5.15;
// RFC 6585, 5).
func checkSize(r *http.Request) error {
	if n := len(r.RequestURI); n > maxURL {
		return &refused{http.StatusRequestURITooLong, fmt.Sprintf("the address has %d bytes; at most %d are allowed", n, maxURL)}
	}
	n := len(r.Method) + len(r.RequestURI) + len(r.Host)
	for name, lines := range r.Header {
		for _, line := range lines {
			n += len(name) + len(line) + len(": \r\n")
		}
	}
	if n > maxHeaders {
		return &refused{http.StatusRequestHeaderFieldsTooLarge, fmt.Sprintf("the request line and headers have %d bytes; at most %d are allowed", n, maxHeaders)}
	}
	return nil
}

// bodyTimeout is the time for the rest of a request body, which is not read.
const bodyTimeout = time.Second

// ignoreBody makes sure that a request with a body is answered at once. Only /mcp has a use
// for one, but net/http would wait for it.
func ignoreBody(r *http.Request, w *responseWriter) {
	if r.ContentLength == 0 {
		return
	}
	w.Header().Set("Connection", "close")
	_ = w.control.SetReadDeadline(time.Now().Add(bodyTimeout)) // a recorder in a test has none
}

// methods are the methods that the server allows, except for /mcp.
const methods = "GET, HEAD, OPTIONS"

// allowedMethods returns the methods that are allowed at the address of a request.
func allowedMethods(c echo.Context) string {
	if c.Request().URL.Path == mcpPath {
		return mcpMethods
	}
	return methods
}

// preflight answers OPTIONS (RFC 9110, 9.3.7), the request that a browser sends ahead of one
// to another origin (Fetch standard, CORS protocol).
func preflight(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Allow", allowedMethods(c))
	h.Set("Access-Control-Allow-Methods", methods) // a browser may not call /mcp from elsewhere
	h.Set("Access-Control-Allow-Headers", "Accept, If-Match, If-Modified-Since, If-None-Match, If-Range, If-Unmodified-Since, Range, X-Request-Id")
	h.Set("Access-Control-Max-Age", "86400")
	return c.NoContent(http.StatusNoContent)
}

// unescape decodes escapes in path parameters that echo leaves alone: %2D is the
// same as - (RFC 3986, 6.2.2.2).
func unescape(c echo.Context) {
	if c.Request().URL.RawPath == "" {
		return
	}
	values := slices.Clone(c.ParamValues())
	for i, v := range values {
		if plain, err := url.PathUnescape(v); err == nil {
			values[i] = plain
		}
	}
	c.SetParamValues(values...)
}

// joinLines joins header lists that were sent in several lines (RFC 9110, 5.3).
func joinLines(h http.Header) {
	for _, name := range lists {
		if lines := h[name]; len(lines) > 1 {
			h[name] = []string{strings.Join(lines, ", ")}
		}
	}
}

var lists = [...]string{"Accept", "Accept-Encoding", "If-Match", "If-None-Match"}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

// withoutSlash returns the path without trailing slashes if a route exists for
// it. Only / and /v1/ have one.
func (s *Server) withoutSlash(c echo.Context) (string, bool) {
	path := c.Request().URL.EscapedPath()
	trimmed := strings.TrimRight(path, "/")
	if trimmed == path || trimmed == "" || c.Path() == path || !isRead(c.Request()) || !s.routed(trimmed) {
		return "", false
	}
	return trimmed, true
}

// routed reports whether a route exists for the path.
func (s *Server) routed(path string) bool {
	c := s.echo.NewContext(nil, nil)
	s.echo.Router().Find(http.MethodGet, path, c)
	_, ok := s.routes[c.Path()]
	return ok
}

// redirect redirects to another path of this service and keeps the query.
func (s *Server) redirect(c echo.Context, status int, path string) error {
	path = s.site.Path(path)
	if query := c.Request().URL.RawQuery; query != "" {
		path += "?" + query
	}
	return c.Redirect(status, path)
}

// ids generates request ids: a random prefix of the process and a counter.
type ids struct {
	process string
	last    *atomic.Uint64
}

func newIDs() ids { return ids{rand.Text()[:12] + "-", new(atomic.Uint64)} }

func (i ids) next() string {
	b := make([]byte, 0, 32)
	return string(strconv.AppendUint(append(b, i.process...), i.last.Add(1), 10))
}

// requestID returns the id set by a proxy if it is a plain word, otherwise a new
// one.
func (s *Server) requestID(r *http.Request) string {
	if id := r.Header["X-Request-Id"]; len(id) == 1 && plainWord(id[0]) {
		return id[0]
	}
	return s.ids.next()
}

func plainWord(s string) bool {
	if len(s) == 0 || len(s) > 64 {
		return false
	}
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// log writes a line for a request, at level debug if nothing is wrong with it: an operator
// looks for what failed, and metrics and the proxy count the rest. The line has the route
// instead of the address, because queries can be personal data; a 404 also has the path. The
// duration is text: as JSON, slog would write nanoseconds without a unit.
func (s *Server) log(c echo.Context, w *responseWriter, id string, duration time.Duration, err error, broken bool) {
	r := c.Request()
	level := slog.LevelDebug
	gone := w.err != nil || errors.Is(err, context.Canceled) && r.Context().Err() != nil
	switch {
	case (w.status >= http.StatusInternalServerError || broken) && !gone:
		level = slog.LevelError
	case w.status >= http.StatusBadRequest || broken || gone:
		level = slog.LevelInfo
	}
	if !s.options.Logger.Enabled(r.Context(), level) {
		return
	}
	line := []slog.Attr{
		slog.String("method", r.Method), slog.String("route", c.Path()), slog.Int("status", w.status),
		slog.Int64("bytes", w.bytes), slog.String("duration", duration.String()), slog.String("request", id),
	}
	if w.status == http.StatusNotFound {
		line = append(line, slog.String("path", domain.Shorten(r.URL.Path)))
	}
	if level == slog.LevelError || broken || w.err != nil {
		line = append(line, slog.Bool("complete", !broken && w.err == nil), slog.Any("error", errors.Join(err, w.err)))
	}
	s.options.Logger.LogAttrs(r.Context(), level, "request", line...)
}

// measure counts a finished request. The route of an address that does not exist is
// empty.
func (s *Server) measure(c echo.Context, w *responseWriter, duration time.Duration) {
	format, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	s.metrics.Answered(s.routes[c.Path()], format, w.status, w.bytes, duration)
}

// checkQuery rejects a malformed query, and a parameter that is given more than once: all
// but one of its values would be ignored.
func checkQuery(raw string) error {
	if raw == "" {
		return nil
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return &domain.Invalid{Name: "query", Value: raw, Rule: "is malformed: " + err.Error()}
	}
	var repeated []string
	for name, given := range values {
		if len(given) > 1 {
			repeated = append(repeated, name)
		}
	}
	if repeated == nil {
		return nil
	}
	name := slices.Min(repeated)
	return &domain.Invalid{Name: name, Value: strings.Join(values[name], ","), Rule: "must be given only once", Kind: domain.ErrRepeated}
}
