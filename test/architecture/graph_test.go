// SPDX-License-Identifier: EUPL-1.2

package architecture

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the graph in docs/architecture.md")

// graph has the packages that each package imports, by their names in the picture:
// the folder without internal/, and main for the root.
type graph map[string]map[string]bool

// readGraph returns the imports between the packages that make up the program:
// those that main imports, directly or not.
func readGraph(t *testing.T) graph {
	t.Helper()
	imports := readImports(t, os.DirFS(root))
	g, folders := graph{}, map[string]string{}
	var visit func(folder string)
	visit = func(folder string) {
		node := nodeName(folder)
		if other, ok := folders[node]; ok && other != folder {
			t.Fatalf("%s and %s have the same name in the picture", other, folder)
		}
		if g[node] != nil {
			return
		}
		g[node], folders[node] = map[string]bool{}, folder
		for _, imported := range imports[folder] {
			if below, ok := strings.CutPrefix(imported, module); ok {
				g[node][nodeName(below)] = true
				visit(below)
			}
		}
	}
	visit(".")
	return g
}

func nodeName(folder string) string {
	if folder == "." {
		return "main"
	}
	return strings.TrimPrefix(folder, "internal/")
}

// reduced returns the transitive reduction: an import is left out if the package
// is also reached through another import. Imports have no cycles, so there is
// exactly one.
func (g graph) reduced() graph {
	out := graph{}
	for from, all := range g {
		out[from] = map[string]bool{}
		for to := range all {
			indirect := false
			for through := range all {
				indirect = indirect || through != to && g.reaches(through, to)
			}
			if !indirect {
				out[from][to] = true
			}
		}
	}
	return out
}

func (g graph) reaches(from, to string) bool {
	for next := range g[from] {
		if next == to || g.reaches(next, to) {
			return true
		}
	}
	return false
}

// arrows returns the lines of the picture, in order.
func (g graph) arrows() []string {
	var out []string
	for _, from := range slices.Sorted(maps.Keys(g)) {
		for _, to := range slices.Sorted(maps.Keys(g[from])) {
			out = append(out, from+" --> "+to)
		}
	}
	return out
}

var mermaid = regexp.MustCompile("(?s)```mermaid\n(graph [A-Z]+|flowchart [A-Z]+)\n(.*?)```")

// drawn returns the arrows of the picture in a page.
func drawn(page string) ([]string, error) {
	block := mermaid.FindStringSubmatch(page)
	if block == nil {
		return nil, fmt.Errorf("no block of Mermaid that begins with “graph TD” or the like")
	}
	var out []string
	for line := range strings.Lines(block[2]) {
		line = strings.TrimSpace(line)
		from, to, ok := strings.Cut(line, " --> ")
		switch {
		case line == "" || strings.HasPrefix(line, "%%"):
		case !ok || strings.ContainsAny(from+to, " \t;&|"):
			return nil, fmt.Errorf("%q: must be “a --> b”", line)
		default:
			out = append(out, line)
		}
	}
	slices.Sort(out)
	return out, nil
}

// TestGraph compares the picture with the real imports, both ways. It shows the
// transitive reduction; -update draws it.
func TestGraph(t *testing.T) {
	t.Parallel()
	const path = root + "/docs/architecture.md"
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := readGraph(t).reduced().arrows()
	if len(want) < 20 {
		t.Fatalf("only %d imports were read", len(want))
	}
	page := string(content)
	if *update {
		page = mermaid.ReplaceAllString(page, "```mermaid\n$1\n    "+strings.Join(want, "\n    ")+"\n```")
		if err := os.WriteFile(path, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := drawn(page)
	if err != nil {
		t.Fatalf("docs/architecture.md: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/architecture.md; -update draws the graph (-imports +picture)\n%s", diff)
	}
}

func TestReduced(t *testing.T) {
	t.Parallel()
	set := func(names ...string) map[string]bool {
		out := map[string]bool{}
		for _, n := range names {
			out[n] = true
		}
		return out
	}
	g := graph{"main": set("a"), "a": set("b", "c", "d"), "b": set("c", "d"), "c": set("d"), "d": set()}
	if diff := cmp.Diff([]string{"a --> b", "b --> c", "c --> d", "main --> a"}, g.reduced().arrows()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDrawn(t *testing.T) {
	t.Parallel()
	got, err := drawn("text\n```mermaid\ngraph TD\n    b --> c\n    %% a comment\n    a --> b\n```\n")
	if diff := cmp.Diff([]string{"a --> b", "b --> c"}, got); diff != "" || err != nil {
		t.Errorf("(-want +got)\n%s%v", diff, err)
	}
	for _, wrong := range []string{"a --> b", "```mermaid\ngraph TD\na -> b\n```", "```mermaid\ngraph TD\na --> b & c\n```", "```mermaid\ngraph TD\na[text] --> b c\n```"} {
		if _, err := drawn(wrong); err == nil {
			t.Errorf("%q: no error", wrong)
		}
	}
}
