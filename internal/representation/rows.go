// SPDX-License-Identifier: EUPL-1.2

package representation

import (
	"bufio"
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
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/table"
)

// Request asks for rows in a format.
type Request struct {
	Release *domain.Release
	Query   dataset.Query
	Format  encode.Format
	// Single requests the row with the id in the query instead of a collection.
	Single bool
	// File requests a whole file of the release under its permanent address.
	File bool
}

// key returns the key of the request in the cache.
func (r Request) key() string {
	form := "c"
	if r.Single {
		form = "s"
	} else if r.File {
		form = "f"
	}
	return strings.Join([]string{release.Key(r.Release), r.Query.Dataset.ID, r.Query.Key(), r.Format.Name, r.Format.Dialect, form}, "\x00")
}

// effort returns thorough for whole datasets, which are requested often.
func (r Request) effort() effort {
	if r.Query.Whole() {
		return thorough
	}
	return fast
}

// Rows returns the response to the request in the coding. The error is ErrNotFound if
// a single row does not exist, and ErrUnavailable if the database is needed and does
// not respond.
func (s *Service) Rows(ctx context.Context, r Request, c Coding) (*Representation, error) {
	if r.Format.Binary {
		c = Identity // compressed already
	}
	key := r.key()
	if r.Query.Limit > 0 && !s.asked.Again(string(c)+key) {
		if kept, ok := s.memory.Peek(string(c) + "\x00" + key); ok {
			return kept, nil
		}
		return s.once(ctx, r, key, c)
	}
	return s.checked(ctx, key, c, r.effort(), s.buildTime(), func(ctx context.Context) (*Representation, error) {
		rep, err := s.build(ctx, r, key)
		if err == nil {
			rep.keep()
		}
		return rep, err
	})
}

// once returns a page that is not cached, because nobody has asked for it lately and most
// pages are asked for once: to build one is cheaper than to make room for it.
func (s *Service) once(ctx context.Context, r Request, key string, c Coding) (*Representation, error) {
	ctx, cancel := context.WithTimeout(ctx, s.buildTime())
	defer cancel()
	plain, err := s.build(ctx, r, key)
	if err != nil {
		return nil, err
	}
	plain.Once = true
	coded, err := s.encoded(plain, key, c, r.effort())
	if coded != plain {
		plain.Free()
	}
	return coded, err
}

// checked is cached for responses that may be files.
func (s *Service) checked(ctx context.Context, key string, c Coding, e effort, timeout time.Duration, load func(context.Context) (*Representation, error)) (*Representation, error) {
	rep, err := s.cached(ctx, key, c, e, timeout, load)
	if err == nil && s.lasting(rep) || err != nil && !errors.Is(err, ErrStale) {
		return rep, err
	}
	s.memory.Drop("\x00" + key)
	s.memory.Drop(string(c) + "\x00" + key)
	return s.cached(ctx, key, c, e, timeout, load)
}

// lasting reports whether a cached response is still valid: its file may have been
// deleted or altered, and a makeshift stream can perhaps become a file now.
func (s *Service) lasting(r *Representation) bool {
	if r.File != nil {
		return s.files.Intact(r.File)
	}
	if r.origin != nil && !s.files.Intact(r.origin) {
		return false
	}
	return !r.makeshift || !s.files.Retry()
}

// build builds a response in memory, in a file or as a stream, by its estimated size.
func (s *Service) build(ctx context.Context, r Request, key string) (*Representation, error) {
	page, err := s.releases.Query(ctx, r.Release, r.Query)
	if err != nil {
		return nil, err
	}
	if r.Single && page.Total == 0 {
		return nil, domain.ErrNotFound
	}
	d := s.document(r, page)
	if err := checkNext(d.Links); err != nil {
		return nil, err
	}
	if d.Wide && d.Rows > encode.MaxWide {
		return nil, &domain.Invalid{Name: "layout", Value: dataset.Wide, Rule: fmt.Sprintf("is limited to %d rows, and there are %d; use a filter, or leave layout out", encode.MaxWide, d.Rows)}
	}
	head := s.head(r, d)
	switch {
	case r.Query.Limit > 0 || r.Format.Name == encode.JSONStat.Name || int64(page.Len()*len(r.Query.Columns()))*bytesPerCell <= s.limits.FileBytes:
		return s.buildBody(ctx, r, page, d, head)
	case r.Query.Whole():
		return s.buildFile(ctx, s.stableRowsKey(r, key), head, func(ctx context.Context, w io.Writer) error { return s.encode(ctx, r, page, d, w) },
			s.stream(r))
	}
	rep := newHead(head)
	rep.setStream(s.stableRowsKey(r, key), Identity, s.stream(r))
	return rep, nil
}

