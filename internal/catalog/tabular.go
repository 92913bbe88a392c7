// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"encoding/json"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
)

// Metadata is the CSVW description of a CSV (Metadata Vocabulary for Tabular
// Data, 5.3).
type Metadata struct {
	Context     []any       `json:"@context"`
	ID          string      `json:"@id"`
	URL         string      `json:"url"`
	Title       []Words     `json:"dc:title"`
	Description []Words     `json:"dc:description"`
	License     Link        `json:"dc:license"`
	Dialect     Dialect     `json:"dialect"`
	Schema      TableSchema `json:"tableSchema"`
}

// Link is a JSON-LD link.
type Link struct {
	ID string `json:"@id"`
}

// Words is the value of a common property: a text in a language (5.8).
type Words struct {
	Value    string `json:"@value"`
	Language string `json:"@language"`
}

// Dialect is the dialect of a CSV file (5.9).
type Dialect struct {
	Delimiter       string   `json:"delimiter"`
	Header          bool     `json:"header"`
	Encoding        string   `json:"encoding"`
	LineTerminators []string `json:"lineTerminators"`
}

// TableSchema describes the columns (5.5).
type TableSchema struct {
	Columns    []TableColumn `json:"columns"`
	PrimaryKey string        `json:"primaryKey"`
	AboutURL   string        `json:"aboutUrl,omitempty"`
}

// TableColumn describes a column (5.6).
type TableColumn struct {
	Name        string              `json:"name"`
	Titles      map[string][]string `json:"titles"`
	Description []Words             `json:"dc:description"`
	Datatype    Datatype            `json:"datatype"`
	Required    bool                `json:"required"`
	Separator   string              `json:"separator,omitempty"`
}

// Datatype is the type of a column's cells (5.11.2) and their format (6.4).
type Datatype struct {
	Base   string
	Format any
}

// MarshalJSON returns only the name of a type that has no format.
func (d Datatype) MarshalJSON() ([]byte, error) {
	if d.Format == nil {
		return json.Marshal(d.Base)
	}
	return json.Marshal(struct {
		Base   string `json:"base"`
		Format any    `json:"format"`
	}{d.Base, d.Format})
}

// NumericFormat is the format of numbers (6.4.2).
type NumericFormat struct {
	DecimalChar string `json:"decimalChar"`
}

// protection explains in the description of a file how to read the dialect excel-de.
var protection = dataset.Text{
	DE: " Für Tabellenkalkulationen: Kennungen, Codes, Tage, Zeiträume und manche Texte stehen als Formel da, deren Wert der Text ist, =\"05\"; Zahlen haben ein Dezimalkomma.",
	EN: " For spreadsheets: identifiers, codes, days, periods and some texts are written as a formula whose value is the text, =\"05\"; numbers have a decimal comma.",
}

// TableMetadata returns the description, with the address self, of a dataset's CSV file
// with the address file.
func TableMetadata(s Settings, d *dataset.Dataset, f encode.Format, file, self string) Metadata {
	m := Metadata{
		Context: []any{"http://www.w3.org/ns/csvw", map[string]string{"@language": "de"}},
		ID:      self, URL: file,
		Title: languages(d.Title), Description: languages(d.Description), License: Link{s.License},
		Dialect: Dialect{",", true, "utf-8", []string{"\r\n"}},
		Schema:  TableSchema{PrimaryKey: "id", AboutURL: s.PublicURL + "/v1/" + d.ID + "/{id}"},
	}
	if f.Dialect != "" {
		m.Dialect.Delimiter = ";"
		m.Schema.AboutURL = "" // the cells of id are formulas
		m.Description = languages(dataset.Text{DE: d.Description.DE + protection.DE, EN: d.Description.EN + protection.EN})
	}
	for _, c := range d.Columns {
		column := TableColumn{
			Name: c.Name, Titles: map[string][]string{"und": {c.Name}, "de": {c.Title.DE}, "en": {c.Title.EN}},
			Description: languages(c.Description), Datatype: Datatype{Base: datatype(c.Type)}, Required: c.Required,
		}
		switch {
		case f.Dialect != "" && encode.Protected(c):
			column.Datatype = Datatype{"string", encode.ProtectedPattern}
		case f.Dialect != "" && c.Type == dataset.Decimal:
			column.Datatype.Format = NumericFormat{DecimalChar: ","}
		case f.Dialect == "" && c.Type == dataset.List:
			column.Separator = " "
		}
		m.Schema.Columns = append(m.Schema.Columns, column)
	}
	return m
}

func languages(t dataset.Text) []Words { return []Words{{t.DE, "de"}, {t.EN, "en"}} }

// datatype returns the CSVW datatype. Periods are strings, as their precision varies.
func datatype(t dataset.Type) string {
	switch t {
	case dataset.Decimal:
		return "decimal"
	case dataset.Integer:
		return "integer"
	case dataset.Boolean:
		return "boolean"
	case dataset.Date:
		return "date"
	default:
		return "string"
	}
}

// PackageFile is a file of a served data package.
type PackageFile struct {
	Dataset *dataset.Dataset
	File    File
}

// ServedPackage is a Frictionless data package of files as they are served.
type ServedPackage struct {
	Profile   string           `json:"profile"`
	Name      string           `json:"name"`
	ID        string           `json:"id"`
	Title     string           `json:"title"`
	Version   string           `json:"version"`
	Created   string           `json:"created"`
	Notes     string           `json:"notes,omitempty"`
	Synthetic bool             `json:"synthetic,omitempty"`
	Homepage  string           `json:"homepage"`
	Licenses  []License        `json:"licenses"`
	Resources []ServedResource `json:"resources"`
}

// License is the licence of a data package, without a name, which would have to be an
// identifier of the Open Definition.
type License struct {
	Path string `json:"path"`
}

// ServedResource is a served file with its size and checksum.
type ServedResource struct {
	dataset.Resource
	Bytes int64  `json:"bytes"`
	Hash  string `json:"hash"`
}

// DataPackage returns the data package of the CSV files of a release.
func DataPackage(s Settings, r *domain.Release, files []PackageFile) ServedPackage {
	p := ServedPackage{
		Profile: "tabular-data-package", Name: "zielstand", ID: s.PublicURL + "/v1/releases/" + r.ID,
		Title: r.Title, Version: r.ID, Created: r.Published.Format(time.RFC3339), Homepage: s.PublicURL + "/",
		Notes: r.Notes, Synthetic: r.Synthetic,
		Licenses: []License{{Path: s.License}},
	}
	for _, f := range files {
		p.Resources = append(p.Resources, ServedResource{Resource: dataset.DescribePublished(f.Dataset), Bytes: f.File.Size, Hash: "sha256:" + f.File.SHA256})
	}
	return p
}
