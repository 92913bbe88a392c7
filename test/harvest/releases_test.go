// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/storetest"
)

// told is the description of a dataset in the catalogue.
type told struct{ Identifier, Issued, Modified, Version string }

func tellings(t testing.TB, g *rdf.Graph) map[string]told {
	t.Helper()
	out := map[string]told{}
	for _, node := range g.Subjects(rdf.Type, term("dcat:Dataset")) {
		out[strings.TrimPrefix(node.Text(), iri(""))] = told{
			value(t, g, node, "dct:identifier"), value(t, g, node, "dct:issued"),
			value(t, g, node, "dct:modified"), value(t, g, node, "dcat:version"),
		}
	}
	return out
}

// TestDatesOfReleases publishes a release in which one dataset differs, and one
// in which nothing does: only the date of that dataset moves, and once.
func TestDatesOfReleases(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := serving(t, databaseURL)
		want := tellings(t, p.catalog(t))
		moved := map[string]string{}
		for _, release := range []string{"2024.02.0", "2024.03.0"} {
			created := strings.ReplaceAll(release[:7], ".", "-") + "-28T12:00:00Z"
			pkg := edition(t, release, created)
			storetest.Replace(t, pkg, "contradictions.csv", "Beide Zahlen", "Die Zahlen")
			p.publish(t, pkg, release)
			got := tellings(t, p.catalog(t))
			for id, before := range want {
				before.Version = release
				if before.Modified != got[id].Modified {
					moved[id], before.Modified = got[id].Modified, got[id].Modified
				}
				want[id] = before
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("release %s (-want +got)\n%s", release, diff)
			}
		}
		if diff := cmp.Diff(map[string]string{"contradictions": "2024-02-28T12:00:00Z", "zielstand": "2024-03-28T12:00:00Z"}, moved); diff != "" {
			t.Errorf("dates that moved (-want +got)\n%s", diff)
		}
	})
}

// TestDescriptionMovesTheDate changes the stored description of a dataset: the
// next release must count it as modified.
func TestDescriptionMovesTheDate(t *testing.T) {
	t.Parallel()
	databaseURL := storetest.SQLite(t)
	importPackage(t, databaseURL, storetest.Package(t))
	storetest.Execute(t, databaseURL, "UPDATE release_datasets SET description_hash = 'other', record = '' WHERE dataset = 'goals'")
	importPackage(t, databaseURL, edition(t, "2024.02.0", "2024-02-28T12:00:00Z"))
	for id, d := range tellings(t, start(t, databaseURL).catalog(t)) {
		if moved := d.Modified != d.Issued; moved != (id == "goals" || id == catalog.Package.ID) {
			t.Errorf("%s: issued %s, modified %s", id, d.Issued, d.Modified)
		}
	}
}

// TestCatalogDates: the catalogue is as new as its newest dataset, and a record
// as its dataset.
func TestCatalogDates(t *testing.T) {
	t.Parallel()
	p := serving(t, storetest.SQLite(t))
	p.publish(t, edition(t, "2024.02.0", "2024-02-28T12:00:00Z"), "2024.02.0")
	g := p.catalog(t)
	var all []string
	for _, node := range g.Subjects(rdf.Type, term("dcat:CatalogRecord")) {
		of := rdf.IRI(value(t, g, node, "foaf:primaryTopic"))
		for _, name := range []string{"dct:issued", "dct:modified"} {
			if want, got := value(t, g, of, name), value(t, g, node, name); want != got {
				t.Errorf("%s %s: %s, its dataset's is %s", node, name, got, want)
			}
		}
		all = append(all, value(t, g, of, "dct:modified"))
	}
	if want, got := slices.Max(all), value(t, g, rdf.IRI(catalogURL), "dct:modified"); want != got {
		t.Errorf("the catalogue was modified %s, its newest dataset %s", got, want)
	}
	if len(all) != len(catalogued()) {
		t.Errorf("%d records, want %d", len(all), len(catalogued()))
	}
}

