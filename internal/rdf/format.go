// SPDX-License-Identifier: EUPL-1.2

// Package rdf provides RDF 1.1 graphs, writes them as Turtle, RDF/XML, JSON-LD
// and N-Triples, and reads JSON-LD and N-Triples.
//
// A [Graph] is a set of triples. Add never repairs a term: what one of the
// formats cannot carry (a relative IRI, a space in an IRI, a control character)
// is refused with an error that names the term and the rule, so the four outputs
// of a graph cannot differ. Only RDF/XML requires that a predicate ends in an
// XML name, and its writer enforces that.
//
// Output depends on the triples and the prefixes alone, not on the order in
// which they were added: the same graph has the same bytes and one entity tag.
//
// [Graph.ReadJSONLD] and [Graph.ReadNTriples] read what others wrote, for the
// catalogue check. They are lenient about terms, strict about syntax, and
// bounded. For Turtle and RDF/XML there are converters such as rapper.
//
// The package knows no vocabulary beyond RDF's own, fetches nothing, and
// leaves out datasets (named graphs), RDF-star, datatype values and entailment.
package rdf

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Format is one of the concrete syntaxes that this package writes.
type Format struct {
	Name      string // "turtle", "rdfxml", "jsonld", "ntriples"
	MediaType string
	Extension string // with its dot

	// Write writes the graph in UTF-8, or returns the errors of the graph and
	// the prefixes before it has written anything.
	Write func(w io.Writer, g *Graph, p Prefixes) error
}

// Formats returns all formats, the preferred one first.
func Formats() []Format {
	return []Format{
		{"turtle", "text/turtle", ".ttl", writeTurtle},
		{"rdfxml", "application/rdf+xml", ".rdf", writeRDFXML},
		{"jsonld", "application/ld+json", ".jsonld", writeJSONLD},
		{"ntriples", "application/n-triples", ".nt", writeNTriples},
	}
}

// LookupFormat finds a format by its name, media type or extension.
func LookupFormat(key string) (Format, bool) {
	formats := Formats()
	i := slices.IndexFunc(formats, func(f Format) bool {
		return key == f.Name || key == f.MediaType || key == f.Extension
	})
	if i < 0 {
		return Format{}, false
	}
	return formats[i], true
}

// flush writes a finished document. Writers build it whole so that an error
// leaves nothing behind.
func flush(w io.Writer, document []byte) error {
	_, err := w.Write(document)
	return err
}

// Prefixes maps prefixes to the namespace IRIs that they abbreviate. Writers
// declare those that a graph needs and leave out the others.
type Prefixes map[string]string

// reservedNamespaces cannot be bound to another prefix (Namespaces in XML, 3).
var reservedNamespaces = []string{
	"http://www.w3.org/XML/1998/namespace",
	"http://www.w3.org/2000/xmlns/",
}

// Validate reports what keeps the prefixes from being declared alike in
// Turtle, RDF/XML and JSON-LD.
func (p Prefixes) Validate() error {
	var errs []error
	for _, prefix := range slices.Sorted(maps.Keys(p)) {
		if err := checkPrefix(prefix, p[prefix]); err != nil {
			errs = append(errs, fmt.Errorf("prefix %q: %w", prefix, err))
		}
	}
	return errors.Join(errs...)
}

var prefixPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

func checkPrefix(prefix, namespace string) error {
	switch {
	case !prefixPattern.MatchString(prefix):
		return errors.New("a prefix is a letter, then letters, digits, _ and -")
	case len(prefix) >= 3 && strings.EqualFold(prefix[:3], "xml"):
		return errors.New("prefixes beginning with xml are reserved (Namespaces in XML, 3)")
	case prefix == "rdf" && namespace != RDF:
		return fmt.Errorf("the namespace of rdf must be %s", RDF)
	case slices.Contains(reservedNamespaces, namespace):
		return fmt.Errorf("namespace %s is XML's own (Namespaces in XML, 3)", namespace)
	}
	if err := checkIRI(namespace); err != nil {
		return fmt.Errorf("namespace <%s>: %w", namespace, err)
	}
	return nil
}

// binding is one prefix with its namespace.
type binding struct {
	prefix, namespace string
}

// abbreviator shortens IRIs and remembers which prefixes it took.
type abbreviator struct {
	bindings []binding // longest namespace first
	used     map[binding]bool
}

func newAbbreviator(p Prefixes) *abbreviator {
	a := &abbreviator{used: map[binding]bool{}}
	for prefix, namespace := range p {
		a.bindings = append(a.bindings, binding{prefix, namespace})
	}
	slices.SortFunc(a.bindings, func(x, y binding) int {
		return cmp.Or(
			cmp.Compare(len(y.namespace), len(x.namespace)),
			cmp.Compare(x.prefix, y.prefix),
		)
	})
	return a
}

// shorten returns prefix:local for an IRI in a known namespace whose rest is a
// local name.
func (a *abbreviator) shorten(iri string, isLocal func(string) bool) (string, bool) {
	for _, b := range a.bindings {
		local, ok := strings.CutPrefix(iri, b.namespace)
		if ok && isLocal(local) {
			a.used[b] = true
			return b.prefix + ":" + local, true
		}
	}
	return "", false
}

// declarations returns the bindings that were used, sorted by prefix.
func (a *abbreviator) declarations() []binding {
	return slices.SortedFunc(maps.Keys(a.used), func(x, y binding) int {
		return cmp.Compare(x.prefix, y.prefix)
	})
}

var localPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_-]*$`)

// isLocalName keeps to what needs no escape in Turtle (Turtle, 6.5, PN_LOCAL)
// and cannot be mistaken for an IRI in JSON-LD.
func isLocalName(s string) bool {
	return localPattern.MatchString(s)
}
