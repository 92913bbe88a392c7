// SPDX-License-Identifier: EUPL-1.2

package dcatcheck

import (
	"regexp"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/rdf"
)

// dateTypes are the datatypes of dates in DCAT-AP.
var dateTypes = []string{"date", "dateTime", "gYearMonth", "gYear"}

// date requires dates and not any text.
func date(v *view, f *findings) {
	for _, name := range []string{"dct:issued", "dct:modified", "dcat:startDate", "dcat:endDate"} {
		for _, t := range v.Match(rdf.Term{}, expand(name), rdf.Term{}) {
			datatype, ok := strings.CutPrefix(t.Object.Datatype(), rdf.XSD)
			if !ok || !slices.Contains(dateTypes, datatype) || !dateLayouts[datatype].MatchString(t.Object.Text()) {
				f.add(Violation, t.Subject, name, "%s is not a valid xsd:date, xsd:dateTime, xsd:gYearMonth or xsd:gYear", t.Object)
			}
		}
	}
}

var dateLayouts = map[string]*regexp.Regexp{
	"date":       regexp.MustCompile(`^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}` + zone),
	"dateTime":   regexp.MustCompile(`^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?` + zone),
	"gYearMonth": regexp.MustCompile(`^-?[0-9]{4,}-[0-9]{2}` + zone),
	"gYear":      regexp.MustCompile(`^-?[0-9]{4,}` + zone),
}

const zone = `(Z|[+-][0-9]{2}:[0-9]{2})?$`

// period requires a start or an end (K38).
func period(v *view, f *findings) {
	for _, node := range v.instances("dct:PeriodOfTime") {
		if !hasAny(v, node, "dcat:startDate", "dcat:endDate", "time:hasBeginning", "time:hasEnd") {
			f.add(Violation, node, "dcat:startDate", "a period must have a start or an end")
		}
	}
}

func hasAny(v *view, node rdf.Term, properties ...string) bool {
	return slices.ContainsFunc(properties, func(p string) bool { return len(v.values(node, p)) > 0 })
}

var ianaLayout = regexp.MustCompile(`(?i)^https?://www\.iana\.org/assignments/media-types/`)

// mediaType requires the IRIs of IANA's media types.
func mediaType(v *view, f *findings) {
	for _, node := range v.instances("dcat:Distribution") {
		for _, name := range []string{"dcat:mediaType", "dcat:compressFormat", "dcat:packageFormat"} {
			for _, value := range v.values(node, name) {
				if value.IsBlank() || !ianaLayout.MatchString(value.Text()) {
					f.add(Violation, node, name, "%s does not begin with https://www.iana.org/assignments/media-types/", value)
				}
			}
		}
	}
}

// replaced are the properties that DCAT-AP.de 3.0 calls deprecated, with their
// replacements.
var replaced = map[string]string{
	"dcatde:geocodingDescription":  "dct:spatial",
	"dcatde:legalBasis":            "dcatap:applicableLegislation",
	"dcatde:maintainer":            "geodcatap:custodian",
	"dcatde:originator":            "geodcatap:originator",
	"dcatde:politicalGeocodingURI": "dct:spatial",
	"dcatde:qualityProcessURI":     "",
	"dct:hasVersion":               "dcat:hasVersion",
	"dct:isVersionOf":              "dcat:hasVersion",
	"owl:versionInfo":              "dcat:version",
}

// deprecated reports properties and lists that DCAT-AP.de 3.0 no longer uses.
func deprecated(v *view, f *findings) {
	for name, instead := range replaced {
		for _, node := range v.with(name) {
			if name != "owl:versionInfo" || v.is(node, "dcat:Dataset") {
				if instead == "" {
					f.add(Warning, node, name, "deprecated since DCAT-AP.de 3.0 without a replacement")
					continue
				}
				f.add(Warning, node, name, "deprecated since DCAT-AP.de 3.0; use %s instead", instead)
			}
		}
	}
	for name, part := range map[string]string{"spdx:algorithm": "dcat", "adms:status": "purl"} {
		for _, t := range v.Match(rdf.Term{}, expand(name), rdf.Term{}) {
			if strings.Contains(t.Object.Text(), part) {
				f.add(Warning, t.Subject, name, "the list of %s is deprecated since DCAT-AP.de 3.0", t.Object)
			}
		}
	}
}

// tagLayout is what CKAN takes as a tag: letters, digits, spaces, hyphens,
// underscores and dots.
var tagLayout = regexp.MustCompile(`^[^!-,/:-@\[-^` + "`" + `{-~\x{2010}-\x{203A}]{2,100}$`)

// keyword requires words that CKAN takes as they are.
func keyword(v *view, f *findings) {
	for _, node := range v.instances("dcat:Dataset") {
		words := v.values(node, "dcat:keyword")
		for _, word := range words {
			if word.IsBlank() || !tagLayout.MatchString(word.Text()) {
				f.add(Warning, node, "dcat:keyword", "%s is not a valid CKAN tag: 2 to 100 letters, digits, spaces, hyphens, underscores or dots", word)
			}
		}
		if len(words) > 0 && !slices.ContainsFunc(words, rdf.Term.IsLiteral) {
			f.add(Violation, node, "dcat:keyword", "none of the keywords is a text")
		}
	}
}

// contact requires an e-mail address or a form (K01).
func contact(v *view, f *findings) {
	for _, node := range v.Objects(rdf.Term{}, expand("dcat:contactPoint")) {
		if !hasAny(v, node, "vcard:hasEmail", "vcard:hasURL") {
			f.add(Violation, node, "vcard:hasEmail", "a contact must have an e-mail address or the address of a form (K01)")
		}
	}
}

// publisherType requires a type that DCAT-AP.de uses (K37).
func publisherType(v *view, f *findings) {
	for _, node := range v.Objects(rdf.Term{}, expand("dct:publisher")) {
		for _, t := range v.values(node, "dct:type") {
			if !codeListOf("publisher-types").marked(t, "authority") {
				f.add(Warning, node, "dct:type", "%s must be one of LocalAuthority, RegionalAuthority, NationalAuthority or SupraNationalAuthority (K37)", t)
			}
		}
	}
}

// highValue requires the regulation with a category of high-value datasets.
func highValue(v *view, f *findings) {
	regulation := rdf.IRI("http://data.europa.eu/eli/reg_impl/2023/138/oj")
	for _, node := range v.with("dcatap:hvdCategory") {
		if !v.Has(node, expand("dcatap:applicableLegislation"), regulation) {
			f.add(Violation, node, "dcatap:applicableLegislation", "a high-value dataset must name %s", regulation)
		}
	}
}

// themeTaxonomy requires the EU data themes.
func themeTaxonomy(v *view, f *findings) {
	themes := rdf.IRI("http://publications.europa.eu/resource/authority/data-theme")
	for _, node := range v.instances("dcat:Catalog") {
		if !v.Has(node, expand("dcat:themeTaxonomy"), themes) {
			f.add(Warning, node, "dcat:themeTaxonomy", "should name %s", themes)
		}
	}
}

// series requires every series to have a member; members name it.
func series(v *view, f *findings) {
	for _, node := range v.instances("dcat:DatasetSeries") {
		if len(v.Subjects(expand("dcat:inSeries"), node)) == 0 {
			f.add(Warning, node, "dcat:inSeries", "no dataset is in this series")
		}
	}
}
