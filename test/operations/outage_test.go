// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// shortly is a database.timeout that tests can wait for.
const shortly = 500 * time.Millisecond

// hangs is long after shortly, on a busy machine too, and long before the end of a
// read that hangs (ten minutes).
const hangs = 2 * time.Minute

// TestDatabaseStopsAndComesBack stops PostgreSQL under a server: the latest release is
// served all the time, an older one that was not read is a 503, and all is well when
// the database is back. Then it restarts.
func TestDatabaseStopsAndComesBack(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	s := database(c.url("zielstand", "zielstand"))
	publish(t, s, marked(t, "2023.12.0"), marked(t, "2024.01.0"))
	running := serve(t, s)
	kept := running.get(t, "/v1/goals", http.StatusOK)
	running.get(t, "/readyz", http.StatusOK)
	crowd := startReadersOf(t, running, questions[:2])

	c.end(t)
	again := running.get(t, "/v1/goals", http.StatusOK)
	if again.body != kept.body || again.header.Get("ETag") != kept.header.Get("ETag") {
		t.Error("the cached answer differs while the database is away")
	}
	servesWhole(t, running, "/v1/goals?limit=5001", "2024.01.0")
	for _, path := range []string{
		"/v1", "/v1/releases", "/v1/releases/2024.01.0", "/v1/changes.atom", "/healthz", "/v1/openapi.json",
		"/v1/milestones?sort=-reached", "/v1/observations.csv?q=x", "/v1/releases/2024.01.0/goals.csv",
	} {
		running.get(t, path, http.StatusOK)
	}
	older := away(t, running, "/v1/goals?release=2023.12.0")
	if says(older.body, "postgres", "dial", c.dir) {
		t.Errorf("the 503 reveals the cause: %s", older.body)
	}
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	refuse(t, s, []string{"unavailable"}, "release", "list")

	c.start(t)
	recovers(t, running, "/v1/goals?release=2023.12.0")
	servesWhole(t, running, "/v1/goals?release=2023.12.0", "2023.12.0")
	running.get(t, "/readyz", http.StatusOK)
	publish(t, s, marked(t, "2024.02.0"))
	running.serves(t, "2024.02.0")

	command(t, c.bin+"/pg_ctl", "-D", c.data(), "-w", "-m", "fast", "-l", c.dir+"/log", "restart")
	recovers(t, running, "/v1/milestones?release=2023.12.0")
	publish(t, s, marked(t, "2024.03.0"))
	running.serves(t, "2024.03.0")
	crowd.stop()
	if crowd.whole.Load() == 0 || crowd.unavailable.Load() != 0 {
		t.Errorf("about the latest release: %d whole answers, %d times 503", crowd.whole.Load(), crowd.unavailable.Load())
	}
}

// recovers waits until a path is served again.
func recovers(t testing.TB, running *service, path string) {
	t.Helper()
	testenv.Eventually(t, path+" is served again", func() error {
		a, err := running.ask(path)
		if err != nil {
			return err
		}
		return unless(a.status == http.StatusOK, "status %d", a.status)
	})
}

// TestStartWithoutDatabase starts a server that may only read while its
// database is away: it answers 503 until the database is there.
func TestStartWithoutDatabase(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	s := database(c.url("zielstand", "zielstand"))
	publish(t, s, marked(t, "2024.01.0"))
	c.end(t)
	refuse(t, s, []string{"migrate: unavailable"}, "serve")
	running := serve(t, s.with(settings{"DATABASE_MANAGE": "false"}))
	running.get(t, "/healthz", http.StatusOK)
	for _, path := range []string{"/readyz", "/v1", "/v1/goals"} {
		if err := unavailable(running.get(t, path, http.StatusServiceUnavailable)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	c.start(t)
	recovers(t, running, "/v1/goals")
}

// TestQueryHangs locks a table. A query about an older release fails after
// database.timeout, whichever table is locked; the latest release is served, and the
// older one as soon as it can be read.
func TestQueryHangs(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"goals", "codelists"} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			url := storetest.Postgres(t)
			s := database(url).with(settings{"DATABASE_TIMEOUT": shortly.String()})
			publish(t, s, marked(t, "2024.01.0"), marked(t, "2024.02.0"))
			running := serve(t, s)

			unlock := lock(t, url, "LOCK TABLE "+table+" IN ACCESS EXCLUSIVE MODE")
			for _, path := range []string{
				"/v1/goals?release=2024.01.0", "/v1/goals?limit=6&release=2024.01.0", "/v1/goals/ts2-01?release=2024.01.0",
				"/v1/releases/2024.01.0/goals.csv", "/v1/releases/2024.02.0/diff?from=2024.01.0",
			} {
				start := time.Now()
				status := running.answered(t, path)
				if table == "goals" && status != http.StatusServiceUnavailable {
					t.Errorf("%s: status %d", path, status)
				}
				if took := time.Since(start); took > hangs || status == http.StatusServiceUnavailable && took < shortly {
					t.Errorf("%s: the %d came after %s, want about %s", path, status, took, shortly)
				}
			}
			away(t, running, "/v1/goals?release=2024.01.0")
			servesWhole(t, running, "/v1/goals?limit=7", "2024.02.0")
			running.get(t, "/v1/milestones?limit=2", http.StatusOK)
			running.get(t, "/readyz", http.StatusOK)
			unlock()
			recovers(t, running, "/v1/goals?limit=6&release=2024.01.0")
			servesWhole(t, running, "/v1/goals?limit=6&release=2024.01.0", "2024.01.0")
			unblocked(t, url)
		})
	}
}

