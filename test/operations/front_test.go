// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// frontHost is the name that the files in deploy/ use.
const frontHost = "zielstand.example"

// authority is a certificate authority of the test's own.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{}
	a.certificate, a.key = issue(t, nil, &x509.Certificate{
		Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	})
	return a
}

// issue makes a certificate that a signed, or one that signed itself.
func issue(t testing.TB, a *authority, template *x509.Certificate) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore, template.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	parent, signer := template, key
	if a != nil {
		parent, signer = a.certificate, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return certificate, key
}

// pem returns the authority's certificate as a file's content.
func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// server writes certificate and key of a server into a folder.
func (a *authority) server(t testing.TB, dir, name string) (certificate, key string) {
	t.Helper()
	c, k := issue(t, a, &x509.Certificate{DNSNames: []string{name}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}})
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key = filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key")
	write(t, certificate, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	return certificate, key
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// adapted returns a file of deploy/ with other addresses and paths. Each text must be
// in it, so that the test changes with the file.
func adapted(t testing.TB, name string, pairs ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	out := string(text)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(out, pairs[i]) {
			t.Fatalf("deploy/%s does not contain %q", name, pairs[i])
		}
		out = strings.ReplaceAll(out, pairs[i], pairs[i+1])
	}
	return out
}

// behind is a server behind the proxy under test, and what that sends to it. Between
// the two is a relay that records requests, can be away, and shortens the time for
// which answers are fresh, so that a test need not wait for a minute.
type behind struct {
	address string // of the relay
	fresh   string
	away    bool // answers 503
	mutex   sync.Mutex
	seen    []exchange
	relay   *httptest.Server
}

// exchange is a request that arrived at the relay, and the status of its answer.
type exchange struct {
	path, condition, forwarded, id string
	status                         int
}

func newBehind(t testing.TB, s settings) *behind {
	t.Helper()
	running := serve(t, s.with(settings{"HTTP_CLIENT_HEADER": "X-Forwarded-For", "HTTP_TRUSTED_NETWORKS": "127.0.0.0/8"}))
	target, err := url.Parse(running.url)
	if err != nil {
		t.Fatal(err)
	}
	b := &behind{fresh: "max-age=60"}
	proxy := &httputil.ReverseProxy{
		Transport: &http.Transport{DisableCompression: true}, // otherwise it asks for gzip by itself
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"]
			r.SetURL(target)
		},
		ModifyResponse: func(r *http.Response) error {
			b.mutex.Lock()
			defer b.mutex.Unlock()
			h := r.Request.Header
			b.seen = append(b.seen, exchange{r.Request.URL.RequestURI(), h.Get("If-None-Match"), h.Get("X-Forwarded-For"), h.Get("X-Request-Id"), r.StatusCode})
			r.Header.Set("Cache-Control", strings.Replace(r.Header.Get("Cache-Control"), "max-age=60", b.fresh, 1))
			return nil
		},
	}
	b.relay = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mutex.Lock()
		away := b.away
		b.mutex.Unlock()
		if away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(b.relay.Close)
	b.address = strings.TrimPrefix(b.relay.URL, "http://")
	return b
}

func (b *behind) set(away bool, fresh string) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.away, b.fresh = away, fresh
}

// took returns what arrived at the relay for a path.
func (b *behind) took(path string) []exchange {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var out []exchange
	for _, e := range b.seen {
		if e.path == path {
			out = append(out, e)
		}
	}
	return out
}

// visitor asks a proxy by its public name, from an address of the loopback network.
type visitor struct {
	client  *http.Client
	port    string
	address string
}

func newVisitor(t testing.TB, a *authority, port, from string) *visitor {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	transport := &http.Transport{
		DisableCompression: true,
		TLSClientConfig:    &tls.Config{RootCAs: pool},
		ForceAttemptHTTP2:  true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
		},
	}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{client: &http.Client{
		Transport: transport, Timeout: testenv.Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, port: port, address: from}
}

