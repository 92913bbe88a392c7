package check

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// good is a catalogue to which nothing is objected.
func good(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile("testdata/good.ttl")
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestGood(t *testing.T) {
	t.Parallel()
	report, err := File("testdata/good.ttl")
	if err != nil {
		t.Fatal(err)
	}
	want := Report{Datasets: 1, Triples: 48, Pages: 1}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRules changes the good catalogue in one place; each rule is broken once
// at least.
func TestRules(t *testing.T) {
	t.Parallel()
	text := good(t)
	broken := map[string]bool{}
	for _, test := range ruleCases {
		changed := strings.Replace(text, test.old, test.new, 1)
		if changed == text {
			t.Errorf("%s: the catalogue does not hold %q", test.name, test.old)
		}
		report := Document([]byte(changed), "turtle", "https://daten.example/")
		var lines []string
		for _, f := range report.Findings {
			broken[f.Rule] = true
			lines = append(lines, strings.ReplaceAll(f.String(), "https://daten.example/", ""))
		}
		if diff := cmp.Diff(test.want, lines); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
	}
	for _, r := range rules {
		if !broken[r.name] {
			t.Errorf("no case breaks the rule %s", r.name)
		}
	}
}

const (
	tag     = "is no tag of CKAN: 2 to 100 letters, digits, spaces, hyphens, underscores or dots"
	noDate  = "is no xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear"
	licence = "http://dcat-ap.de/def/licenses/"
)

var ruleCases = []struct {
	name, old, new string
	want           []string
}{
	{"no dataset", "<1> a dcat:Dataset ;", "<1>", []string{
		`violation class <dienst> dcat:servesDataset: <1> is not described as a dcat:Dataset`,
		`violation class <katalog> dcat:dataset: <1> is not described as a dcat:Dataset`,
		`violation empty: no dcat:Dataset: a harvester deletes every dataset that it has of this source`,
		`warning total <katalog#seite> hydra:totalItems: "1"^^<http://www.w3.org/2001/XMLSchema#integer>, but there are 0 datasets`,
	}},
	{"nothing listed", "    dcat:dataset <1> ;\n    dcat:service <dienst> .", "    dct:rights <rechte> .", []string{
		`warning empty <katalog> dcat:dataset: the catalogue lists nothing`,
	}},
	{"no title", `    dct:title "Datensatz"@de ;`, "", []string{
		`violation mandatory <1> dct:title: a dcat:Dataset must have it; GovData gives up the whole harvest without it`,
	}},
	{"no publisher", "dct:publisher <amt> ;\n    dcat:theme", "dcat:theme", []string{
		`violation mandatory <katalog> dct:publisher: a dcat:Catalog must have it`,
	}},
	{"no licence", "    dct:license <" + licence + "dl-zero-de/2.0> ;\n", "", []string{
		`violation mandatory <1#csv> dct:license: a dcat:Distribution must have it; GovData shows it as closed without it`,
	}},
	{"no access", "    dcat:accessURL <1.csv> ;\n", "", []string{
		`violation mandatory <1#csv> dcat:accessURL: a dcat:Distribution must have it`,
	}},
	{"no endpoint", "dcat:endpointURL <api> ;", "", []string{
		`violation mandatory <dienst> dcat:endpointURL: a dcat:DataService must have it`,
	}},
	{"no name", `foaf:name "Amt"@de ;`, "", []string{
		`violation mandatory <amt> foaf:name: a foaf:Agent must have it`,
	}},
	{"no algorithm", "spdx:algorithm spdx:checksumAlgorithm_sha256 ;", "", []string{
		`violation mandatory <1#summe> spdx:algorithm: a spdx:Checksum must have it`,
	}},
	{"empty record", "<dienst> a", "<eintrag> a dcat:CatalogRecord .\n<dienst> a", []string{
		`violation mandatory <eintrag> dct:modified: a dcat:CatalogRecord must have it`,
		`violation mandatory <eintrag> foaf:primaryTopic: a dcat:CatalogRecord must have it`,
	}},
	{"no theme", "    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE> ;\n", "", []string{
		`warning recommended <1> dcat:theme: a dcat:Dataset should have it`,
	}},
	{"no distribution", "    dcat:distribution <1#csv> .", "    dct:rights <rechte> .", []string{
		`warning recommended <1> dcat:distribution: a dcat:Dataset should have it; datasets without are skipped, or deleted, if the source is set to resources_required`,
	}},
	{"two dates", "dct:temporal", `dct:modified "2025-05-07"^^xsd:date ; dct:temporal`, []string{
		`violation once <1> dct:modified: a dcat:Dataset has it at most once, here are 2`,
	}},
	{"two identifiers", "dct:temporal", `dct:identifier "eins" ; dct:temporal`, []string{
		`violation once <1> dct:identifier: a dcat:Dataset has it at most once, here are 2`,
	}},
	{"text for a page", "dcat:landingPage <seite/1>", `dcat:landingPage "seite/1"`, []string{
		`violation kind <1> dcat:landingPage: "seite/1" is a text where an IRI belongs`,
	}},
	{"blank page", "dcat:landingPage <seite/1>", `dcat:landingPage [ a foaf:Document ]`, []string{
		`warning kind <1> dcat:landingPage: an IRI is better than a blank node`,
	}},
	{"IRI for a title", `dct:title "Datensatz"@de`, `dct:title <titel>`, []string{
		`violation kind <1> dct:title: <titel> is no text`,
	}},
	{"text for an address", "vcard:hasEmail <mailto:daten@daten.example>", `vcard:hasEmail "daten@daten.example"`, []string{
		`violation kind <kontakt> vcard:hasEmail: "daten@daten.example" is no IRI`,
	}},
	{"unknown publisher", "dct:publisher <amt> ;\n    dcat:theme", "dct:publisher <niemand> ;\n    dcat:theme", []string{
		`violation class <katalog> dct:publisher: <niemand> is not described as a foaf:Agent`,
	}},
	{"place without class", "dct:temporal", "dct:spatial <ort> ; dct:temporal", []string{
		`warning class <1> dct:spatial: <ort> is not described as a dct:Location`,
	}},
	{"size as decimal", `"12"^^xsd:nonNegativeInteger`, `"12"^^xsd:decimal`, []string{
		`violation datatype <1#csv> dcat:byteSize: "12"^^<http://www.w3.org/2001/XMLSchema#decimal> is no xsd:nonNegativeInteger`,
	}},
	{"negative size", `"12"^^xsd:nonNegativeInteger`, `"-12"^^xsd:nonNegativeInteger`, []string{
		`violation datatype <1#csv> dcat:byteSize: "-12"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger> is no xsd:nonNegativeInteger`,
	}},
	{"licence with a slash", "dl-zero-de/2.0>", "dl-zero-de/2.0/>", []string{
		`violation list <1#csv> dct:license: <` + licence + `dl-zero-de/2.0/> is not of the list ` + licence + `…; the list spells it <` + licence + `dl-zero-de/2.0>`,
		`warning open-licence <1#csv> dct:license: <` + licence + `dl-zero-de/2.0/> does not count as open`,
	}},
	{"licence by https", "<" + licence + "dl-zero-de/2.0>", "<https://dcat-ap.de/def/licenses/dl-zero-de/2.0>", []string{
		`violation list <1#csv> dct:license: <https://dcat-ap.de/def/licenses/dl-zero-de/2.0> is not of the list ` + licence + `…; the list spells it <` + licence + `dl-zero-de/2.0>`,
		`warning open-licence <1#csv> dct:license: <https://dcat-ap.de/def/licenses/dl-zero-de/2.0> does not count as open`,
	}},
	{"closed licence", "dl-zero-de/2.0>", "other-closed>", []string{
		`warning open-licence <1#csv> dct:license: <` + licence + `other-closed> does not count as open`,
	}},
	{"licence without text", "dl-zero-de/2.0>", "dl-by-de/2.0>", []string{
		`warning attribution <1#csv> dcatde:licenseAttributionByText: the licence asks for attribution, but no text is given (K35)`,
	}},
	{"file type", "file-type/CSV", "file-type/CVS", []string{
		`violation list <1#csv> dct:format: <http://publications.europa.eu/resource/authority/file-type/CVS> is not of the list http://publications.europa.eu/resource/authority/file-type/…`,
	}},
	{"dataset type", "dct:temporal", "dct:type <typ> ; dct:temporal", []string{
		`warning list <1> dct:type: <typ> is not of the list http://publications.europa.eu/resource/authority/dataset-type/…`,
	}},
	{"date as text", `"2025-05-06T08:00:00Z"^^xsd:dateTime`, `"6. Mai 2025"`, []string{
		`violation date <1> dct:modified: "6. Mai 2025" ` + noDate,
	}},
	{"date of another form", `"2025-05-06T08:00:00Z"^^xsd:dateTime`, `"06.05.2025"^^xsd:date`, []string{
		`violation date <1> dct:modified: "06.05.2025"^^<http://www.w3.org/2001/XMLSchema#date> ` + noDate,
	}},
	{"empty period", `dcat:startDate "2021"^^xsd:gYear`, `dct:title "2021"`, []string{
		`violation period <1#zeit> dcat:startDate: a period has a start or an end`,
	}},
	{"media type", "<https://www.iana.org/assignments/media-types/text/csv>", "<text/csv>", []string{
		`violation media-type <1#csv> dcat:mediaType: <text/csv> does not begin with https://www.iana.org/assignments/media-types/`,
	}},
	{"deprecated property", "dct:temporal", "dcatde:legalBasis \"Gesetz\" ; dct:temporal", []string{
		`warning deprecated <1> dcatde:legalBasis: deprecated since DCAT-AP.de 3.0; dcatap:applicableLegislation takes its place`,
	}},
	{"deprecated list", "spdx:checksumAlgorithm_sha256", "<http://dcat-ap.de/def/hashAlgorithms/sha256>", []string{
		`warning deprecated <1#summe> spdx:algorithm: the list of <http://dcat-ap.de/def/hashAlgorithms/sha256> is deprecated since DCAT-AP.de 3.0`,
		`warning list <1#summe> spdx:algorithm: <http://dcat-ap.de/def/hashAlgorithms/sha256> is not of the list http://spdx.org/rdf/terms#…`,
	}},
	{"blank distribution", "dcat:distribution <1#csv>", `dcat:distribution <1#csv>, [ a dcat:Distribution ; dct:title "Zwei" ;
		dcat:accessURL <2> ; dct:license <` + licence + `cc-zero> ]`, []string{
		`warning iri _:b1: a distribution with an IRI keeps its resource in CKAN`,
	}},
	{"blank dataset", "<1> a dcat:Dataset", "[] a dcat:Dataset", []string{
		`violation class <dienst> dcat:servesDataset: <1> is not described as a dcat:Dataset`,
		`violation class <katalog> dcat:dataset: <1> is not described as a dcat:Dataset`,
		`violation iri _:b1: a dataset needs an IRI: every later harvest finds it by that`,
	}},
	{"identifier taken", "<dienst> a", twin + "<dienst> a", []string{
		`violation identifier <2> dct:identifier: "1" is the identifier of <1> too: only one of them is imported`,
		`warning total <katalog#seite> hydra:totalItems: "1"^^<http://www.w3.org/2001/XMLSchema#integer>, but there are 2 datasets`,
	}},
	{"two contributors", "<http://dcat-ap.de/def/contributors/openNRW>", "<http://dcat-ap.de/def/contributors/openNRW>, <http://dcat-ap.de/def/contributors/datenBW>", []string{
		`violation contributor <1> dcatde:contributorID: 2 of 2 are of the list http://dcat-ap.de/def/contributors/, want exactly one (K12, K13)`,
	}},
	{"unknown contributor", "contributors/openNRW>", "contributors/niemand>", []string{
		`violation contributor <1> dcatde:contributorID: 0 of 1 are of the list http://dcat-ap.de/def/contributors/, want exactly one (K12, K13)`,
		`warning list <1> dcatde:contributorID: <http://dcat-ap.de/def/contributors/niemand> is not of the list http://dcat-ap.de/def/contributors/…`,
	}},
	{"kind of publisher", "RegionalAuthority", "Company", []string{
		`warning publisher-type <amt> dct:type: <http://purl.org/adms/publishertype/Company> is none of LocalAuthority, RegionalAuthority, NationalAuthority and SupraNationalAuthority (K37)`,
	}},
	{"contact without address", "vcard:hasEmail <mailto:daten@daten.example>", "vcard:hasTelephone <tel:+49211>", []string{
		`violation contact <kontakt> vcard:hasEmail: a contact has an e-mail address or the address of a form (K01)`,
	}},
	{"keyword with a comma", `"Ziele"@de`, `"Ziele, Zahlen"@de`, []string{
		`warning keyword <1> dcat:keyword: "Ziele, Zahlen"@de ` + tag,
	}},
	{"keyword of one letter", `"Ziele"@de`, `"Z"@de`, []string{
		`warning keyword <1> dcat:keyword: "Z"@de ` + tag,
	}},
	{"label of the licence", "<dienst> a", `<` + licence + `dl-zero-de/2.0> <http://www.w3.org/2000/01/rdf-schema#label> "Zero" . <dienst> a`, []string{
		`violation label <` + licence + `dl-zero-de/2.0> rdfs:label: CKAN stores the label in place of this IRI; skos:prefLabel does no harm`,
	}},
	{"way to another", "spdx:checksum <1#summe> .", "spdx:checksum <1#summe> ; dcat:accessService <dienst> .\n" + strings.Replace(twin, "\"https://daten.example/1\"", "\"zwei\"", 1) + "<dienst> dcat:servesDataset <2> .", []string{
		`warning reach <1> dcat:distribution/dcat:accessService/dcat:servesDataset: leads to the dataset <2>: GovData copies and deletes both as one`,
		`warning service-file <1#csv> dcat:downloadURL: a distribution of a service has no download (K41)`,
		`warning total <katalog#seite> hydra:totalItems: "1"^^<http://www.w3.org/2001/XMLSchema#integer>, but there are 2 datasets`,
	}},
	{"empty series", "<dienst> a", `<reihe> a dcat:DatasetSeries ; dct:title "Reihe" ; dct:description "Reihe" ; dct:publisher <amt> . <dienst> a`, []string{
		`warning series <reihe> dcat:inSeries: no dataset is in this series`,
	}},
	{"no taxonomy", "    dcat:themeTaxonomy <http://publications.europa.eu/resource/authority/data-theme> ;\n", "", []string{
		`warning theme-taxonomy <katalog> dcat:themeTaxonomy: should name <http://publications.europa.eu/resource/authority/data-theme>`,
	}},
	{"high-value without law", "dct:temporal", "<http://data.europa.eu/r5r/hvdCategory> <http://data.europa.eu/bna/c_e1da4e07> ; dct:temporal", []string{
		`violation high-value <1> dcatap:applicableLegislation: a high-value dataset names <http://data.europa.eu/eli/reg_impl/2023/138/oj>`,
	}},
	{"no total", "; hydra:totalItems 1 .", ".", []string{
		`warning total <katalog#seite> hydra:totalItems: data.europa.eu does not read a hydra:PagedCollection without it`,
	}},
}

// twin is a second dataset with the identifier of the first.
const twin = `<2> a dcat:Dataset ; dct:title "Zwei" ; dct:description "Zwei" ; dct:identifier "https://daten.example/1" ;
	dct:publisher <amt> ; dcat:keyword "Zwei" ; dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE> ;
	dct:issued "2024"^^xsd:gYear ; dct:modified "2024"^^xsd:gYear ; dcat:landingPage <seite/2> ; dcat:distribution <2#csv> ;
	dcatde:contributorID <http://dcat-ap.de/def/contributors/openNRW> .
<2#csv> a dcat:Distribution ; dct:title "Zwei" ; dcat:accessURL <2.csv> ; dct:license <` + licence + `cc-zero> .
`

// TestDocument looks at what cannot be read.
func TestDocument(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, format, content, want string
	}{
		{"syntax", "turtle", "<a> <b>", `violation syntax: turtle, line 1`},
		{"encoding", "turtle", "# \xff\n", `violation encoding: not UTF-8`},
		{"remote context", "jsonld", `{"@context": "https://daten.example/context.jsonld", "@id": "x"}`, `violation syntax: jsonld`},
	}
	for _, test := range tests {
		var lines []string
		for _, f := range Document([]byte(test.content), test.format, "https://daten.example/").Findings {
			lines = append(lines, f.String())
		}
		if all := strings.Join(lines, "\n"); !strings.Contains(all, test.want) {
			t.Errorf("%s: want %s\n%s", test.name, test.want, all)
		}
	}
}
