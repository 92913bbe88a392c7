// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/testenv"
)

// world is everything that a fault can happen to.
type world struct {
	database  *postgres
	proxy     *proxy
	data      disk // of the database
	cache     disk
	folders   []string // of the packages, by the number of the release
	instances []*instance
	load      *load
	hold      time.Duration // how long each fault lasts
}

// fault is a phase of the test.
type fault struct {
	name   string
	happen func(w *world, t *testing.T)
}

// releases is how many releases there are; the first two are published before the start.
const releases = 6

// faults returns what happens, one after the other.
func faults() []fault {
	return []fault{
		{"none", func(w *world, _ *testing.T) { time.Sleep(w.hold) }},
		{"a release is published", func(w *world, t *testing.T) { w.publish(t, 3) }},
		{"the database is slow (" + proxyDelay().String() + " for each packet); a release is published", func(w *world, t *testing.T) {
			w.proxy.set(slow)
			time.Sleep(w.hold)
			w.publish(t, 4)
			w.proxy.set(pass)
		}},
		{"the network drops what goes to and from the database", func(w *world, _ *testing.T) {
			w.proxy.set(drop)
			time.Sleep(2 * w.hold)
			w.proxy.set(pass)
		}},
		{"connections to the database are cut and refused", func(w *world, _ *testing.T) {
			w.proxy.set(refuse)
			time.Sleep(w.hold)
			w.proxy.set(pass)
		}},
		{"the database is stopped (SIGSTOP) and continues", func(w *world, _ *testing.T) {
			w.database.signal(syscall.SIGSTOP)
			time.Sleep(2 * w.hold)
			w.database.signal(syscall.SIGCONT)
		}},
		{"the database is killed (SIGKILL) and starts again", func(w *world, t *testing.T) {
			w.database.signal(syscall.SIGKILL)
			<-w.database.ended
			time.Sleep(w.hold)
			w.database.start(t)
		}},
		{"the database's disk is full; an import fails", (*world).fillDatabase},
		{"the disk of the cache folders is full", func(w *world, t *testing.T) {
			if !w.cache.small {
				return
			}
			w.emptyCaches(t, false)
			free := w.cache.fill(t)
			time.Sleep(2 * w.hold)
			free()
		}},
		{"the cache folders are removed", func(w *world, t *testing.T) {
			w.emptyCaches(t, true)
			time.Sleep(w.hold)
		}},
		{"a release is published and rolled back", func(w *world, t *testing.T) {
			w.publish(t, 5)
			w.change(t, 4, "release", "use", version(4))
		}},
		{"a release is published, all but two are deleted", func(w *world, t *testing.T) {
			w.publish(t, 6)
			w.load.history.setAbsent(true, 1, 2, 3, 4)
			succeed(t, databaseURL(w.database.address()), "release", "prune", "--keep", "2")
			time.Sleep(w.hold)
		}},
		{"clients read slowly, send slowly, and are cut", func(w *world, _ *testing.T) { w.slowClients() }},
		{"an instance is restarted, the other killed and started", func(w *world, t *testing.T) {
			w.instances[0].restart(t, syscall.SIGTERM)
			w.instances[1].restart(t, syscall.SIGKILL)
		}},
		{"the database is unavailable before older releases have been reloaded", func(w *world, t *testing.T) {
			w.instances[0].restart(t, syscall.SIGTERM)
			w.proxy.set(refuse)
			time.Sleep(w.hold)
			w.proxy.set(pass)
		}},
		{"none", func(w *world, _ *testing.T) { time.Sleep(w.hold) }},
	}
}

// TestFaults loads two instances while everything around them fails.
func TestFaults(t *testing.T) {
	seed := testenv.Seed(t)
	w := &world{data: newDisk(t, "200m"), cache: newDisk(t, "100m"), hold: either(10*time.Second, 400*time.Millisecond), folders: folders(t, releases)}
	w.database = startPostgres(t, w.data.folder)
	w.proxy = startProxy(t, w.database.address())
	direct := databaseURL(w.database.address())
	for n := 1; n <= 2; n++ {
		succeed(t, direct, "import", w.folders[n])
	}
	recorded := record(t, w.folders)
	for _, name := range []string{"A", "B"} {
		w.instances = append(w.instances, newInstance(t, name, filepath.Join(w.cache.folder, name),
			"ZIELSTAND_DATABASE_URL="+databaseURL(w.proxy.address()), "ZIELSTAND_CACHE_FOLDER_BYTES=30MiB"))
	}
	w.load = newLoad(w.instances, recorded, either(200, 80))
	w.load.history.set(version(2))
	w.load.history.setAbsent(true, 3, 4, 5, 6)

	ctx, stop := context.WithCancel(t.Context())
	var loading sync.WaitGroup
	loading.Go(func() { w.load.run(ctx, rand.New(rand.NewPCG(seed, 0))) })
	phases := faults()
	var before []usage
	for n, f := range phases {
		w.load.phase.Store(int32(n))
		f.happen(w, t)
		w.settle(t)
		if n == 0 {
			for _, i := range w.instances {
				before = append(before, i.usage())
			}
		}
	}
	stop()
	loading.Wait()
	w.load.client.CloseIdleConnections()
	w.load.judge(t)

	lines := []string{
		fmt.Sprintf("%s %d requests per second for %d s, two instances.", machine(t), w.load.rate, w.load.total(-1).requests/w.load.rate), "",
		row("fault", "requests", "answered", "not modified", "tried again", "needs the database", "unknown release", "failed", "wrong", "longest outage", "p50", "p99", "p99.9"),
		row(slices.Repeat([]any{"---"}, 13)...),
	}
	for n, f := range phases {
		lines = append(lines, w.line(f.name, n))
	}
	lines = append(lines, w.line("**all**", -1), "", row("instance", "", "goroutines", "descriptors", "memory, MiB"), row("---", "---", "---", "---", "---"))
	for n, i := range w.instances {
		after := i.rests(t, before[n].goroutines, before[n].descriptors)
		lines = append(lines, row(i.name, "under load, before the first fault", before[n].goroutines, before[n].descriptors, before[n].resident),
			row("", "at rest, after the last", after.goroutines, after.descriptors, after.resident))
	}
	report(t, "faults", lines)
}

