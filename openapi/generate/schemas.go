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

// meaning names the codelist of codes or the dataset of references.
func meaning(c dataset.Column) string {
	code, id := " Code", " Id"
	if c.Type == dataset.List {
		code, id = " Codes", " Ids"
	}
	switch c.Entry() {
	case dataset.Code:
		return code + " from the codelist " + c.Of + "."
	case dataset.Reference:
		return id + " from " + c.Of + "."
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

// headers are the response headers.
var headers = map[string]*openapi3.Parameter{
	"API-Version":   header("Version of the API (SemVer), the same as in this description.", openapi3.NewStringSchema(), true),
	"ETag":          header("Strong entity tag. Send it in If-None-Match; an unchanged response is then a 304 without a body.", openapi3.NewStringSchema(), true),
	"Last-Modified": header("Time at which this instance of the service started to serve its current state. Absent for the first few seconds.", openapi3.NewStringSchema(), false),
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
	http.StatusBadRequest:         "A parameter is unknown or its value is invalid. The problem names both, lists what is allowed and suggests the most similar value.",
	http.StatusNotFound:           "The identifier does not exist. The problem suggests the most similar one.",
	http.StatusNotAcceptable:      "None of the media types in the Accept header is available.",
	http.StatusPreconditionFailed: "A condition in If-Match or If-Unmodified-Since is not met.",
	http.StatusGone:               "The row was withdrawn. The problem has the date and the reason.",
	http.StatusServiceUnavailable: "The data cannot be read at the moment. Try again later.",
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
		if status == http.StatusServiceUnavailable {
			r.Headers = headerRefs("API-Version", "Retry-After")
		}
		r.Content = openapi3.NewContentWithSchemaRef(openapi3.NewSchemaRef(schemaRef+"Problem", nil), []string{"application/problem+json"})
		doc.Components.Responses[componentName(status)] = &openapi3.ResponseRef{Value: r}
	}
	same := openapi3.NewResponse().WithDescription("Not changed since the response identified by If-None-Match or If-Modified-Since.")
	same.Headers = headerRefs("API-Version", "ETag")
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
		if status < http.StatusMultipleChoices {
			succeed(response.Value)
		} else {
			refer(op, status)
		}
	}
	for _, status := range []int{http.StatusNotModified, http.StatusBadRequest, http.StatusPreconditionFailed, http.StatusServiceUnavailable} {
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
		if strings.HasSuffix(name, "Collection") {
			r.Headers = headerRefs("API-Version", "ETag", "Last-Modified", "Link", "X-Total-Count")
		}
		if strings.HasSuffix(name, "Collection") || strings.HasSuffix(name, "Item") || name == releaseFile {
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

// contentSchema returns a general schema for a media type. Binary content has none
// (OpenAPI 3.1.0, 4.8.14.1).
func contentSchema(mediaType string) *openapi3.SchemaRef {
	switch {
	case strings.HasSuffix(mediaType, "+json"):
		return openapi3.NewSchema().WithTypes(openapi3.TypeObject).NewRef()
	case strings.Contains(mediaType, "/vnd."):
		return nil
	default:
		return openapi3.NewStringSchema().NewRef()
	}
}
