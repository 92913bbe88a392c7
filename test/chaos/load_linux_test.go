// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// kind is how a request ended.
type kind string

const (
	answered  kind = "answered"
	unchanged kind = "not modified"
	// absent is a request about a release that is not published yet, or deleted.
	absent kind = "absent release"
	// needed is a 503 that is allowed: the database is needed and not there.
	needed kind = "needs the database"
	// failed is a request that should have been answered, from memory.
	failed kind = "failed"
	wrong  kind = "wrong"
)

// result is a request that ended.
type result struct {
	kind    kind
	ended   time.Time
	latency time.Duration // since the time at which it should have been sent
	retried int           // attempts beyond the first
	phase   int
}

// load sends requests at a fixed rate, however long the answers take, to two instances in
// turn. As a proxy would, it tries the other instance if one does not respond or has no
// release yet.
type load struct {
	instances []*instance
	answers   *answers
	history   history
	rate      int // requests per second
	tags      tags
	client    *http.Client

	phase   atomic.Int32
	turn    atomic.Uint64
	mutex   sync.Mutex
	results []result
	errors  []string
	seen    sync.Map // entity tags by path, for conditions
}

// maxErrors is the number of errors that are printed.
const maxErrors = 20

func newLoad(instances []*instance, a *answers, rate int) *load {
	return &load{instances: instances, answers: a, rate: rate, client: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 256, IdleConnTimeout: 10 * time.Second},
	}}
}

// run sends requests until the context ends, and waits for their answers.
func (l *load) run(ctx context.Context, random *rand.Rand) {
	var requests sync.WaitGroup
	defer requests.Wait()
	start := time.Now()
	for n := 0; ; n++ {
		at := start.Add(time.Duration(n) * time.Second / time.Duration(l.rate))
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(at)):
		}
		r := l.draw(random)
		requests.Go(func() { l.ask(at, r) })
	}
}

// request is a question and how it is asked.
type request struct {
	question
	coding      string
	conditional bool
	ranged      bool
}

func (l *load) draw(random *rand.Rand) request {
	r := request{question: l.answers.questions[random.IntN(len(l.answers.questions))]}
	r.coding = []string{"", "", "gzip", "zstd"}[random.IntN(4)]
	r.conditional = random.IntN(4) == 0
	if r.ranged = l.answers.bodies[r.path] != nil && strings.HasPrefix(r.path, "/v1/releases/") && random.IntN(3) == 0; r.ranged {
		r.coding, r.conditional = "", false
	}
	return r
}

// attempts is how often a request is sent; one fails if none is answered.
const attempts = 4

// ask sends a request that was due at a time.
func (l *load) ask(due time.Time, r request) {
	phase := int(l.phase.Load())
	first := int(l.turn.Add(1))
	var k kind
	var err error
	tries := 0
	for ; tries < attempts; tries++ {
		i := l.instances[(first+tries)%len(l.instances)]
		var again bool
		if k, again, err = l.try(i, r); !again {
			break
		}
	}
	now := time.Now()
	l.mutex.Lock()
	defer l.mutex.Unlock()
	l.results = append(l.results, result{k, now, now.Sub(due), min(tries, attempts-1), phase})
	if err != nil && (k == failed || k == wrong) {
		l.errors = append(l.errors, fmt.Sprintf("%s, phase %d, after %s: %v", k, phase, now.Sub(due).Round(time.Millisecond), err))
	}
}

