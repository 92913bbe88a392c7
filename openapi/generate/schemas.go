// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// periodPattern matches a period; domain.PeriodRule describes it.
const periodPattern = `^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?(/[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$`

// addSchemas replaces the general documents by those of each dataset and adds the
// schemas of rows.
func addSchemas(doc *openapi3.T) {
	schemas := doc.Components.Schemas
	collection, item := schemas["CollectionDocument"].Value, schemas["ItemDocument"].Value
	delete(schemas, "CollectionDocument")
	delete(schemas, "ItemDocument")
	meta := *schemas["Meta"].Value
	meta.Required = append(slices.Clone(meta.Required), "total")
	schemas["CollectionMeta"] = meta.NewRef()
	addCodes(schemas)
	file := openapi3.NewSchema()
	file.Description = "A dataset, or the data package that describes all datasets."
	for _, d := range dataset.All {
		addDataset(schemas, d, collection, item)
		file.AnyOf = append(file.AnyOf, openapi3.NewSchemaRef(schemaRef+d.SchemaName()+"Collection", nil))
	}
	resources := openapi3.NewArraySchema().WithItems(openapi3.NewObjectSchema().WithAnyAdditionalProperties())
	manifest := openapi3.NewObjectSchema().WithRequired([]string{"name", "version", "resources"}).WithAnyAdditionalProperties().
		WithProperty("name", openapi3.NewStringSchema()).WithProperty("version", openapi3.NewStringSchema()).WithProperty("resources", resources)
	manifest.Description = "Frictionless Data Package: the files of the release with their columns, sizes and checksums."
	schemas["DataPackage"] = manifest.NewRef()
	file.AnyOf = append(file.AnyOf, openapi3.NewSchemaRef(schemaRef+"DataPackage", nil))
	schemas[releaseFile] = file.NewRef()
}

// The endings of the names of the schemas of rows that fields or groupBy changed.
const (
	fieldsVariant = "Fields"
	groupVariant  = "Group"
)

// addDataset adds the documents of a dataset. A collection has three variants: rows with
// all properties, those of a request with the parameter fields, in which any can be
// missing, and groups. A generated client thus has a type whose members are all present.
func addDataset(schemas openapi3.Schemas, d *dataset.Dataset, collection, item *openapi3.Schema) {
	name := d.SchemaName()
	schemas[name], schemas[name+fieldsVariant], schemas[name+groupVariant] = rowSchema(d).NewRef(), fieldsSchema(d).NewRef(), groupSchema(d).NewRef()
	for _, row := range []string{name, name + fieldsVariant, name + groupVariant} {
		ref := openapi3.NewSchemaRef(schemaRef+row, nil)
		rows := openapi3.NewArraySchema()
		rows.Items = ref
		list := document(collection, rows.NewRef())
		list.Properties["meta"] = openapi3.NewSchemaRef(schemaRef+"CollectionMeta", nil)
		schemas[row+"Collection"] = list.NewRef()
		if row != name+groupVariant {
			schemas[row+"Item"] = document(item, ref).NewRef()
		}
	}
	const some = "With the parameter fields, the second variant: rows that have only the requested columns."
	rows := variants(some+" With groupBy, the third: groups of rows.", name+"Collection", name+fieldsVariant+"Collection", name+groupVariant+"Collection")
	row := variants(some, name+"Item", name+fieldsVariant+"Item")
	if d == dataset.Observations {
		schemas["JsonStatDataset"] = jsonStatSchema().NewRef()
		for _, s := range []*openapi3.Schema{rows, row} {
			s.Description += " With format=jsonstat, the last."
			s.AnyOf = append(s.AnyOf, openapi3.NewSchemaRef(schemaRef+"JsonStatDataset", nil))
		}
	}
	schemas[name+"Rows"], schemas[name+"Row"] = rows.NewRef(), row.NewRef()
}

// variants returns the schema of a document that is one of several.
func variants(description string, names ...string) *openapi3.Schema {
	s := openapi3.NewSchema()
	s.Description = description
	for _, name := range names {
		s.AnyOf = append(s.AnyOf, openapi3.NewSchemaRef(schemaRef+name, nil))
	}
	return s
}