// answered is the status of an answer that is a 503 or right.
func (s *service) answered(t testing.TB, path string) int {
	t.Helper()
	a, err := s.ask(path)
	if err == nil && a.status != http.StatusOK {
		err = unavailable(a)
	}
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
	return a.status
}

// TestFollowingHangs locks the table of releases. The server does not wait forever for
// it, and finds the next release.
func TestFollowingHangs(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url).with(settings{"DATABASE_TIMEOUT": shortly.String()})
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	unlock := lock(t, url, "LOCK TABLE releases IN ACCESS EXCLUSIVE MODE")
	testenv.Eventually(t, "the server notices", func() error {
		return unless(says(running.output.String(), "latest release: unavailable"), "nothing is logged")
	})
	servesWhole(t, running, "/v1/goals", "2024.01.0")
	unlock()
	publish(t, s, marked(t, "2024.02.0"))
	running.serves(t, "2024.02.0")
}

// TestPoolExhausted blocks the only connection, and all concurrent reads, with reads of
// older releases. The latest release is served, and no request waits longer than
// database.timeout.
func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url)
	publish(t, s, marked(t, "2024.01.0"), marked(t, "2024.02.0"), marked(t, "2024.03.0"))
	timeout := 4 * shortly
	running := serve(t, s.with(settings{"DATABASE_CONNECTIONS": "1", "DATABASE_TIMEOUT": timeout.String()}))

	unlock := lock(t, url, "LOCK TABLE goals, codelists IN ACCESS EXCLUSIVE MODE")
	start := time.Now()
	type outcome struct {
		path string
		answer
	}
	crowd := make(chan outcome, 8)
	older := []string{"2024.01.0", "2024.02.0"}
	for i := range cap(crowd) {
		path := fmt.Sprintf("/v1/%s?limit=%d&release=%s", []string{"goals", "indicators"}[i/2%2], i+10, older[i%2])
		go func() {
			a, _ := running.ask(path)
			crowd <- outcome{path, a}
		}()
	}
	waiting(t, url, 1)
	for i := range 20 {
		servesWhole(t, running, fmt.Sprintf("/v1/goals?limit=%d", i+10), "2024.03.0")
		running.get(t, fmt.Sprintf("/v1/indicators?limit=%d", i+10), http.StatusOK)
	}
	for range cap(crowd) {
		if o := <-crowd; unavailable(o.answer) != nil {
			t.Errorf("%s: %v", o.path, unavailable(o.answer))
		}
	}
	if took := time.Since(start); took > hangs {
		t.Errorf("the last 503 came after %s, want about %s", took, timeout)
	}
	unlock()
	recovers(t, running, "/v1/goals?limit=6&release=2024.01.0")
	recovers(t, running, "/v1/indicators?limit=99&release=2024.02.0")
}

// TestStop ends a server while a request waits for an older release: the request is
// answered first.
func TestStop(t *testing.T) {
	t.Parallel()
	url, running, held, unlock := waitingForOlder(t, settings{})
	waiting(t, url, 1)
	ended := make(chan struct{})
	go func() {
		running.stop()
		close(ended)
	}()
	testenv.Eventually(t, "the server takes no new requests", func() error {
		_, err := running.ask("/healthz")
		return unless(err != nil, "it does")
	})
	unlock()
	if release, err := wholeJSON(<-held, ""); err != nil || release != "2024.01.0" {
		t.Errorf("the request under way: %s, %v", release, err)
	}
	<-ended
}

// TestStopWhileReading stops a server whose read of an older release hangs after the
// client disconnected. It stops immediately.
func TestStopWhileReading(t *testing.T) {
	t.Parallel()
	url, running, held, _ := waitingForOlder(t, settings{"DATABASE_TIMEOUT": shortly.String()})
	if err := unavailable(<-held); err != nil {
		t.Error(err)
	}
	waiting(t, url, 1)
	start := time.Now()
	running.stop()
	if took := time.Since(start); took > hangs {
		t.Errorf("the server ended after %s", took)
	}
}

// waitingForOlder starts a server and asks it for an older release, whose goals are
// locked.
func waitingForOlder(t testing.TB, more settings) (url string, running *service, held <-chan answer, unlock func()) {
	t.Helper()
	url = storetest.Postgres(t)
	s := database(url).with(more)
	publish(t, s, marked(t, "2024.01.0"), marked(t, "2024.02.0"))
	running = serve(t, s)
	unlock = lock(t, url, "LOCK TABLE goals IN ACCESS EXCLUSIVE MODE")
	answers := make(chan answer, 1)
	go func() {
		a, _ := running.ask("/v1/goals?limit=6&release=2024.01.0")
		answers <- a
	}()
	return url, running, answers, unlock
}

// TestHealthcheck asks as the container does.
func TestHealthcheck(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	s := database(c.url("zielstand", "zielstand"))
	publish(t, s, edition(t, "2024.01.0"))
	running := serve(t, s)
	check := settings{"HTTP_ADDRESS": strings.TrimPrefix(running.url, "http://")}
	succeed(t, check, "healthcheck")
	c.end(t)
	refuse(t, check, []string{"503"}, "healthcheck")
	running.stop()
	refuse(t, check, []string{"refused"}, "healthcheck")
}

// unblocked waits until no session of the schema waits for a lock: a query that
// was given up does not go on in the database.
func unblocked(t testing.TB, databaseURL string) {
	t.Helper()
	db := storetest.Connect(t, databaseURL)
	testenv.Eventually(t, "no session waits", func() error {
		n := number(t, db, waitingSessions)
		return unless(n == 0, "%d sessions wait", n)
	})
}
