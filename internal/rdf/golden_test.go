// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"flag"
	"testing"

	"github.com/zielstand/zielstand/internal/golden"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sampleFile has the sample in every format.
const sampleFile = "testdata/sample.txtar"

const ex = "https://example.org/"

var testPrefixes = Prefixes{
	"dcat":   "http://www.w3.org/ns/dcat#",
	"dct":    "http://purl.org/dc/terms/",
	"foaf":   "http://xmlns.com/foaf/0.1/",
	"unused": "http://example.org/unused#",
	"urn":    "http://example.org/a-scheme-too#",
	"word":   "http://example.org/no-delimiter",
	"xsd":    XSD,
}

// sample contains terms and texts of every kind.
func sample() *Graph {
	g := &Graph{}
	dataset, publisher := IRI(ex+"dataset"), Blank("publisher")
	dct := func(name string) Term { return IRI("http://purl.org/dc/terms/" + name) }
	g.Add(dataset, Type, IRI("http://www.w3.org/ns/dcat#Dataset"))
	g.Add(dataset, Type, Literal("a type that is text"))
	g.Add(dataset, dct("title"), LangLiteral("Straße & <Weg>", "de"))
	g.Add(dataset, dct("title"), LangLiteral("Street", "en"))
	g.Add(dataset, dct("title"), LangLiteral("שלום \u202Eabc\u202C", "he"))
	g.Add(dataset, dct("issued"), TypedLiteral("2021-08-31", XSD+"date"))
	g.Add(dataset, dct("identifier"), Literal(""))
	for _, text := range hostileTexts {
		g.Add(dataset, dct("description"), Literal(text))
	}
	g.Add(dataset, dct("publisher"), publisher)
	g.Add(dataset, dct("source"), IRI("urn:isbn:3-423-08501-3"))
	g.Add(dataset, dct("relation"), IRI("https://example.org/größe?a=1&b='2'#(x)"))
	g.Add(dataset, IRI("http://example.org/no-delimiterName"), TypedLiteral("1", ex+"type/7"))
	g.Add(dataset, IRI(ex+"eigene/größe"), TypedLiteral("<b>x</b>", RDF+"XMLLiteral"))
	g.Add(dataset, IRI(RDF+"_1"), IRI("mailto:a@example.org"))
	g.Add(publisher, Type, Blank("class"))
	g.Add(publisher, IRI("http://xmlns.com/foaf/0.1/name"), Literal("NRW"))
	return g
}

var hostileTexts = []string{
	`"quoted" 'single' \ backslash`, `"""`, "'''", "]]>", "<![CDATA[x]]>", "&amp; &#x41;",
	"line\nfeed", "carriage\rreturn", "both\r\n", "\ttab\t", "  spaces  ", "\n", " ",
	"👩🏽‍💻 emoji", "مرحبا", "nul-free\u007F\u0085\u2028\u2029", "\uFEFFbom", "\uFFFD",
	`\u0041 \n`, "{@value}", "@id", "_:b", "${x}", "\U0010FFFF",
}

func TestGolden(t *testing.T) {
	documents := golden.Open(t, sampleFile, *update)
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			documents.Compare(t, f.Name, write(t, f, sample(), testPrefixes))
		})
	}
}

func write(t testing.TB, f Format, g *Graph, p Prefixes) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, g, p); err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return b.Bytes()
}
