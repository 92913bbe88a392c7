// SPDX-License-Identifier: EUPL-1.2

package supply

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// annotation is an entry of REUSE.toml.
type annotation struct {
	paths              []string
	copyright, license string
}

func (a annotation) matches(file string) bool {
	return slices.ContainsFunc(a.paths, func(pattern string) bool {
		matched, err := path.Match(pattern, file)
		return pattern == "**" || err == nil && matched
	})
}

var (
	assignment = regexp.MustCompile(`(?m)^([A-Za-z-]+) = (.+)$`)
	quoted     = regexp.MustCompile(`"([^"]*)"`)
)

// annotations reads REUSE.toml, as far as this project uses TOML.
func annotations(t *testing.T) []annotation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "REUSE.toml"))
	if err != nil {
		t.Fatal(err)
	}
	var out []annotation
	for _, entry := range strings.Split(string(text), "[[annotations]]")[1:] {
		var a annotation
		for _, found := range assignment.FindAllStringSubmatch(entry, -1) {
			var values []string
			for _, q := range quoted.FindAllStringSubmatch(found[2], -1) {
				values = append(values, q[1])
			}
			if len(values) == 0 {
				t.Fatalf("REUSE.toml: %s has no value", found[1])
			}
			switch found[1] {
			case "path":
				a.paths = values
			case "SPDX-FileCopyrightText":
				a.copyright = values[0]
			case "SPDX-License-Identifier":
				a.license = values[0]
			default:
				t.Errorf("REUSE.toml: unknown key %s", found[1])
			}
		}
		out = append(out, a)
	}
	return out
}

// notice finds what a file of others says about its licence in its first line.
var notice = regexp.MustCompile(`^#.* (?:CC BY ([34]\.0)|\(CC BY ([34]\.0)\))`)

// TestREUSE checks that every file has a copyright and a licence, that the texts of all
// licences are there, and that files of others are not said to be ours.
func TestREUSE(t *testing.T) {
	t.Parallel()
	all := annotations(t)
	used := map[string]bool{}
	matched := map[string]bool{}
	foreign := 0
	for _, name := range files(t) {
		if strings.HasPrefix(name, "LICENSES/") || name == "LICENSE" {
			continue
		}
		var applies annotation
		for _, a := range all {
			if a.matches(name) {
				applies = a
				for _, p := range a.paths {
					matched[p] = matched[p] || annotation{paths: []string{p}}.matches(name)
				}
			}
		}
		if applies.copyright == "" || applies.license == "" {
			t.Errorf("%s has no copyright or licence", name)
		}
		used[applies.license] = true
		if !strings.HasSuffix(name, ".txt") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue // removed, but not committed
		}
		first, _, _ := strings.Cut(string(text), "\n")
		if found := notice.FindStringSubmatch(first); found != nil {
			foreign++
			if want := "CC-BY-" + found[1] + found[2]; applies.license != want {
				t.Errorf("%s: REUSE.toml says %s, the file %s", name, applies.license, want)
			}
		}
	}
	if foreign < 10 {
		t.Errorf("only %d files of others were recognised", foreign)
	}
	for _, a := range all {
		for _, p := range a.paths {
			if !matched[p] {
				t.Errorf("REUSE.toml: no file matches %s", p)
			}
		}
	}
	entries, err := os.ReadDir(filepath.Join(root, "LICENSES"))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		id := strings.TrimSuffix(e.Name(), ".txt")
		if !used[id] {
			t.Errorf("LICENSES/%s is the licence of no file", e.Name())
		}
		delete(used, id)
	}
	for id := range used {
		t.Errorf("LICENSES has no text of %s", id)
	}
}

const licenseHeader = "// SPDX-License-Identifier: EUPL-1.2\n\n"

// TestHeaders checks that every Go file begins with the licence.
func TestHeaders(t *testing.T) {
	t.Parallel()
	for _, name := range files(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !strings.HasSuffix(name, ".go") || strings.Contains(name, "testdata/") {
			continue
		}
		if !strings.HasPrefix(string(text), licenseHeader) {
			t.Errorf("%s does not begin with %q", name, strings.TrimSpace(licenseHeader))
		}
	}
}
