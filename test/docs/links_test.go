// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

var (
	link = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	// mention is a page or, in code marks, a path of the repository.
	mention  = regexp.MustCompile(`\b(?:docs/[\w/.-]+\.md|(?:README|CONTRIBUTING|CHANGELOG)\.md)\b`)
	codePath = regexp.MustCompile("`((?:api|docs|fixtures|internal|migrations|openapi|\\.ci)/[^`\\s…]*)`")
)

// TestLinks follows the relative links of all pages.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		for _, found := range link.FindAllStringSubmatch(p.text, -1) {
			if target := found[1]; !strings.Contains(target, ":") && !leads(t, p, target) {
				t.Errorf("%s: the link to %s leads nowhere", p.path, target)
			}
		}
	}
}

// leads reports whether a link leads to a file or to a heading of a page.
func leads(t *testing.T, from page, target string) bool {
	t.Helper()
	name, heading, _ := strings.Cut(target, "#")
	if name != "" {
		name = path.Join(path.Dir(from.path), name)
		if !exists(name) {
			return false
		}
		if heading != "" {
			from = read(t, name)
		}
	}
	return heading == "" || from.hasHeading(heading)
}

// hasHeading reports whether a heading of the page has the anchor that GitHub generates.
func (p page) hasHeading(anchor string) bool {
	for line := range strings.Lines(p.text) {
		if strings.HasPrefix(line, "#") && slug(strings.TrimLeft(line, "# ")) == anchor {
			return true
		}
	}
	return false
}

func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.TrimSpace(heading))
}

// TestMentions checks that the files that code and pages mention exist.
func TestMentions(t *testing.T) {
	t.Parallel()
	for _, name := range files(t, ".go", ".md", ".sql", ".sh", ".yml", ".yaml", "Makefile", "run") {
		p := read(t, name)
		for _, found := range mention.FindAllString(p.text, -1) {
			if !exists(found) && !exists(path.Join(path.Dir(name), found)) {
				t.Errorf("%s mentions %s, which does not exist", name, found)
			}
		}
		if path.Ext(name) != ".md" {
			continue
		}
		for _, found := range codePath.FindAllStringSubmatch(p.text, -1) {
			if !exists(found[1]) {
				t.Errorf("%s mentions %s, which does not exist", name, found[1])
			}
		}
	}
}

// exists reports whether a path of the repository, perhaps with a *, is there.
func exists(name string) bool {
	found, err := fs.Glob(os.DirFS(root), strings.TrimSuffix(name, "/"))
	return err == nil && len(found) > 0
}