// jsonStatSchema returns the schema of a cube of observations.
func jsonStatSchema() *openapi3.Schema {
	text, object := openapi3.NewStringSchema(), openapi3.NewObjectSchema().WithAnyAdditionalProperties()
	texts := openapi3.NewArraySchema().WithItems(text)
	values := openapi3.NewObjectSchema().WithAdditionalProperties(openapi3.NewSchema().WithTypes(openapi3.TypeNumber).WithFormat("double"))
	values.Description = "The values by their position in the cube. Cells without a value are left out."
	status := openapi3.NewObjectSchema().WithAdditionalProperties(text)
	status.Description = "The qualifiers of the values that are not exact, by position."
	s := openapi3.NewObjectSchema().WithRequired([]string{"version", "class", "href", "label", "source", "updated", "id", "size", "role", "dimension", "value", "extension"}).
		WithProperty("version", openapi3.NewStringSchema().WithEnum("2.0")).
		WithProperty("class", openapi3.NewStringSchema().WithEnum("dataset")).
		WithProperty("href", text).WithProperty("label", text).WithProperty("source", text).
		WithProperty("updated", openapi3.NewStringSchema().WithFormat("date-time")).
		WithProperty("id", texts).
		WithProperty("size", openapi3.NewArraySchema().WithItems(openapi3.NewIntegerSchema())).
		WithProperty("role", openapi3.NewObjectSchema().WithAdditionalProperties(texts)).
		WithProperty("dimension", object).WithProperty("value", values).WithProperty("status", status).WithProperty("extension", object)
	s.Title, s.Description = "JSON-stat dataset", "The observations of one indicator as a JSON-stat 2.0 dataset (json-stat.org)."
	return s
}

// groupColumns returns the columns that groups of rows can have.
func groupColumns(d *dataset.Dataset) *dataset.Dataset {
	q := dataset.Query{Dataset: d, Aggregates: d.Aggregates()}
	for _, name := range d.Groupable() {
		q.GroupBy = append(q.GroupBy, d.Column(name))
	}
	return q.Answer()
}

// groupSchema returns the schema of a group of rows. Which columns it has depends on the
// parameters groupBy and aggregate.
func groupSchema(d *dataset.Dataset) *openapi3.Schema {
	s := openapi3.NewObjectSchema()
	s.Title = d.Title.EN + ", grouped"
	s.Description = "A group of rows of " + d.SchemaName() + ", with the columns that groupBy names and those of the aggregates."
	columns := groupColumns(d)
	for i, c := range columns.Columns {
		column := columnSchema(c)
		if i >= len(d.Groupable()) && column.Ref == "" {
			column.Value.Title, column.Value.Description = c.Title.EN, c.Description.EN+meaning(c)
		}
		s.Properties[c.Name] = column
	}
	if references := columns.Includable(); len(references) > 0 {
		s.Properties["included"] = included(columns, references).NewRef()
	}
	return s
}

// document returns the general document with the schema of its data.
func document(general *openapi3.Schema, data *openapi3.SchemaRef) *openapi3.Schema {
	s := openapi3.NewObjectSchema().WithRequired(general.Required)
	s.Properties = openapi3.Schemas{"meta": general.Properties["meta"], "links": general.Properties["links"], "data": data}
	return s
}

// rowSchema returns the schema of a row with all columns. A column in which nothing is
// reported is null, never absent.
func rowSchema(d *dataset.Dataset) *openapi3.Schema {
	s := openapi3.NewObjectSchema().WithRequired(d.Names())
	s.Title, s.Description = d.Title.EN, d.Description.EN
	for _, c := range d.Columns {
		column := columnSchema(c)
		description := c.Description.EN + meaning(c)
		if column.Ref != "" {
			column = describedRef(column.Ref, c.Title.EN, description)
		} else {
			column.Value.Title, column.Value.Description = c.Title.EN, description
			if c.Example != "" {
				column.Value.Example = jsonValue(c, c.Example)
			}
		}
		s.Properties[c.Name] = column
	}
	if references := d.Includable(); len(references) > 0 {
		s.Properties["included"] = included(d, references).NewRef()
	}
	return s
}

