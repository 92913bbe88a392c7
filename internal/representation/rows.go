package representation

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/strategy"
)

// Request asks for rows in a format.
type Request struct {
	Release *strategy.Release
	Query   dataset.Query
	Format  encode.Format
	// Single asks for the one row that the query names, not for a collection.
	Single bool
	// File asks for a whole file of the release, under its permanent address.
	File bool
}

// key names the request for the cache.
func (r Request) key() string {
	form := "c"
	if r.Single {
		form = "s"
	} else if r.File {
		form = "f"
	}
	return strings.Join([]string{ReleaseKey(r.Release), r.Query.Dataset.ID, r.Query.Key(), r.Format.Name, r.Format.Dialect, form}, "\x00")
}

// effort is how hard to compress the answer: hard if others will ask the same.
func (r Request) effort() effort {
	if r.Query.Whole() {
		return thorough
	}
	return fast
}

// Rows returns the answer to the request in the coding. It is ErrNotFound if a
// single row does not exist and ErrUnavailable if the database is needed and
// does not answer.
func (s *Service) Rows(ctx context.Context, r Request, c Coding) (*Representation, error) {
	if r.Format.Binary {
		c = Identity // compressed already
	}
	key := r.key()
	load := func(ctx context.Context) (*Representation, error) { return s.make(ctx, r, key) }
	rep, err := s.cached(ctx, key, c, r.effort(), s.limits.Timeout, load)
	if err == nil && s.lasting(rep) || err != nil && !errors.Is(err, errStale) {
		return rep, err
	}
	s.memory.Drop("\x00" + key)
	s.memory.Drop(string(c) + "\x00" + key)
	return s.cached(ctx, key, c, r.effort(), s.limits.Timeout, load)
}

// lasting reports whether a cached answer can still be sent: its file may have been
// deleted or altered, and what is streamed for want of a file may find one now.
func (s *Service) lasting(r *Representation) bool {
	if r.File != nil {
		return s.files.Intact(r.File)
	}
	if r.origin != nil && !s.files.Intact(r.origin) {
		return false
	}
	return !r.makeshift || !s.files.Retry()
}

// make chooses how an answer is made by its size: in memory, in a file, or as a
// stream.
func (s *Service) make(ctx context.Context, r Request, key string) (*Representation, error) {
	if r.Query.Limit > 0 {
		return s.makePage(ctx, r)
	}
	total, err := s.total(ctx, r)
	if err != nil {
		return nil, err
	}
	switch {
	case r.Single && total == 0:
		return nil, strategy.ErrNotFound
	case total*int64(len(r.Query.Columns()))*bytesPerCell <= s.limits.FileBytes:
		return s.makeBody(ctx, r, total)
	case r.Query.Whole():
		return s.makeFile(ctx, r, key, total)
	}
	rep := newHead(s.head(r, total, s.links(r, nil)))
	rep.setStream(s.stableKey(r, key), Identity, func(ctx context.Context, w io.Writer) error { return s.stream(ctx, r, total, w) })
	return rep, nil
}

// bytesPerCell estimates the size of an answer before it is made.
const bytesPerCell = 20

func (s *Service) makeBody(ctx context.Context, r Request, total int64) (*Representation, error) {
	var body bytes.Buffer
	if err := s.encode(ctx, r, total, &body); err != nil {
		return nil, err
	}
	return New(s.head(r, total, s.links(r, nil)), body.Bytes()), nil
}

// makeFile returns the file of a whole dataset, written if it is not there.
func (s *Service) makeFile(ctx context.Context, r Request, key string, total int64) (*Representation, error) {
	name := s.stableKey(r, key)
	file, ok := s.files.Get(name)
	if !ok {
		var err error
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fileTimeout)
		defer cancel()
		file, err = s.files.Create(name, func(w io.Writer) error { return s.encode(ctx, r, total, w) })
		if errors.Is(err, cache.ErrUnusable) {
			return s.makeStream(ctx, r, name, total)
		}
		if err != nil {
			return nil, err
		}
	}
	rep := newHead(s.head(r, total, s.links(r, nil)))
	rep.setFile(file, Identity)
	return rep, nil
}

