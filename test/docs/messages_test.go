// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestMessages compares the messages that docs/editors.md explains with those
// that the tests of package ingest provoke, both ways.
func TestMessages(t *testing.T) {
	t.Parallel()
	p := read(t, "docs/editors.md")
	explained := map[string]bool{}
	for _, r := range p.rows() {
		explained[r.code(0)] = false
	}
	for _, message := range messages(t) {
		known := false
		for text := range explained {
			if fits(elision+text+elision, message) {
				explained[text], known = true, true
			}
		}
		if !known {
			t.Errorf("%s does not explain: %s", p.path, message)
		}
	}
	for text, comes := range explained {
		if !comes {
			t.Errorf("%s explains a message that no test of package ingest provokes: %s", p.path, text)
		}
	}
}

// messages are the lines that the archives of package ingest expect.
func messages(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root, "internal/ingest/testdata/*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives of package ingest: %v", err)
	}
	var out []string
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range txtar.Parse(b).Files {
			if f.Name == "want" {
				out = append(out, strings.Split(strings.TrimSpace(string(f.Data)), "\n")...)
			}
		}
	}
	return out
}
