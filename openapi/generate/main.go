// Command generate writes the OpenAPI description of the interface,
// openapi.json and openapi.yaml, and the files of Swagger UI that show it into
// the working folder.
//
// What only the code knows comes from the annotations of package api, read by
// swag; what the datasets say of themselves (columns, parameters, rows) comes
// from package dataset. Annotations with {dataset} in their path are templates
// that are filled in for each dataset.
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

// copySwaggerUI takes what the page needs out of the module, which embeds six
// times as much.
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

// generate describes the interface of the module in the folder root.
func generate(root string) ([]byte, error) {
	doc, err := annotated(root)
	if err != nil {
		return nil, err
	}
	addSchemas(doc)
	addParameters(doc)
	addResponses(doc)
	if err := expand(doc); err != nil {
		return nil, err
	}
	for _, item := range doc.Paths.Map() {
		share(item.Get)
		complete(item.Get)
	}
	if err := describe(doc); err != nil {
		return nil, err
	}
	return toJSON(doc)
}
