// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/swaggo/swag"
)

// annotated returns the description in the annotations, which swag writes as Swagger
// 2.0, converted to OpenAPI 3.0.
func annotated(root string) (*openapi3.T, error) {
	parser := swag.New(swag.SetUseStructName(true), swag.SetDebugger(log.New(io.Discard, "", 0)))
	parser.ParseInternal = true
	parser.RequiredByDefault = true // all fields but those with omitempty
	folders := []string{filepath.Join(root, "api"), filepath.Join(root, "internal", "encode")}
	if err := parser.ParseAPIMultiSearchDir(folders, "server.go", 0); err != nil {
		return nil, fmt.Errorf("annotations: %w", err)
	}
	text, err := json.Marshal(parser.GetSwagger())
	if err != nil {
		return nil, err
	}
	var old openapi2.T
	if err := json.Unmarshal(text, &old); err != nil {
		return nil, err
	}
	saveExamples(&old)
	doc, err := openapi2conv.ToV3(&old)
	if err != nil {
		return nil, err
	}
	restoreExamples(doc)
	mendProperties(doc)
	return doc, nil
}

// saved is the extension that carries the examples of parameters through the
// conversion. Swagger 2.0 has no such examples, so they would be dropped.
const saved = "x-example"

func saveExamples(old *openapi2.T) {
	for _, item := range old.Paths {
		for _, p := range item.Get.Parameters {
			if example, ok := p.Extensions["example"]; ok {
				p.Extensions[saved] = example
			}
		}
	}
}

func restoreExamples(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, p := range item.Get.Parameters {
			p.Value.Example = p.Value.Extensions[saved]
			delete(p.Value.Extensions, saved)
		}
	}
}

// mendProperties makes descriptions of the comments of fields, and adds the format
// that swag omits for time.Time.
func mendProperties(doc *openapi3.T) {
	for _, schema := range doc.Components.Schemas {
		for _, property := range schema.Value.Properties {
			property.Value.Description = describeField(property.Value.Description)
			example, _ := property.Value.Example.(string)
			if _, err := time.Parse(time.RFC3339, example); err == nil {
				property.Value.Format = "date-time"
			}
		}
	}
}

var fieldComment = regexp.MustCompile(`^[A-Z]\w* (?:is|are|has|lists|reports) `)

// describeField drops the name and the verb that the comment of a field begins with.
func describeField(comment string) string {
	text := fieldComment.ReplaceAllString(strings.Join(strings.Fields(comment), " "), "")
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
