package rdf

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Validate reports what keeps the term from being written in all four
// formats, naming the term and the rule. It does not change anything.
func (t Term) Validate() error {
	if err := t.check(); err != nil {
		return fmt.Errorf("%s: %w", t.abridged(), err)
	}
	return nil
}

// Validate reports the first term of the triple that is not valid or cannot
// stand where it does (RDF 1.1 Concepts, 3.1).
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
			return fmt.Errorf("%U, character %d, cannot stand in XML 1.0 (2.2), so not in RDF/XML", r, n)
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
