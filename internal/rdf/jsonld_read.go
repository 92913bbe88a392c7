// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/piprate/json-gold/ld"
)

// Limits of a JSON-LD document, which prevent a hostile one from exhausting the stack
// or memory.
const (
	maxDepth    = 200 // nested objects and arrays
	expandAtMax = 256 // nodes of @graph that are expanded at a time
)

// ReadJSONLD adds the triples of a JSON-LD document, whose relative IRIs are
// resolved against base. json-gold expands it (JSON-LD 1.1 API, 5.1), with
// contexts from the document alone: nothing is fetched. It stops at the first
// error, an *Error with the line if it is one of JSON, and when the context
// ends. Terms that are not valid are kept and reported by Errors. The scope, a
// few letters and digits, tells the blank nodes of several documents apart.
func (g *Graph) ReadJSONLD(ctx context.Context, data []byte, base, scope string) error {
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if i := invalidUTF8(string(data)); i >= 0 {
		return jsonError(data, i, ErrUTF8)
	}
	shape, err := inspectJSON(ctx, data)
	if err != nil {
		return err
	}
	r := jsonldReader{graph: g, base: base, scope: scope}
	if shape.nodes == 0 {
		return r.whole(ctx, data)
	}
	return r.parts(ctx, data, shape)
}

// jsonldReader adds expanded JSON-LD to a graph.
type jsonldReader struct {
	graph       *Graph
	base, scope string
	unlabelled  int // blank nodes without a label
}

// whole expands a document in one piece.
func (r *jsonldReader) whole(ctx context.Context, data []byte) error {
	document, err := decodeJSON(json.NewDecoder(bytes.NewReader(data)))
	if err != nil {
		return err
	}
	switch document.(type) {
	case map[string]any, []any:
		return r.add(ctx, document)
	}
	return &Error{Format: "jsonld", Err: errors.New("a JSON-LD document must be an object or an array")}
}

