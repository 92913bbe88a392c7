package representation

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/zielstand/zielstand/internal/strategy"
)

const (
	// streamBuffer is the memory of a stream beside the compressor's.
	streamBuffer = 64 << 10
	// rowsPerLook is after how many rows a stream shows that it is alive.
	rowsPerLook = 256
	// clientTimeout is how long a client may take for some rows.
	clientTimeout = time.Minute
)

// stream writes a large answer from the database to the writer, one of a bounded
// number at a time. It ends when the context does, or when no rows come.
func (s *Service) stream(ctx context.Context, r Request, total int64, w io.Writer) error {
	if err := s.takeStream(ctx); err != nil {
		return err
	}
	defer func() { <-s.streams }()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	alive := time.AfterFunc(s.limits.Timeout, func() { cancel(context.DeadlineExceeded) })
	defer alive.Stop()
	buffer := bufio.NewWriterSize(w, streamBuffer)
	e := r.Format.New(buffer, s.document(ctx, r, total, s.links(r, nil)))
	rows := int64(0)
	err := s.store.Stream(ctx, r.Release, r.Query, func(cells [][]byte) error {
		if rows++; rows%rowsPerLook == 1 {
			alive.Reset(clientTimeout)
		}
		return e.Row(cells)
	})
	if err != nil && context.Cause(ctx) == context.DeadlineExceeded {
		err = fmt.Errorf("%w: no rows in time: %w", strategy.ErrUnavailable, err)
	}
	if err == nil {
		err = r.complete(rows, total)
	}
	if err != nil {
		return err
	}
	if err := e.Close(); err != nil {
		return err
	}
	return buffer.Flush()
}

// takeStream waits for a place among the streams.
func (s *Service) takeStream(ctx context.Context) error {
	select {
	case s.streams <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(s.limits.Timeout):
		return fmt.Errorf("%w: %d large answers are being made", strategy.ErrUnavailable, cap(s.streams))
	}
}
