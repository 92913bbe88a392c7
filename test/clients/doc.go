// SPDX-License-Identifier: EUPL-1.2

// Package clients generates clients from the OpenAPI description, in Go with oapi-codegen
// and in TypeScript with openapi-typescript, and runs small programs that use them. It
// has tests only; without npm, those in TypeScript are skipped.
package clients
