// SPDX-License-Identifier: EUPL-1.2

// Package openapi has the OpenAPI description of the API, which is generated from
// package api and the descriptions of the datasets, and Swagger UI to show it.
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

// SwaggerUI has the files of Swagger UI (Apache License 2.0) and their licence, in
// the folder swagger-ui.
//
//go:embed swagger-ui
var SwaggerUI embed.FS

// Version is the version of the API (SemVer) in the API-Version header. It must be
// raised with every change of the description.
const Version = "1.2.0"

// PublicURL is the placeholder for the address of a service in the description,
// ServerURL that of its API, and ContactEmail that of the operator's mailbox.
const (
	PublicURL    = "https://zielstand.example"
	ServerURL    = PublicURL + "/v1"
	ContactEmail = "kontakt@zielstand.example"
)
