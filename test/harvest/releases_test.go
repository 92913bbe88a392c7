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
