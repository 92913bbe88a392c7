package harvesttest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
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

// TestFormatsAreTheSameTriples reads all formats back. The catalogue has no
// blank nodes, so that graphs can be compared by their triples.
func TestFormatsAreTheSameTriples(t *testing.T) {
	t.Parallel()
	p := reading(t)
	all := formats(t, p)
	var want []string
	for _, f := range rdf.Formats() {
		g, err := f.Read([]byte(all[f.Name]), "")
		if err != nil {
			t.Fatal(err)
		}
		got := lines(g.Triples())
		if slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, "_:") }) {
			t.Errorf("%s has blank nodes", f.Name)
		}
		if want == nil {
			want = got
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: other triples (-turtle +%s)\n%s", f.Name, f.Name, diff)
		}
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
		{"catalog", "check", file + ".missing.ttl"},
	} {
		if out, status := p.run(t, wrong...); status != 1 || out != "" {
			t.Errorf("zielstand %s: status %d, %q", strings.Join(wrong, " "), status, out)
		}
	}
}

// TestOwnCatalogPasses checks our catalogue as the command does: in the store,
// on the web and in files of all formats.
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
	for _, f := range rdf.Formats() {
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
