// SPDX-License-Identifier: EUPL-1.2

package representation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/domain"
)

// Coding is a content coding (RFC 9110, 8.4.1).
type Coding string

// The supported content codings.
const (
	Identity Coding = ""
	Gzip     Coding = "gzip"
	Brotli   Coding = "br"
	Zstd     Coding = "zstd"
)

// Codings lists the codings; earlier ones are preferred if a client accepts several.
var Codings = []Coding{Brotli, Zstd, Gzip, Identity}

// smallest is the length below which compression is not worthwhile.
const smallest = 860

// effort is a level of compression.
type effort int

const (
	// fast is for responses that are sent once: filtered ones and streams.
	fast effort = iota
	// thorough is for responses that are built once and sent often. Brotli above
	// level 5 takes tens of milliseconds for each page.
	thorough
)

// ErrStale reports that the file of a cached representation is missing or altered. The
// request can be repeated: the file is created again. It is a domain.ErrUnavailable.
var ErrStale = fmt.Errorf("%w: the cached file is missing or altered", domain.ErrUnavailable)

// encoded returns the representation in the coding.
func (s *Service) encoded(plain *Representation, key string, c Coding, e effort) (*Representation, error) {
	if c == Identity || plain.Length >= 0 && plain.Length < smallest {
		return plain, nil
	}
	coded := *plain
	coded.buffer = nil
	coded.Header = maps.Clone(plain.Header)
	switch {
	case plain.Stream != nil:
		coded.setStream(plain.ETag, c, func(ctx context.Context, w io.Writer) error {
			return compress(c, fast, w, func(w io.Writer) error { return plain.Stream(ctx, w) })
		})
	case plain.File != nil && !s.files.Intact(plain.File):
		return nil, ErrStale
	case plain.File != nil:
		file, err := s.files.Create(key+"\x00"+string(c), func(w io.Writer) error {
			return compress(c, e, w, func(w io.Writer) error { return copyFile(context.Background(), w, plain.File.Path) })
		})
		if errors.Is(err, cache.ErrUnusable) {
			coded.makeshift, coded.origin = true, plain.File
			coded.setStream(plain.ETag, c, s.limited(func(ctx context.Context, w io.Writer) error {
				return compress(c, fast, w, func(w io.Writer) error { return copyFile(ctx, w, plain.File.Path) })
			}))
			break
		}
		if err != nil {
			return nil, err
		}
		coded.setFile(file, c)
	default:
		var b bytes.Buffer
		if err := compress(c, e, &b, func(w io.Writer) error { _, err := w.Write(plain.Body); return err }); err != nil {
			return nil, err
		}
		coded.setBody(b.Bytes(), c)
	}
	return &coded, nil
}

// openFile opens a cached file. Somebody may have deleted it after it was found intact.
func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", ErrStale, err)
	}
	return f, err
}

// copyFile writes a cached file until the context ends.
func copyFile(ctx context.Context, w io.Writer, path string) error {
	f, err := openFile(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, readerFunc(func(b []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return f.Read(b)
	}))
	return err
}

type readerFunc func([]byte) (int, error)

// Read calls the function.
func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

// compress passes what write writes to w through a compressor.
func compress(c Coding, e effort, w io.Writer, write func(io.Writer) error) error {
	pool := &compressors[e][slices.Index(Codings, c)]
	kept, ok := pool.Get().(compressor)
	if ok {
		kept.Reset(w)
	} else {
		var err error
		if kept, err = newCompressor(c, e, w); err != nil {
			return fmt.Errorf("%s: %w", c, err)
		}
	}
	if err := write(kept); err != nil {
		return err
	}
	if err := kept.Close(); err != nil {
		return fmt.Errorf("%s: %w", c, err)
	}
	kept.Reset(io.Discard) // release w
	pool.Put(kept)
	return nil
}

// compressor is reused, because a new one allocates up to megabytes.
type compressor interface {
	io.WriteCloser
	Reset(w io.Writer)
}

// compressors are idle ones, by effort and index in Codings.
var compressors [thorough + 1][4]sync.Pool

func newCompressor(c Coding, e effort, w io.Writer) (compressor, error) {
	switch c {
	case Gzip:
		return gzip.NewWriterLevel(w, []int{1, 6}[e])
	case Brotli:
		return brotli.NewWriterLevel(w, []int{1, 5}[e]), nil
	case Zstd:
		level := []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault}[e]
		return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(level))
	}
	return nil, fmt.Errorf("unknown content coding %q", c)
}
