// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	recipeBlock = regexp.MustCompile(`(?s)<details id="recipe-[a-z0-9-]+"><summary>(.*?)</summary>(.*?)</details>`)
	recipeCode  = regexp.MustCompile(`(?s)<dt>(.*?)</dt><dd><pre><code>(.*?)</code></pre></dd>`)
)

// languages are the names of the clients' languages in Markdown.
var languages = map[string]string{
	"Python: pandas": "python", "R": "r", "DuckDB": "sql", "Excel: Power Query": "powerquery", "TypeScript": "ts",
}

// shownClients is the question whose code docs/api.md shows for every client, and
// shownRows the number of rows of an answer.
const (
	shownClients = "online in North Rhine-Westphalia"
	shownRows    = 3
)

// TestRecipes compares the recipes in docs/api.md with those of the page /use.
// TestExamples runs them.
func TestRecipes(t *testing.T) {
	p := start(t)
	answer, err := p.curl([]string{base + "/en/use"})
	if err != nil {
		t.Fatal(err)
	}
	var recipes, clients strings.Builder
	for _, block := range recipeBlock.FindAllStringSubmatch(answer, -1) {
		question := html.UnescapeString(block[1])
		recipes.WriteString("\n" + question + "\n\n```console\n")
		for _, m := range recipeCode.FindAllStringSubmatch(block[2], -1) {
			code := html.UnescapeString(m[2])
			if m[1] == "curl" {
				recipes.WriteString("$ " + code + "\n" + p.firstRows(t, code))
			} else if strings.Contains(question, shownClients) {
				clients.WriteString("\n" + m[1] + ":\n\n```" + languages[m[1]] + "\n" + code + "\n```\n")
			}
		}
		recipes.WriteString("```\n")
	}
	page := read(t, "docs/api.md")
	text := between(t, page.text, "<!-- recipes -->\n", "\n<!-- end of recipes -->", recipes.String())
	text = between(t, text, "<!-- clients -->\n", "\n<!-- end of clients -->", clients.String())
	if *update {
		if err := os.WriteFile(filepath.Join(root, page.path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(text, page.text); diff != "" {
		t.Errorf("docs/api.md differs from the page /use; -update rewrites it (-page +docs)\n%s", diff)
	}
}

// firstRows runs a request and returns the first lines of its answer.
func (p *program) firstRows(t *testing.T, command string) string {
	t.Helper()
	answer, err := p.run(t.Context(), command)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(answer, "\n")
	if len(lines) > shownRows+1 {
		lines = append(lines[:shownRows+1], "…")
	}
	return strings.Join(lines, "\n") + "\n"
}

// between replaces what is between two marks.
func between(t *testing.T, text, first, last, with string) string {
	t.Helper()
	before, rest, found := strings.Cut(text, first)
	_, after, ended := strings.Cut(rest, last)
	if !found || !ended {
		t.Fatalf("docs/api.md has no %s", strings.TrimSpace(first))
	}
	return before + first + with + last + after
}
