// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGraphIsASet(t *testing.T) {
	g := &Graph{}
	for range 2 {
		g.Add(IRI(ex+"s"), IRI(ex+"p"), Literal("o"))
		g.Add(IRI(ex+"s"), IRI(ex+"p"), TypedLiteral("o", XSD+"string"))
	}
	if g.Len() != 1 || len(g.Triples()) != 1 || !g.Has(IRI(ex+"s"), IRI(ex+"p"), Literal("o")) {
		t.Errorf("got %v", g.Triples())
	}
	if g.Has(IRI(ex+"s"), IRI(ex+"p"), LangLiteral("o", "de")) {
		t.Error("a triple that was not added")
	}
}

func TestTriplesAreSorted(t *testing.T) {
	g := &Graph{}
	g.Add(Blank("b"), IRI(ex+"p"), Literal("1"))
	g.Add(IRI(ex+"s"), IRI("http://a"), Literal("2"))
	g.Add(IRI(ex+"s"), IRI("http://a"), Literal("1"))
	g.Add(IRI(ex+"s"), Type, IRI(ex+"Type"))
	var got []string
	for _, triple := range g.Triples() {
		got = append(got, triple.String())
	}
	want := []string{
		`<https://example.org/s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/Type> .`,
		`<https://example.org/s> <http://a> "1" .`,
		`<https://example.org/s> <http://a> "2" .`,
		`_:b <https://example.org/p> "1" .`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLookups(t *testing.T) {
	a, b, p, q := IRI(ex+"a"), IRI(ex+"b"), IRI(ex+"p"), IRI(ex+"q")
	one, two := Literal("1"), Literal("2")
	g := &Graph{}
	g.Add(b, p, one)
	g.Add(a, p, two)
	g.Add(a, p, one)
	g.Add(a, q, one)
	for _, test := range []struct {
		name string
		got  []Term
		want []Term
	}{
		{"objects", g.Objects(a, p), []Term{one, two}},
		{"objects of any predicate", g.Objects(a, Term{}), []Term{one, two}},
		{"objects of any subject", g.Objects(Term{}, q), []Term{one}},
		{"no objects", g.Objects(b, q), nil},
		{"subjects", g.Subjects(p, one), []Term{a, b}},
		{"subjects of any object", g.Subjects(q, Term{}), []Term{a}},
		{"all subjects", g.Subjects(Term{}, Term{}), []Term{a, b}},
		{"of an empty graph", (&Graph{}).Subjects(p, one), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, test.got, cmp.AllowUnexported(Term{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if got := g.Match(a, Term{}, one); len(got) != 2 || got[0].Predicate != p {
		t.Errorf("match: %v", got)
	}
}

func TestGraphCollectsErrors(t *testing.T) {
	g := &Graph{}
	g.Add(IRI("s"), IRI(ex+"p"), Literal("o"))
	g.Add(IRI(ex+"s"), IRI(ex+"p"), Literal("o"))
	g.Add(IRI(ex+"s"), Blank("p"), Literal("o"))
	wantError(t, g.Err(), "subject <s>: relative IRI")
	wantError(t, g.Err(), "predicate _:p of")
	if g.Len() != 1 {
		t.Errorf("%d triples, want 1", g.Len())
	}
	for _, f := range Formats() {
		var b bytes.Buffer
		wantError(t, f.Write(&b, g, nil), "subject <s>: relative IRI")
		if b.Len() > 0 {
			t.Errorf("%s wrote %q", f.Name, b.String())
		}
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	triples := sample().Triples()
	for _, f := range Formats() {
		want := write(t, f, sample(), testPrefixes)
		for seed := range uint64(5) {
			r := rand.New(rand.NewPCG(seed, 0))
			g := &Graph{}
			for _, i := range r.Perm(len(triples)) {
				g.Add(triples[i].Subject, triples[i].Predicate, triples[i].Object)
			}
			if got := write(t, f, g, testPrefixes); !bytes.Equal(want, got) {
				t.Errorf("%s differs with seed %d", f.Name, seed)
			}
		}
	}
}

func TestEmptyGraph(t *testing.T) {
	for name := range readers {
		f, _ := LookupFormat(name)
		if g := mustRead(t, name, string(write(t, f, &Graph{}, testPrefixes))); g.Len() != 0 {
			t.Errorf("%s: %d triples", name, g.Len())
		}
	}
}

func TestPrefixErrors(t *testing.T) {
	for _, test := range []struct {
		name, prefix, namespace, want string
	}{
		{"valid", "a-b_1", ex, ""},
		{"empty", "", ex, `prefix "": a prefix is a letter, then letters, digits, _ and -`},
		{"with a dot", "a.b", ex, `prefix "a.b": a prefix is a letter`},
		{"xml", "XmlX", ex, `prefix "XmlX": prefixes beginning with xml are reserved (Namespaces in XML, 3)`},
		{"rdf", "rdf", ex, `prefix "rdf": the namespace of rdf must be ` + RDF},
		{"namespace of XML", "x", "http://www.w3.org/2000/xmlns/", "namespace http://www.w3.org/2000/xmlns/ is XML's own"},
		{"relative namespace", "x", "a#", `prefix "x": namespace <a#>: relative IRI`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := Prefixes{test.prefix: test.namespace}
			wantError(t, p.Validate(), test.want)
			for _, f := range Formats()[:3] {
				wantError(t, f.Write(&bytes.Buffer{}, sample(), p), test.want)
			}
		})
	}
}

func TestRDFXMLWriterErrors(t *testing.T) {
	for predicate, want := range map[string]string{
		ex + "1":                         "predicate <https://example.org/1> cannot be written in RDF/XML: it does not end in an XML name (Namespaces in XML, 4)",
		ex:                               "it does not end in an XML name",
		ex + "-":                         "it does not end in an XML name",
		ex + "日":                         "it does not end in an XML name",
		ex + "1a":                        "",
		RDF + "li":                       "predicate <" + RDF + "li> cannot be written in RDF/XML, where its name has another meaning (7.2.6)",
		RDF + "ID":                       "where its name has another meaning",
		RDF + "_7":                       "",
		"http://www.w3.org/2000/xmlns/a": "it does not end in an XML name",
	} {
		g := &Graph{}
		g.Add(IRI(ex), IRI(predicate), Literal(""))
		var b bytes.Buffer
		wantError(t, writeRDFXML(&b, g, nil), want)
		if want != "" && b.Len() > 0 {
			t.Errorf("%s: wrote %q", predicate, b.String())
		}
	}
}

func TestMadeUpPrefixAvoidsThoseTaken(t *testing.T) {
	g := &Graph{}
	g.Add(IRI(ex), IRI(ex+"a#p"), Literal(""))
	g.Add(IRI(ex), IRI(ex+"b#p"), Literal(""))
	f, _ := LookupFormat("rdfxml")
	got := string(write(t, f, g, Prefixes{"ns1": ex + "b#"}))
	for _, want := range []string{`xmlns:ns1="https://example.org/b#"`, `xmlns:ns2="https://example.org/a#"`, "<ns1:p>", "<ns2:p>"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken pipe")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestWriterErrors(t *testing.T) {
	for _, f := range Formats() {
		if err := f.Write(brokenWriter{}, sample(), nil); !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}
