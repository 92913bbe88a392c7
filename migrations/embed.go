// SPDX-License-Identifier: EUPL-1.2

// Package migrations contains the SQL that creates the store, in one folder for
// each database, with the same numbers and names.
package migrations

import "embed"

// FS holds postgres/*.sql and sqlite/*.sql in the form of goose.
//
//go:embed postgres/*.sql sqlite/*.sql
var FS embed.FS