// included returns the schema of the titles that the include parameter adds.
func included(d *dataset.Dataset, references []string) *openapi3.Schema {
	s := openapi3.NewObjectSchema()
	s.Description = "Titles of the rows that this one refers to, if the include parameter names the references."
	for _, name := range references {
		row := openapi3.NewObjectSchema()
		for _, c := range d.Joined([]int{d.Column(name)}) {
			title := openapi3.NewSchema().WithTypes(openapi3.TypeString, openapi3.TypeNull)
			title.Title, title.Description = c.Title.EN, c.Description.EN
			row.Properties[c.Join.Member] = title.NewRef()
		}
		s.Properties[name] = row.NewRef()
	}
	return s
}

// describedRef returns a reference with a title and a description of its own, which
// OpenAPI 3.1 allows and kin-openapi can only read.
func describedRef(ref, title, description string) *openapi3.SchemaRef {
	text, err := json.Marshal(map[string]string{"$ref": ref, "title": title, "description": description})
	if err != nil {
		panic(err) // strings always encode
	}
	var out openapi3.SchemaRef
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	return &out
}

// fieldsSchema returns the schema of a row with some of the columns.
func fieldsSchema(d *dataset.Dataset) *openapi3.Schema {
	s := openapi3.NewObjectSchema()
	s.Title = d.Title.EN + ", columns selected by fields"
	s.Description = "A row of " + d.SchemaName() + " with the columns selected by `fields`."
	for _, c := range d.Columns {
		s.Properties[c.Name] = columnSchema(c)
	}
	return s
}

// columnSchema returns the schema of a cell in JSON.
func columnSchema(c dataset.Column) *openapi3.SchemaRef {
	value := valueSchema(c)
	switch {
	case c.Type == dataset.List:
		column := openapi3.NewArraySchema()
		column.Items = value
		return column.NewRef()
	case c.Required:
		return value
	case value.Ref != "":
		null := openapi3.NewSchema().WithTypes(openapi3.TypeNull)
		return (&openapi3.Schema{AnyOf: openapi3.SchemaRefs{value, null.NewRef()}}).NewRef()
	}
	return value.Value.WithTypes(append(value.Value.Type.Slice(), openapi3.TypeNull)...).NewRef()
}

// codelistNames is the codelist of the names of all codelists.
const codelistNames = "codelist"

// addCodes adds a schema for each codelist that a column has codes of.
func addCodes(schemas openapi3.Schemas) {
	for _, d := range dataset.All {
		for _, c := range d.Columns {
			if c.Entry() != dataset.Code {
				continue
			}
			s := openapi3.NewStringSchema().WithEnum(anys(codes[c.Of])...)
			s.Description = "A code from the codelist " + c.Of + ", which /codelists explains. Later releases can add codes."
			if c.Of == codelistNames {
				s.Description = "A codelist name. Later releases can add codelists."
			}
			schemas[codeName(c.Of)] = s.NewRef()
			if c.Required {
				continue
			}
			none := openapi3.NewStringSchema().WithEnum(anys(appendNew(codes[c.Of], dataset.None))...)
			none.Description = "A code from the codelist " + c.Of + ", or " + dataset.None + " for an empty cell."
			schemas[codeName(c.Of)+orNone] = none.NewRef()
		}
	}
}

// orNone ends the name of the schema of codes in filters of columns that can be empty.
const orNone = "OrNone"

// appendNew adds the value unless it is there.
func appendNew(values []string, value string) []string {
	if slices.Contains(values, value) {
		return values
	}
	return append(slices.Clone(values), value)
}

func codeName(list string) string { return pascal(list) + "Code" }

// meaning names the codelist of codes or the dataset of references.
func meaning(c dataset.Column) string {
	code, id := " Code", " Identifier"
	if c.Type == dataset.List {
		code, id = " Codes", " Identifiers"
	}
	if c.Of == codelistNames {
		return "" // the description says it
	}
	switch c.Entry() {
	case dataset.Code:
		return code + " from the codelist " + c.Of + "."
	case dataset.Reference:
		return id + " from " + c.Of + "."
	}
	return ""
}

