// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// limited returns a server with settings, and a function that requests an address from
// a client.
func limited(t *testing.T, settings map[string]string) (*api.Server, func(client, address string, header ...string) *http.Response) {
	t.Helper()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	server, _ := apitest.New(t, s, apitest.Options{Settings: settings})
	return server, func(client, address string, header ...string) *http.Response {
		t.Helper()
		request := httptest.NewRequest(http.MethodGet, address, nil)
		request.RemoteAddr = client
		for i := 0; i < len(header); i += 2 {
			request.Header.Add(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		server.ServeHTTP(w, request)
		return w.Result()
	}
}

// TestRateLimit checks that clients are limited one by one, and the answer to a refused
// request.
func TestRateLimit(t *testing.T) {
	t.Parallel()
	_, get := limited(t, map[string]string{"http.rate_limit": "1", "http.rate_burst": "3"})
	const client = "192.0.2.1:1000"
	synctest.Test(t, func(t *testing.T) { // whose clock stands still, so that no request is allowed again meanwhile
		for i := range 3 {
			if a := get(client, "/v1/goals"); a.StatusCode != http.StatusOK {
				t.Fatalf("request %d: %s", i, a.Status)
			}
		}
		refused := get(client, "/v1/goals")
		body, _ := io.ReadAll(refused.Body)
		if refused.StatusCode != http.StatusTooManyRequests || refused.Header.Get("Retry-After") != "1" ||
			!strings.Contains(string(body), `"detail":"too many requests from this address; try again later"`) {
			t.Errorf("%s, Retry-After %q: %s", refused.Status, refused.Header.Get("Retry-After"), body)
		}
		page := get(client, "/", "Accept", "text/html")
		body, _ = io.ReadAll(page.Body)
		if page.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(body), "Zu viele Anfragen") {
			t.Errorf("%s: %s", page.Status, body)
		}
		if a := get(client, "/healthz"); a.StatusCode != http.StatusOK {
			t.Errorf("the health check: %s", a.Status)
		}
		if a := get("192.0.2.2:1000", "/v1/goals"); a.StatusCode != http.StatusOK {
			t.Errorf("another client: %s", a.Status)
		}
	})
}

// TestRateLimitOfRefused checks that no kind of request escapes the limit, and that refused
// requests do not lengthen the time after which the next is answered, however many there
// are at once.
func TestRateLimitOfRefused(t *testing.T) {
	t.Parallel()
	server, get := limited(t, map[string]string{"http.rate_limit": "1", "http.rate_burst": "1"})
	const client = "192.0.2.1:1000"
	synctest.Test(t, func(t *testing.T) { // whose clock stands still
		get(client, "/v1/goals")
		for _, address := range []string{"/v1/goals?limit=%", "/v1/goals/", "/absent", "/v1/goals?limit=x", "/v1/" + strings.Repeat("x", 9000)} {
			if a := get(client, address); a.StatusCode != http.StatusTooManyRequests {
				t.Errorf("%.20s: %s", address, a.Status)
			}
		}
		request := httptest.NewRequest(http.MethodOptions, "/v1/goals", nil)
		request.RemoteAddr = client
		w := httptest.NewRecorder()
		if server.ServeHTTP(w, request); w.Code != http.StatusTooManyRequests {
			t.Errorf("OPTIONS: %d", w.Code)
		}
		var wait sync.WaitGroup
		for range 100 {
			wait.Go(func() {
				for range 50 {
					if a := get(client, "/v1/goals"); a.StatusCode != http.StatusOK && a.Header.Get("Retry-After") != "1" {
						t.Errorf("%s, Retry-After %s", a.Status, a.Header.Get("Retry-After"))
						return
					}
				}
			})
		}
		wait.Wait()
	})
}

// TestRateLimitClients checks which requests are from the same client.
func TestRateLimitClients(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	proxied := map[string]string{"http.client_header": "X-Forwarded-For", "http.trusted_networks": "10.0.0.0/8, 2001:db8:1::/48"}
	real := map[string]string{"http.client_header": "X-Real-IP", "http.trusted_networks": "10.0.0.0/8"}
	const xff, xri = "X-Forwarded-For", "X-Real-IP"
	type request struct {
		client string
		header []string
	}
	for _, tt := range []struct {
		name          string
		settings      map[string]string
		first, second request
		same          bool
	}{
		{"another port", nil, request{"192.0.2.1:1", nil}, request{"192.0.2.1:2", nil}, true},
		{"the same /64", nil, request{"[2001:db8::1]:1", nil}, request{"[2001:db8::ffff]:2", nil}, true},
		{"another /64", nil, request{"[2001:db8::1]:1", nil}, request{"[2001:db8:0:1::1]:2", nil}, false},
		{"IPv4 in IPv6", nil, request{"192.0.2.1:1", nil}, request{"[::ffff:192.0.2.1]:1", nil}, true},
		{"a header that is not configured", nil, request{"192.0.2.1:1", []string{xff, "198.51.100.1"}}, request{"192.0.2.1:1", []string{xff, "198.51.100.2"}}, true},
		{"a trusted proxy", proxied, request{"10.0.0.1:1", []string{xff, "198.51.100.1"}}, request{"10.0.0.1:1", []string{xff, "198.51.100.2"}}, false},
		{"two trusted proxies", proxied, request{"10.0.0.1:1", []string{xff, "198.51.100.1, 10.0.0.2"}}, request{"10.0.0.1:1", []string{xff, "198.51.100.1"}}, true},
		{"an untrusted proxy", proxied, request{"192.0.2.1:1", []string{xff, "198.51.100.1"}}, request{"192.0.2.1:1", []string{xff, "198.51.100.2"}}, true},
		{"an address invented by the client", proxied, request{"10.0.0.1:1", []string{xff, "203.0.113.1, 198.51.100.1"}}, request{"10.0.0.1:1", []string{xff, "203.0.113.2, 198.51.100.1"}}, true},
		{"a private network that is not configured", proxied, request{"192.168.0.1:1", []string{xff, "198.51.100.1"}}, request{"192.168.0.1:1", []string{xff, "198.51.100.2"}}, true},
		{"X-Real-IP", real, request{"10.0.0.1:1", []string{xri, "198.51.100.1"}}, request{"10.0.0.1:1", []string{xri, "198.51.100.2"}}, false},
		{"X-Real-IP, untrusted", real, request{"192.0.2.1:1", []string{xri, "198.51.100.1"}}, request{"192.0.2.1:1", []string{xri, "198.51.100.2"}}, true},
		{"the same zone", nil, request{"[fe80::1%eth0]:1", nil}, request{"[fe80::2%eth0]:2", nil}, true},
		{"another zone", nil, request{"[fe80::1%eth0]:1", nil}, request{"[fe80::1%eth1]:2", nil}, true},
		{"a zone invented by the client", proxied, request{"10.0.0.1:1", []string{xff, "198.51.100.1, 2001:db8::1%1"}}, request{"10.0.0.1:1", []string{xff, "198.51.100.1, 2001:db8::1%2"}}, true},
		{"a trusted address invented by the client", proxied, request{"192.0.2.1:1", []string{xff, "10.0.0.1"}}, request{"192.0.2.1:1", []string{xff, "10.0.0.2"}}, true},
		{"a header in two lines", proxied, request{"10.0.0.1:1", []string{xff, "203.0.113.1", xff, "198.51.100.1"}}, request{"10.0.0.1:1", []string{xff, "203.0.113.2", xff, "198.51.100.1"}}, true},
		{"a trusted proxy in IPv6", proxied, request{"[2001:db8:1::1]:1", []string{xff, "198.51.100.1"}}, request{"[2001:db8:1::1]:1", []string{xff, "198.51.100.2"}}, false},
		{"X-Forwarded-For where X-Real-IP is configured", real, request{"10.0.0.1:1", []string{xff, "198.51.100.1"}}, request{"10.0.0.1:1", []string{xff, "198.51.100.2"}}, true},
		{"Forwarded", proxied, request{"10.0.0.1:1", []string{"Forwarded", "for=198.51.100.1"}}, request{"10.0.0.1:1", []string{"Forwarded", "for=198.51.100.2"}}, true},
		{"an address with a port", proxied, request{"10.0.0.1:1", []string{xff, "198.51.100.1:1234"}}, request{"10.0.0.1:1", []string{xff, "198.51.100.1:1235"}}, true},
		{"no address at all", proxied, request{"10.0.0.1:1", []string{xff, "unknown"}}, request{"10.0.0.1:1", nil}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			settings := map[string]string{"http.rate_limit": "1", "http.rate_burst": "1"}
			for key, value := range tt.settings {
				settings[key] = value
			}
			_, get := limited(t, settings)
			synctest.Test(t, func(t *testing.T) { // whose clock stands still
				if a := get(tt.first.client, "/v1/goals", tt.first.header...); a.StatusCode != http.StatusOK {
					t.Fatalf("the first request: %s", a.Status)
				}
				want := http.StatusOK
				if tt.same {
					want = http.StatusTooManyRequests
				}
				if a := get(tt.second.client, "/v1/goals", tt.second.header...); a.StatusCode != want {
					t.Errorf("the second request: %s, want %d", a.Status, want)
				}
			})
		})
	}
}

