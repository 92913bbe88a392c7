// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
)

const base = "https://daten.example/"

// good returns the lines of a catalogue without faults in abbreviated N-Triples: with
// the prefixes of the package, and IRIs relative to base.
func good(t testing.TB) []string {
	t.Helper()
	content, err := os.ReadFile("testdata/good.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(content)), "\n")
}

// patch removes the lines that begin with - and adds those that begin with +.
func patch(t testing.TB, lines []string, changes string) []string {
	t.Helper()
	lines = slices.Clone(lines)
	for change := range strings.Lines(changes) {
		change = strings.TrimSpace(change)
		sign, line, _ := strings.Cut(change, " ")
		i := slices.Index(lines, line)
		switch {
		case change == "":
		case sign == "+":
			lines = append(lines, line)
		case sign == "-" && i >= 0:
			lines = slices.Delete(lines, i, i+1)
		default:
			t.Fatalf("the catalogue does not contain %q", line)
		}
	}
	return lines
}

var abbreviated = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|<[^>]*>|_:\w+|\w+:\w+|\ba\b`)

// written returns the lines as N-Triples.
func written(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(abbreviated.ReplaceAllStringFunc(line, func(s string) string {
			switch {
			case s == "a":
				return rdf.Type.String()
			case s[0] == '<' && !strings.Contains(s, ":"):
				return "<" + base + s[1:]
			case s[0] == '<' || s[0] == '"' || s[0] == '_':
				return s
			}
			return expand(s).String()
		}) + " .\n")
	}
	return b.String()
}

// stream checks N-Triples or JSON-LD.
func stream(t testing.TB, document string) Report {
	t.Helper()
	report, err := Stream(t.Context(), strings.NewReader(document), DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// lines returns the findings that were kept, without the base of their IRIs.
func lines(r Report) []string {
	var out []string
	for _, f := range r.Findings() {
		out = append(out, strings.ReplaceAll(f.String(), base, ""))
	}
	return out
}

func TestGood(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "good.nt")
	if err := os.WriteFile(path, []byte(written(good(t))), 0o644); err != nil {
		t.Fatal(err)
	}
	want := Report{Datasets: 1, Triples: 48, Pages: 1, Harvest: Imports}
	report, err := File(t.Context(), path, DefaultLimits)
	if diff := cmp.Diff(want, report); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	g := &rdf.Graph{}
	if err := g.ReadNTriples(t.Context(), strings.NewReader(written(good(t))), ""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, Graph(g)); diff != "" {
		t.Errorf("of a graph (-want +got)\n%s", diff)
	}
}

// TestRules changes the good catalogue; each rule is broken at least once.
func TestRules(t *testing.T) {
	t.Parallel()
	broken := map[string]bool{}
	for _, test := range ruleCases {
		report := stream(t, written(patch(t, good(t), test.changes)))
		for _, g := range report.Groups {
			broken[g.Rule] = true
		}
		if diff := cmp.Diff(test.want, lines(report)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", test.name, diff)
		}
		want := map[string]Harvest{"no dataset": Deletes, "no title": Stops}[test.name]
		if want == "" {
			want = Imports
		}
		if report.Harvest != want {
			t.Errorf("%s: %s, want: %s", test.name, report.Harvest, want)
		}
	}
	for _, r := range rules {
		if !broken[r.name] {
			t.Errorf("no case breaks the rule %s", r.name)
		}
	}
}

var ruleCases = []struct {
	name, changes string
	want          []string
}{
	{"no dataset", `- <1> a dcat:Dataset`, []string{
		`violation class <katalog> dcat:dataset: <1> is not described as a dcat:Dataset`,
		`violation class <dienst> dcat:servesDataset: <1> is not described as a dcat:Dataset`,
		`violation empty: no dcat:Dataset: the catalogue is valid and empty, so a harvester deletes every dataset that it has from this source`,
		`warning total <katalog#seite> hydra:totalItems: "1"^^<http://www.w3.org/2001/XMLSchema#integer>, but there are 0 datasets`,
	}},
	{"nothing listed", `- <katalog> dcat:dataset <1>
		- <katalog> dcat:service <dienst>
		+ <katalog> dct:rights <rechte>`, []string{
		`warning empty <katalog> dcat:dataset: the catalogue lists nothing`,
	}},
	{"no title", `- <1> dct:title "Datensatz"@de`, []string{
		`violation mandatory <1> dct:title: a dcat:Dataset must have it; a harvester stops with an error at a dataset without a title`,
	}},
	{"no publisher", `- <katalog> dct:publisher <amt>`, []string{
		`violation mandatory <katalog> dct:publisher: a dcat:Catalog must have it`,
	}},
	{"no licence", `- <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>`, []string{
		`violation mandatory <1#csv> dct:license: a dcat:Distribution must have it; GovData shows it as closed without it`,
	}},
	{"no access", `- <1#csv> dcat:accessURL <1.csv>`, []string{
		`violation mandatory <1#csv> dcat:accessURL: a dcat:Distribution must have it`,
	}},
	{"no endpoint", `- <dienst> dcat:endpointURL <api>`, []string{
		`violation mandatory <dienst> dcat:endpointURL: a dcat:DataService must have it`,
	}},
	{"no name", `- <amt> foaf:name "Amt"@de`, []string{
		`violation mandatory <amt> foaf:name: a foaf:Agent must have it`,
	}},
	{"no algorithm", `- <1#summe> spdx:algorithm spdx:checksumAlgorithm_sha256`, []string{
		`violation mandatory <1#summe> spdx:algorithm: a spdx:Checksum must have it`,
	}},
	{"empty record", `+ <eintrag> a dcat:CatalogRecord`, []string{
		`violation mandatory <eintrag> dct:modified: a dcat:CatalogRecord must have it`,
		`violation mandatory <eintrag> foaf:primaryTopic: a dcat:CatalogRecord must have it`,
	}},
	{"no theme", `- <1> dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE>`, []string{
		`warning recommended <1> dcat:theme: a dcat:Dataset should have it`,
	}},
	{"no distribution", `- <1> dcat:distribution <1#csv>
		+ <1> dct:rights <rechte>`, []string{
		`warning recommended <1> dcat:distribution: a dcat:Dataset should have it; datasets without one are skipped or deleted if the source is set to resources_required`,
	}},
	{"two dates", `+ <1> dct:modified "2025-05-07"^^xsd:date`, []string{
		`violation once <1> dct:modified: a dcat:Dataset may have only one, found 2`,
	}},
	{"two identifiers", `+ <1> dct:identifier "eins"`, []string{
		`violation once <1> dct:identifier: a dcat:Dataset may have only one, found 2`,
	}},
	{"text for a page", `- <1> dcat:landingPage <seite/1>
		+ <1> dcat:landingPage "seite/1"`, []string{
		`violation kind <1> dcat:landingPage: "seite/1" is a literal where an IRI belongs`,
	}},
	{"blank page", `- <1> dcat:landingPage <seite/1>
		+ _:n a foaf:Document
		+ <1> dcat:landingPage _:n`, []string{
		`warning kind <1> dcat:landingPage: a blank node; an IRI is better`,
	}},
	{"IRI for a title", `- <1> dct:title "Datensatz"@de
		+ <1> dct:title <titel>`, []string{
		`violation kind <1> dct:title: <titel> is not a literal`,
	}},
	{"text for an address", `- <kontakt> vcard:hasEmail <mailto:daten@daten.example>
		+ <kontakt> vcard:hasEmail "daten@daten.example"`, []string{
		`violation kind <kontakt> vcard:hasEmail: "daten@daten.example" is not an IRI`,
	}},
	{"unknown publisher", `- <katalog> dct:publisher <amt>
		+ <katalog> dct:publisher <niemand>`, []string{
		`violation class <katalog> dct:publisher: <niemand> is not described as a foaf:Agent`,
	}},
	{"place without class", `+ <1> dct:spatial <ort>`, []string{
		`warning class <1> dct:spatial: <ort> is not described as a dct:Location`,
	}},
	{"size as decimal", `- <1#csv> dcat:byteSize "12"^^xsd:nonNegativeInteger
		+ <1#csv> dcat:byteSize "12"^^xsd:decimal`, []string{
		`violation datatype <1#csv> dcat:byteSize: "12"^^<http://www.w3.org/2001/XMLSchema#decimal> is not a valid xsd:nonNegativeInteger`,
	}},
	{"negative size", `- <1#csv> dcat:byteSize "12"^^xsd:nonNegativeInteger
		+ <1#csv> dcat:byteSize "-12"^^xsd:nonNegativeInteger`, []string{
		`violation datatype <1#csv> dcat:byteSize: "-12"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger> is not a valid xsd:nonNegativeInteger`,
	}},
	{"licence with a slash", `- <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>
		+ <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0/>`, []string{
		`violation list <1#csv> dct:license: <http://dcat-ap.de/def/licenses/dl-zero-de/2.0/> is not in the list http://dcat-ap.de/def/licenses/…; the list spells it <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>`,
		`warning open-licence <1#csv> dct:license: <http://dcat-ap.de/def/licenses/dl-zero-de/2.0/> does not count as open`,
	}},
	{"licence by https", `- <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>
		+ <1#csv> dct:license <https://dcat-ap.de/def/licenses/dl-zero-de/2.0>`, []string{
		`violation list <1#csv> dct:license: <https://dcat-ap.de/def/licenses/dl-zero-de/2.0> is not in the list http://dcat-ap.de/def/licenses/…; the list spells it <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>`,
		`warning open-licence <1#csv> dct:license: <https://dcat-ap.de/def/licenses/dl-zero-de/2.0> does not count as open`,
	}},
	{"closed licence", `- <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>
		+ <1#csv> dct:license <http://dcat-ap.de/def/licenses/other-closed>`, []string{
		`warning open-licence <1#csv> dct:license: <http://dcat-ap.de/def/licenses/other-closed> does not count as open`,
	}},
	{"licence without text", `- <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-zero-de/2.0>
		+ <1#csv> dct:license <http://dcat-ap.de/def/licenses/dl-by-de/2.0>`, []string{
		`warning attribution <1#csv> dcatde:licenseAttributionByText: the licence asks for attribution, but no text is given (K35)`,
	}},
	{"file type", `- <1#csv> dct:format <http://publications.europa.eu/resource/authority/file-type/CSV>
		+ <1#csv> dct:format <http://publications.europa.eu/resource/authority/file-type/CVS>`, []string{
		`violation list <1#csv> dct:format: <http://publications.europa.eu/resource/authority/file-type/CVS> is not in the list http://publications.europa.eu/resource/authority/file-type/…`,
	}},
	{"dataset type", `+ <1> dct:type <typ>`, []string{
		`warning list <1> dct:type: <typ> is not in the list http://publications.europa.eu/resource/authority/dataset-type/…`,
	}},
	{"date as text", `- <1> dct:modified "2025-05-06T08:00:00Z"^^xsd:dateTime
		+ <1> dct:modified "6. Mai 2025"`, []string{
		`violation date <1> dct:modified: "6. Mai 2025" is not a valid xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear`,
	}},
	{"date of another form", `- <1> dct:modified "2025-05-06T08:00:00Z"^^xsd:dateTime
		+ <1> dct:modified "06.05.2025"^^xsd:date`, []string{
		`violation date <1> dct:modified: "06.05.2025"^^<http://www.w3.org/2001/XMLSchema#date> is not a valid xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear`,
	}},
	{"empty period", `- <1#zeit> dcat:startDate "2021"^^xsd:gYear
		+ <1#zeit> dct:title "2021"`, []string{
		`violation period <1#zeit> dcat:startDate: a period must have a start or an end`,
	}},
	{"media type", `- <1#csv> dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv>
		+ <1#csv> dcat:mediaType <text/csv>`, []string{
		`violation media-type <1#csv> dcat:mediaType: <text/csv> does not begin with https://www.iana.org/assignments/media-types/`,
	}},
	{"deprecated property", `+ <1> dcatde:legalBasis "Gesetz"`, []string{
		`warning deprecated <1> dcatde:legalBasis: deprecated since DCAT-AP.de 3.0; use dcatap:applicableLegislation instead`,
	}},
	{"deprecated list", `- <1#summe> spdx:algorithm spdx:checksumAlgorithm_sha256
		+ <1#summe> spdx:algorithm <http://dcat-ap.de/def/hashAlgorithms/sha256>`, []string{
		`warning deprecated <1#summe> spdx:algorithm: the list of <http://dcat-ap.de/def/hashAlgorithms/sha256> is deprecated since DCAT-AP.de 3.0`,
		`warning list <1#summe> spdx:algorithm: <http://dcat-ap.de/def/hashAlgorithms/sha256> is not in the list http://spdx.org/rdf/terms#…`,
	}},
	{"blank distribution", `+ _:n a dcat:Distribution
		+ _:n dct:title "Zwei"
		+ _:n dcat:accessURL <2>
		+ _:n dct:license <http://dcat-ap.de/def/licenses/cc-zero>
		+ <1> dcat:distribution _:n`, []string{
		`warning iri _:n: a distribution with an IRI keeps its resource in CKAN`,
	}},
	{"blank dataset", blankDataset, []string{
		`violation class <katalog> dcat:dataset: <1> is not described as a dcat:Dataset`,
		`violation class <dienst> dcat:servesDataset: <1> is not described as a dcat:Dataset`,
		`violation iri _:n: a dataset must have an IRI: later harvests identify it by that`,
	}},
	{"identifier taken", twin, []string{
		`violation identifier <2> dct:identifier: "1" is the identifier of <1> too: only one of them is imported`,
		`warning total <katalog#seite> hydra:totalItems: "1"^^<http://www.w3.org/2001/XMLSchema#integer>, but there are 2 datasets`,
	}},
	{"two contributors", `+ <1> dcatde:contributorID <http://dcat-ap.de/def/contributors/datenBW>`, []string{
		`violation contributor <1> dcatde:contributorID: 2 of 2 are in the list http://dcat-ap.de/def/contributors/; exactly one is required (K12, K13)`,
	}},
	{"unknown contributor", `- <1> dcatde:contributorID <http://dcat-ap.de/def/contributors/openNRW>
		+ <1> dcatde:contributorID <http://dcat-ap.de/def/contributors/niemand>`, []string{
		`violation contributor <1> dcatde:contributorID: 0 of 1 are in the list http://dcat-ap.de/def/contributors/; exactly one is required (K12, K13)`,
		`warning list <1> dcatde:contributorID: <http://dcat-ap.de/def/contributors/niemand> is not in the list http://dcat-ap.de/def/contributors/…`,
	}},
	{"kind of publisher", `- <amt> dct:type <http://purl.org/adms/publishertype/RegionalAuthority>
		+ <amt> dct:type <http://purl.org/adms/publishertype/Company>`, []string{
		`warning publisher-type <amt> dct:type: <http://purl.org/adms/publishertype/Company> must be one of LocalAuthority, RegionalAuthority, NationalAuthority or SupraNationalAuthority (K37)`,
	}},
	{"contact without address", `- <kontakt> vcard:hasEmail <mailto:daten@daten.example>
		+ <kontakt> vcard:hasTelephone <tel:+49211>`, []string{
		`violation contact <kontakt> vcard:hasEmail: a contact must have an e-mail address or the address of a form (K01)`,
	}},
	{"keyword with a comma", `- <1> dcat:keyword "Ziele"@de
		+ <1> dcat:keyword "Ziele, Zahlen"@de`, []string{
		`warning keyword <1> dcat:keyword: "Ziele, Zahlen"@de is not a valid CKAN tag: 2 to 100 letters, digits, spaces, hyphens, underscores or dots`,
	}},
	{"keyword of one letter", `- <1> dcat:keyword "Ziele"@de
		+ <1> dcat:keyword "Z"@de`, []string{
		`warning keyword <1> dcat:keyword: "Z"@de is not a valid CKAN tag: 2 to 100 letters, digits, spaces, hyphens, underscores or dots`,
	}},
	{"label of the licence", `+ <http://dcat-ap.de/def/licenses/dl-zero-de/2.0> rdfs:label "Zero"`, []string{
		`violation label <http://dcat-ap.de/def/licenses/dl-zero-de/2.0> rdfs:label: CKAN stores the label in place of this IRI; skos:prefLabel does no harm`,
	}},
	{"way to another", `+ <1#csv> dcat:accessService <dienst>
+ <dienst> dcat:servesDataset <2>
` + strings.Replace(twin, "https://daten.example/1", "zwei", 1), []string{
		`warning reach <1> dcat:distribution/dcat:accessService/dcat:servesDataset: leads to the dataset <2>: GovData copies and deletes both as one`,
		`warning service-file <1#csv> dcat:downloadURL: a distribution of a service has no download (K41)`,
		`warning total <katalog#seite> hydra:totalItems: "1"^^<http://www.w3.org/2001/XMLSchema#integer>, but there are 2 datasets`,
	}},
	{"empty series", `+ <reihe> a dcat:DatasetSeries
		+ <reihe> dct:title "Reihe"
		+ <reihe> dct:description "Reihe"
		+ <reihe> dct:publisher <amt>`, []string{
		`warning series <reihe> dcat:inSeries: no dataset is in this series`,
	}},
	{"no taxonomy", `- <katalog> dcat:themeTaxonomy <http://publications.europa.eu/resource/authority/data-theme>`, []string{
		`warning theme-taxonomy <katalog> dcat:themeTaxonomy: should name <http://publications.europa.eu/resource/authority/data-theme>`,
	}},
	{"high-value without law", `+ <1> dcatap:hvdCategory <http://data.europa.eu/bna/c_e1da4e07>`, []string{
		`violation high-value <1> dcatap:applicableLegislation: a high-value dataset must name <http://data.europa.eu/eli/reg_impl/2023/138/oj>`,
	}},
	{"no total", `- <katalog#seite> hydra:totalItems "1"^^xsd:integer`, []string{
		`warning total <katalog#seite> hydra:totalItems: data.europa.eu does not read a hydra:PagedCollection without it`,
	}},
}

