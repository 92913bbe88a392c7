// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"context"
	"testing"
)

// fuzzReader tests a reader. It must not panic or loop forever, and what it reads
// without an error must survive N-Triples.
func fuzzReader(f *testing.F, name string, seeds ...string) {
	format, _ := LookupFormat(name)
	f.Add(string(write(f, format, sample(), testPrefixes)))
	for _, seed := range seeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		if len(document) > 64<<10 {
			return
		}
		g := &Graph{}
		if err := readers[name](context.Background(), g, document, ""); err != nil || g.Err() != nil {
			return
		}
		if again := mustRead(t, "ntriples", ntriples(g)); again.Len() != g.Len() {
			t.Errorf("%d triples of %d are left\n%s", again.Len(), g.Len(), ntriples(g))
		}
	})
}

func FuzzReadNTriples(f *testing.F) {
	fuzzReader(f, "ntriples", "<a:b> <a:c> \"\\n\\U0001F600\"@de . # x\n_:a <a:b> _:1 .")
}

func FuzzReadJSONLD(f *testing.F) {
	fuzzReader(f, "jsonld",
		`{"@context": {"@vocab": "a:", "@base": "b:c", "@language": "de", "p": {"@id": "q:r", "@type": "@id", "@container": ["@set", "@list"]}, "q": "s:"}, "@graph": [{"id": 1, "p": [["x"]], "@reverse": {"q:t": {"@id": "_:b"}}}]}`,
		`[{"@type": "x:y", "a:b": [1, 1e400, -0.5, true, null, {"@value": "x", "@type": "a:t"}, {"@list": [{"@set": []}]}]}]`,
		`{"@context": [null, {"@version": 1.1, "@propagate": false, "a": {"@id": "b:c", "@context": {"@vocab": "d:"}, "@nest": "@nest", "@container": "@language"}}], "a": {"de": ["x", null]}, "@included": {"@id": "e:f"}, "@nest": {"a": 1}}`,
	)
}
