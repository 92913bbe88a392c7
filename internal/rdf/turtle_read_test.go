package rdf

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readCase is a document and the triples in it, with the IRIs of ex and RDF
// abbreviated.
type readCase struct {
	name, data string
	want       []string
}

// checkRead reads documents that lie at https://example.org/dir/doc.
func checkRead(t *testing.T, format string, cases []readCase) {
	f, _ := LookupFormat(format)
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			g, err := f.Read([]byte(test.data), ex+"dir/doc")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, abbreviate(g)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func abbreviate(g *Graph) []string {
	short := strings.NewReplacer("<"+ex, "<", "<"+RDF, "<rdf:", "<"+XSD, "<xsd:", " .", "")
	var lines []string
	for _, t := range g.Triples() {
		lines = append(lines, short.Replace(t.String()))
	}
	return lines
}

func TestReadTurtle(t *testing.T) {
	const p = "@prefix : <https://example.org/> .\n"
	checkRead(t, "turtle", []readCase{
		{"nothing", "# a comment\n \t", nil},
		{"relative IRIs", "<a> <../b> <#c>, <>, </d?e> .", []string{
			"<dir/a> <b> <d?e>", "<dir/a> <b> <dir/doc>", "<dir/a> <b> <dir/doc#c>",
		}},
		{"base", "@base <x/> . <a> <b> <c> .\nBASE <y/>\n<a> <b> <c> . base<z#> <a> <b> <#c> .", []string{
			"<dir/x/a> <dir/x/b> <dir/x/c>", "<dir/x/y/a> <dir/x/y/b> <dir/x/y/c>", "<dir/x/y/a> <dir/x/y/b> <dir/x/y/z#c>",
		}},
		{"prefixes", "@prefix a.b: <n/> .\nprefix e: <>#\nPREFIX : <#>\na.b:c e: :x.", []string{"<dir/n/c> <dir/doc> <dir/doc#x>"}},
		{"a keyword that is a name", "@prefix a: <https://example.org/> . @prefix true: <https://example.org/t/> . @prefix a.a: <> . @prefix true.x: <> . a:a a a:a; a:a true:x, true. a:b a.a:c true.x:d .", []string{
			"<a> <rdf:type> <a>", `<a> <a> <t/x>`, `<a> <a> "true"^^<xsd:boolean>`,
			"<b> <dir/docc> <dir/docd>",
		}},
		{"a prefix that is a directive", "@prefix prefix: <https://example.org/> . prefix:a prefix:b prefix:c.", []string{"<a> <b> <c>"}},
		{"local names", p + `:日本 :c _:ü·1 . :a.b :c:d :%41, :0-9, :é\,x\~, :\.a\., :e.`, []string{
			`<a.b> <c:d> <%41>`, `<a.b> <c:d> <.a.>`, `<a.b> <c:d> <0-9>`, `<a.b> <c:d> <e>`, `<a.b> <c:d> <é,x~>`, "<日本> <c> _:b1",
		}},
		{"semicolons and commas", p + ":a :b :c, :d ;; :e :f ; ; .", []string{"<a> <b> <c>", "<a> <b> <d>", "<a> <e> <f>"}},
		{"strings", p + `:a :b "1\t\n\r\"\'\\", '2"', """3"" """, '''4
'' ''', "", "\u00E4\U0001F600".`, []string{
			`<a> <b> ""`, `<a> <b> "1\t\n\r\"'\\"`, `<a> <b> "2\""`, `<a> <b> "3\"\" "`, `<a> <b> "4\n'' "`, `<a> <b> "ä😀"`,
		}},
		{"languages and datatypes", p + `:a :b "x"@de-AT, 'y'^^:t, """z"""^^<t>.`, []string{
			`<a> <b> "x"@de-AT`, `<a> <b> "y"^^<t>`, `<a> <b> "z"^^<dir/t>`,
		}},
		{"numbers and truth values", p + ":a :b 1, -2, +3, 4.0, .5, -6.10, 7e0, 8.E-1, .9e+1, true, false.", []string{
			`<a> <b> "+3"^^<xsd:integer>`, `<a> <b> "-2"^^<xsd:integer>`, `<a> <b> "-6.10"^^<xsd:decimal>`, `<a> <b> ".5"^^<xsd:decimal>`,
			`<a> <b> ".9e+1"^^<xsd:double>`, `<a> <b> "1"^^<xsd:integer>`, `<a> <b> "4.0"^^<xsd:decimal>`,
			`<a> <b> "7e0"^^<xsd:double>`, `<a> <b> "8.E-1"^^<xsd:double>`, `<a> <b> "false"^^<xsd:boolean>`, `<a> <b> "true"^^<xsd:boolean>`,
		}},
		{"escapes in IRIs", `<\u0061> <\U00000062> <c> .`, []string{"<dir/a> <dir/b> <dir/c>"}},
		{"blank nodes", p + "_:x :b _:x.y, [], [ ] . [ :c _:1 ] :d [ :e [ :f :g ] ] . [ :h :i ] .", []string{
			"_:b3 <c> _:b4", "_:b3 <d> _:b5", "_:b5 <e> _:b6", "_:b6 <f> <g>", "_:b7 <h> <i>",
			"_:x <b> _:b1", "_:x <b> _:b2", "_:x <b> _:x.y",
		}},
		{"labels that are taken", p + "[] :p _:b1, _:b2 . _:b1 :q _:b2 .", []string{
			"_:b1 <p> _:b2", "_:b1 <p> _:b3", "_:b2 <q> _:b3",
		}},
		{"collections", p + ":a :b (), (1 (:c)) . (:d) :e :f .", []string{
			`<a> <b> <rdf:nil>`, `<a> <b> _:b3`, `_:b1 <rdf:first> <c>`, `_:b1 <rdf:rest> <rdf:nil>`, `_:b2 <rdf:first> _:b1`,
			`_:b2 <rdf:rest> <rdf:nil>`, `_:b3 <rdf:first> "1"^^<xsd:integer>`, `_:b3 <rdf:rest> _:b2`,
			`_:b4 <rdf:first> <d>`, `_:b4 <rdf:rest> <rdf:nil>`, `_:b4 <e> <f>`,
		}},
		{"comments", "<a>#x\n<b>#y\r<c>#z\n.# end", []string{"<dir/a> <dir/b> <dir/c>"}},
	})
}

func TestReadNTriples(t *testing.T) {
	checkRead(t, "ntriples", []readCase{
		{"nothing", "\n# a comment\r\n", nil},
		{"triples", "<https://example.org/a> <https://example.org/b> _:c.# x\r\n\t_:c <https://example.org/b> \"\\u00E4\"@de .\n" +
			"_:c <https://example.org/b> \"1\"^^<https://example.org/t> .", []string{
			"<a> <b> _:c", `_:c <b> "1"^^<t>`, `_:c <b> "ä"@de`,
		}},
	})
}

// errorCase is a document that cannot be read and what is said of it.
type errorCase struct {
	data, want string
}

func checkErrors(t *testing.T, format string, cases []errorCase) {
	f, _ := LookupFormat(format)
	for _, test := range cases {
		t.Run(test.want, func(t *testing.T) {
			_, err := f.Read([]byte(test.data), ex)
			wantError(t, err, format+", "+test.want)
		})
	}
}

func TestTurtleErrors(t *testing.T) {
	const p = "@prefix : <https://example.org/> .\n"
	checkErrors(t, "turtle", []errorCase{
		{"<a> <b> <c>", `line 1, column 12: the document ends where "." was expected`},
		{"<a> <b> <c> <d> .", `line 1, column 13: found '<', expected "."`},
		{"<a> <b>\n  ö .", `line 2, column 3: "ö" is no prefixed name`},
		{"<a> <b> ; .", "line 1, column 9: found ';', expected an object"},
		{"<a> <b> +x .", "line 1, column 9: found '+', expected an object"},
		{"<a> 1 <c> .", "line 1, column 5: found '1', expected a predicate"},
		{"{ } .", "line 1, column 1: found '{', expected a subject"},
		{"1 <b> <c> .", "line 1, column 1: found '1', expected a subject, which is no literal"},
		{"<a> <b> 'x'^^1 .", "line 1, column 14: found '1', expected a datatype"},
		{"@prefix x: .", "line 1, column 12: found '.', expected an IRI in < >"},
		{"@prefix x <b> .", `line 1, column 9: "x" is no prefixed name`},
		{"PREFIX -x: <b> .", `line 1, column 8: "-x:" is no prefixed name`},
		{"@base .", "line 1, column 7: found '.', expected an IRI in < >"},
		{"ä:b <b> <c> .", `line 1, column 1: prefix "ä:" is not declared`},
		{"<a> <b\n> <c> .", "line 1, column 5: IRI without closing > on its line"},
		{"_ <b> <c> .", "line 1, column 1: found '_', expected _: and a label"},
		{"_:- <b> <c> .", "line 1, column 1: _: without a label that begins with a letter, a digit or _"},
		{"<a> <b> 'c\n' .", "line 1, column 9: string without closing ' on its line"},
		{`<a> <b> "c`, `line 1, column 9: string without closing "`},
		{`<a> <b> """c"" .`, `line 1, column 9: string without closing """`},
		{`<a> <b> "\x" .`, `line 1, column 10: \ without one of t b n r f " ' \ u U after it`},
		{`<a> <b> "\uD800" .`, `line 1, column 10: \u without 4 hexadecimal digits of a character`},
		{`<a> <\U0011FFFF> "" .`, `line 1, column 6: \U without 8 hexadecimal digits of a character`},
		{`<a> <b> "\u12`, `line 1, column 10: \u without 4 hexadecimal digits of a character`},
		{`<a> <b> "c"@1 .`, "line 1, column 12: @ without a language tag"},
		{p + `:a\x`, `line 2, column 3: \ without one of _~.-!$&'()*+,;=/?#@% after it`},
		{p + ":a%4x", "line 2, column 3: % without two hexadecimal digits after it"},
		{"<a> <b> ( <c>", `line 1, column 14: the document ends where ")" was expected`},
		{"<a> <b> [ <c> <d> .", `line 1, column 19: found '.', expected "]"`},
		{"<a> <b> <c> .\n\xFF", "line 2, column 1: not valid UTF-8"},
		{"<a> <b> '\\u0000' .", `line 1, column 9: object "\x00" of <https://example.org/a>`},
	})
}

func TestNTriplesErrors(t *testing.T) {
	checkErrors(t, "ntriples", []errorCase{
		{"@prefix x: <http://x/> .", "line 1, column 1: found '@', expected a subject of N-Triples"},
		{"<http://x/> a <http://x/> .", "line 1, column 13: found 'a', expected a predicate of N-Triples"},
		{"<http://x/> <http://x/> 1 .", "line 1, column 25: found '1', expected an object of N-Triples"},
		{"<http://x/> <http://x/>\n'' .", `line 1, column 24: found '\n', expected an object of N-Triples`},
		{"<http://x/> <http://x/> \"\"^^x:y .", "line 1, column 29: found 'x', expected <, a datatype IRI of N-Triples"},
		{"<http://x/> <http://x/> \"\" ;", "line 1, column 28: found ';', expected a dot at the end of the triple"},
		{"<http://x/> <http://x/> \"\" . _:b", "line 1, column 30: one triple a line (N-Triples, 2)"},
		{"<a> <http://x/> \"\" .", "line 1, column 1: subject <a>: relative IRI"},
	})
}
