package api

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
)

// Connect makes a server answer over connections that save work where an answer
// is at hand: the lines of its head are sent as they were kept, and together
// with the body in one system call. net/http sorts, copies and checks each field
// anew, and makes two calls. It returns the listener to serve on.
func Connect(server *http.Server, l net.Listener) net.Listener {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, connectionKey{}, c)
	}
	return listener{l}
}

type listener struct{ net.Listener }

// Accept waits for the next connection.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &connection{TCPConn: tcp}, nil
	}
	return c, err
}

// connection is used by one request at a time, as its writer is.
type connection struct {
	*net.TCPConn
	// fields are lines to be inserted into the head that is written next.
	fields  []byte
	id      string
	holding bool
	held    []byte // what was written while holding
	parts   [2][]byte
}

type connectionKey struct{}

func connectionOf(r *http.Request) *connection {
	c, _ := r.Context().Value(connectionKey{}).(*connection)
	return c
}

// insert puts lines and the request's id into the head of the answer, past
// net/http if the connection can do it.
func insert(w http.ResponseWriter, r *http.Request, fields []byte, id string) {
	if c := connectionOf(r); c != nil {
		c.fields, c.id = fields, id
		return
	}
	h := w.Header()
	h["X-Request-Id"] = []string{id}
	for line := range bytes.Lines(fields) {
		name, value, _ := strings.Cut(strings.TrimSuffix(string(line), "\r\n"), ": ")
		h[name] = append(h[name], value)
	}
}

// writeTogether writes the body of an answer so that it goes out with its head.
func writeTogether(w http.ResponseWriter, r *http.Request, body []byte) (int, error) {
	c := connectionOf(r)
	if c == nil {
		return w.Write(body)
	}
	c.holding = true
	n, err := w.Write(body)
	c.holding = false
	if len(c.held) == 0 {
		return n, err
	}
	return n, errors.Join(err, http.NewResponseController(w).Flush(), c.release())
}

// Write sends b, or keeps it for the next part.
func (c *connection) Write(b []byte) (int, error) {
	switch {
	case len(c.held) > 0:
		return len(b), c.together(b)
	case c.holding || c.fields != nil:
		c.keep(b)
		if c.holding {
			return len(b), nil
		}
		return len(b), c.release()
	}
	return c.TCPConn.Write(b)
}

// keep holds b back, with the fields after its first line, which is that of the
// status.
func (c *connection) keep(b []byte) {
	if c.fields != nil {
		status := bytes.IndexByte(b, '\n') + 1
		c.held = append(append(c.held, b[:status]...), c.fields...)
		c.held = append(append(append(c.held, "X-Request-Id: "...), c.id...), "\r\n"...)
		b, c.fields = b[status:], nil
	}
	c.held = append(c.held, b...)
}

// together sends what is held and b in one system call.
func (c *connection) together(b []byte) error {
	c.parts = [2][]byte{c.held, b}
	both := net.Buffers(c.parts[:])
	_, err := both.WriteTo(c.TCPConn)
	c.parts, c.held = [2][]byte{}, c.held[:0]
	return err
}

// release sends what is still held.
func (c *connection) release() error {
	if len(c.held) == 0 {
		return nil
	}
	_, err := c.TCPConn.Write(c.held)
	c.held = c.held[:0]
	return err
}
