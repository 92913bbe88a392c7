// Command generate writes the OpenAPI description of the interface,
// openapi.json and openapi.yaml, into the working folder.
//
// What only the code knows comes from the annotations of package api, read by
// swag; what the datasets say of themselves (columns, parameters, rows) comes
// from package dataset. Annotations with {dataset} in their path are templates
// that are filled in for each dataset.
package main

import (
	"fmt"
	"os"
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
	return os.WriteFile("openapi.yaml", asYAML, 0o644)
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
