// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/cli/clitest"
)

// base is the address of the program in the documentation.
const base = "http://127.0.0.1:8080"

// program is the running program.
type program struct {
	address  string
	greeting string
}

// start runs the program as “go run .” does, but for a port and a database of
// its own, until the test ends.
func start(t *testing.T) *program {
	t.Helper()
	server, err := clitest.Start(nil, "--http-address", "127.0.0.1:0", "--http-public-url", base, "--log-level", "error",
		"--database-url", "sqlite:"+filepath.Join(t.TempDir(), "zielstand.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if status := server.Stop(); status != 0 {
			t.Errorf("the program ended with status %d:\n%s", status, server.Stderr)
		}
	})
	return &program{server.URL, strings.ReplaceAll(server.Stdout.String(), server.URL, base)}
}

// request is a command of curl.
type request struct {
	method string
	header http.Header
	url    string
	data   string
	// fields and body are the parts of the response that curl prints.
	fields, body bool
}

// parseCurl reads the options of curl that the documentation uses.
func parseCurl(arguments []string) (request, error) {
	r := request{method: http.MethodGet, header: http.Header{"Accept": {"*/*"}}, body: true}
	for len(arguments) > 0 {
		option := arguments[0]
		arguments = arguments[1:]
		switch {
		case option == "-i":
			r.fields = true
		case option == "-I":
			r.method, r.fields, r.body = http.MethodHead, true, false
		case (option == "-H" || option == "-X" || option == "-d") && len(arguments) == 0:
			return r, errors.New(option + " needs a value")
		case option == "-H":
			name, value, _ := strings.Cut(arguments[0], ":")
			r.header.Set(name, strings.TrimSpace(value))
			arguments = arguments[1:]
		case option == "-d":
			r.method, r.data, arguments = http.MethodPost, arguments[0], arguments[1:]
		case option == "-X":
			r.method, arguments = arguments[0], arguments[1:]
		case strings.HasPrefix(option, base+"/") && r.url == "":
			r.url = option
		default:
			return r, errors.New("not known to the tests: " + option)
		}
	}
	if r.url == "" {
		return r, errors.New("no address that begins with " + base)
	}
	return r, nil
}

// curl sends the request and returns what curl prints, without the fields that
// differ from one request to the next.
func (p *program) curl(arguments []string) (string, error) {
	r, err := parseCurl(arguments)
	if err != nil {
		return "", err
	}
	request, err := http.NewRequest(r.method, strings.Replace(r.url, base, p.address, 1), strings.NewReader(r.data))
	if err != nil {
		return "", err
	}
	request.Header = r.header
	client := &http.Client{
		Transport:     &http.Transport{DisableCompression: true, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if r.fields {
		b.WriteString(response.Proto + " " + response.Status + "\n" + fields(response.Header) + "\n")
	}
	if r.body {
		b.Write(body)
	}
	return plain(b.String()), nil
}

// varying are the fields that differ from one request to the next.
var varying = []string{"Connection", "Date", "X-Request-Id"}

func fields(h http.Header) string {
	var b strings.Builder
	for _, name := range varying {
		h.Del(name)
	}
	_ = h.Write(&b) // a builder takes everything; the order is that of names
	return b.String()
}

// plain drops what cannot be seen: carriage returns, the byte order mark and
// line ends at the end.
func plain(text string) string {
	return strings.TrimRight(strings.NewReplacer("\r", "", "\uFEFF", "").Replace(text), "\n")
}

func TestParseCurl(t *testing.T) {
	t.Parallel()
	r, err := parseCurl([]string{"-I", "-H", "Accept: text/csv", base + "/v1"})
	if err != nil || r.method != http.MethodHead || r.header.Get("Accept") != "text/csv" || r.url != base+"/v1" || r.body {
		t.Errorf("request: %+v, %v", r, err)
	}
	for _, wrong := range [][]string{{}, {"-H"}, {"--silent", base + "/v1"}, {"http://elsewhere.example/v1"}} {
		if _, err := parseCurl(wrong); err == nil {
			t.Errorf("%q: no error", slices.Clone(wrong))
		}
	}
}
