package api

import (
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/strategy"
)

// exposed are the response fields that scripts of other origins may read (Fetch
// standard, CORS protocol).
const exposed = "API-Version, Content-Disposition, ETag, Last-Modified, Link, Retry-After, X-Request-Id, X-Total-Count"

// surround does what every request has in common, in one place because it is
// paid for by each: request id, fields of all answers, and a line in the log.
func (s *Server) surround(next echo.HandlerFunc) echo.HandlerFunc {
	version := []string{s.options.Version}
	return func(c echo.Context) error {
		start := time.Now()
		id := requestID(c.Request())
		h := c.Response().Header()
		h["Api-Version"] = version
		h["X-Request-Id"] = []string{id}
		h["Access-Control-Allow-Origin"] = allOrigins
		h["Access-Control-Expose-Headers"] = exposedFields
		h["X-Content-Type-Options"] = noSniff
		joinLines(c.Request().Header)
		err := s.answer(c, next)
		if err != nil {
			c.Error(err)
		}
		s.log(c, id, start, err)
		return nil
	}
}

// answer answers a preflight request (Fetch standard, CORS protocol), one that
// was answered before, or any other.
func (s *Server) answer(c echo.Context, next echo.HandlerFunc) error {
	if c.Request().Method == http.MethodOptions {
		h := c.Response().Header()
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Accept, If-None-Match, If-Modified-Since, Range, X-Request-Id")
		h.Set("Access-Control-Max-Age", "86400")
		return c.NoContent(http.StatusNoContent)
	}
	if known := s.memo.find(c.Request()); known != nil && isRead(c.Request()) {
		return send(c, known)
	}
	s.memo.begin(c)
	if _, err := url.ParseQuery(c.Request().URL.RawQuery); err != nil {
		return &strategy.Invalid{Name: "query", Value: c.Request().URL.RawQuery, Rule: "cannot be read: " + err.Error()}
	}
	unescape(c)
	return next(c)
}

// unescape reads the parameters of a path with needless escapes: %2D is the
// same as - (RFC 3986, 6.2.2.2). echo leaves them as they are.
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

// joinLines makes one line of lists that a client sent in several (RFC 9110,
// 5.3).
func joinLines(h http.Header) {
	for _, name := range []string{"Accept", "Accept-Encoding", "If-None-Match"} {
		if lines := h[name]; len(lines) > 1 {
			h[name] = []string{strings.Join(lines, ", ")}
		}
	}
}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

var (
	allOrigins    = []string{"*"}
	exposedFields = []string{exposed}
	noSniff       = []string{"nosniff"}
)

// requestID takes the id that a proxy gave, if it is a plain word, or makes one.
func requestID(r *http.Request) string {
	if id := r.Header.Get("X-Request-Id"); plainWord(id) {
		return id
	}
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand, since Go 1.24)
	return hex.EncodeToString(b[:])
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

// log writes a line a request: the route and not the address, because queries
// can be personal data.
func (s *Server) log(c echo.Context, id string, start time.Time, err error) {
	if !s.options.Logger.Enabled(c.Request().Context(), slog.LevelInfo) {
		return
	}
	attributes := []slog.Attr{
		slog.String("method", c.Request().Method),
		slog.String("route", c.Path()),
		slog.Int("status", c.Response().Status),
		slog.Int64("bytes", c.Response().Size),
		slog.Duration("duration", time.Since(start)),
		slog.String("request", id),
	}
	level := slog.LevelInfo
	if c.Response().Status >= http.StatusInternalServerError {
		level = slog.LevelError
		attributes = append(attributes, slog.Any("error", err))
	}
	s.options.Logger.LogAttrs(c.Request().Context(), level, "request", attributes...)
}
