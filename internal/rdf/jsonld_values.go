package rdf

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
)

// placedTerm is a term and where its value stands.
type placedTerm struct {
	term   Term
	offset int
}

// values returns the terms of a key's value: none for null, one each for the
// items of an array or a set, one for a list (JSON-LD 1.1 API, 5.1.2, 13).
func (r *jsonldReader) values(e jsonEntry, c *jsonContext) ([]placedTerm, error) {
	object, isObject := e.value.value.(jsonObject)
	switch {
	case isObject && e.term.container == "@language":
		return r.languageMap(object, c)
	case isObject && e.term.container == "@index":
		return r.each(e, object.values(), c)
	case e.term.container == "@list" && !r.isList(object, c):
		return r.listOf(e, e.value, c)
	}
	switch v := e.value.value.(type) {
	case nil:
		return nil, nil
	case jsonObject:
		return r.object(e, v, c)
	case []jsonNode:
		return r.each(e, v, c)
	}
	return []placedTerm{{r.scalar(e.value.value, e.term, c), e.value.offset}}, nil
}

func (o jsonObject) values() []jsonNode {
	var values []jsonNode
	for _, m := range o {
		values = append(values, m.value)
	}
	return values
}

// each returns the terms of several values.
func (r *jsonldReader) each(e jsonEntry, items []jsonNode, c *jsonContext) ([]placedTerm, error) {
	var terms []placedTerm
	for _, item := range items {
		found, err := r.values(jsonEntry{e.key, itemOf(e.term), item}, c)
		if err != nil {
			return nil, err
		}
		terms = append(terms, found...)
	}
	return terms, nil
}

// itemOf returns the definition for one item of a container.
func itemOf(t jsonTerm) jsonTerm {
	t.container = ""
	return t
}

// languageMap reads an object of strings by language (JSON-LD 1.1, 4.6.2).
func (r *jsonldReader) languageMap(object jsonObject, c *jsonContext) ([]placedTerm, error) {
	var terms []placedTerm
	for _, m := range object {
		for _, item := range m.value.array() {
			text, ok := item.value.(string)
			switch {
			case item.value == nil:
			case !ok:
				return nil, r.fail(item.offset, fmt.Errorf("%q in a language map is a string or an array of strings", m.key))
			case c.expand(m.key, true, false) == "@none":
				terms = append(terms, placedTerm{Literal(text), item.offset})
			default:
				terms = append(terms, placedTerm{LangLiteral(text, m.key), item.offset})
			}
		}
	}
	return terms, nil
}

func (r *jsonldReader) isList(object jsonObject, c *jsonContext) bool {
	for _, m := range object {
		if c.expand(m.key, true, false) == "@list" {
			return true
		}
	}
	return false
}

// listOf returns the head of the collection that an array stands for.
func (r *jsonldReader) listOf(e jsonEntry, value jsonNode, c *jsonContext) ([]placedTerm, error) {
	var terms []placedTerm
	for _, item := range value.array() {
		entry := jsonEntry{e.key, itemOf(e.term), item}
		if _, nested := item.value.([]jsonNode); nested {
			entry.term.container = "@list"
		}
		found, err := r.values(entry, c)
		if err != nil {
			return nil, err
		}
		terms = append(terms, found...)
	}
	var items []Term
	for _, t := range terms {
		items = append(items, t.term)
	}
	head, err := r.list(value.offset, items)
	return []placedTerm{{head, value.offset}}, err
}

// object reads a value object, a list, a set or a node.
func (r *jsonldReader) object(e jsonEntry, object jsonObject, c *jsonContext) ([]placedTerm, error) {
	entries, c, err := r.entries(object, c)
	if err != nil {
		return nil, err
	}
	if _, ok := find(entries, "@value"); ok {
		return r.valueObject(e.value.offset, entries, c)
	}
	if items, ok := find(entries, "@list"); ok {
		if err := r.alone("@list", entries); err != nil {
			return nil, err
		}
		return r.listOf(e, items, c)
	}
	if items, ok := find(entries, "@set"); ok {
		if err := r.alone("@set", entries); err != nil {
			return nil, err
		}
		return r.each(e, items.array(), c)
	}
	node, err := r.node(e.value.offset, entries, c)
	return []placedTerm{{node, e.value.offset}}, err
}

// alone refuses keys beside "@list" and "@set" (JSON-LD 1.1, 9.7).
func (r *jsonldReader) alone(key string, entries []jsonEntry) error {
	for _, e := range entries {
		if e.key != key && e.key != "@index" {
			return r.fail(e.value.offset, fmt.Errorf("%s cannot stand beside %s", e.key, key))
		}
	}
	return nil
}

