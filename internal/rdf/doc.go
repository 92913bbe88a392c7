// Package rdf holds RDF 1.1 graphs, writes them as Turtle, RDF/XML, JSON-LD
// and N-Triples, and reads the same four formats.
//
// A [Graph] is a set of triples. Add never repairs a term: what one of the
// formats could not carry (a relative IRI, a space in an IRI, a control
// character) is refused with an error that names the term and the rule, so
// the four outputs of a graph cannot differ. One rule only RDF/XML has, that a
// predicate ends in an XML name, and its writer is the one to insist on it.
// [Formats] is the way to the writers and readers, [Read] the way from a media
// type to a graph.
//
// Output depends on the triples and the prefixes alone, not on the order in
// which they came: the same graph has the same bytes, and one entity tag.
//
// The package knows no vocabulary beyond RDF's own, fetches nothing, and
// leaves out datasets (named graphs), RDF-star, datatype values and entailment.
package rdf
