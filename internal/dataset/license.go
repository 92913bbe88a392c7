// SPDX-License-Identifier: EUPL-1.2

package dataset

import "strings"

// License is an open licence of the DCAT-AP.de list of licences.
type License struct {
	// Code is the last part of the IRI, such as dl-by-de/2.0.
	Code  string
	Title Text
}

// LicenseBase is the namespace of the DCAT-AP.de list of licences.
const LicenseBase = "http://dcat-ap.de/def/licenses/"

// Licenses are the open licences of the list that are suitable for data.
var Licenses = []License{
	{"dl-zero-de/2.0", Text{DE: "Datenlizenz Deutschland – Zero – Version 2.0", EN: "Data licence Germany – Zero – version 2.0"}},
	{"dl-by-de/2.0", Text{DE: "Datenlizenz Deutschland – Namensnennung – Version 2.0", EN: "Data licence Germany – attribution – version 2.0"}},
	{"cc-zero", Text{DE: "CC0 1.0", EN: "CC0 1.0"}},
	{"cc-by/4.0", Text{DE: "CC BY 4.0", EN: "CC BY 4.0"}},
	{"cc-by-de/3.0", Text{DE: "CC BY 3.0 DE", EN: "CC BY 3.0 DE"}},
	{"cc-by-sa/4.0", Text{DE: "CC BY-SA 4.0", EN: "CC BY-SA 4.0"}},
	{"odbl", Text{DE: "Open Database License (ODbL)", EN: "Open Database License (ODbL)"}},
	{"odby", Text{DE: "Open Data Commons Attribution License (ODC-By)", EN: "Open Data Commons Attribution License (ODC-By)"}},
}

// LicenseCodes returns the codes of Licenses.
func LicenseCodes() []string {
	var codes []string
	for _, l := range Licenses {
		codes = append(codes, l.Code)
	}
	return codes
}

// LicenseTitle returns the title of a licence by its IRI, or the IRI itself in both
// languages if the licence is not one of Licenses.
func LicenseTitle(iri string) Text {
	for _, l := range Licenses {
		if strings.TrimPrefix(iri, LicenseBase) == l.Code {
			return l.Title
		}
	}
	return Text{DE: iri, EN: iri}
}
