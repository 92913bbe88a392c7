package rdf

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// jsonNode is a JSON value that knows where it stands. It keeps the order of
// members, so that blank nodes are numbered alike each time.
type jsonNode struct {
	offset int
	value  any // nil, bool, json.Number, string, []jsonNode or jsonObject
}

type jsonMember struct {
	key   string
	value jsonNode
}

type jsonObject []jsonMember

// get returns the value of a member.
func (o jsonObject) get(key string) (jsonNode, bool) {
	for _, m := range o {
		if m.key == key {
			return m.value, true
		}
	}
	return jsonNode{}, false
}

// array returns the items of an array, or the node itself as the only one.
func (n jsonNode) array() []jsonNode {
	if items, ok := n.value.([]jsonNode); ok {
		return items
	}
	return []jsonNode{n}
}

// jsonParser builds the tree of a document from the tokens of encoding/json.
type jsonParser struct {
	*document
	decoder *json.Decoder
}

func parseJSON(d *document) (jsonNode, error) {
	var whole json.RawMessage
	if err := json.Unmarshal([]byte(d.text), &whole); err != nil {
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			return jsonNode{}, d.fail(min(int(syntax.Offset), len(d.text)), err)
		}
		return jsonNode{}, d.fail(0, err)
	}
	p := &jsonParser{d, json.NewDecoder(strings.NewReader(d.text))}
	p.decoder.UseNumber()
	return p.node(0)
}

func (p *jsonParser) node(depth int) (jsonNode, error) {
	offset := p.next()
	token, err := p.decoder.Token()
	if err == nil {
		err = p.nested(offset, depth)
	}
	if err != nil {
		return jsonNode{}, err
	}
	switch token {
	case json.Delim('['):
		items, err := p.items(depth)
		return jsonNode{offset, items}, err
	case json.Delim('{'):
		object, err := p.object(depth)
		return jsonNode{offset, object}, err
	}
	return jsonNode{offset, token}, nil
}

// next returns where the next value or key begins.
func (p *jsonParser) next() int {
	offset := int(p.decoder.InputOffset())
	rest := p.text[offset:]
	return offset + len(rest) - len(strings.TrimLeft(rest, " \t\r\n,:"))
}

func (p *jsonParser) items(depth int) ([]jsonNode, error) {
	items := []jsonNode{}
	for p.decoder.More() {
		item, err := p.node(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	_, err := p.decoder.Token()
	return items, err
}

func (p *jsonParser) object(depth int) (jsonObject, error) {
	object, seen := jsonObject{}, map[string]bool{}
	for p.decoder.More() {
		offset := p.next()
		token, err := p.decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		if seen[key] {
			return nil, p.fail(offset, fmt.Errorf("key %q twice in one object (RFC 7493, 2.3)", key))
		}
		seen[key] = true
		value, err := p.node(depth + 1)
		if err != nil {
			return nil, err
		}
		object = append(object, jsonMember{key, value})
	}
	_, err := p.decoder.Token()
	return object, err
}
