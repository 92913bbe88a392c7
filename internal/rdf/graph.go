package rdf

import (
	"errors"
	"maps"
	"slices"
)

// Graph is a set of triples (RDF 1.1 Concepts, 3). Its zero value is empty and
// ready. Reading it from several goroutines at once is safe, adding is not.
type Graph struct {
	triples   map[Triple]struct{}
	bySubject map[Term][]Triple
	byObject  map[Term][]Triple
	errs      []error
}

// Add adds a triple; one that is already there is not added again. A triple
// that Validate refuses is left out and kept as an error: see Err.
func (g *Graph) Add(subject, predicate, object Term) {
	t := Triple{subject, predicate, object}
	if err := t.Validate(); err != nil {
		g.errs = append(g.errs, err)
		return
	}
	g.insert(t)
}

func (g *Graph) insert(t Triple) {
	if _, ok := g.triples[t]; ok {
		return
	}
	if g.triples == nil {
		g.triples = map[Triple]struct{}{}
		g.bySubject = map[Term][]Triple{}
		g.byObject = map[Term][]Triple{}
	}
	g.triples[t] = struct{}{}
	g.bySubject[t.Subject] = append(g.bySubject[t.Subject], t)
	g.byObject[t.Object] = append(g.byObject[t.Object], t)
}

// Err returns all that Add refused, joined, or nil. A graph with an error is
// not complete, and the writers return it instead of writing.
func (g *Graph) Err() error {
	return errors.Join(g.errs...)
}

// Len returns the number of triples.
func (g *Graph) Len() int { return len(g.triples) }

// Has reports whether the graph holds the triple.
func (g *Graph) Has(subject, predicate, object Term) bool {
	_, ok := g.triples[Triple{subject, predicate, object}]
	return ok
}

// Triples returns all triples, sorted by Triple.Compare.
func (g *Graph) Triples() []Triple {
	return slices.SortedFunc(maps.Keys(g.triples), Triple.Compare)
}

// Match returns the triples with these terms, sorted; the zero Term stands for
// any.
func (g *Graph) Match(subject, predicate, object Term) []Triple {
	var found []Triple
	for _, t := range g.candidates(subject, object) {
		if matches(subject, t.Subject) && matches(predicate, t.Predicate) && matches(object, t.Object) {
			found = append(found, t)
		}
	}
	slices.SortFunc(found, Triple.Compare)
	return found
}

func matches(pattern, t Term) bool {
	return pattern.IsZero() || pattern == t
}

// candidates returns the triples under the narrower index that the pattern
// allows.
func (g *Graph) candidates(subject, object Term) []Triple {
	switch {
	case !subject.IsZero():
		return g.bySubject[subject]
	case !object.IsZero():
		return g.byObject[object]
	}
	return slices.Collect(maps.Keys(g.triples))
}

// Subjects returns the subjects that have this predicate and object, sorted,
// each once; the zero Term stands for any.
func (g *Graph) Subjects(predicate, object Term) []Term {
	return pick(g.Match(Term{}, predicate, object), func(t Triple) Term { return t.Subject })
}

// Objects returns the objects of this subject and predicate, sorted, each
// once; the zero Term stands for any.
func (g *Graph) Objects(subject, predicate Term) []Term {
	return pick(g.Match(subject, predicate, Term{}), func(t Triple) Term { return t.Object })
}

func pick(triples []Triple, part func(Triple) Term) []Term {
	var terms []Term
	for _, t := range triples {
		terms = append(terms, part(t))
	}
	slices.SortFunc(terms, Term.Compare)
	return slices.Compact(terms)
}

// property is a predicate with its objects, as the writers group them.
type property struct {
	predicate Term
	objects   []Term
}

// node is a subject with all that is said of it.
type node struct {
	subject    Term
	properties []property
}

// nodes groups the sorted triples by subject and predicate.
func (g *Graph) nodes() []node {
	var nodes []node
	for _, t := range g.Triples() {
		if len(nodes) == 0 || nodes[len(nodes)-1].subject != t.Subject {
			nodes = append(nodes, node{subject: t.Subject})
		}
		n := &nodes[len(nodes)-1]
		if k := len(n.properties); k == 0 || n.properties[k-1].predicate != t.Predicate {
			n.properties = append(n.properties, property{predicate: t.Predicate})
		}
		p := &n.properties[len(n.properties)-1]
		p.objects = append(p.objects, t.Object)
	}
	return nodes
}
