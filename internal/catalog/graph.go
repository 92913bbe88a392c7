// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
)

var (
	catalogTitle = dataset.Text{
		DE: "Zielstand: offene Daten zur Digitalstrategie Nordrhein-Westfalens",
		EN: "Zielstand: open data on North Rhine-Westphalia's digital strategy",
	}
	catalogDescription = dataset.Text{
		DE: "Ziele der Digitalstrategie, Indikatoren mit Beobachtungen und Zählungen der Onlinedienste (OZG). Zu jedem Wert sind Quelle, Fundstelle und Genauigkeit angegeben.",
		EN: "Goals of the digital strategy, indicators with observations, and counts of online public services (OZG). Every value comes with its source, the place in that source, and how exact it is.",
	}
	serviceTitle = dataset.Text{
		DE: "Zielstand-Schnittstelle", EN: "Zielstand API",
	}
	serviceDescription = dataset.Text{
		DE: "HTTP-Schnittstelle ohne Anmeldung zu allen Datensätzen (" + formatNames + "), beschrieben mit OpenAPI.",
		EN: "HTTP interface to all datasets (" + formatNames + "), without registration, described with OpenAPI.",
	}
)

var formatNames = strings.ToUpper(strings.Join(encode.Names(), ", "))

// interfaceDescription describes the interface to one dataset.
var interfaceDescription = dataset.Text{
	DE: "Zeilen nach Spalten gefiltert, sortiert und seitenweise, in allen Formaten; ohne Anmeldung, beschrieben mit OpenAPI.",
	EN: "Rows filtered by column, sorted and in pages, in all formats; without registration, described with OpenAPI.",
}

// Graph returns the catalogue of a release. It links to the datasets, but they do not
// link to it or to each other, because a harvester follows every property when it copies
// a dataset.
func Graph(s Settings, r *domain.Release, entries []Entry) (*rdf.Graph, error) {
	if err := complete(r, entries); err != nil {
		return nil, err
	}
	b := builder{graph: &rdf.Graph{}}
	addCatalog(b, s, r, entries)
	addService(b, s, entries)
	addPage(b, s, len(entries))
	for _, e := range entries {
		addRecord(b, s, e)
		addDataset(b, s, r, e)
	}
	addAgents(b, s)
	return b.graph, b.graph.Err()
}

// DatasetGraph returns the part of the catalogue that describes one dataset.
func DatasetGraph(s Settings, r *domain.Release, e Entry) (*rdf.Graph, error) {
	b := builder{graph: &rdf.Graph{}}
	addDataset(b, s, r, e)
	addAgents(b, s)
	return b.graph, b.graph.Err()
}

func addCatalog(b builder, s Settings, r *domain.Release, entries []Entry) {
	b = b.about(s.CatalogIRI(), "dcat:Catalog")
	b.texts("dct:title", catalogTitle)
	b.texts("dct:description", catalogDescription)
	b.iri("dct:publisher", s.publisherIRI())
	b.moment("dct:issued", oldest(entries))
	b.moment("dct:modified", newest(entries))
	b.iri("dct:language", authority+"language/DEU", authority+"language/ENG")
	b.iri("dct:license", s.CatalogLicense)
	b.iri("dct:spatial", stateKey)
	b.iri("dcatap:availability", authority+"planned-availability/"+s.Availability)
	b.iri("dcat:themeTaxonomy", authority+"data-theme")
	b.iri("foaf:homepage", s.PublicURL+"/")
	b.iri("dcat:service", s.serviceIRI())
	b.add("dcat:version", rdf.Literal(r.ID))
	for _, e := range entries {
		b.iri("dcat:dataset", s.DatasetIRI(e.Dataset.ID))
		b.iri("dcat:record", s.recordIRI(e))
	}
}

func addService(b builder, s Settings, entries []Entry) {
	b = b.about(s.serviceIRI(), "dcat:DataService")
	b.texts("dct:title", serviceTitle)
	b.texts("dct:description", serviceDescription)
	addEndpoint(b, s, s.PublicURL+"/v1")
	for _, e := range entries {
		b.iri("dcat:servesDataset", s.DatasetIRI(e.Dataset.ID))
	}
}

// addEndpoint adds what is the same for all services.
func addEndpoint(b builder, s Settings, address string) {
	b.iri("dct:publisher", s.publisherIRI())
	b.iri("dcat:contactPoint", s.CatalogIRI()+"#contact")
	b.iri("dcat:endpointURL", address)
	b.iri("dcat:endpointDescription", s.PublicURL+"/v1/openapi.json")
	b.iri("dct:conformsTo", openAPI31)
	b.iri("dct:license", s.License)
	b.iri("dct:accessRights", authority+"access-right/PUBLIC")
	for _, f := range encode.Formats {
		b.iri("dct:format", authority+"file-type/"+f.FileType)
	}
	b.iri("dcatap:availability", authority+"planned-availability/"+s.Availability)
	b.about(openAPI31, "dct:Standard")
}

