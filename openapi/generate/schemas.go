package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/internal/dataset"
)

// periodPattern matches a period; domain.PeriodRule describes it.
const periodPattern = `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$`

// schemaName returns the name of the schema of a row, with one capital per word:
// OzgServiceCount.
func schemaName(d *dataset.Dataset) string {
	name := []byte(d.Schema)
	for i := 1; i < len(name); i++ {
		begins := i+1 < len(name) && !capital(d.Schema[i+1])
		if capital(d.Schema[i-1]) && capital(d.Schema[i]) && !begins {
			name[i] += 'a' - 'A'
		}
	}
	return string(name)
}

func capital(b byte) bool { return b >= 'A' && b <= 'Z' }

// addSchemas replaces the general documents by one for each dataset and adds the
// schemas of rows.
func addSchemas(doc *openapi3.T) {
	schemas := doc.Components.Schemas
	collection, item := schemas["CollectionDocument"].Value, schemas["ItemDocument"].Value
	delete(schemas, "CollectionDocument")
	delete(schemas, "ItemDocument")
	file := openapi3.NewSchema()
	file.Description = "A dataset, or the data package that describes all datasets."
	for _, d := range dataset.All {
		name := schemaName(d)
		row := openapi3.NewSchemaRef(schemaRef+name, nil)
		rows := openapi3.NewArraySchema()
		rows.Items = row
		schemas[name] = rowSchema(d).NewRef()
		schemas[name+"Collection"] = document(collection, rows.NewRef()).NewRef()
		schemas[name+"Item"] = document(item, row).NewRef()
		file.AnyOf = append(file.AnyOf, openapi3.NewSchemaRef(schemaRef+name+"Collection", nil))
	}
	manifest := openapi3.NewObjectSchema().WithRequired([]string{"name", "version", "resources"})
	manifest.Description = "Frictionless Data Package: the files of the release with their columns, sizes and checksums."
	schemas["DataPackage"] = manifest.NewRef()
	file.AnyOf = append(file.AnyOf, openapi3.NewSchemaRef(schemaRef+"DataPackage", nil))
	schemas[releaseFile] = file.NewRef()
}

// document returns the general document with the schema of its data.
func document(general *openapi3.Schema, data *openapi3.SchemaRef) *openapi3.Schema {
	s := openapi3.NewObjectSchema().WithRequired(general.Required)
	s.Properties = openapi3.Schemas{"meta": general.Properties["meta"], "links": general.Properties["links"], "data": data}
	return s
}

// rowSchema returns the schema of a row. No property is required, because the fields
// parameter can leave out any of them.
func rowSchema(d *dataset.Dataset) *openapi3.Schema {
	s := openapi3.NewObjectSchema()
	s.Title = d.Title.EN
	s.Description = d.Description.EN + " A row has all properties unless the fields parameter selects some."
	for _, c := range d.Columns {
		column := valueSchema(c)
		if c.Type == dataset.List {
			column = openapi3.NewArraySchema().WithItems(column)
		} else if !c.Required {
			column = column.WithTypes(append(column.Type.Slice(), openapi3.TypeNull)...)
		}
		column.Title, column.Description = c.Title.EN, c.Description.EN+meaning(c)
		if c.Example != "" {
			column.Example = jsonValue(c, c.Example)
		}
		s.Properties[c.Name] = column.NewRef()
	}
	return s
}

// meaning names the codelist of a code or the dataset of a reference.
func meaning(c dataset.Column) string {
	switch c.Type {
	case dataset.Code:
		return " Code from the codelist " + c.Of + "."
	case dataset.Reference:
		return " Id from " + c.Of + "."
	}
	return ""
}

// valueSchema returns the schema of one value of the column. Codes and identifiers
// are plain strings, so that new ones do not change the API.
func valueSchema(c dataset.Column) *openapi3.Schema {
	switch c.Type {
	case dataset.Decimal:
		return openapi3.NewSchema().WithTypes(openapi3.TypeNumber)
	case dataset.Integer:
		return openapi3.NewIntegerSchema()
	case dataset.Boolean:
		return openapi3.NewBoolSchema()
	case dataset.Date:
		return openapi3.NewStringSchema().WithFormat("date")
	case dataset.Period:
		return openapi3.NewStringSchema().WithPattern(periodPattern)
	default:
		return openapi3.NewStringSchema()
	}
}

// jsonValue returns a cell as its value in JSON.
func jsonValue(c dataset.Column, cell string) any {
	switch c.Type {
	case dataset.Decimal, dataset.Integer:
		return json.Number(cell)
	case dataset.Boolean:
		return cell == "true"
	case dataset.List:
		return strings.Fields(cell)
	default:
		return cell
	}
}

// example returns an example of the column: its own, else the one of the identifier
// that it refers to, else the one of a similar column.
func example(c dataset.Column) string {
	if c.Example != "" {
		return c.Example
	}
	if d := dataset.ByID(c.Of); c.Type == dataset.Reference && d != nil {
		return d.Columns[0].Example
	}
	for _, d := range dataset.All {
		if i := slices.IndexFunc(d.Columns, func(o dataset.Column) bool {
			return o.Type == c.Type && o.Of == c.Of && o.Example != ""
		}); i >= 0 {
			return d.Columns[i].Example
		}
	}
	return ""
}
