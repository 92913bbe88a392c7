// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// exceptions are the rows for which a test cannot know that the document's
// wording gives the figure, by id.
type exceptions map[string]*exception

type exception struct {
	wording string
	used    bool
}

// readExceptions reads the lines of testdata/exceptions.txt for a test: its
// name, the row, the document's wording and the reason, separated by bars.
func readExceptions(t *testing.T, test string) exceptions {
	t.Helper()
	content, err := os.ReadFile("testdata/exceptions.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := exceptions{}
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Split(line, " | ")
		if len(cells) != 4 || cells[3] == "" {
			t.Fatalf("exceptions.txt: %q is not test, row, wording and reason", line)
		}
		if cells[0] == test {
			out[cells[1]] = &exception{wording: cells[2]}
		}
	}
	return out
}

// excuse reports whether the claim is an exception. Its wording must occur in the place
// of the claim, and the claim must fail without it.
func (e exceptions) excuse(t *testing.T, c claim, holds bool) bool {
	t.Helper()
	x := e[c.row["id"]]
	if x == nil {
		return false
	}
	x.used = true
	if holds {
		t.Errorf("%s needs no exception; delete it from exceptions.txt", c.row["id"])
	}
	for _, p := range c.places {
		if len(c.text.phrases(p, x.wording)) > 0 {
			return true
		}
	}
	t.Errorf("%s: %q is not in %s, %s", c.row["id"], x.wording, c.row["source"], c.row["locator"])
	return true
}

// unused complains about exceptions for rows that are not there.
func (e exceptions) unused(t *testing.T) {
	t.Helper()
	for _, id := range slices.Sorted(maps.Keys(e)) {
		if !e[id].used {
			t.Errorf("exceptions.txt: there is no row %s", id)
		}
	}
}
