// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// longest is the most words of a decision's record: a page.
const longest = 450

// TestDecisions checks the form of the architecture decision records.
func TestDecisions(t *testing.T) {
	t.Parallel()
	number := 0
	for _, p := range pages(t) {
		if path.Dir(p.path) != "docs/adr" {
			continue
		}
		number++
		if want := fmt.Sprintf("%04d-", number); !strings.HasPrefix(path.Base(p.path), want) {
			t.Errorf("%s: the next number is %s", p.path, want)
		}
		if want := fmt.Sprintf("# %d. ", number); !strings.HasPrefix(p.text, want) {
			t.Errorf("%s does not begin with %q", p.path, want)
		}
		want := []string{"Context", "Decision", "Consequences", "Rejected"}
		if diff := cmp.Diff(want, p.sections()); diff != "" {
			t.Errorf("%s: sections (-want +got)\n%s", p.path, diff)
		}
		if n := len(strings.Fields(p.text)); n > longest {
			t.Errorf("%s has %d words, more than %d", p.path, n, longest)
		}
	}
	if number == 0 {
		t.Error("no decisions found")
	}
}

// sections are the headings of the second level.
func (p page) sections() []string {
	var names []string
	for line := range strings.Lines(p.text) {
		if name, ok := strings.CutPrefix(line, "## "); ok {
			names = append(names, strings.TrimSpace(name))
		}
	}
	return names
}

// TestContributing keeps the page short.
func TestContributing(t *testing.T) {
	t.Parallel()
	if lines := strings.Count(read(t, "CONTRIBUTING.md").text, "\n"); lines >= 100 {
		t.Errorf("CONTRIBUTING.md has %d lines, not fewer than 100", lines)
	}
}
