package rdf

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// jsonDefiner makes the definitions of one local context, which may use each
// other in any order (JSON-LD 1.1 API, 4.2).
type jsonDefiner struct {
	*document
	*jsonContext
	local map[string]jsonNode
	done  map[string]bool // false while a definition is being made
	depth int
}

// keyword applies a member of the context that is no term.
func (f *jsonDefiner) keyword(key string, value jsonNode) error {
	text, isString := value.value.(string)
	switch key {
	case "@version", "@protected", "@direction":
		return nil
	case "@base", "@vocab", "@language":
		if !isString && value.value != nil {
			return f.fail(value.offset, fmt.Errorf("%s is a string or null", key))
		}
	default:
		return f.fail(value.offset, fmt.Errorf("%s is not supported in a context", key))
	}
	switch key {
	case "@base":
		if f.base = resolve(f.base, text); !isString {
			f.base = ""
		}
	case "@vocab":
		f.vocab, f.hasVocab = f.expand(text, true, true), isString
	case "@language":
		f.language = text
	}
	return nil
}

// define makes the definition of a term, and before that of those it uses.
func (f *jsonDefiner) define(key string) error {
	value, ok := f.local[key]
	done, started := f.done[key]
	switch {
	case !ok || done:
		return nil
	case started:
		return f.fail(value.offset, fmt.Errorf("term %q is defined by itself", key))
	}
	f.done[key] = false
	f.depth++
	defer func() {
		f.done[key] = true
		f.depth--
	}()
	return f.defineNow(key, value)
}

func (f *jsonDefiner) defineNow(key string, value jsonNode) error {
	if err := f.nested(value.offset, f.depth); err != nil {
		return err
	}
	switch {
	case key == "@base" || key == "@vocab" || key == "@type":
		return nil // applied before; @type can only be given a container
	case slices.Contains(jsonldKeywords, key):
		return f.keyword(key, value)
	case key == "":
		return f.fail(value.offset, errors.New("a term cannot be empty"))
	case looksReserved(key, value):
		return nil
	}
	t, err := f.term(key, value)
	f.terms[key] = t
	return err
}

// looksReserved reports definitions of or by a name that may become a keyword
// and is passed over till then (JSON-LD 1.1 API, 4.2.2).
func looksReserved(key string, value jsonNode) bool {
	id := value
	if definition, ok := value.value.(jsonObject); ok {
		for _, name := range []string{"@id", "@reverse"} {
			if named, ok := definition.get(name); ok {
				id = named
			}
		}
	}
	name, _ := id.value.(string)
	return keywordPattern.MatchString(key) ||
		keywordPattern.MatchString(name) && !slices.Contains(jsonldKeywords, name)
}

func (f *jsonDefiner) term(key string, value jsonNode) (jsonTerm, error) {
	switch v := value.value.(type) {
	case nil:
		return jsonTerm{}, nil
	case string:
		iri, err := f.definedIRI(key, value)
		return jsonTerm{iri: iri, prefix: isSimplePrefix(iri)}, err
	case jsonObject:
		return f.expandedTerm(key, value.offset, v)
	}
	return jsonTerm{}, f.fail(value.offset, fmt.Errorf("term %q is a string, an object or null", key))
}

// isSimplePrefix reports whether an IRI ends in a delimiter (JSON-LD 1.1 API,
// 4.2.2).
func isSimplePrefix(iri string) bool {
	return iri != "" && strings.Contains(":/?#[]@", iri[len(iri)-1:]) || strings.HasPrefix(iri, "_:")
}

// definedIRI expands the IRI that a definition names.
func (f *jsonDefiner) definedIRI(key string, value jsonNode) (string, error) {
	name, ok := value.value.(string)
	if !ok {
		return "", f.fail(value.offset, fmt.Errorf("the IRI of term %q is a string", key))
	}
	if name == key {
		return f.ownIRI(key, value.offset)
	}
	if err := f.definePrefix(name); err != nil {
		return "", err
	}
	iri := f.expand(name, true, false)
	if iri == "" || iri == "@context" || !strings.HasPrefix(iri, "@") && !strings.Contains(iri, ":") {
		return "", f.fail(value.offset, fmt.Errorf("term %q: %q is no absolute IRI", key, name))
	}
	return iri, nil
}

