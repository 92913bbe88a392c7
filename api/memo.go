package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// memo remembers the answer to a request as it was spelled, so that the same
// request is answered without reading it again. An answer is good as long as the
// snapshot of the releases stays.
type memo struct {
	releases *release.Releases
	answers  *cache.Cache[remembered]
}

// remembered is an answer with the snapshot that it belongs to.
type remembered struct {
	answer   *representation.Representation
	snapshot *release.Snapshot
	// until is when the answer expires; zero means with the snapshot.
	until time.Time
}

// Size is about what an entry takes. The answer is mostly in another cache too,
// but when that one drops it, it is still held here.
func (r remembered) Size() int { return 256 + r.answer.Size() }

// memoBytes bounds the memory of the answers remembered.
const memoBytes = 32 << 20

// longest is the length above which a spelling is not remembered.
const longest = 512

func newMemo(releases *release.Releases) (*memo, error) {
	answers, err := cache.New[remembered](memoBytes)
	return &memo{releases, answers}, err
}

// spelling is what the answer can depend on.
func spelling(r *http.Request) string {
	return r.RequestURI + "\x00" + first(r, "Accept") + "\x00" + first(r, "Accept-Encoding")
}

// find returns what is remembered of the spelling and true at the time; the
// answer is nil if nothing is.
func (m *memo) find(spelling string, snapshot *release.Snapshot, at time.Time) remembered {
	known, ok := m.answers.Peek(spelling)
	if ok && known.snapshot == snapshot && (known.until.IsZero() || at.Before(known.until)) {
		return known
	}
	return remembered{}
}

// answered is the name under which a handler leaves the answer that it wrote, if
// it may be remembered.
const answered = "answered"

// remember answers a request that was answered before. The snapshot is taken
// before the request is read: if a release is published meanwhile, the answer may
// be that of the old one and must not be remembered for the new.
func (s *Server) remember(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		snapshot, err := s.releases.Current()
		if err != nil || !isRead(r) {
			return next(c)
		}
		key := spelling(r)
		if len(key) > longest {
			return next(c)
		}
		if known := s.memo.find(key, snapshot, time.Now()); known.answer != nil {
			return s.respond(c, known.answer, known.until)
		}
		if err := next(c); err != nil {
			return err
		}
		if made, ok := c.Get(answered).(remembered); ok {
			made.snapshot = snapshot
			s.memo.answers.Put(key, made)
		}
		return nil
	}
}
