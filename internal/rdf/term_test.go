// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTermString(t *testing.T) {
	for _, test := range []struct {
		name string
		term Term
		want string
	}{
		{"iri", IRI(ex), "<https://example.org/>"},
		{"blank", Blank("b1"), "_:b1"},
		{"simple literal", Literal("a\"b\\c\r\n\t"), `"a\"b\\c\r\n\t"`},
		{"xsd:string is a simple literal", TypedLiteral("a", XSD+"string"), `"a"`},
		{"language", LangLiteral("a", "de-AT"), `"a"@de-AT`},
		{"datatype", TypedLiteral("1", XSD+"integer"), `"1"^^<http://www.w3.org/2001/XMLSchema#integer>`},
		{"zero", Term{}, "(no term)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.term.String(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestTermParts(t *testing.T) {
	literal := LangLiteral("Weg", "de")
	if literal.Text() != "Weg" || literal.Language() != "de" || literal.Datatype() != RDF+"langString" {
		t.Errorf("parts of %v", literal)
	}
	for _, test := range []struct {
		term                   Term
		iri, blank, lit, isNil bool
	}{
		{IRI(ex), true, false, false, false},
		{Blank("b"), false, true, false, false},
		{literal, false, false, true, false},
		{Term{}, false, false, false, true},
	} {
		if x := test.term; x.IsIRI() != test.iri || x.IsBlank() != test.blank ||
			x.IsLiteral() != test.lit || x.IsZero() != test.isNil {
			t.Errorf("kind of %v", x)
		}
	}
}

func TestCompare(t *testing.T) {
	want := []Term{
		{},
		IRI("http://a"), IRI("http://b"), Blank("a"), LangLiteral("a", "de"),
		LangLiteral("a", "en"), TypedLiteral("a", XSD+"date"), Literal("a"), Literal("b"),
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Term.Compare)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Term{})); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestValidate(t *testing.T) {
	for _, test := range []struct {
		name string
		term Term
		want string // empty if the term is valid
	}{
		{"iri", IRI("http://user@example.org:8080/a/b?c=d/../[e#f"), "[ and ] after the host must be percent-encoded (RFC 3986, 3.2.2)"},
		{"iri with everything", IRI("http://user:pw@example.org:8080/ä/%C3%a4;b=c,d/(e)/'f'!*@?g=\uE000&h=/../#i?/.."), ""},
		{"ipv6", IRI("http://[2001:db8::1]:80/"), ""},
		{"urn", IRI("urn:isbn:3-423-08501-3"), ""},
		{"relative", IRI("a/b"), "<a/b>: relative IRI: it does not begin with a scheme (RFC 3987, 2.2)"},
		{"empty", IRI(""), "<>: relative IRI: it does not begin with a scheme (RFC 3987, 2.2)"},
		{"space", IRI("http://x/a b"), "<http://x/a b>: U+0020, character 11, is not allowed in an IRI and must be percent-encoded (RFC 3987, 2.2)"},
		{"bracket", IRI("http://x/ä<"), "< (U+003C), character 11, is not allowed in an IRI and must be percent-encoded"},
		{"line feed", IRI("http://x/\n"), `<http://x/\n>: U+000A, character 10, is not allowed`},
		{"right-to-left override", IRI("http://x/\u202E"), "U+202E, character 10, is not allowed"},
		{"private use in path", IRI("http://x/\uE000"), "U+E000, character 10, is not allowed"},
		{"noncharacter", IRI("http://x/\U0001FFFE"), "U+1FFFE, character 10, is not allowed"},
		{"tag character", IRI("http://x/\U000E0041"), "U+E0041, character 10, is not allowed"},
		{"not utf-8", IRI("http://x/\xFF"), "character 10 is not valid UTF-8"},
		{"percent", IRI("http://x/%2"), "%, character 10, is not followed by two hexadecimal digits (RFC 3986, 2.1)"},
		{"second fragment", IRI("http://x/#a#b"), "a second #, character 12, must be percent-encoded (RFC 3986, 3.5)"},
		{"port", IRI("http://x:http/"), `"x:http" is not a host with an optional user and port (RFC 3986, 3.2)`},
		{"dot segment", IRI("http://x/a/../b"), `path segment ".." has to be resolved first (RFC 3986, 5.2.4)`},
		{"blank", Blank("a.b-1_"), ""},
		{"blank ending in a dot", Blank("a."), "_:a.: a blank node label is a letter or _, then letters, digits, _ . -, and does not end in a dot"},
		{"blank beginning with a digit", Blank("1"), "_:1: a blank node label is"},
		{"language", LangLiteral("a", "zh-Hans-CN-x-private"), ""},
		{"no language", LangLiteral("a", ""), `"a": language tag "" is not well-formed (BCP 47: subtags of 1 to 8 letters and digits, joined by -)`},
		{"bad language", LangLiteral("a", "de_DE"), `language tag "de_DE" is not well-formed`},
		{"long subtag", LangLiteral("a", "deutschland"), `language tag "deutschland" is not well-formed`},
		{"langString without language", TypedLiteral("a", RDF+"langString"), `language tag "" is not well-formed`},
		{"datatype", TypedLiteral("1", "integer"), `"1": datatype: relative IRI: it does not begin with a scheme (RFC 3987, 2.2)`},
		{"all of XML", Literal("\t\n\r \uD7FF\uE000\uFFFD\U00010000\U0010FFFF\u007F\u0085"), ""},
		{"control character", Literal("ab\x0B"), `"ab\v": U+000B, character 3, is not allowed in XML 1.0 (2.2), and so not in RDF/XML`},
		{"nul", LangLiteral("\x00", "de"), `"\x00": U+0000, character 1, is not allowed`},
		{"noncharacter in text", Literal("\uFFFE"), "U+FFFE, character 1, is not allowed"},
		{"text not utf-8", Literal("ä\xFF"), "character 2 is not valid UTF-8"},
		{"long text", Literal(strings.Repeat("ä", 100) + "\x00"), `"` + strings.Repeat("ä", 77) + `...": U+0000, character 101`},
		{"zero", Term{}, "(no term): the zero Term is not valid"},
	} {
		t.Run(test.name, func(t *testing.T) { wantError(t, test.term.Validate(), test.want) })
	}
}

