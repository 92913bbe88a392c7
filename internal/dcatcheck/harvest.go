// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/rdf"
)

// empty refuses a catalogue without datasets: GovData deletes what it does not
// find in a catalogue that it can read.
func empty(v *view, f *findings) {
	if len(v.instances("dcat:Dataset")) == 0 {
		f.add(Violation, rdf.Term{}, "", "no dcat:Dataset: the catalogue is valid and empty, so a harvester deletes every dataset that it has from this source")
		f.will(Deletes)
	}
	for _, node := range v.instances("dcat:Catalog") {
		if !hasAny(v, node, "dcat:dataset", "dcat:service", "dcat:catalog") {
			f.add(Warning, node, "dcat:dataset", "the catalogue lists nothing")
		}
	}
}

// ownIRI requires IRIs for what a harvester finds again by them.
func ownIRI(v *view, f *findings) {
	for _, node := range v.instances("dcat:Dataset") {
		if !node.IsIRI() {
			f.add(Violation, node, "", "a dataset must have an IRI: later harvests identify it by that")
		}
	}
	for _, node := range v.instances("dcat:Distribution") {
		if !node.IsIRI() {
			f.add(Warning, node, "", "a distribution with an IRI keeps its resource in CKAN")
		}
	}
}

// identifier reports an identifier that two datasets share.
func identifier(v *view, f *findings) {
	first := map[string]rdf.Term{}
	for _, node := range v.instances("dcat:Dataset") {
		for _, value := range v.values(node, "dct:identifier") {
			other, taken := first[value.Text()]
			if taken {
				f.add(Violation, node, "dct:identifier", "%s is the identifier of %s too: only one of them is imported", value, other)
				continue
			}
			first[value.Text()] = node
		}
	}
}

// labelled are the properties whose IRIs CKAN replaces by a label.
var labelled = []string{
	"adms:status", "dcatap:availability", "dcatde:politicalGeocodingLevelURI", "dct:accrualPeriodicity", "dct:license",
	"dct:rights", "dct:type", "dcat:accessURL", "dcat:downloadURL", "dcat:landingPage", "dcat:mediaType", "spdx:algorithm",
}

// label refuses labels of values: CKAN stores them in place of the IRI.
func label(v *view, f *findings) {
	for _, name := range labelled {
		for _, value := range v.Objects(rdf.Term{}, expand(name)) {
			if len(v.values(value, "rdfs:label")) > 0 {
				f.add(Violation, value, "rdfs:label", "CKAN stores the label in place of this IRI; skos:prefLabel does no harm")
			}
		}
	}
}

// reach warns where another dataset can be reached from a dataset: GovData follows every
// property when it copies a dataset, and mixes up the two.
func reach(v *view, f *findings) {
	datasets := v.instances("dcat:Dataset")
	for _, node := range datasets {
		if f.ctx.Err() != nil {
			return
		}
		for _, way := range v.waysFrom(node, datasets) {
			f.add(Warning, node, strings.Join(way.properties, "/"), "leads to the dataset %s: GovData copies and deletes both as one", way.end)
		}
	}
}

// way leads from a dataset to another.
type way struct {
	properties []string
	end        rdf.Term
}

// maxWays is the maximum number of paths from one dataset: where all datasets
// lead to all others, there are too many.
const maxWays = 20

// waysFrom searches breadth first; it does not continue beyond a dataset that it finds.
func (v *view) waysFrom(start rdf.Term, datasets []rdf.Term) []way {
	var found []way
	seen := map[rdf.Term]bool{start: true}
	for queue := []way{{end: start}}; len(queue) > 0 && len(found) < maxWays; queue = queue[1:] {
		for _, t := range v.Match(queue[0].end, rdf.Term{}, rdf.Term{}) {
			if t.Object.IsLiteral() || t.Predicate == rdf.Type || seen[t.Object] {
				continue
			}
			seen[t.Object] = true
			next := way{append(slices.Clone(queue[0].properties), abbreviate(t.Predicate)), t.Object}
			if _, isDataset := slices.BinarySearchFunc(datasets, t.Object, rdf.Term.Compare); isDataset {
				found = append(found, next)
			} else {
				queue = append(queue, next)
			}
			if len(found) == maxWays {
				break
			}
		}
	}
	return found
}

// serviceFile refuses a download where a service gives the data (K41).
func serviceFile(v *view, f *findings) {
	for _, node := range v.instances("dcat:Distribution") {
		if hasAny(v, node, "dcat:accessService") && hasAny(v, node, "dcat:downloadURL") {
			f.add(Warning, node, "dcat:downloadURL", "a distribution of a service has no download (K41)")
		}
	}
}

// total compares hydra:totalItems with the datasets there are. Piveau, the
// harvester of data.europa.eu, does not read a PagedCollection without it.
func total(v *view, f *findings) {
	datasets := len(v.instances("dcat:Dataset"))
	for _, node := range v.instances("hydra:PagedCollection") {
		if !hasAny(v, node, "hydra:totalItems") {
			f.add(Warning, node, "hydra:totalItems", "data.europa.eu does not read a hydra:PagedCollection without it")
		}
	}
	for _, t := range v.Match(rdf.Term{}, expand("hydra:totalItems"), rdf.Term{}) {
		if t.Object.Text() != strconv.Itoa(datasets) {
			f.add(Warning, t.Subject, "hydra:totalItems", "%s, but there are %d datasets", t.Object, datasets)
		}
	}
}
