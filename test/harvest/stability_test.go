// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestSameBytes compares the catalogue of a server, of a second one beside it,
// of one after a restart, of the other database, and of the command.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	first := serving(t, storetest.SQLite(t))
	want := formats(t, first)
	beside := start(t, first.databaseURL)
	sameFormats(t, "beside", want, formats(t, beside))
	beside.stop(t)
	first.stop(t)
	sameFormats(t, "after a restart", want, formats(t, start(t, first.databaseURL)))
	for _, f := range rdf.Formats() {
		out, status := first.run(t, "catalog", "--format", f.Name)
		if status != 0 || out != want[f.Name] {
			t.Errorf("zielstand catalog --format %s: status %d (-served +written)\n%s", f.Name, status, cmp.Diff(want[f.Name], out))
		}
	}
	sameFormats(t, "from PostgreSQL", want, formats(t, serving(t, storetest.Postgres(t))))
}

// formats are the catalogue in each format, by its name.
func formats(t testing.TB, p *program) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, f := range rdf.Formats() {
		out[f.Name] = p.found(t, catalogURL+"/dcat"+f.Extension)
	}
	return out
}

func sameFormats(t testing.TB, what string, want, got map[string]string) {
	t.Helper()
	for _, f := range rdf.Formats() {
		if want[f.Name] != got[f.Name] {
			t.Errorf("%s: other bytes as %s (-want +got)\n%s", what, f.Name, cmp.Diff(want[f.Name], got[f.Name]))
		}
	}
}

// TestFormatsAreTheSameTriples reads all formats back with json-gold and rapper. The catalogue has no
// blank nodes, so that graphs can be compared by their triples.
func TestFormatsAreTheSameTriples(t *testing.T) {
	t.Parallel()
	p := reading(t)
	all := formats(t, p)
	want := lines(p.catalog(t).Triples())
	for _, f := range rdf.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			got := lines(rdftest.Read(t, f.Name, []byte(all[f.Name]), catalogURL).Triples())
			if slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "_:") }) {
				t.Error("there are blank nodes")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("other triples (-graph +%s)\n%s", f.Name, diff)
			}
		})
	}
}

// TestCatalogCommand writes to a file, of a release that is not the latest, and
// refuses what it does not know.
func TestCatalogCommand(t *testing.T) {
	t.Parallel()
	p := serving(t, storetest.SQLite(t))
	p.publish(t, edition(t, "2024.02.0", "2024-02-28T12:00:00Z"), "2024.02.0")
	file := filepath.Join(t.TempDir(), "catalog.rdf")
	if out, status := p.run(t, "catalog", "--format", "rdfxml", "--release", storetest.Release, "--output", file); status != 0 || out != "" {
		t.Fatalf("status %d, %q", status, out)
	}
	written, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if served := p.found(t, catalogURL+"/dcat.rdf?release="+storetest.Release); served != string(written) {
		t.Errorf("the file differs (-served +written)\n%s", cmp.Diff(served, string(written)))
	}
	for _, wrong := range [][]string{
		{"catalog", "--format", "turtel"},
		{"catalog", "--release", "1999.01.0"},
		{"catalog", "check", "a", "b"},
		{"catalog", "check", file + ".txt"},
		{"catalog", "check", file},
		{"catalog", "check", file + ".missing.nt"},
		{"catalog", "check", "--max-pages", "0"},
	} {
		if out, status := p.run(t, wrong...); status != 1 || out != "" {
			t.Errorf("zielstand %s: status %d, %q", strings.Join(wrong, " "), status, out)
		}
	}
}

