// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/cli/clitest"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// publicURL is the address that links are made of. The client of a program
// reaches it at the program's own address, so that two programs can give the
// same bytes.
const publicURL = "http://zielstand.example"

// catalogURL is the address that a portal harvests.
const catalogURL = publicURL + "/v1/catalog"

// harvested is the address of the catalogue in a format that the tests can read
// without rapper.
const harvested = catalogURL + "/dcat.jsonld"

// program is a running server with a database.
type program struct {
	databaseURL string
	folder      string // for finished files
	client      *http.Client
	server      *clitest.Server
}

// start runs the server over the database, with further settings, until the test
// ends or it is stopped.
func start(t testing.TB, databaseURL string, settings ...string) *program {
	t.Helper()
	p, err := launch(databaseURL, t.TempDir(), settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.stop(t) })
	return p
}

// launch runs the server and waits until it listens.
func launch(databaseURL, folder string, settings ...string) (*program, error) {
	p := &program{databaseURL: databaseURL, folder: folder}
	server, err := clitest.Start(append(p.environ(), settings...))
	if err != nil {
		return nil, err
	}
	p.server, p.client = server, clientOf(strings.TrimPrefix(server.URL, "http://"))
	return p, nil
}

// stop ends the server; it may have ended before.
func (p *program) stop(t testing.TB) {
	t.Helper()
	if status := p.server.Stop(); status != 0 {
		t.Errorf("the server ended with status %d\n%s", status, p.server.Stderr)
	}
}

func (p *program) environ() []string {
	return []string{
		"ZIELSTAND_DATABASE_URL=" + p.databaseURL, "ZIELSTAND_HTTP_ADDRESS=127.0.0.1:0",
		"ZIELSTAND_HTTP_PUBLIC_URL=" + publicURL, "ZIELSTAND_LOG_LEVEL=error", "ZIELSTAND_CACHE_PATH=" + p.folder,
	}
}

// clientOf reaches every host at the address.
func clientOf(address string) *http.Client {
	return &http.Client{Timeout: testenv.Patience, Transport: &http.Transport{
		DisableCompression: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, address)
		},
	}}
}

// run runs a command beside the server and returns what it wrote.
func (p *program) run(t testing.TB, arguments ...string) (stdout string, status int) {
	t.Helper()
	var out, failures bytes.Buffer
	status = cli.Run(context.Background(), arguments, p.environ(), &out, &failures)
	if status != 0 {
		t.Logf("zielstand %s: %s", strings.Join(arguments, " "), &failures)
	}
	return out.String(), status
}

// publish imports a data package and waits until its release is served.
func (p *program) publish(t testing.TB, pkg fstest.MapFS, release string) {
	t.Helper()
	importPackage(t, p.databaseURL, pkg)
	p.serves(t, release)
}

// serves waits until the release is the latest.
func (p *program) serves(t testing.TB, release string) {
	t.Helper()
	testenv.Eventually(t, "the server serves "+release, func() error {
		if a := p.get(t, publicURL+"/v1"); !strings.Contains(a.body, `"release":"`+release+`"`) {
			return fmt.Errorf("%d %.100s", a.status, a.body)
		}
		return nil
	})
}

func importPackage(t testing.TB, databaseURL string, pkg fstest.MapFS) {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, pkg); err != nil {
		t.Fatal(err)
	}
	p := &program{databaseURL: databaseURL, folder: t.TempDir()}
	if out, status := p.run(t, "import", folder); status != 0 {
		t.Fatalf("import: status %d\n%s", status, out)
	}
}

// reading is a server over Package that all tests share which only read.
func reading(t testing.TB) *program {
	t.Helper()
	shared.once.Do(func() { shared.program, shared.err = share(storetest.Package(t)) })
	if shared.err != nil || shared.program == nil {
		t.Fatalf("the shared server: %v", shared.err)
	}
	return shared.program
}

var shared struct {
	once    sync.Once
	program *program
	err     error
}

// scratch is the folder of the shared server.
var scratch string

func share(pkg fs.FS) (*program, error) {
	folder := filepath.Join(scratch, "package")
	if err := os.CopyFS(folder, pkg); err != nil {
		return nil, err
	}
	p := &program{databaseURL: "sqlite:" + filepath.Join(scratch, "zielstand.db"), folder: filepath.Join(scratch, "files")}
	var out bytes.Buffer
	if status := cli.Run(context.Background(), []string{"import", folder}, p.environ(), &out, &out); status != 0 {
		return nil, fmt.Errorf("import: status %d\n%s", status, &out)
	}
	return launch(p.databaseURL, p.folder)
}

func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("", "zielstand-harvest-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(scratch)
	status := m.Run()
	if shared.program != nil {
		shared.program.server.Stop()
	}
	return status
}

// serving starts a server over Package.
func serving(t testing.TB, databaseURL string) *program {
	t.Helper()
	importPackage(t, databaseURL, storetest.Package(t))
	return start(t, databaseURL)
}

// answer is an answer of the server.
type answer struct {
	status int
	header http.Header
	body   string
}

func (p *program) ask(t testing.TB, method, address string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "*/*")
	response, err := p.client.Do(request)
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

func (p *program) get(t testing.TB, address string) answer {
	t.Helper()
	return p.ask(t, http.MethodGet, address)
}

// found is the body of a GET that must succeed.
func (p *program) found(t testing.TB, address string) string {
	t.Helper()
	a := p.get(t, address)
	if a.status != http.StatusOK {
		t.Fatalf("%s: status %d\n%.300s", address, a.status, a.body)
	}
	return a.body
}

// catalog reads the catalogue.
func (p *program) catalog(t testing.TB) *rdf.Graph {
	t.Helper()
	return rdftest.Read(t, "ntriples", []byte(p.found(t, catalogURL+"/dcat.nt")), "")
}

// term is the term of a name such as dcat:Dataset.
func term(name string) rdf.Term {
	prefix, local, _ := strings.Cut(name, ":")
	return rdf.IRI(map[string]string{
		"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
		"dcatde": "http://dcat-ap.de/def/dcatde/", "spdx": "http://spdx.org/rdf/terms#", "rdfs": rdf.RDFS,
		"hydra": "http://www.w3.org/ns/hydra/core#", "void": "http://rdfs.org/ns/void#", "vcard": "http://www.w3.org/2006/vcard/ns#",
		"schema": "https://schema.org/",
	}[prefix] + local)
}

// value is the text of the only value of a property.
func value(t testing.TB, g *rdf.Graph, node rdf.Term, property string) string {
	t.Helper()
	values := g.Objects(node, term(property))
	if len(values) != 1 {
		t.Fatalf("%s has %d values of %s, want one", node, len(values), property)
	}
	return values[0].Text()
}
