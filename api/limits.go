package api

import (
	"fmt"
	"net/http"
	"time"

	"github.com/zielstand/zielstand/internal/representation"
)

// What a request may send. net/http refuses more than maxHead and 4 KiB itself,
// with a 431 in plain text.
const (
	maxHead = 16 << 10
	maxURL  = representation.MaxAddress
)

// bodyTimeout is the time for the rest of a body that is not read anyway.
const bodyTimeout = time.Second

// HTTPServer returns a server with the limits that Options name.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.options.ReadTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHead,
		// OPTIONS * passes the middleware too.
		DisableGeneralOptionsHandler: true,
	}
}

// idleTimeout is how long a connection may wait for its next request.
const idleTimeout = 2 * time.Minute

// tooLarge is a request beyond a limit of its size.
type tooLarge struct {
	status int
	detail string
}

func (e *tooLarge) Error() string { return e.detail }

// checkSize refuses an address or fields that are too long (RFC 9110, 15.5.15;
// RFC 6585, 5).
func checkSize(r *http.Request) error {
	if n := len(r.RequestURI); n > maxURL {
		return &tooLarge{http.StatusRequestURITooLong, fmt.Sprintf("the address has %d bytes; at most %d are allowed", n, maxURL)}
	}
	n := len(r.Method) + len(r.RequestURI) + len(r.Host)
	for name, lines := range r.Header {
		for _, line := range lines {
			n += len(name) + len(line) + len(": \r\n")
		}
	}
	if n > maxHead {
		return &tooLarge{http.StatusRequestHeaderFieldsTooLarge, fmt.Sprintf("the header fields have %d bytes with the request line; at most %d are allowed", n, maxHead)}
	}
	return nil
}

// ignoreBody answers a request with a body without waiting for it: no method that
// is served has use for one. net/http would wait before it sends the answer, were
// the connection not to be closed, and after it for as long as it takes.
func ignoreBody(r *http.Request, w *responseWriter) {
	if r.ContentLength == 0 {
		return
	}
	w.Header().Set("Connection", "close")
	_ = w.control.SetReadDeadline(time.Now().Add(bodyTimeout)) // a recorder in a test has none
}
