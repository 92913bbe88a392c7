// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Namespaces of RDF, of its schema and of its datatypes.
const (
	RDF  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	RDFS = "http://www.w3.org/2000/01/rdf-schema#"
	XSD  = "http://www.w3.org/2001/XMLSchema#"
)

const (
	xsdString  = XSD + "string"
	langString = RDF + "langString"
)

// Type is rdf:type, the predicate that Turtle writes as "a".
var Type = IRI(RDF + "type")

type kind uint8

const (
	kindNone kind = iota
	kindIRI
	kindBlank
	kindLiteral
)

// Term is an IRI, a blank node or a literal (RDF 1.1 Concepts, 3.1). Terms are
// values: two terms are the same if they are ==. The zero Term is not a term; the
// look-ups of a Graph take it as "any".
//
// Constructors do not fail; Validate and Graph.Add report errors.
type Term struct {
	kind     kind
	text     string // IRI, label or lexical form
	datatype string // of literals
	language string
}

// IRI returns the term of an absolute IRI (RDF 1.1 Concepts, 3.2).
func IRI(iri string) Term {
	return Term{kind: kindIRI, text: iri}
}

// Blank returns the blank node with a label that is local to its graph
// (RDF 1.1 Concepts, 3.4). Labels are ASCII names, so that _:label, rdf:nodeID
// and "@id" can all carry them.
func Blank(label string) Term {
	return Term{kind: kindBlank, text: label}
}

// Literal returns a simple literal, an xsd:string (RDF 1.1 Concepts, 3.3).
func Literal(text string) Term {
	return TypedLiteral(text, xsdString)
}

// LangLiteral returns a language-tagged string; the tag keeps its letter case
// (RDF 1.1 Concepts, 3.3).
func LangLiteral(text, language string) Term {
	return Term{kind: kindLiteral, text: text, datatype: langString, language: language}
}

// TypedLiteral returns a literal with a datatype IRI. Whether the text is in
// the datatype's lexical space is not checked (RDF 1.1 Concepts, 3.3).
func TypedLiteral(text, datatype string) Term {
	return Term{kind: kindLiteral, text: text, datatype: datatype}
}

// IsIRI reports whether t is an IRI.
func (t Term) IsIRI() bool { return t.kind == kindIRI }

// IsBlank reports whether t is a blank node.
func (t Term) IsBlank() bool { return t.kind == kindBlank }

// IsLiteral reports whether t is a literal.
func (t Term) IsLiteral() bool { return t.kind == kindLiteral }

// IsZero reports whether t is the zero Term.
func (t Term) IsZero() bool { return t == Term{} }

// Text returns the IRI, the blank node's label or the literal's lexical form.
func (t Term) Text() string { return t.text }

// Datatype returns the datatype IRI of a literal, and "" for other terms.
func (t Term) Datatype() string { return t.datatype }

// Language returns the language tag of a literal, "" if there is none.
func (t Term) Language() string { return t.language }

// String returns the term as N-Triples writes it.
func (t Term) String() string {
	switch t.kind {
	case kindIRI:
		return "<" + t.text + ">"
	case kindBlank:
		return "_:" + t.text
	case kindLiteral:
		return quote(t.text) + t.suffix(func(iri string) string { return "<" + iri + ">" })
	}
	return "(no term)"
}

// suffix returns what follows the quoted text of a literal; name writes the
// datatype.
func (t Term) suffix(name func(iri string) string) string {
	switch {
	case t.language != "":
		return "@" + t.language
	case t.datatype == xsdString:
		return ""
	}
	return "^^" + name(t.datatype)
}

var quoteEscapes = strings.NewReplacer(
	`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`,
)

// quote writes a string as a STRING_LITERAL_QUOTE (N-Triples, 7).
func quote(s string) string {
	return `"` + quoteEscapes.Replace(s) + `"`
}

// Compare orders terms: IRIs, blank nodes, literals, each by text, datatype
// and language, bytewise.
func (t Term) Compare(other Term) int {
	return cmp.Or(
		cmp.Compare(t.kind, other.kind),
		cmp.Compare(t.text, other.text),
		cmp.Compare(t.datatype, other.datatype),
		cmp.Compare(t.language, other.language),
	)
}

// Triple is one statement (RDF 1.1 Concepts, 3.1).
type Triple struct {
	Subject, Predicate, Object Term
}

// String returns the triple as a line of N-Triples, without the line break.
func (t Triple) String() string {
	return fmt.Sprintf("%s %s %s .", t.Subject, t.Predicate, t.Object)
}

