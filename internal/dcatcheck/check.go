// SPDX-License-Identifier: EUPL-1.2

// Package dcatcheck checks a DCAT catalogue, ours or another's, as a harvester
// would: it reports what breaks DCAT-AP.de 3.0, the conventions of GovData, or
// GovData's reader (CKAN with ckanext-dcat and ckanext-dcatde), and what a
// harvest of the catalogue would do.
//
// Graph checks triples; Fetch, File and Stream check a catalogue where it is.
// Each rule is a function; what applies to single properties is in
// properties.txt, the lists of allowed values are in lists/. Fetch requests only the
// address that it is given and the following pages on the same host and port. Nothing
// that a catalogue names is fetched: no context, licence or file.
package dcatcheck

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/zielstand/zielstand/internal/rdf"
)

// Severity is the severity of a finding.
type Severity string

// The severities. A catalogue conforms if it has no violations.
const (
	// Violation breaks an obligation or the harvest.
	Violation Severity = "violation"
	// Warning breaks a recommendation or loses something on the way.
	Warning Severity = "warning"
)

// Finding is something that violates a rule.
type Finding struct {
	Severity Severity
	// Rule is the name of the rule.
	Rule string
	// Subject is what the finding is about, as N-Triples writes it, or the
	// address of a page; empty if it is the catalogue as a whole.
	Subject string
	// Property is the property at fault, or empty. If several lead from one to the next, all
	// are named: dcat:distribution/dcat:accessService.
	Property string
	// Message describes what is wrong and, if it is not obvious, the consequence.
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

// Harvest is what a harvester would do with the catalogue.
type Harvest string

// The outcomes of a harvest. They follow ckanext-dcat: an error while it gathers the
// pages ends the harvest before anything is deleted.
const (
	Imports Harvest = "a harvester imports this catalogue"
	Deletes Harvest = "a harvester deletes every dataset that it has from this source"
	Stops   Harvest = "a harvester stops with an error and changes nothing: the datasets that it has stay"
	Ends    Harvest = "a harvester ends without importing anything: the datasets that it has stay"
	Loops   Harvest = "a harvester never ends: the pages lead back to each other"
	Unknown Harvest = "what a harvester does is not known"
)

// Group is the findings of a rule about a property. If there are many, only the first are
// kept.
type Group struct {
	Severity       Severity
	Rule, Property string
	// Count is the number of findings, Examples the first of them, sorted by
	// subject.
	Count    int
	Examples []Finding
}

// maxExamples is the maximum number of findings of a group to report.
const maxExamples = 5

// Report is what was found in a catalogue.
type Report struct {
	// Groups are sorted: violations first, then by rule and property.
	Groups []Group
	// Datasets, Triples and Pages are how many there are.
	Datasets, Triples, Pages int
	// Harvest is what a harvester would do.
	Harvest Harvest
	// NotChecked is the reason why the triples were not checked completely, or empty.
	NotChecked string
}

// Count returns the number of findings of the severity.
func (r Report) Count(s Severity) int {
	n := 0
	for _, g := range r.Groups {
		if g.Severity == s {
			n += g.Count
		}
	}
	return n
}

// Findings returns the findings that were kept.
func (r Report) Findings() []Finding {
	var all []Finding
	for _, g := range r.Groups {
		all = append(all, g.Examples...)
	}
	return all
}

// Graph applies all rules to the graph of a catalogue.
func Graph(g *rdf.Graph) Report {
	found := newFindings(context.Background())
	found.check(g)
	return found.report(g, 1)
}

// rule objects to something that it finds in a graph.
type rule struct {
	name string
	find func(*view, *findings)
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
	ctx     context.Context
	rule    string
	groups  map[groupKey]*Group
	seen    map[uint64]bool // hashes of the findings of this rule
	harvest Harvest
	// notChecked is the reason why the triples cannot be checked, or empty.
	notChecked string
}

func newFindings(ctx context.Context) *findings {
	return &findings{ctx: ctx, groups: map[groupKey]*Group{}, harvest: Imports}
}

// check applies all rules.
func (f *findings) check(g *rdf.Graph) {
	triples := newView(g)
	for _, r := range rules {
		if f.ctx.Err() != nil {
			return
		}
		f.rule, f.seen = r.name, nil
		r.find(triples, f)
	}
}

// report returns what was found.
func (f *findings) report(g *rdf.Graph, pages int) Report {
	r := Report{Pages: pages, Harvest: f.harvest, NotChecked: f.notChecked}
	if r.NotChecked == "" {
		r.Triples, r.Datasets = g.Len(), len(g.Subjects(rdf.Type, expand("dcat:Dataset")))
	}
	for _, group := range f.groups {
		slices.SortFunc(group.Examples, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Message, b.Message))
		})
		r.Groups = append(r.Groups, *group)
	}
	slices.SortFunc(r.Groups, func(a, b Group) int {
		return cmp.Or(
			cmp.Compare(a.Severity, b.Severity), // violation, warning
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Property, b.Property),
		)
	})
	return r
}

// will sets what a harvester does, unless something that it encounters earlier has
// already decided that.
func (f *findings) will(h Harvest) {
	if f.harvest == Imports {
		f.harvest = h
	}
}

// add adds a finding of the current rule.
func (f *findings) add(s Severity, subject rdf.Term, property, format string, values ...any) {
	name := ""
	if !subject.IsZero() {
		name = subject.String()
	}
	f.insert(Finding{s, f.rule, name, property, fmt.Sprintf(format, values...)})
}

// about adds a finding of a rule about an address.
func (f *findings) about(s Severity, rule, address, format string, values ...any) {
	if address != "" {
		address = "<" + address + ">"
	}
	f.insert(Finding{s, rule, address, "", fmt.Sprintf(format, values...)})
}

type groupKey struct {
	severity       Severity
	rule, property string
}

var hashSeed = maphash.MakeSeed()

// insert counts a finding once and stores the first few.
func (f *findings) insert(found Finding) {
	hash := maphash.Comparable(hashSeed, found)
	if f.seen[hash] {
		return
	}
	if f.seen == nil {
		f.seen = map[uint64]bool{}
	}
	f.seen[hash] = true
	key := groupKey{found.Severity, found.Rule, found.Property}
	group := f.groups[key]
	if group == nil {
		group = &Group{Severity: found.Severity, Rule: found.Rule, Property: found.Property}
		f.groups[key] = group
	}
	group.Count++
	if len(group.Examples) < maxExamples {
		group.Examples = append(group.Examples, found)
	}
}
