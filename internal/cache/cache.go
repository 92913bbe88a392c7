// SPDX-License-Identifier: EUPL-1.2

// Package cache caches values in memory, limited in bytes, and files in a folder. A
// value is loaded once for concurrent requests. Releases never change, so nothing
// expires; the least used values are evicted.
package cache

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
)

// Sized is a value that knows its size in bytes.
type Sized interface{ Size() int }

// Cache stores values by key. It is safe for concurrent use.
type Cache[V Sized] struct {
	values *otter.Cache[string, V]
	uses   uses
}

// Stats count the lookups of a cache, and the bytes that are in it.
type Stats struct {
	Hits, Misses uint64
	Bytes        uint64
}

// uses counts lookups.
type uses struct{ hits, misses atomic.Uint64 }

func (u *uses) count(hit bool) {
	if hit {
		u.hits.Add(1)
	} else {
		u.misses.Add(1)
	}
}

// New returns a cache limited to a number of bytes.
func New[V Sized](bytes int64) (*Cache[V], error) {
	values, err := otter.New(&otter.Options[string, V]{
		MaximumWeight: uint64(bytes),
		Weigher:       func(key string, v V) uint32 { return uint32(len(key) + v.Size()) },
	})
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return &Cache[V]{values: values}, nil
}

// Peek returns the value of the key if it is cached.
func (c *Cache[V]) Peek(key string) (V, bool) {
	v, ok := c.values.GetIfPresent(key)
	c.uses.count(ok)
	return v, ok
}

// Stats returns the uses of the cache: the calls of Peek.
func (c *Cache[V]) Stats() Stats {
	return Stats{c.uses.hits.Load(), c.uses.misses.Load(), c.values.WeightedSize()}
}

// Put stores a value.
func (c *Cache[V]) Put(key string, v V) { c.values.Set(key, v) }

// Drop removes the value of the key.
func (c *Cache[V]) Drop(key string) { c.values.Invalidate(key) }

// Get returns the value of the key, and loads it if it is not cached. Errors are not
// cached.
func (c *Cache[V]) Get(ctx context.Context, key string, load func(context.Context) (V, error)) (V, error) {
	if v, ok := c.values.GetIfPresent(key); ok {
		return v, nil
	}
	return c.values.Get(ctx, key, otter.LoaderFunc[string, V](func(ctx context.Context, _ string) (V, error) {
		return load(ctx)
	}))
}

// Asked remembers which keys were asked for recently. A key is forgotten when another one
// takes its slot. It is safe for concurrent use.
type Asked struct {
	seed  maphash.Seed
	slots [1 << 13]atomic.Uint64
}

// NewAsked returns an empty memory of keys.
func NewAsked() *Asked { return &Asked{seed: maphash.MakeSeed()} }

// Again adds the key, and reports whether it was there.
func (a *Asked) Again(key string) bool {
	sum := maphash.String(a.seed, key)
	return a.slots[sum%uint64(len(a.slots))].Swap(sum) == sum
}

// Recent stores a limited number of values that can be created again at any time, each
// until it has not been used for a while. It is safe for concurrent use.
type Recent[K comparable, V any] struct{ values *otter.Cache[K, V] }

// NewRecent returns an empty store.
func NewRecent[K comparable, V any](size int, idle time.Duration) *Recent[K, V] {
	return &Recent[K, V]{otter.Must(&otter.Options[K, V]{MaximumSize: size, ExpiryCalculator: otter.ExpiryAccessing[K, V](idle)})}
}

// Get returns the value of the key, and creates it if there is none.
func (r *Recent[K, V]) Get(key K, create func() V) V {
	v, _ := r.values.ComputeIfAbsent(key, func() (V, bool) { return create(), false })
	return v
}
