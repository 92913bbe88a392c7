package rdf

import (
	"bytes"
	"errors"
	"io"
)

// writeNTriples writes a triple a line, sorted. It needs no prefixes.
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

// readNTriples reads N-Triples with the tokens of Turtle, of which it is a
// subset (N-Triples, 7). It has no relative IRIs, so base is not used.
func readNTriples(data []byte, _ string) (*Graph, error) {
	d, err := newDocument("ntriples", data, "")
	if err != nil {
		return &Graph{}, err
	}
	s := &turtleScanner{document: d}
	for err == nil && !s.end() {
		err = s.ntriple()
	}
	return d.result(err)
}

// ntriple reads one line (N-Triples, 7, triple).
func (s *turtleScanner) ntriple() error {
	start := s.pos
	subject, err := s.ntripleTerm("a subject", "<_")
	if err != nil {
		return err
	}
	predicate, err := s.ntripleTerm("a predicate", "<")
	if err != nil {
		return err
	}
	object, err := s.ntripleTerm("an object", `<_"`)
	if err != nil {
		return err
	}
	if err := s.lineEnd(); err != nil {
		return err
	}
	return s.add(start, subject, predicate, object)
}

// ntripleTerm reads a term that begins with one of the given characters.
func (s *turtleScanner) ntripleTerm(what, starts string) (Term, error) {
	s.skipBlanks()
	c := s.peek()
	if bytes.IndexByte([]byte(starts), c) < 0 {
		return Term{}, s.unexpected(what + " of N-Triples")
	}
	switch c {
	case '<':
		iri, err := s.iriRef()
		return IRI(iri), err
	case '_':
		return s.blankLabel()
	}
	return s.literal(func() (string, error) {
		if s.peek() != '<' {
			return "", s.unexpected("<, a datatype IRI of N-Triples")
		}
		return s.iriRef()
	}, false)
}

// lineEnd reads the dot, and a comment that may follow it.
func (s *turtleScanner) lineEnd() error {
	s.skipBlanks()
	if s.peek() != '.' {
		return s.unexpected("a dot at the end of the triple")
	}
	s.pos++
	s.skipBlanks()
	if c := s.peek(); c != '\n' && c != '\r' && c != '#' && s.pos < len(s.text) {
		return s.fail(s.pos, errors.New("one triple a line (N-Triples, 2)"))
	}
	return nil
}
