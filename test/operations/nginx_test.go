// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"crypto/tls"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/testenv"
)

// nginxMain is what Debian's nginx.conf has around a site.
const nginxMain = `
daemon off;
pid %d/pid;
error_log stderr;
worker_processes 1;
events { worker_connections 256; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    gzip on;
    client_body_temp_path %d/body;
    proxy_temp_path %d/proxy;
    fastcgi_temp_path %d/fastcgi;
    uwsgi_temp_path %d/uwsgi;
    scgi_temp_path %d/scgi;
    include %d/site.conf;
}
`

// startNginx starts nginx with deploy/nginx.conf before a service, and returns its
// ports for TLS and without, and its log.
func startNginx(t testing.TB, b *behind, a *authority, changes ...string) (secure, plain, log string) {
	t.Helper()
	program := testenv.Program(t, "nginx", "nginx", "/usr/sbin/nginx")
	dir := t.TempDir()
	certificate, key := a.server(t, dir, frontHost)
	secure, plain, log = testenv.FreePort(t), testenv.FreePort(t), filepath.Join(dir, "access.log")
	write(t, filepath.Join(dir, "site.conf"), adapted(t, "nginx.conf", append([]string{
		"    listen [::]:80;\n", "", "    listen [::]:443 ssl http2;\n", "",
		"listen 80;", "listen 127.0.0.1:" + plain + ";", "listen 443 ssl http2;", "listen 127.0.0.1:" + secure + " ssl http2;",
		"server 127.0.0.1:8080;", "server " + b.address + ";",
		"/etc/ssl/zielstand/fullchain.pem", certificate, "/etc/ssl/zielstand/privkey.pem", key,
		"/var/cache/nginx/zielstand", dir + "/cache", "/var/log/nginx/zielstand.log", log,
	}, changes...)...))
	configuration := strings.ReplaceAll(nginxMain, "%d", dir)
	if os.Geteuid() == 0 { // otherwise its processes could not enter the folder
		configuration = "user root;" + configuration
	}
	write(t, filepath.Join(dir, "nginx.conf"), configuration)
	output := &testenv.Buffer{}
	command := exec.Command(program, "-p", dir, "-c", filepath.Join(dir, "nginx.conf"))
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		if t.Failed() {
			t.Log(output)
		}
	})
	listens(t, secure)
	return secure, plain, log
}

func listens(t testing.TB, port string) {
	t.Helper()
	testenv.Eventually(t, "port "+port+" is open", func() error {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err == nil {
			_ = conn.Close()
		}
		return err
	})
}

// TestNginx puts Debian's nginx before the service with the file in deploy/.
func TestNginx(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	b := newBehind(t, frontData(t, ""))
	secure, plain, _ := startNginx(t, b, a, "rate=20r/s", "rate=1000r/s") // this test polls
	v := newVisitor(t, a, secure, "127.0.0.1")

	// TLS, and nothing without it.
	older := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if _, err := tls.Dial("tcp", "127.0.0.1:"+secure, older); err == nil || !strings.Contains(err.Error(), "remote error") {
		t.Errorf("nginx does not refuse TLS 1.1: %v", err)
	}
	request, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:"+plain+"/v1/goals?limit=1", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = frontHost
	redirect, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = redirect.Body.Close()
	if redirect.StatusCode != http.StatusMovedPermanently || redirect.Header.Get("Location") != "https://zielstand.example/v1/goals?limit=1" {
		t.Errorf("without TLS: %s, %s", redirect.Status, redirect.Header.Get("Location"))
	}

	// The second answer is the first one, from the cache, and a client revalidates there.
	for _, path := range []string{"/v1/goals.csv", "/v1/releases/2026.11.0/goals.csv", "/v1/goals?fields=id,title&limit=3", "/"} {
		first, second := v.get(t, path), v.get(t, path)
		if got := first.header.Get("X-Cache-Status") + " " + second.header.Get("X-Cache-Status"); got != "MISS HIT" {
			t.Errorf("%s is answered with %s, want MISS HIT", path, got)
		}
		if first.status != 200 || first.body != second.body || first.header.Get("ETag") != second.header.Get("ETag") || strings.HasPrefix(first.header.Get("ETag"), "W/") {
			t.Errorf("%s: two answers differ, %s and %s", path, first.header.Get("ETag"), second.header.Get("ETag"))
		}
		if not := v.get(t, path, "If-None-Match", first.header.Get("ETag")); not.status != http.StatusNotModified || not.body != "" {
			t.Errorf("%s with If-None-Match: status %d", path, not.status)
		}
		if n := len(b.took(path)); n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
		if h := first.header; h.Get("Strict-Transport-Security") == "" || len(h.Values("X-Request-Id")) != 1 || h.Get("X-Request-Id") == second.header.Get("X-Request-Id") {
			t.Errorf("%s: the headers are wrong: %v", path, h)
		}
	}
	if c := v.get(t, "/v1/releases/2026.11.0/goals.csv").header.Get("Cache-Control"); !strings.Contains(c, "immutable") {
		t.Errorf("a file of a release has Cache-Control %q", c)
	}
	// Representations do not mix: the formats and encodings of one address are kept apart.
	if json, csv := v.get(t, "/v1/areas"), v.get(t, "/v1/areas", "Accept", "text/csv"); json.header.Get("Content-Type") == csv.header.Get("Content-Type") {
		t.Errorf("JSON and CSV of one address are both %s", csv.header.Get("Content-Type"))
	}
	for _, encoding := range []string{"", "gzip", "", "br", "gzip", ""} {
		var headers []string
		if encoding != "" {
			headers = []string{"Accept-Encoding", encoding}
		}
		a := v.get(t, "/v1/goals.csv", headers...)
		tagged := regexp.MustCompile(`-(gzip|br)"$|"$`).FindStringSubmatch(a.header.Get("ETag"))
		if got := a.header.Get("Content-Encoding"); got != encoding || tagged == nil || tagged[1] != encoding {
			t.Errorf("compressed with %q: %q with %s, %s", encoding, got, a.header.Get("ETag"), a.header.Get("X-Cache-Status"))
		}
	}
	if e := v.get(t, "/v1/goals?limit=x"); e.status != http.StatusBadRequest || e.header.Get("Content-Type") != "application/problem+json" || e.header.Get("X-Cache-Status") != "MISS" {
		t.Errorf("an error: status %d, %v", e.status, e.header)
	}
	if v.get(t, "/v1/goals?limit=x").header.Get("X-Cache-Status") != "MISS" {
		t.Error("an error is cached")
	}

	// What expired is revalidated by its entity tag in the background, and served meanwhile.
	b.set(false, "max-age=1")
	old := v.get(t, "/v1/indicators.csv")
	testenv.Eventually(t, "revalidation", func() error {
		if got := v.get(t, "/v1/indicators.csv"); got.status != 200 || got.body != old.body {
			t.Fatalf("status %d while it is revalidated", got.status)
		}
		all := b.took("/v1/indicators.csv")
		last := all[len(all)-1]
		return unless(last.condition == old.header.Get("ETag") && last.status == http.StatusNotModified, "the last request was %+v", last)
	})

	// While the service is away, what expired is served, and the rest is a 503 with a reason.
	stale := func(what string) {
		t.Helper()
		testenv.Eventually(t, "a stale answer, "+what, func() error {
			got := v.get(t, "/v1/indicators.csv")
			if got.status != 200 || got.body != old.body {
				t.Fatalf("%s: status %d", what, got.status)
			}
			status := got.header.Get("X-Cache-Status")
			return unless(status == "STALE" || status == "UPDATING", "it is %s", status)
		})
	}
	b.set(true, "max-age=1")
	stale("the service answers 503")
	if other := v.get(t, "/v1/indicators.csv?limit=1"); other.status != http.StatusServiceUnavailable || other.body != "away\n" {
		t.Errorf("another address: status %d, %s", other.status, other.body)
	}
	b.relay.Close()
	stale("the service is gone")
	if err := unavailable(v.get(t, "/v1/milestones.csv")); err != nil {
		t.Error(err)
	}
}