// bytesPerCell is used to estimate the size of a response.
const bytesPerCell = 20

func (s *Service) buildBody(ctx context.Context, r Request, page *table.Page, d encode.Document, head Head) (*Representation, error) {
	rep := newHead(head)
	rep.buffer = buffers.Get().(*bytes.Buffer)
	rep.buffer.Reset()
	if err := s.encode(ctx, r, page, d, rep.buffer); err != nil {
		rep.Free()
		return nil, err
	}
	if r.Query.Limit > 0 {
		rep.setPage(rep.buffer.Bytes())
	} else {
		rep.setBody(rep.buffer.Bytes(), Identity)
	}
	return rep, nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// keep takes the body out of its buffer, so that it can be cached.
func (r *Representation) keep() {
	if r.buffer != nil {
		body := bytes.Clone(r.Body)
		r.Free()
		r.Body = body
	}
}

// Free gives the buffer of the body back, which must not be used afterwards. A
// representation that is cached has none.
func (r *Representation) Free() {
	if r.buffer != nil {
		buffers.Put(r.buffer)
		r.buffer, r.Body = nil, nil
	}
}

// writer writes the content of a response.
type writer func(ctx context.Context, w io.Writer) error

// buildFile returns the file with the name, which write writes if necessary. If it
// cannot be written, stream writes each response.
func (s *Service) buildFile(ctx context.Context, name string, head Head, write, stream writer) (*Representation, error) {
	rep := newHead(head)
	file, ok := s.files.Get(name)
	if !ok {
		var err error
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fileTimeout)
		defer cancel()
		file, err = s.files.Create(name, func(w io.Writer) error { return write(ctx, w) })
		if errors.Is(err, cache.ErrUnusable) {
			return rep, rep.setMakeshift(ctx, name, write, stream)
		}
		if err != nil {
			return nil, err
		}
	}
	rep.setFile(file, Identity)
	return rep, nil
}

// setMakeshift makes the response a stream. It writes the content once to compute the
// length and checksum that the catalogue contains.
func (r *Representation) setMakeshift(ctx context.Context, name string, write, stream writer) error {
	var length counter
	sum := sha256.New()
	if err := write(ctx, io.MultiWriter(&length, sum)); err != nil {
		return err
	}
	r.makeshift = true
	r.setStream(name, Identity, stream)
	r.setContent([sha256.Size]byte(sum.Sum(nil)), int64(length), Identity)
	return nil
}

// counter counts the bytes that are written.
type counter int64

// Write adds the length of b.
func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// fileTimeout limits the time to write a file, which happens once for each release.
const fileTimeout = 10 * time.Minute

// stableRowsKey is stableKey for a request, whose key in memory is key.
func (s *Service) stableRowsKey(r Request, key string) string {
	of := r.Release.ContentHash
	if r.perVersion() {
		part, _ := r.Release.Dataset(r.Query.Dataset.ID)
		of = part.ContentHash + part.DescriptionHash + part.Modified.UTC().Format(time.RFC3339Nano)
		key = strings.Join([]string{r.Query.Dataset.ID, r.Query.Key(), r.Format.Name, r.Format.Dialect}, "\x00")
	}
	return s.stableKey(of, key)
}

// stableKey returns a key that is valid beyond this process. It depends on the program, the
// hash of the content and the settings.
func (s *Service) stableKey(hash, key string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%#v", program(), hash, key, s.settings))
	return hex.EncodeToString(sum[:])
}

