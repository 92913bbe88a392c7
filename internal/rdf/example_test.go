package rdf_test

import (
	"fmt"
	"os"

	"github.com/zielstand/zielstand/internal/rdf"
)

func Example() {
	const dct = "http://purl.org/dc/terms/"
	dataset := rdf.IRI("https://example.org/" + rdf.EscapeSegment("Ziele & Maßnahmen"))

	g := &rdf.Graph{}
	g.Add(dataset, rdf.Type, rdf.IRI("http://www.w3.org/ns/dcat#Dataset"))
	g.Add(dataset, rdf.IRI(dct+"title"), rdf.LangLiteral("Ziele", "de"))
	g.Add(dataset, rdf.IRI(dct+"issued"), rdf.TypedLiteral("2021-12-02", rdf.XSD+"date"))

	turtle, _ := rdf.LookupFormat("text/turtle")
	if err := turtle.Write(os.Stdout, g, rdf.Prefixes{"dct": dct, "xsd": rdf.XSD}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// @prefix dct: <http://purl.org/dc/terms/> .
	// @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
	//
	// <https://example.org/Ziele%20%26%20Ma%C3%9Fnahmen> a <http://www.w3.org/ns/dcat#Dataset> ;
	//     dct:issued "2021-12-02"^^xsd:date ;
	//     dct:title "Ziele"@de .
}

func ExampleRead() {
	_, err := rdf.Read("text/turtle", []byte("<a> <b>\n  <not an IRI> ."), "https://example.org/")
	fmt.Println(err)
	// Output:
	// turtle, line 2, column 3: object <https://example.org/not an IRI> of <https://example.org/a> <https://example.org/b>: U+0020, character 24, cannot stand in an IRI and must be percent-encoded (RFC 3987, 2.2)
}

func ExampleGraph_Err() {
	g := &rdf.Graph{}
	g.Add(rdf.IRI("/relative"), rdf.Type, rdf.IRI("http://www.w3.org/ns/dcat#Dataset"))
	fmt.Println(g.Err())
	// Output:
	// subject </relative>: relative IRI: it does not begin with a scheme (RFC 3987, 2.2)
}