// parts expands the nodes of @graph a few at a time, which takes a fraction of
// the memory: each node is expanded on its own anyway.
func (r *jsonldReader) parts(ctx context.Context, data []byte, shape jsonShape) error {
	var shared any
	if shape.context > 0 {
		var err error
		if shared, err = decodeJSON(json.NewDecoder(bytes.NewReader(data[shape.context:]))); err != nil {
			return err
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(data[shape.nodes:]))
	if _, err := decoder.Token(); err != nil { // [
		return err
	}
	for decoder.More() {
		var nodes []any
		for len(nodes) < expandAtMax && decoder.More() {
			n, err := decodeJSON(decoder)
			if err != nil {
				return err
			}
			nodes = append(nodes, n)
		}
		if err := r.add(ctx, map[string]any{"@context": shared, "@graph": nodes}); err != nil {
			return err
		}
	}
	return nil
}

// decodeJSON decodes a value of a document that inspectJSON accepted.
func decodeJSON(d *json.Decoder) (any, error) {
	d.UseNumber()
	var value any
	err := d.Decode(&value)
	return value, err
}

// add expands a document and adds its triples.
func (r *jsonldReader) add(ctx context.Context, document any) error {
	expanded, err := expand(ctx, document, r.base)
	if err != nil {
		return err
	}
	for _, n := range expanded {
		if _, err := r.object(n); err != nil {
			return &Error{Format: "jsonld", Err: err}
		}
	}
	return nil
}

// expand runs json-gold, which cannot be stopped, until the context ends; what
// it does after that is abandoned.
func expand(ctx context.Context, document any, base string) ([]any, error) {
	type result struct {
		expanded []any
		err      error
	}
	done := make(chan result, 1)
	go func() {
		var r result
		defer func() {
			if p := recover(); p != nil {
				r = result{err: unsupported(fmt.Sprintf("json-gold cannot expand it: %v", p))}
			}
			done <- r
		}()
		options := ld.NewJsonLdOptions(base)
		options.DocumentLoader = offline{}
		r.expanded, r.err = ld.NewJsonLdProcessor().Expand(document, options)
	}()
	select {
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	case r := <-done:
		if cause, ok := errors.AsType[unsupported](r.err); ok {
			return nil, &Error{Format: "jsonld", Err: cause}
		}
		if r.err != nil {
			return nil, &Error{Format: "jsonld", Err: r.err}
		}
		return r.expanded, nil
	}
}

// offline refuses to load documents.
type offline struct{}

// LoadDocument implements ld.DocumentLoader.
func (offline) LoadDocument(address string) (*ld.RemoteDocument, error) {
	return nil, unsupported("context <" + address + ">: contexts are not fetched; include it in the document, or convert the document to N-Triples")
}

// object adds the triples of an expanded object and returns its term, or the zero
// Term if it has none.
func (r *jsonldReader) object(value any) (Term, error) {
	object, ok := value.(map[string]any)
	if !ok {
		return Term{}, fmt.Errorf("%v is not an object", value)
	}
	switch {
	case has(object, "@value"):
		return valueOf(object)
	case has(object, "@list"):
		return r.list(array(object["@list"]))
	}
	return r.node(object)
}

func has(object map[string]any, key string) bool { _, ok := object[key]; return ok }

// array returns the items of an array, or the value as the only one.
func array(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

// node adds the properties of a node object (JSON-LD 1.1 API, 8.1).
func (r *jsonldReader) node(object map[string]any) (Term, error) {
	subject := r.subject(object)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		var err error
		switch key {
		case "@id", "@index":
		case "@type":
			for _, t := range array(object[key]) {
				name, _ := t.(string)
				r.triple(subject, Type, r.name(name))
			}
		case "@graph":
			err = unsupported("@graph beside other keys is a named graph, which is not supported")
		case "@included":
			_, err = r.all(object[key])
		case "@reverse":
			err = r.reverse(subject, object[key])
		default:
			if strings.HasPrefix(key, "@") || strings.HasPrefix(key, "_:") {
				continue // not a property of RDF
			}
			var terms []Term
			terms, err = r.all(object[key])
			for _, t := range terms {
				r.triple(subject, IRI(key), t)
			}
		}
		if err != nil {
			return Term{}, err
		}
	}
	return subject, nil
}

// all adds the triples of the objects and returns their terms.
func (r *jsonldReader) all(values any) ([]Term, error) {
	var terms []Term
	for _, v := range array(values) {
		t, err := r.object(v)
		if err != nil {
			return nil, err
		}
		terms = append(terms, t)
	}
	return terms, nil
}

func (r *jsonldReader) reverse(object Term, properties any) error {
	all, _ := properties.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(all)) {
		subjects, err := r.all(all[key])
		if err != nil {
			return err
		}
		for _, s := range subjects {
			r.triple(s, IRI(key), object)
		}
	}
	return nil
}

var (
	listFirst = IRI(RDF + "first")
	listRest  = IRI(RDF + "rest")
	listNil   = IRI(RDF + "nil")
)

// list adds an RDF collection and returns its head (RDF Schema, 5.2).
func (r *jsonldReader) list(values []any) (Term, error) {
	items, err := r.all(values)
	if err != nil {
		return Term{}, err
	}
	head := listNil
	for _, item := range slices.Backward(items) {
		cell := r.blank()
		r.triple(cell, listFirst, item)
		r.triple(cell, listRest, head)
		head = cell
	}
	return head, nil
}

func (r *jsonldReader) triple(subject, predicate, object Term) {
	r.graph.read(Triple{subject, predicate, object}, func(err error) error { return &Error{Format: "jsonld", Err: err} })
}

func (r *jsonldReader) subject(object map[string]any) Term {
	if id, ok := object["@id"].(string); ok {
		return r.name(id)
	}
	return r.blank()
}

func (r *jsonldReader) name(id string) Term {
	if label, ok := strings.CutPrefix(id, "_:"); ok {
		return blankIn(r.scope, label)
	}
	return IRI(id)
}

// blank returns a node that has no label in the document.
func (r *jsonldReader) blank() Term {
	r.unlabelled++
	label := fmt.Sprintf("x-%d", r.unlabelled)
	if r.scope != "" {
		label = fmt.Sprintf("x-%s-%d", r.scope, r.unlabelled)
	}
	return Blank(label)
}

