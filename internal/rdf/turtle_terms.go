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

// boolean reads true or false, unless it begins a prefixed name.
func (r *turtleReader) boolean() (Term, bool) {
	for _, word := range []string{"true", "false"} {
		rest, ok := strings.CutPrefix(r.text[r.pos:], word)
		next, size := utf8.DecodeRuneInString(rest)
		if ok && (size == 0 || !isNameChar(next) && next != ':') {
			r.pos += len(word)
			return TypedLiteral(word, XSD+"boolean"), true
		}
	}
	return Term{}, false
}

// iri reads an IRIREF or a PrefixedName.
func (r *turtleReader) iri(what string) (Term, error) {
	if r.peek() == '<' {
		iri, err := r.iriReference()
		return IRI(iri), err
	}
	start := r.pos
	if c, _ := utf8.DecodeRuneInString(r.text[r.pos:]); c != ':' && !isNameStart(c) {
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
	first, _ := utf8.DecodeRuneInString(name)
	if !r.take(":") || name != "" && !isNameStart(first) {
		r.pos = start
		return "", r.fail(start, fmt.Errorf("%q is no prefixed name", r.word()))
	}
	return name, nil
}

// word returns what stands here up to the next white space, for a message.
func (r *turtleReader) word() string {
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
		c, size := utf8.DecodeRuneInString(r.text[r.pos:])
		switch {
		case c == '\\':
			if next := r.peekAt(1); next == 0 || strings.IndexByte(localEscapes, next) < 0 {
				return "", r.fail(r.pos, errors.New(`\ without one of `+localEscapes+` after it`))
			}
			b.WriteByte(r.peekAt(1))
			r.pos += 2
		case c == '%' && !isPercentEncoded(r.text[r.pos:]):
			return "", r.fail(r.pos, errors.New("% without two hexadecimal digits after it"))
		case c == '%' || c == ':' || c == '.' && !first || isNameChar(c) && (!first || c != '-' && !isCombining(c)):
			b.WriteRune(c)
			r.pos += size
		default:
			r.pos = end
			return b.String()[:length], nil
		}
		if c != '.' {
			length, end = b.Len(), r.pos
		}
	}
}

// isCombining covers the PN_CHARS beyond ASCII that no name begins with.
func isCombining(r rune) bool {
	return r >= 0x80 && isNameChar(r) && !isNameStart(r)
}