// valueObject reads a literal (JSON-LD 1.1, 9.5).
func (r *jsonldReader) valueObject(offset int, entries []jsonEntry, c *jsonContext) ([]placedTerm, error) {
	var value, datatype, language jsonNode
	for _, e := range entries {
		switch e.key {
		case "@value":
			value = e.value
		case "@type":
			datatype = e.value
		case "@language":
			language = e.value
		case "@index", "@direction":
		default:
			return nil, r.fail(offset, fmt.Errorf("%s cannot stand beside @value", e.key))
		}
	}
	if datatype.value != nil && language.value != nil {
		return nil, r.fail(offset, errors.New("@type and @language cannot stand together beside @value"))
	}
	term, err := r.literal(value, datatype, language, c)
	if err != nil || term.IsZero() {
		return nil, err
	}
	return []placedTerm{{term, offset}}, nil
}

func (r *jsonldReader) literal(value, datatype, language jsonNode, c *jsonContext) (Term, error) {
	name, hasType := datatype.value.(string)
	tag, hasTag := language.value.(string)
	text, isString := value.value.(string)
	iri := c.expand(name, true, true)
	switch {
	case iri == "@json":
		return Term{}, r.fail(datatype.offset, errors.New("@type @json is not supported"))
	case datatype.value != nil && !hasType || language.value != nil && !hasTag:
		return Term{}, r.fail(value.offset, errors.New("@type and @language are strings"))
	case value.value == nil:
		return Term{}, nil
	case hasTag && !isString:
		return Term{}, r.fail(value.offset, errors.New("@value is a string if it has a @language"))
	case hasTag:
		return LangLiteral(text, tag), nil
	case hasType && isString:
		return TypedLiteral(text, iri), nil
	case isString:
		return Literal(text), nil
	}
	return r.native(value, iri, hasType)
}

// native reads a number or a truth value with or without a datatype.
func (r *jsonldReader) native(value jsonNode, datatype string, hasType bool) (Term, error) {
	switch value.value.(type) {
	case bool, json.Number:
	default:
		return Term{}, r.fail(value.offset, errors.New("@value is a string, a number, true, false or null"))
	}
	if !hasType {
		datatype = ""
	}
	return nativeLiteral(value.value, datatype), nil
}

// scalar reads a string, number or truth value by the definition of its term
// (JSON-LD 1.1 API, 5.3).
func (r *jsonldReader) scalar(value any, t jsonTerm, c *jsonContext) Term {
	text, isString := value.(string)
	coerce := t.coerce
	if coerce == "@id" || coerce == "@vocab" {
		if isString {
			return r.resource(c.expand(text, coerce == "@vocab", true))
		}
		coerce = ""
	}
	if !isString {
		return nativeLiteral(value, coerce)
	}
	language := c.language
	if t.hasLanguage {
		language = t.language
	}
	switch {
	case coerce != "":
		return TypedLiteral(text, coerce)
	case language != "":
		return LangLiteral(text, language)
	}
	return Literal(text)
}

// nativeLiteral converts a JSON value to a literal (JSON-LD 1.1 API, 8.2.2).
func nativeLiteral(value any, datatype string) Term {
	if truth, ok := value.(bool); ok {
		return TypedLiteral(strconv.FormatBool(truth), orElse(datatype, XSD+"boolean"))
	}
	number, _ := value.(json.Number)
	if digits, ok := wholeNumber(number.String()); ok && datatype != XSD+"double" {
		return TypedLiteral(digits, orElse(datatype, XSD+"integer"))
	}
	float, _ := number.Float64()
	return TypedLiteral(canonicalDouble(float), orElse(datatype, XSD+"double"))
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

var digitsPattern = regexp.MustCompile(`^-?[0-9]+$`)

// wholeNumber writes a number without fraction, below 10 to the 21st, in
// digits only. One written so already keeps all its digits.
func wholeNumber(s string) (string, bool) {
	float, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(float) >= 1e21 {
		return "", false
	}
	if digitsPattern.MatchString(s) && s != "-0" {
		return s, true
	}
	whole, accuracy := big.NewFloat(float).Int(nil)
	return whole.String(), accuracy == big.Exact
}

var doublePattern = regexp.MustCompile(`^(-?[0-9]\.[0-9]+?)0*E(-?)\+?0*([0-9]+)$`)

// canonicalDouble writes a double as XML Schema does, 1.0E0, with at most 15
// digits after the point (JSON-LD 1.1 API, 8.6).
func canonicalDouble(f float64) string {
	switch {
	case math.IsInf(f, 1):
		return "INF"
	case math.IsInf(f, -1):
		return "-INF"
	}
	return doublePattern.ReplaceAllString(strconv.FormatFloat(f, 'E', 15, 64), "${1}E$2$3")
}
