// Package cache keeps finished values in memory, bounded in bytes. A value is
// made once however many ask for it at the same time. Releases never change, so
// nothing expires: what is not asked for any more gives way.
package cache

import (
	"context"
	"fmt"

	"github.com/maypok86/otter/v2"
)

// Sized is a value that knows how many bytes it keeps.
type Sized interface{ Size() int }

// Cache keeps values by key. It is safe for concurrent use.
type Cache[V Sized] struct{ values *otter.Cache[string, V] }

// New returns a cache that keeps at most so many bytes.
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

// Peek returns the value of the key if it is kept.
func (c *Cache[V]) Peek(key string) (V, bool) { return c.values.GetIfPresent(key) }

// Put keeps a value that was made along with another.
func (c *Cache[V]) Put(key string, v V) { c.values.Set(key, v) }

// Drop forgets the value of the key.
func (c *Cache[V]) Drop(key string) { c.values.Invalidate(key) }

// Get returns the value of the key, made by load if it is not kept. An error is
// not kept.
func (c *Cache[V]) Get(ctx context.Context, key string, load func(context.Context) (V, error)) (V, error) {
	if v, ok := c.values.GetIfPresent(key); ok {
		return v, nil
	}
	return c.values.Get(ctx, key, otter.LoaderFunc[string, V](func(ctx context.Context, _ string) (V, error) {
		return load(ctx)
	}))
}
