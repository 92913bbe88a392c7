package rdf

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// turtleScanner reads the tokens that Turtle and N-Triples have in common
// (Turtle, 6.5).
type turtleScanner struct {
	*document
	pos int
}

// peek returns the next byte, 0 at the end of the document.
func (s *turtleScanner) peek() byte { return s.peekAt(0) }

func (s *turtleScanner) peekAt(i int) byte {
	if s.pos+i < len(s.text) {
		return s.text[s.pos+i]
	}
	return 0
}

// take consumes a string if it comes next.
func (s *turtleScanner) take(token string) bool {
	if !strings.HasPrefix(s.text[s.pos:], token) {
		return false
	}
	s.pos += len(token)
	return true
}

// end skips white space and comments and reports whether nothing follows.
func (s *turtleScanner) end() bool {
	for s.pos < len(s.text) {
		switch s.text[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		case '#':
			s.skipComment()
		default:
			return false
		}
	}
	return true
}

func (s *turtleScanner) skipComment() {
	if i := strings.IndexAny(s.text[s.pos:], "\r\n"); i >= 0 {
		s.pos += i
	} else {
		s.pos = len(s.text)
	}
}

func (s *turtleScanner) skipBlanks() {
	for s.peek() == ' ' || s.peek() == '\t' {
		s.pos++
	}
}

// unexpected says what was found in place of what.
func (s *turtleScanner) unexpected(want string) error {
	if s.pos >= len(s.text) {
		return s.fail(len(s.text), fmt.Errorf("the document ends where %s was expected", want))
	}
	return s.fail(s.pos, fmt.Errorf("found %q, expected %s", firstRune(s.text[s.pos:]), want))
}

// iriRef reads an IRIREF. What may not stand in an IRI is left to Validate,
// which says more about it and lets the reading go on.
func (s *turtleScanner) iriRef() (string, error) {
	start := s.pos
	s.pos++
	var b strings.Builder
	for {
		switch c := s.peek(); {
		case c == '>':
			s.pos++
			return b.String(), nil
		case c == '\n' || c == '\r' || s.pos >= len(s.text):
			return "", s.fail(start, errors.New("IRI without closing > on its line"))
		case c == '\\' && (s.peekAt(1) == 'u' || s.peekAt(1) == 'U'):
			r, err := s.codePoint()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		default:
			b.WriteByte(c)
			s.pos++
		}
	}
}

// blankLabel reads a BLANK_NODE_LABEL.
func (s *turtleScanner) blankLabel() (Term, error) {
	start := s.pos
	if !s.take("_:") {
		return Term{}, s.unexpected("_: and a label")
	}
	label := s.nameWhile(isNameChar)
	if first := firstRune(label); !isNameStart(first) && first != '_' && !isDigit(first) {
		return Term{}, s.fail(start, errors.New("_: without a label that begins with a letter, a digit or _"))
	}
	return s.blank(label), nil
}

// nameWhile reads a name whose characters may be joined, not ended, by dots.
func (s *turtleScanner) nameWhile(ok func(rune) bool) string {
	start, end := s.pos, s.pos
	for i, r := range s.text[start:] {
		if r != '.' && !ok(r) {
			break
		}
		if r != '.' {
			end = start + i + utf8.RuneLen(r)
		}
	}
	s.pos = end
	return s.text[start:end]
}

// literal reads a quoted string with its language tag or datatype, whose IRI
// the caller reads. Only Turtle has ' and long strings.
func (s *turtleScanner) literal(datatype func() (string, error), turtle bool) (Term, error) {
	text, err := s.quoted(turtle)
	if err != nil {
		return Term{}, err
	}
	switch {
	case s.peek() == '@':
		tag, err := s.languageTag()
		return LangLiteral(text, tag), err
	case s.take("^^"):
		iri, err := datatype()
		return TypedLiteral(text, iri), err
	}
	return Literal(text), nil
}

var tagPattern = regexp.MustCompile(`^@[A-Za-z]+(?:-[A-Za-z0-9]+)*`)

func (s *turtleScanner) languageTag() (string, error) {
	tag := tagPattern.FindString(s.text[s.pos:])
	if tag == "" {
		return "", s.fail(s.pos, errors.New("@ without a language tag"))
	}
	s.pos += len(tag)
	return tag[1:], nil
}

// quoted reads a string in one of the forms of Turtle, 2.5.1.
func (s *turtleScanner) quoted(turtle bool) (string, error) {
	start, quote := s.pos, s.text[s.pos:s.pos+1]
	long := turtle && s.take(strings.Repeat(quote, 3))
	if long {
		quote = strings.Repeat(quote, 3)
	} else {
		s.pos++
	}
	var b strings.Builder
	for !s.take(quote) {
		switch c := s.peek(); {
		case s.pos >= len(s.text):
			return "", s.fail(start, fmt.Errorf("string without closing %s", quote))
		case !long && (c == '\n' || c == '\r'):
			return "", s.fail(start, fmt.Errorf("string without closing %s on its line", quote))
		case c == '\\':
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		default:
			b.WriteByte(c)
			s.pos++
		}
	}
	return b.String(), nil
}

const (
	escapeLetters = `tbnrf"'\`
	escapeValues  = "\t\b\n\r\f\"'\\"
)

// escape reads an ECHAR or UCHAR.
func (s *turtleScanner) escape() (rune, error) {
	c := s.peekAt(1)
	if c == 'u' || c == 'U' {
		return s.codePoint()
	}
	i := strings.IndexByte(escapeLetters, c)
	if i < 0 || c == 0 {
		return 0, s.fail(s.pos, errors.New(`\ without one of t b n r f " ' \ u U after it`))
	}
	s.pos += 2
	return rune(escapeValues[i]), nil
}

// codePoint reads \uXXXX or \UXXXXXXXX.
func (s *turtleScanner) codePoint() (rune, error) {
	digits := 4
	if s.peekAt(1) == 'U' {
		digits = 8
	}
	hex := s.text[min(s.pos+2, len(s.text)):min(s.pos+2+digits, len(s.text))]
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) < digits || !utf8.ValidRune(rune(n)) {
		return 0, s.fail(s.pos, fmt.Errorf(`\%c without %d hexadecimal digits of a character`, s.peekAt(1), digits))
	}
	s.pos += 2 + digits
	return rune(n), nil
}

// firstRune returns the first character of a text, 0 if there is none.
func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isNameStart covers PN_CHARS_BASE, which is also XML's NameStartChar without
// ":" and "_".
func isNameStart(r rune) bool {
	switch {
	case r < 0x80:
		return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
	case r < 0x2000:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && (r < 0x300 || r > 0x36F) && r != 0x37E
	}
	return r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0xEFFFF
}

// isNameChar covers PN_CHARS.
func isNameChar(r rune) bool {
	return isNameStart(r) || isDigit(r) || r == '_' || r == '-' || r == 0xB7 ||
		r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
