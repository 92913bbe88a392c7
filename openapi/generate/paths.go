// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/internal/dataset"
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
	op.Deprecated = e.Deprecated != nil
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
			"{parent}", e.Parent.ID, "{parentSchema}", e.Parent.SchemaName(),
			"{related}", segment, "{relatedName}", pascal(segment), "{column}", e.Column, "{singularParent}", singular(e.Parent),
		}
	}
	words = append(words, "{dataset}", d.ID, "{name}", pascal(d.ID), "{schema}", d.SchemaName(),
		"{title}", plural(d), "{singular}", singular(d), "{description}", d.Description.EN, "{suffixes}", "."+strings.Join(encode.Names(), ", ."),
		collectionDocument, schemaRef+d.SchemaName()+documents(e), itemDocument, schemaRef+d.SchemaName()+"Row")
	for i, w := range words {
		quoted, _ := json.Marshal(w) // a string always encodes
		words[i] = string(quoted[1 : len(quoted)-1])
	}
	return strings.NewReplacer(words...)
}

// rowNames are the names of one row that do not follow from the name of its schema.
var rowNames = map[string]string{
	"goal-status":          "a statement on the status of a goal",
	"goal-progress":        "a row of goal progress",
	"service-availability": "a row of service availability",
}

// capital finds where a word of a name in UpperCamelCase begins.
var capital = regexp.MustCompile(`([a-z])([A-Z])|([A-Z])([A-Z][a-z])`)

// singular returns the name of one row with its article: an OZG service count.
func singular(d *dataset.Dataset) string {
	if name := rowNames[d.ID]; name != "" {
		return name
	}
	words := strings.Fields(capital.ReplaceAllString(d.Schema, "$1$3 $2$4"))
	for i, word := range words {
		if strings.ToUpper(word) != word {
			words[i] = strings.ToLower(word)
		}
	}
	article := "a "
	if strings.ContainsAny(words[0][:1], "aeiouAEIOU") {
		article = "an "
	}
	return article + strings.Join(words, " ")
}

// plural returns the title of a dataset within a sentence.
func plural(d *dataset.Dataset) string {
	title := d.Title.EN
	if before, ok := strings.CutSuffix(title, ", computed"); ok {
		title = "Computed " + strings.ToLower(before[:1]) + before[1:]
	}
	return strings.ToLower(title[:1]) + title[1:]
}

// documents returns the end of the name of an endpoint's collections. Without the
// parameter fields, rows have all properties.
func documents(e api.Endpoint) string {
	if slices.Contains(e.Parameters, "fields") {
		return "Rows"
	}
	return "Collection"
}

