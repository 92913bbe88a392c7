package rdf

import (
	"os"
	"path/filepath"
	"testing"
)

// fuzzReader feeds a reader. It must not panic, and what it reads without an
// error must survive N-Triples.
func fuzzReader(f *testing.F, name string, seeds ...string) {
	format, _ := LookupFormat(name)
	golden, err := os.ReadFile(filepath.Join("testdata", "sample"+format.Extension))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(golden))
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		g, err := format.Read([]byte(document), ex)
		if err != nil {
			return
		}
		again, err := readNTriples([]byte(ntriples(g)), "")
		if err != nil || ntriples(again) != ntriples(g) {
			t.Errorf("%v\n%s", err, ntriples(g))
		}
	})
}

func FuzzReadTurtle(f *testing.F) {
	fuzzReader(f, "turtle",
		"@prefix : <#> . @base <x> . :a a :b ; :c 1, -2.5e3, true , (\"x\"@de 'y'^^:t) ; :d [ :e '''f\\u0041''' ] .",
		"PREFIX a.b: <\\u0061> BASE <y> a.b:c\\,%41.d a.b:_ _:x.y . [] <p> [] .",
	)
}

func FuzzReadNTriples(f *testing.F) {
	fuzzReader(f, "ntriples", "<a:b> <a:c> \"\\n\\U0001F600\"@de . # x\n_:a <a:b> _:1 .")
}

func FuzzReadRDFXML(f *testing.F) {
	fuzzReader(f, "rdfxml",
		inRDF(`<e:A rdf:about="a" e:p="1"><e:q rdf:parseType="Literal"><b c="d"/></e:q><e:r rdf:ID="x" xml:lang="de" xml:base="y">1</e:r></e:A>`),
		`<!DOCTYPE x [<!ENTITY e "y">]><x:x xmlns:x="a:&e;"><x:p rdf:parseType="Collection" xmlns:rdf="`+RDF+`"><x:y/></x:p></x:x>`,
	)
}

func FuzzReadJSONLD(f *testing.F) {
	fuzzReader(f, "jsonld",
		`{"@context": {"@vocab": "a:", "@base": "b:c", "@language": "de", "p": {"@id": "q:r", "@type": "@id", "@container": ["@set", "@list"]}, "q": "s:"}, "@graph": [{"id": 1, "p": [["x"]], "@reverse": {"q:t": {"@id": "_:b"}}}]}`,
		`[{"@type": "x:y", "a:b": [1, 1e400, -0.5, true, null, {"@value": "x", "@type": "a:t"}, {"@list": [{"@set": []}]}]}]`,
	)
}