// definePrefix defines what a name is made of first.
func (f *jsonDefiner) definePrefix(name string) error {
	if prefix, local, ok := strings.Cut(name, ":"); ok && !strings.HasPrefix(local, "//") {
		if err := f.define(prefix); err != nil {
			return err
		}
	}
	return f.define(name)
}

// ownIRI expands a term without an "@id": a compact IRI, or a name in the
// vocabulary.
func (f *jsonDefiner) ownIRI(key string, offset int) (string, error) {
	if prefix, local, ok := strings.Cut(key, ":"); ok && prefix != "" {
		if strings.HasPrefix(local, "//") {
			return key, nil
		}
		if err := f.define(prefix); err != nil {
			return "", err
		}
		if t, ok := f.lookup(prefix); ok {
			return t.iri + local, nil
		}
		return key, nil
	}
	if f.hasVocab {
		return f.vocab + key, nil
	}
	return "", f.fail(offset, fmt.Errorf("term %q has no @id, and there is no @vocab", key))
}

// expandedTerm reads a definition that is an object (JSON-LD 1.1, 9.15.1).
func (f *jsonDefiner) expandedTerm(key string, offset int, definition jsonObject) (jsonTerm, error) {
	t := jsonTerm{}
	members := definition.byKey()
	id, hasID := members["@id"]
	reverse, hasReverse := members["@reverse"]
	err := error(nil)
	switch {
	case hasReverse:
		t.reverse = true
		t.iri, err = f.definedIRI(key, reverse)
	case !hasID:
		t.iri, err = f.ownIRI(key, offset)
	case id.value != nil:
		t.iri, err = f.definedIRI(key, id)
	}
	if err != nil {
		return t, err
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if err := f.detail(key, &t, name, members[name]); err != nil {
			return t, err
		}
	}
	return t, nil
}

// detail applies one member of an expanded definition.
func (f *jsonDefiner) detail(key string, t *jsonTerm, name string, value jsonNode) error {
	switch name {
	case "@id", "@reverse", "@protected", "@direction":
		return nil
	case "@prefix":
		ok := false
		if t.prefix, ok = value.value.(bool); !ok {
			return f.fail(value.offset, fmt.Errorf("term %q: @prefix is true or false", key))
		}
		return nil
	case "@language":
		t.language, t.hasLanguage = value.value.(string)
		if !t.hasLanguage && value.value != nil {
			return f.fail(value.offset, fmt.Errorf("term %q: @language is a string or null", key))
		}
		t.hasLanguage = true
		return nil
	case "@container":
		return f.container(key, t, value)
	case "@type":
		return f.coercion(key, t, value)
	}
	return f.fail(value.offset, fmt.Errorf("term %q: %s is not supported", key, name))
}

func (f *jsonDefiner) container(key string, t *jsonTerm, value jsonNode) error {
	for _, item := range value.array() {
		switch item.value {
		case "@set", nil:
		case "@list", "@language", "@index":
			t.container, _ = item.value.(string)
		default:
			return f.fail(value.offset, fmt.Errorf("term %q: @container %v is not supported", key, item.value))
		}
	}
	return nil
}

func (f *jsonDefiner) coercion(key string, t *jsonTerm, value jsonNode) error {
	name, ok := value.value.(string)
	if !ok {
		return f.fail(value.offset, fmt.Errorf("term %q: @type is a string", key))
	}
	if err := f.definePrefix(name); err != nil {
		return err
	}
	switch t.coerce = f.expand(name, true, false); {
	case t.coerce == "@none":
		t.coerce = ""
	case t.coerce == "@id" || t.coerce == "@vocab" || schemePattern.MatchString(t.coerce):
	default:
		return f.fail(value.offset, fmt.Errorf("term %q: @type %q is not supported, only @id, @vocab, @none and IRIs", key, name))
	}
	return nil
}
