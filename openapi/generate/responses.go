package main

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/internal/encode"
)

// headers are the header fields of answers.
var headers = map[string]*openapi3.Parameter{
	"API-Version":   header("Version of this description that the answer keeps to (SemVer).", openapi3.NewStringSchema(), true),
	"ETag":          header("Strong entity tag; send it back in If-None-Match to hear 304 while nothing has changed.", openapi3.NewStringSchema(), true),
	"Last-Modified": header("Since when this instance of the service answers like this; absent within the first seconds.", openapi3.NewStringSchema(), false),
	"Link":          header("Permanent address of the answer (canonical) and the next page (next), after RFC 8288.", openapi3.NewStringSchema(), false),
	"Retry-After":   header("Seconds after which to ask again.", openapi3.NewIntegerSchema(), true),
	"X-Total-Count": header("Number of rows found, pages aside.", openapi3.NewIntegerSchema(), true),
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

// problems says when an error occurs; the others are named by their status.
var problems = map[int]string{
	http.StatusBadRequest:         "A parameter is unknown or its value cannot be: the problem names both, lists what is allowed and suggests the nearest.",
	http.StatusNotFound:           "Nothing has this identifier; the problem suggests the nearest that exists.",
	http.StatusNotAcceptable:      "None of the media types in Accept is offered.",
	http.StatusPreconditionFailed: "A condition in If-Match or If-Unmodified-Since is not met.",
	http.StatusGone:               "The row was withdrawn; the problem says when and why.",
	http.StatusServiceUnavailable: "The data cannot be read at the moment.",
}

// addResponses adds the answers that are the same everywhere.
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
	same := openapi3.NewResponse().WithDescription("The answer is the one that If-None-Match or If-Modified-Since names.")
	same.Headers = headerRefs("API-Version", "ETag")
	doc.Components.Responses[componentName(http.StatusNotModified)] = &openapi3.ResponseRef{Value: same}
}

// componentName is the name of the answer with the status: NotFound.
func componentName(status int) string {
	return strings.ReplaceAll(http.StatusText(status), " ", "")
}

// complete adds to the responses of an operation what annotations cannot say:
// header fields, 304, and the media types of errors and of CSV. Every operation
// refuses unknown parameters, so 400 is always there.
func complete(op *openapi3.Operation) {
	for code, response := range op.Responses.Map() {
		status, _ := strconv.Atoi(code)
		if status < http.StatusMultipleChoices {
			succeed(response.Value)
		} else {
			refer(op, status)
		}
	}
	refer(op, http.StatusNotModified)
	refer(op, http.StatusBadRequest)
	refer(op, http.StatusPreconditionFailed)
}

func refer(op *openapi3.Operation, status int) {
	op.Responses.Set(strconv.Itoa(status), &openapi3.ResponseRef{Ref: "#/components/responses/" + componentName(status)})
}

// succeed completes a 200. The annotation gives one schema for all media types,
// which is that of application/json. Rows are served in all formats, whatever
// the annotation says.
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

// contentSchema is the schema of a media type that has no schema of its own.
// Binary content has none (OpenAPI 3.1.0, 4.8.14.1).
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
