// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

// scrape returns the metrics of a server.
func scrape(t *testing.T, server *api.Server) string {
	t.Helper()
	w := httptest.NewRecorder()
	server.MetricsServer().Handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics: %d\n%s", w.Code, w.Body)
	}
	return w.Body.String()
}

// TestMetrics compares the metrics with what was requested, and checks them with the
// rules of promtool.
func TestMetrics(t *testing.T) {
	t.Parallel()
	server, get := limited(t, map[string]string{"http.rate_limit": "1", "http.rate_burst": "6"})
	for _, address := range []string{"/v1/goals.csv", "/v1/goals.csv", "/v1/goals/ts2-01", "/v1/goals?limit=x", "/absent", "/v1/goals?q=%C3%A4", "/v1/goals"} {
		get("192.0.2.1:1", address)
	}
	text := scrape(t, server)
	for _, want := range []string{
		`zielstand_http_requests_total{format="text/csv",route="/v1/goals.{extension}",status="200"} 2`,
		`zielstand_http_requests_total{format="application/json",route="/v1/goals/{goalId}",status="200"} 1`,
		`zielstand_http_requests_total{format="application/problem+json",route="/v1/goals",status="400"} 1`,
		`zielstand_http_requests_total{format="application/problem+json",route="",status="404"} 1`,
		`zielstand_http_requests_total{format="application/problem+json",route="/v1/goals",status="429"} 1`,
		`zielstand_http_request_duration_seconds_count{route="/v1/goals.{extension}"} 2`,
		`zielstand_http_requests_refused_total{reason="rate_limit"} 1`,
		`zielstand_http_requests_refused_total{reason="concurrency"} 0`,
		`zielstand_http_requests_in_flight 0`,
		`zielstand_cache_lookups_total{cache="requests",result="hit"} 1`,
		`zielstand_database_errors_total 0`,
		`zielstand_streams_refused_total 0`,
		`zielstand_release_info{release="`,
		`zielstand_release_published_timestamp_seconds `,
		`zielstand_build_info{goversion="go1.`,
		`process_open_fds `,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no metric %s", want)
		}
	}
	if t.Failed() {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "zielstand_") && !strings.Contains(line, "_bucket") {
				t.Log(line)
			}
		}
	}
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

// TestPromtool has Prometheus's own program check the metrics and the alerts, and lets each
// alert fire.
func TestPromtool(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	promtool := testenv.Program(t, "promtool", "promtool")
	server, get := limited(t, nil)
	get("192.0.2.1:1", "/v1/goals")
	for _, arguments := range [][]string{
		{"check", "metrics"}, {"check", "rules", "../deploy/alerts.yml"}, {"test", "rules", "testdata/alerts.yml"},
	} {
		check := exec.Command(promtool, arguments...)
		check.Stdin = strings.NewReader(scrape(t, server))
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(arguments, " "), err, out)
		}
	}
	alerts, err := os.ReadFile("../deploy/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	tests, err := os.ReadFile("testdata/alerts.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, alert := range regexp.MustCompile(`- alert: (\w+)`).FindAllSubmatch(alerts, -1) {
		if !bytes.Contains(tests, []byte("alertname: "+string(alert[1])+"\n")) {
			t.Errorf("testdata/alerts.yml does not let %s fire", alert[1])
		}
	}
}

// value returns the sum of the samples of a metric that start with the text.
func value(t *testing.T, server *api.Server, metric string) float64 {
	t.Helper()
	sum, found := 0.0, false
	for line := range strings.Lines(scrape(t, server)) {
		if rest, ok := strings.CutPrefix(line, metric); ok && strings.ContainsAny(rest[:1], " ,}{") {
			v, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, " "):]), 64)
			if err != nil {
				t.Fatal(err)
			}
			sum, found = sum+v, true
		}
	}
	if !found {
		t.Fatalf("there is no metric %s", metric)
	}
	return sum
}

