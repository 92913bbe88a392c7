package api

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

// connected serves bodies of the size that the path names, with a field that
// was inserted.
func connected(t *testing.T) net.Conn {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, err := strconv.Atoi(r.URL.Path[1:])
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		insert(w, r, []byte("Etag: \"x\"\r\n"), r.URL.Path[1:])
		w.Header()["Content-Type"] = []string{"text/plain"}
		w.Header()["Content-Length"] = []string{strconv.Itoa(size)}
		if r.Method == http.MethodGet {
			if n, err := writeTogether(w, r, []byte(strings.Repeat("b", size))); n != size || err != nil {
				t.Errorf("%d of %d bytes, error %v", n, size, err)
			}
		}
	}))
	server.Listener = Connect(server.Config, server.Listener)
	server.Start()
	t.Cleanup(server.Close)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// readAnswer reads an answer of so many bytes.
func readAnswer(t *testing.T, in *bufio.Reader, method string, size int) {
	t.Helper()
	answer, err := http.ReadResponse(in, &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%s of %d bytes: %v", method, size, err)
	}
	body, err := io.ReadAll(answer.Body)
	if want := map[string]int{http.MethodGet: size}[method]; err != nil || len(body) != want || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s of %d bytes: status %d, %d bytes, error %v", method, size, answer.StatusCode, len(body), err)
	}
	h := answer.Header
	if h.Get("Etag") != `"x"` || h.Get("X-Request-Id") != strconv.Itoa(size) || h.Get("Date") == "" || len(h) != 5 {
		t.Fatalf("%s of %d bytes: the head is %v", method, size, h)
	}
}

// TestConnectionSizes asks for bodies of all sizes at which parts of answers go
// out in another way: net/http keeps 2 KiB of a body and 4 KiB of an answer.
func TestConnectionSizes(t *testing.T) {
	t.Parallel()
	c := connected(t)
	in := bufio.NewReader(c)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, from := range []int{0, 1900, 3800, 7800, 8100, 100_000} {
			for size := from; size < from+300; size++ {
				fmt.Fprintf(c, "%s /%d HTTP/1.1\r\nHost: x\r\n\r\n", method, size)
				readAnswer(t, in, method, size)
			}
		}
	}
}

// TestConnectionPipeline sends requests before the answers to the last are read
// (RFC 9112, 9.3.2).
func TestConnectionPipeline(t *testing.T) {
	t.Parallel()
	c := connected(t)
	sizes := []int{10, 3000, 4000, 0, 5000, 20_000, 2047}
	for _, size := range sizes {
		fmt.Fprintf(c, "GET /%d HTTP/1.1\r\nHost: x\r\n\r\n", size)
	}
	in := bufio.NewReader(c)
	for _, size := range sizes {
		readAnswer(t, in, http.MethodGet, size)
	}
	fmt.Fprint(c, "GET /10 HTTP/1.0\r\n\r\n")
	readAnswer(t, in, http.MethodGet, 10)
	if _, err := in.ReadByte(); err != io.EOF {
		t.Errorf("the connection of HTTP/1.0 is still open: %v", err)
	}
}
