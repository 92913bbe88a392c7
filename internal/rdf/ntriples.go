// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// writeNTriples writes one triple per line, sorted. It needs no prefixes.
func writeNTriples(w io.Writer, g *Graph, _ Prefixes) error {
	if err := g.Err(); err != nil {
		return err
	}
	var b bytes.Buffer
	for _, t := range g.Triples() {
		b.WriteString(t.String() + "\n")
	}
	return flush(w, b.Bytes())
}

// maxLine bounds a line of N-Triples.
const maxLine = 16 << 20

// ReadNTriples adds the triples of an N-Triples document, line by line. It stops
// at the first syntax error, which it returns as an *Error, and when the context
// ends. Terms that are not valid are kept and reported by Errors. The scope, a
// few letters and digits, tells the blank nodes of several documents apart.
func (g *Graph) ReadNTriples(ctx context.Context, r io.Reader, scope string) error {
	s := ntriplesScanner{graph: g, scope: scope}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	lines.Split(splitLines)
	for lines.Scan() {
		s.line++
		if s.line%1024 == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s.text, s.pos = lines.Text(), 0
		if s.line == 1 {
			s.text = strings.TrimPrefix(s.text, "\uFEFF")
		}
		if err := s.triple(); err != nil && lines.Err() == nil { // else the line is cut off
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return &Error{"ntriples", s.line + 1, 1, unsupported(fmt.Sprintf("longer than %d MiB, the limit for a line", maxLine>>20))}
	}
	return lines.Err()
}

// splitLines splits at line feeds, carriage returns and pairs of both
// (N-Triples, 7, EOL).
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0, data[i] == '\r' && i+1 == len(data) && !atEOF:
		return 0, nil, nil
	case data[i] == '\r' && i+1 < len(data) && data[i+1] == '\n':
		return i + 2, data[:i], nil
	}
	return i + 1, data[:i], nil
}

// ntriplesScanner reads the tokens of a line (N-Triples, 7).
type ntriplesScanner struct {
	graph *Graph
	scope string
	text  string
	pos   int
	line  int
}

// triple reads a line: a triple, a comment or nothing.
func (s *ntriplesScanner) triple() error {
	if i := invalidUTF8(s.text); i >= 0 {
		return s.fail(i, ErrUTF8)
	}
	if s.skipSpace(); s.ended() {
		return nil
	}
	start := s.pos
	var t Triple
	for _, part := range []struct {
		into         *Term
		what, starts string
	}{
		{&t.Subject, "a subject", "<_"},
		{&t.Predicate, "a predicate", "<"},
		{&t.Object, "an object", `<_"`},
	} {
		var err error
		if *part.into, err = s.term(part.what, part.starts); err != nil {
			return err
		}
		s.skipSpace()
	}
	if s.peek() != '.' {
		return s.unexpected("a dot at the end of the triple")
	}
	s.pos++
	if s.skipSpace(); !s.ended() {
		return s.fail(s.pos, errors.New("only one triple is allowed per line (N-Triples, 2)"))
	}
	s.graph.read(t, func(err error) error { return s.fail(start, err) })
	return nil
}

// term reads a term that begins with one of the given characters.
func (s *ntriplesScanner) term(what, starts string) (Term, error) {
	c := s.peek()
	if strings.IndexByte(starts, c) < 0 {
		return Term{}, s.unexpected(what + " of N-Triples")
	}
	switch c {
	case '<':
		iri, err := s.iri()
		return IRI(iri), err
	case '_':
		return s.blank()
	}
	return s.literal()
}

// iri reads an IRIREF. Validate reports characters that are not allowed, with better
// messages.
func (s *ntriplesScanner) iri() (string, error) {
	return s.delimited('>', "IRI", func() (rune, error) {
		if c := s.peekAt(1); c == 'u' || c == 'U' {
			return s.codePoint()
		}
		s.pos++
		return '\\', nil
	})
}