// try sends a request to an instance. It reports whether another should be tried.
func (l *load) try(i *instance, r request) (k kind, again bool, err error) {
	sent := time.Now()
	loading, starts, missing := i.loading.Load(), i.starts.Load(), l.history.isAbsent(r.release)
	ask, err := http.NewRequest(http.MethodGet, i.url+r.path, nil)
	if err != nil {
		return failed, false, err
	}
	if r.coding != "" {
		ask.Header.Set("Accept-Encoding", r.coding)
	}
	if r.ranged {
		ask.Header.Set("Range", "bytes=100-299")
	}
	tag, _ := l.seen.Load(r.path + " " + r.coding)
	if r.conditional && tag != nil {
		ask.Header.Set("If-None-Match", tag.(string))
	}
	response, err := l.client.Do(ask)
	if err != nil {
		return failed, true, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return failed, true, fmt.Errorf("%s: %w", r.path, err)
	}
	loading = loading || i.loading.Load() || starts != i.starts.Load()
	key := r.path + " " + r.coding
	switch response.StatusCode {
	case http.StatusOK, http.StatusPartialContent:
		if err := l.check(r, response, body, l.history.since(sent)); err != nil {
			return wrong, false, fmt.Errorf("%s: %w", i.name, err)
		}
		if r.release != "" && !loading {
			i.known.Store(key, true)
		}
		l.seen.Store(key, response.Header.Get("ETag"))
		return answered, false, nil
	case http.StatusNotModified:
		if tag == nil || response.Header.Get("ETag") != tag || len(body) > 0 {
			return wrong, false, fmt.Errorf("%s: 304 with the entity tag %s, %d bytes", r.path, response.Header.Get("ETag"), len(body))
		}
		return unchanged, false, nil
	case http.StatusServiceUnavailable:
		err := fmt.Errorf("%s: %s: 503 %s", i.name, r.path, body)
		if loading {
			return failed, true, err
		}
		if _, known := i.known.Load(key); r.release != "" && !known {
			return needed, false, nil
		}
		return failed, false, err
	case http.StatusNotFound, http.StatusGone, http.StatusBadRequest:
		if missing || l.history.isAbsent(r.release) {
			return absent, false, nil
		}
	}
	return wrong, false, fmt.Errorf("%s: %s: %s %.300s", i.name, r.path, response.Status, body)
}

func (l *load) check(r request, response *http.Response, body []byte, possible []string) error {
	if response.StatusCode == http.StatusPartialContent { // a file that is a stream for now has no ranges
		if whole := l.answers.bodies[r.path]; !r.ranged || string(body) != string(whole[100:300]) {
			return fmt.Errorf("%s: not bytes 100 to 299", r.path)
		}
		return nil
	}
	plain, err := decoded(response.Header.Get("Content-Encoding"), body)
	if err != nil {
		return fmt.Errorf("%s: %w", r.path, err)
	}
	return errors.Join(l.answers.check(r.question, plain, possible), l.tags.check(r.path, response.Header.Get("ETag"), body))
}

// total sums up the results of a phase, or all if it is negative.
type total struct {
	requests, retried int
	kinds             map[kind]int
	outage            time.Duration // the longest time without an answer
	p50, p99, p999    time.Duration
}

func (l *load) total(phase int) total {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	t := total{kinds: map[kind]int{}}
	var latencies []time.Duration
	var ended []time.Time
	for _, r := range l.results {
		if phase >= 0 && r.phase != phase {
			continue
		}
		t.requests++
		t.kinds[r.kind]++
		if r.retried > 0 {
			t.retried++
		}
		if r.kind == answered || r.kind == unchanged {
			ended = append(ended, r.ended)
		}
		latencies = append(latencies, r.latency)
	}
	slices.Sort(latencies)
	slices.SortFunc(ended, time.Time.Compare)
	for n := 1; n < len(ended); n++ {
		t.outage = max(t.outage, ended[n].Sub(ended[n-1]))
	}
	quantile := func(fraction float64) time.Duration {
		if len(latencies) == 0 {
			return 0
		}
		return latencies[min(len(latencies)-1, int(fraction*float64(len(latencies))))]
	}
	t.p50, t.p99, t.p999 = quantile(0.5), quantile(0.99), quantile(0.999)
	return t
}

// judge fails the test if an answer was wrong, or failed that memory could have given.
func (l *load) judge(t *testing.T) {
	t.Helper()
	all := l.total(-1)
	if all.kinds[wrong] > 0 || all.kinds[failed] > 0 {
		t.Errorf("%d wrong answers and %d failed ones that memory could have given:\n%s",
			all.kinds[wrong], all.kinds[failed], strings.Join(l.errors[:min(len(l.errors), maxErrors)], "\n"))
	}
	if all.kinds[answered] == 0 || all.kinds[unchanged] == 0 || cmp.Compare(all.requests, l.rate) < 0 {
		t.Errorf("too few requests: %+v", all)
	}
}