// valueSchema returns the schema of one value of the column. Codes are those of the data
// that the program contains; identifiers are plain strings.
func valueSchema(c dataset.Column) *openapi3.SchemaRef {
	if c.Entry() == dataset.Code {
		return openapi3.NewSchemaRef(schemaRef+codeName(c.Of), nil)
	}
	switch c.Type {
	case dataset.Decimal:
		return openapi3.NewSchema().WithTypes(openapi3.TypeNumber).WithFormat("double").NewRef()
	case dataset.Integer:
		return openapi3.NewIntegerSchema().NewRef()
	case dataset.Boolean:
		return openapi3.NewBoolSchema().NewRef()
	case dataset.Date:
		return openapi3.NewStringSchema().WithFormat("date").NewRef()
	case dataset.Period:
		return openapi3.NewStringSchema().WithPattern(periodPattern).NewRef()
	default:
		return openapi3.NewStringSchema().NewRef()
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

// headers are the response headers.
var headers = map[string]*openapi3.Parameter{
	"Allow":         header("The methods that are allowed: GET, HEAD and OPTIONS.", openapi3.NewStringSchema(), true),
	"API-Version":   header("Version of the API (SemVer), the same as in this description.", openapi3.NewStringSchema(), true),
	"ETag":          header("Strong entity tag. Send it in If-None-Match; an unchanged response is then a 304 without a body.", openapi3.NewStringSchema(), true),
	"Content-Range": header("Bytes in the body and length of the file (RFC 9110, 14.4). Absent with several ranges.", openapi3.NewStringSchema(), false),
	"Last-Modified": header("Time at which this instance of the service started to serve its current state. Absent for the first few seconds.", openapi3.NewStringSchema(), false),
	"Location":      header("Address of the page.", openapi3.NewStringSchema(), true),
	"Link":          header("Links to the permanent address of the response (canonical) and to the next page (next), see RFC 8288.", openapi3.NewStringSchema(), false),
	"Retry-After":   header("Number of seconds after which to try again.", openapi3.NewIntegerSchema(), true),
	"X-Total-Count": header("Total number of matching rows on all pages.", openapi3.NewIntegerSchema(), true),
}

func header(description string, schema *openapi3.Schema, required bool) *openapi3.Parameter {
	return &openapi3.Parameter{Description: description, Schema: schema.NewRef(), Required: required}
}

func headerRefs(names ...string) openapi3.Headers {
	refs := openapi3.Headers{}
	for _, name := range names {
		refs[name] = &openapi3.HeaderRef{Ref: "#/components/headers/" + name}
	}
	return refs
}

// problems describes the errors.
var problems = map[int]string{
	http.StatusBadRequest:                   "A parameter is unknown or its value is invalid. The problem names both, lists what is allowed and suggests the most similar value.",
	http.StatusNotFound:                     "The identifier does not exist. The problem suggests the most similar one.",
	http.StatusMethodNotAllowed:             "The method is not one of those in the Allow header.",
	http.StatusNotAcceptable:                "None of the media types in the Accept header is available.",
	http.StatusPreconditionFailed:           "A condition in If-Match or If-Unmodified-Since is not met.",
	http.StatusGone:                         "The row was withdrawn, or the release was deleted. The problem has the date and the reason, or the release to load instead.",
	http.StatusRequestedRangeNotSatisfiable: "The range in the Range header is outside the file. Content-Range has its length.",
	http.StatusTooManyRequests:              "Too many requests from this address. Try again later.",
	http.StatusServiceUnavailable:           "The data cannot be read at the moment, or too many requests are being answered. Try again later.",
}

// addResponses adds the responses that are the same everywhere to the components.
func addResponses(doc *openapi3.T) {
	doc.Components.Headers, doc.Components.Responses = openapi3.Headers{}, openapi3.ResponseBodies{}
	for name, h := range headers {
		doc.Components.Headers[name] = &openapi3.HeaderRef{Value: &openapi3.Header{Parameter: *h}}
	}
	for status, description := range problems {
		r := openapi3.NewResponse().WithDescription(description)
		r.Headers = headerRefs("API-Version")
		switch status {
		case http.StatusServiceUnavailable, http.StatusTooManyRequests:
			r.Headers = headerRefs("API-Version", "Retry-After")
		case http.StatusMethodNotAllowed:
			r.Headers = headerRefs("API-Version", "Allow")
		case http.StatusRequestedRangeNotSatisfiable:
			r.Headers = headerRefs("API-Version", "Content-Range")
		}
		r.Content = openapi3.NewContentWithSchemaRef(openapi3.NewSchemaRef(schemaRef+"Problem", nil), []string{"application/problem+json"})
		doc.Components.Responses[componentName(status)] = &openapi3.ResponseRef{Value: r}
	}
	same := openapi3.NewResponse().WithDescription("Not changed since the response identified by If-None-Match or If-Modified-Since.")
	same.Headers = headerRefs("API-Version", "ETag")
	part := openapi3.NewResponse().WithDescription("The bytes that Range asks for; several ranges as multipart/byteranges.")
	part.Headers = headerRefs("API-Version", "Content-Range", "ETag", "Last-Modified")
	doc.Components.Responses[componentName(http.StatusPartialContent)] = &openapi3.ResponseRef{Value: part}
	page := openapi3.NewResponse().WithDescription("A browser, which prefers text/html, is redirected to the page of the datasets.")
	page.Headers = headerRefs("API-Version", "Location")
	doc.Components.Responses[componentName(http.StatusSeeOther)] = &openapi3.ResponseRef{Value: page}
	doc.Components.Responses[componentName(http.StatusNotModified)] = &openapi3.ResponseRef{Value: same}
}

// componentName returns the name of the response with the status: NotFound.
func componentName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// complete adds what the annotation leaves out: headers, media types, and the
// statuses that every operation, or every one with an identifier in its path, has.
func complete(op *openapi3.Operation, identified bool) {
	for code, response := range op.Responses.Map() {
		status, _ := strconv.Atoi(code)
		if status == http.StatusOK {
			succeed(response.Value)
		} else {
			refer(op, status)
		}
	}
	for _, status := range []int{http.StatusNotModified, http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		refer(op, status)
	}
	if identified {
		refer(op, http.StatusNotFound)
	}
}

func refer(op *openapi3.Operation, status int) {
	op.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Ref: "#/components/responses/" + componentName(status)})
}