// limited checks a 429.
func limited(a answer) error {
	h := a.header
	return unless(a.status == http.StatusTooManyRequests && h.Get("Content-Type") == "application/problem+json" && h.Get("Retry-After") != "" &&
		h.Get("Cache-Control") == "no-store" && strings.Contains(a.body, `"status":429`), "status %d, %v, %s", a.status, h, a.body)
}

// TestNginxClients checks whose address nginx passes on, counts and logs: that of the
// connection, or of the client whom a trusted load balancer names.
func TestNginxClients(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	b := newBehind(t, frontData(t, ""))
	direct, _, directLog := startNginx(t, b, a)
	balanced, _, log := startNginx(t, b, a, "# set_real_ip_from 192.0.2.0/24;", "set_real_ip_from 127.0.0.0/8;",
		"# real_ip_header", "real_ip_header", "# real_ip_recursive", "real_ip_recursive")
	claim := []string{"X-Forwarded-For", "198.51.100.9, 203.0.113.7"}

	newVisitor(t, a, direct, "127.0.0.3").get(t, "/v1/goals?limit=1", claim...)
	v := newVisitor(t, a, balanced, "127.0.0.3")
	v.get(t, "/v1/goals?limit=2", claim...)
	v.get(t, "/v1/goals?limit=3", "X-Forwarded-For", "2001:db8:1:2::3")
	for path, want := range map[string]string{"/v1/goals?limit=1": "127.0.0.3", "/v1/goals?limit=2": "203.0.113.7", "/v1/goals?limit=3": "2001:db8:1:2::3"} {
		if got := b.took(path); len(got) != 1 || got[0].forwarded != want {
			t.Errorf("%s: the service got %+v, want %s", path, got, want)
		}
	}
	all := lines(t, log, "/v1/goals", 2)
	if !strings.HasPrefix(all[0], "203.0.113.0 ") || !strings.HasPrefix(all[1], "2001:db8:: ") {
		t.Errorf("the log:\n%s", strings.Join(all, "\n"))
	}

	// Each client has its own limit, and gets an error beyond it. The log has no query strings.
	if err := limited(newVisitor(t, a, direct, "127.0.0.1").flood(t, "/v1/goals.csv")); err != nil {
		t.Error(err)
	}
	if other := newVisitor(t, a, direct, "127.0.0.2").get(t, "/v1/goals.csv"); other.status != 200 {
		t.Errorf("another client: status %d", other.status)
	}
	if all := strings.Join(lines(t, directLog, "GET /v1/goals", 2), "\n"); strings.Contains(all, "limit=") || strings.Contains(all, "127.0.0.1") {
		t.Errorf("the log:\n%.2000s", all)
	}
}

// TestNginxPrefix serves below a path: links, redirects, pages and catalogue are there.
func TestNginxPrefix(t *testing.T) {
	t.Parallel()
	a := newAuthority(t)
	b := newBehind(t, frontData(t, "/strategie"))
	secure, _, _ := startNginx(t, b, a, append(belowPath(t, "nginx"), "rate=20r/s", "rate=1000r/s")...)
	newVisitor(t, a, secure, "127.0.0.1").follow(t, "/strategie", 120)
}
