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
			return r.resource(text, c, coerce == "@vocab")
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