// get asks for a path; headers are names and values.
func (v *visitor) get(t testing.TB, path string, headers ...string) answer {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, "https://"+frontHost+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := v.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// follow visits pages, and what they link to, and checks that every address of the
// service is right below the prefix and answers.
func (v *visitor) follow(t testing.TB, prefix string, limit int) {
	t.Helper()
	base := "https://" + frontHost + prefix
	queue, seen := []string{base + "/", base + "/v1", base + "/v1/goals?limit=2", base + "/sitemap.xml", base + "/v1/catalog/dcat.ttl"}, map[string]bool{}
	reference := regexp.MustCompile(`(?:href|src|action)="([^"#]+)|"(https://` + frontHost + `[^"#\s]*)|<(https://` + frontHost + `[^>#\s]*)|<loc>([^<]+)`)
	pages := 0
	for len(queue) > 0 && pages < limit {
		address := queue[0]
		queue = queue[1:]
		if seen[address] {
			continue
		}
		seen[address] = true
		pages++
		a := v.get(t, strings.TrimPrefix(address, "https://"+frontHost))
		if location := a.header.Get("Location"); a.status/100 == 3 {
			if !strings.HasPrefix(location, prefix+"/") && !strings.HasPrefix(location, base+"/") {
				t.Errorf("%s leads to %s, which is not below %s", address, location, prefix)
			}
			continue
		}
		if strings.HasSuffix(address, "/mcp") && a.status == http.StatusMethodNotAllowed {
			continue // it is for POST only
		}
		if a.status != http.StatusOK {
			t.Errorf("%s: status %d", address, a.status)
			continue
		}
		if kind := a.header.Get("Content-Type"); !strings.Contains(kind, "html") && !strings.Contains(kind, "json") && !strings.Contains(kind, "turtle") && !strings.Contains(kind, "xml") {
			continue
		}
		for _, found := range reference.FindAllStringSubmatch(a.body, -1) {
			text := strings.Join(found[1:], "")
			if strings.Contains(text, "{") || strings.HasPrefix(text, "data:") || strings.HasPrefix(text, "mailto:") {
				continue
			}
			from, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			link, err := from.Parse(strings.ReplaceAll(text, "&amp;", "&"))
			if err != nil || link.Host != frontHost || link.Path == "" { // such as the address of the project in OpenAPI
				continue
			}
			if !strings.HasPrefix(link.Path, prefix+"/") && link.Path != prefix {
				t.Errorf("%s links to %s, which is not below %s", address, link, prefix)
				continue
			}
			if !strings.Contains(a.header.Get("Content-Type"), "turtle") { // identifiers need no answer
				queue = append(queue, link.String())
			}
		}
	}
	if pages < limit/2 {
		t.Errorf("only %d addresses below %s were found", pages, prefix)
	}
}

// flood asks until the answer is a 429.
func (v *visitor) flood(t testing.TB, path string) answer {
	t.Helper()
	for range 3000 {
		if a := v.get(t, path); a.status != http.StatusOK {
			return a
		}
	}
	t.Fatalf("3000 requests from %s, and no limit", v.address)
	return answer{}
}

// frontData publishes a release and returns the settings of a service below a prefix.
func frontData(t testing.TB, prefix string) settings {
	t.Helper()
	s := database(storetest.SQLite(t))
	publish(t, s, edition(t, "2026.11.0"))
	return s.with(settings{"HTTP_PUBLIC_URL": "https://" + frontHost + prefix})
}

// lines waits until a log contains as many lines with a text, and returns them.
func lines(t testing.TB, path, text string, n int) []string {
	t.Helper()
	var found []string
	testenv.Eventually(t, "the log of the proxy", func() error {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		found = nil
		for _, line := range strings.Split(string(bytes.TrimSpace(content)), "\n") {
			if strings.Contains(line, text) {
				found = append(found, line)
			}
		}
		return unless(len(found) >= n, "%d lines with %s", len(found), text)
	})
	return found
}
