// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/storetest"
)

// iri is the permanent IRI of a dataset.
func iri(id string) string { return publicURL + "/v1/datasets/" + id }

// catalogued are the IRIs of the datasets with a catalogue entry and of the files with
// all datasets, sorted.
func catalogued() []string {
	var all []string
	for _, d := range dataset.All {
		if !d.Secondary {
			all = append(all, iri(d.ID))
		}
	}
	all = append(all, iri(catalog.Package.ID))
	slices.Sort(all)
	return all
}

// harvest runs the harvester, which must not fail.
func (h *harvester) harvest(t testing.TB) outcome {
	t.Helper()
	done, err := h.run()
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// edition is Package as a later release.
func edition(t testing.TB, release, created string) fstest.MapFS {
	t.Helper()
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "datapackage.json", `"version": "2024.01.0"`, `"version": "`+release+`"`)
	storetest.Replace(t, pkg, "datapackage.json", `"created": "2024-01-31T12:00:00Z"`, `"created": "`+created+`"`)
	return pkg
}

func TestHarvestTwice(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{"", "/dcat.ttl", "/dcat.rdf", "/dcat.jsonld", "/dcat.nt"} {
		t.Run(suffix, func(t *testing.T) {
			t.Parallel()
			if suffix != "/dcat.jsonld" && suffix != "/dcat.nt" {
				rdftest.NeedRapper(t)
			}
			p := reading(t)
			h := newHarvester(p.client, catalogURL+suffix)
			if diff := cmp.Diff(outcome{added: catalogued()}, h.harvest(t), equalOutcomes); diff != "" {
				t.Errorf("first run (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(outcome{same: catalogued()}, h.harvest(t), equalOutcomes); diff != "" {
				t.Errorf("second run (-want +got)\n%s", diff)
			}
		})
	}
}

var equalOutcomes = cmp.AllowUnexported(outcome{})

// TestHarvestGivesAllThatCKANKeeps checks what arrives in CKAN.
func TestHarvestGivesAllThatCKANKeeps(t *testing.T) {
	t.Parallel()
	p := reading(t)
	h := newHarvester(p.client, harvested)
	h.resourcesRequired, h.contributorID = true, "http://dcat-ap.de/def/contributors/openNRW"
	h.harvest(t)
	for guid, d := range h.datasets {
		if d.identifier != guid || d.modified == "" || len(d.contributor) != 1 {
			t.Errorf("%s: identifier %s, modified %s, contributors %v", guid, d.identifier, d.modified, d.contributor)
		}
		for name, resource := range d.resources {
			for _, field := range []string{"dct:license", "dct:format", "dcat:mediaType", "dcat:accessURL", "dcat:downloadURL"} {
				if field == "dcat:downloadURL" && strings.HasSuffix(name, "#api") || field == "dcat:mediaType" && strings.HasSuffix(name, "#ndjson") {
					continue // an interface is not a file, and IANA has not registered NDJSON
				}
				value := strings.Join(resource[field], " ")
				if !strings.HasPrefix(value, "http") || strings.Contains(value, " ") || value == closed {
					t.Errorf("%s: %s is %q, not one address", name, field, value)
				}
			}
		}
	}
}

// TestTripleStore compares the graphs that GovData stores with the catalogue: the graph
// of a dataset contains its entry and no other dataset.
func TestTripleStore(t *testing.T) {
	t.Parallel()
	p := reading(t)
	h := newHarvester(p.client, harvested)
	h.harvest(t)
	h.harvest(t) // deletes and inserts again
	g := p.catalog(t)
	for guid := range h.datasets {
		node := rdf.IRI(guid)
		want := cut(func(s rdf.Term) []rdf.Triple { return g.Match(s, rdf.Term{}, rdf.Term{}) }, node)
		got := h.stored(node)
		if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
			t.Errorf("%s (-catalogue +stored)\n%s", guid, diff)
		}
		for _, triple := range got {
			if triple.Predicate == rdf.Type && triple.Object == term("dcat:Dataset") && triple.Subject != node {
				t.Errorf("%s reaches %s", node, triple.Subject)
			}
		}
	}
}

func lines(triples []rdf.Triple) []string {
	var out []string
	for _, t := range triples {
		out = append(out, t.String())
	}
	return out
}

// TestHarvestAfterRelease publishes a release in which one dataset differs. The
// version of all datasets moves, the date of the one.
func TestHarvestAfterRelease(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := serving(t, databaseURL)
		h := newHarvester(p.client, harvested)
		h.harvest(t)
		before := modified(h)
		pkg := edition(t, "2024.02.0", "2024-02-28T12:00:00Z")
		storetest.Replace(t, pkg, "milestones.csv", "tp18-m2", "tp18-m9")
		withdraw(t, pkg, "tp18-m2", "milestones")
		p.publish(t, pkg, "2024.02.0")
		done := h.harvest(t)
		if len(done.added)+len(done.deleted)+len(done.skipped) > 0 {
			t.Errorf("added %v, deleted %v, skipped %v", done.added, done.deleted, done.skipped)
		}
		if diff := cmp.Diff(catalogued(), done.changed); diff != "" {
			t.Errorf("changed: all have another version (-want +got)\n%s", diff)
		}
		want := maps.Clone(before)
		want[iri("milestones")] = "2024-02-28T12:00:00Z"
		want[iri(catalog.Package.ID)] = "2024-02-28T12:00:00Z"
		if diff := cmp.Diff(want, modified(h)); diff != "" {
			t.Errorf("dct:modified (-want +got)\n%s", diff)
		}
	})
}

// modified are the dates of all datasets, by GUID.
func modified(h *harvester) map[string]string {
	out := map[string]string{}
	for guid, d := range h.datasets {
		out[guid] = d.modified
	}
	return out
}

