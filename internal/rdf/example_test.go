// SPDX-License-Identifier: EUPL-1.2

package rdf_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/zielstand/zielstand/internal/rdf"
)

func Example() {
	const dct = "http://purl.org/dc/terms/"
	dataset := rdf.IRI("https://example.org/Ziele%20%26%20Ma%C3%9Fnahmen")

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

func ExampleGraph_ReadNTriples() {
	g := &rdf.Graph{}
	err := g.ReadNTriples(context.Background(), strings.NewReader("<https://example.org/a> <https://example.org/b>\n"), "")
	fmt.Println(err)
	// Output:
	// ntriples, line 1, column 48: the line ends where an object of N-Triples was expected
}

func ExampleGraph_Err() {
	g := &rdf.Graph{}
	g.Add(rdf.IRI("/relative"), rdf.Type, rdf.IRI("http://www.w3.org/ns/dcat#Dataset"))
	fmt.Println(g.Err())
	// Output:
	// subject </relative>: relative IRI: it does not begin with a scheme (RFC 3987, 2.2)
}
