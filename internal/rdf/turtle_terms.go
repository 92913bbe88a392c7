package rdf

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

var numberPattern = regexp.MustCompile(
	`^[+-]?(?:([0-9]+\.[0-9]*[eE][+-]?[0-9]+|\.?[0-9]+[eE][+-]?[0-9]+)|([0-9]*\.[0-9]+)|([0-9]+))`)

// number reads a double, a decimal or an integer (Turtle, 2.5.2).
func (r *turtleReader) number() (Term, error) {
	m := numberPattern.FindStringSubmatch(r.text[r.pos:])
	if m == nil {
		return Term{}, r.unexpected("an object")
	}
	r.pos += len(m[0])
	switch {
	case m[1] != "":
		return TypedLiteral(m[0], XSD+"double"), nil
	case m[2] != "":
		return TypedLiteral(m[0], XSD+"decimal"), nil
	}
	return TypedLiteral(m[0], XSD+"integer"), nil
}

func (r *turtleReader) boolean() (Term, bool) {
	for _, word := range []string{"true", "false"} {
		if r.word(word) {
			return TypedLiteral(word, XSD+"boolean"), true
		}
	}
	return Term{}, false
}

// word consumes a keyword, unless it begins a prefixed name.
func (r *turtleReader) word(word string) bool {
	start := r.pos
	if r.nameWhile(isNameChar) == word && r.peek() != ':' {
		return true
	}
	r.pos = start
	return false
}

// iri reads an IRIREF or a PrefixedName.
func (r *turtleReader) iri(what string) (Term, error) {
	if r.peek() == '<' {
		iri, err := r.iriReference()
		return IRI(iri), err
	}
	start := r.pos
	if c := firstRune(r.text[r.pos:]); c != ':' && !isNameStart(c) {
		return Term{}, r.unexpected(what)
	}
	prefix, err := r.prefix()
	if err != nil {
		return Term{}, err
	}
	namespace, ok := r.prefixes[prefix]
	if !ok {
		return Term{}, r.fail(start, fmt.Errorf("prefix %q is not declared", prefix+":"))
	}
	local, err := r.localName()
	return IRI(namespace + local), err
}

// prefix reads a PNAME_NS and returns it without its colon.
func (r *turtleReader) prefix() (string, error) {
	start := r.pos
	name := r.nameWhile(isNameChar)
	if !r.take(":") || name != "" && !isNameStart(firstRune(name)) {
		r.pos = start
		return "", r.fail(start, fmt.Errorf("%q is no prefixed name", r.excerpt()))
	}
	return name, nil
}

// excerpt returns what stands here up to the next white space, for a message.
func (r *turtleReader) excerpt() string {
	word := r.text[r.pos:min(r.pos+40, len(r.text))]
	if i := strings.IndexAny(word, " \t\r\n"); i >= 0 {
		word = word[:i]
	}
	return strings.ToValidUTF8(word, "")
}

const localEscapes = "_~.-!$&'()*+,;=/?#@%"

// localName reads a PN_LOCAL, without the backslashes of its escapes.
func (r *turtleReader) localName() (string, error) {
	var b strings.Builder
	length, end := 0, r.pos // up to the last character that is no dot
	for first := true; ; first = false {
		c := firstRune(r.text[r.pos:])
		switch {
		case c == '\\':
			if next := r.peekAt(1); next == 0 || strings.IndexByte(localEscapes, next) < 0 {
				return "", r.fail(r.pos, errors.New(`\ without one of `+localEscapes+` after it`))
			}
			b.WriteByte(r.peekAt(1))
			r.pos += 2
		case c == '%' && !isPercentEncoded(r.text[r.pos:]):
			return "", r.fail(r.pos, errors.New("% without two hexadecimal digits after it"))
		case isLocalChar(c, first):
			b.WriteRune(c)
			r.pos += utf8.RuneLen(c)
		default:
			r.pos = end
			return b.String()[:length], nil
		}
		if c != '.' {
			length, end = b.Len(), r.pos
		}
	}
}

// isLocalChar covers what a PN_LOCAL is made of, or begins with.
func isLocalChar(r rune, first bool) bool {
	if first {
		return r == '%' || r == ':' || r == '_' || isDigit(r) || isNameStart(r)
	}
	return r == '%' || r == ':' || r == '.' || isNameChar(r)
}
