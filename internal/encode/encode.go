// Package encode turns rows into the bytes of a format: JSON, CSV and its
// dialects. It writes row by row from the cells' bytes, without reflection and
// without keeping the whole, and knows nothing of HTTP or the store.
package encode

import (
	"io"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Format is a form in which rows are published.
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
	// Title names the format for people.
	Title dataset.Text
	// New begins a document of the format.
	New func(w io.Writer, d Document) Encoder
}

// Document is what surrounds the rows.
type Document struct {
	Columns []dataset.Column
	// Meta and Links are JSON objects; formats without room for them leave
	// them out.
	Meta, Links []byte
	// Single says that the document is about one row, not a collection.
	Single bool
}

// Encoder writes the rows of one document.
type Encoder interface {
	// Row writes one row; cells correspond to the document's columns.
	Row(cells [][]byte) error
	// Close ends the document; it does not close the writer.
	Close() error
}

// Formats lists the formats of rows in the order in which they are offered; the
// first is the default.
var Formats = []Format{
	{
		Name: "json", MediaType: "application/json", ContentType: "application/json", FileType: "JSON",
		Title: dataset.Text{DE: "JSON", EN: "JSON"}, New: newJSON,
	},
	{
		Name: "csv", MediaType: "text/csv", ContentType: "text/csv; charset=utf-8; header=present", FileType: "CSV",
		Title: dataset.Text{DE: "CSV", EN: "CSV"}, New: newCSV,
	},
	{
		Name: "csv", Dialect: "excel-de", MediaType: "text/csv", ContentType: "text/csv; charset=utf-8; header=present", FileType: "CSV",
		Title: dataset.Text{DE: "CSV für deutsches Excel", EN: "CSV for German Excel"}, New: newExcelDE,
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
	return Format{}, false
}
