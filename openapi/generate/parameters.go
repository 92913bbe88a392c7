package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// common are the parameters that mean the same for every dataset.
var common = map[string]*openapi3.Parameter{
	"q": query("q", "Words that a row holds, all of them, in any letter case; ä, ae and a are the same.",
		openapi3.NewStringSchema(), "verwaltung"),
	"asOf": query("asOf", "Only rows whose source was published up to that day: what was known then.",
		openapi3.NewStringSchema().WithFormat("date"), "2022-01-31"),
	"limit": query("limit", "Size of a page. Without it all rows are served.",
		openapi3.NewIntegerSchema().WithMin(1).WithMax(dataset.MaxLimit), 50),
	"after": query("after", "Where the page begins: the text that links.next of the page before has. It fits that query and release only.",
		openapi3.NewStringSchema(), "eyJyIjoiMjAyNi4xMS4wIn0"),
	"format": query("format", "Format of the answer; it goes before the field Accept.",
		openapi3.NewStringSchema().WithEnum(anys(encode.Names())...), "csv"),
	"dialect": query("dialect", "Dialect of CSV: excel-de has a byte order mark, semicolons and decimal commas and opens in a German Excel by double click.",
		openapi3.NewStringSchema().WithEnum(anys(encode.Dialects("csv"))...), "excel-de"),
	"labels": query("labels", "Language of the columns' titles that a table has in its header in place of the columns' names. For "+tables+" only.",
		openapi3.NewStringSchema().WithEnum("de", "en"), "en"),
	"layout": query("layout", "Layout of the table: wide has a column for each period, and each row has figures of one qualifier. "+
		"Equal values of a cell are there once, different ones are separated by a slash. For "+tables+" only.",
		openapi3.NewStringSchema().WithEnum(dataset.Wide), dataset.Wide),
	"release": query("release", "Identifier of the release that is asked, or latest. Without it the latest is.",
		openapi3.NewStringSchema(), "latest"),
}

// tables names the formats that have a header.
var tables = strings.Join(encode.Tables(), " and ")

// addParameters adds the common parameters.
func addParameters(doc *openapi3.T) {
	doc.Components.Parameters = openapi3.ParametersMap{}
	for name, p := range common {
		doc.Components.Parameters[name] = &openapi3.ParameterRef{Value: p}
	}
}

// share puts the common parameters in place of those of an annotation that have
// the same name.
func share(op *openapi3.Operation) {
	for i, p := range op.Parameters {
		if p.Ref == "" && p.Value.In == openapi3.ParameterInQuery && common[p.Value.Name] != nil {
			op.Parameters[i] = commonRef(p.Value.Name)
		}
	}
}

func commonRef(name string) *openapi3.ParameterRef {
	return &openapi3.ParameterRef{Ref: "#/components/parameters/" + name}
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

// list is a parameter with values separated by commas.
func list(name, description string, item *openapi3.Schema, example any) *openapi3.Parameter {
	p := query(name, description, openapi3.NewArraySchema().WithItems(item).WithMinItems(1), example)
	p.Style, p.Explode = openapi3.SerializationForm, openapi3.Ptr(false)
	return p
}

// pathParameters names one row of the dataset.
func pathParameters(d *dataset.Dataset) openapi3.Parameters {
	p := openapi3.NewPathParameter(d.Item).WithSchema(openapi3.NewStringSchema()).
		WithDescription("Identifier of one row of " + d.ID + ".")
	p.Example = d.Columns[0].Example
	return openapi3.Parameters{{Value: p}}
}

// queryParameters describes the named parameters of the dataset.
func queryParameters(d *dataset.Dataset, names []string) openapi3.Parameters {
	var out openapi3.Parameters
	for _, name := range names {
		if common[name] != nil {
			out = append(out, commonRef(name))
		} else {
			out = append(out, &openapi3.ParameterRef{Value: parameter(d, name)})
		}
	}
	return out
}

// parameter describes a parameter that depends on the columns. One that nothing
// is known of has no schema, so that it fails the check of the description.
func parameter(d *dataset.Dataset, name string) *openapi3.Parameter {
	names := d.Names()
	switch name {
	case "fields":
		return list(name, "Columns served, in that order. Without it all are.",
			openapi3.NewStringSchema().WithEnum(anys(names)...), names[:2])
	case "sort":
		var orders []any
		for _, n := range names {
			orders = append(orders, n, "-"+n)
		}
		return list(name, "Columns that sort the rows, with - in front downwards. Without it the order is that of the release.",
			openapi3.NewStringSchema().WithEnum(orders...), []string{"-" + names[1], "id"})
	}
	if i := d.Column(name); i >= 0 {
		return filter(d.Columns[i])
	}
	for _, operator := range []dataset.Operator{dataset.From, dataset.To} {
		plain, _ := strings.CutSuffix(name, string(operator))
		if i := d.Column(plain); i >= 0 {
			return bound(d.Columns[i], operator)
		}
	}
	return openapi3.NewQueryParameter(name)
}

// filter keeps the rows with certain values of the column.
func filter(c dataset.Column) *openapi3.Parameter {
	value := c
	if c.Type == dataset.List {
		value.Type, value.Example = dataset.Identifier, strings.Fields(c.Example)[0]
	}
	text := "Only rows with one of these values: " + c.Description.EN + meaning(c)
	return list(c.Name, text, valueSchema(value), []any{jsonValue(value, example(value))})
}

// bounds says what the ends of a range mean.
var bounds = map[dataset.Operator]struct{ number, period string }{
	dataset.From: {"Only rows with this value or more: ", "Only rows with a period that does not end before this one begins: "},
	dataset.To:   {"Only rows with this value or less: ", "Only rows with a period that does not begin after this one ends: "},
}

// bound keeps the rows with values of the column from, or up to, a value. A day
// can be bounded by a period.
func bound(c dataset.Column, operator dataset.Operator) *openapi3.Parameter {
	name, value := c.Name+string(operator), jsonValue(c, example(c))
	if c.Numeric() {
		return query(name, bounds[operator].number+c.Description.EN, valueSchema(dataset.Column{Type: dataset.Decimal}), value)
	}
	return query(name, bounds[operator].period+c.Description.EN, valueSchema(dataset.Column{Type: dataset.Period}), value)
}
