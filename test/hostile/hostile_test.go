// SPDX-License-Identifier: EUPL-1.2

package hostile

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

// The limits of every answer.
const (
	patience  = time.Minute // for one answer on a machine that is busy
	maxHead   = 12 << 10    // response headers
	maxBody   = 4 << 20
	maxError  = 64 << 10 // body of an error
	leastSize = 150      // requests in the file
)

// request is a line of testdata/requests.txt.
type request struct {
	line int
	text string // as it is written in the file
	raw  []byte // as it is sent
	// status and words are what the response must have. plain means that net/http itself
	// responds, in plain text.
	status int
	words  []string
	plain  bool
}

// TestRequests sends each request on a connection of its own.
func TestRequests(t *testing.T) {
	t.Parallel()
	requests := readRequests(t, "testdata/requests.txt")
	if len(requests) < leastSize {
		t.Fatalf("%d requests, at least %d are expected", len(requests), leastSize)
	}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		storetest.Publish(t, s)
		address := serve(t, s)
		for _, r := range requests {
			t.Run(strconv.Itoa(r.line), func(t *testing.T) {
				t.Parallel()
				check(t, address, r)
			})
		}
	})
}

// TestTwice sends each request twice: what the first leaves in a cache must not
// change the answer to the second.
func TestTwice(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.Publish(t, s)
	address := serve(t, s)
	for _, r := range readRequests(t, "testdata/requests.txt") {
		first, _ := send(t, address, r.raw)
		second, body := send(t, address, r.raw)
		if first.StatusCode != second.StatusCode || first.Header.Get("Etag") != second.Header.Get("Etag") || int64(len(body)) > maxBody {
			t.Errorf("line %d, %.200s: %s, then %s", r.line, r.text, first.Status, second.Status)
		}
	}
}

var parameter = regexp.MustCompile(`\{[^}]+\}`)

// TestEveryRoute puts hostile values into the path parameters of every route, and
// appends hostile queries and slashes.
func TestEveryRoute(t *testing.T) {
	t.Parallel()
	values := []string{"%00", "a%00b", "%ff", "%C3%A4", "%2e%2e", "%2f", "x.svg", "%00.svg", "x.csv", ".csv", "'", "%25", "-1", strings.Repeat("x", 4000), "%0d%0aX:%20y"}
	queries := []string{"?", "?%00=1", "?a=1&a=2", "?release=%00", "?release=", "?q=%00", "?q=%ff&q=%ff", "?limit=-1", "?%", "?" + strings.Repeat("x", 9000)}
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		storetest.Publish(t, s)
		server := start(t, s)
		address := listen(t, server)
		for _, route := range server.Routes() {
			paths := []string{route}
			if parameter.MatchString(route) {
				paths = nil
				for _, v := range append(values, "latest", "goals", "ts2-01") {
					paths = append(paths, parameter.ReplaceAllLiteralString(route, v))
				}
			}
			var targets []string
			for _, path := range paths {
				targets = append(targets, path, path+"/")
			}
			for _, q := range queries {
				targets = append(targets, paths[len(paths)-1]+q)
			}
			for _, target := range targets {
				raw := "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
				answer, body := send(t, address, []byte(raw))
				if answer.StatusCode >= 500 || answer.StatusCode >= 400 && (answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("Content-Type") != "application/problem+json" || len(body) > maxError) {
					t.Errorf("%.200s: %s %v\n%.300s", target, answer.Status, answer.Header, body)
				}
				if strings.HasSuffix(target, "/") && len(target) > 1 && target != "/v1/" && answer.StatusCode < 300 {
					t.Errorf("%.200s: %s", target, answer.Status)
				}
			}
		}
	})
}

// serve runs the interface and returns its address.
func serve(t *testing.T, s *store.Store) string {
	t.Helper()
	return listen(t, start(t, s))
}

// start returns the API over the releases of the store.
func start(t *testing.T, s *store.Store) *api.Server {
	t.Helper()
	now := time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC)
	handler, _ := apitest.New(t, s, apitest.Options{Now: func() time.Time { return now }})
	now = now.Add(time.Hour)
	return handler
}

