// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// rdfxmlWriter writes one RDF/XML document, a flat rdf:Description for each
// subject (RDF/XML, 2).
type rdfxmlWriter struct {
	body  bytes.Buffer
	names *abbreviator
	taken Prefixes // those of the caller and those made up
	made  int
}

func writeRDFXML(w io.Writer, g *Graph, p Prefixes) error {
	if err := errors.Join(g.Err(), p.Validate()); err != nil {
		return err
	}
	taken := Prefixes{"rdf": RDF}
	maps.Copy(taken, p)
	x := rdfxmlWriter{names: newAbbreviator(taken), taken: taken}
	x.names.used[binding{"rdf", RDF}] = true
	for _, n := range g.nodes() {
		if err := x.node(n); err != nil {
			return err
		}
	}
	x.body.WriteString("</rdf:RDF>\n")
	return flush(w, append(x.header(), x.body.Bytes()...))
}

func (x *rdfxmlWriter) header() []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<rdf:RDF")
	for _, d := range x.names.declarations() {
		fmt.Fprintf(&b, "\n    xmlns:%s=\"%s\"", d.prefix, escapeXML(d.namespace))
	}
	b.WriteString(">\n")
	return b.Bytes()
}

func (x *rdfxmlWriter) node(n node) error {
	fmt.Fprintf(&x.body, "  <rdf:Description %s>\n", nodeAttribute(n.subject, "about"))
	for _, p := range n.properties {
		name, err := x.element(p.predicate.text)
		if err != nil {
			return err
		}
		for _, o := range p.objects {
			x.body.WriteString("    " + propertyElement(name, o) + "\n")
		}
	}
	x.body.WriteString("  </rdf:Description>\n")
	return nil
}

// nodeAttribute returns the attribute that names an IRI or a blank node.
func nodeAttribute(t Term, attribute string) string {
	if t.IsBlank() {
		attribute = "nodeID"
	}
	return fmt.Sprintf(`rdf:%s="%s"`, attribute, escapeXML(t.text))
}

func propertyElement(name string, object Term) string {
	if !object.IsLiteral() {
		return fmt.Sprintf("<%s %s/>", name, nodeAttribute(object, "resource"))
	}
	attribute := ""
	switch {
	case object.language != "":
		attribute = fmt.Sprintf(` xml:lang="%s"`, object.language)
	case object.datatype != xsdString:
		attribute = fmt.Sprintf(` rdf:datatype="%s"`, escapeXML(object.datatype))
	}
	return fmt.Sprintf("<%s%s>%s</%s>", name, attribute, escapeXML(object.text), name)
}

// xmlEscapes leaves line feeds and tabs as they are, because XML preserves them in
// element content; it would not preserve a bare carriage return (XML 1.0, 2.11).
var xmlEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\r", "&#xD;",
)

func escapeXML(s string) string { return xmlEscapes.Replace(s) }

// notProperties are names of RDF's namespace that mean something else as a
// property element (RDF/XML, 7.2.6 and 7.4).
var notProperties = []string{
	"RDF", "Description", "ID", "about", "parseType", "resource", "nodeID",
	"datatype", "li", "aboutEach", "aboutEachPrefix", "bagID",
}

// element returns the qualified name of a predicate: with a prefix of the
// caller, else with one made up for what comes before its last name.
func (x *rdfxmlWriter) element(iri string) (string, error) {
	if local, ok := strings.CutPrefix(iri, RDF); ok && slices.Contains(notProperties, local) {
		return "", fmt.Errorf("predicate <%s> cannot be written in RDF/XML, where its name has another meaning (7.2.6)", iri)
	}
	if name, ok := x.names.shorten(iri, isXMLName); ok {
		return name, nil
	}
	namespace := iri[:splitXMLName(iri)]
	if namespace == iri || slices.Contains(reservedNamespaces, namespace) {
		return "", fmt.Errorf("predicate <%s> cannot be written in RDF/XML: it does not end in an XML name (Namespaces in XML, 4)", iri)
	}
	x.declare(namespace)
	name, _ := x.names.shorten(iri, isXMLName)
	return name, nil
}

// declare makes up a prefix, ns1, ns2 … in the order of need.
func (x *rdfxmlWriter) declare(namespace string) {
	for {
		x.made++
		prefix := fmt.Sprintf("ns%d", x.made)
		if _, ok := x.taken[prefix]; !ok {
			x.taken[prefix] = namespace
			x.names.bindings = append(x.names.bindings, binding{prefix, namespace})
			return
		}
	}
}

// splitXMLName returns where the longest XML name at the end of s begins,
// len(s) if there is none.
func splitXMLName(s string) int {
	start := len(s)
	for i := len(s); i > 0; {
		r, size := utf8.DecodeLastRuneInString(s[:i])
		if !isXMLNameChar(r) {
			break
		}
		if i -= size; isXMLNameStart(r) {
			start = i
		}
	}
	return start
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isNameStart covers PN_CHARS_BASE, which is also XML's NameStartChar without
// ":" and "_".
func isNameStart(r rune) bool {
	switch {
	case r < 0x80:
		return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
	case r < 0x2000:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && (r < 0x300 || r > 0x36F) && r != 0x37E
	}
	return r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0xEFFFF
}

// isNameChar covers PN_CHARS.
func isNameChar(r rune) bool {
	return isNameStart(r) || isDigit(r) || r == '_' || r == '-' || r == 0xB7 ||
		r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// isXMLName reports whether s is an NCName (Namespaces in XML, 3) in ASCII and Latin-1
// letters: for these, the fourth edition of XML 1.0, which encoding/xml follows, and the
// fifth, which others follow, agree.
func isXMLName(s string) bool {
	for i, r := range s {
		if i == 0 && !isXMLNameStart(r) || !isXMLNameChar(r) {
			return false
		}
	}
	return s != ""
}

func isXMLNameStart(r rune) bool {
	return r == '_' || r <= 0xFF && isNameStart(r)
}

func isXMLNameChar(r rune) bool {
	return isXMLNameStart(r) || isDigit(r) || r == '-' || r == '.'
}
