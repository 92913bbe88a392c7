package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/representation"
)

// memo remembers the answer to a request as it was spelled, so that one asked
// again is answered without reading it. An answer is good as long as the
// snapshot of the releases stays.
type memo struct {
	releases *representation.Releases
	answers  *cache.Cache[remembered]
}

// remembered is an answer with the snapshot that it belongs to.
type remembered struct {
	answer   *representation.Representation
	snapshot *representation.Snapshot
	route    string
}

// Size is about what an entry takes. The answer is mostly kept elsewhere too,
// but when it has given way there it is still held here.
func (r remembered) Size() int { return 256 + r.answer.Size() }

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
	return r.RequestURI + "\x00" + r.Header.Get("Accept") + "\x00" + r.Header.Get("Accept-Encoding")
}

// find returns what is remembered of the request; the answer is nil if nothing
// is.
func (m *memo) find(r *http.Request) remembered {
	snapshot, err := m.releases.Current()
	if err != nil {
		return remembered{}
	}
	if known, ok := m.answers.Peek(spelling(r)); ok && known.snapshot == snapshot {
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
	known := s.memo.find(r)
	if known.answer == nil {
		return false
	}
	id := requestID(r)
	s.setCommon(w.Header(), id)
	status, n := sendBody(w, r, known.answer)
	s.log(r, done{known.route, status, int64(n), id, time.Since(start), nil})
	return true
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

// keep remembers finished answers in memory; files can vanish and streams are
// made anew.
func (m *memo) keep(c echo.Context, answer *representation.Representation) {
	snapshot, ok := c.Get(begun).(*representation.Snapshot)
	if !ok || answer.File != nil || answer.Stream != nil {
		return
	}
	if key := spelling(c.Request()); len(key) <= longest {
		m.answers.Put(key, remembered{answer, snapshot, c.Path()})
	}
}
