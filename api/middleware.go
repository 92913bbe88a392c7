package api

import (
	"crypto/rand"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
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
		id := s.requestID(c.Request())
		maps.Copy(c.Response().Header(), s.common)
		c.Response().Header()["X-Request-Id"] = []string{id}
		joinLines(c.Request().Header)
		err := s.answer(c, next)
		if err != nil {
			c.Error(err)
		}
		s.log(c.Request(), done{c.Path(), c.Response().Status, c.Response().Size, id, start, err})
		return nil
	}
}

// commonFields are the fields that all answers have alike.
func commonFields(version string) http.Header {
	return http.Header{
		"Access-Control-Allow-Origin":   allOrigins,
		"Access-Control-Expose-Headers": exposedFields,
		"Api-Version":                   {version},
		"X-Content-Type-Options":        noSniff,
	}
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
	for _, name := range lists {
		if lines := h[name]; len(lines) > 1 {
			h[name] = []string{strings.Join(lines, ", ")}
		}
	}
}

var lists = [...]string{"Accept", "Accept-Encoding", "If-None-Match"}

func isRead(r *http.Request) bool { return r.Method == http.MethodGet || r.Method == http.MethodHead }

var (
	allOrigins    = []string{"*"}
	exposedFields = []string{exposed}
	noSniff       = []string{"nosniff"}
)

// ids makes names for requests: a word of this process and a number.
type ids struct {
	process string
	last    *atomic.Uint64
}

func newIDs() ids { return ids{rand.Text()[:12] + "-", new(atomic.Uint64)} }

func (i ids) next() string {
	b := make([]byte, 0, 32)
	return string(strconv.AppendUint(append(b, i.process...), i.last.Add(1), 10))
}

// requestID takes the id that a proxy gave, if it is a plain word, or makes one.
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

// done is what the log tells of an answer.
type done struct {
	route  string
	status int
	bytes  int64
	id     string
	start  time.Time
	err    error
}

// log writes a line a request: the route and not the address, because queries
// can be personal data.
func (s *Server) log(r *http.Request, d done) {
	end := time.Now()
	if d.status >= http.StatusInternalServerError {
		s.options.Logger.ErrorContext(r.Context(), "request", slog.String("method", r.Method), slog.String("route", d.route),
			slog.Int("status", d.status), slog.Int64("bytes", d.bytes), slog.Duration("duration", end.Sub(d.start)),
			slog.String("request", d.id), slog.Any("error", d.err))
		return
	}
	if s.options.AccessLog == nil {
		return
	}
	line := logLines.Get().(*[]byte)
	*line = appendAccess((*line)[:0], r.Method, d, end)
	_, _ = s.options.AccessLog.Write(*line) // there is nowhere to tell that the log cannot be written
	logLines.Put(line)
}

var logLines = sync.Pool{New: func() any { return new([]byte) }}

// appendAccess writes a line as slog's text handler does, at a fraction of its
// cost. No value needs quotes: methods are tokens, routes and ids plain words.
func appendAccess(b []byte, method string, d done, end time.Time) []byte {
	b = end.AppendFormat(append(b, "time="...), "2006-01-02T15:04:05.000Z07:00")
	b = append(append(b, " level=INFO msg=request method="...), method...)
	if d.route == "" {
		d.route = `""`
	}
	b = append(append(b, " route="...), d.route...)
	b = strconv.AppendInt(append(b, " status="...), int64(d.status), 10)
	b = strconv.AppendInt(append(b, " bytes="...), d.bytes, 10)
	b = append(append(b, " duration="...), end.Sub(d.start).String()...)
	b = append(append(b, " request="...), d.id...)
	return append(b, '\n')
}
