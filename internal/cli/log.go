package cli

import (
	"io"
	"sync"
	"time"
)

// A server writes a line a request. logBuffer gathers lines for a moment, so
// that not each costs a system call and a place in the queue for it; a program
// that is killed loses the last fifth of a second.
const (
	logDelay  = 200 * time.Millisecond
	logBuffer = 32 << 10
)

// bufferedLog is a writer of whole lines. It is safe for concurrent use.
type bufferedLog struct {
	to io.Writer

	mu      sync.Mutex
	lines   []byte
	waiting bool // for the timer
}

// Write keeps a line until there are many, or some time is over.
func (l *bufferedLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line...)
	if len(l.lines) >= logBuffer {
		return len(line), l.flush()
	}
	if !l.waiting {
		l.waiting = true
		time.AfterFunc(logDelay, l.Flush)
	}
	return len(line), nil
}

// Flush writes what is kept.
func (l *bufferedLog) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = false
	_ = l.flush() // there is nowhere to tell that the log cannot be written
}

func (l *bufferedLog) flush() error {
	if len(l.lines) == 0 {
		return nil
	}
	_, err := l.to.Write(l.lines)
	l.lines = l.lines[:0]
	return err
}
