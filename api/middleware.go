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
	return func(c echo.Context) error {
		start := time.Now()
		id := requestID(c.Request())
		s.setCommon(c.Response().Header(), id)
		joinLines(c.Request().Header)
		err := s.answer(c, next)
		if err != nil {
			c.Error(err)
		}
		s.log(c.Request(), done{c.Path(), c.Response().Status, c.Response().Size, id, time.Since(start), err})
		return nil
	}
}

// setCommon sets the fields of all answers.
func (s *Server) setCommon(h http.Header, id string) {
	h["Api-Version"] = s.version
	h["X-Request-Id"] = []string{id}
	h["Access-Control-Allow-Origin"] = allOrigins
	h["Access-Control-Expose-Headers"] = exposedFields
	h["X-Content-Type-Options"] = noSniff
}

// answer answers a preflight request (Fetch standard, CORS protocol) or any
// other.
func (s *Server) answer(c echo.Context, next echo.HandlerFunc) error {
	if c.Request().Method == http.MethodOptions {
		h := c.Response().Header()
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "Accept, If-None-Match, If-Modified-Since, Range, X-Request-Id")
		h.Set("Access-Control-Max-Age", "86400")
		return c.NoContent(http.StatusNoContent)
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

// done is what the log tells of an answer.
type done struct {
	route    string
	status   int
	bytes    int64
	id       string
	duration time.Duration
	err      error
}

// log writes a line a request: the route and not the address, because queries
// can be personal data.
func (s *Server) log(r *http.Request, d done) {
	ctx := r.Context()
	if !s.options.Logger.Enabled(ctx, slog.LevelInfo) {
		return
	}
	level := slog.LevelInfo
	if d.status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	record := slog.NewRecord(time.Now(), level, "request", 0) // without the place in the program, which costs a walk over the stack
	record.AddAttrs(
		slog.String("method", r.Method),
		slog.String("route", d.route),
		slog.Int("status", d.status),
		slog.Int64("bytes", d.bytes),
		slog.Duration("duration", d.duration),
		slog.String("request", d.id),
	)
	if level == slog.LevelError {
		record.AddAttrs(slog.Any("error", d.err))
	}
	_ = s.options.Logger.Handler().Handle(ctx, record) // as slog.Logger does
}
