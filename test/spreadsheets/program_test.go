// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"encoding/csv"
	"io"
	"net/http"
	"os"
	"path/filepath"
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
	server, err := clitest.Start(nil, append([]string{
		"--http-address", "127.0.0.1:0", "--http-public-url", base, "--log-level", "error",
		"--database-url", "sqlite:" + filepath.Join(t.TempDir(), "zielstand.db"), "--cache-path", t.TempDir(),
	}, settings...)...)
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
