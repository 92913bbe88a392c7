// SPDX-License-Identifier: EUPL-1.2

package representation_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// oneStream is a service with room for one stream that waits shortly.
func oneStream(t testing.TB, s *store.Store) *representation.Service {
	t.Helper()
	out, err := representation.NewService(release.New(s, 64<<20), settings, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: 1, Streams: 1, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func openStream(t testing.TB, s *representation.Service, r *domain.Release, c representation.Coding) *representation.Representation {
	t.Helper()
	rep, err := s.Rows(context.Background(), request(t, r, dataset.Observations, "kind=actual", "csv"), c)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Stream == nil {
		t.Fatal("the answer is not a stream")
	}
	return rep
}

// heapWatch counts bytes and samples the heap from time to time.
type heapWatch struct {
	bytes, looked int64
	peak          uint64
}

// Write counts.
func (w *heapWatch) Write(b []byte) (int, error) {
	w.bytes += int64(len(b))
	if w.bytes-w.looked > 1<<20 {
		w.looked = w.bytes
		runtime.GC()
		w.peak = max(w.peak, heap())
	}
	return len(b), nil
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestStreamMemory streams 150,000 rows, fewer from SQLite, which takes them
// slowly: what is held is a fraction of what is sent. It does not run beside
// other tests, whose memory it would see.
func TestStreamMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it measures memory, which the race detector changes")
	}
	for name, database := range map[string]struct {
		open func(testing.TB) string
		rows int
	}{"sqlite": {storetest.SQLite, 20_000}, "postgres": {storetest.Postgres, 150_000}} {
		t.Run(name, func(t *testing.T) {
			s := storetest.Open(t, database.open(t))
			r := storetest.PublishSynthetic(t, s, database.rows)
			rep := openStream(t, oneStream(t, s), r, representation.Identity)
			runtime.GC()
			before := heap()
			var w heapWatch
			if err := rep.Stream(context.Background(), &w); err != nil {
				t.Fatal(err)
			}
			if w.bytes < int64(database.rows)*80 {
				t.Errorf("only %d bytes were streamed", w.bytes)
			}
			if w.peak > before+uint64(w.bytes)/4 {
				t.Errorf("the heap grew from %d to %d bytes for an answer of %d", before, w.peak, w.bytes)
			}
		})
	}
}

// leaver is a client that goes away after the first bytes.
type leaver struct {
	leave func()
	bytes int64
}

// Write counts, and leaves.
func (l *leaver) Write(b []byte) (int, error) {
	l.bytes += int64(len(b))
	l.leave()
	return len(b), nil
}

// TestStreamEndsWithItsClient stops the query when the client goes away, and
// gives its place to the next.
func TestStreamEndsWithItsClient(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		r := storetest.PublishSynthetic(t, s, 10_000)
		one := oneStream(t, s)
		for _, c := range []representation.Coding{representation.Identity, representation.Gzip} {
			rep := openStream(t, one, r, c)
			ctx, cancel := context.WithCancel(context.Background())
			l := leaver{leave: cancel}
			if err := rep.Stream(ctx, &l); !errors.Is(err, context.Canceled) {
				t.Errorf("%q: error %v", c, err)
			}
			if l.bytes > 1<<20 {
				t.Errorf("%q: %d bytes after the client had gone", c, l.bytes)
			}
		}
		if err := openStream(t, one, r, representation.Identity).Stream(context.Background(), io.Discard); err != nil {
			t.Errorf("the place of the stream is not free: %v", err)
		}
	})
}

// TestStreamsAreBounded turns the second stream away where there is room for
// one.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.PublishSynthetic(t, s, 2000)
	one, err := representation.NewService(release.New(s, 64<<20), settings, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: 1, Streams: 1, Timeout: 10 * time.Second,
	})
	if err != nil {
		t.Fatal(err)
	}
	rep := openStream(t, one, r, representation.Identity)
	refusesSecond(t, rep)
}

// refusesSecond checks that a second stream is refused while a client reads the first.
func refusesSecond(t *testing.T, rep *representation.Representation) {
	t.Helper()
	begun, end := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() { done <- rep.Stream(context.Background(), &slowClient{begun: begun, end: end}) }()
	<-begun
	err := rep.Stream(context.Background(), io.Discard)
	close(end)
	if !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("the second stream: %v", err)
	}
	if err := <-done; err != nil {
		t.Errorf("the first stream: %v", err)
	}
}

// TestMakeshiftIsBounded compresses a file for each request, because the folder can no
// longer be used: within the limits of a stream.
func TestMakeshiftIsBounded(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	r := storetest.PublishSynthetic(t, s, 2000)
	folder := filepath.Join(t.TempDir(), "cache")
	one, err := representation.NewService(release.New(s, 64<<20), settings, representation.Limits{
		CacheBytes: 1 << 20, Folder: folder, FolderBytes: 10 << 20, FileBytes: 1, Streams: 1, Timeout: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := request(t, r, dataset.Observations, "", "csv")
	if plain, err := one.Rows(context.Background(), ask, representation.Identity); err != nil || plain.File == nil {
		t.Fatalf("%+v, error %v", plain, err)
	}
	if err := os.Chmod(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	rep, err := one.Rows(context.Background(), ask, representation.Gzip)
	if err != nil || rep.Stream == nil {
		t.Fatalf("%+v, error %v", rep, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	if err := rep.Stream(ctx, &leaver{leave: cancel}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the client has gone: error %v", err)
	}
	refusesSecond(t, rep)
}

// slowClient reports that it has started to read, and waits for permission to continue.
type slowClient struct {
	begun, end chan struct{}
	reading    bool
}

// Write waits.
func (c *slowClient) Write(b []byte) (int, error) {
	if !c.reading {
		c.reading = true
		close(c.begun)
		<-c.end
	}
	return len(b), nil
}
