// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// readers read a document into a graph, by the name of the format.
var readers = map[string]func(ctx context.Context, g *Graph, document, scope string) error{
	"ntriples": func(ctx context.Context, g *Graph, document, scope string) error {
		return g.ReadNTriples(ctx, strings.NewReader(document), scope)
	},
	"jsonld": func(ctx context.Context, g *Graph, document, scope string) error {
		return g.ReadJSONLD(ctx, []byte(document), ex, scope)
	},
}

// mustRead reads a document that has no faults.
func mustRead(t testing.TB, format, document string) *Graph {
	t.Helper()
	g := &Graph{}
	if err := errors.Join(readers[format](context.Background(), g, document, ""), g.Err()); err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	return g
}

func TestReadNTriples(t *testing.T) {
	for name, test := range map[string]struct{ document, want string }{
		"comments and empty lines": {"# a\n\n  <a:b> <a:c> <a:d> . # b\r\n\t#c", "<a:b> <a:c> <a:d> .\n"},
		"ends of lines":            {"<a:b> <a:c> \"1\" .\r<a:b> <a:c> \"2\" .\r\n<a:b> <a:c> \"3\" .", "<a:b> <a:c> \"1\" .\n<a:b> <a:c> \"2\" .\n<a:b> <a:c> \"3\" .\n"},
		"no space":                 {`<a:b><a:c>"d"@de-AT.`, "<a:b> <a:c> \"d\"@de-AT .\n"},
		"escapes":                  {`<a:\u0062> <a:c> "\t\n\r\"\'\\\u00E4\U0001F600" .`, `<a:b> <a:c> "\t\n\r\"'\\ä😀" .` + "\n"},
		"datatype":                 {`_:x <a:c> "1"^^<a:d> .`, "_:x <a:c> \"1\"^^<a:d> .\n"},
		"labels":                   {"_:1 <a:c> _:b.c .", "_:x-h31 <a:c> _:b.c .\n"},
		"reserved label":           {"_:x-1 <a:c> _:ä:.", "_:x-h782d31 <a:c> _:x-hc3a43a .\n"},
		"byte order mark":          {"\uFEFF<a:b> <a:c> <a:d> .", "<a:b> <a:c> <a:d> .\n"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, ntriples(mustRead(t, "ntriples", test.document))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestReadJSONLD compares the triples of a document with N-Triples.
func TestReadJSONLD(t *testing.T) {
	const e = `"e": "https://example.org/"`
	for name, test := range map[string]struct{ document, want string }{
		"graph":         {`{"@context": {` + e + `}, "@graph": [{"@id": "e:a", "e:p": {"@id": "e:b", "e:q": "1"}}]}`, `<a> <p> <b> . <b> <q> "1" .`},
		"context last":  {`{"@graph": [{"@id": "e:a", "e:p": "1"}], "@context": {` + e + `}}`, `<a> <p> "1" .`},
		"one node":      {`{"@context": {"@vocab": "https://example.org/"}, "@id": "a", "@type": "T", "p": {"@value": "1", "@language": "de"}}`, `<a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <T> . <a> <p> "1"@de .`},
		"array":         {`[{"@id": "a", "https://example.org/p": "1"}, {"@id": "b", "https://example.org/p": "2"}]`, `<a> <p> "1" . <b> <p> "2" .`},
		"numbers":       {`{"@id": "a", "https://example.org/p": [1, -0, 12345678901234567890, 1.5, 1e2, 1e21, true]}`, `<a> <p> "1"^^xsd:integer . <a> <p> "0"^^xsd:integer . <a> <p> "12345678901234567890"^^xsd:integer . <a> <p> "1.5E0"^^xsd:double . <a> <p> "100"^^xsd:integer . <a> <p> "1.0E21"^^xsd:double . <a> <p> "true"^^xsd:boolean .`},
		"typed number":  {`{"@id": "a", "https://example.org/p": [{"@value": 1, "@type": "http://www.w3.org/2001/XMLSchema#decimal"}, {"@value": 1, "@type": "http://www.w3.org/2001/XMLSchema#double"}]}`, `<a> <p> "1"^^xsd:decimal . <a> <p> "1.0E0"^^xsd:double .`},
		"reverse":       {`{"@id": "a", "@reverse": {"https://example.org/p": {"@id": "b"}}}`, `<b> <p> <a> .`},
		"included":      {`{"@id": "a", "https://example.org/p": "1", "@included": [{"@id": "b", "https://example.org/p": "2"}]}`, `<a> <p> "1" . <b> <p> "2" .`},
		"list":          {`{"@id": "a", "https://example.org/p": {"@list": ["1"]}}`, `<a> <p> _:x-1 . _:x-1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "1" . _:x-1 <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .`},
		"empty list":    {`{"@id": "a", "https://example.org/p": {"@list": []}}`, `<a> <p> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> .`},
		"blank nodes":   {`{"@graph": [{"@id": "_:n", "https://example.org/p": {"https://example.org/q": {"@id": "_:n"}}}]}`, `_:n <p> _:x-1 . _:x-1 <q> _:n .`},
		"JSON":          {`{"@id": "a", "https://example.org/p": {"@value": {"b": [1]}, "@type": "@json"}}`, `<a> <p> "{\"b\":[1]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .`},
		"not a graph":   {`{"@context": {` + e + `}, "@graph": {"@id": "e:a", "e:p": "1"}}`, `<a> <p> "1" .`},
		"nothing":       {`{}`, ``},
		"no properties": {`{"@id": "a"}`, ``},
	} {
		t.Run(name, func(t *testing.T) {
			want := strings.ReplaceAll(test.want, "xsd:", "\x00")
			for _, local := range []string{"a", "b", "p", "q", "T"} {
				want = strings.ReplaceAll(want, "<"+local+">", "<"+ex+local+">")
			}
			for _, local := range []string{"integer", "double", "boolean", "decimal"} {
				want = strings.ReplaceAll(want, "\x00"+local, "<"+XSD+local+">")
			}
			want = strings.ReplaceAll(want, " . ", " .\n")
			lines := strings.Split(ntriples(mustRead(t, "jsonld", test.document)), "\n")
			wanted := strings.Split(want, "\n")
			slices.Sort(lines)
			slices.Sort(wanted)
			if diff := cmp.Diff(wanted, slices.DeleteFunc(lines, func(l string) bool { return l == "" && want != "" })); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestReadInParts: a large document is expanded in parts and gives the triples
// that it gives in one piece.
func TestReadInParts(t *testing.T) {
	var nodes []string
	for range 3*expandAtMax + 1 {
		nodes = append(nodes, `{"@id": "_:n`+strings.Repeat("x", len(nodes))+`", "p": [{"@id": "_:n"}, {"p": "1"}]}`)
	}
	all := strings.Join(nodes, ",\n")
	parts := mustRead(t, "jsonld", `{"@context": {"@vocab": "https://example.org/"}, "@graph": [`+all+`]}`)
	whole := mustRead(t, "jsonld", `{"@context": {"@vocab": "https://example.org/"}, "@graph": [`+all+`], "ignored": null}`)
	if ntriples(parts) != ntriples(whole) || parts.Len() != 3*len(nodes) {
		t.Errorf("%d triples in parts, %d in one piece, want %d", parts.Len(), whole.Len(), 3*len(nodes))
	}
}

func TestInspectJSON(t *testing.T) {
	for document, want := range map[string]jsonShape{
		`{"@context": {"@graph": []}, "@graph" :[{"a": [1]}]}`: {context: 13, nodes: 39},
		`{"@graph":[], "@context":null}`:                       {context: 25, nodes: 10},
		`{"@graph": []}`:                                       {nodes: 11},
		`{"@context": "a", "@graph": {}}`:                      {},
		`{"@graph": [], "@graph": []}`:                         {},
		`{"@graph": [], "a": 1}`:                               {},
		`[{"@graph": []}]`:                                     {},
		`"@graph"`:                                             {},
	} {
		if got, err := inspectJSON(t.Context(), []byte(document)); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", document, got, err, want)
		}
	}
}

// TestSyntaxErrors: the first one ends the reading, with its line.
func TestSyntaxErrors(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	for _, test := range []struct{ format, document, want string }{
		{"ntriples", "<a:b> <a:c> <a:d> .\n<a:b> <a:c> .\n<a:b> <a:c> <a:e> .", "ntriples, line 2, column 13: found '.', expected an object of N-Triples"},
		{"ntriples", `"a" <a:b> <a:c> .`, `line 1, column 1: found '"', expected a subject of N-Triples`},
		{"ntriples", "@prefix a: <a:> .", "found '@', expected a subject of N-Triples"},
		{"ntriples", "<a:b> _:c <a:d> .", "found '_', expected a predicate of N-Triples"},
		{"ntriples", "<a:b> <a:c> <a:d>", "the line ends where a dot at the end of the triple was expected"},
		{"ntriples", "<a:b> <a:c> <a:d> . <a:b> <a:c> <a:e> .", "column 21: only one triple is allowed per line"},
		{"ntriples", "<a:b> <a:c> <a:d", "column 13: IRI without closing > on its line"},
		{"ntriples", `<a:b> <a:c> "d`, `string without closing " on its line`},
		{"ntriples", `<a:b> <a:c> "\x" .`, `\ must be followed by one of t b n r f " ' \ u U`},
		{"ntriples", `<a:b> <a:c> "\u12" .`, `\u must be followed by 4 hexadecimal digits`},
		{"ntriples", `<a:b> <a:c> "\uD800" .`, `\u must be followed by 4 hexadecimal digits of a character`},
		{"ntriples", `<a:b> <a:c> "d"@1 .`, "@ without a language tag"},
		{"ntriples", `<a:b> <a:c> "d"^^a:e .`, "found 'a', expected <, a datatype IRI"},
		{"ntriples", `_:. <a:c> "d" .`, "_: must be followed by a label"},
		{"ntriples", "# ü\n<a:b> <a:c> \"\xfc\" .", "line 2, column 14: not valid UTF-8"},
		{"ntriples", "#" + strings.Repeat("x", maxLine), "line 1, column 1: longer than 16 MiB, the limit for a line"},
		{"jsonld", "{\n  \"@id\": \"a\",\n  \"b\" \"c\"}", "jsonld, line 3, column 7: invalid character '\"' after object key"},
		{"jsonld", "{\"a\": 1", "jsonld, line 1, column 8: the document ends too early"},
		{"jsonld", "", "the document ends too early"},
		{"jsonld", "{} {}", "only one value is allowed"},
		{"jsonld", "\n\xff", "line 2, column 1: not valid UTF-8"},
		{"jsonld", `"https://example.org/"`, "a JSON-LD document must be an object or an array"},
		{"jsonld", deep(maxDepth + 1), "nested deeper than 200 levels"},
		{"jsonld", deep(100_000), "nested deeper than 200 levels"},
		{"jsonld", `{"@context": "https://example.org/c.jsonld"}`, "context <https://example.org/c.jsonld>: contexts are not fetched"},
		{"jsonld", `{"@context": {"@import": "c"}}`, "context <https://example.org/c>: contexts are not fetched"},
		{"jsonld", `{"@context": {"a": {"@id": "b:", "@type": 1}}, "a": 1}`, "jsonld: invalid type mapping"},
		{"jsonld", `{"@context": {"a": "b:c", "b": "a:c"}, "a": 1}`, "jsonld: cyclic IRI mapping"},
		{"jsonld", `{"@id": "g", "@graph": [{"@id": "a", "https://example.org/p": 1}]}`, "named graph, which is not supported"},
		{"jsonld", `{"@id": "a", "https://example.org/p": 1e400}`, "the number 1e400 is out of range"},
	} {
		g := &Graph{}
		err := readers[test.format](t.Context(), g, test.document, "")
		wantError(t, err, test.want)
		var place *Error
		if !errors.As(err, &place) || place.Format != test.format || errors.Unwrap(place) == nil {
			t.Errorf("%.100q: %#v is not an *Error", test.document, err)
		}
	}
}

// TestUnsupported distinguishes what this reader does not support from what is invalid.
func TestUnsupported(t *testing.T) {
	for document, want := range map[string]bool{
		`{"@context": "a"}`:            true,
		`{"@id": "g", "@graph": [{}]}`: true,
		strings.Repeat("[", 300):       true,
		`{"@context": 1}`:              false,
		"[":                            false,
	} {
		err := readers["jsonld"](t.Context(), &Graph{}, document, "")
		if err == nil || errors.Is(err, ErrUnsupported) != want {
			t.Errorf("%.50s: %v, unsupported should be %t", document, err, want)
		}
	}
}

func TestMerge(t *testing.T) {
	a, b := mustRead(t, "ntriples", "_:a <http://x/p> \"1\" ."), &Graph{}
	if err := readers["ntriples"](t.Context(), b, "_:a <http://x/p> \"1\" .\n_:b <p> \"2\" .", ""); err != nil {
		t.Fatal(err)
	}
	a.Merge(b)
	if a.Len() != 2 || len(a.Errors()) != 1 || !a.Describes(Blank("b")) || a.Describes(Literal("1")) {
		t.Errorf("%s%v", ntriples(a), a.Errors())
	}
}

// TestInvalidTermsAreKept: a bad term is reported, once, and its triple kept.
func TestInvalidTermsAreKept(t *testing.T) {
	for format, test := range map[string]struct {
		document string
		want     []string
	}{
		"ntriples": {
			"<http://x/s> <http://x/p> <http://x/ bad> .\n<http://x/t> <http://x/p> <http://x/ bad> .\n<http://x/s> <p> \"worse\" .",
			[]string{"ntriples, line 1, column 1: object <http://x/ bad> of", "ntriples, line 3, column 1: predicate <p> of <http://x/s>: relative IRI"},
		},
		"jsonld": {
			`{"@id": "http://x/s", "http://x/p": [{"@id": "http://x/ bad"}, {"@value": "worse", "@language": "toolongatag"}, "good"]}`,
			[]string{"jsonld: object <http://x/ bad> of", `jsonld: object "worse" of`},
		},
	} {
		g := &Graph{}
		if err := readers[format](t.Context(), g, test.document, ""); err != nil {
			t.Fatal(err)
		}
		errs := g.Errors()
		if g.Len() != 3 || len(errs) == 0 {
			t.Errorf("%s: %d triples, %v", format, g.Len(), errs)
		}
		for i, err := range errs {
			wantError(t, err, test.want[i])
		}
	}
	g := &Graph{}
	var b strings.Builder
	for i := range 2 * maxErrors {
		b.WriteString("<http://x/s> <http://x/p> <" + strings.Repeat("x", i%97) + strings.Repeat("y", i/97) + "> .\n")
	}
	if err := readers["ntriples"](t.Context(), g, b.String(), ""); err != nil || len(g.Errors()) != maxErrors {
		t.Errorf("%d errors, %v", len(g.Errors()), err)
	}
}

// TestScope: the blank nodes of two documents stay apart, whatever they are
// called.
func TestScope(t *testing.T) {
	for format, document := range map[string]string{
		"ntriples": "_:a <http://x/p> _:x-p2-a .\n_:1 <http://x/p> _:x-1 .",
		"jsonld":   `[{"@id": "_:a", "http://x/p": {"@id": "_:x-p2-a"}}, {"@id": "_:1", "http://x/p": {"http://x/q": 1}}, {"@id": "_:x-1", "http://x/p": 1}]`,
	} {
		once, twice := &Graph{}, &Graph{}
		for _, scope := range []string{"", "p2"} {
			if err := readers[format](t.Context(), twice, document, scope); err != nil || twice.Err() != nil {
				t.Fatal(err, twice.Err())
			}
		}
		if err := readers[format](t.Context(), once, document, ""); err != nil {
			t.Fatal(err)
		}
		if twice.Len() != 2*once.Len() {
			t.Errorf("%s: %d triples, twice %d\n%s", format, once.Len(), twice.Len(), ntriples(twice))
		}
	}
}

// TestReadError: a document that is cut off is not a syntax error.
func TestReadError(t *testing.T) {
	cut := io.MultiReader(strings.NewReader("<a:b> <a:c>"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if err := (&Graph{}).ReadNTriples(t.Context(), cut, ""); err != io.ErrUnexpectedEOF {
		t.Errorf("got %v", err)
	}
}

// TestReadingStops checks that reading stops with its context and returns the cause.
func TestReadingStops(t *testing.T) {
	stop := errors.New("enough")
	for format, document := range map[string]string{
		"ntriples": strings.Repeat("<a:b> <a:c> <a:d> .\n", 2000),
		"jsonld":   "[" + strings.Repeat("{},", 2000) + "{}]",
	} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(stop)
		if err := readers[format](ctx, &Graph{}, document, ""); !errors.Is(err, stop) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
