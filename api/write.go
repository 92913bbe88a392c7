// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

var (
	varyFields = []string{"Accept, Accept-Encoding"}
	revalidate = []string{"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"}
	immutable  = []string{"public, max-age=31536000, immutable"}
	byteRanges = []string{"bytes"}
)

// coding returns the content coding that the request prefers.
func coding(c echo.Context) representation.Coding {
	return negotiateCoding(c.Request().Header.Get("Accept-Encoding"))
}

// writeJSON sends a JSON document that depends only on the snapshot and the key.
func (s *Server) writeJSON(c echo.Context, snapshot *release.Snapshot, key string, document any) error {
	if _, err := negotiateMediaType(c.Request().Header.Get("Accept"), []string{jsonType}); err != nil {
		return err
	}
	return s.writeDocument(c, snapshot, key, document)
}

// writeDocument is writeJSON without negotiation.
func (s *Server) writeDocument(c echo.Context, snapshot *release.Snapshot, key string, document any) error {
	rep, err := s.representations.Cached(c.Request().Context(), key+" "+snapshot.Key(), coding(c), func(context.Context) (*representation.Representation, error) {
		body, err := json.Marshal(document)
		if err != nil {
			return nil, err
		}
		return representation.New(representation.Head{ContentType: jsonType}, append(body, '\n')), nil
	})
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// writePlain sends a text that depends only on the route, the key, the program and its
// settings. It is built once.
func (s *Server) writePlain(c echo.Context, key, contentType string, body func() ([]byte, error)) error {
	return s.writeText(c, key, representation.Head{ContentType: contentType}, body)
}

// writeText is writePlain with other headers.
func (s *Server) writeText(c echo.Context, key string, head representation.Head, body func() ([]byte, error)) error {
	rep, err := s.representations.Cached(c.Request().Context(), "text "+c.Path()+" "+key, coding(c), func(context.Context) (*representation.Representation, error) {
		text, err := body()
		if err != nil {
			return nil, err
		}
		return representation.New(head, text), nil
	})
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// write sends a representation, or 304 if the client already has it.
func (s *Server) write(c echo.Context, r *representation.Representation) error {
	return s.writeUntil(c, r, time.Time{})
}

// writeUntil sends a representation that expires at a time; zero means together
// with the snapshot of the releases. One that expires has no Last-Modified header,
// because it changes without a new release.
func (s *Server) writeUntil(c echo.Context, r *representation.Representation, until time.Time) error {
	r, err := s.representations.Held(c.Request().Context(), r)
	if err != nil {
		return err
	}
	if r.Once {
		defer r.Free()
	} else if r.Body != nil {
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
	outcome := evaluate(request, r.ETag, modified)
	if outcome == failed {
		return errPrecondition
	}
	h := w.Header()
	h["Vary"], h["Cache-Control"] = varyFields, revalidate
	if r.Immutable {
		h["Cache-Control"] = immutable
	}
	if outcome == unchanged { // without Last-Modified (RFC 9110, 15.4.5)
		h["Etag"] = r.Header["Etag"]
		c.Response().WriteHeader(http.StatusNotModified)
		return nil
	}
	maps.Copy(h, r.Header)
	if !modified.IsZero() {
		h["Last-Modified"] = s.lastModified.header(modified)
	}
	if r.Immutable {
		h["Accept-Ranges"] = byteRanges
	}
	if d, ok := s.deprecated[c.Path()]; ok {
		h["Link"] = append(slices.Clip(h["Link"]), d.links(s.publicURL)...)
	}
	switch {
	case r.Stream != nil:
		return s.writeStream(c, w, r)
	case r.File != nil && r.Body == nil:
		f, err := r.Open()
		if err != nil {
			return err
		}
		defer f.Close()
		return writeContent(c, w, r, modified, f)
	case (r.File != nil || r.Immutable) && first(request, "Range") != "":
		return writeContent(c, w, r, modified, bytes.NewReader(r.Body))
	}
	c.Response().WriteHeader(http.StatusOK)
	if request.Method != http.MethodHead {
		_, _ = w.Write(r.Body) // the log has the error
	}
	return nil
}

// lastDate is the last date that was formatted: all answers from a release have the same.
type lastDate struct{ last atomic.Pointer[formatted] }

type formatted struct {
	date   time.Time
	header []string
}

// header returns the value of a header with the date (RFC 9110, 5.6.7).
func (d *lastDate) header(date time.Time) []string {
	last := d.last.Load()
	if last == nil || !last.date.Equal(date) {
		last = &formatted{date, []string{date.UTC().Format(http.TimeFormat)}}
		d.last.Store(last)
	}
	return last.header
}

// writeContent sends content or ranges of it (RFC 9110, 14). The conditions have
// been evaluated, so net/http only writes the parts.
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

// writeStream sends an answer while it is built. An error before the first byte becomes a
// problem; after it the connection is closed, so that the client does not mistake a part
// for the whole.
func (s *Server) writeStream(c echo.Context, w *responseWriter, r *representation.Representation) error {
	if c.Request().Method == http.MethodHead {
		c.Response().WriteHeader(http.StatusOK)
		return nil
	}
	w.freeSlot() // cache.streams limits streams
	w.timeout = s.options.StreamTimeout
	return r.Stream(c.Request().Context(), c.Response())
}

// outcome is the result of the conditions of a request.
type outcome int

const (
	met       outcome = iota // the answer is sent
	unchanged                // 304: the client has it
	failed                   // 412
)

var errPrecondition = &refused{http.StatusPreconditionFailed, "the condition in If-Match or If-Unmodified-Since is not met, because the content has changed"}

// outOfRange returns the error for a Range header of which nothing is within the file.
func outOfRange(field string, size int64) error {
	return &refused{http.StatusRequestedRangeNotSatisfiable, fmt.Sprintf("Range (%s) must be within the file, which has %d bytes", domain.Shorten(field), size)}
}

// evaluate evaluates the conditions of a request in the order of RFC 9110, 13.2.2.
// If modified is zero, the answer has no Last-Modified header and conditions with a
// date are ignored (13.1.3, 13.1.4).
func evaluate(r *http.Request, etag string, modified time.Time) outcome {
	if tags := first(r, "If-Match"); tags != "" {
		if !matches(tags, etag, false) {
			return failed
		}
	} else if since, ok := date(r, "If-Unmodified-Since"); ok && !modified.IsZero() && modified.After(since) {
		return failed
	}
	if tags := first(r, "If-None-Match"); tags != "" {
		if matches(tags, etag, true) {
			return unchanged
		}
		return met
	}
	// Later dates do not count: a client may have one from a release that was withdrawn.
	if since, ok := date(r, "If-Modified-Since"); ok && !modified.IsZero() && modified.Equal(since) {
		return unchanged
	}
	return met
}

// date returns the date in a header, unless it is malformed.
func date(r *http.Request, name string) (time.Time, bool) {
	if r.Header[name] == nil {
		return time.Time{}, false
	}
	t, err := http.ParseTime(first(r, name))
	return t, err == nil
}

// matches reports whether a list of entity tags contains etag, by weak or strong
// comparison (RFC 9110, 8.8.3.2).
func matches(tags, etag string, weak bool) bool {
	if strings.TrimSpace(tags) == "*" {
		return true
	}
	for tag := range strings.SplitSeq(tags, ",") {
		tag = strings.TrimSpace(tag)
		if weak {
			tag = strings.TrimPrefix(tag, "W/")
		}
		if tag == etag {
			return true
		}
	}
	return false
}

// first returns the first value of a header, whose name must be in canonical form.
// It avoids the canonicalization of http.Header.Get.
func first(r *http.Request, name string) string {
	if lines := r.Header[name]; len(lines) > 0 {
		return lines[0]
	}
	return ""
}

// maxRanges is the maximum number of parts in a response. If more are requested,
// the whole is sent (RFC 9110, 17.15).
const maxRanges = 10

// requestedRanges returns the Range header to apply, empty for the whole content,
// or outOfRange if none of the ranges exists.
func requestedRanges(r *http.Request, rep *representation.Representation, modified time.Time) (string, error) {
	field := first(r, "Range")
	if field == "" || r.Method != http.MethodGet || len(r.Header["Range"]) > 1 || !sameAnswer(r, rep.ETag, modified) {
		return "", nil
	}
	unit, list, _ := strings.Cut(field, "=")
	if !strings.EqualFold(strings.TrimSpace(unit), "bytes") {
		return "", nil
	}
	var parts []string
	total, valid := int64(0), false
	for part := range strings.SplitSeq(list, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue // RFC 9110, 5.6.1.2
		}
		start, length, ok := byteRange(part, rep.Length)
		if !ok {
			return "", nil // an invalid header is ignored (14.2)
		}
		valid = true
		if total += length; length > 0 {
			parts = append(parts, strconv.FormatInt(start, 10)+"-"+strconv.FormatInt(start+length-1, 10))
		}
	}
	switch {
	case !valid || len(parts) > maxRanges || total > rep.Length:
		return "", nil
	case len(parts) == 0:
		return "", outOfRange(field, rep.Length)
	}
	return "bytes=" + strings.Join(parts, ","), nil
}

// sameAnswer evaluates If-Range: a strong entity tag, or exactly the date of the
// answer (RFC 9110, 13.1.5).
func sameAnswer(r *http.Request, etag string, modified time.Time) bool {
	field := first(r, "If-Range")
	if field == "" || field == etag {
		return true
	}
	since, ok := date(r, "If-Range")
	return ok && !modified.IsZero() && modified.Equal(since)
}

// byteRange parses first-last, first- or -suffix. A length of zero means that the
// range is outside the content.
func byteRange(s string, size int64) (start, length int64, ok bool) {
	from, to, dash := strings.Cut(s, "-")
	from, to = strings.TrimSpace(from), strings.TrimSpace(to)
	if !dash || from == "" && to == "" {
		return 0, 0, false
	}
	last := size - 1
	if to != "" {
		n, ok := position(to)
		if !ok {
			return 0, 0, false
		}
		if from == "" {
			n = min(n, size)
			return size - n, n, true
		}
		last = min(last, n)
		if f, ok := position(from); ok && f > n {
			return 0, 0, false
		}
	}
	start, ok = position(from)
	if !ok {
		return 0, 0, false
	}
	return start, max(0, last-start+1), true
}

// position parses digits. A number too large for an int64 is beyond every file.
func position(s string) (int64, bool) {
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 1<<62 - 1, true
	}
	return n, err == nil
}
