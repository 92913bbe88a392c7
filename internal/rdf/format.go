package rdf

import (
	"io"
	"slices"
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
