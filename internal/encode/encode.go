// SPDX-License-Identifier: EUPL-1.2

// Package encode writes rows in a format: JSON, NDJSON, JSON-stat, CSV and its dialects,
// workbooks (XLSX) and Parquet. It streams them row by row, except where a layout needs
// all of them, and knows nothing of HTTP or the store.
package encode

import (
	"io"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Format is a format of rows.
type Format struct {
	// Name is the value of the parameter format and the suffix of addresses.
	Name string
	// Dialect is the value of the parameter dialect, or empty.
	Dialect string
	// MediaType is the IANA media type without parameters.
	MediaType string
	// ContentType is the media type with its charset where it has one.
	ContentType string
	// FileType is the code in the EU vocabulary file-type.
	FileType string
	// Title is the name of the format for people.
	Title dataset.Text
	// Tabular formats have a header of columns, which can have readable titles and
	// another layout.
	Tabular bool
	// PerVersion formats write neither anything about the release nor the address of a whole
	// dataset, so that the file of a dataset stays the same in all releases that have the
	// same version of it.
	PerVersion bool
	// Binary formats are already compressed, and downloaded rather than shown.
	Binary bool
	// New starts a document.
	New func(w io.Writer, d Document) Encoder
}

// Document describes the rows that an encoder writes. An encoder ignores what its
// format has no place for.
type Document struct {
	Dataset *dataset.Dataset
	Columns []dataset.Column
	Meta    Meta
	Links   Links
	// Address is the permanent address of the document, or that of the dataset if the
	// document is of a version.
	Address string
	// Version is the SHA-256 of the rows in a document that belongs to a version of the
	// dataset rather than to a release, which Meta then does not name.
	Version string
	// Single reports that the document is one row rather than a collection.
	Single bool
	// Labels is the language of the column titles in the header; empty means the
	// names of the columns.
	Labels string
	// Wide requests a column for each period instead of a row.
	Wide bool
	// Rows is the number of rows that will be written. A workbook states it before
	// the first row and fails if there are fewer or more.
	Rows int64
	// Total is the number of matching rows, on all pages.
	Total int64
	// Immutable promises that the bytes of the cells never change, like those of a
	// table.Table.
	Immutable bool
	// Sources returns the documents that rows may refer to, Codes the entries of the
	// codelists that cells may contain, and Titles the titles of the rows of a dataset by
	// their id. Encoders that need them call them at any time until Close returns.
	Sources func() ([]Source, error)
	Codes   func() ([]Code, error)
	Titles  func(dataset string) (map[string]dataset.Text, error)
}

// Source is a document that rows refer to.
type Source struct {
	ID                                   string
	Title                                dataset.Text
	Publisher, Published, Reference, URL string
}

// Code is an entry of a codelist.
type Code struct {
	List, Code        string
	Title, Definition dataset.Text
}

// label returns the header of a column.
func (d Document) label(c dataset.Column) string {
	if d.Labels == "" {
		return c.Name
	}
	return c.Title.In(d.Labels)
}

// Encoder writes the rows of one document.
type Encoder interface {
	// Row writes one row; cells correspond to the document's columns. They are valid
	// during the call only, unless the document is Immutable.
	Row(cells [][]byte) error
	// Close ends the document; it does not close the writer.
	Close() error
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

const parquetType = "application/vnd.apache.parquet"

// Formats lists the formats in order of preference; the first is the default.
var Formats = []Format{
	{
		Name: "json", MediaType: "application/json", ContentType: "application/json", FileType: "JSON",
		Title: dataset.Text{DE: "JSON", EN: "JSON"}, New: newJSON,
	},
	{
		Name: "csv", MediaType: "text/csv", ContentType: "text/csv; charset=utf-8; header=present", FileType: "CSV",
		Title: dataset.Text{DE: "CSV", EN: "CSV"}, Tabular: true, PerVersion: true, New: pivotable(newCSV),
	},
	{
		Name: "csv", Dialect: "excel-de", MediaType: "text/csv", ContentType: "text/csv; charset=utf-8; header=present", FileType: "CSV",
		Title: dataset.Text{DE: "CSV für deutsches Excel", EN: "CSV for German Excel"}, Tabular: true, PerVersion: true, New: pivotable(newExcelDE),
	},
	{
		Name: "xlsx", MediaType: xlsxType, ContentType: xlsxType, FileType: "XLSX",
		Title: dataset.Text{DE: "Excel (XLSX)", EN: "Excel (XLSX)"}, Tabular: true, Binary: true, New: pivotable(newXLSX),
	},
	{
		// Not registered with IANA, but what clients ask for.
		Name: "ndjson", MediaType: "application/x-ndjson", ContentType: "application/x-ndjson", FileType: "JSON",
		Title: dataset.Text{DE: "NDJSON", EN: "NDJSON"}, PerVersion: true, New: newNDJSON,
	},
	{
		// The EU vocabulary has no code for Parquet.
		Name: "parquet", MediaType: parquetType, ContentType: parquetType, FileType: "OCTET",
		Title: dataset.Text{DE: "Parquet", EN: "Parquet"}, PerVersion: true, Binary: true, New: newParquet,
	},
}

// Names returns the names of the formats, each once.
func Names() []string {
	var names []string
	for _, f := range Formats {
		if f.Dialect == "" {
			names = append(names, f.Name)
		}
	}
	return names
}

// Tables returns the names of the tabular formats.
func Tables() []string {
	var names []string
	for _, f := range Formats {
		if f.Tabular && f.Dialect == "" {
			names = append(names, f.Name)
		}
	}
	return names
}

// Dialects returns the dialects of a format.
func Dialects(format string) []string {
	var names []string
	for _, f := range Formats {
		if f.Name == format && f.Dialect != "" {
			names = append(names, f.Dialect)
		}
	}
	return names
}

// Find returns the format with the name and dialect.
func Find(name, dialect string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name && f.Dialect == dialect {
			return f, true
		}
	}
	if name == JSONStat.Name && dialect == "" {
		return JSONStat, true
	}
	return Format{}, false
}
