package rdf

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// canonicalXML writes the content of an rdf:parseType="Literal" element as
// Exclusive XML Canonicalization with comments does, which makes it the
// lexical form of an rdf:XMLLiteral (RDF/XML, 7.2.17).
func canonicalXML(nodes []xmlNode) string {
	var b strings.Builder
	writeCanonical(&b, nodes, nil)
	return b.String()
}

var (
	canonicalText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#xD;")
	canonicalAttr = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;",
		"\t", "&#x9;", "\n", "&#xA;", "\r", "&#xD;")
)

// writeCanonical writes nodes in a place where some namespaces are declared
// (Canonical XML, 2.3).
func writeCanonical(b *strings.Builder, nodes []xmlNode, declared *xmlScope) {
	for _, n := range nodes {
		if n.element == nil {
			b.WriteString(n.markup + canonicalText.Replace(n.text))
			continue
		}
		e := n.element
		needed := e.undeclared(declared)
		b.WriteString("<" + e.name.String())
		writeDeclarations(b, needed)
		for _, a := range e.sortedAttrs() {
			fmt.Fprintf(b, ` %s="%s"`, a.name, canonicalAttr.Replace(a.value))
		}
		b.WriteString(">")
		writeCanonical(b, e.children, &xmlScope{declared, needed})
		b.WriteString("</" + e.name.String() + ">")
	}
}

// undeclared returns the namespaces that an element visibly uses and that its
// surroundings do not declare alike (Exclusive XML Canonicalization, 3).
func (e *xmlElement) undeclared(declared *xmlScope) map[string]string {
	needed := map[string]string{}
	names := []xmlName{e.name}
	for _, a := range e.attrs {
		if a.name.prefix != "" {
			names = append(names, a.name)
		}
	}
	for _, n := range names {
		if space, ok := declared.lookup(n.prefix); !ok || space != n.space {
			needed[n.prefix] = n.space
		}
	}
	return needed
}

func writeDeclarations(b *strings.Builder, namespaces map[string]string) {
	for _, prefix := range slices.Sorted(maps.Keys(namespaces)) {
		name := "xmlns"
		if prefix != "" {
			name += ":" + prefix
		}
		fmt.Fprintf(b, ` %s="%s"`, name, canonicalAttr.Replace(namespaces[prefix]))
	}
}

// sortedAttrs returns the attributes by namespace and name.
func (e *xmlElement) sortedAttrs() []xmlAttr {
	return slices.SortedFunc(slices.Values(e.attrs), func(x, y xmlAttr) int {
		return cmp.Or(
			cmp.Compare(x.name.space, y.name.space),
			cmp.Compare(x.name.local, y.name.local),
		)
	})
}
