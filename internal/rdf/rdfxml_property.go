package rdf

import (
	"errors"
	"fmt"
	"slices"
)

func (r *rdfxmlReader) propertyElementList(parent *xmlElement, subject Term, env xmlEnv) error {
	children, err := r.elements(parent)
	if err != nil {
		return err
	}
	items := 0
	for _, e := range children {
		name := e.name.iri()
		if name == RDF+"li" { // RDF/XML, 7.4
			items++
			name = fmt.Sprintf("%s_%d", RDF, items)
		}
		if err := r.propertyElement(e, subject, name, env); err != nil {
			return err
		}
	}
	return nil
}

func (r *rdfxmlReader) propertyElement(e *xmlElement, subject Term, predicate string, env xmlEnv) error {
	if e.name.space == "" {
		return r.fail(e.offset, fmt.Errorf("%s has no namespace, so it is no IRI (RDF/XML, 6.1.2)", e.name))
	}
	if isSyntax(e.name, "Description") {
		return r.fail(e.offset, fmt.Errorf("%s is no name for a property (RDF/XML, 7.2.6)", e.name))
	}
	env = env.enter(e)
	object, err := r.object(e, env)
	if err != nil {
		return err
	}
	return r.statement(e, Triple{subject, IRI(predicate), object}, env)
}

// object reads the object of a property element by the kind of element it is
// (RDF/XML, 7.2.14).
func (r *rdfxmlReader) object(e *xmlElement, env xmlEnv) (Term, error) {
	if parseType, ok := e.attr(RDF, "parseType"); ok {
		return r.parseType(e, parseType, env)
	}
	if len(e.elements()) > 0 {
		return r.resourceProperty(e, env)
	}
	if text := e.text(); !isXMLSpace(text) || !hasResource(e) {
		return r.literalProperty(e, text, env)
	}
	return r.emptyProperty(e, env)
}

// hasResource reports whether attributes of a property element speak of a
// node: rdf:resource, rdf:nodeID or a property attribute.
func hasResource(e *xmlElement) bool {
	return slices.ContainsFunc(e.attrs, func(a xmlAttr) bool {
		return !a.name.isXML() && !isRDF(a.name, "ID", "datatype")
	})
}

func isRDF(n xmlName, locals ...string) bool {
	return n.space == RDF && slices.Contains(locals, n.local)
}

// only refuses attributes that do not go with the kind of property element.
func (r *rdfxmlReader) only(e *xmlElement, kind string, allowed ...string) error {
	for _, a := range e.attrs {
		if !a.name.isXML() && !isRDF(a.name, allowed...) {
			return r.fail(e.offset, fmt.Errorf("attribute %s cannot stand on %s, %s", a.name, e.name, kind))
		}
	}
	return nil
}

// resourceProperty reads a property element with a node element inside.
func (r *rdfxmlReader) resourceProperty(e *xmlElement, env xmlEnv) (Term, error) {
	if err := r.only(e, "which holds a node (RDF/XML, 7.2.15)", "ID"); err != nil {
		return Term{}, err
	}
	children, err := r.elements(e)
	if err != nil {
		return Term{}, err
	}
	if len(children) > 1 {
		return Term{}, r.fail(children[1].offset, fmt.Errorf("a second node in %s (RDF/XML, 7.2.15)", e.name))
	}
	return r.nodeElement(children[0], env)
}

func (r *rdfxmlReader) literalProperty(e *xmlElement, text string, env xmlEnv) (Term, error) {
	if err := r.only(e, "which holds text (RDF/XML, 7.2.16)", "ID", "datatype"); err != nil {
		return Term{}, err
	}
	if datatype, ok := e.attr(RDF, "datatype"); ok {
		return TypedLiteral(text, env.iri(datatype).text), nil
	}
	return env.literal(text), nil
}

// emptyProperty reads a property element whose node is in its attributes.
func (r *rdfxmlReader) emptyProperty(e *xmlElement, env xmlEnv) (Term, error) {
	resource, hasIRI := e.attr(RDF, "resource")
	label, hasLabel := e.attr(RDF, "nodeID")
	object, err := Term{}, error(nil)
	switch {
	case hasIRI && hasLabel:
		err = r.fail(e.offset, errors.New("only one of rdf:resource and rdf:nodeID (RDF/XML, 7.2.21)"))
	case hasIRI:
		object = env.iri(resource)
	case hasLabel:
		object, err = r.nodeID(e, label)
	default:
		object = r.newBlank()
	}
	if err != nil {
		return Term{}, err
	}
	return object, r.propertyAttributes(e, object, env, "ID", "resource", "nodeID")
}

// parseType reads the property elements of RDF/XML, 7.2.17 to 7.2.20. Types
// that are not known are read as Literal.
func (r *rdfxmlReader) parseType(e *xmlElement, parseType string, env xmlEnv) (Term, error) {
	if err := r.only(e, "which has rdf:parseType (RDF/XML, 7.2.17)", "ID", "parseType"); err != nil {
		return Term{}, err
	}
	switch parseType {
	case "Resource":
		object := r.newBlank()
		return object, r.propertyElementList(e, object, env)
	case "Collection":
		return r.collection(e, env)
	}
	return TypedLiteral(canonicalXML(e.children), RDF+"XMLLiteral"), nil
}

func (r *rdfxmlReader) collection(e *xmlElement, env xmlEnv) (Term, error) {
	children, err := r.elements(e)
	if err != nil {
		return Term{}, err
	}
	var items []Term
	for _, child := range children {
		item, err := r.nodeElement(child, env)
		if err != nil {
			return Term{}, err
		}
		items = append(items, item)
	}
	return r.list(e.offset, items)
}

// statement adds the triple of a property element and, if that has an rdf:ID,
// the four that describe it (RDF/XML, 7.3).
func (r *rdfxmlReader) statement(e *xmlElement, t Triple, env xmlEnv) error {
	triples := []Triple{t}
	if id, ok := e.attr(RDF, "ID"); ok {
		name, err := r.id(e, id, env)
		if err != nil {
			return err
		}
		triples = append(triples,
			Triple{name, Type, IRI(RDF + "Statement")},
			Triple{name, IRI(RDF + "subject"), t.Subject},
			Triple{name, IRI(RDF + "predicate"), t.Predicate},
			Triple{name, IRI(RDF + "object"), t.Object})
	}
	for _, t := range triples {
		if err := r.add(e.offset, t.Subject, t.Predicate, t.Object); err != nil {
			return err
		}
	}
	return nil
}
