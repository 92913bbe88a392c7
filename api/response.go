package api

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// chunk is the number of bytes that a client must take within the time that
// Options.WriteTimeout or Options.StreamTimeout gives it.
const chunk = 256 << 10

// responseWriter counts what is sent, and cuts off a client that stops reading:
// every write has a deadline, which is extended as bytes are taken. Time that
// the server spends on making the answer does not count.
type responseWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	// timeout is the time for a chunk.
	timeout time.Duration
	// head says that the body is discarded by net/http.
	head bool
	// modified is the date of the answer if there is one; see
	// release.Releases.Modified.
	modified time.Time

	status int
	bytes  int64
	err    error // the first error of writing

	taken int64         // bytes of this chunk
	spent time.Duration // time spent on them
}

func newResponseWriter(w http.ResponseWriter, r *http.Request, timeout time.Duration) *responseWriter {
	return &responseWriter{
		ResponseWriter: w, control: http.NewResponseController(w),
		timeout: timeout, head: r.Method == http.MethodHead,
	}
}

// Unwrap lets http.ResponseController find the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader starts the answer.
func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// started reports whether the status is sent.
func (w *responseWriter) started() bool { return w.status != 0 }

// Write sends a part of the body.
func (w *responseWriter) Write(b []byte) (n int, err error) {
	if !w.started() {
		w.WriteHeader(http.StatusOK)
	}
	for {
		part := b[n:min(len(b), n+chunk)]
		m, err := w.timed(func() (int64, error) {
			m, err := w.ResponseWriter.Write(part)
			return int64(m), err
		})
		if n += int(m); err != nil || n == len(b) {
			return n, err
		}
	}
}

// ReadFrom sends what is in src, and lets the kernel copy a file (sendfile),
// which echo's response would prevent.
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
	for {
		// The limit and the file must be next to each other for sendfile.
		part := &io.LimitedReader{R: rest.R, N: min(rest.N, chunk)}
		asked := part.N
		m, err := w.timed(func() (int64, error) { return to.ReadFrom(part) })
		n, rest.N = n+m, rest.N-m
		if err != nil || m < asked || rest.N == 0 {
			return n, err
		}
	}
}

// timed sends a part within what is left of the time of this chunk.
func (w *responseWriter) timed(send func() (int64, error)) (int64, error) {
	start := time.Now()
	w.deadline(start.Add(w.timeout - w.spent))
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

// extend gives the client the whole time again, for what net/http still holds.
func (w *responseWriter) extend() { w.deadline(time.Now().Add(w.timeout)) }

func (w *responseWriter) deadline(t time.Time) {
	_ = w.control.SetWriteDeadline(t) // a recorder in a test has none
}
