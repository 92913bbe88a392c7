// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/testenv"
)

// startCaddy starts Caddy with deploy/Caddyfile before a service, and returns its port
// and its log. Certificates come from the test: nothing is fetched.
func startCaddy(t testing.TB, b *behind, a *authority, changes ...string) (port, log string, output *testenv.Buffer) {
	t.Helper()
	program := testenv.Program(t, "Caddy", "caddy")
	dir := t.TempDir()
	certificate, key := a.server(t, dir, frontHost)
	port, log = testenv.FreePort(t), filepath.Join(dir, "access.log")
	site := adapted(t, "Caddyfile", append([]string{
		"\nzielstand.example {\n", "\nzielstand.example {\n\tbind 127.0.0.1\n\ttls " + certificate + " " + key + "\n",
		"127.0.0.1:8080", b.address, "/var/log/caddy/zielstand.log", log,
	}, changes...)...)
	write(t, filepath.Join(dir, "Caddyfile"), "{\n\tadmin off\n\tauto_https disable_redirects\n\thttps_port "+port+"\n}\n"+site)
	output = &testenv.Buffer{}
	command := exec.Command(program, "run", "--config", filepath.Join(dir, "Caddyfile"), "--adapter", "caddyfile")
	command.Env = append(os.Environ(), "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		if t.Failed() {
			t.Logf("%.3000s", output)
		}
	})
	listens(t, port)
	return port, log, output
}

// TestCaddy puts Debian's Caddy before the service with the file in deploy/.
func TestCaddy(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	b := newBehind(t, frontData(t, "").with(settings{"HTTP_RATE_LIMIT": "20"}))
	port, log, output := startCaddy(t, b, a)
	v := newVisitor(t, a, port, "127.0.0.1")

	first := v.get(t, "/v1/releases/2026.11.0/goals.csv?", "X-Forwarded-For", "203.0.113.7")
	if h := first.header; first.status != 200 || h.Get("Strict-Transport-Security") == "" || !strings.Contains(h.Get("Cache-Control"), "immutable") {
		t.Errorf("status %d, %v", first.status, h)
	}
	if tag := first.header.Get("ETag"); strings.Contains(tag, "-") {
		t.Errorf("an answer that is not compressed has the entity tag %s", tag)
	}
	if not := v.get(t, "/v1/releases/2026.11.0/goals.csv", "If-None-Match", first.header.Get("ETag")); not.status != http.StatusNotModified {
		t.Errorf("with If-None-Match: status %d", not.status)
	}
	got := b.took("/v1/releases/2026.11.0/goals.csv?")
	if len(got) != 1 || got[0].forwarded != "127.0.0.1" || len(got[0].id) != 36 || first.header.Get("X-Request-Id") != got[0].id {
		t.Errorf("the service was asked %+v", got)
	}

	// The service has a limit for each client behind the proxy.
	if err := limited(v.flood(t, "/v1/goals?limit=1")); err != nil {
		t.Error(err)
	}
	if other := newVisitor(t, a, port, "127.0.0.2").get(t, "/v1/goals?limit=1"); other.status != 200 {
		t.Errorf("another client: status %d", other.status)
	}

	var entry struct {
		Request map[string]any `json:"request"`
		Status  int            `json:"status"`
	}
	line := lines(t, log, "/v1/goals", 1)[0]
	if strings.Contains(output.String(), "http.log.access") {
		t.Error("requests are also logged elsewhere")
	}
	if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Status != 200 || entry.Request["remote_ip"] != "127.0.0.0" ||
		strings.Contains(line, "limit=") || strings.Contains(line, "headers") || entry.Request["remote_port"] != nil {
		t.Errorf("the log: %v\n%s", err, line)
	}

	b.relay.Close()
	if err := unavailable(newVisitor(t, a, port, "127.0.0.4").get(t, "/v1/goals")); err != nil {
		t.Error(err)
	}
}

// TestCaddyClients names a client through a load balancer that Caddy trusts.
func TestCaddyClients(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	b := newBehind(t, frontData(t, ""))
	port, _, _ := startCaddy(t, b, a, "# trusted_proxies 192.0.2.0/24", "trusted_proxies 127.0.0.0/8")
	newVisitor(t, a, port, "127.0.0.1").get(t, "/v1/goals?limit=1", "X-Forwarded-For", "203.0.113.7")
	if got := b.took("/v1/goals?limit=1"); len(got) != 1 || got[0].forwarded != "203.0.113.7, 127.0.0.1" {
		t.Errorf("the service got %+v", got)
	}
}

// TestCaddyPrefix serves below a path.
func TestCaddyPrefix(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	b := newBehind(t, frontData(t, "/strategie"))
	port, _, _ := startCaddy(t, b, a, belowPath(t, "Caddy")...)
	v := newVisitor(t, a, port, "127.0.0.1")
	v.follow(t, "/strategie", 60)
}
