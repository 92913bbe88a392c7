package rdf

import (
	"errors"
	"fmt"
	"strings"
)

// jsonldReader turns a JSON-LD document into triples in one pass, expansion
// and conversion together (JSON-LD 1.1 API, 5.1 and 8.1), for contexts that
// are inline and simple.
type jsonldReader struct {
	*document
	initial *jsonContext
}

func readJSONLD(data []byte, base string) (*Graph, error) {
	d, err := newDocument("jsonld", data, base)
	if err != nil {
		return &Graph{}, err
	}
	r := &jsonldReader{d, &jsonContext{base: base}}
	root, err := parseJSON(d)
	if err == nil {
		err = r.root(root)
	}
	return d.result(err)
}

// jsonEntry is a member of an object whose key has been expanded.
type jsonEntry struct {
	key   string // keyword or IRI
	term  jsonTerm
	value jsonNode
}

// entries expands the keys of an object in its own context. Keys that stand
// for nothing are left out, as JSON-LD 1.1 API, 5.1.2 has it.
func (r *jsonldReader) entries(object jsonObject, c *jsonContext) ([]jsonEntry, *jsonContext, error) {
	if local, ok := object.get("@context"); ok {
		var err error
		if c, err = r.extend(c, r.initial, local); err != nil {
			return nil, nil, err
		}
	}
	var entries []jsonEntry
	seen := map[string]bool{"@context": true}
	for _, m := range object {
		key := c.expand(m.key, true, false)
		if m.key == "@context" || !strings.Contains(key, ":") && !strings.HasPrefix(key, "@") {
			continue
		}
		if seen[key] && strings.HasPrefix(key, "@") && key != "@type" && key != "@included" {
			return nil, nil, r.fail(m.value.offset, fmt.Errorf("two keys for %s in one object", key))
		}
		seen[key] = true
		term, _ := c.lookup(m.key)
		entries = append(entries, jsonEntry{key, term, m.value})
	}
	return entries, c, nil
}

func find(entries []jsonEntry, key string) (jsonNode, bool) {
	for _, e := range entries {
		if e.key == key {
			return e.value, true
		}
	}
	return jsonNode{}, false
}

// root reads the whole document: nodes, or an object with a context and a
// "@graph" of nodes.
func (r *jsonldReader) root(root jsonNode) error {
	object, ok := root.value.(jsonObject)
	if !ok {
		return r.nodes(root, r.initial)
	}
	entries, c, err := r.entries(object, r.initial)
	if err != nil {
		return err
	}
	if graph, ok := find(entries, "@graph"); ok && len(entries) == 1 {
		return r.nodes(graph, c)
	}
	return r.nodes(root, r.initial)
}

// nodes reads objects that no property leads to. Values and lists among them
// say nothing.
func (r *jsonldReader) nodes(n jsonNode, c *jsonContext) error {
	for _, item := range n.array() {
		var err error
		switch v := item.value.(type) {
		case jsonObject:
			if !r.isList(v, c) {
				_, err = r.object(jsonEntry{value: item}, v, c)
			}
		case []jsonNode:
			err = r.nodes(item, c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// node reads a node object and returns what names it (JSON-LD 1.1, 9.2).
func (r *jsonldReader) node(offset int, entries []jsonEntry, c *jsonContext) (Term, error) {
	subject, err := r.id(entries, c)
	if err != nil {
		return Term{}, err
	}
	for _, e := range entries {
		if err := r.entry(offset, subject, e, c); err != nil {
			return Term{}, err
		}
	}
	return subject, nil
}

func (r *jsonldReader) id(entries []jsonEntry, c *jsonContext) (Term, error) {
	value, ok := find(entries, "@id")
	if !ok || value.value == nil {
		return r.newBlank(), nil
	}
	id, ok := value.value.(string)
	if !ok {
		return Term{}, r.fail(value.offset, errors.New("@id is a string"))
	}
	return r.resource(id, c, false), nil
}

// resource returns the node of a term, a reference or a blank node identifier.
// What looks like a keyword stands for nothing: Validate will refuse it.
func (r *jsonldReader) resource(name string, c *jsonContext, vocab bool) Term {
	return r.named(orElse(c.expand(name, vocab, true), name))
}

// named returns the term of an expanded IRI or a blank node identifier.
func (r *jsonldReader) named(iri string) Term {
	if label, ok := strings.CutPrefix(iri, "_:"); ok {
		return r.blank(label)
	}
	return IRI(iri)
}

func (r *jsonldReader) entry(offset int, subject Term, e jsonEntry, c *jsonContext) error {
	switch e.key {
	case "@id", "@index":
		return nil
	case "@type":
		return r.types(subject, e.value, c)
	case "@included":
		return r.nodes(e.value, c)
	case "@reverse":
		return r.reverse(subject, e.value, c)
	case "@graph":
		return r.fail(offset, errors.New("@graph beside other keys makes a named graph, which is not supported"))
	}
	if strings.HasPrefix(e.key, "@") {
		return r.fail(e.value.offset, fmt.Errorf("%s in a node is not supported", e.key))
	}
	return r.property(subject, e, c)
}

func (r *jsonldReader) types(subject Term, value jsonNode, c *jsonContext) error {
	for _, item := range value.array() {
		name, ok := item.value.(string)
		if !ok {
			return r.fail(item.offset, errors.New("@type is a string or an array of strings"))
		}
		if err := r.add(item.offset, subject, Type, r.resource(name, c, true)); err != nil {
			return err
		}
	}
	return nil
}

// reverse reads properties that point to the node (JSON-LD 1.1, 4.8).
func (r *jsonldReader) reverse(subject Term, value jsonNode, c *jsonContext) error {
	object, ok := value.value.(jsonObject)
	if !ok {
		return r.fail(value.offset, errors.New("@reverse is an object"))
	}
	entries, c, err := r.entries(object, c)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.key, "@") {
			return r.fail(e.value.offset, fmt.Errorf("%s cannot stand in @reverse", e.key))
		}
		e.term.reverse = !e.term.reverse
		if err := r.property(subject, e, c); err != nil {
			return err
		}
	}
	return nil
}

// property adds a triple for each value of a key.
func (r *jsonldReader) property(subject Term, e jsonEntry, c *jsonContext) error {
	values, err := r.values(e, c)
	if err != nil {
		return err
	}
	predicate := r.named(e.key)
	for _, value := range values {
		from, to := subject, value.term
		if e.term.reverse {
			from, to = to, from
		}
		if err := r.add(value.offset, from, predicate, to); err != nil {
			return err
		}
	}
	return nil
}
