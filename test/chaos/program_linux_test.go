// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

// publicURL is the address that links are made of.
const publicURL = "https://zielstand.example"

// observations is the number of observations of a release: enough for the whole dataset
// to be a file, and for most of it to be a stream.
const observations = 5000

// version is the id of the n-th release.
func version(n int) string { return fmt.Sprintf("2026.11.%d", n) }

// edition is the data package of the n-th release. The title of every goal and indicator
// contains the number, and each has other observations.
func edition(t testing.TB, n int) fstest.MapFS {
	t.Helper()
	pkg, err := synthetic.Package(observations + 10*n)
	if err != nil {
		t.Fatal(err)
	}
	storetest.Replace(t, pkg, "datapackage.json", `"version": "2026.11.0"`, fmt.Sprintf(`"version": "%s"`, version(n)))
	storetest.Replace(t, pkg, "datapackage.json", `"created": "2026-11-21T12:00:00Z"`, fmt.Sprintf(`"created": "2026-11-21T12:%02d:00Z"`, n))
	for _, name := range []string{"goals.csv", "indicators.csv"} {
		pkg[name].Data = []byte(strings.ReplaceAll(string(pkg[name].Data), "Synthetic ", fmt.Sprintf("Synthetic (release %d) ", n)))
	}
	return pkg
}

// folders writes the packages of the releases 1 to count.
func folders(t testing.TB, count int) []string {
	t.Helper()
	root := t.TempDir()
	out := make([]string, count+1)
	for n := 1; n <= count; n++ {
		out[n] = filepath.Join(root, strconv.Itoa(n))
		if err := os.CopyFS(out[n], edition(t, n)); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// instance is a server, a process of its own.
type instance struct {
	name         string
	url, metrics string
	environment  []string
	log          string

	process *exec.Cmd
	ended   chan error
	starts  atomic.Int32 // how many processes there have been

	// loading is whether the instance has no release yet; its answers are expected to
	// be 503 then. known are the requests that named a release and were answered.
	loading atomic.Bool
	known   sync.Map
}

// newInstance starts an instance until the test ends.
func newInstance(t testing.TB, name, cache string, settings ...string) *instance {
	t.Helper()
	address, metrics := "127.0.0.1:"+testenv.FreePort(t), "127.0.0.1:"+testenv.FreePort(t)
	i := &instance{
		name: name, url: "http://" + address, metrics: "http://" + metrics + "/metrics", log: filepath.Join(t.TempDir(), "log"),
		environment: append(os.Environ(), append([]string{
			"ZIELSTAND_HTTP_ADDRESS=" + address, "ZIELSTAND_HTTP_METRICS_ADDRESS=" + metrics, "ZIELSTAND_HTTP_PUBLIC_URL=" + publicURL,
			"ZIELSTAND_CACHE_PATH=" + cache, "ZIELSTAND_DATABASE_MANAGE=false",
		}, settings...)...),
	}
	i.start(t)
	t.Cleanup(func() {
		_ = i.process.Process.Kill()
		<-i.ended
		if t.Failed() {
			text, _ := os.ReadFile(i.log)
			for line := range strings.Lines(string(text)) {
				if !strings.Contains(line, "msg=request") || strings.Contains(line, "level=ERROR") && !strings.Contains(line, "no release is loaded yet") {
					t.Logf("%s: %.500s", name, strings.TrimSpace(line))
				}
			}
		}
	})
	return i
}

// start starts the process and waits until it serves a release.
func (i *instance) start(t testing.TB) {
	t.Helper()
	log, err := os.OpenFile(i.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	i.process = exec.Command(testenv.Binary(t), "serve")
	i.starts.Add(1)
	i.process.Env, i.process.Stdout, i.process.Stderr = i.environment, log, log
	if err := i.process.Start(); err != nil {
		t.Fatal(err)
	}
	i.ended = make(chan error, 1)
	go func(p *exec.Cmd, ended chan error) { ended <- p.Wait() }(i.process, i.ended)
	testenv.Eventually(t, i.name+" serves a release", func() error {
		if i.release() == "" {
			return fmt.Errorf("no release")
		}
		return nil
	})
	i.loading.Store(false)
}

// restart ends the process with a signal and starts another.
func (i *instance) restart(t testing.TB, with syscall.Signal) {
	t.Helper()
	i.loading.Store(true)
	_ = i.process.Process.Signal(with)
	if err := <-i.ended; err != nil && with == syscall.SIGTERM {
		t.Errorf("%s: after SIGTERM: %v", i.name, err)
	}
	i.known.Clear()
	i.start(t)
}

// scrape returns a metric, with its labels as /metrics writes them.
func (i *instance) scrape(metric string) (value float64, labels string) {
	answer, err := scraper.Get(i.metrics)
	if err != nil {
		return 0, ""
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), metric); ok && (rest[0] == ' ' || rest[0] == '{') {
			labels, number, _ := strings.Cut(rest, " ")
			value, _ := strconv.ParseFloat(number, 64)
			return value, labels
		}
	}
	return 0, ""
}

var scraper = &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}

// release returns the id of the release that the instance serves, or nothing.
func (i *instance) release() string {
	_, labels := i.scrape("zielstand_release_info")
	_, id, _ := strings.Cut(strings.TrimSuffix(labels, `"}`), `"`)
	return id
}

// usage are the resources that an instance takes.
type usage struct {
	goroutines, descriptors int
	resident, live          float64 // MiB; live is the heap that the last collection left
}

func (i *instance) usage() usage {
	value := func(metric string) float64 {
		v, _ := i.scrape(metric)
		return v
	}
	return usage{
		goroutines: int(value("go_goroutines")), descriptors: int(value("process_open_fds")),
		resident: value("process_resident_memory_bytes") / (1 << 20),
		live:     value("go_memstats_next_gc_bytes") / 2 / (1 << 20), // GOGC=100: the next is due at twice the size
	}
}

// rests waits until an instance has no requests and no more goroutines and descriptors
// than given, and returns its usage.
func (i *instance) rests(t testing.TB, goroutines, descriptors int) usage {
	t.Helper()
	var u usage
	testenv.Eventually(t, i.name+" is at rest", func() error {
		flying, _ := i.scrape("zielstand_http_requests_in_flight")
		u = i.usage()
		if flying != 0 || u.goroutines > goroutines || u.descriptors > descriptors {
			return fmt.Errorf("%.0f requests, %d goroutines (at most %d), %d descriptors (at most %d)", flying, u.goroutines, goroutines, u.descriptors, descriptors)
		}
		return nil
	})
	return u
}

// command runs a command of the program on a database.
func command(t testing.TB, database string, arguments ...string) (string, error) {
	t.Helper()
	c := exec.Command(testenv.Binary(t), arguments...)
	c.Env = append(os.Environ(), "ZIELSTAND_DATABASE_URL="+database)
	out, err := c.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("zielstand %s: %w\n%s", strings.Join(arguments, " "), err, out)
	}
	return string(out), err
}

func succeed(t testing.TB, database string, arguments ...string) {
	t.Helper()
	if _, err := command(t, database, arguments...); err != nil {
		t.Fatal(err)
	}
}