// succeed completes a 200. The schema of the annotation is for application/json only.
// Rows are available in all formats, even if the annotation does not list them.
func succeed(r *openapi3.Response) {
	r.Headers = headerRefs("API-Version", "ETag", "Last-Modified")
	if media := r.Content["application/json"]; media != nil {
		name := strings.TrimPrefix(media.Schema.Ref, schemaRef)
		if strings.HasSuffix(name, "Rows") || strings.HasSuffix(name, "Collection") {
			r.Headers = headerRefs("API-Version", "ETag", "Last-Modified", "Link", "X-Total-Count")
		}
		if strings.HasSuffix(name, "Rows") || strings.HasSuffix(name, "Row") || strings.HasSuffix(name, "Collection") || name == releaseFile {
			addFormats(r.Content)
		}
	}
	for mediaType, media := range r.Content {
		if mediaType != "application/json" {
			media.Schema = contentSchema(mediaType)
		}
	}
}

func addFormats(content openapi3.Content) {
	for _, f := range encode.Formats {
		if content[f.MediaType] == nil {
			content[f.MediaType] = openapi3.NewMediaType()
		}
	}
}

// contentSchema returns a general schema for a media type. Generators take content
// without a schema for any value, so binary content has one, too.
func contentSchema(mediaType string) *openapi3.SchemaRef {
	switch {
	case strings.HasSuffix(mediaType, "+json"):
		return openapi3.NewSchema().WithTypes(openapi3.TypeObject).NewRef()
	case strings.Contains(mediaType, "/vnd."):
		return openapi3.NewStringSchema().WithFormat("binary").NewRef()
	default:
		return openapi3.NewStringSchema().NewRef()
	}
}
