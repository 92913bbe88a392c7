// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"strconv"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// croissantVersion is the version of the Croissant format that CroissantDataset writes.
const croissantVersion = "http://mlcommons.org/croissant/1.0"

// croissantContext is the JSON-LD context that the specification prescribes.
var croissantContext = map[string]any{
	"@language": "en", "@vocab": "https://schema.org/",
	"citeAs": "cr:citeAs", "column": "cr:column", "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/",
	"data":     map[string]string{"@id": "cr:data", "@type": "@json"},
	"dataType": map[string]string{"@id": "cr:dataType", "@type": "@vocab"},
	"dct":      "http://purl.org/dc/terms/",
	"examples": map[string]string{"@id": "cr:examples", "@type": "@json"},
	"extract":  "cr:extract", "field": "cr:field", "fileObject": "cr:fileObject", "fileProperty": "cr:fileProperty",
	"fileSet": "cr:fileSet", "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset",
	"jsonPath": "cr:jsonPath", "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path",
	"rai": "http://mlcommons.org/croissant/RAI/", "recordSet": "cr:recordSet", "references": "cr:references", "regex": "cr:regex",
	"repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/", "separator": "cr:separator",
	"source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}

// The members of a Croissant document.
type (
	// CroissantDocument describes a dataset for machine learning (MLCommons Croissant 1.0):
	// its files, and the columns of the CSV.
	CroissantDocument struct {
		Context       map[string]any       `json:"@context"`
		Type          string               `json:"@type"`
		ConformsTo    string               `json:"conformsTo"`
		Name          string               `json:"name"`
		AlternateName string               `json:"alternateName"`
		Description   string               `json:"description"`
		License       string               `json:"license"`
		URL           string               `json:"url"`
		Creator       croissantAgent       `json:"creator"`
		Publisher     croissantAgent       `json:"publisher"`
		DatePublished string               `json:"datePublished"`
		DateModified  string               `json:"dateModified"`
		Version       string               `json:"version"`
		CiteAs        string               `json:"citeAs"`
		Keywords      []string             `json:"keywords"`
		InLanguage    []string             `json:"inLanguage"`
		Distribution  []croissantFile      `json:"distribution"`
		RecordSet     []croissantRecordSet `json:"recordSet"`
	}
	croissantAgent struct {
		Type string `json:"@type"`
		Name string `json:"name"`
		URL  string `json:"url,omitempty"`
	}
	croissantFile struct {
		Type           string `json:"@type"`
		ID             string `json:"@id"`
		Name           string `json:"name"`
		ContentURL     string `json:"contentUrl"`
		ContentSize    string `json:"contentSize"`
		EncodingFormat string `json:"encodingFormat"`
		SHA256         string `json:"sha256"`
	}
	croissantRecordSet struct {
		Type  string           `json:"@type"`
		ID    string           `json:"@id"`
		Name  string           `json:"name"`
		Key   croissantID      `json:"key"`
		Field []croissantField `json:"field"`
	}
	croissantField struct {
		Type        string          `json:"@type"`
		ID          string          `json:"@id"`
		Name        string          `json:"name"`
		Description string          `json:"description"`
		DataType    string          `json:"dataType"`
		Source      croissantSource `json:"source"`
	}
	croissantSource struct {
		FileObject croissantID      `json:"fileObject"`
		Extract    croissantExtract `json:"extract"`
	}
	croissantExtract struct {
		Column string `json:"column"`
	}
	croissantID struct {
		ID string `json:"@id"`
	}
)

// CroissantDataset describes a dataset of a release. The records are the rows of the plain
// CSV; a list is a text with spaces, as there.
func CroissantDataset(s Settings, r *domain.Release, e Entry) CroissantDocument {
	d := e.Dataset
	publisher := croissantAgent{"sc:Organization", s.Publisher.Name, s.Publisher.Homepage}
	out := CroissantDocument{
		Context: croissantContext, Type: "sc:Dataset", ConformsTo: croissantVersion,
		Name: d.Title.EN, AlternateName: d.Title.DE, Description: d.Description.EN, License: s.License, URL: s.landingPage(d),
		Creator: publisher, Publisher: publisher,
		DatePublished: e.Part.Issued.UTC().Format(time.DateOnly), DateModified: e.Part.Modified.UTC().Format(time.DateOnly),
		Version: r.ID, CiteAs: s.Attribution, InLanguage: []string{"de"}, Keywords: []string{},
		RecordSet: []croissantRecordSet{},
	}
	if e.English {
		out.InLanguage = append(out.InLanguage, "en")
	}
	for _, k := range d.Keywords {
		out.Keywords = append(out.Keywords, k.EN, k.DE)
	}
	for _, f := range e.Files {
		name := d.ID + "." + f.Format.Name
		if f.Format.Dialect != "" {
			name = d.ID + "-" + f.Format.Dialect + "." + f.Format.Name
		}
		out.Distribution = append(out.Distribution, croissantFile{
			"cr:FileObject", name, name, f.Address, strconv.FormatInt(f.Size, 10) + " B", f.Format.MediaType, f.SHA256,
		})
	}
	if len(d.Columns) == 0 {
		return out
	}
	records := croissantRecordSet{Type: "cr:RecordSet", ID: d.ID, Name: d.ID, Key: croissantID{d.ID + "/id"}}
	for _, c := range d.Columns {
		records.Field = append(records.Field, croissantField{
			"cr:Field", d.ID + "/" + c.Name, c.Name, c.Description.EN, croissantType(c.Type),
			croissantSource{croissantID{d.ID + ".csv"}, croissantExtract{c.Name}},
		})
	}
	out.RecordSet = append(out.RecordSet, records)
	return out
}

func croissantType(t dataset.Type) string {
	switch t {
	case dataset.Decimal:
		return "sc:Float"
	case dataset.Integer:
		return "sc:Integer"
	case dataset.Boolean:
		return "sc:Boolean"
	case dataset.Date:
		return "sc:Date"
	default:
		return "sc:Text"
	}
}
