// SPDX-License-Identifier: EUPL-1.2

package cache_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/zielstand/zielstand/internal/cache"
)

// BenchmarkGet finds values that are kept, from all cores.
func BenchmarkGet(b *testing.B) {
	c, err := cache.New[text](1 << 20)
	if err != nil {
		b.Fatal(err)
	}
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprint("key ", i)
		c.Put(keys[i], "value")
	}
	load := func(context.Context) (text, error) { return "value", nil }
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			if _, err := c.Get(context.Background(), keys[i%len(keys)], load); err != nil {
				b.Error(err)
			}
		}
	})
}
