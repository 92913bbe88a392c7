// SPDX-License-Identifier: EUPL-1.2

// Command generate writes the OpenAPI description of the API, openapi.json and
// openapi.yaml, and the files of Swagger UI to the working folder.
//
// The paths and their parameters come from the endpoints of package api, summaries
// and response types from the annotations of their handlers, which swag reads, and
// the schemas of rows from package dataset. Annotations with {dataset} in their path
// are templates for all datasets.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	swaggerfiles "github.com/swaggo/files/v2"
	"go.yaml.in/yaml/v3"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/openapi"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		os.Exit(1)
	}
}

func run() error {
	asJSON, err := generate("..")
	if err != nil {
		return err
	}
	asYAML, err := toYAML(asJSON)
	if err != nil {
		return err
	}
	if err := os.WriteFile("openapi.json", asJSON, 0o644); err != nil {
		return err
	}
	if err := os.WriteFile("openapi.yaml", asYAML, 0o644); err != nil {
		return err
	}
	return copySwaggerUI()
}

// copySwaggerUI copies the files that the page needs; the module embeds six times as
// much.
func copySwaggerUI() error {
	for _, name := range []string{"swagger-ui-bundle.js", "swagger-ui.css"} {
		body, err := fs.ReadFile(swaggerfiles.FS, name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join("swagger-ui", name), body, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the description of the module in the folder root as JSON.
func generate(root string) ([]byte, error) {
	doc, err := annotated(root)
	if err != nil {
		return nil, err
	}
	addSchemas(doc)
	addParameters(doc)
	addResponses(doc)
	if err := addPaths(doc); err != nil {
		return nil, err
	}
	if err := describe(doc); err != nil {
		return nil, err
	}
	return toJSON(doc)
}

// toJSON validates the description and returns it with sorted keys.
func toJSON(doc *openapi3.T) ([]byte, error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	read, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	if err := read.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("the description is not valid OpenAPI: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var plain map[string]any
	if err := decoder.Decode(&plain); err != nil {
		return nil, err
	}
	plain["security"] = []any{} // no key is needed; kin-openapi omits the empty list
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(plain); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// toYAML converts JSON to the block style of YAML.
func toYAML(asJSON []byte) ([]byte, error) {
	var node yaml.Node
	if err := yaml.Unmarshal(asJSON, &node); err != nil {
		return nil, err
	}
	restyle(&node)
	var b bytes.Buffer
	encoder := yaml.NewEncoder(&b)
	encoder.SetIndent(2)
	if err := encoder.Encode(&node); err != nil {
		return nil, err
	}
	return b.Bytes(), encoder.Close()
}

// restyle lets the encoder choose how each node is written.
func restyle(n *yaml.Node) {
	n.Style = 0
	for _, child := range n.Content {
		restyle(child)
	}
}

var about = `What North Rhine-Westphalia's digital strategy promised and what has been reported since: goals, indicators with their observations, and counts of online public services (OZG), as open data. No key is needed.

**Formats** of rows: ` + strings.Join(formatTitles(), ", ") + `. The suffix of the path (` + "`/goals.csv`, `/goals/ds2-47.csv`" + `) takes precedence over the parameter ` + "`format`" + `, and the parameter over the ` + "`Accept`" + ` header. Paths with a suffix take the same parameters as those without and are not listed here. CSV follows RFC 4180; ` + "`dialect=excel-de`" + ` opens on double-click in Excel with German settings.

**Filters.** Each column name is a parameter that takes one value or several, separated by commas. A name with ` + "`!`" + ` selects the rows with none of the values, and the value ` + "`none`" + ` stands for an empty cell. Numbers and periods also have ranges, with ` + "`From` and `To`" + ` appended to the name; ` + "`Before` and `After`" + ` select periods that lie wholly before or after the one given. ` + strings.ToUpper(domain.PeriodRule[:1]) + domain.PeriodRule[1:] + `. Unknown parameters, columns and values are rejected; only parameters that start with ` + "`utm_`" + ` are ignored.

**Rows.** A row in JSON has all columns; ` + "`null`" + ` means that nothing is reported. Rows have fewer only if ` + "`fields`" + ` selects some. The codes listed here are those of the data published with this version of the program. Later releases can add codes.

**Pages.** Without ` + "`limit`" + `, a collection is returned whole. Every collection of rows has their total number in the ` + "`X-Total-Count`" + ` header, in JSON also in ` + "`meta.total`" + `; the next page is in the ` + "`Link`" + ` header, in JSON also in ` + "`links.next`" + `.

**Releases.** The data are published in releases, which never change. ` + "`release`" + ` selects an older one, ` + "`asOf`" + ` what was known on a given day. Every response with rows has its permanent address in the ` + "`Link`" + ` header (` + "`rel=canonical`" + `; addresses above 1 KiB are left out), in JSON also in ` + "`links.self`" + `.

**Caching.** Every response has a strong ` + "`ETag`" + ` and can be revalidated. HEAD returns the same headers as GET.

**Errors** are problem documents (RFC 9457).

**Stability.** Within v1, fields and columns are only ever added, at the end. The ` + "`API-Version`" + ` header has the version of this description.`

func formatTitles() []string {
	var titles []string
	for _, f := range encode.Formats {
		if f.Dialect == "" {
			titles = append(titles, f.Title.EN)
		}
	}
	return titles
}

// describe adds title, version, licence and tags.
func describe(doc *openapi3.T) error {
	doc.OpenAPI = "3.1.0"
	doc.Info = &openapi3.Info{
		Title: "Zielstand", Version: openapi.Version, Description: about,
		Contact: &openapi3.Contact{Name: "Zielstand", URL: openapi.PublicURL + "/imprint", Email: openapi.ContactEmail},
		License: &openapi3.License{Name: "European Union Public Licence 1.2 (the software; each answer names the licence of the data)", Identifier: "EUPL-1.2"},
	}
	doc.Servers = openapi3.Servers{{URL: openapi.ServerURL}}
	return addTags(doc)
}

// addTags describes the tags: one for each dataset, and those in annotations.
func addTags(doc *openapi3.T) error {
	doc.Tags = openapi3.Tags{{Name: "index", Description: "The entry point."}}
	for _, d := range dataset.All {
		doc.Tags = append(doc.Tags, &openapi3.Tag{Name: d.ID, Description: d.Description.EN})
	}
	doc.Tags = append(doc.Tags,
		&openapi3.Tag{Name: "catalog", Description: "Descriptions of the datasets for people and for open-data portals (DCAT-AP.de)."},
		&openapi3.Tag{Name: "releases", Description: "The releases of the data, their files and the differences between them."},
	)
	for path, item := range doc.Paths.Map() {
		for _, tag := range item.Get.Tags {
			if doc.Tags.Get(tag) == nil {
				return fmt.Errorf("%s: the tag %s has no description in main.go", path, tag)
			}
		}
	}
	return nil
}
