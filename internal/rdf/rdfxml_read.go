package rdf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// rdfxmlReader reads RDF/XML by its grammar; the methods are named after the
// productions (RDF/XML, 7.2).
type rdfxmlReader struct {
	*document
	ids map[string]bool // IRIs made by rdf:ID (RDF/XML, 5.4)
}

// xmlEnv is what elements inherit (RDF/XML, 6.1.2).
type xmlEnv struct {
	base, language string
}

func readRDFXML(data []byte, base string) (*Graph, error) {
	d, err := newDocument("rdfxml", data, base)
	if err != nil {
		return &Graph{}, err
	}
	root, err := parseXML(d)
	if err == nil {
		err = (&rdfxmlReader{d, map[string]bool{}}).doc(root, xmlEnv{base: base})
	}
	return d.result(err)
}

// enter returns what holds inside an element (RDF/XML, 5.3 and 6.1.2).
func (env xmlEnv) enter(e *xmlElement) xmlEnv {
	if base, ok := e.attr(xmlNamespace, "base"); ok {
		env.base = resolve(env.base, base)
	}
	if language, ok := e.attr(xmlNamespace, "lang"); ok {
		env.language = language
	}
	return env
}

func (env xmlEnv) literal(text string) Term {
	if env.language != "" {
		return LangLiteral(text, env.language)
	}
	return Literal(text)
}

// iri resolves a reference. The fragment of the base never counts.
func (env xmlEnv) iri(reference string) Term {
	return IRI(resolve(env.base, reference))
}

// doc reads rdf:RDF, or a node element that stands for itself.
func (r *rdfxmlReader) doc(root *xmlElement, env xmlEnv) error {
	if root.name.iri() != RDF+"RDF" {
		_, err := r.nodeElement(root, env)
		return err
	}
	env = env.enter(root)
	for _, a := range root.attrs {
		if !a.name.isXML() {
			return r.fail(root.offset, fmt.Errorf("attribute %s on %s (RDF/XML, 7.2.9)", a.name, root.name))
		}
	}
	children, err := r.elements(root)
	if err != nil {
		return err
	}
	for _, child := range children {
		if _, err := r.nodeElement(child, env); err != nil {
			return err
		}
	}
	return nil
}

// elements returns the child elements of one that may not have text.
func (r *rdfxmlReader) elements(e *xmlElement) ([]*xmlElement, error) {
	if text := strings.TrimSpace(e.text()); text != "" {
		return nil, r.fail(e.offset, fmt.Errorf("text %s in %s, which holds elements only", Literal(text).abridged(), e.name))
	}
	return e.elements(), nil
}

func (e *xmlElement) elements() []*xmlElement {
	var elements []*xmlElement
	for _, c := range e.children {
		if c.element != nil {
			elements = append(elements, c.element)
		}
	}
	return elements
}

// text returns the character data of an element without that of its children.
func (e *xmlElement) text() string {
	var b strings.Builder
	for _, c := range e.children {
		b.WriteString(c.text)
	}
	return b.String()
}

// Names that are syntax, not nodes or properties (RDF/XML, 7.2.2 and 7.2.4).
var (
	coreSyntaxTerms = []string{"RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"}
	oldTerms        = []string{"aboutEach", "aboutEachPrefix", "bagID"}
	unqualified     = []string{"about", "ID", "resource", "nodeID", "datatype", "parseType", "type"}
)

func isSyntax(n xmlName, more ...string) bool {
	local, ok := strings.CutPrefix(n.iri(), RDF)
	return ok && (slices.Contains(coreSyntaxTerms, local) ||
		slices.Contains(oldTerms, local) || slices.Contains(more, local))
}

func (r *rdfxmlReader) nodeElement(e *xmlElement, env xmlEnv) (Term, error) {
	if isSyntax(e.name, "li") {
		return Term{}, r.fail(e.offset, fmt.Errorf("%s is no name for a node (RDF/XML, 7.2.5)", e.name))
	}
	env = env.enter(e)
	subject, err := r.subject(e, env)
	if err != nil {
		return Term{}, err
	}
	if e.name.iri() != RDF+"Description" {
		if err := r.addName(e, subject, Type, e.name); err != nil {
			return Term{}, err
		}
	}
	if err := r.propertyAttributes(e, subject, env, "ID", "nodeID", "about"); err != nil {
		return Term{}, err
	}
	return subject, r.propertyElementList(e, subject, env)
}

