// SPDX-License-Identifier: EUPL-1.2

package publish

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/cli/clitest"
)

// publicURL is the address that links are made of.
const publicURL = "https://zielstand.example"

// program is the running program.
type program struct {
	address string
	stop    func() error
}

func environ(databaseURL, folder string) []string {
	return []string{
		"ZIELSTAND_DATABASE_URL=" + databaseURL, "ZIELSTAND_HTTP_ADDRESS=127.0.0.1:0", "ZIELSTAND_HTTP_PUBLIC_URL=" + publicURL,
		"ZIELSTAND_LOG_LEVEL=warn", "ZIELSTAND_CACHE_PATH=" + folder,
		"ZIELSTAND_SITE_IMPRINT=Amt", "ZIELSTAND_SITE_PRIVACY=Amt", "ZIELSTAND_SITE_ACCESSIBILITY=Amt",
		"ZIELSTAND_SITE_PLAIN_LANGUAGE=Amt", "ZIELSTAND_SITE_SIGN_LANGUAGE=Amt",
	}
}

// publish imports a data package as an editor does.
func publish(databaseURL, folder string, pkg fstest.MapFS) error {
	source, err := os.MkdirTemp(folder, "package-")
	if err != nil {
		return err
	}
	if err := os.CopyFS(source, pkg); err != nil {
		return err
	}
	var out bytes.Buffer
	if status := cli.Run(context.Background(), []string{"import", source}, environ(databaseURL, folder), &out, &out); status != 0 {
		return fmt.Errorf("import: status %d\n%s", status, &out)
	}
	return nil
}

// serve starts the program over a database.
func serve(databaseURL, folder string) (*program, error) {
	server, err := clitest.Start(environ(databaseURL, folder))
	if err != nil {
		return nil, err
	}
	return &program{server.URL, func() error {
		if status := server.Stop(); status != 0 || server.Stderr.String() != "" {
			return fmt.Errorf("the program ended with status %d and logged\n%s", status, server.Stderr)
		}
		return nil
	}}, nil
}

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableCompression: true}}

// get asks for a path or one of our own addresses.
func (p *program) get(path string) (*http.Response, []byte, error) {
	response, err := client.Get(p.address + strings.TrimPrefix(path, publicURL))
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, body, err
}

func sqliteURL(folder string) string { return "sqlite:" + filepath.Join(folder, "zielstand.db") }

func temporary(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
