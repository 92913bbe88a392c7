package rdf

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

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
		return fmt.Errorf("rdf stands for %s and for nothing else", RDF)
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
