// Package check says of a DCAT catalogue, ours or another's, what a harvester
// would: what breaks DCAT-AP.de 3.0, the conventions of GovData, or the reader
// of GovData (CKAN with ckanext-dcat and ckanext-dcatde).
//
// Graph looks at triples, Fetch and ReadFile at a catalogue where it lies. A
// rule is a function of its own; what is said of single properties stands in
// properties.txt, the lists of allowed values in lists/. Fetch asks for the
// address that it was given and the pages that follow on the same host; nothing
// named in a catalogue is fetched: no context, licence or file.
package check

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/zielstand/zielstand/internal/rdf"
)

// Severity says how bad a finding is.
type Severity string

// The severities. A catalogue conforms if it has no violations.
const (
	// Violation breaks an obligation or the harvest.
	Violation Severity = "violation"
	// Warning breaks a recommendation or loses something on the way.
	Warning Severity = "warning"
)

// Finding is something that a rule objects to.
type Finding struct {
	Severity Severity
	// Rule is the name of the rule.
	Rule string
	// Subject is what the finding is about, as N-Triples writes it, or the
	// address of a page; empty if it is the catalogue as a whole.
	Subject string
	// Property is the property at fault, or empty. Of several that lead from one
	// to the next all are named: dcat:distribution/dcat:accessService.
	Property string
	// Message says what is wrong and, where it is not plain, what comes of it.
	Message string
}

// String is the finding as one line.
func (f Finding) String() string {
	line := fmt.Sprintf("%s %s", f.Severity, f.Rule)
	for _, part := range []string{f.Subject, f.Property} {
		if part != "" {
			line += " " + part
		}
	}
	return line + ": " + f.Message
}

// Report is what was found in a catalogue.
type Report struct {
	// Findings are sorted: violations first, then by rule and subject.
	Findings []Finding
	// Datasets, Triples and Pages are how many there are.
	Datasets, Triples, Pages int
}

// Count is the number of findings of the severity.
func (r Report) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Graph applies all rules to the graph of a catalogue.
func Graph(g *rdf.Graph) Report {
	var found findings
	triples := view{g}
	for _, r := range rules {
		found.rule = r.name
		r.find(triples, &found)
	}
	return Report{
		Findings: sorted(found.list), Triples: g.Len(), Pages: 1,
		Datasets: len(g.Subjects(rdf.Type, expand("dcat:Dataset"))),
	}
}

// rule objects to something that it finds in a graph.
type rule struct {
	name string
	find func(view, *findings)
}

var rules = []rule{
	{"empty", empty},
	{"mandatory", mandatory},
	{"recommended", recommended},
	{"once", once},
	{"kind", kind},
	{"class", class},
	{"datatype", datatype},
	{"list", list},
	{"date", date},
	{"period", period},
	{"media-type", mediaType},
	{"deprecated", deprecated},
	{"iri", ownIRI},
	{"identifier", identifier},
	{"contributor", contributor},
	{"open-licence", openLicence},
	{"attribution", attribution},
	{"publisher-type", publisherType},
	{"contact", contact},
	{"keyword", keyword},
	{"label", label},
	{"reach", reach},
	{"service-file", serviceFile},
	{"series", series},
	{"theme-taxonomy", themeTaxonomy},
	{"high-value", highValue},
	{"total", total},
}

// findings collects what the rules object to.
type findings struct {
	rule string
	list []Finding
}

func (f *findings) add(s Severity, subject rdf.Term, property, format string, values ...any) {
	name := ""
	if !subject.IsZero() {
		name = subject.String()
	}
	f.list = append(f.list, Finding{s, f.rule, name, property, fmt.Sprintf(format, values...)})
}

func sorted(list []Finding) []Finding {
	slices.SortFunc(list, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(a.Severity, b.Severity), // violation, warning
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Subject, b.Subject),
			cmp.Compare(a.Property, b.Property), cmp.Compare(a.Message, b.Message),
		)
	})
	return slices.Compact(list)
}
