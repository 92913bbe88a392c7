package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// related are the collections below one row, as api.Server routes them.
var related = []struct {
	parent, dataset *dataset.Dataset
	segment, column string
}{
	{dataset.Indicators, dataset.Observations, "observations", "indicator"},
	{dataset.Goals, dataset.GoalProgress, "progress", "goal"},
}

// itemParameters are the parameters of a single row.
var itemParameters = []string{"fields", "format", "dialect", "labels", "release"}

// expand fills in the templates: those for each dataset, and the documents of
// the two other paths that answer with a collection.
func expand(doc *openapi3.T) error {
	collection, item, below := take(doc, "/{dataset}"), take(doc, "/{dataset}/{id}"), take(doc, "/{parent}/{id}/{related}")
	for _, d := range dataset.All {
		if err := collection.fill(doc, queryParameters(d, d.ParameterNames()), words(d)...); err != nil {
			return err
		}
		parameters := append(pathParameters(d), queryParameters(d, itemParameters)...)
		if err := item.fill(doc, parameters, words(d)...); err != nil {
			return err
		}
	}
	for _, r := range related {
		names := slices.DeleteFunc(r.dataset.ParameterNames(), func(name string) bool { return name == r.column })
		parameters := append(pathParameters(r.parent), queryParameters(r.dataset, names)...)
		more := []string{
			"{parent}", r.parent.ID, "{parentSchema}", schemaName(r.parent), "{id}", "{" + r.parent.Item + "}",
			"{related}", r.segment, "{relatedName}", pascal(r.segment), "{column}", r.column,
		}
		if err := below.fill(doc, parameters, append(more, words(r.dataset)...)...); err != nil {
			return err
		}
	}
	if err := take(doc, "/releases/{releaseId}/diff").fill(doc, nil, words(dataset.Changes)...); err != nil {
		return err
	}
	return take(doc, "/releases/{releaseId}/{file}").fill(doc, nil, collectionDocument, schemaRef+releaseFile)
}

const (
	schemaRef          = "#/components/schemas/"
	collectionDocument = schemaRef + "CollectionDocument"
	itemDocument       = schemaRef + "ItemDocument"
	releaseFile        = "ReleaseFile"
)

// words says what stands for the words of a template. The first that fits is
// taken.
func words(d *dataset.Dataset) []string {
	return []string{
		"{dataset}", d.ID, "{id}", "{" + d.Item + "}", "{name}", pascal(d.ID), "{schema}", schemaName(d),
		"{title}", strings.ToLower(d.Title.EN[:1]) + d.Title.EN[1:], "{description}", d.Description.EN, "{suffixes}", "." + strings.Join(encode.Names(), ", ."),
		collectionDocument, schemaRef + schemaName(d) + "Collection", itemDocument, schemaRef + schemaName(d) + "Item",
	}
}

// pascal turns kebab-case into UpperCamelCase.
func pascal(kebab string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(kebab, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// template is a path whose texts hold words to be replaced.
type template struct {
	path string
	item *openapi3.PathItem
}

// take removes the path from the description.
func take(doc *openapi3.T, path string) template {
	item := doc.Paths.Value(path)
	doc.Paths.Delete(path)
	return template{path, item}
}

// fill adds the path with the words replaced and the parameters added. A word
// can stand in any text, so the replacement is made in the JSON.
func (t template) fill(doc *openapi3.T, parameters openapi3.Parameters, words ...string) error {
	if t.item == nil {
		return fmt.Errorf("no annotation in package api has the path %s", t.path)
	}
	path := strings.NewReplacer(words...).Replace(t.path)
	text, err := json.Marshal(t.item)
	if err != nil {
		return err
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		q, err := json.Marshal(w)
		if err != nil {
			return err
		}
		quoted[i] = string(q[1 : len(q)-1])
	}
	item := &openapi3.PathItem{}
	if err := json.Unmarshal([]byte(strings.NewReplacer(quoted...).Replace(string(text))), item); err != nil {
		return err
	}
	item.Get.Parameters = append(item.Get.Parameters, parameters...)
	doc.Paths.Set(path, item)
	return nil
}
