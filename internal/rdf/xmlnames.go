package rdf

import (
	"encoding/xml"
	"fmt"
	"strings"
)

const xmlNamespace = "http://www.w3.org/XML/1998/namespace"

// xmlName is a name with the namespace that its prefix stands for.
type xmlName struct {
	prefix, space, local string
}

// iri is the name as RDF/XML reads it (RDF/XML, 6.1.2 and 6.1.4).
func (n xmlName) iri() string { return n.space + n.local }

// String returns the name as it stands in the document.
func (n xmlName) String() string {
	if n.prefix == "" {
		return n.local
	}
	return n.prefix + ":" + n.local
}

// isXML reports whether XML keeps the name to itself, so that RDF/XML passes
// over it (RDF/XML, 6.1.2).
func (n xmlName) isXML() bool {
	return n.space == xmlNamespace || n.prefix == "" && strings.HasPrefix(n.local, "xml")
}

// xmlScope holds the namespaces that one element declares.
type xmlScope struct {
	outer      *xmlScope
	namespaces map[string]string // by prefix
}

func (s *xmlScope) lookup(prefix string) (string, bool) {
	if prefix == "xml" {
		return xmlNamespace, true
	}
	for ; s != nil; s = s.outer {
		if namespace, ok := s.namespaces[prefix]; ok {
			return namespace, true
		}
	}
	return "", prefix == ""
}

func rawName(n xml.Name) string {
	return xmlName{prefix: n.Space, local: n.Local}.String()
}

// names resolves the names of an element and its attributes (Namespaces in
// XML, 6).
func (e *xmlElement) names(token xml.StartElement) error {
	if err := e.declare(token.Attr); err != nil {
		return err
	}
	var err error
	if e.name, err = e.resolve(token.Name); err != nil {
		return err
	}
	if e.name.prefix == "" {
		e.name.space, _ = e.scope.lookup("")
	}
	return e.attributes(token.Attr)
}

func (e *xmlElement) attributes(attrs []xml.Attr) error {
	seen := map[string]bool{}
	for _, a := range attrs {
		if isDeclaration(a.Name) {
			continue
		}
		name, err := e.resolve(a.Name)
		if err != nil {
			return err
		}
		key := name.space + " " + name.local
		if seen[key] {
			return fmt.Errorf("attribute %s twice", name)
		}
		seen[key] = true
		e.attrs = append(e.attrs, xmlAttr{name, a.Value})
	}
	return nil
}

func isDeclaration(n xml.Name) bool {
	return n.Space == "xmlns" || n.Space == "" && n.Local == "xmlns"
}

func (e *xmlElement) declare(attrs []xml.Attr) error {
	declared := map[string]string{}
	for _, a := range attrs {
		if !isDeclaration(a.Name) {
			continue
		}
		prefix := a.Name.Local
		if a.Name.Space == "" {
			prefix = ""
		}
		if _, ok := declared[prefix]; ok {
			return fmt.Errorf("attribute %s twice", rawName(a.Name))
		}
		if prefix != "" && a.Value == "" {
			return fmt.Errorf("prefix %s: is declared without a namespace", prefix)
		}
		declared[prefix] = a.Value
	}
	if len(declared) > 0 {
		e.scope = &xmlScope{e.scope, declared}
	}
	return nil
}

// resolve finds the namespace of a prefix; names without one are in none.
func (e *xmlElement) resolve(n xml.Name) (xmlName, error) {
	name := xmlName{prefix: n.Space, local: n.Local}
	if strings.Contains(n.Local, ":") {
		return name, fmt.Errorf("%s is no qualified name", n.Local)
	}
	if n.Space == "" {
		return name, nil
	}
	var ok bool
	if name.space, ok = e.scope.lookup(n.Space); !ok {
		return name, fmt.Errorf("prefix %s: of %s is not declared", n.Space, name)
	}
	return name, nil
}
