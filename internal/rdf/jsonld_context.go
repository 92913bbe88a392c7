package rdf

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// jsonContext is an active context (JSON-LD 1.1 API, 4.1). Inner contexts point
// to the one that they extend.
type jsonContext struct {
	outer    *jsonContext
	level    int
	base     string
	vocab    string
	hasVocab bool
	language string
	terms    map[string]jsonTerm
}

// jsonTerm is a term definition. Without an IRI the term is decoupled: it
// stands for nothing.
type jsonTerm struct {
	iri         string
	prefix      bool
	reverse     bool
	coerce      string // "@id", "@vocab", a datatype IRI or ""
	language    string
	hasLanguage bool
	container   string // "@list", "@language", "@index" or ""
}

func (c *jsonContext) lookup(term string) (jsonTerm, bool) {
	for ; c != nil; c = c.outer {
		if t, ok := c.terms[term]; ok {
			return t, true
		}
	}
	return jsonTerm{}, false
}

var (
	jsonldKeywords = []string{
		"@base", "@container", "@context", "@direction", "@graph", "@id", "@import", "@included",
		"@index", "@json", "@language", "@list", "@nest", "@none", "@prefix", "@propagate",
		"@protected", "@reverse", "@set", "@type", "@value", "@version", "@vocab",
	}
	keywordPattern = regexp.MustCompile(`^@[A-Za-z]+$`)
)

// expand turns a term, a compact IRI or a reference into an IRI or a keyword,
// "" if it means neither (JSON-LD 1.1 API, 5.2). Terms and vocabulary count for
// keys and types, the base for ids.
func (c *jsonContext) expand(s string, vocab, relative bool) string {
	if slices.Contains(jsonldKeywords, s) {
		return s
	}
	if keywordPattern.MatchString(s) {
		return ""
	}
	if t, ok := c.lookup(s); ok && (vocab || strings.HasPrefix(t.iri, "@")) {
		return t.iri
	}
	if prefix, local, ok := strings.Cut(s, ":"); ok && prefix != "" {
		if t, ok := c.lookup(prefix); ok && t.prefix && !strings.HasPrefix(local, "//") {
			return t.iri + local
		}
		if prefix == "_" || schemePattern.MatchString(s) {
			return s
		}
	}
	switch {
	case vocab && c.hasVocab:
		return c.vocab + s
	case relative:
		return resolve(c.base, s)
	}
	return ""
}

// extend applies a local context (JSON-LD 1.1 API, 4.1.2). initial is the
// context of the document, to which null returns.
func (d *document) extend(c, initial *jsonContext, local jsonNode) (*jsonContext, error) {
	for _, part := range local.array() {
		switch value := part.value.(type) {
		case nil:
			c = initial
		case string:
			return nil, d.fail(part.offset, fmt.Errorf("context %q is remote, and only inline contexts are read", value))
		case jsonObject:
			var err error
			if c, err = d.extendBy(c, part.offset, value); err != nil {
				return nil, err
			}
		default:
			return nil, d.fail(part.offset, fmt.Errorf("a context is an object, not %v", value))
		}
	}
	return c, nil
}

func (d *document) extendBy(outer *jsonContext, offset int, local jsonObject) (*jsonContext, error) {
	inner := *outer
	inner.outer, inner.level, inner.terms = outer, outer.level+1, map[string]jsonTerm{}
	if err := d.nested(offset, inner.level); err != nil {
		return nil, err
	}
	definer := &jsonDefiner{d, &inner, local.byKey(), map[string]bool{}, 0}
	for _, key := range []string{"@base", "@vocab"} {
		if value, ok := local.get(key); ok {
			if err := definer.keyword(key, value); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range local {
		if err := definer.define(m.key); err != nil {
			return nil, err
		}
	}
	return &inner, nil
}

func (o jsonObject) byKey() map[string]jsonNode {
	members := map[string]jsonNode{}
	for _, m := range o {
		members[m.key] = m.value
	}
	return members
}