// listen serves until the test ends.
func listen(t *testing.T, handler *api.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := handler.HTTPServer()
	server.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// check sends a request and compares the response with the line and with what holds for
// every response.
func check(t *testing.T, address string, r request) {
	t.Helper()
	answer, body := send(t, address, r.raw)
	bad := func(format string, args ...any) {
		t.Helper()
		t.Errorf("line %d, %.200s: %s\n%s %v\n%.600s", r.line, r.text, fmt.Sprintf(format, args...), answer.Status, answer.Header, body)
	}
	if answer.StatusCode != r.status {
		bad("the status is not %d", r.status)
	}
	for _, word := range r.words {
		if !strings.Contains(string(body), word) && !strings.Contains(fmt.Sprint(answer.Header), word) {
			bad("the answer does not say %s", word)
		}
	}
	if answer.StatusCode >= 500 && !r.plain {
		bad("an error of ours")
	}
	head := 0
	for name, values := range answer.Header {
		for _, v := range values {
			head += len(name) + len(v) + 4
		}
	}
	if head > maxHead || len(body) > maxBody {
		bad("%d bytes of headers, %d of content", head, len(body))
	}
	mediaType, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	switch {
	case r.plain:
		if mediaType != "text/plain" || !answer.Close {
			bad("net/http answers otherwise")
		}
		return
	case answer.Header.Get("X-Request-Id") == "" || answer.Header.Get("Access-Control-Allow-Origin") != "*":
		bad("the fields of every answer are missing")
	}
	if answer.StatusCode < 400 {
		return
	}
	if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("Etag") != "" || answer.Header.Get("Last-Modified") != "" {
		bad("the error may be cached")
	}
	if len(body) > maxError {
		bad("%d bytes of an error", len(body))
	}
	if mediaType == "text/html" && strings.Contains(r.text, "text/html") {
		return
	}
	if mediaType != "application/problem+json" {
		bad("the error is of the type %s", mediaType)
	}
	if strings.HasPrefix(string(r.raw), "HEAD ") {
		return
	}
	var problem struct {
		Type, Title, Detail, RequestID string
		Status                         int
	}
	if err := json.Unmarshal(body, &problem); err != nil || problem.Status != answer.StatusCode || problem.Type == "" || problem.Title == "" ||
		problem.Detail == "" || problem.RequestID != answer.Header.Get("X-Request-Id") {
		bad("the problem is %+v, error %v", problem, err)
	}
}

// send sends bytes and reads the answer.
func send(t *testing.T, address string, raw []byte) (*http.Response, []byte) {
	t.Helper()
	connection, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = connection.Write(raw) }() // the answer may come before the end
	method, _, _ := strings.Cut(string(raw), " ")
	answer, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%.200q: %v", raw, err)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxBody+1))
	if err != nil {
		t.Fatalf("%.200q: %v", raw, err)
	}
	return answer, body
}

// readRequests reads the file; its first lines describe the format.
func readRequests(t testing.TB, path string) []request {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var requests []request
	for i, line := range strings.Split(string(content), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		r, err := parse(line)
		if err != nil {
			t.Fatalf("%s, line %d: %v", path, i+1, err)
		}
		r.line = i + 1
		requests = append(requests, r)
	}
	return requests
}

// expected are status, perhaps “plain”, and words.
var expected = regexp.MustCompile(`^([0-9]{3})( plain)?(?: (.+))?$`)

func parse(line string) (request, error) {
	text, answer, ok := strings.Cut(line, " → ")
	m := expected.FindStringSubmatch(answer)
	if !ok || m == nil {
		return request{}, fmt.Errorf("a request, an arrow and a status are expected: %s", line)
	}
	r := request{text: text, plain: m[2] != ""}
	r.status, _ = strconv.Atoi(m[1])
	if m[3] != "" {
		r.words = strings.Split(m[3], " & ")
	}
	if raw, ok := strings.CutPrefix(text, "RAW "); ok {
		bytes, err := unquote(raw)
		r.raw = bytes
		return r, err
	}
	parts := strings.Split(text, " | ")
	message := parts[0] + ` HTTP/1.1\r\nHost: zielstand.example\r\nConnection: close\r\n`
	for _, field := range parts[1:] {
		message += field + `\r\n`
	}
	var err error
	r.raw, err = unquote(message + `\r\n`)
	return r, err
}

var repeated = regexp.MustCompile(`\{([^{}]+)\*([0-9]+)\}`)

// unquote replaces {text*number} by so many times the text, and reads the escapes
// of Go.
func unquote(s string) ([]byte, error) {
	s = repeated.ReplaceAllStringFunc(s, func(found string) string {
		m := repeated.FindStringSubmatch(found)
		n, _ := strconv.Atoi(m[2])
		return strings.Repeat(m[1], n)
	})
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(s, `"`, `\"`) + `"`)
	return []byte(plain), err
}
