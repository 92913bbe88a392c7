// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestListeningOn(t *testing.T) {
	t.Parallel()
	for address, want := range map[string][]string{
		":8080":             {"127.0.0.1:8080", "[::1]:8080"},
		"0.0.0.0:8080":      {"127.0.0.1:8080"},
		"[::]:8080":         {"[::1]:8080", "127.0.0.1:8080"},
		"[::1]:8080":        {"[::1]:8080"},
		"127.0.0.2:http":    {"127.0.0.2:http"},
		"[fe80::1%eth0]:80": {"[fe80::1%eth0]:80"},
		"daten.example:80":  {"daten.example:80"},
	} {
		if got, err := listeningOn(address); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s is asked at %q, error %v; want %q", address, got, err, want)
		}
	}
	if _, err := listeningOn("127.0.0.1:0"); err == nil || err.Error() != `http.address="127.0.0.1:0": must have a fixed port, so that healthcheck can find the service` {
		t.Errorf("port 0: %v", err)
	}
}

// TestHealthcheck queries servers that listen on one address each. Proxies in the
// environment are ignored.
func TestHealthcheck(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	for _, tt := range []struct {
		listen, address string
		status, want    int
	}{
		{"127.0.0.1:0", "127.0.0.1", 200, 0},
		{"127.0.0.2:0", "127.0.0.2", 200, 0},
		{"127.0.0.2:0", "127.0.0.1", 200, 1},
		{"127.0.0.1:0", "", 200, 0},
		{"127.0.0.1:0", "0.0.0.0", 200, 0},
		{"127.0.0.1:0", "::", 200, 0},
		{"[::1]:0", "::1", 200, 0},
		{"[::1]:0", "::", 200, 0},
		{"[::1]:0", "", 200, 0},
		{"[::1]:0", "127.0.0.1", 200, 1},
		{"[::]:0", "::", 200, 0},
		{"127.0.0.1:0", "127.0.0.1", 503, 1},
	} {
		t.Run(tt.listen+" as "+tt.address, func(t *testing.T) {
			listener, err := net.Listen("tcp", tt.listen)
			if err != nil && strings.HasPrefix(tt.listen, "[") {
				t.Skipf("skipped: no IPv6: %v", err)
			} else if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/readyz" {
					t.Errorf("it asks for %s", r.URL)
				}
				w.WriteHeader(tt.status)
			})}
			defer server.Close()
			go func() { _ = server.Serve(listener) }()
			_, port, _ := net.SplitHostPort(listener.Addr().String())
			var out bytes.Buffer
			if got := Run(context.Background(), []string{"healthcheck", "--http-address", net.JoinHostPort(tt.address, port)}, nil, &out, &out); got != tt.want {
				t.Errorf("status %d, want %d: %s", got, tt.want, &out)
			}
		})
	}
}
