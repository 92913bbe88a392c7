package operationstest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
)

// shortly is a database.timeout that tests can wait for.
const shortly = 500 * time.Millisecond

// TestDatabaseStopsAndComesBack stops PostgreSQL under a server: what is kept is
// served, what is not is a 503, and all is well when it is back. Then it
// restarts.
func TestDatabaseStopsAndComesBack(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	s := database(c.url("zielstand", "zielstand"))
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	kept := running.get(t, "/v1/goals", http.StatusOK)
	running.get(t, "/readyz", http.StatusOK)
	crowd := startQuestions(t, running)

	c.end(t)
	again := running.get(t, "/v1/goals", http.StatusOK)
	if again.body != kept.body || again.header.Get("ETag") != kept.header.Get("ETag") {
		t.Error("the answer kept differs while the database is away")
	}
	away := running.get(t, "/v1/goals?limit=5001", http.StatusServiceUnavailable)
	if err := unavailable(away); err != nil {
		t.Error(err)
	}
	if says(away.body, "postgres", "dial", c.dir) {
		t.Errorf("the 503 tells the cause: %s", away.body)
	}
	for _, path := range []string{"/v1", "/v1/releases", "/v1/releases/2024.01.0", "/v1/changes.atom", "/healthz", "/v1/openapi.json"} {
		running.get(t, path, http.StatusOK)
	}
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	refuse(t, s, []string{"unavailable"}, "release", "list")

	c.start(t)
	recovers(t, running, "/v1/goals?limit=5001")
	running.get(t, "/readyz", http.StatusOK)
	publish(t, s, marked(t, "2024.02.0"))
	running.serves(t, "2024.02.0")

	command(t, c.bin+"/pg_ctl", "-D", c.data(), "-w", "-m", "fast", "-l", c.dir+"/log", "restart")
	recovers(t, running, "/v1/goals?limit=5002")
	publish(t, s, marked(t, "2024.03.0"))
	running.serves(t, "2024.03.0")
	crowd.stop()
	if crowd.whole.Load() == 0 || crowd.unavailable.Load() == 0 {
		t.Errorf("during the outage: %d whole answers, %d times 503", crowd.whole.Load(), crowd.unavailable.Load())
	}
}

// startQuestions asks what is not kept, all the time: an answer is whole or a
// 503.
func startQuestions(t testing.TB, running *service) *readers {
	t.Helper()
	return startReadersOf(t, running, questions[:2])
}

// recovers waits until an answer is had again.
func recovers(t testing.TB, running *service, path string) {
	t.Helper()
	eventually(t, path+" is served again", func() error {
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

// TestQueryHangs holds a lock that keeps readers out: the server gives up after
// database.timeout, keeps serving what it has, and recovers.
func TestQueryHangs(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url).with(settings{"DATABASE_TIMEOUT": shortly.String()})
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	running.get(t, "/v1/goals", http.StatusOK)

	unlock := lock(t, url, "LOCK TABLE goals IN ACCESS EXCLUSIVE MODE")
	start := time.Now()
	if err := unavailable(running.get(t, "/v1/goals?limit=6", http.StatusServiceUnavailable)); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took < shortly || took > shortly+5*time.Second {
		t.Errorf("the 503 came after %s, want about %s", took, shortly)
	}
	running.get(t, "/v1/goals", http.StatusOK)
	running.get(t, "/v1/milestones?limit=2", http.StatusOK)
	unlock()
	recovers(t, running, "/v1/goals?limit=6")
	unblocked(t, url)
}

// TestFollowingHangs holds a lock on the releases themselves: the server does
// not wait for ever with its look at them, and finds the next release.
func TestFollowingHangs(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url).with(settings{"DATABASE_TIMEOUT": shortly.String()})
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	unlock := lock(t, url, "LOCK TABLE releases IN ACCESS EXCLUSIVE MODE")
	eventually(t, "the server notices", func() error {
		return unless(says(running.output.String(), "latest release: unavailable"), "nothing is logged")
	})
	servesWhole(t, running, "/v1/goals", "2024.01.0")
	unlock()
	publish(t, s, marked(t, "2024.02.0"))
	running.serves(t, "2024.02.0")
}

// TestPoolExhausted lets a hanging query hold the only connection.
func TestPoolExhausted(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url)
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s.with(settings{"DATABASE_CONNECTIONS": "1", "DATABASE_TIMEOUT": (4 * shortly).String()}))
	running.get(t, "/v1/milestones", http.StatusOK)

	unlock := lock(t, url, "LOCK TABLE goals IN ACCESS EXCLUSIVE MODE")
	held := make(chan answer, 1)
	go func() {
		a, _ := running.ask("/v1/goals?limit=6")
		held <- a
	}()
	waiting(t, url, 1)
	crowd := make(chan answer, 8)
	for i := range cap(crowd) {
		go func() {
			a, _ := running.ask(fmt.Sprintf("/v1/indicators?limit=%d", i+10))
			crowd <- a
		}()
	}
	running.get(t, "/v1/milestones", http.StatusOK)
	if err := unavailable(<-held); err != nil {
		t.Errorf("the query that hangs: %v", err)
	}
	for range cap(crowd) {
		if a := <-crowd; a.status != http.StatusOK {
			if err := unavailable(a); err != nil {
				t.Errorf("a query without a connection: %v", err)
			}
		}
	}
	unlock()
	recovers(t, running, "/v1/goals?limit=6")
	recovers(t, running, "/v1/indicators?limit=99")
}

// TestStop ends a server while a request is under way: the request is answered
// first.
func TestStop(t *testing.T) {
	t.Parallel()
	url := storetest.Postgres(t)
	s := database(url)
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	recovers(t, running, "/v1/goals")
	unlock := lock(t, url, "LOCK TABLE goals IN ACCESS EXCLUSIVE MODE")
	held := make(chan answer, 1)
	go func() {
		a, _ := running.ask("/v1/goals?limit=6")
		held <- a
	}()
	waiting(t, url, 1)
	ended := make(chan struct{})
	go func() {
		running.stop()
		close(ended)
	}()
	eventually(t, "the server takes no new requests", func() error {
		_, err := running.ask("/healthz")
		return unless(err != nil, "it does")
	})
	unlock()
	if release, err := wholeJSON(<-held, ""); err != nil || release != "2024.01.0" {
		t.Errorf("the request under way: %s, %v", release, err)
	}
	<-ended
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
	db := connect(t, databaseURL)
	eventually(t, "no session waits", func() error {
		n := number(t, db, waitingSessions)
		return unless(n == 0, "%d sessions wait", n)
	})
}
