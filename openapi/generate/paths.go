package main

import (
	"cmp"
	"encoding/json"
	"path"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/encode"
)

// addPaths replaces the annotated paths by the endpoints of package api.
func addPaths(doc *openapi3.T) error {
	annotated := doc.Paths
	doc.Paths = openapi3.NewPaths()
	for _, e := range api.Endpoints() {
		item := annotated.Value(e.Annotated)
		if item == nil {
			continue // a feed is not described
		}
		if err := addPath(doc, e, item); err != nil {
			return err
		}
	}
	return nil
}

// addPath adds an endpoint. A placeholder can be anywhere in the texts of the
// annotation, so it is replaced in their JSON.
func addPath(doc *openapi3.T, e api.Endpoint, annotation *openapi3.PathItem) error {
	text, err := json.Marshal(annotation)
	if err != nil {
		return err
	}
	item := &openapi3.PathItem{}
	if err := json.Unmarshal([]byte(replacer(e).Replace(string(text))), item); err != nil {
		return err
	}
	op := item.Get
	if row := cmp.Or(e.Parent, e.Dataset); row != nil && strings.Contains(e.Annotated, "{id}") {
		op.Parameters = append(op.Parameters, pathParameter(row))
	}
	for _, name := range e.Parameters {
		op.Parameters = append(op.Parameters, queryParameter(e.Dataset, name))
	}
	complete(op, strings.Contains(e.Path, "{"))
	doc.Paths.Set(e.Path, item)
	return nil
}

const (
	schemaRef          = "#/components/schemas/"
	collectionDocument = schemaRef + "CollectionDocument"
	itemDocument       = schemaRef + "ItemDocument"
	releaseFile        = "ReleaseFile"
)

// replacer replaces the placeholders of an annotation for an endpoint.
func replacer(e api.Endpoint) *strings.Replacer {
	if e.Dataset == nil {
		return strings.NewReplacer(collectionDocument, schemaRef+releaseFile)
	}
	d, words := e.Dataset, []string(nil)
	if e.Parent != nil {
		segment := path.Base(e.Path)
		words = []string{
			"{parent}", e.Parent.ID, "{parentSchema}", schemaName(e.Parent),
			"{related}", segment, "{relatedName}", pascal(segment), "{column}", e.Column,
		}
	}
	words = append(words, "{dataset}", d.ID, "{name}", pascal(d.ID), "{schema}", schemaName(d),
		"{title}", strings.ToLower(d.Title.EN[:1])+d.Title.EN[1:], "{description}", d.Description.EN, "{suffixes}", "."+strings.Join(encode.Names(), ", ."),
		collectionDocument, schemaRef+schemaName(d)+"Collection", itemDocument, schemaRef+schemaName(d)+"Item")
	for i, w := range words {
		quoted, _ := json.Marshal(w) // a string always encodes
		words[i] = string(quoted[1 : len(quoted)-1])
	}
	return strings.NewReplacer(words...)
}

// pascal turns kebab-case into UpperCamelCase.
func pascal(kebab string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(kebab, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
