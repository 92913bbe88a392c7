// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/zielstand/zielstand/internal/cli/clitest"
)

// base is the address of the program in the documentation.
const base = "http://127.0.0.1:8080"

// program is the running program with the embedded data.
type program struct{ address string }

// start runs the program, with further settings, until the test ends.
func start(t *testing.T, settings ...string) *program {
	t.Helper()
	server, err := launch(t.TempDir(), settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if status := server.Stop(); status != 0 {
			t.Errorf("the program ended with status %d:\n%s", status, server.Stderr)
		}
	})
	return &program{server.URL}
}

// launch starts the program with its files in a folder.
func launch(folder string, settings ...string) (*clitest.Server, error) {
	return clitest.Start(nil, append([]string{
		"--http-address", "127.0.0.1:0", "--http-public-url", base, "--log-level", "error",
		"--database-url", "sqlite:" + filepath.Join(folder, "zielstand.db"), "--cache-path", filepath.Join(folder, "cache"),
	}, settings...)...)
}

// shared is a server for all tests that only read.
type shared struct {
	settings []string
	once     sync.Once
	folder   string
	server   *clitest.Server
	err      error
}

// The servers that tests share. streaming keeps only small answers in memory.
var (
	reading   shared
	streaming = shared{settings: []string{"--cache-file-bytes", "1024"}}
)

// start returns the server, which the first test starts.
func (s *shared) start(t *testing.T) *program {
	t.Helper()
	s.once.Do(func() {
		if s.folder, s.err = os.MkdirTemp("", "zielstand-spreadsheets-"); s.err == nil {
			s.server, s.err = launch(s.folder, s.settings...)
		}
	})
	if s.err != nil {
		t.Fatal(s.err)
	}
	return &program{s.server.URL}
}

// stop ends the server after the tests, and reports whether it succeeded.
func (s *shared) stop() bool {
	defer os.RemoveAll(s.folder)
	return s.server == nil || s.server.Stop() == 0
}

// ask returns the answer at a path with its body.
func (p *program) ask(t *testing.T, path string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, p.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Encoding", "br") // workbooks are compressed already
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, body
}

// get returns the body at a path.
func (p *program) get(t *testing.T, path string) []byte {
	t.Helper()
	response, err := http.Get(p.address + path)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v\n%s", path, response.Status, err, body)
	}
	return body
}

// save saves the body at a path under a name and returns where.
func (p *program) save(t *testing.T, folder, name, path string) string {
	t.Helper()
	body := p.get(t, path)
	file := filepath.Join(folder, name)
	if err := os.WriteFile(file, body, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// rows returns the rows of plain CSV at a path, the header among them.
func (p *program) rows(t *testing.T, path string) [][]string {
	t.Helper()
	body := p.get(t, path)
	rows, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
