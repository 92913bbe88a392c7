package encode

import (
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// licenses are the names that people know of the licences of the DCAT-AP.de
// list.
var licenses = map[string]dataset.Text{
	"dl-by-de/2.0":   {DE: "Datenlizenz Deutschland – Namensnennung – Version 2.0", EN: "Data licence Germany – attribution – version 2.0"},
	"dl-zero-de/2.0": {DE: "Datenlizenz Deutschland – Zero – Version 2.0", EN: "Data licence Germany – Zero – version 2.0"},
	"cc-zero":        {DE: "CC0 1.0", EN: "CC0 1.0"},
	"cc-by/4.0":      {DE: "CC BY 4.0", EN: "CC BY 4.0"},
	"cc-by-de/3.0":   {DE: "CC BY 3.0 DE", EN: "CC BY 3.0 DE"},
	"cc-by-sa/4.0":   {DE: "CC BY-SA 4.0", EN: "CC BY-SA 4.0"},
	"odbl":           {DE: "Open Database License (ODbL)", EN: "Open Database License (ODbL)"},
	"odby":           {DE: "Open Data Commons Attribution License (ODC-By)", EN: "Open Data Commons Attribution License (ODC-By)"},
}

// licenseName is the name of a licence by its IRI, empty if it is not known.
func licenseName(iri string) dataset.Text {
	_, code, _ := strings.Cut(iri, "/licenses/")
	return licenses[code]
}