// TestOwnCatalogPasses checks our catalogue as the command does: in the store
// and in files.
func TestOwnCatalogPasses(t *testing.T) {
	t.Parallel()
	p := reading(t)
	own, status := p.run(t, "catalog", "check")
	if status != 0 || !strings.HasSuffix(own, "; 0 violations, 0 warnings\n") {
		t.Errorf("status %d\n%s", status, own)
	}
	const unseen = "not checked without the address of a service: content-type, head, page, paging, status\n"
	if !strings.HasPrefix(own, unseen) {
		t.Errorf("%s\nwant first: %s", own, unseen)
	}
	for _, f := range rdf.Formats()[2:] { // those that are read
		file := filepath.Join(t.TempDir(), "catalog"+f.Extension)
		p.run(t, "catalog", "--format", f.Name, "--output", file)
		if out, status := p.run(t, "catalog", "check", file); status != 0 || out != own {
			t.Errorf("%s: status %d\n%s", f.Name, status, out)
		}
	}
}

// TestCheckCommand checks catalogues on the web: ours, and ours with faults.
func TestCheckCommand(t *testing.T) {
	t.Parallel()
	p := reading(t)
	same := altered(t, p, func(g *rdf.Graph) *rdf.Graph { return g })
	if out, status := p.run(t, "catalog", "check", same.URL+"/catalog"); status != 0 || !strings.HasSuffix(out, "; 0 violations, 0 warnings\n") || strings.Contains(out, "not checked") {
		t.Errorf("ours: status %d\n%s", status, out)
	}
	faulty := altered(t, p, func(g *rdf.Graph) *rdf.Graph {
		g.Add(rdf.IRI(iri("goals")), term("dct:identifier"), rdf.Literal(iri("indicators")))
		return g
	})
	out, status := p.run(t, "catalog", "check", faulty.URL+"/catalog")
	for _, line := range []string{
		"violation identifier <" + iri("indicators") + "> dct:identifier: ",
		"violation once <" + iri("goals") + "> dct:identifier: ",
		"; 2 violations, 0 warnings\n",
	} {
		if status != 1 || !strings.Contains(out, line) {
			t.Errorf("status %d, want the line %q\n%s", status, line, out)
		}
	}
}

// TestCheckCommandOutput: what could not be checked makes the command fail and
// is said, and of many findings of one kind a few are shown.
func TestCheckCommandOutput(t *testing.T) {
	t.Parallel()
	p := reading(t)
	whole := p.found(t, catalogURL+"/dcat.nt")
	folder := t.TempDir()
	for name, test := range map[string]struct {
		content string
		status  int
		want    []string
	}{
		"torn.nt": {whole[:len(whole)-10], 1, []string{
			"violation syntax: ntriples, line ", "datasets not checked: after a syntax error the rest was not read\n",
			"a harvester stops with an error and changes nothing: the datasets that it has stay\n1 page; 1 violation, 0 warnings\n",
		}},
		"empty.nt": {"", 1, []string{"a harvester ends without importing anything: the datasets that it has stay\n1 page; 1 violation, 0 warnings\n"}},
		"valid.nt": {"#\n", 1, []string{"a harvester deletes every dataset that it has from this source\n0 datasets, 0 triples, 1 page; 1 violation, 0 warnings\n"}},
		"titles.nt": {regexp.MustCompile(`(keyword>) "[^"]*"`).ReplaceAllString(whole, `$1 "a"`), 0, []string{
			"\nwarning keyword dcat:keyword: " + strconv.Itoa(2*len(catalogued())-5) + " more\n", "a harvester imports this catalogue\n",
		}},
		"terminal.nt": {whole + "<" + iri("goals") + "> <http://www.w3.org/ns/dcat#keyword> \"\\u001B[2J" + strings.Repeat("x", 1000) + "\" .\n", 1, []string{`\x1b[2Jxxx`, "x…\n"}},
	} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(test.content), 0o644); err != nil {
			t.Fatal(err)
		}
		out, status := p.run(t, "catalog", "check", file)
		for _, want := range test.want {
			if status != test.status || !strings.Contains(out, want) || strings.Contains(out, "\x1b") {
				t.Errorf("%s: status %d, want %d and %q\n%s", name, status, test.status, want, out)
			}
		}
	}
}
