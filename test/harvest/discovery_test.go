// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestRobots reads robots.txt as a crawler does (RFC 9309).
func TestRobots(t *testing.T) {
	t.Parallel()
	p := reading(t)
	a := p.get(t, publicURL+"/robots.txt")
	if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%d %s", a.status, a.header.Get("Content-Type"))
	}
	fields := map[string][]string{}
	for lines := bufio.NewScanner(strings.NewReader(a.body)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if name != "" {
			fields[strings.ToLower(name)] = append(fields[strings.ToLower(name)], strings.TrimSpace(value))
		}
	}
	want := map[string][]string{"user-agent": {"*"}, "allow": {"/"}, "sitemap": {publicURL + "/sitemap.xml"}}
	if diff := cmp.Diff(want, fields); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestSitemap opens what the sitemap lists; every dataset is there, with the
// date that the catalogue gives.
func TestSitemap(t *testing.T) {
	t.Parallel()
	p := reading(t)
	var set struct {
		XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		URLs    []struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod"`
		} `xml:"url"`
	}
	a := p.get(t, publicURL+"/sitemap.xml")
	if err := xml.Unmarshal([]byte(a.body), &set); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(a.header.Get("Content-Type"), "xml") || len(a.body) > 50<<20 || len(set.URLs) > 50000 {
		t.Errorf("%s, %d bytes, %d addresses", a.header.Get("Content-Type"), len(a.body), len(set.URLs))
	}
	g := p.catalog(t)
	listed := map[string]bool{}
	for _, u := range set.URLs {
		p.found(t, u.Loc)
		node := rdf.IRI(u.Loc)
		if !g.Has(node, rdf.Type, term("dcat:Dataset")) {
			node = firstOf(g.Subjects(term("dcat:landingPage"), node))
		}
		listed[u.Loc] = true
		if listed[node.Text()] = true; !node.IsZero() && !strings.HasPrefix(value(t, g, node, "dct:modified"), u.LastMod) {
			t.Errorf("%s: lastmod %s, the catalogue says %s", u.Loc, u.LastMod, value(t, g, node, "dct:modified"))
		}
	}
	for _, dataset := range catalogued() {
		if !listed[dataset] {
			t.Errorf("neither %s nor its page is listed", dataset)
		}
	}
	for _, page := range []string{"/goals/ts2-01", "/indicators/e-file-users", "/fields/ts2-verwaltung", "/datasets/areas", "/releases/" + storetest.Release, "/ozg"} {
		for _, language := range []string{"", "/en"} {
			if !listed[publicURL+language+page] {
				t.Errorf("%s%s is not listed", language, page)
			}
		}
	}
}

func firstOf(terms []rdf.Term) rdf.Term {
	if len(terms) == 0 {
		return rdf.Term{}
	}
	return terms[0]
}

// TestAPICatalog reads the linkset (RFC 9727, RFC 9264) and opens its links.
func TestAPICatalog(t *testing.T) {
	t.Parallel()
	p := reading(t)
	a := p.get(t, publicURL+"/.well-known/api-catalog")
	if want := `application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"`; a.header.Get("Content-Type") != want {
		t.Errorf("content type %s", a.header.Get("Content-Type"))
	}
	head := p.ask(t, http.MethodHead, publicURL+"/.well-known/api-catalog")
	if want := `<` + publicURL + `/.well-known/api-catalog>; rel="api-catalog"`; head.header.Get("Link") != want {
		t.Errorf("HEAD links to %q, want %q (RFC 9727, 2)", head.header.Get("Link"), want)
	}
	var set struct{ Linkset []map[string]any }
	if err := json.Unmarshal([]byte(a.body), &set); err != nil {
		t.Fatal(err)
	}
	relations := map[string][]string{
		publicURL + "/v1":  {"service-desc", "service-doc", "service-meta", "status"},
		publicURL + "/mcp": {"service-doc", "status"},
	}
	if len(set.Linkset) != len(relations) {
		t.Errorf("%d APIs, want %d", len(set.Linkset), len(relations))
	}
	for _, context := range set.Linkset {
		anchor := context["anchor"].(string)
		if anchor != publicURL+"/mcp" { // which is for POST only
			p.found(t, anchor)
		}
		for _, relation := range relations[anchor] {
			for _, target := range context[relation].([]any) {
				link := target.(map[string]any)
				got := p.get(t, link["href"].(string))
				mediaType, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
				if got.status != http.StatusOK || link["type"] != mediaType {
					t.Errorf("%s %v: %d %s", relation, link, got.status, mediaType)
				}
			}
		}
	}
}

// TestVoID: the dumps are the catalogue in each format.
func TestVoID(t *testing.T) {
	t.Parallel()
	p := reading(t)
	a := p.get(t, publicURL+"/.well-known/void")
	if want := p.get(t, catalogURL+"/dcat.ttl").header.Get("Content-Type"); a.header.Get("Content-Type") != want {
		t.Errorf("content type %s, the catalogue has %s", a.header.Get("Content-Type"), want)
	}
	g := rdftest.Rapper(t, "turtle", []byte(a.body), publicURL+"/.well-known/void")
	var want, dumps []string
	for _, f := range rdf.Formats() {
		want = append(want, catalogURL+"/dcat"+f.Extension)
	}
	for _, set := range g.Subjects(rdf.Type, term("void:Dataset")) {
		for _, o := range g.Objects(set, term("void:dataDump")) {
			dumps = append(dumps, o.Text())
			p.found(t, o.Text())
		}
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, dumps); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