// TestMetricsMove checks that each metric of the state changes with what it counts.
func TestMetricsMove(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := storetest.Open(t, databaseURL)
		files, err := synthetic.Package(20_000)
		if err != nil {
			t.Fatal(err)
		}
		storetest.PublishPackage(t, s, files)
		server, releases := apitest.New(t, s, apitest.Options{Settings: map[string]string{
			"cache.streams": "1", "database.timeout": "100ms", "http.stream_timeout": "10m",
		}})
		running := httptest.NewServer(server)
		t.Cleanup(running.Close)
		ask := func(path string) int {
			t.Helper()
			response, _ := testenv.Get(t, running.URL+path)
			return response.StatusCode
		}
		moves := func(what string, by float64, metric string, do func()) {
			t.Helper()
			before := value(t, server, metric)
			do()
			testenv.Eventually(t, what, func() error { // the caches are written in the background
				if moved := value(t, server, metric) - before; moved < by {
					return fmt.Errorf("%s rises by %v, want %v", metric, moved, by)
				}
				return nil
			})
		}
		const lookups, size = "zielstand_cache_lookups_total", "zielstand_cache_bytes"
		page := func() { ask("/v1/goals?limit=3") }
		moves("a new question", 1, lookups+`{cache="requests",result="miss"}`, page)
		moves("the same", 100, size+`{cache="requests"}`, page) // a page is cached when it is asked for again
		moves("the same once more", 1, lookups+`{cache="requests",result="hit"}`, page)
		moves("another spelling", 1, lookups+`{cache="answers",result="hit"}`, func() { ask("/v1/goals?limit=3&utm_source=x") })
		moves("a new question", 1, lookups+`{cache="answers",result="miss"}`, func() { ask("/v1/goals?limit=4") })
		moves("a new question", 100, size+`{cache="answers"}`, func() { ask("/v1/goals?limit=5"); ask("/v1/goals?limit=5") })
		moves("a new question that is no page", 100, size+`{cache="requests"}`, func() { ask("/v1/goals?status=announced") })
		moves("a file", 1<<20, size+`{cache="files"}`, func() { ask("/v1/observations.csv") })
		moves("another file", 1, lookups+`{cache="files",result="miss"}`, func() { ask("/v1/observations.json") })
		moves("bytes, compressed", 100<<10, `zielstand_http_response_bytes_total{format="text/csv"}`, func() { ask("/v1/observations.csv") })

		reader := dial(t, strings.TrimPrefix(running.URL, "http://"))
		moves("a stream", 1, "zielstand_streams_in_flight", func() {
			fmt.Fprintf(reader, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", large)
			if _, err := io.ReadFull(reader, make([]byte, 1000)); err != nil {
				t.Error(err)
			}
		})
		if flying := value(t, server, "zielstand_http_requests_in_flight"); flying != 1 {
			t.Errorf("%v requests in flight, want 1", flying)
		}
		moves("no stream is free", 1, "zielstand_streams_refused_total", func() {
			if status := ask(large + "&sort=-id"); status != http.StatusServiceUnavailable {
				t.Errorf("status %d", status)
			}
		})
		_ = reader.Close()

		moves("a release", 1, "zielstand_releases", func() {
			pkg := maps.Clone(files)
			for from, to := range map[string]string{`"version": "2026.11.0"`: `"version": "2026.12.0"`, `"created": "2026-11-21`: `"created": "2026-11-22`} {
				storetest.Replace(t, pkg, "datapackage.json", from, to)
			}
			storetest.PublishPackage(t, s, pkg)
			if err := releases.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
		if v := value(t, server, `zielstand_release_info{release="2026.12.0"`); v != 1 {
			t.Errorf("the release is %v", v)
		}
		published, served := value(t, server, "zielstand_release_published_timestamp_seconds"), value(t, server, "zielstand_release_served_timestamp_seconds")
		if at := time.Unix(int64(published), 0).UTC().Format(time.RFC3339); at != "2026-11-22T12:00:00Z" || time.Since(time.Unix(int64(served), 0)) > time.Hour {
			t.Errorf("published %s, served since %v", at, served)
		}
		moves("a damaged release", 1, "zielstand_release_refused", func() {
			pkg := maps.Clone(files)
			for from, to := range map[string]string{`"version": "2026.11.0"`: `"version": "2026.12.1"`, `"created": "2026-11-21`: `"created": "2026-11-23`} {
				storetest.Replace(t, pkg, "datapackage.json", from, to)
			}
			storetest.Replace(t, pkg, "goals.csv", "Synthetisches Ziel 1,", "Ein anderes Ziel,")
			storetest.PublishPackage(t, s, pkg)
			storetest.Execute(t, databaseURL, "UPDATE goals SET title = 'Other' WHERE version = (SELECT MAX(version) FROM goals)")
			if releases.Refresh(t.Context()) == nil {
				t.Error("the damaged release is taken over")
			}
		})
		moves("a table is missing", 1, "zielstand_database_errors_total", func() {
			storetest.Execute(t, databaseURL, "DROP TABLE latest")
			if releases.Refresh(t.Context()) == nil {
				t.Error("nothing is missed")
			}
		})
	})
}

// TestMetricsBeforeTheFirstRelease checks that metrics are served while there is no
// release; those about the release are absent.
func TestMetricsBeforeTheFirstRelease(t *testing.T) {
	t.Parallel()
	server, _ := apitest.New(t, storetest.Open(t, storetest.Any(t)), apitest.Options{})
	if text := scrape(t, server); strings.Contains(text, "zielstand_release_info") || !strings.Contains(text, "zielstand_build_info") {
		t.Error(text)
	}
}

// TestDeployedMetrics checks that the alerts, the dashboard and the page for operators
// name our metrics and no others, and that the page has all of them.
func TestDeployedMetrics(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	server, get := limited(t, nil)
	get("192.0.2.1:1", "/v1/goals")
	exists := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^# TYPE (\S+)`).FindAllStringSubmatch(scrape(t, server), -1) {
		exists[m[1]] = true
	}
	for _, path := range []string{"../deploy/alerts.yml", "../deploy/dashboard.json", "../docs/operations.md"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".json") && !json.Valid(text) {
			t.Errorf("%s is not JSON", path)
		}
		named := map[string]bool{}
		for _, name := range regexp.MustCompile(`\b(zielstand_[a-z]+_[a-z_]+|zielstand_releases|process_[a-z_]+)\b`).FindAllString(string(text), -1) {
			name = strings.TrimSuffix(name, "_bucket")
			if named[name] = true; !exists[name] && !strings.HasPrefix(name, "zielstand_reader") {
				t.Errorf("%s: there is no metric %s", path, name)
			}
		}
		for name := range exists {
			if strings.HasSuffix(path, ".md") && strings.HasPrefix(name, "zielstand_") && !named[name] {
				t.Errorf("%s does not explain %s", path, name)
			}
		}
	}
}
