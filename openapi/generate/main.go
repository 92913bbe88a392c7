// Command generate writes the OpenAPI description of the API, openapi.json and
// openapi.yaml, and the files of Swagger UI to the working folder.
//
// The paths and their parameters come from the endpoints of package api, summaries
// and response types from the annotations of their handlers, which swag reads, and
// the schemas of rows from package dataset. Annotations with {dataset} in their path
// are templates for all datasets.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	swaggerfiles "github.com/swaggo/files/v2"
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
