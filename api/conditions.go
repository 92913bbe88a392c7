package api

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/representation"
)

// outcome is what the conditions of a request come to.
type outcome int

const (
	met       outcome = iota // the answer is sent
	unchanged                // 304: the client has it
	failed                   // 412
)

var (
	errPrecondition = errors.New("the condition of If-Match or If-Unmodified-Since is not met: the answer is another one")
	errRange        = errors.New("no part of the range asked for exists")
)

// evaluate holds the conditions of a request against an answer, in the order of
// RFC 9110, 13.2.2. Modified is zero if the answer has no Last-Modified; a date
// is then ignored (13.1.3, 13.1.4).
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
	// Not any later date: a client may have it of an answer that was taken back.
	if since, ok := date(r, "If-Modified-Since"); ok && !modified.IsZero() && modified.Equal(since) {
		return unchanged
	}
	return met
}

// date is the date in a field; one that cannot be read is ignored.
func date(r *http.Request, name string) (time.Time, bool) {
	if r.Header[name] == nil {
		return time.Time{}, false
	}
	t, err := http.ParseTime(first(r, name))
	return t, err == nil
}

// matches reports whether the list of entity tags has ours; weak says that a weak
// tag is as good (RFC 9110, 8.8.3.2).
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

// first is the first line of a request's field, whose name is spelled as net/http
// does: http.Header.Get looks at each letter first.
func first(r *http.Request, name string) string {
	if lines := r.Header[name]; len(lines) > 0 {
		return lines[0]
	}
	return ""
}

// maxRanges is how many parts a client may ask for at once; more are answered
// with the whole (RFC 9110, 17.15).
const maxRanges = 10

// requestedRanges returns the field Range as it is to be obeyed, empty for the
// whole, or errRange if no part of it exists. Ranges are for GET, and for answers
// that do not change.
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
			return "", nil // what is not valid is ignored (14.2)
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
		return "", errRange
	}
	return "bytes=" + strings.Join(parts, ","), nil
}

// sameAnswer evaluates If-Range: a strong entity tag, or exactly our date (RFC
// 9110, 13.1.5).
func sameAnswer(r *http.Request, etag string, modified time.Time) bool {
	field := first(r, "If-Range")
	if field == "" || field == etag {
		return true
	}
	since, ok := date(r, "If-Range")
	return ok && !modified.IsZero() && modified.Equal(since)
}

// byteRange reads first-last, first- or -suffix. A length of zero means that
// there are no such bytes.
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

// position reads digits; more than an int64 has are beyond every file.
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
