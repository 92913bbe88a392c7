// SPDX-License-Identifier: EUPL-1.2

// Package dataset describes the datasets: their columns with type, meaning and
// references, and the queries they accept. Everything that shows a column (CSV
// headers, JSON, Table Schema, CSVW, DCAT, OpenAPI, pages) is generated from these
// descriptions; a new column is one entry here and a migration. The package neither
// stores nor encodes rows.
package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// Text is a text in German and English.
type Text struct{ DE, EN string }

// In returns the text in the language with the BCP 47 tag: English for "en",
// else German.
func (t Text) In(language string) string {
	if language == "en" {
		return t.EN
	}
	return t.DE
}

// Dataset is a collection of rows with the same columns, published as one
// dcat:Dataset.
type Dataset struct {
	// ID is the kebab-case identifier, part of every address.
	ID string
	// Item is the camelCase name of one row's identifier in paths, e.g. goalId.
	Item string
	// Schema is the UpperCamelCase name of one row's schema; see SchemaName.
	Schema string
	// Title and Description are for people.
	Title, Description Text
	// Keywords are for portals; no commas (DCAT-AP.de).
	Keywords []Text
	// Themes are codes of the EU vocabulary data-theme.
	Themes []string
	// Columns in their published order; new ones are added at the end.
	Columns []Column
	// Figures is set if the rows are figures.
	Figures *Figures `json:",omitempty"`
	// Computed marks a dataset that no editor writes: it follows from others
	// when a release is published.
	Computed bool
	// Secondary marks a dataset that helps to read the others (codelists,
	// areas); it is served but has no catalogue entry of its own.
	Secondary bool
	// Optional marks a dataset that an operator fills: pages and the catalogue do not
	// list it while it is empty.
	Optional bool `json:",omitempty"`
	// Snapshot marks a dataset that describes its source as of one day. Each release
	// may bring other rows: a row that is gone needs no withdrawal, and changes has no
	// history of its rows.
	Snapshot bool `json:",omitempty"`
	// Bulk marks a dataset that can have millions of rows: it is imported as a stream.
	Bulk bool `json:"-"`
}

// Column returns the index of the column with the name, or -1.
func (d *Dataset) Column(name string) int {
	return slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == name })
}

// Names returns the names of the columns in their order.
func (d *Dataset) Names() []string { return Names(d.Columns) }

// Names returns the names of columns.
func Names(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	return names
}

// Edited returns the columns of the data package: all that are neither derived nor
// computed.
func (d *Dataset) Edited() []Column {
	return slices.DeleteFunc(slices.Clone(d.Columns), func(c Column) bool { return c.Via != "" || c.Computed })
}

// RefersTo reports whether a column holds identifiers of the other dataset.
func (d *Dataset) RefersTo(other *Dataset) bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Entry() == Reference && c.Of == other.ID })
}

// Hash is the SHA-256 of the description, in hexadecimal: titles, columns and
// their meaning.
func (d *Dataset) Hash() string {
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings and truth values always encode
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// SchemaName returns Schema with one capital per word, its name in the OpenAPI
// description: OzgServiceCount.
func (d *Dataset) SchemaName() string {
	capital := func(b byte) bool { return b >= 'A' && b <= 'Z' }
	name := []byte(d.Schema)
	for i := 1; i < len(name); i++ {
		begins := i+1 < len(name) && !capital(d.Schema[i+1])
		if capital(d.Schema[i-1]) && capital(d.Schema[i]) && !begins {
			name[i] += 'a' - 'A'
		}
	}
	return string(name)
}

// Table is the name of the dataset's table in SQL.
func (d *Dataset) Table() string { return strings.ReplaceAll(d.ID, "-", "_") }

// ByID returns the dataset with the id, or nil.
func ByID(id string) *Dataset {
	for _, d := range All {
		if d.ID == id {
			return d
		}
	}
	return nil
}

// IDs returns the ids of all datasets in their order.
func IDs() []string {
	ids := make([]string, len(All))
	for i, d := range All {
		ids[i] = d.ID
	}
	return ids
}
