// SPDX-License-Identifier: EUPL-1.2

package representation

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
)

// Service builds and caches representations of releases.
type Service struct {
	releases *release.Releases
	memory   *cache.Cache[*Representation]
	asked    *cache.Asked // of pages
	files    *cache.Files
	streams  chan struct{}
	refused  atomic.Uint64 // streams
	single   chan struct{} // slots of CachedForOne
	settings Settings
	limits   Limits
}

// Limits are the resources that the service may use.
type Limits struct {
	// CacheBytes is the maximum size of the cache in memory.
	CacheBytes int64
	// Folder contains large files, FolderBytes in total at most.
	Folder      string
	FolderBytes int64
	// FileBytes is the estimated size above which a response is not cached in memory.
	FileBytes int64
	// Streams is the maximum number of concurrent streams.
	Streams int
	// Timeout is the maximum time for a stream to wait for its slot. A response may take
	// longer to build, see buildTimeout.
	Timeout time.Duration
	// Log receives warnings about the folder and altered files in it; nil discards
	// them.
	Log *slog.Logger
}

// The limits of CachedForOne: concurrent builds, and the time for each.
const (
	singleSlots   = 2
	singleTimeout = 2 * time.Minute
)

// buildTimeout is the maximum time to build a response. What waits for the database ends
// sooner (release.Tables.Timeout); a busy machine must not fail what is in memory.
const buildTimeout = 30 * time.Second

// buildTime returns the maximum time to build a response.
func (s *Service) buildTime() time.Duration { return max(buildTimeout, s.limits.Timeout) }

// NewService returns a service for the releases.
func NewService(releases *release.Releases, settings Settings, limits Limits) (*Service, error) {
	memory, err := cache.New[*Representation](limits.CacheBytes)
	if err != nil {
		return nil, err
	}
	return &Service{
		releases: releases, memory: memory, asked: cache.NewAsked(), files: cache.NewFiles(limits.Folder, limits.FolderBytes, cmp.Or(limits.Log, slog.New(slog.DiscardHandler))),
		streams: make(chan struct{}, limits.Streams), single: make(chan struct{}, singleSlots), settings: settings, limits: limits,
	}, nil
}

// Stats are the uses of the caches and of the streams.
type Stats struct {
	Memory, Files  cache.Stats
	Streams        int
	StreamsRefused uint64
}

// Stats returns the uses of the service so far, and the streams that are running.
func (s *Service) Stats() Stats {
	return Stats{s.memory.Stats(), s.files.Stats(), len(s.streams), s.refused.Load()}
}

// Cached returns the representation with the key in the coding. It calls load if the
// representation is not cached.
func (s *Service) Cached(ctx context.Context, key string, c Coding, load func(context.Context) (*Representation, error)) (*Representation, error) {
	return s.cached(ctx, key, c, thorough, s.buildTime(), load)
}

// CachedForOne is Cached for representations that are expensive and rarely requested.
// Few are built at a time, and building stops when the client disconnects.
func (s *Service) CachedForOne(ctx context.Context, key string, c Coding, load func(context.Context) (*Representation, error)) (*Representation, error) {
	if known, ok := s.memory.Peek(string(c) + "\x00" + key); ok {
		return known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, singleTimeout)
	defer cancel()
	select {
	case s.single <- struct{}{}:
		defer func() { <-s.single }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	plain, ok := s.memory.Peek("\x00" + key)
	if !ok {
		var err error
		if plain, err = load(ctx); err != nil {
			return nil, err
		}
		s.memory.Put("\x00"+key, plain)
	}
	coded, err := s.encoded(plain, key, c, fast)
	if err == nil {
		s.memory.Put(string(c)+"\x00"+key, coded)
	}
	return coded, err
}

// CachedWithFiles is Cached for documents that describe the files of a release. All of
// the files may have to be built first, so it allows more time.
func (s *Service) CachedWithFiles(ctx context.Context, key string, c Coding, load func(context.Context) (*Representation, error)) (*Representation, error) {
	return s.cached(ctx, key, c, thorough, fileTimeout, load)
}

// Put caches a representation without content coding under the key.
func (s *Service) Put(key string, r *Representation) { s.memory.Put("\x00"+key, r) }

// cached builds a representation once for concurrent requests, and completes it if the
// client that caused it disconnects. A client that waits for it stops waiting when it
// disconnects.
func (s *Service) cached(ctx context.Context, key string, c Coding, e effort, timeout time.Duration, load func(context.Context) (*Representation, error)) (*Representation, error) {
	if kept, ok := s.memory.Peek(string(c) + "\x00" + key); ok {
		return kept, nil
	}
	get := func(ctx context.Context, key string, load func(context.Context) (*Representation, error)) (*Representation, error) {
		return s.memory.Get(ctx, key, func(ctx context.Context) (*Representation, error) {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
			defer cancel()
			return load(ctx)
		})
	}
	if c == Identity {
		return get(ctx, "\x00"+key, load)
	}
	return get(ctx, string(c)+"\x00"+key, func(ctx context.Context) (*Representation, error) {
		plain, err := get(ctx, "\x00"+key, load)
		if err != nil {
			return nil, err
		}
		return s.encoded(plain, key, c, e)
	})
}

// heldShare is the part of the cache that the content of a file may fill, as a divisor.
const heldShare = 32

// Held returns the representation with its content in memory if it is a file that is small
// enough: the kernel sends such a file more slowly (ADR 16). The error is ErrStale if
// the file was deleted or altered.
func (s *Service) Held(ctx context.Context, r *Representation) (*Representation, error) {
	if r.File == nil || r.File.Size > s.limits.CacheBytes/heldShare {
		return r, nil
	}
	content, err := s.memory.Get(ctx, "held\x00"+r.File.Path, func(context.Context) (*Representation, error) {
		body, err := os.ReadFile(r.File.Path)
		if err != nil || sha256.Sum256(body) != r.File.Sum {
			return nil, ErrStale
		}
		return &Representation{Body: body}, nil
	})
	if err != nil {
		return nil, err
	}
	held := *r // a file can have several addresses, each with its own headers
	held.Body = content.Body
	return &held, nil
}

// Warm builds the whole datasets of a release in every format and coding, except those
// too large for memory.
func (s *Service) Warm(ctx context.Context, r *domain.Release) error {
	for _, d := range dataset.All {
		part, held := r.Dataset(d.ID)
		if !held || part.Rows*int64(len(d.Columns))*bytesPerCell > s.limits.FileBytes {
			continue
		}
		for _, f := range encode.Formats {
			for _, c := range Codings {
				if _, err := s.Rows(ctx, Request{Release: r, Query: dataset.Query{Dataset: d}, Format: f}, c); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// program identifies this build of the program, because another one may return other
// bytes for the same release and settings.
var program = sync.OnceValue(func() string {
	if sum, err := executableSum(); err == nil {
		return sum
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.String()
	}
	return ""
})

func executableSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