// Compare orders triples by subject, predicate (rdf:type first) and object.
func (t Triple) Compare(other Triple) int {
	return cmp.Or(
		t.Subject.Compare(other.Subject),
		comparePredicates(t.Predicate, other.Predicate),
		t.Object.Compare(other.Object),
	)
}

func comparePredicates(a, b Term) int {
	switch {
	case a == b:
		return 0
	case a == Type:
		return -1
	case b == Type:
		return 1
	}
	return a.Compare(b)
}

// Validate reports what keeps the term from being written in all four
// formats, naming the term and the rule. It does not change anything.
func (t Term) Validate() error {
	if err := t.check(); err != nil {
		return fmt.Errorf("%s: %w", t.abridged(), err)
	}
	return nil
}

// Validate reports the first term of the triple that is not valid or not allowed
// in its place (RDF 1.1 Concepts, 3.1).
func (t Triple) Validate() error {
	for place := range 3 {
		if err := t.validate(place); err != nil {
			return err
		}
	}
	return nil
}

// validate checks the subject, predicate or object, which are numbered from 0.
func (t Triple) validate(place int) error {
	part := []struct {
		role  string
		term  Term
		check func(Term) error
	}{
		{"subject", t.Subject, checkSubject},
		{"predicate", t.Predicate, checkPredicate},
		{"object", t.Object, Term.check},
	}[place]
	if err := part.check(part.term); err != nil {
		return fmt.Errorf("%s %s%s: %w", part.role, part.term.abridged(), t.context(part.role), err)
	}
	return nil
}

// context describes where a bad term was found, by the terms before it.
func (t Triple) context(role string) string {
	switch role {
	case "predicate":
		return " of " + t.Subject.abridged()
	case "object":
		return " of " + t.Subject.abridged() + " " + t.Predicate.abridged()
	}
	return ""
}

func checkSubject(t Term) error {
	if t.kind == kindLiteral {
		return errors.New("a subject is an IRI or a blank node, not a literal (RDF 1.1 Concepts, 3.1)")
	}
	return t.check()
}

func checkPredicate(t Term) error {
	if t.kind == kindBlank || t.kind == kindLiteral {
		return errors.New("a predicate is an IRI (RDF 1.1 Concepts, 3.1)")
	}
	return t.check()
}

func (t Term) check() error {
	switch t.kind {
	case kindIRI:
		return checkIRI(t.text)
	case kindBlank:
		return checkLabel(t.text)
	case kindLiteral:
		return t.checkLiteral()
	}
	return errors.New("the zero Term is not valid")
}

func (t Term) checkLiteral() error {
	if err := checkText(t.text); err != nil {
		return err
	}
	if t.datatype == langString {
		return checkLanguage(t.language)
	}
	if err := checkIRI(t.datatype); err != nil {
		return fmt.Errorf("datatype: %w", err)
	}
	return nil
}

var labelPattern = regexp.MustCompile(`^[A-Za-z_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$`)

// checkLabel keeps labels to what N-Triples (BLANK_NODE_LABEL) and RDF/XML
// (rdf:nodeID, an NCName) have in common, in ASCII.
func checkLabel(label string) error {
	if !labelPattern.MatchString(label) {
		return errors.New("a blank node label is a letter or _, then letters, digits, _ . -, and does not end in a dot")
	}
	return nil
}

var languagePattern = regexp.MustCompile(`^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$`)

func checkLanguage(tag string) error {
	if !languagePattern.MatchString(tag) {
		return fmt.Errorf("language tag %q is not well-formed (BCP 47: subtags of 1 to 8 letters and digits, joined by -)", tag)
	}
	return nil
}

// checkText refuses what an XML 1.0 document cannot contain, not even escaped
// (XML 1.0, 2.2, Char).
func checkText(s string) error {
	n := 0
	for i, r := range s {
		n++
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return fmt.Errorf("character %d is not valid UTF-8", n)
		}
		if !isXMLChar(r) {
			return fmt.Errorf("%U, character %d, is not allowed in XML 1.0 (2.2), and so not in RDF/XML", r, n)
		}
	}
	return nil
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}

// abridged writes a term for an error message: escaped, and not longer than a
// line.
func (t Term) abridged() string {
	text := []rune(t.text)
	if len(text) > 80 {
		text = append(text[:77], []rune("...")...)
	}
	inner := strconv.Quote(string(text))
	inner = inner[1 : len(inner)-1]
	switch t.kind {
	case kindIRI:
		return "<" + inner + ">"
	case kindBlank:
		return "_:" + inner
	case kindLiteral:
		return `"` + inner + `"`
	}
	return t.String()
}
