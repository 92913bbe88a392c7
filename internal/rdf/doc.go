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
