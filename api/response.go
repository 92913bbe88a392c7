// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

const (
	// chunk is the number of bytes that a client must take within Options.WriteTimeout or
	// Options.StreamTimeout.
	chunk = 256 << 10
	// maxPart is the maximum number of bytes sent in one call: a few large parts arrive
	// faster. The first part of a body is only a chunk.
	maxPart = 4 * chunk
)

// responseWriter counts the bytes sent and disconnects clients that stop reading. The
// time that the server takes to build the answer does not count.
type responseWriter struct {
	http.ResponseWriter
	control http.ResponseController
	// timeout is the maximum time for a chunk.
	timeout time.Duration
	// head reports that net/http discards the body.
	head bool
	// modified is the Last-Modified of the answer; see release.Releases.Modified.
	modified time.Time
	// freeSlot is called when the answer starts, and can be called again (limitWork).
	freeSlot func()

	status int
	bytes  int64
	err    error // the first error of writing

	taken int64         // bytes of this chunk
	spent time.Duration // time spent on them
	until time.Time     // the deadline of the connection
}

func newResponseWriter(w http.ResponseWriter, r *http.Request, timeout time.Duration) *responseWriter {
	return &responseWriter{
		ResponseWriter: w, control: *http.NewResponseController(w),
		timeout: timeout, head: r.Method == http.MethodHead, freeSlot: func() {},
	}
}

// Unwrap gives http.ResponseController access to the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader sends the status.
func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		w.freeSlot()
	}
	w.ResponseWriter.WriteHeader(status)
}

// started reports whether the status has been sent.
func (w *responseWriter) started() bool { return w.status != 0 }

// Write sends a part of the body.
func (w *responseWriter) Write(b []byte) (n int, err error) {
	if !w.started() {
		w.WriteHeader(http.StatusOK)
	}
	for size := chunk; ; size = maxPart {
		part := b[n:min(len(b), n+size)]
		m, err := w.timed(int64(len(part)), func() (int64, error) {
			m, err := w.ResponseWriter.Write(part)
			return int64(m), err
		})
		if n += int(m); err != nil || n == len(b) {
			return n, err
		}
	}
}

// ReadFrom sends the content of src. It lets the kernel copy a file (sendfile), which
// echo's response would prevent.
func (w *responseWriter) ReadFrom(src io.Reader) (n int64, err error) {
	to, ok := w.ResponseWriter.(io.ReaderFrom)
	if !ok {
		return io.Copy(struct{ io.Writer }{w}, src)
	}
	if !w.started() {
		w.WriteHeader(http.StatusOK)
	}
	rest, limited := src.(*io.LimitedReader)
	if !limited {
		rest = &io.LimitedReader{R: src, N: 1<<63 - 1}
	}
	for size := int64(chunk); ; size = maxPart {
		// sendfile requires a LimitedReader directly around the file.
		part := &io.LimitedReader{R: rest.R, N: min(rest.N, size)}
		asked := part.N
		m, err := w.timed(asked, func() (int64, error) { return to.ReadFrom(part) })
		n, rest.N = n+m, rest.N-m
		if err != nil || m < asked || rest.N == 0 {
			return n, err
		}
	}
}

// timed sends a part within the time of its chunks, or the remaining time of the current
// chunk if it is smaller.
func (w *responseWriter) timed(size int64, send func() (int64, error)) (int64, error) {
	start := time.Now()
	w.deadline(start.Add(w.timeout*time.Duration(max((size+chunk-1)/chunk, 1)) - w.spent))
	n, err := send()
	w.spent += time.Since(start)
	if w.taken += n; w.taken >= chunk {
		w.taken, w.spent = 0, 0
	}
	if !w.head {
		w.bytes += n
	}
	if err != nil && w.err == nil && !errors.Is(err, http.ErrBodyNotAllowed) {
		w.err = err
	}
	return n, err
}

// extend restarts the timeout.
func (w *responseWriter) extend(now time.Time) { w.deadline(now.Add(w.timeout)) }

// deadline moves the deadline of the connection to t, unless the current one is only a
// little earlier: that way, most answers set it once.
func (w *responseWriter) deadline(t time.Time) {
	if ahead := t.Sub(w.until); ahead < 0 || ahead > w.timeout/16 {
		w.until = t
		_ = w.control.SetWriteDeadline(t) // a recorder in a test has none
	}
}
