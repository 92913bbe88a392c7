package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// connections is the number of keep-alive connections of the closed loop.
const connections = 32

// load puts requests to one address of the loopback: each connection sends its
// next request when it has read the answer to the last.
type load struct {
	address  string
	requests [][]byte
	// status is what every answer must have.
	status int
	// clients is the number of connections.
	clients int
	// last is when the last answer may begin; most bounds the number of requests.
	last time.Duration
	most int64
}

// outcome is what a load saw.
type outcome struct {
	requests  int
	bytes     int64
	elapsed   time.Duration
	latencies []time.Duration
}

// rate is the number of requests per second.
func (o outcome) rate() float64 { return float64(o.requests) / o.elapsed.Seconds() }

// quantile is the latency that so large a part of the answers did not exceed.
func (o outcome) quantile(part float64) time.Duration {
	if len(o.latencies) == 0 {
		return 0
	}
	return o.latencies[min(len(o.latencies)-1, int(part*float64(len(o.latencies))))]
}

// request is the text of a GET with further header lines.
func request(path string, fields ...string) []byte {
	b := []byte("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n")
	for _, f := range fields {
		b = append(append(b, f...), "\r\n"...)
	}
	return append(b, "\r\n"...)
}

// run runs the load. Anything but the expected status is an error.
func (l load) run(ctx context.Context) (outcome, error) {
	host, _, err := net.SplitHostPort(l.address)
	if err != nil || host != "127.0.0.1" {
		return outcome{}, fmt.Errorf("%s is not on the loopback", l.address)
	}
	ctx, cancel := context.WithTimeout(ctx, l.last+time.Minute)
	defer cancel()
	results := make([]outcome, l.clients)
	failures := make([]error, l.clients)
	begin := time.Now()
	var wait sync.WaitGroup
	for i := range l.clients {
		wait.Go(func() { results[i], failures[i] = l.client(ctx, begin.Add(l.last)) })
	}
	wait.Wait()
	total := outcome{elapsed: time.Since(begin)}
	for _, r := range results {
		total.requests += r.requests
		total.bytes += r.bytes
		total.latencies = append(total.latencies, r.latencies...)
	}
	slices.Sort(total.latencies)
	return total, errors.Join(failures...)
}

func (l load) client(ctx context.Context, last time.Time) (outcome, error) {
	var o outcome
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.address)
	if err != nil {
		return o, err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(deadline)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	in := bufio.NewReaderSize(conn, 64<<10)
	for int64(o.requests) < l.most {
		begin := time.Now()
		if begin.After(last) {
			break
		}
		if _, err := conn.Write(l.requests[rand.IntN(len(l.requests))]); err != nil {
			return o, err
		}
		n, err := readAnswer(in, l.status)
		if err != nil {
			return o, err
		}
		o.requests++
		o.bytes += n
		o.latencies = append(o.latencies, time.Since(begin))
	}
	return o, nil
}

// readAnswer reads an answer, throws its body away and returns its length.
func readAnswer(in *bufio.Reader, want int) (int64, error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < 12 || string(line[9:12]) != strconv.Itoa(want) {
		return 0, fmt.Errorf("answer %q, want %d", line, want)
	}
	length, chunked := int64(0), false
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if value, ok := field(line, "Content-Length: "); ok {
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return 0, err
			}
		} else if _, ok := field(line, "Transfer-Encoding: chunked"); ok {
			chunked = true
		}
	}
	if want == 304 {
		return 0, nil
	}
	if chunked {
		return discardChunks(in)
	}
	n, err := io.CopyN(io.Discard, in, length)
	return n, err
}

func field(line []byte, name string) ([]byte, bool) {
	if len(line) < len(name) || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimRight(line[len(name):], "\r\n"), true
}

// discardChunks reads a chunked body (RFC 9112, 7.1).
func discardChunks(in *bufio.Reader) (int64, error) {
	total := int64(0)
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return total, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(line)), 16, 64)
		if err != nil {
			return total, err
		}
		if _, err := io.CopyN(io.Discard, in, size+2); err != nil {
			return total, err
		}
		if size == 0 {
			return total, nil
		}
		total += size
	}
}