// twin is a second dataset with the identifier of the first.
const twin = `+ <2> a dcat:Dataset
+ <2> dct:title "Zwei"
+ <2> dct:description "Zwei"
+ <2> dct:identifier "https://daten.example/1"
+ <2> dct:publisher <amt>
+ <2> dcat:keyword "Zwei"
+ <2> dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE>
+ <2> dct:issued "2024"^^xsd:gYear
+ <2> dct:modified "2024"^^xsd:gYear
+ <2> dcat:landingPage <seite/2>
+ <2> dcat:distribution <2#csv>
+ <2> dcatde:contributorID <http://dcat-ap.de/def/contributors/openNRW>
+ <2#csv> a dcat:Distribution
+ <2#csv> dct:title "Zwei"
+ <2#csv> dcat:accessURL <2.csv>
+ <2#csv> dct:license <http://dcat-ap.de/def/licenses/cc-zero>`

// blankDataset renames the dataset to a blank node.
var blankDataset = func() string {
	content, err := os.ReadFile("testdata/good.txt")
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(content)) {
		if rest, ok := strings.CutPrefix(line, "<1> "); ok {
			fmt.Fprintf(&b, "- <1> %s+ _:n %s", rest, rest)
		}
	}
	return b.String()
}()

// TestManyFindings: of many findings of a kind the first are kept and all are
// counted, each once.
func TestManyFindings(t *testing.T) {
	t.Parallel()
	var changes strings.Builder
	for i := range 40 {
		fmt.Fprintf(&changes, "+ <1> dcat:keyword \"a,%02d\"\n+ <1> dct:spatial <ort/%02d>\n", i, i)
	}
	report := stream(t, written(patch(t, good(t), changes.String())))
	if len(report.Groups) != 2 || report.Count(Warning) != 80 || len(report.Findings()) != 2*maxExamples {
		t.Fatalf("%+v", report)
	}
	if g := report.Groups[1]; g.Rule != "keyword" || g.Count != 40 || !strings.HasPrefix(g.Examples[0].Message, `"a,00"`) {
		t.Errorf("%+v", g)
	}
}