// addName adds a triple whose object is the name of an element.
func (r *rdfxmlReader) addName(e *xmlElement, subject, predicate Term, name xmlName) error {
	if name.space == "" {
		return r.fail(e.offset, fmt.Errorf("%s has no namespace, so it is no IRI (RDF/XML, 6.1.2)", name))
	}
	return r.add(e.offset, subject, predicate, IRI(name.iri()))
}

// subject reads rdf:about, rdf:ID or rdf:nodeID; without one of them the node
// is a new blank node.
func (r *rdfxmlReader) subject(e *xmlElement, env xmlEnv) (Term, error) {
	about, hasAbout := e.attr(RDF, "about")
	id, hasID := e.attr(RDF, "ID")
	nodeID, hasNodeID := e.attr(RDF, "nodeID")
	switch {
	case hasAbout && (hasID || hasNodeID) || hasID && hasNodeID:
		return Term{}, r.fail(e.offset, errors.New("only one of rdf:about, rdf:ID and rdf:nodeID (RDF/XML, 7.2.11)"))
	case hasAbout:
		return env.iri(about), nil
	case hasID:
		return r.id(e, id, env)
	case hasNodeID:
		return r.nodeID(e, nodeID)
	}
	return r.newBlank(), nil
}

// id returns the IRI of an rdf:ID, which a document may define once.
func (r *rdfxmlReader) id(e *xmlElement, id string, env xmlEnv) (Term, error) {
	if !isNCName(id) {
		return Term{}, r.fail(e.offset, fmt.Errorf("rdf:ID %q is no XML name (RDF/XML, 7.2.34)", id))
	}
	t := env.iri("#" + id)
	if r.ids[t.text] {
		return Term{}, r.fail(e.offset, fmt.Errorf("rdf:ID %q twice (RDF/XML, 5.4)", id))
	}
	r.ids[t.text] = true
	return t, nil
}

func (r *rdfxmlReader) nodeID(e *xmlElement, label string) (Term, error) {
	if !isNCName(label) {
		return Term{}, r.fail(e.offset, fmt.Errorf("rdf:nodeID %q is no XML name (RDF/XML, 7.2.34)", label))
	}
	return r.blank(label), nil
}

// propertyAttributes reads the attributes that stand for literals (RDF/XML,
// 7.2.25); syntax lists the attributes of RDF that have been read already.
func (r *rdfxmlReader) propertyAttributes(e *xmlElement, subject Term, env xmlEnv, syntax ...string) error {
	for _, a := range e.attrs {
		if a.name.isXML() || a.name.space == RDF && slices.Contains(syntax, a.name.local) {
			continue
		}
		if err := r.checkPropertyAttribute(e, a.name); err != nil {
			return err
		}
		object := env.literal(a.value)
		if a.name.iri() == Type.text {
			object = env.iri(a.value)
		}
		if err := r.add(e.offset, subject, IRI(a.name.iri()), object); err != nil {
			return err
		}
	}
	return nil
}

func (r *rdfxmlReader) checkPropertyAttribute(e *xmlElement, name xmlName) error {
	switch {
	case name.space == "" && slices.Contains(unqualified, name.local):
		return r.fail(e.offset, fmt.Errorf("attribute %s without its namespace: write rdf:%s (RDF/XML, 6.1.4)", name, name))
	case name.space == "":
		return r.fail(e.offset, fmt.Errorf("attribute %s has no namespace, so it is no IRI (RDF/XML, 6.1.4)", name))
	case isSyntax(name, "li", "Description"):
		return r.fail(e.offset, fmt.Errorf("attribute %s cannot stand on %s (RDF/XML, 7.2.7)", name, e.name))
	}
	return nil
}
