// SPDX-License-Identifier: EUPL-1.2

package cache_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/zielstand/zielstand/internal/cache"
)

type text string

func (t text) Size() int { return len(t) }

func open(t *testing.T, bytes int64) *cache.Cache[text] {
	t.Helper()
	c, err := cache.New[text](bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGetLoadsOnce(t *testing.T) {
	t.Parallel()
	c := open(t, 1<<20)
	var loads atomic.Int64
	begun := make(chan struct{})
	load := func(context.Context) (text, error) {
		if loads.Add(1) == 1 {
			close(begun)
		}
		return "value", nil
	}
	var wait sync.WaitGroup
	for range 50 {
		wait.Go(func() {
			if v, err := c.Get(context.Background(), "key", load); v != "value" || err != nil {
				t.Errorf("got %q and the error %v", v, err)
			}
		})
	}
	<-begun
	wait.Wait()
	if n := loads.Load(); n != 1 {
		t.Errorf("the value was made %d times", n)
	}
	if v, ok := c.Peek("key"); !ok || v != "value" {
		t.Errorf("Peek gave %q, %v", v, ok)
	}
	if _, ok := c.Peek("other"); ok {
		t.Error("Peek found what was never made")
	}
}

func TestErrorIsNotKept(t *testing.T) {
	t.Parallel()
	c := open(t, 1<<20)
	broken := errors.New("broken")
	if _, err := c.Get(context.Background(), "key", func(context.Context) (text, error) { return "", broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if _, ok := c.Peek("key"); ok {
		t.Error("the failure was kept")
	}
	if v, err := c.Get(context.Background(), "key", func(context.Context) (text, error) { return "value", nil }); v != "value" || err != nil {
		t.Errorf("after the failure: %q, error %v", v, err)
	}
}

func TestPutAndDrop(t *testing.T) {
	t.Parallel()
	c := open(t, 1<<20)
	c.Put("key", "value")
	if v, ok := c.Peek("key"); !ok || v != "value" {
		t.Errorf("Peek gave %q, %v", v, ok)
	}
	c.Drop("key")
	if v, ok := c.Peek("key"); ok {
		t.Errorf("dropped, but there: %q", v)
	}
}

// TestBounded makes a hundred times as many bytes as may be kept.
func TestBounded(t *testing.T) {
	t.Parallel()
	const limit, size = 100_000, 1000
	c := open(t, limit)
	value := text(strings.Repeat("x", size))
	for i := range 10_000 {
		if _, err := c.Get(context.Background(), fmt.Sprint(i), func(context.Context) (text, error) { return value, nil }); err != nil {
			t.Fatal(err)
		}
	}
	kept := 0
	for range 1000 { // values give way in the background
		kept = 0
		for i := range 10_000 {
			if _, ok := c.Peek(fmt.Sprint(i)); ok {
				kept += size
			}
		}
		if kept <= limit {
			break
		}
		runtime.Gosched()
	}
	if kept > limit || kept == 0 {
		t.Errorf("%d bytes are kept, at most %d may be", kept, limit)
	}
}

// TestAsked expects that a key is known from the second time on, until another one takes its
// slot.
func TestAsked(t *testing.T) {
	t.Parallel()
	asked := cache.NewAsked()
	if asked.Again("a") || !asked.Again("a") || !asked.Again("a") {
		t.Error("a key is not known from the second time on")
	}
	known := 0
	for i := range 1000 {
		asked.Again(fmt.Sprint(i))
	}
	for i := range 1000 {
		if asked.Again(fmt.Sprint(i)) {
			known++
		}
	}
	if known < 700 {
		t.Errorf("%d of the last 1,000 keys are known", known)
	}
}