// pascal turns kebab-case into UpperCamelCase.
func pascal(kebab string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(kebab, "-") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// common are the parameters that mean the same everywhere.
var common = map[string]*openapi3.Parameter{
	"q": query("q", fmt.Sprintf("Words, %d at most, that a row must contain in its texts, identifiers and periods or in the titles of what it refers to, regardless of case and of how umlauts are spelled (ä or ae). "+
		"A word is found at the beginning of words, with a leading * also within them. Remarks (note), locators, web addresses and identifiers of sources are not searched. "+
		"Unless sort is given, the best matches come first.", dataset.MaxWords),
		openapi3.NewStringSchema().WithMaxLength(dataset.MaxText), "verwaltung"),
	"asOf": query("asOf", "Only rows whose source had been published by this day: what was known then. Goals have the status, evidence, assessment and knownUntil of that day.",
		openapi3.NewStringSchema().WithFormat("date"), "2022-01-31"),
	"latest": query("latest", "Only the last values of each series: those for the latest period, from the most recent source, and others without a period that became known after it.",
		openapi3.NewBoolSchema().WithEnum(true), true),
	"limit": query("limit", "Maximum number of rows on a page. Without it, all rows are returned.",
		openapi3.NewIntegerSchema().WithMin(1).WithMax(dataset.MaxLimit), 50),
	"after": query("after", "Cursor of the next page, from links.next of the previous one. It is valid only for the same query and release.",
		openapi3.NewStringSchema(), "eyJyIjoiMjAyNi4xMS4wIn0"),
	"format": query("format", "Format of the response. Takes precedence over the Accept header.",
		openapi3.NewStringSchema().WithEnum(anys(encode.Names())...), "csv"),
	"dialect": query("dialect", "Dialect of CSV. excel-de opens on double-click in Excel with German settings: byte order mark, semicolons, decimal commas.",
		openapi3.NewStringSchema().WithEnum(anys(encode.Dialects("csv"))...), "excel-de"),
	"labels": query("labels", "Language of readable titles that replace the column names in the header of a table. Only in "+tables+".",
		openapi3.NewStringSchema().WithEnum("de", "en"), "en"),
	"layout": query("layout", "Layout of the table. wide has a column for each period and separate rows for different qualifiers; "+
		"a cell with several different values separates them with a slash. Only in "+tables+".",
		openapi3.NewStringSchema().WithEnum(dataset.Wide), dataset.Wide),
	"release": query("release", "Identifier of a release, or latest (the default).",
		openapi3.NewStringSchema(), "latest"),
	"from": query("from", "Identifier of the release to compare with. The default is the release that the one in the path followed.",
		openapi3.NewStringSchema(), "2026.11.0"),
}

// tables lists the formats with a header.
var tables = strings.Join(encode.Tables(), " and ")

// addParameters adds the common parameters to the components. Some generators use the
// names of parameters and schemas for types, so no name must be in both.
func addParameters(doc *openapi3.T) {
	doc.Components.Parameters = openapi3.ParametersMap{}
	for name, p := range common {
		doc.Components.Parameters[name+"Parameter"] = &openapi3.ParameterRef{Value: p}
	}
}

func query(name, description string, schema *openapi3.Schema, example any) *openapi3.Parameter {
	p := openapi3.NewQueryParameter(name).WithDescription(description).WithSchema(schema)
	p.Example = example
	return p
}

func anys(texts []string) []any {
	out := make([]any, len(texts))
	for i, t := range texts {
		out[i] = t
	}
	return out
}

// list returns a parameter with values separated by commas.
func list(name, description string, item *openapi3.SchemaRef, example any) *openapi3.Parameter {
	values := openapi3.NewArraySchema().WithMinItems(1)
	values.Items = item
	p := query(name, description, values, example)
	p.Style, p.Explode = openapi3.SerializationForm, openapi3.Ptr(false)
	return p
}

// pathParameter selects one row of the dataset.
func pathParameter(d *dataset.Dataset) *openapi3.ParameterRef {
	p := openapi3.NewPathParameter(d.Item).WithSchema(openapi3.NewStringSchema()).
		WithDescription("Identifier of a row of " + d.ID + ".")
	p.Example = d.Columns[0].Example
	return &openapi3.ParameterRef{Value: p}
}

// queryParameter describes a parameter of an endpoint.
func queryParameter(d *dataset.Dataset, name string) *openapi3.ParameterRef {
	if d == dataset.Observations && name == "format" {
		return &openapi3.ParameterRef{Value: query(name, common[name].Description+" jsonstat is JSON-stat 2.0, for one indicator with one value for each cell of the cube.",
			openapi3.NewStringSchema().WithEnum(anys(append(encode.Names(), encode.JSONStat.Name))...), "csv")}
	}
	if name == "asOf" && takesNone(d) {
		return &openapi3.ParameterRef{Value: query(name, common[name].Description+" "+dataset.None+" keeps the rows without a day of their own (an empty asOf).",
			openapi3.NewStringSchema().WithPattern(`^(\d{4}-\d{2}-\d{2}|`+dataset.None+`)$`), "2022-01-31")}
	}
	if common[name] != nil {
		return &openapi3.ParameterRef{Ref: "#/components/parameters/" + name + "Parameter"}
	}
	return &openapi3.ParameterRef{Value: parameter(d, name)}
}

// takesNone reports whether asOf can ask for rows without a day of their own.
func takesNone(d *dataset.Dataset) bool {
	i := d.Column("asOf")
	return i >= 0 && !d.Columns[i].Required
}

// parameter describes a parameter that depends on the columns. An unknown one has no
// schema, so that the validation of the description fails.
func parameter(d *dataset.Dataset, name string) *openapi3.Parameter {
	names := d.Names()
	switch name {
	case "groupBy":
		return list(name, "Columns by which to group the rows. The response then has a row for each group, with these columns and those of the aggregates.",
			openapi3.NewStringSchema().WithEnum(anys(d.Groupable())...).NewRef(), d.Groupable()[:1])
	case "aggregate":
		var aggregates []any
		for _, a := range d.Aggregates() {
			aggregates = append(aggregates, string(a))
		}
		return list(name, "What to compute for each group. Values that must not be compared or added are rejected.",
			openapi3.NewStringSchema().WithEnum(aggregates...).NewRef(), []string{"count"})
	case "include":
		return list(name, "References whose titles are added: in JSON nested in included, in tables as columns at the end.",
			openapi3.NewStringSchema().WithEnum(anys(d.Includable())...).NewRef(), d.Includable()[:1])
	case "fields":
		return list(name, "Columns to return, in this order. The default is all columns.",
			openapi3.NewStringSchema().WithEnum(anys(names)...).NewRef(), names[:2])
	case "sort":
		var orders []any
		// Those of the aggregates come after the columns.
		for _, c := range groupColumns(d).Columns {
			names = appendNew(names, c.Name)
		}
		for _, n := range names {
			orders = append(orders, n, "-"+n)
		}
		return list(name, "Columns to sort by, with a leading minus sign for descending order. With groupBy, the columns of the groups. The default is the order of the release.",
			openapi3.NewStringSchema().WithEnum(orders...).NewRef(), []string{"-" + names[1], "id"})
	}
	if name == string(dataset.Within) {
		return list(name, "Only rows of these areas or of areas within them, at any level.",
			openapi3.NewStringSchema().NewRef(), []string{"05158"})
	}
	switch i, operator := d.FilterColumn(name); {
	case i >= 0 && (operator == dataset.In || operator == dataset.Not):
		return filter(d.Columns[i], operator)
	case i >= 0:
		return bound(d.Columns[i], operator)
	}
	return openapi3.NewQueryParameter(name)
}

// filter describes the parameter that selects values of the column, or rejects them.
// Generators of clients drop the exclamation mark, so it has a name for them.
func filter(c dataset.Column, operator dataset.Operator) *openapi3.Parameter {
	value := c
	if c.Type == dataset.List {
		value.Type, value.Example = dataset.Identifier, strings.Fields(c.Example)[0]
		if c.Entry() == dataset.Code {
			value.Type = dataset.Code
		}
	}
	text := "Only rows with one of these values"
	if operator == dataset.Not {
		text = "Only rows with none of these values"
	}
	schema := valueSchema(value)
	if !c.Required {
		text += " (" + dataset.None + " stands for an empty cell)"
		switch {
		case c.Type == dataset.Period || c.Type == dataset.Date:
			schema = openapi3.NewStringSchema().WithPattern("^(" + strings.Trim(periodPattern, "^$") + "|" + dataset.None + ")$").NewRef()
		case schema.Ref != "":
			schema = openapi3.NewSchemaRef(schema.Ref+orNone, nil)
		}
	}
	p := list(c.Name+string(operator), text+": "+c.Description.EN+meaning(c), schema, []any{jsonValue(value, example(value))})
	if operator == dataset.Not {
		p.Extensions = map[string]any{"x-go-name": strings.ToUpper(c.Name[:1]) + c.Name[1:] + "Not"}
	}
	return p
}

// bounds describes the ends of a range.
var bounds = map[dataset.Operator]struct{ number, period string }{
	dataset.From:   {"Only rows with at least this value: ", "Only rows whose period ends in or after this one: "},
	dataset.To:     {"Only rows with at most this value: ", "Only rows whose period starts in or before this one: "},
	dataset.Before: {period: "Only rows whose period ends before this one starts: "},
	dataset.After:  {period: "Only rows whose period starts after this one ends: "},
}

// bound describes the parameter for one end of a range. The bound of a day can be a
// period.
func bound(c dataset.Column, operator dataset.Operator) *openapi3.Parameter {
	name, value := c.Name+string(operator), jsonValue(c, example(c))
	if c.Numeric() {
		return query(name, bounds[operator].number+c.Description.EN, valueSchema(dataset.Column{Type: dataset.Decimal}).Value, value)
	}
	return query(name, bounds[operator].period+c.Description.EN, valueSchema(dataset.Column{Type: dataset.Period}).Value, value)
}
