// SPDX-License-Identifier: EUPL-1.2

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

// connections is the number of keep-alive connections.
const connections = 32

// load sends requests to an address of the loopback interface. It is a closed loop:
// each connection sends its next request when it has read the previous answer.
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
	host, _, err := net.SplitHostPort(l.address)
	if err != nil || host != "127.0.0.1" {
		return outcome{}, fmt.Errorf("%s is not on the loopback interface", l.address)
	}
	ctx, cancel := context.WithTimeout(ctx, l.duration+time.Minute)
	defer cancel()
	results := make([]outcome, l.clients)
	failures := make([]error, l.clients)
	start := time.Now()
	var wait sync.WaitGroup
	for i := range l.clients {
		wait.Go(func() { results[i], failures[i] = l.client(ctx, start.Add(l.duration)) })
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

func (l load) client(ctx context.Context, end time.Time) (outcome, error) {
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
	for int64(o.requests) < l.maxRequests {
		start := time.Now()
		if start.After(end) {
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
		o.latencies = append(o.latencies, time.Since(start))
	}
	return o, nil
}

// readAnswer reads an answer and returns the length of its body.
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
		if value, ok := header(line, "Content-Length: "); ok {
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return 0, err
			}
		} else if _, ok := header(line, "Transfer-Encoding: chunked"); ok {
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

// header returns the rest of the line after a prefix in any case.
func header(line []byte, prefix string) ([]byte, bool) {
	if len(line) < len(prefix) || !bytes.EqualFold(line[:len(prefix)], []byte(prefix)) {
		return nil, false
	}
	return bytes.TrimRight(line[len(prefix):], "\r\n"), true
}

// discardChunks reads a chunked body and returns its length (RFC 9112, section 7.1).
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
