// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
)

// guides are the pages for operators whose statements and commands the tests run.
var guides = []string{"operations.md", "postgresql.md", "running.md", "backup.md", "upgrade.md"}

var fence = regexp.MustCompile("(?ms)^```([a-z]+)\n(.*?)^```$")

// blocks are the blocks of a language in pages of docs/.
func blocks(t testing.TB, language string, pages ...string) []string {
	t.Helper()
	var out []string
	for _, page := range pages {
		for _, found := range fence.FindAllStringSubmatch(read(t, filepath.Join("../../docs", page)), -1) {
			if found[1] == language {
				out = append(out, found[2])
			}
		}
	}
	return out
}

// belowPath returns what docs/running.md says to replace in a proxy's file, to serve below
// a path.
func belowPath(t testing.TB, proxy string) []string {
	t.Helper()
	var out []string
	rows := regexp.MustCompile("(?m)^\\| "+proxy+" \\| `(.*)` \\| `(.*)` \\|$").FindAllStringSubmatch(read(t, "../../docs/running.md"), -1)
	for _, row := range rows {
		out = append(out, row[1], row[2])
	}
	if len(out) == 0 {
		t.Fatalf("docs/running.md does not say how %s serves below a path", proxy)
	}
	return out
}

// documented returns the only block of SQL in the guides that contains a text.
func documented(t testing.TB, text string) string {
	t.Helper()
	var found []string
	for _, block := range blocks(t, "sql", guides...) {
		if strings.Contains(block, text) {
			found = append(found, block)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s have %d blocks of SQL with %q, want 1", guides, len(found), text)
	}
	return found[0]
}

// TestGuideCommands runs the blocks marked sh in docs/operations.md one after
// the other, as an operator would: with the program in the path, a data package
// in the folder package, and the database that the page describes.
func TestGuideCommands(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	work := t.TempDir()
	if err := os.CopyFS(filepath.Join(work, "package"), next(t, "2026.12.0")); err != nil {
		t.Fatal(err)
	}
	s := database(c.url("zielstand", "zielstand"))
	publish(t, s, edition(t, "2026.11.0"))
	scripts := blocks(t, "sh", "operations.md")
	if len(scripts) == 0 {
		t.Fatal("docs/operations.md has no commands")
	}
	for _, script := range scripts {
		operator{work, s, c.bin}.do(t, script)
	}
}

// TestGuideCaching compares the statements about caches in docs/running.md with responses of
// the server.
func TestGuideCaching(t *testing.T) {
	t.Parallel()
	text := read(t, "../../docs/running.md")
	url := storetest.SQLite(t)
	publish(t, database(url), edition(t, "2026.11.0"))
	running := serve(t, database(url))
	const files, others, neither = "whole files of a release under its id", "all other data", "errors, `/healthz`, `/readyz`"
	tests := []struct {
		answer answer
		row    string
	}{
		{running.get(t, "/v1/releases/2026.11.0/goals.csv", http.StatusOK), files},
		{running.get(t, "/v1/releases/2026.11.0/datapackage.json", http.StatusOK), files},
		{running.get(t, "/v1/releases/latest/goals.csv", http.StatusOK), others},
		{running.get(t, "/v1/goals?release=2026.11.0", http.StatusOK), others},
		{running.get(t, "/v1/goals", http.StatusOK), others},
		{running.get(t, "/v1/releases", http.StatusOK), others},
		{running.get(t, "/v1/changes.atom", http.StatusOK), others},
		{running.get(t, "/v1/goals?limit=x", http.StatusBadRequest), neither},
		{running.get(t, "/healthz", http.StatusOK), neither},
		{running.get(t, "/readyz", http.StatusOK), neither},
	}
	for _, test := range tests {
		row := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(test.row) + ".* \\| `(.*)` \\|$").FindStringSubmatch(text)
		if got := test.answer.header.Get("Cache-Control"); row == nil || got != row[1] {
			t.Errorf("%s: Cache-Control is %q, the page says %q", test.row, got, row)
		}
	}
}