// withdraw adds the reason why an identifier is gone.
func withdraw(t testing.TB, pkg fstest.MapFS, id, of string) {
	t.Helper()
	line := id + "," + of + ",2024-02-01,Berichtigt.,Corrected.\n"
	pkg["withdrawn.csv"] = &fstest.MapFile{Data: append(slices.Clone(pkg["withdrawn.csv"].Data), line...), Mode: 0o644}
}

// altered serves the program's catalogue with changes.
func altered(t testing.TB, p *program, change func(*rdf.Graph) *rdf.Graph) *httptest.Server {
	t.Helper()
	g := change(p.catalog(t))
	var body strings.Builder
	nt, _ := rdf.LookupFormat("ntriples")
	if err := nt.Write(&body, g, nil); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", nt.MediaType)
		_, _ = w.Write([]byte(body.String()))
	}))
	t.Cleanup(server.Close)
	return server
}

// TestDuplicate has the portal know a dataset of ours from another source: the
// newer one stays.
func TestDuplicate(t *testing.T) {
	t.Parallel()
	p := reading(t)
	for _, test := range []struct {
		name, modified string
		ours           bool
	}{{"older", "2020-01-01", true}, {"newer", "2099-01-01", false}, {"unreadable", "neulich", true}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHarvester(p.client, harvested)
			h.datasets["https://elsewhere.example/1"] = &imported{source: "elsewhere", identifier: iri("goals"), modified: test.modified}
			h.harvest(t)
			_, ours := h.datasets[iri("goals")]
			_, theirs := h.datasets["https://elsewhere.example/1"]
			if ours != test.ours || theirs == test.ours {
				t.Errorf("ours is there: %t, theirs: %t", ours, theirs)
			}
		})
	}
}

// TestOutageDeletesNothing answers as the service does while it has nothing to
// answer with: to HEAD and GET, and to GET only, as when the database goes away
// between the two.
func TestOutageDeletesNothing(t *testing.T) {
	t.Parallel()
	p := reading(t)
	h := newHarvester(p.client, harvested)
	h.harvest(t)
	empty := storetest.SQLite(t)
	storetest.Open(t, empty)
	away := start(t, empty, "ZIELSTAND_DATABASE_MANAGE=false")
	refused := away.get(t, catalogURL)
	if refused.status != http.StatusServiceUnavailable {
		t.Fatalf("without a database: %d %s", refused.status, refused.body)
	}
	between := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			return
		}
		maps.Copy(w.Header(), refused.header)
		w.WriteHeader(refused.status)
		_, _ = w.Write([]byte(refused.body))
	}))
	defer between.Close()
	for name, client := range map[string]*http.Client{
		"HEAD and GET": away.client, "GET": clientOf(strings.TrimPrefix(between.URL, "http://")),
	} {
		h.client = client
		if done, err := h.run(); err == nil {
			t.Errorf("%s: %+v, want an error that ends the harvest", name, done)
		}
	}
	if len(h.datasets) != len(catalogued()) {
		t.Errorf("%d datasets are left of %d", len(h.datasets), len(catalogued()))
	}
}

// TestHarvesterItself makes sure that the harvester does the harm that we guard
// against.
func TestHarvesterItself(t *testing.T) {
	t.Parallel()
	p := reading(t)
	tests := []struct {
		name   string
		change func(*rdf.Graph) *rdf.Graph
		want   func(*harvester, outcome, error) bool
	}{
		{"no dataset deletes all", func(*rdf.Graph) *rdf.Graph {
			g := &rdf.Graph{}
			g.Add(rdf.IRI(catalogURL), rdf.Type, term("dcat:Catalog"))
			return g
		}, func(h *harvester, _ outcome, err error) bool { return err == nil && len(h.datasets) == 0 }},
		{"no title ends the harvest", func(g *rdf.Graph) *rdf.Graph {
			g.Add(rdf.IRI(iri("new")), rdf.Type, term("dcat:Dataset"))
			return g
		}, func(h *harvester, _ outcome, err error) bool {
			return err != nil && len(h.datasets) == len(catalogued())
		}},
		{"no distribution", func(g *rdf.Graph) *rdf.Graph {
			out := &rdf.Graph{}
			for _, t := range g.Triples() {
				if t.Subject != rdf.IRI(iri("goals")) || t.Predicate != term("dcat:distribution") {
					out.Add(t.Subject, t.Predicate, t.Object)
				}
			}
			return out
		}, func(h *harvester, done outcome, _ error) bool {
			return h.datasets[iri("goals")] == nil && len(done.deleted) == 1
		}},
		{"the same page again ends it", func(g *rdf.Graph) *rdf.Graph {
			g.Add(rdf.IRI(catalogURL+"#page"), term("hydra:next"), rdf.IRI(catalogURL+"?page=2"))
			return g
		}, func(h *harvester, done outcome, err error) bool {
			return err == nil && len(done.same) == len(catalogued())
		}},
		{"a label takes the place of the licence", func(g *rdf.Graph) *rdf.Graph {
			g.Add(rdf.IRI("http://dcat-ap.de/def/licenses/dl-by-de/2.0"), term("rdfs:label"), rdf.Literal("Lizenz"))
			return g
		}, func(h *harvester, _ outcome, _ error) bool {
			return h.datasets[iri("goals")].resources[iri("goals")+"#csv"]["dct:license"][0] == "Lizenz"
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := newHarvester(p.client, harvested)
			h.resourcesRequired = true
			h.harvest(t)
			h.client = clientOf(strings.TrimPrefix(altered(t, p, test.change).URL, "http://"))
			if done, err := h.run(); !test.want(h, done, err) {
				t.Errorf("%+v, %v, %d datasets left", done, err, len(h.datasets))
			}
		})
	}
}
