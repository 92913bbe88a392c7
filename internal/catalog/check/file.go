package check

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

var extensions = map[string]string{
	".ttl": "turtle", ".n3": "turtle", ".nt": "ntriples",
	".rdf": "rdfxml", ".xml": "rdfxml", ".owl": "rdfxml",
	".jsonld": "jsonld", ".json": "jsonld",
}

// File reads a catalogue from a file, whose suffix names the format, and applies
// all rules. Pages that follow are not read.
func File(path string) (Report, error) {
	name, ok := extensions[strings.ToLower(filepath.Ext(path))]
	if !ok {
		known := strings.Join(slices.Sorted(maps.Keys(extensions)), " ")
		return Report{}, fmt.Errorf("%s: the suffix names no format of RDF; known are %s", path, known)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return Report{}, err
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Report{}, err
	}
	return Document(content, name, "file://"+(&url.URL{Path: filepath.ToSlash(absolute)}).EscapedPath()), nil
}

// Measure adds a finding if a document is larger than a harvester takes.
func (r *Report) Measure(name string, content []byte) {
	if len(content) >= maxBytes {
		r.Findings = sorted(append(r.Findings, Finding{Violation, "size", "", "", name + ": " + tooLarge}))
	}
}

// Document applies all rules to a document in a format of package rdf, whose
// relative IRIs are resolved against base.
func Document(content []byte, format, base string) Report {
	var found findings
	about := func(rule, message string) { found.list = append(found.list, Finding{Violation, rule, "", "", message}) }
	if len(content) >= maxBytes {
		about("size", tooLarge)
	}
	if !utf8.Valid(content) {
		about("encoding", "not UTF-8")
	}
	graph, err := read(format, content, base)
	if err != nil {
		about("syntax", firstLines(err))
	}
	report := Graph(graph)
	report.Findings = sorted(slices.Concat(found.list, report.Findings))
	return report
}
