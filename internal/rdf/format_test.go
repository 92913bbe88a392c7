package rdf

import (
	"errors"
	"strings"
	"testing"
)

func TestLookupFormat(t *testing.T) {
	for _, f := range Formats() {
		for _, key := range []string{f.Name, f.MediaType, f.Extension} {
			if got, ok := LookupFormat(key); !ok || got.Name != f.Name {
				t.Errorf("%s: %s, %v", key, got.Name, ok)
			}
		}
	}
	if _, ok := LookupFormat("text/html"); ok {
		t.Error("text/html is no format")
	}
}

func TestRead(t *testing.T) {
	const (
		turtle   = "<a> a <b> ."
		ntriples = "<http://x/a> <http://x/b> <http://x/c> ."
		rdfxml   = `<Book xmlns="http://x/"/>`
		jsonld   = `{"@id": "a", "@type": "b"}`
	)
	for _, test := range []struct {
		mediaType, data, want string
	}{
		{"text/turtle", turtle, ""},
		{"Text/Turtle; charset=UTF-8", turtle, ""},
		{"application/x-turtle", turtle, ""},
		{"application/n-triples", ntriples, ""},
		{"text/plain; charset=us-ascii", ntriples, ""},
		{"application/rdf+xml", rdfxml, ""},
		{"text/xml", rdfxml, ""},
		{"application/xml", rdfxml, ""},
		{"application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"", jsonld, ""},
		{"application/json", jsonld, ""},
		{"text/turtle", "\uFEFF" + turtle, ""},
		{"text/html", "", `media type "text/html" is not read, only text/turtle, application/rdf+xml, application/ld+json, application/n-triples`},
		{"", "", `media type "": mime: no media type`},
		{"text/turtle; charset=ISO-8859-1", "", `media type "text/turtle; charset=ISO-8859-1": charset ISO-8859-1 is not read, only UTF-8`},
		{"application/ld+json", "{\n\xFF}", "jsonld, line 2, column 1: not valid UTF-8"},
	} {
		t.Run(test.mediaType, func(t *testing.T) {
			g, err := Read(test.mediaType, []byte(test.data), ex)
			wantError(t, err, test.want)
			if (test.want == "") != (g.Len() == 1) {
				t.Errorf("%d triples", g.Len())
			}
		})
	}
}

func TestReadBase(t *testing.T) {
	for _, f := range Formats()[:3] {
		g, err := f.Read(nil, "example.org")
		wantError(t, err, "base <example.org>: relative IRI")
		if g.Len() != 0 {
			t.Errorf("%d triples", g.Len())
		}
	}
}

// TestProblemsDoNotEndTheReading: a bad term costs its triple, in all formats.
func TestProblemsDoNotEndTheReading(t *testing.T) {
	for _, test := range []struct {
		format, data, first, second string
	}{
		{
			"turtle", "<http://x/s> <http://x/p>\n <http://x/ bad>,\n \"good\",\n \"worse\"@toolongatag .",
			"turtle, line 2, column 2: object <http://x/ bad> of <http://x/s> <http://x/p>: U+0020",
			"turtle, line 4, column 2: object \"worse\" of",
		},
		{
			"ntriples", "<http://x/s> <http://x/p> <http://x/ bad> .\n<http://x/s> <http://x/p> \"good\" .\n<http://x/s> <p> \"worse\" .",
			"ntriples, line 1, column 1: object <http://x/ bad> of",
			"ntriples, line 3, column 1: predicate <p> of <http://x/s>: relative IRI",
		},
		{
			"rdfxml", "<r:RDF xmlns:r='" + RDF + "' xmlns:x='http://x/'><r:Description r:about='http://x/s'>\n" +
				"<x:p r:resource='http://x/ bad'/>\n<x:p>good</x:p>\n <x:p xml:lang='toolongatag'>worse</x:p></r:Description></r:RDF>",
			"rdfxml, line 2, column 1: object <http://x/ bad> of",
			"rdfxml, line 4, column 2: object \"worse\" of",
		},
		{
			"jsonld", "{\"@id\": \"http://x/s\", \"http://x/p\": [\n{\"@id\": \"http://x/ bad\"}, \"good\",\n{\"@value\": \"worse\", \"@language\": \"toolongatag\"}]}",
			"jsonld, line 2, column 1: object <http://x/ bad> of",
			"jsonld, line 3, column 1: object \"worse\" of",
		},
	} {
		t.Run(test.format, func(t *testing.T) {
			f, _ := LookupFormat(test.format)
			g, err := f.Read([]byte(test.data), "")
			wantError(t, err, test.first)
			wantError(t, err, test.second)
			if g.Len() != 1 || !g.Has(IRI("http://x/s"), IRI("http://x/p"), Literal("good")) {
				t.Errorf("got %v", g.Triples())
			}
			var place *Error
			if !errors.As(err, &place) || place.Format != test.format || errors.Unwrap(place) == nil {
				t.Errorf("%#v is no *Error", err)
			}
		})
	}
}

// TestLimits feeds documents that would cost too much stack or memory.
func TestLimits(t *testing.T) {
	deep := func(open string) string { return strings.Repeat(open, 100_000) }
	for _, test := range []struct {
		name, format, data, want string
	}{
		{"property lists", "turtle", "<http://x/s> <http://x/p> " + deep("[<http://x/p> "), "nested deeper than 500 levels"},
		{"collections", "turtle", deep("("), "nested deeper than 500 levels"},
		{"elements", "rdfxml", deep("<a>"), "nested deeper than 500 levels"},
		{"arrays", "jsonld", deep("["), "jsonld, line 1, column"},
		{"arrays that are closed", "jsonld", strings.Repeat("[", 600) + strings.Repeat("]", 600), "nested deeper than 500 levels"},
		{"contexts", "jsonld", `{"@context": [{}` + strings.Repeat(",{}", 600) + `]}`, "nested deeper than 500 levels"},
		{"terms", "jsonld", `{"@context": {"a0": "http://x/"` + chain(600) + `}}`, "nested deeper than 500 levels"},
		{"problems", "ntriples", strings.Repeat("<s> <http://x/p> \"\" .\n", 2000), "1000 problems, the rest is not read"},
		{
			"entities", "rdfxml", `<!DOCTYPE x [<!ENTITY a "` + strings.Repeat("a", 10_000) + `">]><x>` + strings.Repeat("&a;", 5000),
			"entities would expand to more than 16 MiB",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			f, _ := LookupFormat(test.format)
			_, err := f.Read([]byte(test.data), "")
			wantError(t, err, test.want)
		})
	}
}

// chain returns term definitions each of which needs the next.
func chain(n int) string {
	var b strings.Builder
	for i := n; i > 0; i-- {
		b.WriteString(`,"a` + strings.Repeat("x", i) + `":"a` + strings.Repeat("x", i-1) + `:"`)
	}
	return strings.Replace(b.String(), `"a:"`, `"a0:"`, 1)
}
