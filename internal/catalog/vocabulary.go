package catalog

import (
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/rdf"
)

// Prefixes are the namespaces of the catalogue, with the prefixes of DCAT-AP.de.
var Prefixes = rdf.Prefixes{
	"adms":   "http://www.w3.org/ns/adms#",
	"dcat":   "http://www.w3.org/ns/dcat#",
	"dcatap": "http://data.europa.eu/r5r/",
	"dcatde": "http://dcat-ap.de/def/dcatde/",
	"dct":    "http://purl.org/dc/terms/",
	"foaf":   "http://xmlns.com/foaf/0.1/",
	"hydra":  "http://www.w3.org/ns/hydra/core#",
	"skos":   "http://www.w3.org/2004/02/skos/core#",
	"spdx":   "http://spdx.org/rdf/terms#",
	"vcard":  "http://www.w3.org/2006/vcard/ns#",
	"xsd":    rdf.XSD,
	"schema": "https://schema.org/",
}

const (
	authority = "http://publications.europa.eu/resource/authority/"
	iana      = "https://www.iana.org/assignments/media-types/"
	stateKey  = "http://dcat-ap.de/def/politicalGeocoding/stateKey/05"
	stateName = "http://sws.geonames.org/2861876/"
	stateWord = "Nordrhein-Westfalen"
	level     = "http://dcat-ap.de/def/politicalGeocoding/Level/state"
	admsType  = "http://purl.org/adms/publishertype/"
	standard  = "http://dcat-ap.de/def/dcatde/3.0/spec/"
	openAPI31 = "https://spec.openapis.org/oas/v3.1.0"
)

// builder adds triples about one subject.
type builder struct {
	graph   *rdf.Graph
	subject rdf.Term
}

// term returns the IRI of a name such as dct:title.
func term(name string) rdf.Term {
	for i := range name {
		if name[i] == ':' {
			return rdf.IRI(Prefixes[name[:i]] + name[i+1:])
		}
	}
	return rdf.IRI(name)
}

func (b builder) about(iri string, classes ...string) builder {
	b.subject = rdf.IRI(iri)
	for _, c := range classes {
		b.graph.Add(b.subject, rdf.Type, term(c))
	}
	return b
}

func (b builder) add(predicate string, objects ...rdf.Term) {
	for _, o := range objects {
		b.graph.Add(b.subject, term(predicate), o)
	}
}

// iri adds links; empty addresses are skipped.
func (b builder) iri(predicate string, addresses ...string) {
	for _, a := range addresses {
		if a != "" {
			b.add(predicate, rdf.IRI(a))
		}
	}
}

func (b builder) texts(predicate string, t dataset.Text) {
	b.add(predicate, rdf.LangLiteral(t.DE, "de"), rdf.LangLiteral(t.EN, "en"))
}

func (b builder) typed(predicate, value, datatype string) {
	if value != "" {
		b.add(predicate, rdf.TypedLiteral(value, rdf.XSD+datatype))
	}
}

func (b builder) moment(predicate string, t time.Time) {
	b.typed(predicate, t.UTC().Format(time.RFC3339), "dateTime")
}
