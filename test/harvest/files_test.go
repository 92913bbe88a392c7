// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/storetest"
)

// TestDistributions fetches every file and measures it.
func TestDistributions(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := serving(t, databaseURL)
		g := p.catalog(t)
		distributions := slices.DeleteFunc(g.Subjects(rdf.Type, term("dcat:Distribution")), func(node rdf.Term) bool {
			return len(g.Objects(node, term("dcat:accessService"))) > 0 // TestInterfaces
		})
		if want := len(encode.Formats)*len(catalog.Catalogued()) + len(catalog.WholeFormats); len(distributions) != want {
			t.Errorf("%d distributions, want %d", len(distributions), want)
		}
		for _, node := range distributions {
			measure(t, p, g, node)
		}
	})
}

// TestInterfaces follows the interface of each dataset: to a service that serves this
// dataset and no other, at an address that answers.
func TestInterfaces(t *testing.T) {
	t.Parallel()
	p := reading(t)
	g := p.catalog(t)
	for _, d := range catalog.Catalogued() {
		node := rdf.IRI(iri(d.ID) + "#api")
		service := g.Objects(node, term("dcat:accessService"))
		if len(service) != 1 {
			t.Errorf("%s has the services %v", d.ID, service)
			continue
		}
		if served := g.Objects(service[0], term("dcat:servesDataset")); len(served) != 1 || served[0] != rdf.IRI(iri(d.ID)) {
			t.Errorf("%s: the service serves %v", d.ID, served)
		}
		address := value(t, g, node, "dcat:accessURL")
		if endpoint := value(t, g, service[0], "dcat:endpointURL"); endpoint != address || address != publicURL+"/v1/"+d.ID {
			t.Errorf("%s: accessURL %s, endpointURL %s", d.ID, address, endpoint)
		}
		for _, a := range []string{address, value(t, g, service[0], "dcat:endpointDescription")} {
			p.found(t, a)
		}
	}
}

func measure(t *testing.T, p *program, g *rdf.Graph, node rdf.Term) {
	t.Helper()
	address := value(t, g, node, "dcat:downloadURL")
	if access := value(t, g, node, "dcat:accessURL"); access != address {
		t.Errorf("%s: accessURL %s, downloadURL %s (K39)", node, access, address)
	}
	if !strings.Contains(address, "/v1/releases/"+storetest.Release+"/") {
		t.Errorf("%s: %s is not a file of the release", node, address)
	}
	a := p.get(t, address)
	if a.status != http.StatusOK {
		t.Fatalf("%s: status %d", address, a.status)
	}
	if want, got := value(t, g, node, "dcat:byteSize"), strconv.Itoa(len(a.body)); got != want {
		t.Errorf("%s has %s bytes, the catalogue says %s", address, got, want)
	}
	sum := sha256.Sum256([]byte(a.body))
	checksum := g.Objects(node, term("spdx:checksum"))[0]
	if want, got := value(t, g, checksum, "spdx:checksumValue"), hex.EncodeToString(sum[:]); got != want {
		t.Errorf("%s has the SHA-256 %s, the catalogue says %s", address, got, want)
	}
	mediaType, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	if strings.HasPrefix(mediaType, "application/x-") { // not on IANA's list, which the catalogue refers to
		if named := g.Objects(node, term("dcat:mediaType")); len(named) > 0 {
			t.Errorf("%s is %s, the catalogue says %s", address, mediaType, named)
		}
	} else if want := strings.TrimPrefix(value(t, g, node, "dcat:mediaType"), "https://www.iana.org/assignments/media-types/"); mediaType != want {
		t.Errorf("%s is %s, the catalogue says %s", address, mediaType, want)
	}
	if got := a.header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("%s may change: %s", address, got)
	}
}

// links are the properties whose values somebody will open.
var links = []string{
	"dcat:accessURL", "dcat:downloadURL", "dct:conformsTo", "dcat:endpointURL", "dcat:endpointDescription",
	"dcat:dataset", "dcat:landingPage", "foaf:homepage", "foaf:primaryTopic",
}

// TestLinks opens every address of ours in the catalogue, with HEAD and with
// GET: the lengths are the same.
func TestLinks(t *testing.T) {
	t.Parallel()
	p := reading(t)
	g := p.catalog(t)
	addresses := []string{
		catalogURL, catalogURL + "/dcat.ttl", catalogURL + "/dcat.rdf", catalogURL + "/dcat.jsonld", catalogURL + "/dcat.nt", catalogURL + "/schema.jsonld",
		publicURL + "/robots.txt", publicURL + "/sitemap.xml", publicURL + "/.well-known/void", publicURL + "/.well-known/api-catalog",
	}
	for _, name := range links {
		for _, o := range g.Objects(rdf.Term{}, term(name)) {
			address, _, _ := strings.Cut(o.Text(), "#")
			if strings.HasPrefix(address, publicURL) {
				addresses = append(addresses, address)
			}
		}
	}
	slices.Sort(addresses)
	for _, address := range slices.Compact(addresses) {
		get, head := p.get(t, address), p.ask(t, http.MethodHead, address)
		if get.status != http.StatusOK || head.status != http.StatusOK || head.body != "" {
			t.Errorf("%s: GET %d, HEAD %d with %d bytes", address, get.status, head.status, len(head.body))
		}
		if want, got := strconv.Itoa(len(get.body)), head.header.Get("Content-Length"); got != want {
			t.Errorf("%s: HEAD has the length %s, GET %s", address, got, want)
		}
		if want, got := get.header.Get("Content-Type"), head.header.Get("Content-Type"); got != want {
			t.Errorf("%s: HEAD has the type %s, GET %s", address, got, want)
		}
	}
}

// TestLanguages: a file is said to be English too if it has texts in English, which have
// columns of their own.
func TestLanguages(t *testing.T) {
	t.Parallel()
	p := reading(t)
	g := p.catalog(t)
	for _, d := range catalog.Catalogued() {
		want := []rdf.Term{rdf.IRI(authority + "language/DEU")}
		rows := table(t, p, d.ID)
		for i, name := range rows[0] {
			if strings.HasSuffix(name, "En") && slices.ContainsFunc(rows[1:], func(row []string) bool { return row[i] != "" }) {
				want = append(want, rdf.IRI(authority+"language/ENG"))
				break
			}
		}
		for _, node := range append(g.Objects(rdf.IRI(iri(d.ID)), term("dcat:distribution")), rdf.IRI(iri(d.ID))) {
			if got := g.Objects(node, term("dct:language")); !slices.Equal(want, got) {
				t.Errorf("%s: languages %v, want %v", node, got, want)
			}
		}
	}
}
