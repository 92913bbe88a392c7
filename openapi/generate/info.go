package main

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/openapi"
)

var about = `What North Rhine-Westphalia's digital strategy promised and what was reported since: goals, indicators with their observations, and counts of online public services (OZG), as open data. No key is needed.

**Formats.** Rows are served in these: ` + strings.Join(formatTitles(), ", ") + `. The suffix of the path (` + "`/goals.csv`, `/goals/ds2-47.csv`" + `), the parameter ` + "`format`" + ` and the field Accept choose the format, in that order. Paths with a suffix take the same parameters as those without and are not listed here. CSV keeps to RFC 4180; ` + "`dialect=excel-de`" + ` opens in a German Excel by double click.

**Filters.** A column's name is a parameter that asks for values, several separated by commas; numbers and periods have ranges with From and To. ` + strings.ToUpper(domain.PeriodRule[:1]) + domain.PeriodRule[1:] + `. Unknown parameters, columns and values are refused and never ignored.

**Pages.** Without ` + "`limit`" + ` a collection is served whole. The total is always told, the next page by ` + "`links.next`" + ` and the field Link.

**Releases.** The data are published in releases that never change. ` + "`release`" + ` asks an older one, ` + "`asOf`" + ` asks for what was known on a day, and every answer names its permanent address in ` + "`links.self`" + `.

**Caching.** Every answer has a strong ETag and can be revalidated. HEAD is answered like GET.

**Errors** are problem documents (RFC 9457).

**Stability.** Within v1, fields and columns are only ever added, at the end. The field API-Version tells the version of this description.`

func formatTitles() []string {
	var titles []string
	for _, f := range encode.Formats {
		if f.Dialect == "" {
			titles = append(titles, f.Title.EN)
		}
	}
	return titles
}

// describe adds what the description says of itself.
func describe(doc *openapi3.T) error {
	doc.OpenAPI = "3.1.0"
	doc.Info = &openapi3.Info{
		Title: "Zielstand", Version: openapi.Version, Description: about,
		Contact: &openapi3.Contact{Name: "Zielstand", URL: "https://zielstand.example", Email: "kontakt@zielstand.example"},
		License: &openapi3.License{Name: "European Union Public Licence 1.2 (the software; each answer names the licence of the data)", Identifier: "EUPL-1.2"},
	}
	doc.Servers = openapi3.Servers{{URL: openapi.ServerURL}}
	return addTags(doc)
}

// addTags describes the tags: one for each dataset, and those of annotations.
func addTags(doc *openapi3.T) error {
	doc.Tags = openapi3.Tags{{Name: "index", Description: "What there is."}}
	for _, d := range dataset.All {
		doc.Tags = append(doc.Tags, &openapi3.Tag{Name: d.ID, Description: d.Description.EN})
	}
	doc.Tags = append(doc.Tags,
		&openapi3.Tag{Name: "catalog", Description: "The datasets described for people and for open-data portals (DCAT-AP.de)."},
		&openapi3.Tag{Name: "releases", Description: "The releases of the data, their files and their differences."},
	)
	for path, item := range doc.Paths.Map() {
		for _, tag := range item.Get.Tags {
			if doc.Tags.Get(tag) == nil {
				return fmt.Errorf("%s: the tag %s has no description in info.go", path, tag)
			}
		}
	}
	return nil
}