// valueOf returns the literal of a value object (JSON-LD 1.1 API, 8.2).
func valueOf(object map[string]any) (Term, error) {
	datatype, _ := object["@type"].(string)
	if datatype == "@json" {
		text, err := json.Marshal(object["@value"])
		return TypedLiteral(string(text), RDF+"JSON"), err
	}
	if language, ok := object["@language"].(string); ok {
		text, _ := object["@value"].(string)
		return LangLiteral(text, language), nil
	}
	typed := func(text, otherwise string) Term {
		if datatype != "" {
			return TypedLiteral(text, datatype)
		}
		return TypedLiteral(text, otherwise)
	}
	switch v := object["@value"].(type) {
	case string:
		return typed(v, xsdString), nil
	case bool:
		return typed(strconv.FormatBool(v), XSD+"boolean"), nil
	case json.Number:
		if digits := strings.TrimPrefix(v.String(), "-"); datatype != XSD+"double" && !strings.ContainsAny(digits, ".eE") && len(digits) <= 21 && digits != "0" {
			return typed(v.String(), XSD+"integer"), nil
		}
		f, err := v.Float64()
		if err != nil {
			return Term{}, fmt.Errorf("the number %s is out of range", v)
		}
		if datatype != XSD+"double" && f == math.Trunc(f) && math.Abs(f) < 1e21 {
			return typed(strconv.FormatFloat(f+0, 'f', 0, 64), XSD+"integer"), nil
		}
		return typed(ld.GetCanonicalDouble(f), XSD+"double"), nil
	}
	return Term{}, fmt.Errorf("@value %v is not a string, number or Boolean", object["@value"])
}

// jsonShape returns where the parts of a document start that consists only of a context
// and an array of nodes; nodes is 0 for other documents.
type jsonShape struct{ context, nodes int }

// inspectJSON checks the syntax and depth of a document and finds its shape.
func inspectJSON(ctx context.Context, data []byte) (jsonShape, error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var shape jsonShape
	plain := true // only @context and @graph so far
	depth, tokens, isKey := 0, 0, false
	for {
		offset := int(decoder.InputOffset())
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && depth == 0 && tokens > 0 {
			break
		}
		if err != nil {
			return jsonShape{}, syntaxError(data, decoder, err)
		}
		if tokens++; tokens%1024 == 0 && ctx.Err() != nil {
			return jsonShape{}, context.Cause(ctx)
		}
		if depth == 0 && tokens > 1 {
			return jsonShape{}, jsonError(data, offset, errors.New("only one value is allowed"))
		}
		if _, ended := token.(json.Delim); depth == 1 && isKey && !ended {
			start := int(decoder.InputOffset())
			start += len(data[start:]) - len(bytes.TrimLeft(data[start:], " \t\r\n:"))
			switch {
			case token == "@context" && shape.context == 0:
				shape.context = start
			case token == "@graph" && shape.nodes == 0 && start < len(data) && data[start] == '[':
				shape.nodes = start
			default:
				plain = false
			}
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return jsonShape{}, jsonError(data, offset, unsupported(fmt.Sprintf("nested deeper than %d levels", maxDepth)))
			}
			isKey = depth == 1 && token == json.Delim('{')
			plain = plain && (depth > 1 || isKey)
			continue
		case json.Delim('}'), json.Delim(']'):
			depth--
			isKey = depth == 1
			continue
		}
		if depth == 1 {
			isKey = !isKey
		}
	}
	if !plain {
		return jsonShape{}, nil
	}
	return shape, nil
}

// syntaxError places an error of package json.
func syntaxError(data []byte, decoder *json.Decoder, err error) error {
	offset := int(decoder.InputOffset())
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = int(syntax.Offset) // of the character, or one after it
		if offset > 0 && (offset >= len(data) || !strings.Contains(err.Error(), strconv.QuoteRune(rune(data[offset])))) {
			offset--
		}
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		offset, err = len(data), errors.New("the document ends too early")
	}
	return jsonError(data, offset, err)
}

// jsonError places an error at an offset.
func jsonError(data []byte, offset int, err error) error {
	before := data[:min(max(offset, 0), len(data))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return &Error{Format: "jsonld", Line: line, Column: column, Err: err}
}
