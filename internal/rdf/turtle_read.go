package rdf

import (
	"fmt"
	"regexp"
	"strings"
)

// turtleReader reads Turtle by its grammar (Turtle, 6.5); the methods are
// named after the productions.
type turtleReader struct {
	*turtleScanner
	base     string
	prefixes map[string]string
	depth    int
}

func readTurtle(data []byte, base string) (*Graph, error) {
	d, err := newDocument("turtle", data, base)
	if err != nil {
		return &Graph{}, err
	}
	r := &turtleReader{&turtleScanner{document: d}, base, map[string]string{}, 0}
	for err == nil && !r.end() {
		err = r.statement()
	}
	return d.result(err)
}

var sparqlDirective = regexp.MustCompile(`^(?i:(PREFIX)[ \t\r\n#]|(BASE)[ \t\r\n#<])`)

func (r *turtleReader) statement() error {
	switch m := sparqlDirective.FindStringSubmatch(r.text[r.pos:]); {
	case r.take("@prefix"):
		return r.then(r.prefixID(), ".")
	case r.take("@base"):
		return r.then(r.baseIRI(), ".")
	case m == nil:
		return r.then(r.triples(), ".")
	case m[1] != "":
		r.pos += len("PREFIX")
		return r.prefixID()
	}
	r.pos += len("BASE")
	return r.baseIRI()
}

// then reads a token that has to follow if there was no error.
func (r *turtleReader) then(err error, token string) error {
	if err != nil {
		return err
	}
	if r.end(); !r.take(token) {
		return r.unexpected(fmt.Sprintf("%q", token))
	}
	return nil
}

func (r *turtleReader) prefixID() error {
	r.end()
	prefix, err := r.prefix()
	if err != nil {
		return err
	}
	iri, err := r.iriReference()
	r.prefixes[prefix] = iri
	return err
}

func (r *turtleReader) baseIRI() error {
	iri, err := r.iriReference()
	r.base = iri
	return err
}

// iriReference reads an IRIREF and resolves it (Turtle, 6.3).
func (r *turtleReader) iriReference() (string, error) {
	if r.end(); r.peek() != '<' {
		return "", r.unexpected("an IRI in < >")
	}
	iri, err := r.iriRef()
	return resolve(r.base, iri), err
}

func (r *turtleReader) triples() error {
	if r.peek() != '[' {
		subject, err := r.subject()
		if err != nil {
			return err
		}
		return r.predicateObjectList(subject)
	}
	subject, empty, err := r.blankNodePropertyList()
	if err != nil {
		return err
	}
	if r.end(); !empty && r.peek() == '.' {
		return nil
	}
	return r.predicateObjectList(subject)
}

func (r *turtleReader) subject() (Term, error) {
	switch c := r.peek(); {
	case c == '(':
		return r.collection()
	case c == '_':
		return r.blankLabel()
	case c == '"' || c == '\'' || isDigit(rune(c)) || c == '+' || c == '-':
		return Term{}, r.unexpected("a subject, which is no literal")
	}
	return r.iri("a subject")
}

func (r *turtleReader) predicateObjectList(subject Term) error {
	for {
		predicate, err := r.verb()
		if err != nil {
			return err
		}
		if err := r.objectList(subject, predicate); err != nil {
			return err
		}
		if !r.semicolons() {
			return nil
		}
		if c := r.peek(); c == '.' || c == ']' || r.pos >= len(r.text) {
			return nil
		}
	}
}

// semicolons reads any number of them and reports whether there was one.
func (r *turtleReader) semicolons() bool {
	found := false
	for !r.end() && r.take(";") {
		found = true
	}
	return found
}

func (r *turtleReader) verb() (Term, error) {
	r.end()
	if r.word("a") {
		return Type, nil
	}
	return r.iri("a predicate")
}

func (r *turtleReader) objectList(subject, predicate Term) error {
	for {
		r.end()
		start := r.pos
		object, err := r.object()
		if err != nil {
			return err
		}
		if err := r.add(start, subject, predicate, object); err != nil {
			return err
		}
		if r.end(); !r.take(",") {
			return nil
		}
	}
}

func (r *turtleReader) object() (Term, error) {
	switch c := r.peek(); {
	case c == '[':
		t, _, err := r.blankNodePropertyList()
		return t, err
	case c == '(':
		return r.collection()
	case c == '_':
		return r.blankLabel()
	case c == '"' || c == '\'':
		return r.literal(func() (string, error) {
			t, err := r.iri("a datatype")
			return t.text, err
		}, true)
	case strings.IndexByte("0123456789+-.", c) >= 0 && c != 0:
		return r.number()
	}
	if t, ok := r.boolean(); ok {
		return t, nil
	}
	return r.iri("an object")
}

// blankNodePropertyList reads [ … ] and reports whether it was empty.
func (r *turtleReader) blankNodePropertyList() (subject Term, empty bool, err error) {
	r.depth++
	defer func() { r.depth-- }()
	if err := r.nested(r.pos, r.depth); err != nil {
		return Term{}, false, err
	}
	r.pos++
	subject = r.newBlank()
	if r.end(); r.take("]") {
		return subject, true, nil
	}
	return subject, false, r.then(r.predicateObjectList(subject), "]")
}

// collection reads ( … ) as a list of rdf:first and rdf:rest (Turtle, 2.8).
func (r *turtleReader) collection() (Term, error) {
	r.depth++
	defer func() { r.depth-- }()
	if err := r.nested(r.pos, r.depth); err != nil {
		return Term{}, err
	}
	start := r.pos
	r.pos++
	var items []Term
	for {
		if r.end() {
			return Term{}, r.unexpected(`")"`)
		}
		if r.take(")") {
			return r.list(start, items)
		}
		item, err := r.object()
		if err != nil {
			return Term{}, err
		}
		items = append(items, item)
	}
}
