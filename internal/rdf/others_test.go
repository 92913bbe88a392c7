// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"
)

// crowd is the sample with many hostile graphs, the same ones each time.
func crowd() *Graph {
	g := sample()
	for seed := range 300 {
		for _, t := range hostileGraph.Example(seed).Triples() {
			g.insert(t)
		}
	}
	return g
}

// lowerTags writes a graph with its language tags in lower case, as Raptor and
// json-gold do, and as RDF 1.1 Concepts, 3.3 allows.
func lowerTags(g *Graph) string {
	lower := &Graph{}
	for _, t := range g.Triples() {
		t.Object.language = strings.ToLower(t.Object.language)
		lower.insert(t)
	}
	return ntriples(lower)
}

// TestJSONGoldReadsOurs compares our JSON-LD and our N-Triples by their
// canonical form (URDNA2015), computed by another implementation.
func TestJSONGoldReadsOurs(t *testing.T) {
	g := sample()
	want, err := ld.ParseNQuads(lowerTags(g))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(canonical(t, want), canonical(t, readByJSONGold(t, g))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestJSONGoldReadsHostileText goes without N-Triples, in which json-gold
// takes a quote before @ for the end of the text.
func TestJSONGoldReadsHostileText(t *testing.T) {
	g := crowd()
	want := ld.NewRDFDataset()
	for _, triple := range g.Triples() {
		quad := ld.NewQuad(goldNode(triple.Subject), goldNode(triple.Predicate), goldNode(triple.Object), "")
		want.Graphs["@default"] = append(want.Graphs["@default"], quad)
	}
	if diff := cmp.Diff(canonical(t, want), canonical(t, readByJSONGold(t, g))); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func goldNode(t Term) ld.Node {
	switch {
	case t.IsIRI():
		return ld.NewIRI(t.Text())
	case t.IsBlank():
		return ld.NewBlankNode(t.String())
	}
	return ld.NewLiteral(t.Text(), t.Datatype(), strings.ToLower(t.Language()))
}

func readByJSONGold(t *testing.T, g *Graph) *ld.RDFDataset {
	t.Helper()
	format, _ := LookupFormat("jsonld")
	document, err := ld.DocumentFromReader(bytes.NewReader(write(t, format, g, testPrefixes)))
	if err != nil {
		t.Fatal(err)
	}
	dataset, err := ld.NewJsonLdProcessor().ToRDF(document, ld.NewJsonLdOptions(""))
	if err != nil {
		t.Fatal(err)
	}
	return dataset.(*ld.RDFDataset)
}

func canonical(t *testing.T, dataset *ld.RDFDataset) []string {
	t.Helper()
	options := ld.NewJsonLdOptions("")
	options.Format = "application/n-quads"
	options.Algorithm = ld.AlgorithmURDNA2015
	got, err := ld.NewJsonLdApi().Normalize(dataset, options)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(got.(string), "\n")
	if len(lines) < sample().Len() {
		t.Fatalf("only %d lines", len(lines))
	}
	return lines
}
