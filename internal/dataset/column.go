// SPDX-License-Identifier: EUPL-1.2

package dataset

import (
	"strings"
	"unicode"
)

// Type is the type of the cells of a column.
type Type string

// The types of columns.
const (
	Identifier Type = "identifier" // names the row, unique, never reused
	Reference  Type = "reference"  // the identifier of a row of another dataset
	Code       Type = "code"       // an entry of a codelist
	String     Type = "string"     // text for people
	Date       Type = "date"       // YYYY-MM-DD
	Period     Type = "period"     // ISO 8601 in the reported precision
	Decimal    Type = "decimal"    // with the decimal places as reported
	Integer    Type = "integer"
	Boolean    Type = "boolean"
	List       Type = "list" // identifiers or codes separated by spaces
)

// Column describes a column of a dataset. An empty cell means that nothing is
// reported.
type Column struct {
	Name        string
	Type        Type
	Title       Text
	Description Text
	// Required columns must not have empty cells.
	Required bool
	// Of is the codelist of a Code, the dataset of a Reference, and either of a List; a
	// List without it names rows of several datasets.
	Of string
	// Via derives the cell when a release is published: "source.published|retrieved"
	// is the column published of the row that the column source refers to or, if that
	// is empty, its column retrieved.
	Via string
	// Computed columns follow from other datasets when a release is published.
	Computed bool
	// Locates marks a column that says where a statement is found, not what it says:
	// searches ignore it.
	Locates bool `json:",omitzero"`
	// Remark marks a column of remarks on the row. They often mention other rows, so
	// that searches ignore them.
	Remark bool `json:"-"`
	// Join is set on columns that the parameter include adds.
	Join Join `json:",omitzero"`
	// Address marks a String that is a web address.
	Address bool `json:",omitempty"`
	// Example is a value for documentation.
	Example string
}

// SQL returns the name of the column in SQL, in snake_case.
func (c Column) SQL() string {
	var b strings.Builder
	for _, r := range c.Name {
		if unicode.IsUpper(r) {
			b.WriteByte('_')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Numeric reports whether the column holds numbers.
func (c Column) Numeric() bool { return c.Type == Decimal || c.Type == Integer }

// Filterable reports whether a query can filter the column by value.
func (c Column) Filterable() bool { return c.Type != String }

// Searched reports whether the parameter q looks into the column.
func (c Column) Searched() bool {
	switch c.Type {
	case String:
		return !c.Locates && !c.Remark && !c.Address
	case Identifier, Reference, List:
		return true
	case Period:
		return c.Via == "" // else it is the date of a source
	}
	return false
}

// Ranged reports whether a query can filter the column by range, with the parameters
// {name}From and {name}To.
func (c Column) Ranged() bool {
	return c.Type == Date || c.Type == Period || c.Numeric()
}

// Entry returns the type of the entries of a List, and the type of the cells of any
// other column.
func (c Column) Entry() Type {
	switch {
	case c.Type != List || c.Of == "":
		return c.Type
	case ByID(c.Of) != nil:
		return Reference
	}
	return Code
}
