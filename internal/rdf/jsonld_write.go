// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/zielstand/zielstand/internal/plainjson"
)

// jsonldWriter writes one JSON-LD 1.1 document: a context of prefixes, and
// every value in its expanded form, so that nothing is left to coercion.
type jsonldWriter struct {
	body  bytes.Buffer
	names *abbreviator
}

func writeJSONLD(w io.Writer, g *Graph, p Prefixes) error {
	if err := errors.Join(g.Err(), p.Validate()); err != nil {
		return err
	}
	j := jsonldWriter{names: newAbbreviator(p.without(g.schemes()))}
	for i, n := range g.nodes() {
		if i > 0 {
			j.body.WriteString(",\n")
		}
		j.node(n)
	}
	j.body.WriteString("\n  ]\n}\n")
	return flush(w, append(j.header(), j.body.Bytes()...))
}

// schemes returns the schemes of all IRIs in the graph. A prefix of the same
// name would turn those IRIs into other ones (JSON-LD 1.1 API, 5.2).
func (g *Graph) schemes() map[string]bool {
	schemes := map[string]bool{}
	note := func(iri string) {
		scheme, _, _ := strings.Cut(iri, ":")
		schemes[scheme] = true
	}
	for _, term := range g.terms {
		switch term.kind {
		case kindIRI:
			note(term.text)
		case kindLiteral:
			note(term.datatype)
		}
	}
	return schemes
}

func (p Prefixes) without(names map[string]bool) Prefixes {
	rest := Prefixes{}
	for prefix, namespace := range p {
		if !names[prefix] {
			rest[prefix] = namespace
		}
	}
	return rest
}

func (j *jsonldWriter) header() []byte {
	var b bytes.Buffer
	b.WriteString("{\n  \"@context\": {")
	for i, d := range j.names.declarations() {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    " + quoteJSON(d.prefix) + ": " + prefixDefinition(d.namespace))
	}
	if len(j.names.used) > 0 {
		b.WriteString("\n  ")
	}
	b.WriteString("},\n  \"@graph\": [\n")
	return b.Bytes()
}

// prefixDefinition writes a namespace as a simple term if that makes it a
// prefix, which needs a delimiter at its end (JSON-LD 1.1, 4.1.5).
func prefixDefinition(namespace string) string {
	if strings.HasSuffix(namespace, "/") || strings.HasSuffix(namespace, "#") {
		return quoteJSON(namespace)
	}
	return `{"@id": ` + quoteJSON(namespace) + `, "@prefix": true}`
}

func (j *jsonldWriter) node(n node) {
	j.body.WriteString("    {\n      \"@id\": " + quoteJSON(nodeName(n.subject)))
	for _, p := range n.properties {
		if p.predicate == Type {
			types, others := splitTypes(p.objects)
			j.property("@type", types, func(t Term) string { return quoteJSON(j.name(t)) })
			p.objects = others
		}
		j.property(j.iri(p.predicate.text), p.objects, j.value)
	}
	j.body.WriteString("\n    }")
}

// splitTypes separates types that "@type" can express from literals.
func splitTypes(objects []Term) (types, literals []Term) {
	for _, o := range objects {
		if o.IsLiteral() {
			literals = append(literals, o)
		} else {
			types = append(types, o)
		}
	}
	return types, literals
}

// property writes a key with an array, on one line if it has one value.
func (j *jsonldWriter) property(key string, objects []Term, value func(Term) string) {
	if len(objects) == 0 {
		return
	}
	indent, end := "", "]"
	if len(objects) > 1 {
		indent, end = "\n        ", "\n      ]"
	}
	j.body.WriteString(",\n      " + quoteJSON(key) + ": [")
	for i, o := range objects {
		if i > 0 {
			j.body.WriteByte(',')
		}
		j.body.WriteString(indent + value(o))
	}
	j.body.WriteString(end)
}

// value writes a node reference or a value object (JSON-LD 1.1, 4.2).
func (j *jsonldWriter) value(t Term) string {
	switch {
	case !t.IsLiteral():
		return `{"@id": ` + quoteJSON(nodeName(t)) + `}`
	case t.language != "":
		return `{"@value": ` + quoteJSON(t.text) + `, "@language": ` + quoteJSON(t.language) + `}`
	case t.datatype != xsdString:
		return `{"@value": ` + quoteJSON(t.text) + `, "@type": ` + quoteJSON(j.iri(t.datatype)) + `}`
	}
	return `{"@value": ` + quoteJSON(t.text) + `}`
}

// nodeName returns the "@id" of a node, unabbreviated.
func nodeName(t Term) string {
	if t.IsBlank() {
		return t.String()
	}
	return t.text
}

func (j *jsonldWriter) name(t Term) string {
	if t.IsBlank() {
		return t.String()
	}
	return j.iri(t.text)
}

func (j *jsonldWriter) iri(iri string) string {
	if short, ok := j.names.shorten(iri, isLocalName); ok {
		return short
	}
	return iri
}

// quoteJSON writes a string without the escapes that only HTML needs.
func quoteJSON(s string) string {
	text, err := plainjson.Marshal(s)
	if err != nil {
		panic(err) // a string can always be encoded
	}
	return string(text)
}
