// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"errors"
	"slices"
	"strings"
)

// Graph is a set of triples (RDF 1.1 Concepts, 3). Its zero value is empty and
// ready to use. Reading it from several goroutines is safe, adding is not.
//
// Each term is stored once and triples refer to it by number, so that a
// catalogue of half a million triples takes 150 MB and not a gigabyte.
type Graph struct {
	terms   []Term
	numbers map[Term]int32
	triples []numbered
	known   map[numbered]struct{}

	bySubject, byPredicate, byObject chains
	errs                             []error
}

// numbered is a triple of term numbers.
type numbered struct{ subject, predicate, object int32 }

// chains links the triples that share a term, newest first. Numbers are one
// higher than the index, so that 0 ends a chain.
type chains struct {
	newest []int32 // by term
	older  []int32 // by triple
}

func (c *chains) add(term int32) {
	c.older = append(c.older, c.newest[term])
	c.newest[term] = int32(len(c.older))
}

// maxErrors bounds how many invalid terms the readers report.
const maxErrors = 1000

// Add adds a triple; one that is already there is not added again. A triple
// that Validate refuses is left out and reported by Err.
func (g *Graph) Add(subject, predicate, object Term) {
	t := Triple{subject, predicate, object}
	if err := t.Validate(); err != nil {
		g.errs = append(g.errs, err)
		return
	}
	g.insert(t)
}

// Err returns the terms that Add refused, joined, or nil. A graph with an error
// is not complete, and the writers return it instead of writing.
func (g *Graph) Err() error {
	return errors.Join(g.errs...)
}

// Errors returns what Err joins: for a graph that was read, the terms that are
// not valid, up to 1000 of them.
func (g *Graph) Errors() []error { return slices.Clone(g.errs) }

// insert adds a triple without validating it and reports which of its terms,
// subject, predicate and object, are new to the graph.
func (g *Graph) insert(t Triple) (isNew [3]bool) {
	if g.known == nil {
		g.numbers = map[Term]int32{}
		g.known = map[numbered]struct{}{}
	}
	var numbers [3]int32
	for i, term := range []Term{t.Subject, t.Predicate, t.Object} {
		numbers[i], isNew[i] = g.number(term)
	}
	n := numbered{numbers[0], numbers[1], numbers[2]}
	if _, ok := g.known[n]; ok {
		return isNew
	}
	g.known[n] = struct{}{}
	g.triples = append(g.triples, n)
	g.bySubject.add(n.subject)
	g.byPredicate.add(n.predicate)
	g.byObject.add(n.object)
	return isNew
}

// number returns the number of a term and whether it is new. It stores a copy of
// a new one, so that the document it was read from can be released.
func (g *Graph) number(t Term) (n int32, isNew bool) {
	if n, ok := g.numbers[t]; ok {
		return n, false
	}
	t.text, t.language = strings.Clone(t.text), strings.Clone(t.language)
	if t.datatype != xsdString && t.datatype != langString {
		t.datatype = strings.Clone(t.datatype)
	}
	n = int32(len(g.terms))
	g.terms = append(g.terms, t)
	g.numbers[t] = n
	for _, c := range []*chains{&g.bySubject, &g.byPredicate, &g.byObject} {
		c.newest = append(c.newest, 0)
	}
	return n, true
}

// Len returns the number of triples.
func (g *Graph) Len() int { return len(g.triples) }

// Has reports whether the graph contains the triple.
func (g *Graph) Has(subject, predicate, object Term) bool {
	s, okS := g.numbers[subject]
	p, okP := g.numbers[predicate]
	o, okO := g.numbers[object]
	_, ok := g.known[numbered{s, p, o}]
	return ok && okS && okP && okO
}

// Describes reports whether the graph has a triple with this subject.
func (g *Graph) Describes(subject Term) bool {
	n, ok := g.numbers[subject]
	return ok && g.bySubject.newest[n] != 0
}

// Triples returns all triples, sorted by Triple.Compare.
func (g *Graph) Triples() []Triple {
	return g.Match(Term{}, Term{}, Term{})
}

// Match returns the triples with these terms, sorted; the zero Term matches
// any.
func (g *Graph) Match(subject, predicate, object Term) []Triple {
	var found []Triple
	g.each(subject, predicate, object, func(n numbered) { found = append(found, g.triple(n)) })
	slices.SortFunc(found, Triple.Compare)
	return found
}

func (g *Graph) triple(n numbered) Triple {
	return Triple{g.terms[n.subject], g.terms[n.predicate], g.terms[n.object]}
}

// each visits the triples with these terms, in no particular order.
func (g *Graph) each(subject, predicate, object Term, visit func(numbered)) {
	s, okS := g.pattern(subject)
	p, okP := g.pattern(predicate)
	o, okO := g.pattern(object)
	if !okS || !okP || !okO {
		return
	}
	matches := func(n numbered) bool {
		return (s < 0 || n.subject == s) && (p < 0 || n.predicate == p) && (o < 0 || n.object == o)
	}
	var c *chains
	var start int32
	switch {
	case s >= 0:
		c, start = &g.bySubject, s
	case o >= 0:
		c, start = &g.byObject, o
	case p >= 0:
		c, start = &g.byPredicate, p
	default:
		for _, n := range g.triples {
			visit(n)
		}
		return
	}
	for i := c.newest[start]; i > 0; i = c.older[i-1] {
		if n := g.triples[i-1]; matches(n) {
			visit(n)
		}
	}
}

// pattern returns the number of a term, -1 for the zero Term, and whether
// anything can match.
func (g *Graph) pattern(t Term) (int32, bool) {
	if t.IsZero() {
		return -1, true
	}
	n, ok := g.numbers[t]
	return n, ok
}

// Subjects returns the subjects that have this predicate and object, sorted,
// each once; the zero Term matches any.
func (g *Graph) Subjects(predicate, object Term) []Term {
	return g.pick(Term{}, predicate, object, func(n numbered) int32 { return n.subject })
}

// Objects returns the objects of this subject and predicate, sorted, each
// once; the zero Term matches any.
func (g *Graph) Objects(subject, predicate Term) []Term {
	return g.pick(subject, predicate, Term{}, func(n numbered) int32 { return n.object })
}

func (g *Graph) pick(subject, predicate, object Term, part func(numbered) int32) []Term {
	var numbers []int32
	g.each(subject, predicate, object, func(n numbered) { numbers = append(numbers, part(n)) })
	slices.Sort(numbers)
	var terms []Term
	for _, n := range slices.Compact(numbers) {
		terms = append(terms, g.terms[n])
	}
	slices.SortFunc(terms, Term.Compare)
	return terms
}

// property is a predicate with its objects, as the writers group them.
type property struct {
	predicate Term
	objects   []Term
}

// node is a subject with all its properties.
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
