// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/testenv"
)

// quiet starts an instance with one release on SQLite, and records its answers.
func quiet(t *testing.T, settings ...string) (*instance, *answers) {
	t.Helper()
	packages := folders(t, 1)
	database := "sqlite:" + filepath.Join(t.TempDir(), "zielstand.db")
	succeed(t, database, "import", packages[1])
	settings = append([]string{"ZIELSTAND_DATABASE_URL=" + database, "ZIELSTAND_LOG_LEVEL=warn"}, settings...)
	return newInstance(t, "A", filepath.Join(t.TempDir(), "cache"), settings...), record(t, packages)
}

// slack is by how much goroutines and descriptors may differ at rest: connections of the
// database's pool, and what the runtime does at times.
const slack = 8

// TestRequests sends mixed requests, and compares what the server takes at rest before and
// after. Its caches are small, so that they are full before.
func TestRequests(t *testing.T) {
	seed := testenv.Seed(t)
	i, recorded := quiet(t, "ZIELSTAND_CACHE_BYTES=8MiB")
	random := rand.New(rand.NewPCG(seed, 0))
	l := newLoad([]*instance{i}, recorded, 0)
	l.history.set(version(1))
	warm, count := either(20_000, 1000), either(100_000, 3000)
	l.burst(warm, random)
	before := i.rests(t, 1000, 1000)
	lines := []string{
		machine(t), "", row("requests", "goroutines", "descriptors", "memory, MiB", "heap after collection, MiB"), row("---", "---", "---", "---", "---"),
		row(thousands(warm), before.goroutines, before.descriptors, before.resident, before.live),
	}
	for n := 1; n <= 4; n++ {
		l.burst(count/4, random)
		after := i.rests(t, before.goroutines+slack, before.descriptors+slack)
		lines = append(lines, row(thousands(warm+n*count/4), after.goroutines, after.descriptors, after.resident, after.live))
		if limit := 1.5*before.resident + 64; after.resident > limit {
			t.Errorf("%.0f MiB of memory after %d requests, %.0f before", after.resident, n*count/4, before.resident)
		}
	}
	l.judge(t)
	report(t, "requests", lines)
}

// burst sends requests as fast as they are answered, and closes its connections.
func (l *load) burst(count int, random *rand.Rand) {
	next := make(chan request)
	var clients sync.WaitGroup
	for range 32 {
		clients.Go(func() {
			for r := range next {
				l.ask(time.Now(), r)
			}
		})
	}
	for range count {
		next <- l.draw(random)
	}
	close(next)
	clients.Wait()
	l.client.CloseIdleConnections()
}

// The connections of TestConnections.
const (
	idleConnections   = 3000 // have an answer and wait
	slowSenders       = 750  // never finish their headers
	slowReaders       = 750  // do not read a file
	activeConnections = 500
)

// TestConnections checks that 500 clients get their answers while 4,500 other connections
// are idle or slow.
func TestConnections(t *testing.T) {
	i, recorded := quiet(t, "ZIELSTAND_HTTP_READ_TIMEOUT=10m", "ZIELSTAND_HTTP_WRITE_TIMEOUT=10m")
	address := strings.TrimPrefix(i.url, "http://")
	before := i.rests(t, 1000, 1000)
	var open []net.Conn
	connect := func(count int, text string, read bool) {
		t.Helper()
		for range count {
			c, err := net.Dial("tcp", address)
			if err != nil {
				t.Fatal(err)
			}
			open = append(open, c)
			_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
			if _, err := io.WriteString(c, text); err != nil {
				t.Fatal(err)
			}
			if read {
				answer, err := http.ReadResponse(bufio.NewReader(c), nil)
				if err != nil {
					t.Fatal(err)
				}
				if n, err := io.Copy(io.Discard, answer.Body); err != nil || n == 0 {
					t.Fatalf("%d bytes, error %v", n, err)
				}
			}
		}
	}
	defer func() {
		for _, c := range open {
			_ = c.Close()
		}
	}()
	connect(idleConnections, "GET /v1/goals/syn-01 HTTP/1.1\r\nHost: x\r\n\r\n", true)
	connect(slowSenders, "GET /v1/goals HTTP/1.1\r\nHost: x\r\nX-Slow: a", false)
	connect(slowReaders, "GET "+wholeFile+" HTTP/1.1\r\nHost: x\r\n\r\n", false)

	questions := make([]question, 0, len(recorded.questions))
	for _, q := range recorded.questions {
		if q.path != stream { // of which few are sent at a time
			questions = append(questions, q)
		}
	}
	var answers atomic.Int64
	var slowest time.Duration
	var mutex sync.Mutex
	var clients sync.WaitGroup
	each := either(20, 4)
	for n := range activeConnections {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxConnsPerHost: 1}, Timeout: testenv.Patience}
			defer client.CloseIdleConnections()
			for m := range each {
				q := questions[(n*each+m)%len(questions)]
				start := time.Now()
				answer, err := client.Get(i.url + q.path)
				if err != nil {
					t.Error(err)
					return
				}
				body, err := io.ReadAll(answer.Body)
				_ = answer.Body.Close()
				if err == nil {
					err = recorded.check(q, body, []string{version(1)})
				}
				if err != nil {
					t.Errorf("%s: %v", answer.Status, err)
					return
				}
				answers.Add(1)
				mutex.Lock()
				slowest = max(slowest, time.Since(start))
				mutex.Unlock()
			}
		})
	}
	clients.Wait()
	if got, want := answers.Load(), int64(each*activeConnections); got != want {
		t.Errorf("%d answers, want %d", got, want)
	}
	during := i.usage()
	if want := idleConnections + slowSenders + slowReaders; during.descriptors < want {
		t.Errorf("%d descriptors: the other %d connections were not open", during.descriptors, want)
	}
	for _, c := range open {
		_ = c.Close()
	}
	after := i.rests(t, before.goroutines+slack, before.descriptors+slack)
	report(t, "connections", []string{
		machine(t), "", row("", "goroutines", "descriptors", "memory, MiB"), row("---", "---", "---", "---"),
		row("before", before.goroutines, before.descriptors, before.resident),
		row("with the idle and slow connections", during.goroutines, during.descriptors, during.resident),
		row("after they are closed", after.goroutines, after.descriptors, after.resident), "",
		fmt.Sprintf("The %d other clients got all of their %s answers, the slowest after %s.", activeConnections, thousands(int(answers.Load())), milliseconds(slowest)),
	})
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}
