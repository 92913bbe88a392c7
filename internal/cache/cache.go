// Package cache caches values in memory, limited in bytes, and files in a folder. A
// value is loaded once for concurrent requests. Releases never change, so nothing
// expires; the least used values are evicted.
package cache

import (
	"context"
	"fmt"

	"github.com/maypok86/otter/v2"
)

// Sized is a value that knows its size in bytes.
type Sized interface{ Size() int }

// Cache stores values by key. It is safe for concurrent use.
type Cache[V Sized] struct{ values *otter.Cache[string, V] }

// New returns a cache limited to a number of bytes.
func New[V Sized](bytes int64) (*Cache[V], error) {
	values, err := otter.New(&otter.Options[string, V]{
		MaximumWeight: uint64(bytes),
		Weigher:       func(key string, v V) uint32 { return uint32(len(key) + v.Size()) },
	})
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return &Cache[V]{values}, nil
}

// Peek returns the value of the key if it is cached.
func (c *Cache[V]) Peek(key string) (V, bool) { return c.values.GetIfPresent(key) }

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