func (w *world) line(name string, phase int) string {
	s := w.load.total(phase)
	return row(name, s.requests, s.kinds[answered], s.kinds[unchanged], s.retried, s.kinds[needed], s.kinds[absent], s.kinds[failed], s.kinds[wrong],
		s.outage, s.p50, s.p99, s.p999)
}

// publish imports a release, and waits until all instances serve it.
func (w *world) publish(t *testing.T, n int) {
	t.Helper()
	w.change(t, n, "import", w.folders[n])
}

// change runs a command that makes a release the latest, and waits until all instances
// serve it.
func (w *world) change(t *testing.T, n int, arguments ...string) {
	t.Helper()
	w.load.history.set(append(w.load.history.current(), version(n))...)
	succeed(t, databaseURL(w.database.address()), arguments...)
	for _, i := range w.instances {
		testenv.Eventually(t, i.name+" serves release "+version(n), func() error {
			if got := i.release(); got != version(n) {
				return fmt.Errorf("it serves %s", got)
			}
			return nil
		})
	}
	w.load.history.set(version(n))
	w.load.history.setAbsent(false, n)
}

// settle waits until both instances can use the database again.
func (w *world) settle(t *testing.T) {
	t.Helper()
	for _, i := range w.instances {
		testenv.Eventually(t, i.name+" is ready", func() error {
			answer, err := scraper.Get(i.url + "/readyz")
			if err != nil {
				return err
			}
			defer answer.Body.Close()
			if answer.StatusCode != 200 {
				return fmt.Errorf("/readyz: %s", answer.Status)
			}
			return nil
		})
	}
}

// fillDatabase fills the disk of the database, so that an import fails and changes nothing.
func (w *world) fillDatabase(t *testing.T) {
	if !w.data.small {
		return
	}
	direct := databaseURL(w.database.address())
	free := w.data.fill(t)
	if out, err := command(t, direct, "import", w.folders[5]); err == nil {
		t.Errorf("an import succeeds on a full disk: %s", out)
	}
	time.Sleep(w.hold)
	free()
	if !w.database.running() { // it may end if it cannot write its log
		w.database.start(t)
	}
	testenv.Eventually(t, "the database works again", func() error {
		out, err := command(t, direct, "release", "list")
		if err == nil && !strings.Contains(out, "* "+version(4)) {
			t.Errorf("the failed import changed the releases:\n%s", out)
		}
		return err
	})
}

// emptyCaches deletes the files of the cache folders, or the folders as well.
func (w *world) emptyCaches(t *testing.T, folders bool) {
	t.Helper()
	for _, i := range w.instances {
		folder := filepath.Join(w.cache.folder, i.name)
		if folders {
			if err := os.RemoveAll(folder); err != nil {
				t.Error(err)
			}
			continue
		}
		files, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil || len(files) == 0 {
			t.Errorf("no files in the cache folder: %v", err)
		}
		for _, path := range files {
			_ = os.Remove(path)
		}
	}
}

// slowClients connects clients that do not read a stream or file, and that do not finish
// their headers, and cuts half of them in the middle.
func (w *world) slowClients() {
	var clients []net.Conn
	for _, i := range w.instances {
		address := strings.TrimPrefix(i.url, "http://")
		for n := range 60 {
			c, err := net.Dial("tcp", address)
			if err != nil {
				continue
			}
			_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
			path := wholeFile
			if n < 4 { // of the eight streams
				path = stream
			}
			if n < 30 {
				fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path)
			} else {
				_, _ = io.WriteString(c, "GET /v1/goals HTTP/1.1\r\nHost: x\r\nX-Slow: ")
			}
			clients = append(clients, c)
		}
	}
	for range 10 {
		time.Sleep(w.hold / 10)
		for n, c := range clients {
			if n >= 30 {
				_, _ = io.WriteString(c, "a")
			}
		}
	}
	for n, c := range clients {
		if n%2 == 0 {
			_ = c.(*net.TCPConn).SetLinger(0) // RST
		}
		_ = c.Close()
	}
}