// TestUnreadable checks that unreadable documents are not judged, and that the report
// describes what a harvester does with them.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	text := written(good(t))
	for name, test := range map[string]struct {
		document string
		want     []string
		harvest  Harvest
		why      string
	}{
		"syntax": {
			text + "<a> <b>",
			[]string{"violation syntax: ntriples, line 49, column 8: the line ends where an object of N-Triples was expected"},
			Stops, "after a syntax error the rest was not read",
		},
		"syntax of JSON": {
			"{\"@graph\": [\n{\"@id\": 1}]",
			[]string{"violation syntax: jsonld, line 2, column 12: the document ends too early"},
			Stops, "after a syntax error the rest was not read",
		},
		"HTML": {
			"<!DOCTYPE html>\n<html>",
			[]string{"violation syntax: ntriples, line 1, column 16: the line ends where a predicate of N-Triples was expected"},
			Stops, "after a syntax error the rest was not read",
		},
		"encoding": {
			"# \xff\n" + text,
			[]string{"violation encoding: not UTF-8 (ntriples, line 1, column 3: not valid UTF-8)"},
			Stops, "the document is not UTF-8",
		},
		"empty": {
			"",
			[]string{"violation empty: the document is empty, 0 bytes: the harvester ends here, without an error, and neither imports nor deletes anything"},
			Ends, "there is nothing in the document",
		},
		"remote context": {
			`{"@context": "https://daten.example/c.jsonld", "@id": "x"}`, nil,
			Unknown, "jsonld: context <https://daten.example/c.jsonld>: contexts are not fetched; include it in the document, or convert the document to N-Triples",
		},
		"valid and empty": {
			"\n",
			[]string{"violation empty: no dcat:Dataset: the catalogue is valid and empty, so a harvester deletes every dataset that it has from this source"},
			Deletes, "",
		},
	} {
		report := stream(t, test.document)
		if diff := cmp.Diff(test.want, lines(report)); diff != "" || report.Harvest != test.harvest || report.NotChecked != test.why {
			t.Errorf("%s: %s; not checked: %s (-want +got)\n%s", name, report.Harvest, report.NotChecked, diff)
		}
	}
}

