package representation

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/zielstand/zielstand/internal/domain"
)

// streamBuffer is the memory of a stream beside the compressor's.
const streamBuffer = 64 << 10

// stream writes a large answer, one of a bounded number at a time. It ends with
// the context.
func (s *Service) stream(ctx context.Context, r Request, w io.Writer) error {
	if err := s.takeStream(ctx); err != nil {
		return err
	}
	defer func() { <-s.streams }()
	page, err := s.releases.Query(ctx, r.Release, r.Query)
	if err != nil {
		return err
	}
	buffer := bufio.NewWriterSize(w, streamBuffer)
	if err := s.encode(ctx, r, page, buffer); err != nil {
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
		return fmt.Errorf("%w: %d large answers are being made", domain.ErrUnavailable, cap(s.streams))
	}
}