// perVersion reports whether the content depends on the dataset alone: it is the same for
// all releases that have the same version of the dataset, and under all addresses. Queries
// can depend on other datasets, whose titles they search or include.
func (r Request) perVersion() bool { return r.Format.PerVersion && r.Query.Whole() }

// encode writes the rows of a page as a document.
func (s *Service) encode(ctx context.Context, r Request, page *table.Page, d encode.Document, w io.Writer) error {
	d.Sources = func() ([]encode.Source, error) { return s.sources(ctx, r.Release) }
	d.Codes = func() ([]encode.Code, error) { return s.codes(ctx, r.Release) }
	d.Titles = func(of string) (map[string]dataset.Text, error) { return s.titles(ctx, r.Release, of) }
	d.Immutable = true
	e := r.Format.New(w, d)
	if err := page.Each(ctx, e.Row); err != nil {
		return err
	}
	return e.Close()
}

func (s *Service) head(r Request, d encode.Document) Head {
	return Head{
		ContentType: r.Format.ContentType, Total: d.Meta.Total,
		Links: s.linkField(r, d.Links), Disposition: disposition(r), Immutable: r.File,
	}
}

// streamBuffer is the size of a stream's buffer before compression.
const streamBuffer = 64 << 10

// stream returns the writer of a large response.
func (s *Service) stream(r Request) writer {
	return s.limited(func(ctx context.Context, w io.Writer) error {
		page, err := s.releases.Query(ctx, r.Release, r.Query)
		if err != nil {
			return err
		}
		buffer := bufio.NewWriterSize(w, streamBuffer)
		if err := s.encode(ctx, r, page, s.document(r, page), buffer); err != nil {
			return err
		}
		return buffer.Flush()
	})
}

// limited makes a writer wait for a slot: the number of concurrent streams is limited.
func (s *Service) limited(write writer) writer {
	return func(ctx context.Context, w io.Writer) error {
		select {
		case s.streams <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(s.limits.Timeout):
			s.refused.Add(1)
			return fmt.Errorf("%w: %d large responses are being generated", domain.ErrUnavailable, cap(s.streams))
		}
		defer func() { <-s.streams }()
		return write(ctx, w)
	}
}

// sources returns the documents that rows of the release refer to.
func (s *Service) sources(ctx context.Context, r *domain.Release) ([]encode.Source, error) {
	var out []encode.Source
	d := dataset.Sources
	err := s.releases.Rows(ctx, r, dataset.Query{Dataset: d}, func(cells [][]byte) error {
		cell := func(name string) string { return string(cells[d.Column(name)]) }
		out = append(out, encode.Source{
			ID: cell("id"), Title: dataset.Text{DE: cell("title"), EN: cell("titleEn")}, Publisher: cell("publisher"),
			Published: cell("published"), Reference: cell("reference"), URL: cell("url"),
		})
		return nil
	})
	return out, err
}

// titles returns the titles of the rows of a dataset by their id.
func (s *Service) titles(ctx context.Context, r *domain.Release, of string) (map[string]dataset.Text, error) {
	d := dataset.ByID(of)
	out := map[string]dataset.Text{}
	q := dataset.Query{Dataset: d, Fields: []int{d.Column("id"), d.Column("title"), d.Column("titleEn")}}
	err := s.releases.Rows(ctx, r, q, func(cells [][]byte) error {
		out[string(cells[0])] = dataset.Text{DE: string(cells[1]), EN: string(cells[2])}
		return nil
	})
	return out, err
}

// codes returns the entries of the codelists of the release.
func (s *Service) codes(ctx context.Context, r *domain.Release) ([]encode.Code, error) {
	var out []encode.Code
	d := dataset.Codelists
	err := s.releases.Rows(ctx, r, dataset.Query{Dataset: d}, func(cells [][]byte) error {
		cell := func(name string) string { return string(cells[d.Column(name)]) }
		out = append(out, encode.Code{
			List: cell("codelist"), Code: cell("code"), Title: dataset.Text{DE: cell("title"), EN: cell("titleEn")},
			Definition: dataset.Text{DE: cell("definition"), EN: cell("definitionEn")},
		})
		return nil
	})
	return out, err
}
