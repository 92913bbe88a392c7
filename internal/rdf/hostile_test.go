// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Characters that some syntax gives a meaning to, or forbids.
const hostileRunes = "\"'\\<>&]\r\n\t @^#%{}|`:/?.;,[]()_-+a1Zäß日\x00\x01\x7F\u0085\u200E\u202E\u2028\uE000\uFDD0\uFEFF\uFFFD\uFFFE😀\U0010FFFF"

var (
	hostileText = rapid.OneOf(
		rapid.SampledFrom(hostileTexts),
		rapid.StringOf(rapid.RuneFrom([]rune(hostileRunes))),
		rapid.String(),
	)
	hostileIRI = rapid.Custom(func(t *rapid.T) string {
		start := rapid.SampledFrom([]string{"http://x/", "http://x/a#", "urn:", "http://[::1]:80/?", "dct:", "a:", ""})
		return start.Draw(t, "start") + rapid.OneOf(hostileText, rapid.Map(hostileText, url.PathEscape)).Draw(t, "rest")
	})
	// hostilePredicate ends in an XML name, as RDF/XML needs it.
	hostilePredicate = rapid.Custom(func(t *rapid.T) Term {
		return IRI(hostileIRI.Draw(t, "namespace") + rapid.StringMatching(`[/#%]?[A-Za-z_äÿ][A-Za-z0-9_.ß-]{0,4}`).Draw(t, "name"))
	})
	// hostileLabel does not begin with "x-": readers rename these (blankIn).
	hostileLabel = rapid.StringMatching(`[A-Za-z_b][A-Za-z0-9_.-]{0,3}`).
			Filter(func(label string) bool { return !strings.HasPrefix(label, "x-") })
	hostileNode = rapid.OneOf(
		rapid.Map(hostileIRI, IRI),
		rapid.Map(hostileLabel, Blank),
	)
	hostileObject = rapid.OneOf(
		hostileNode,
		rapid.Map(hostileText, Literal),
		rapid.Custom(func(t *rapid.T) Term {
			return LangLiteral(hostileText.Draw(t, "text"), rapid.StringMatching(`[a-zA-Z]{1,3}(-[a-z0-9]{1,3}){0,2}`).Draw(t, "language"))
		}),
		rapid.Custom(func(t *rapid.T) Term {
			return TypedLiteral(hostileText.Draw(t, "text"), hostileIRI.Draw(t, "datatype"))
		}),
	)
	hostilePrefixes = rapid.MapOf(
		rapid.SampledFrom([]string{"a", "dct", "urn", "http", "ns1", "b-1", "Z_"}),
		rapid.SampledFrom([]string{"http://x/", "http://x/a", "http://x/a#", "urn:", "urn:x", "http://[::1]:80/?", RDF}),
	)
	hostileGraph = rapid.Custom(func(t *rapid.T) *Graph {
		g := &Graph{}
		for range rapid.IntRange(0, 6).Draw(t, "triples") {
			triple := Triple{hostileNode.Draw(t, "s"), hostilePredicate.Draw(t, "p"), hostileObject.Draw(t, "o")}
			if rapid.IntRange(0, 4).Draw(t, "type") == 0 {
				triple.Predicate = Type
			}
			if triple.Validate() == nil {
				g.insert(triple)
			}
		}
		return g
	})
)

// TestHostileRoundTrip checks that everything that Validate accepts survives the formats
// that we read. TestRapperReadsOurs covers the others.
func TestHostileRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := hostileGraph.Draw(t, "graph")
		prefixes := Prefixes(hostilePrefixes.Draw(t, "prefixes"))
		for name, read := range readers {
			f, _ := LookupFormat(name)
			var b bytes.Buffer
			if err := f.Write(&b, g, prefixes); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got := &Graph{}
			if err := errors.Join(read(context.Background(), got, b.String(), ""), got.Err()); err != nil {
				t.Fatalf("%s: %v\n%s", name, err, b.String())
			}
			if diff := cmp.Diff(lowerTags(g), lowerTags(got)); diff != "" {
				t.Fatalf("%s: (-want +got)\n%s\n%s", name, diff, b.String())
			}
		}
	})
}

// TestHostileTermsAreRefusedWithTheirName checks that an invalid term is not added and
// that the error names it.
func TestHostileTermsAreRefusedWithTheirName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, object := &Graph{}, hostileObject.Draw(t, "object")
		g.Add(IRI(ex+"s"), IRI(ex+"p"), object)
		if accepted := object.Validate() == nil; accepted != (g.Len() == 1) || accepted != (g.Err() == nil) {
			t.Fatalf("%d triples, %v", g.Len(), g.Err())
		}
		if err := g.Err(); err != nil && !strings.HasPrefix(err.Error(), "object "+object.abridged()+" of ") {
			t.Fatalf("%v does not name %v", err, object)
		}
	})
}

func ntriples(g *Graph) string {
	var b strings.Builder
	for _, t := range g.Triples() {
		b.WriteString(t.String() + "\n")
	}
	return b.String()
}