// delimited reads up to the delimiter; escape reads what begins with \.
func (s *ntriplesScanner) delimited(delimiter byte, what string, escape func() (rune, error)) (string, error) {
	start := s.pos
	s.pos++
	plain := s.pos
	var b strings.Builder
	for {
		i := strings.IndexAny(s.text[s.pos:], string(delimiter)+`\`)
		if i < 0 {
			return "", s.fail(start, fmt.Errorf("%s without closing %c on its line", what, delimiter))
		}
		s.pos += i
		if s.peek() == delimiter {
			s.pos++
			if b.Len() == 0 {
				return s.text[plain : s.pos-1], nil
			}
			return b.String() + s.text[plain:s.pos-1], nil
		}
		b.WriteString(s.text[plain:s.pos])
		r, err := escape()
		if err != nil {
			return "", err
		}
		b.WriteRune(r)
		plain = s.pos
	}
}

var tagPattern = regexp.MustCompile(`^@[A-Za-z]+(?:-[A-Za-z0-9]+)*`)

// literal reads a string with its language tag or datatype.
func (s *ntriplesScanner) literal() (Term, error) {
	text, err := s.delimited('"', "string", s.escape)
	if err != nil {
		return Term{}, err
	}
	switch rest := s.text[s.pos:]; {
	case strings.HasPrefix(rest, "@"):
		tag := tagPattern.FindString(rest)
		if tag == "" {
			return Term{}, s.fail(s.pos, errors.New("@ without a language tag"))
		}
		s.pos += len(tag)
		return LangLiteral(text, tag[1:]), nil
	case strings.HasPrefix(rest, "^^"):
		s.pos += 2
		if s.peek() != '<' {
			return Term{}, s.unexpected("<, a datatype IRI of N-Triples")
		}
		iri, err := s.iri()
		return TypedLiteral(text, iri), err
	}
	return Literal(text), nil
}

const (
	escapeLetters = `tbnrf"'\`
	escapeValues  = "\t\b\n\r\f\"'\\"
)

// escape reads an ECHAR or UCHAR.
func (s *ntriplesScanner) escape() (rune, error) {
	c := s.peekAt(1)
	if c == 'u' || c == 'U' {
		return s.codePoint()
	}
	i := strings.IndexByte(escapeLetters, c)
	if i < 0 || c == 0 {
		return 0, s.fail(s.pos, errors.New(`\ must be followed by one of t b n r f " ' \ u U`))
	}
	s.pos += 2
	return rune(escapeValues[i]), nil
}

// codePoint reads \uXXXX or \UXXXXXXXX.
func (s *ntriplesScanner) codePoint() (rune, error) {
	digits := 4
	if s.peekAt(1) == 'U' {
		digits = 8
	}
	hex := s.text[min(s.pos+2, len(s.text)):min(s.pos+2+digits, len(s.text))]
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil || len(hex) < digits || !utf8.ValidRune(rune(n)) {
		return 0, s.fail(s.pos, fmt.Errorf(`\%c must be followed by %d hexadecimal digits of a character`, s.peekAt(1), digits))
	}
	s.pos += 2 + digits
	return rune(n), nil
}

// blank reads a BLANK_NODE_LABEL.
func (s *ntriplesScanner) blank() (Term, error) {
	start := s.pos
	if !strings.HasPrefix(s.text[s.pos:], "_:") {
		return Term{}, s.unexpected("_: and a label")
	}
	s.pos += 2
	label := s.label()
	if first, _ := utf8.DecodeRuneInString(label); label == "" || !isNameStart(first) && first != '_' && first != ':' && !isDigit(first) {
		return Term{}, s.fail(start, errors.New("_: must be followed by a label that begins with : or _ or a letter or digit"))
	}
	return blankIn(s.scope, label), nil
}

// label reads a name that may contain dots but does not end in one.
func (s *ntriplesScanner) label() string {
	start, end := s.pos, s.pos
	for i, r := range s.text[start:] {
		if r != '.' && r != ':' && !isNameChar(r) {
			break
		}
		if r != '.' {
			end = start + i + utf8.RuneLen(r)
		}
	}
	s.pos = end
	return s.text[start:end]
}

// peek returns the next byte, 0 at the end of the line.
func (s *ntriplesScanner) peek() byte { return s.peekAt(0) }

func (s *ntriplesScanner) peekAt(i int) byte {
	if s.pos+i < len(s.text) {
		return s.text[s.pos+i]
	}
	return 0
}

func (s *ntriplesScanner) skipSpace() {
	for s.peek() == ' ' || s.peek() == '\t' {
		s.pos++
	}
}

// ended reports whether nothing but a comment follows.
func (s *ntriplesScanner) ended() bool {
	return s.pos >= len(s.text) || s.peek() == '#'
}

func (s *ntriplesScanner) unexpected(want string) error {
	if s.pos >= len(s.text) {
		return s.fail(s.pos, fmt.Errorf("the line ends where %s was expected", want))
	}
	r, _ := utf8.DecodeRuneInString(s.text[s.pos:])
	return s.fail(s.pos, fmt.Errorf("found %q, expected %s", r, want))
}

// fail returns an error with its place.
func (s *ntriplesScanner) fail(offset int, err error) error {
	return &Error{"ntriples", s.line, 1 + utf8.RuneCountInString(s.text[:min(offset, len(s.text))]), err}
}
