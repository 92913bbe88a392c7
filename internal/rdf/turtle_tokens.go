package rdf

import (
	"errors"
	"fmt"
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

// firstRune returns the first character of a text, 0 if there is none.
func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
