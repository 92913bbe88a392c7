// Package openapi holds the OpenAPI description of the interface, generated
// from the annotations of package api and the descriptions of the datasets, and
// Swagger UI to show it.
package openapi

import "embed"

//go:generate go run ./generate

// JSON is the description as JSON.
//
//go:embed openapi.json
var JSON []byte

// YAML is the description as YAML.
//
//go:embed openapi.yaml
var YAML []byte

// SwaggerUI holds the files of Swagger UI (Apache License 2.0) that a page needs,
// and their licence, in the folder swagger-ui.
//
//go:embed swagger-ui
var SwaggerUI embed.FS

// Version is the version of the interface (SemVer), told in the field
// API-Version of every answer. It is raised with every change of the
// description.
const Version = "1.0.0"

// ServerURL stands for the address of a running service in the description.
const ServerURL = "https://zielstand.example/v1"
