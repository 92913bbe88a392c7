// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// memo caches answers by the literal request, so that the same request is answered
// without parsing it. An answer is valid for one snapshot of the releases.
type memo struct{ answers *cache.Cache[remembered] }

// remembered is an answer and the snapshot that it was built from.
type remembered struct {
	answer   *representation.Representation
	snapshot *release.Snapshot
	// until is when the answer expires; zero means with the snapshot.
	until time.Time
}

// Size returns the approximate memory of an entry. The body is usually shared with
// the cache of representations; counting it bounds the memory after it is evicted there.
func (r remembered) Size() int { return 256 + r.answer.Size() }

// memoBytes is the maximum memory of the memo.
const memoBytes = 32 << 20

// maxKey is the maximum length of a key.
const maxKey = 512

func newMemo() (*memo, error) {
	answers, err := cache.New[remembered](memoBytes)
	return &memo{answers}, err
}

// requestKey returns everything in a request that determines the answer.
func requestKey(r *http.Request) string {
	return r.RequestURI + "\x00" + first(r, "Accept") + "\x00" + first(r, "Accept-Encoding")
}

// find returns the entry of the key if it is valid; otherwise its answer is nil.
func (m *memo) find(key string, snapshot *release.Snapshot) remembered {
	known, ok := m.answers.Peek(key)
	if ok && known.snapshot == snapshot && (known.until.IsZero() || time.Now().Before(known.until)) {
		return known
	}
	return remembered{}
}

// answered is the context key under which a handler leaves an answer that may be
// cached.
const answered = "answered"

// remember is middleware that answers repeated requests. It takes the snapshot before
// the request is handled: if a release is published in the meantime, the answer may
// belong to the old one and must not be cached for the new one.
func (s *Server) remember(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		snapshot, err := s.releases.Current()
		if err != nil || !isRead(r) {
			return next(c)
		}
		key := requestKey(r)
		if len(key) > maxKey {
			return next(c)
		}
		if known := s.memo.find(key, snapshot); known.answer != nil {
			return s.respond(c, known.answer, known.until)
		}
		if err := next(c); err != nil {
			return err
		}
		if entry, ok := c.Get(answered).(remembered); ok {
			entry.snapshot = snapshot
			s.memo.answers.Put(key, entry)
		}
		return nil
	}
}