// addPage declares in both spellings of Hydra that there is only one page.
func addPage(b builder, s Settings, datasets int) {
	b = b.about(s.CatalogIRI()+"#page", "hydra:PagedCollection", "hydra:PartialCollectionView")
	b.typed("hydra:totalItems", strconv.Itoa(datasets), "integer")
}

func (s Settings) recordIRI(e Entry) string { return s.CatalogIRI() + "#record-" + e.Dataset.ID }

func addRecord(b builder, s Settings, e Entry) {
	b = b.about(s.recordIRI(e), "dcat:CatalogRecord")
	b.iri("foaf:primaryTopic", s.DatasetIRI(e.Dataset.ID))
	b.iri("dct:conformsTo", standard)
	b.iri("dct:language", authority+"language/DEU", authority+"language/ENG") // of the metadata, not of the rows
	b.moment("dct:issued", e.Part.Issued)
	b.moment("dct:modified", e.Part.Modified)
	b.about(standard, "dct:Standard")
}

func addDataset(b builder, s Settings, r *domain.Release, e Entry) {
	iri := s.DatasetIRI(e.Dataset.ID)
	b = b.about(iri, "dcat:Dataset", "dcat:Resource")
	b.texts("dct:title", e.Dataset.Title)
	b.texts("dct:description", e.Dataset.Description)
	b.add("dct:identifier", rdf.Literal(iri))
	b.iri("dct:publisher", s.publisherIRI())
	b.iri("dct:creator", s.publisherIRI())
	b.iri("dcat:contactPoint", s.CatalogIRI()+"#contact")
	for _, k := range e.Dataset.Keywords {
		b.texts("dcat:keyword", k)
	}
	for _, t := range e.Dataset.Themes {
		b.iri("dcat:theme", authority+"data-theme/"+t)
	}
	b.moment("dct:issued", e.Part.Issued)
	b.moment("dct:modified", e.Part.Modified)
	b.iri("dct:accrualPeriodicity", authority+"frequency/"+s.Frequency)
	b.iri("dct:accessRights", authority+"access-right/PUBLIC")
	b.iri("dct:language", languagesOf(e)...)
	b.iri("dct:spatial", stateKey)
	if code := typeOf(e.Dataset); code != "" {
		b.iri("dct:type", authority+"dataset-type/"+code)
	}
	b.iri("dcatap:availability", authority+"planned-availability/"+s.Availability)
	b.iri("dcatde:contributorID", s.ContributorID)
	b.iri("dcatde:politicalGeocodingLevelURI", level)
	b.iri("dcat:landingPage", s.landingPage(e.Dataset))
	b.add("dcat:version", rdf.Literal(r.ID))
	if r.Previous != "" && r.Previous != domain.UnknownRelease && !e.Part.Issued.Equal(r.Published) {
		// Not described here, so harvesters do not take it for another dataset.
		b.iri("dcat:previousVersion", iri+"?release="+r.Previous)
	}
	if r.Notes != "" {
		b.add("adms:versionNotes", rdf.LangLiteral(r.Notes, "de"))
	}
	addPeriod(b, iri, e)
	for _, f := range e.Files {
		b.iri("dcat:distribution", distributionIRI(iri, f))
		addDistribution(b, s, iri, e, f)
	}
	if e.Dataset != Package {
		addInterface(b, s, iri, e)
	}
	b.about(stateKey, "dct:Location").add("skos:prefLabel", rdf.LangLiteral(stateWord, "de"))
}

// typeOf returns the code of the EU vocabulary dataset-type, which has none for texts.
func typeOf(d *dataset.Dataset) string {
	switch {
	case d == dataset.Codelists:
		return "CODE_LIST"
	case slices.ContainsFunc(d.Columns, dataset.Column.Numeric):
		return "STATISTICAL"
	}
	return ""
}

// landingPage returns the address of the page about a dataset.
func (s Settings) landingPage(d *dataset.Dataset) string {
	if d == Package {
		return s.PublicURL + "/datasets"
	}
	return s.PublicURL + "/datasets/" + d.ID
}

