package rdf

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"bytes"

	"github.com/piprate/json-gold/ld"
)

func canon(t *testing.T, nt string) (string, error) {
	proc := ld.NewJsonLdProcessor()
	o := ld.NewJsonLdOptions("")
	o.Format = "application/n-quads"; o.InputFormat = "application/n-quads"; o.Algorithm = "URDNA2015"
	v, err := proc.Normalize(nt, o)
	if err != nil { return "", err }
	return v.(string), nil
}
func ntOf(g *Graph) string { var b bytes.Buffer; writeNTriples(&b, g, nil); return b.String() }

func TestW3C(t *testing.T) {
	for _, m := range []struct{dir, base, media string}{
		{"rdf-turtle", "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-turtle/", "text/turtle"},
		{"rdf-n-triples", "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-n-triples/", "application/n-triples"},
		{"rdf-xml", "https://w3c.github.io/rdf-tests/rdf/rdf11/rdf-xml/", "application/rdf+xml"},
	} {
		root := "/tmp/rdfprobe/rdf-tests/rdf/rdf11/" + m.dir + "/"
		data, err := os.ReadFile(root + "manifest.ttl")
		if err != nil { t.Fatal(err) }
		g, err := readTurtle(data, m.base+"manifest.ttl")
		if err != nil { t.Fatal(err) }
		const mf = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
		ok, n := 0, 0
		for _, test := range g.Subjects(IRI(mf+"action"), Term{}) {
			n++
			action := g.Objects(test, IRI(mf+"action"))[0].Text()
			typ := g.Objects(test, Type)[0].Text()
			data, err := os.ReadFile(filepath.Join(root, strings.TrimPrefix(action, m.base)))
			if err != nil { t.Log(err); continue }
			got, err := Read(m.media, data, action)
			if strings.Contains(typ, "Negative") {
				if err == nil { fmt.Println("ACCEPTED", action) } else { ok++ ; fmt.Println("   neg:", strings.TrimPrefix(action, m.base), err)}
				continue
			}
			if err != nil { fmt.Println("REFUSED", action, err); continue }
			if res := g.Objects(test, IRI(mf+"result")); len(res) > 0 {
				want, err := os.ReadFile(filepath.Join(root, strings.TrimPrefix(res[0].Text(), m.base)))
				if err != nil { t.Log(err); continue }
				wg, err := readNTriples(want, "")
				if err != nil { fmt.Println("RESULT", action, err); continue }
				a, err1 := canon(t, ntOf(got)); b, err2 := canon(t, ntOf(wg))
				if err1 != nil || err2 != nil { fmt.Println("CANON", action, err1, err2); continue }
				if a != b { fmt.Println("DIFF", action, "\n", a, "\n", b); continue }
			}
			ok++
		}
		fmt.Println("=====", m.dir, ok, "of", n)
	}
}