// makeStream returns what makeFile would, streamed each time. Its length and
// checksum, which the catalogue names, are found by encoding it once.
func (s *Service) makeStream(ctx context.Context, r Request, name string, total int64) (*Representation, error) {
	var length counter
	sum := sha256.New()
	if err := s.encode(ctx, r, total, io.MultiWriter(&length, sum)); err != nil {
		return nil, err
	}
	rep := newHead(s.head(r, total, s.links(r, nil)))
	rep.makeshift = true
	rep.setStream(name, Identity, func(ctx context.Context, w io.Writer) error { return s.stream(ctx, r, total, w) })
	rep.setContent([sha256.Size]byte(sum.Sum(nil)), int64(length), Identity)
	return rep, nil
}

// counter counts the bytes that are written.
type counter int64

// Write counts.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// fileTimeout bounds the writing of one file: it is done once for a release.
const fileTimeout = 10 * time.Minute

// stableKey names the content of an answer beyond one process: by the release's
// content and by all else that stands in the answer.
func (s *Service) stableKey(r Request, key string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%s",
		r.Release.ContentHash, key, s.settings.PublicURL, s.settings.License, s.settings.Attribution))
	return hex.EncodeToString(sum[:])
}

// makePage makes a page. Its rows are read first, because its links stand before
// them.
func (s *Service) makePage(ctx context.Context, r Request) (*Representation, error) {
	memory := pages.Get().(*pageMemory)
	defer pages.Put(memory)
	page, err := s.store.Page(ctx, r.Release, r.Query, &memory.rows)
	if err != nil {
		return nil, err
	}
	total := int64(page.Rows)
	if page.Next != nil || r.Query.After != nil {
		if total, err = s.total(ctx, r); err != nil {
			return nil, err
		}
	}
	links := s.links(r, page.Next)
	memory.body.Reset()
	e := r.Format.New(&memory.body, s.document(ctx, r, total, links))
	if err := page.Each(e.Row); err != nil {
		return nil, err
	}
	if err := e.Close(); err != nil {
		return nil, err
	}
	rep := newHead(s.head(r, total, links))
	rep.setPage(bytes.Clone(memory.body.Bytes()))
	return rep, nil
}

// pageMemory is what the making of a page takes.
type pageMemory struct {
	rows []byte
	body bytes.Buffer
}

var pages = sync.Pool{New: func() any { return new(pageMemory) }}

// encode writes a document of all rows. Fewer rows than the release has are
// none: a store that lost some would be believed.
func (s *Service) encode(ctx context.Context, r Request, total int64, w io.Writer) error {
	e := r.Format.New(w, s.document(ctx, r, total, s.links(r, nil)))
	rows := int64(0)
	err := s.store.Rows(ctx, r.Release, r.Query, func(cells [][]byte) error {
		rows++
		return e.Row(cells)
	})
	if err == nil {
		err = r.complete(rows, total)
	}
	if err != nil {
		return err
	}
	return e.Close()
}

// complete refuses an answer with other rows than were counted.
func (r Request) complete(rows, total int64) error {
	if rows == total || r.Query.After != nil {
		return nil
	}
	return fmt.Errorf("%w: %s of release %s has %d rows, not %d", strategy.ErrUnavailable, r.Query.Dataset.ID, r.Release.ID, rows, total)
}

func (s *Service) head(r Request, total int64, links Links) Head {
	if r.Single {
		total = -1
	}
	return Head{
		ContentType: r.Format.ContentType, Modified: r.Release.Published, Total: total,
		Links: s.linkField(r, links), Disposition: disposition(r), Immutable: r.File,
	}
}

// total is a kept number of rows.
type total int64

// Size is about what an entry takes.
func (total) Size() int { return 64 }

// total is the number of rows that the query finds, pages aside, counted once.
func (s *Service) total(ctx context.Context, r Request) (int64, error) {
	q := r.Query
	q.Sort, q.Fields, q.Limit, q.After = nil, nil, 0, nil
	key := ReleaseKey(r.Release) + "\x00" + q.Dataset.ID + "\x00" + q.Key()
	n, err := s.totals.Get(ctx, key, func(ctx context.Context) (total, error) {
		n, err := s.store.Count(ctx, r.Release, q)
		return total(n), err
	})
	return int64(n), err
}