// addInterface describes the interface to one dataset as a distribution with a service
// of its own, because that is the only way portals import services. The service of the
// catalogue serves all datasets, and a dataset must not lead to another.
func addInterface(b builder, s Settings, iri string, e Entry) {
	address := s.PublicURL + "/v1/" + e.Dataset.ID
	b.iri("dcat:distribution", iri+"#api")
	b = b.about(iri+"#api", "dcat:Distribution")
	b.texts("dct:title", dataset.Text{
		DE: e.Dataset.Title.DE + " über die Schnittstelle", EN: e.Dataset.Title.EN + " through the API",
	})
	b.texts("dct:description", interfaceDescription)
	b.iri("dcat:accessURL", address)
	b.iri("dcat:accessService", iri+"#service")
	b.iri("dct:conformsTo", openAPI31)
	addTerms(b, s, e)
	b.iri("dct:format", authority+"file-type/JSON")
	b.iri("dcat:mediaType", iana+"application/json")

	b = b.about(iri+"#service", "dcat:DataService")
	b.texts("dct:title", dataset.Text{DE: "Schnittstelle: " + e.Dataset.Title.DE, EN: "API: " + e.Dataset.Title.EN})
	b.texts("dct:description", interfaceDescription)
	addEndpoint(b, s, address)
	b.iri("dcat:servesDataset", iri)
}

func addPeriod(b builder, iri string, e Entry) {
	if e.First == "" {
		return
	}
	b.iri("dct:temporal", iri+"#period")
	b = b.about(iri+"#period", "dct:PeriodOfTime")
	b.typed("dcat:startDate", e.First, "date")
	b.typed("dcat:endDate", e.Last, "date")
}

// languagesOf returns the languages of the rows.
func languagesOf(e Entry) []string {
	languages := []string{authority + "language/DEU"}
	if e.English {
		languages = append(languages, authority+"language/ENG")
	}
	return languages
}

func distributionIRI(dataset string, f File) string {
	name := f.Format.Name
	if f.Format.Dialect != "" {
		name += "-" + f.Format.Dialect
	}
	return dataset + "#" + name
}

func addDistribution(b builder, s Settings, iri string, e Entry, f File) {
	b = b.about(distributionIRI(iri, f), "dcat:Distribution")
	b.texts("dct:title", dataset.Text{
		DE: e.Dataset.Title.DE + " als " + f.Format.Title.DE, EN: e.Dataset.Title.EN + " as " + f.Format.Title.EN,
	})
	b.iri("dcat:accessURL", f.Address)
	b.iri("dcat:downloadURL", f.Address)
	addTerms(b, s, e)
	b.iri("dct:format", authority+"file-type/"+f.Format.FileType)
	if !strings.HasPrefix(f.Format.MediaType, "application/x-") { // not registered
		b.iri("dcat:mediaType", iana+f.Format.MediaType)
	}
	if f.Format.Name == "zip" {
		b.iri("dcat:packageFormat", iana+f.Format.MediaType)
	}
	b.typed("dcat:byteSize", strconv.FormatInt(f.Size, 10), "nonNegativeInteger")
	if f.Schema != "" {
		b.iri("dct:conformsTo", f.Schema)
		b.about(f.Schema, "dct:Standard")
	}
	checksum := distributionIRI(iri, f) + "-checksum"
	b.iri("spdx:checksum", checksum)
	b = b.about(checksum, "spdx:Checksum")
	b.iri("spdx:algorithm", Prefixes["spdx"]+"checksumAlgorithm_sha256")
	b.typed("spdx:checksumValue", f.SHA256, "hexBinary")
}

// addTerms adds what is the same for all distributions of a dataset.
func addTerms(b builder, s Settings, e Entry) {
	b.iri("dct:license", s.License)
	b.add("dcatde:licenseAttributionByText", rdf.LangLiteral(s.Attribution, "de"))
	b.iri("dct:rights", s.License)
	b.moment("dct:issued", e.Part.Issued)
	b.moment("dct:modified", e.Part.Modified)
	b.iri("dct:language", languagesOf(e)...)
	b.iri("dcatap:availability", authority+"planned-availability/"+s.Availability)
	b.iri("adms:status", authority+"distribution-status/COMPLETED")
}

func addAgents(b builder, s Settings) {
	p := b.about(s.publisherIRI(), "foaf:Organization", "foaf:Agent")
	p.add("foaf:name", rdf.LangLiteral(s.Publisher.Name, "de"))
	p.iri("dct:type", admsType+s.Publisher.Type)
	p.iri("foaf:homepage", s.Publisher.Homepage)
	c := b.about(s.CatalogIRI()+"#contact", "vcard:Organization", "vcard:Kind")
	c.add("vcard:fn", rdf.Literal(s.Contact.Name))
	if s.Contact.Email != "" {
		c.iri("vcard:hasEmail", "mailto:"+s.Contact.Email)
	}
	c.iri("vcard:hasURL", s.Contact.URL)
}

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
	prefix, local, _ := strings.Cut(name, ":")
	return rdf.IRI(Prefixes[prefix] + local)
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
