package rdf

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