// TestTerms: a term that is not valid is reported with its line, and the rest is
// checked.
func TestTerms(t *testing.T) {
	t.Parallel()
	report := stream(t, written(patch(t, good(t), "- <1> dcat:landingPage <seite/1>\n+ <1> dcat:landingPage <seite 1>")))
	want := []string{"violation term: ntriples, line 48, column 1: object <seite 1> of <1> <http://www.w3.org/ns/dcat#landingPage>: U+0020, character 28, is not allowed in an IRI and must be percent-encoded (RFC 3987, 2.2)"}
	if diff := cmp.Diff(want, lines(report)); diff != "" || report.NotChecked != "" || report.Datasets != 1 {
		t.Errorf("%+v (-want +got)\n%s", report, diff)
	}
}

// TestStreamFormats checks that JSON-LD and N-Triples are distinguished by the first
// character.
func TestStreamFormats(t *testing.T) {
	t.Parallel()
	for _, document := range []string{
		"\n\t {\"@id\": \"https://daten.example/1\", \"@type\": \"http://www.w3.org/ns/dcat#Dataset\"}",
		`[{"@id": "https://daten.example/1", "@type": "http://www.w3.org/ns/dcat#Dataset"}]`,
		"\uFEFF{\"@id\": \"https://daten.example/1\", \"@type\": \"http://www.w3.org/ns/dcat#Dataset\"}",
		"<https://daten.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .",
		"# a\n<https://daten.example/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> .",
	} {
		if report := stream(t, document); report.NotChecked != "" || report.Datasets != 1 {
			t.Errorf("%s: %+v", document, report)
		}
	}
}

func TestFileErrors(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"katalog.pdf": "katalog.pdf: the suffix must be .jsonld, .json or .nt",
		"katalog.ttl": "katalog.ttl: .ttl files are not read, only .jsonld, .json and .nt; convert it to N-Triples: rapper -i turtle -o ntriples katalog.ttl | zielstand catalog check -",
		"katalog.RDF": "rapper -i rdfxml -o ntriples katalog.RDF | zielstand catalog check -",
		"missing.nt":  "no such file",
	} {
		if _, err := File(context.Background(), path, DefaultLimits); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}
