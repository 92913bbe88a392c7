// SPDX-License-Identifier: EUPL-1.2

// Package metrics counts what the program does, and publishes the counts for Prometheus.
package metrics

import (
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
)

// Metrics are the metrics of a server. They are safe for concurrent use.
type Metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	bytes     *prometheus.CounterVec
	inFlight  prometheus.Gauge
	refused   *prometheus.CounterVec

	mu      sync.RWMutex
	answers map[answer]*counters
}

// answer has what is counted separately.
type answer struct {
	route, format string
	status        int
}

// counters are the metrics of one kind of answers.
type counters struct {
	requests, bytes prometheus.Counter
	durations       prometheus.Observer
}

// Sources are what a server is made of.
type Sources struct {
	// Version is the version of the program.
	Version         string
	Store           *store.Store
	Releases        *release.Releases
	Representations *representation.Service
	// Requests returns the uses of the cache of answers by request.
	Requests func() cache.Stats
}

// Reasons for which a request is refused before it is answered.
const (
	RateLimit   = "rate_limit"
	Concurrency = "concurrency"
)

var reasons = []string{RateLimit, Concurrency}

// buckets are the upper limits of the histogram of durations, in seconds: from an answer
// in memory to a large file for a slow client.
var buckets = []float64{.001, .005, .025, .1, .25, .5, 1, 2.5, 10, 60}

// New returns the metrics of a server.
func New(from Sources) *Metrics {
	m := &Metrics{
		answers:  map[answer]*counters{},
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zielstand_http_requests_total", Help: "Answered requests by route, status and media type of the answer.",
		}, []string{"route", "status", "format"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zielstand_http_request_duration_seconds", Help: "Time from the headers of a request to the end of its answer.", Buckets: buckets,
		}, []string{"route"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zielstand_http_response_bytes_total", Help: "Bytes of answers sent, without headers, by media type.",
		}, []string{"format"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "zielstand_http_requests_in_flight", Help: "Requests that are being answered."}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zielstand_http_requests_refused_total", Help: "Requests refused by a limit: " + strings.Join(reasons, ", ") + ".",
		}, []string{"reason"}),
	}
	for _, reason := range reasons {
		m.refused.WithLabelValues(reason)
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "zielstand_build_info", Help: "1, with the version of the program and of Go as labels.",
		ConstLabels: prometheus.Labels{"version": from.Version, "goversion": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.bytes, m.inFlight, m.refused, build, &state{from: from},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Begin counts a request that is being answered, until End is called.
func (m *Metrics) Begin() { m.inFlight.Inc() }

// End ends what Begin began.
func (m *Metrics) End() { m.inFlight.Dec() }

// Answered counts a finished request.
func (m *Metrics) Answered(route, format string, status int, bytes int64, duration time.Duration) {
	c := m.counters(answer{route, format, status})
	c.requests.Inc()
	c.durations.Observe(duration.Seconds())
	c.bytes.Add(float64(bytes))
}

// counters returns the metrics of an answer with one lookup instead of three that hash
// labels: every request needs them.
func (m *Metrics) counters(a answer) *counters {
	m.mu.RLock()
	c := m.answers[a]
	m.mu.RUnlock()
	if c == nil {
		c = &counters{m.requests.WithLabelValues(a.route, strconv.Itoa(a.status), a.format), m.bytes.WithLabelValues(a.format), m.durations.WithLabelValues(a.route)}
		m.mu.Lock()
		m.answers[a] = c
		m.mu.Unlock()
	}
	return c
}

// Refused counts a request that a limit refuses.
func (m *Metrics) Refused(reason string) { m.refused.WithLabelValues(reason).Inc() }

// The limits of a scrape.
const (
	scrapes       = 3
	scrapeTimeout = 10 * time.Second
)

// Handler returns the handler of /metrics.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: scrapes, Timeout: scrapeTimeout}))
	return mux
}

// state reads what other packages count when Prometheus asks.
type state struct{ from Sources }

// The metrics of state.
var (
	lookups        = prometheus.NewDesc("zielstand_cache_lookups_total", "Lookups in a cache: of answers by request, of answers by content, of files.", []string{"cache", "result"}, nil)
	cacheBytes     = prometheus.NewDesc("zielstand_cache_bytes", "Size of what is in a cache.", []string{"cache"}, nil)
	streams        = prometheus.NewDesc("zielstand_streams_in_flight", "Large filtered answers that are being generated.", nil, nil)
	streamsRefused = prometheus.NewDesc("zielstand_streams_refused_total", "Large filtered answers refused because all streams were taken.", nil, nil)
	databaseErrors = prometheus.NewDesc("zielstand_database_errors_total", "Database statements that failed, including timeouts.", nil, nil)
	releaseInfo    = prometheus.NewDesc("zielstand_release_info", "1, with the latest release served as a label.", []string{"release"}, nil)
	published      = prometheus.NewDesc("zielstand_release_published_timestamp_seconds", "When the latest release served was published.", nil, nil)
	since          = prometheus.NewDesc("zielstand_release_served_timestamp_seconds", "Time since which this instance has served the latest release.", nil, nil)
	releases       = prometheus.NewDesc("zielstand_releases", "Releases in the database.", nil, nil)
	releaseRefused = prometheus.NewDesc("zielstand_release_refused", "1 if a newer release is damaged and therefore not served, otherwise 0.", nil, nil)
)

// Describe lists the metrics.
func (s *state) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{lookups, cacheBytes, streams, streamsRefused, databaseErrors, releaseInfo, published, since, releases, releaseRefused} {
		to <- d
	}
}

// Collect reads the metrics. Those of the release are absent until one is loaded.
func (s *state) Collect(to chan<- prometheus.Metric) {
	counter := func(d *prometheus.Desc, v uint64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	stats := s.from.Representations.Stats()
	for _, c := range []struct {
		name  string
		stats cache.Stats
	}{{"requests", s.from.Requests()}, {"answers", stats.Memory}, {"files", stats.Files}} {
		counter(lookups, c.stats.Hits, c.name, "hit")
		counter(lookups, c.stats.Misses, c.name, "miss")
		gauge(cacheBytes, float64(c.stats.Bytes), c.name)
	}
	gauge(streams, float64(stats.Streams))
	counter(streamsRefused, stats.StreamsRefused)
	counter(databaseErrors, s.from.Store.Errors())
	snapshot, err := s.from.Releases.Current()
	if err != nil {
		return
	}
	gauge(releaseInfo, 1, snapshot.Latest.ID)
	gauge(published, float64(snapshot.Latest.Published.Unix()))
	gauge(since, float64(snapshot.Since().Unix()))
	gauge(releases, float64(len(snapshot.Releases)))
	refused := 0.0
	if s.from.Releases.Refused() != nil {
		refused = 1
	}
	gauge(releaseRefused, refused)
}
