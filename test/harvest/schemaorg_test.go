// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/rdf"
)

const schemaOrg = "https://schema.org/"

// expanded reads JSON-LD with another implementation, without fetching contexts.
func expanded(t testing.TB, body string) map[string]map[string]any {
	t.Helper()
	var document any
	if err := json.Unmarshal([]byte(body), &document); err != nil {
		t.Fatal(err)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = ld.NewCachingDocumentLoader(nil)
	nodes, err := ld.NewJsonLdProcessor().Flatten(document, nil, options)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]map[string]any{}
	for _, n := range nodes.([]any) {
		node := n.(map[string]any)
		out[node["@id"].(string)] = node
	}
	return out
}

// texts are the values and identifiers of a property.
func texts(node map[string]any, property string) []string {
	var out []string
	values, _ := node[schemaOrg+property].([]any)
	for _, v := range values {
		object := v.(map[string]any)
		for _, key := range []string{"@value", "@id"} {
			if s, ok := object[key].(string); ok {
				out = append(out, s)
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestSchemaOrg reads the catalogue and each dataset as a search engine does. It checks
// the properties required of a Dataset and compares them with the DCAT.
func TestSchemaOrg(t *testing.T) {
	t.Parallel()
	p := reading(t)
	g := p.catalog(t)
	whole := expanded(t, p.found(t, catalogURL+"/schema.jsonld"))
	if got := texts(whole[catalogURL], "dataset"); !slices.Equal(got, catalogued()) {
		t.Errorf("datasets of the catalogue: %v", got)
	}
	for _, dataset := range catalogued() {
		if dataset == iri(catalog.Package.ID) { // has neither columns nor a page of its own
			continue
		}
		alone := expanded(t, p.found(t, dataset+".schema.jsonld"))
		if diff := cmp.Diff(whole[dataset], alone[dataset]); diff != "" {
			t.Errorf("%s differs (-in the catalogue +alone)\n%s", dataset, diff)
		}
		checkSchemaOrg(t, g, dataset, alone)
		page := inPage.FindStringSubmatch(p.found(t, value(t, g, rdf.IRI(dataset), "dcat:landingPage")))
		if page == nil {
			t.Errorf("the page of %s says nothing to search engines", dataset)
			continue
		}
		if diff := cmp.Diff(alone[dataset], expanded(t, page[1])[dataset]); diff != "" {
			t.Errorf("%s: its page says something else (-alone +page)\n%s", dataset, diff)
		}
	}
}

var inPage = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func checkSchemaOrg(t *testing.T, g *rdf.Graph, dataset string, nodes map[string]map[string]any) {
	t.Helper()
	node := nodes[dataset]
	if types, _ := node["@type"].([]any); !slices.Contains(types, any(schemaOrg+"Dataset")) {
		t.Errorf("%s is %v", dataset, types)
	}
	for _, property := range []string{
		"name", "description", "license", "creator", "keywords", "temporalCoverage", "spatialCoverage",
		"isAccessibleForFree", "includedInDataCatalog", "variableMeasured", "distribution", "identifier",
		"url", "version", "datePublished", "dateModified", "publisher",
	} {
		if len(texts(node, property)) == 0 {
			t.Errorf("%s has no %s", dataset, property)
		}
	}
	for _, d := range texts(node, "description") {
		if n := utf8.RuneCountInString(d); n < 50 || n > 5000 {
			t.Errorf("%s: a description of %d characters, not 50 to 5000: %s", dataset, n, d)
		}
	}
	same(t, g, dataset, node, map[string]string{
		"name": "dct:title", "description": "dct:description", "distribution": "dcat:distribution",
		"url": "dcat:landingPage", "identifier": "dct:identifier", "dateModified": "dct:modified", "datePublished": "dct:issued",
	})
	for _, o := range g.Objects(rdf.IRI(dataset), term("dcat:keyword")) {
		if !slices.Contains(texts(node, "keywords"), o.Text()) { // beside the English ones
			t.Errorf("%s: %s is not a keyword", dataset, o)
		}
	}
	for _, distribution := range texts(node, "distribution") {
		download := nodes[distribution]
		same(t, g, distribution, download, map[string]string{"contentUrl": "dcat:downloadURL", "license": "dct:license"})
		if format := texts(download, "encodingFormat"); len(format) != 1 || !strings.Contains(format[0], "/") {
			t.Errorf("%s: encodingFormat %v", distribution, format)
		}
	}
}

// same compares properties with the DCAT.
func same(t *testing.T, g *rdf.Graph, iri string, node map[string]any, properties map[string]string) {
	t.Helper()
	for ours, dcat := range properties {
		var want []string
		for _, o := range g.Objects(rdf.IRI(iri), term(dcat)) {
			if !strings.HasSuffix(o.Text(), "#api") { // is not a download
				want = append(want, o.Text())
			}
		}
		slices.Sort(want)
		if diff := cmp.Diff(slices.Compact(want), slices.Compact(texts(node, ours))); diff != "" {
			t.Errorf("%s: %s (-%s +%s)\n%s", iri, ours, dcat, ours, diff)
		}
	}
}

// TestSecondaryDatasetHasNoEntry: what has no entry in the catalogue has none in
// the words of schema.org either.
func TestSecondaryDatasetHasNoEntry(t *testing.T) {
	t.Parallel()
	p := reading(t)
	for _, suffix := range []string{".ttl", ".schema.jsonld"} {
		if a := p.get(t, iri("areas")+suffix); a.status != 406 {
			t.Errorf("areas%s: status %d\n%.300s", suffix, a.status, a.body)
		}
	}
}
