package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/representation"
)

// memo remembers the answer to a request as it was spelled, so that one asked
// again is answered without reading it. It begins with the second time: most pages
// are asked for once. An answer is good as long as the snapshot of the releases
// stays.
type memo struct {
	releases *representation.Releases
	answers  *cache.Cache[remembered]
}

// remembered is an answer with the snapshot that it belongs to.
type remembered struct {
	answer   *representation.Representation
	snapshot *representation.Snapshot
	route    string
	// until is when the answer ends to be true; zero means with the snapshot.
	until time.Time
	// whole and unchanged are the lines of the head, as they are sent with status
	// 200 and 304. They lack the request's id, and whole the two fields by which
	// net/http knows how to send the body.
	whole, unchanged []byte
}

// Size is about what an entry takes. The answer is mostly kept elsewhere too,
// but when it has given way there it is still held here.
func (r remembered) Size() int { return 256 + len(r.whole) + len(r.unchanged) + r.answer.Size() }

// memoBytes bounds the memory of the answers remembered.
const memoBytes = 32 << 20

// longest is the length above which a spelling is not remembered.
const longest = 512

func newMemo(releases *representation.Releases) (*memo, error) {
	answers, err := cache.New[remembered](memoBytes)
	return &memo{releases, answers}, err
}

// spelling is what the answer can depend on.
func spelling(r *http.Request) string {
	return r.RequestURI + "\x00" + first(r, "Accept") + "\x00" + first(r, "Accept-Encoding")
}

// find returns what is remembered of the request and true at the time; the answer
// is nil if nothing is.
func (m *memo) find(r *http.Request, at time.Time) remembered {
	snapshot, err := m.releases.Current()
	if err != nil {
		return remembered{}
	}
	known, ok := m.answers.Peek(spelling(r))
	if ok && known.snapshot == snapshot && (known.until.IsZero() || at.Before(known.until)) {
		return known
	}
	return remembered{}
}

// again answers a request that was answered before, past echo, and reports
// whether it did.
func (s *Server) again(w http.ResponseWriter, r *http.Request) bool {
	start := time.Now()
	if !isRead(r) || r.Header["Range"] != nil {
		return false
	}
	joinLines(r.Header)
	known := s.memo.find(r, start)
	if known.answer == nil {
		return false
	}
	id := s.requestID(r)
	status, n := known.send(w, r, id)
	s.log(r, done{known.route, status, int64(n), id, start, nil})
	return true
}

// send sends the answer and returns its status and the number of bytes sent.
func (k remembered) send(w http.ResponseWriter, r *http.Request, id string) (status, n int) {
	if fresh(r, k.answer) {
		insert(w, r, k.unchanged, id)
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified, 0
	}
	insert(w, r, k.whole, id)
	k.answer.SetFraming(w.Header())
	return http.StatusOK, sendWhole(w, r, k.answer)
}

// begun is where a request keeps the snapshot under which it began.
const begun = "snapshot"

// begin notes the snapshot before the request is read: if a release is
// published meanwhile, the answer may be that of the old one and must not be
// remembered for the new.
func (m *memo) begin(c echo.Context) {
	if snapshot, err := m.releases.Current(); err == nil {
		c.Set(begun, snapshot)
	}
}

// keep remembers a finished answer that is in memory: files can vanish and streams
// are made anew.
func (s *Server) keep(c echo.Context, known remembered) {
	snapshot, ok := c.Get(begun).(*representation.Snapshot)
	if !ok {
		return
	}
	known.snapshot = snapshot
	if key := spelling(c.Request()); len(key) <= longest {
		s.memo.answers.Put(key, known)
	}
}

// heads are the lines of the head with status 200 and 304.
func (s *Server) heads(answer *representation.Representation) (whole, unchanged []byte) {
	b := append(make([]byte, 0, 1024), s.lines...)
	for name, value := range validation(answer) {
		b = appendField(b, name, value)
	}
	unchanged = b[:len(b):len(b)]
	for name, value := range answer.Fields {
		b = appendField(b, name, value)
	}
	return b, unchanged
}

// appendField appends the lines of a field as they are sent (RFC 9112, 5).
func appendField(b []byte, name string, values []string) []byte {
	for _, v := range values {
		b = append(append(append(append(b, name...), ": "...), newlines.Replace(v)...), "\r\n"...)
	}
	return b
}

// newlines would begin another field; net/http sends blanks for them.
var newlines = strings.NewReplacer("\r", " ", "\n", " ")