// TestFilledLater fills the datasets of services in the third release: they are issued then,
// and no earlier version of them is named, because the catalogue did not have them.
func TestFilledLater(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := &program{databaseURL: databaseURL, folder: t.TempDir()}
		for _, month := range []string{"01", "02", "03"} {
			pkg := edition(t, "2024."+month+".0", "2024-"+month+"-28T12:00:00Z")
			if month != "03" {
				for _, file := range []string{"services.csv", "service-availability.csv"} {
					header, _, _ := strings.Cut(string(pkg[file].Data), "\n")
					pkg[file].Data = []byte(header + "\n")
				}
			}
			importPackage(t, databaseURL, pkg)
		}
		p = start(t, databaseURL)
		filled := []string{"service-availability", "service-counts", "services"}
		g := p.catalog(t)
		for id, d := range tellings(t, g) {
			want := "2024-01-28T12:00:00Z"
			if slices.Contains(filled, id) {
				want = "2024-03-28T12:00:00Z"
			}
			if d.Issued != want {
				t.Errorf("%s: issued %s, want %s", id, d.Issued, want)
			}
			if served := p.found(t, iri(id)); !strings.Contains(served, `"issued":"`+want) {
				t.Errorf("%s is not issued %s in JSON: %s", id, want, served)
			}
		}
		p.previousVersions(t, g, "2024.02.0", filled...)
		p.publish(t, edition(t, "2024.04.0", "2024-04-28T12:00:00Z"), "2024.04.0")
		p.previousVersions(t, p.catalog(t), "2024.03.0")
	})
}

// previousVersions opens the previous versions of all datasets but some, which must have
// none, as RDF. They belong to the release.
func (p *program) previousVersions(t *testing.T, g *rdf.Graph, release string, none ...string) {
	t.Helper()
	for _, node := range g.Subjects(rdf.Type, term("dcat:Dataset")) {
		id := strings.TrimPrefix(node.Text(), iri(""))
		versions := g.Objects(node, term("dcat:previousVersion"))
		if slices.Contains(none, id) {
			if len(versions) > 0 {
				t.Errorf("%s has the previous version %s, want none", id, versions)
			}
			continue
		}
		if len(versions) != 1 || versions[0].Text() != iri(id)+"?release="+release {
			t.Errorf("%s has the previous versions %s, want one, of %s", id, versions, release)
		}
		for _, version := range versions {
			p.found(t, strings.Replace(version.Text(), "?", ".ttl?", 1))
		}
	}
}

// TestModifiedAfterGoingBack withdraws a release that changed goals: portals must see that
// goals changed again, then and after the next release, which changes only milestones. The
// catalogues of older releases stay as they are.
func TestModifiedAfterGoingBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := serving(t, databaseURL)
		older := harvested + "?release=" + storetest.Release
		before := p.found(t, older)
		pkg := edition(t, "2024.02.0", "2024-02-28T12:00:00Z")
		storetest.Replace(t, pkg, "goals.csv", "Elektronische Akte für alle", "Elektronische Akte")
		p.publish(t, pkg, "2024.02.0")
		second := tellings(t, p.catalog(t))

		if out, status := p.run(t, "release", "use", storetest.Release); status != 0 {
			t.Fatalf("status %d\n%s", status, out)
		}
		p.serves(t, storetest.Release)
		restored := tellings(t, p.catalog(t))
		if out, status := p.run(t, "catalog", "--format", "jsonld"); status != 0 || out != p.found(t, harvested) {
			t.Errorf("zielstand catalog writes another catalogue, status %d", status)
		}
		pkg = edition(t, "2024.03.0", "2024-03-28T12:00:00Z")
		storetest.Replace(t, pkg, "milestones.csv", "Testgesetz verkündet", "Testgesetz beschlossen")
		p.publish(t, pkg, "2024.03.0")
		third := tellings(t, p.catalog(t))
		for id, d := range third {
			changed := slices.Contains([]string{"goals", catalog.Package.ID}, id)
			if changed && !newer(restored[id].Modified, second[id].Modified) || newer(second[id].Modified, restored[id].Modified) || newer(restored[id].Modified, d.Modified) {
				t.Errorf("%s was modified %s, then %s and %s", id, second[id].Modified, restored[id].Modified, d.Modified)
			}
			if !changed && restored[id].Modified != restored[id].Issued {
				t.Errorf("%s was modified %s, but going back changed nothing", id, restored[id].Modified)
			}
		}
		if after := p.found(t, older); after != before {
			t.Errorf("the catalogue of the first release changed (-before +after)\n%s", cmp.Diff(before, after))
		}
		page := "<loc>" + publicURL + "/datasets/goals</loc>\n    <lastmod>" + third["goals"].Modified[:10] + "<"
		if !strings.Contains(p.found(t, publicURL+"/sitemap.xml"), page) {
			t.Errorf("the sitemap does not have %s", page)
		}
	})
}
