package rdf

import (
	"fmt"
	"io"
	"mime"
	"slices"
	"strings"
)

// Format is one of the concrete syntaxes that this package writes and reads.
type Format struct {
	Name      string // "turtle", "rdfxml", "jsonld", "ntriples"
	MediaType string
	Extension string // with its dot

	// Write writes the graph in UTF-8, or returns the errors of the graph and
	// the prefixes before it has written anything.
	Write func(w io.Writer, g *Graph, p Prefixes) error

	// Read reads a document whose relative IRIs are resolved against base (RFC
	// 3986, 5.1); base may be empty. The graph is never nil and holds what could
	// be read: a term that Validate refuses costs its triple, a syntax error
	// ends the reading. The error joins all that was found, each an *Error with
	// its line.
	Read func(data []byte, base string) (*Graph, error)
}

// Formats returns all formats, the one to prefer first.
func Formats() []Format {
	return []Format{
		{"turtle", "text/turtle", ".ttl", writeTurtle, readTurtle},
		{"rdfxml", "application/rdf+xml", ".rdf", writeRDFXML, readRDFXML},
		{"jsonld", "application/ld+json", ".jsonld", writeJSONLD, readJSONLD},
		{"ntriples", "application/n-triples", ".nt", writeNTriples, readNTriples},
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

// otherMediaTypes are what servers in the field send RDF as.
var otherMediaTypes = map[string]string{
	"application/x-turtle": "turtle",
	"application/xml":      "rdfxml",
	"text/xml":             "rdfxml",
	"application/json":     "jsonld",
	"text/plain":           "ntriples", // its media type before RDF 1.1
}

// Read reads a document by its media type, which may carry parameters
// ("text/turtle; charset=utf-8") and may be one of the generic types that
// servers use, such as application/json. See Format.Read for base and errors.
func Read(mediaType string, data []byte, base string) (*Graph, error) {
	name, params, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return &Graph{}, fmt.Errorf("media type %q: %w", mediaType, err)
	}
	if other, ok := otherMediaTypes[name]; ok {
		name = other
	}
	f, ok := LookupFormat(name)
	if !ok {
		return &Graph{}, fmt.Errorf("media type %q is not read, only %s", mediaType, mediaTypes())
	}
	if charset := params["charset"]; !isUTF8(charset) {
		return &Graph{}, fmt.Errorf("media type %q: charset %s is not read, only UTF-8", mediaType, charset)
	}
	return f.Read(data, base)
}

func mediaTypes() string {
	var names []string
	for _, f := range Formats() {
		names = append(names, f.MediaType)
	}
	return strings.Join(names, ", ")
}

// isUTF8 accepts UTF-8, its subset and a charset left unsaid.
func isUTF8(charset string) bool {
	return slices.Contains([]string{"", "utf-8", "utf8", "us-ascii"}, strings.ToLower(charset))
}

// flush writes a finished document. Writers build it whole so that an error
// leaves nothing behind.
func flush(w io.Writer, document []byte) error {
	_, err := w.Write(document)
	return err
}
