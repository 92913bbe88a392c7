// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// turtleWriter writes one Turtle document (Turtle, 2).
type turtleWriter struct {
	body  bytes.Buffer
	names *abbreviator
}

func writeTurtle(w io.Writer, g *Graph, p Prefixes) error {
	if err := errors.Join(g.Err(), p.Validate()); err != nil {
		return err
	}
	t := turtleWriter{names: newAbbreviator(p)}
	for i, n := range g.nodes() {
		if i > 0 {
			t.body.WriteByte('\n')
		}
		t.node(n)
	}
	return flush(w, append(t.header(), t.body.Bytes()...))
}

func (t *turtleWriter) header() []byte {
	var b bytes.Buffer
	for _, d := range t.names.declarations() {
		fmt.Fprintf(&b, "@prefix %s: <%s> .\n", d.prefix, d.namespace)
	}
	if b.Len() > 0 && t.body.Len() > 0 {
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func (t *turtleWriter) node(n node) {
	t.body.WriteString(t.term(n.subject) + " ")
	for i, p := range n.properties {
		if i > 0 {
			t.body.WriteString(" ;\n    ")
		}
		t.property(p)
	}
	t.body.WriteString(" .\n")
}

func (t *turtleWriter) property(p property) {
	if p.predicate == Type {
		t.body.WriteString("a")
	} else {
		t.body.WriteString(t.term(p.predicate))
	}
	for i, o := range p.objects {
		if i > 0 {
			t.body.WriteString(",\n       ")
		}
		t.body.WriteString(" " + t.term(o))
	}
}

func (t *turtleWriter) term(term Term) string {
	switch {
	case term.IsIRI():
		return t.iri(term.text)
	case term.IsLiteral():
		return quote(term.text) + term.suffix(t.iri)
	}
	return term.String()
}

func (t *turtleWriter) iri(iri string) string {
	if short, ok := t.names.shorten(iri, isLocalName); ok {
		return short
	}
	return "<" + iri + ">"
}