// TestConcurrency checks that a request without a slot is answered with 503, that
// finished answers, health checks, named releases and images need none of these slots, and
// that a slot is freed.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	server, get := limited(t, map[string]string{"http.concurrent": "1"})
	const client = "192.0.2.1:1"
	if a := get(client, "/v1/goals"); a.StatusCode != http.StatusOK { // now in memory
		t.Fatal(a.Status)
	}
	leave := api.Occupy(server, 1)
	var answers []string
	for _, address := range []string{"/v1/goals", "/healthz", "/v1/goals?release=latest", "/releases/2024.01.0", "/goals/ts2-01.preview.png", "/v1/goals?limit=3"} {
		answers = append(answers, fmt.Sprint(address, " ", get(client, address).StatusCode))
	}
	if got, want := strings.Join(answers, ", "), "/v1/goals 200, /healthz 200, /v1/goals?release=latest 200, /releases/2024.01.0 200, /goals/ts2-01.preview.png 200, /v1/goals?limit=3 503"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	busy := get(client, "/v1/goals?limit=3")
	body, _ := io.ReadAll(busy.Body)
	if busy.Header.Get("Retry-After") != "5" || !strings.Contains(string(body), "the service is busy with other requests; try again in a few seconds") {
		t.Errorf("Retry-After %q: %s", busy.Header.Get("Retry-After"), body)
	}
	leave()
	if a := get(client, "/v1/goals?limit=3"); a.StatusCode != http.StatusOK {
		t.Errorf("after the slot is free: %s", a.Status)
	}
	if text := scrape(t, server); !strings.Contains(text, `zielstand_http_requests_refused_total{reason="concurrency"} 2`) {
		t.Error("refused requests are not counted")
	}
}
