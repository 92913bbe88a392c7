// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// connections is the number of keep-alive connections.
const connections = 32

// load sends requests to an address of the loopback interface. It is a closed loop:
// each connection sends its next request when it has read the previous answer. A
// thread per core waits for its connections with epoll(7), because every microsecond that
// the load takes is missing from the servers on the same machine.
type load struct {
	address  string
	requests [][]byte
	status   int // required of every answer
	clients  int // number of connections
	// No request is sent after the duration, and each client sends at most maxRequests.
	duration    time.Duration
	maxRequests int64
}

// outcome is the result of a load.
type outcome struct {
	requests  int
	bytes     int64
	elapsed   time.Duration
	latencies []time.Duration
}

// rate returns the requests per second.
func (o outcome) rate() float64 { return float64(o.requests) / o.elapsed.Seconds() }

// quantile returns the latency that the fraction of the answers did not exceed.
func (o outcome) quantile(fraction float64) time.Duration {
	if len(o.latencies) == 0 {
		return 0
	}
	return o.latencies[min(len(o.latencies)-1, int(fraction*float64(len(o.latencies))))]
}

// request returns the text of a GET request with additional header lines.
func request(path string, headers ...string) []byte {
	b := []byte("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n")
	for _, f := range headers {
		b = append(append(b, f...), "\r\n"...)
	}
	return append(b, "\r\n"...)
}

// run runs the load. Any other status than the expected one is an error.
func (l load) run(ctx context.Context) (outcome, error) {
	address, err := netip.ParseAddrPort(l.address)
	if err != nil || address.Addr().String() != "127.0.0.1" {
		return outcome{}, fmt.Errorf("%s is not on the loopback interface", l.address)
	}
	ctx, cancel := context.WithTimeout(ctx, l.duration+time.Minute)
	defer cancel()
	threads := min(runtime.NumCPU(), l.clients)
	results, failures := make([]outcome, threads), make([]error, threads)
	start := time.Now()
	var wait sync.WaitGroup
	for i := range threads {
		clients := (l.clients + i) / threads
		wait.Go(func() { results[i], failures[i] = l.serve(ctx, address, clients, start.Add(l.duration)) })
	}
	wait.Wait()
	total := outcome{elapsed: time.Since(start)}
	for _, r := range results {
		total.requests += r.requests
		total.bytes += r.bytes
		total.latencies = append(total.latencies, r.latencies...)
	}
	slices.Sort(total.latencies)
	return total, errors.Join(failures...)
}

// serve sends the requests of some of the clients.
func (l load) serve(ctx context.Context, address netip.AddrPort, clients int, end time.Time) (o outcome, err error) {
	poll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return o, err
	}
	defer syscall.Close(poll)
	waiting := map[int32]*client{}
	for range clients {
		c, err := connect(poll, address)
		if err != nil {
			return o, err
		}
		defer syscall.Close(c.fd)
		waiting[int32(c.fd)] = c
		if err := l.send(c); err != nil {
			return o, err
		}
	}
	events, buffer := make([]syscall.EpollEvent, clients), make([]byte, 256<<10)
	for len(waiting) > 0 {
		n, err := syscall.EpollWait(poll, events, 1000)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			return o, err
		}
		if err := ctx.Err(); err != nil {
			return o, err
		}
		for _, e := range events[:max(n, 0)] {
			c := waiting[e.Fd]
			if done, err := c.receive(buffer, l.status); err != nil {
				return o, err
			} else if !done {
				continue
			}
			now := time.Now()
			o.requests++
			o.bytes += c.bytes
			o.latencies = append(o.latencies, now.Sub(c.sent))
			if c.requests == l.maxRequests || now.After(end) {
				delete(waiting, e.Fd)
			} else if err := l.send(c); err != nil {
				return o, err
			}
		}
	}
	return o, nil
}

// send sends a request at random.
func (l load) send(c *client) error {
	c.answerReader = answerReader{line: c.line[:0]}
	c.requests++
	c.sent = time.Now()
	r := l.requests[rand.IntN(len(l.requests))]
	n, err := syscall.Write(c.fd, r)
	if err == nil && n < len(r) {
		err = io.ErrShortWrite
	}
	return err
}

// client is a connection.
type client struct {
	fd       int
	requests int64
	sent     time.Time // when it sent the latest
	answerReader
}

func connect(poll int, address netip.AddrPort) (*client, error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(address.Port()), Addr: address.Addr().As4()}),
		syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1),
		syscall.SetNonblock(fd, true),
		syscall.EpollCtl(poll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}))
	if err != nil {
		_ = syscall.Close(fd)
		return nil, err
	}
	return &client{fd: fd}, nil
}

// receive reads what has arrived, and reports whether the answer is complete.
func (c *client) receive(buffer []byte, status int) (bool, error) {
	n, err := syscall.Read(c.fd, buffer)
	switch {
	case errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR):
		return false, nil
	case err != nil:
		return false, err
	case n == 0:
		return false, io.ErrUnexpectedEOF
	}
	return c.read(buffer[:n], status)
}

// answerReader reads an answer that arrives in parts (RFC 9112).
type answerReader struct {
	next    part
	line    []byte // the part received of a line
	skip    int64  // bytes to come before the next part
	length  int64  // Content-Length
	chunked bool
	bytes   int64 // of the body
}

// part is a part of an answer.
type part int

const (
	statusLine part = iota
	headerLine
	chunkSize
	end
)

// read reads some bytes of an answer, and reports whether they complete it.
func (a *answerReader) read(b []byte, status int) (bool, error) {
	for {
		n := min(a.skip, int64(len(b)))
		a.skip, b = a.skip-n, b[n:]
		if a.skip > 0 {
			return false, nil
		}
		if a.next == end {
			if len(b) > 0 {
				return false, fmt.Errorf("%d bytes after the answer", len(b))
			}
			return true, nil
		}
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			a.line = append(a.line, b...)
			return false, nil
		}
		line := append(a.line, b[:i+1]...)
		a.line, b = line[:0], b[i+1:]
		if err := a.readLine(line, status); err != nil {
			return false, err
		}
	}
}

func (a *answerReader) readLine(line []byte, status int) (err error) {
	switch a.next {
	case statusLine:
		if len(line) < 12 || string(line[9:12]) != strconv.Itoa(status) {
			return fmt.Errorf("answer %q, want %d", line, status)
		}
		a.next = headerLine
	case headerLine:
		if value, ok := header(line, "Content-Length: "); ok {
			a.length, err = strconv.ParseInt(string(value), 10, 64)
		} else if _, ok := header(line, "Transfer-Encoding: chunked"); ok {
			a.chunked = true
		} else if len(line) > 2 {
			return nil
		} else if a.chunked {
			a.next = chunkSize
		} else if a.next = end; status != 304 {
			a.skip, a.bytes = a.length, a.length
		}
	case chunkSize:
		size := int64(0)
		if size, err = strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64); size == 0 {
			a.next = end
		}
		a.skip = size + 2 // the chunk is followed by an empty line, the last one consists of that
		a.bytes += size
	}
	return err
}

// header returns the rest of the line after a prefix in any case.
func header(line []byte, prefix string) ([]byte, bool) {
	if len(line) < len(prefix) || !bytes.EqualFold(line[:len(prefix)], []byte(prefix)) {
		return nil, false
	}
	return bytes.TrimRight(line[len(prefix):], "\r\n"), true
}