func TestValidateTriple(t *testing.T) {
	s, p, o := IRI(ex+"s"), IRI(ex+"p"), Literal("o")
	for _, test := range []struct {
		name   string
		triple Triple
		want   string
	}{
		{"valid", Triple{s, p, o}, ""},
		{"blank subject and object", Triple{Blank("a"), p, Blank("b")}, ""},
		{"literal subject", Triple{o, p, o}, `subject "o": a subject is an IRI or a blank node, not a literal (RDF 1.1 Concepts, 3.1)`},
		{"blank predicate", Triple{s, Blank("p"), o}, "predicate _:p of <https://example.org/s>: a predicate is an IRI (RDF 1.1 Concepts, 3.1)"},
		{"literal predicate", Triple{s, o, o}, `predicate "o" of <https://example.org/s>: a predicate is an IRI`},
		{"bad object", Triple{s, p, IRI("o")}, "object <o> of <https://example.org/s> <https://example.org/p>: relative IRI"},
		{"no object", Triple{s, p, Term{}}, "object (no term) of <https://example.org/s> <https://example.org/p>: the zero Term is not valid"},
	} {
		t.Run(test.name, func(t *testing.T) { wantError(t, test.triple.Validate(), test.want) })
	}
}

// wantError checks for an error with a text, or for none if that is empty.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil && want != "":
		t.Errorf("no error, want %s", want)
	case err != nil && (want == "" || !strings.Contains(err.Error(), want)):
		t.Errorf("got  %v\nwant %s", err, want)
	}
}
