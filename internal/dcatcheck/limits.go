// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Limits bound what a check costs. They are ours: a harvester has only the
// limit for a page.
type Limits struct {
	// Bytes is the size of a file, or of all pages together.
	Bytes int64
	// Pages is the number of pages.
	Pages int
	// Time is how long a check takes, PageTime how long a page takes to answer.
	Time, PageTime time.Duration
	// Memory is the memory of the process in bytes.
	Memory int64
}

// DefaultLimits are enough for any catalogue that GovData harvests today.
var DefaultLimits = Limits{Bytes: 256 << 20, Pages: 500, Time: 10 * time.Minute, PageTime: time.Minute, Memory: 1 << 30}

// limitError is the limit that ended a check.
type limitError string

// Error names the limit and how to raise it.
func (e limitError) Error() string { return string(e) }

func (l Limits) bytesError() error {
	return limitError(fmt.Sprintf("more than %s, the limit for all that is read; --max-size raises it", size(l.Bytes)))
}

func (l Limits) pagesError() error {
	return limitError(fmt.Sprintf("more than %d pages; --max-pages raises the limit", l.Pages))
}

func (l Limits) timeError() error {
	return limitError(fmt.Sprintf("not finished after %s; --timeout raises the limit", l.Time))
}

func (l Limits) pageTimeError() error {
	return limitError(fmt.Sprintf("not answered completely within %s, the limit for a page", l.PageTime))
}

func (l Limits) memoryError() error {
	return limitError(fmt.Sprintf("more than %s of memory needed; --max-memory raises the limit", size(l.Memory)))
}

// size writes a number of bytes.
func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// begin returns a context that ends when the time or the memory is used up.
func (l Limits) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithCancelCause(ctx)
	ctx, cancel := context.WithTimeoutCause(ctx, l.Time, l.timeError())
	go func() {
		ticker := time.NewTicker(20 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if memoryUsed() <= l.Memory {
					continue
				}
				debug.FreeOSMemory() // what is left may be garbage
				if memoryUsed() > l.Memory {
					stop(l.memoryError())
				}
			}
		}
	}()
	return ctx, func() {
		cancel()
		stop(nil)
	}
}

// memoryUsed returns the memory of the Go runtime as its memory limit counts it.
func memoryUsed() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(min(samples[0].Value.Uint64()-samples[1].Value.Uint64(), math.MaxInt64))
}

// limited returns the cause if a limit of ours ended the check.
func limited(err error) (string, bool) {
	limit, ok := errors.AsType[limitError](err)
	return string(limit), ok
}

// counter counts what is read and fails when it is more than allowed.
type counter struct {
	io.Reader
	read, most int64
	err        error
}

// Read reads at most what is allowed.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if c.read += int64(n); c.read > c.most {
		return n, c.err
	}
	return n, err
}
