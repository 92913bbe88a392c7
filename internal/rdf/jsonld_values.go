package rdf

import "fmt"

// placedTerm is a term and where its value stands.
type placedTerm struct {
	term   Term
	offset int
}

// values returns the terms of a key's value: none for null, one each for the
// items of an array or a set, one for a list (JSON-LD 1.1 API, 5.1.2).
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
