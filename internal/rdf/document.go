package rdf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits that keep a hostile document from exhausting memory or stack.
const (
	maxDepth    = 500  // nested nodes, collections or elements
	maxProblems = 1000 // invalid terms, after which reading stops
)

// Error is a problem in a document that was read, with its place. Lines and
// columns count from 1, columns in characters.
type Error struct {
	Format string
	Line   int
	Column int
	Err    error
}

// Error returns format, place and problem.
func (e *Error) Error() string {
	return fmt.Sprintf("%s, line %d, column %d: %v", e.Format, e.Line, e.Column, e.Err)
}

// Unwrap returns the problem without its place.
func (e *Error) Unwrap() error { return e.Err }

// document is what the readers share: a text with its lines, the graph read
// so far, the problems found and the blank nodes named.
type document struct {
	format   string
	text     string
	lines    []int // offsets at which lines begin
	graph    *Graph
	problems []error

	labels map[string]Term // by label in the document
	taken  map[Term]bool
	fresh  int
}

// newDocument checks encoding and base, and drops a byte order mark.
func newDocument(format string, data []byte, base string) (*document, error) {
	if base != "" {
		if err := checkIRI(base); err != nil {
			return nil, fmt.Errorf("base <%s>: %w", base, err)
		}
	}
	d := &document{
		format: format,
		text:   strings.TrimPrefix(string(data), "\uFEFF"),
		lines:  []int{0},
		graph:  &Graph{},
		labels: map[string]Term{},
		taken:  map[Term]bool{},
	}
	for i := range len(d.text) {
		if d.text[i] == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if i := invalidUTF8(d.text); i >= 0 {
		return nil, d.fail(i, errors.New("not valid UTF-8"))
	}
	return d, nil
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return i
		}
	}
	return -1
}

// fail places an error at an offset.
func (d *document) fail(offset int, err error) error {
	line, found := slices.BinarySearch(d.lines, offset)
	if !found {
		line--
	}
	column := 1 + utf8.RuneCountInString(d.text[d.lines[line]:offset])
	return &Error{Format: d.format, Line: line + 1, Column: column, Err: err}
}

// add adds a triple, or notes why it cannot be added. Its error ends the
// reading.
func (d *document) add(offset int, subject, predicate, object Term) error {
	t := Triple{subject, predicate, object}
	if err := t.Validate(); err != nil {
		return d.note(offset, err)
	}
	d.graph.insert(t)
	return nil
}

// note keeps a problem that does not keep the rest from being read.
func (d *document) note(offset int, err error) error {
	d.problems = append(d.problems, d.fail(offset, err))
	if len(d.problems) >= maxProblems {
		return d.fail(offset, fmt.Errorf("%d problems, the rest is not read", maxProblems))
	}
	return nil
}

// result returns the graph with all problems; err is the one that ended the
// reading, if any.
func (d *document) result(err error) (*Graph, error) {
	if err != nil {
		d.problems = append(d.problems, err)
	}
	if len(d.problems) == 1 {
		return d.graph, d.problems[0]
	}
	return d.graph, errors.Join(d.problems...)
}

// blank returns the node of a label in the document. The label is kept if it
// is one that all formats can write and it is not taken.
func (d *document) blank(label string) Term {
	if t, ok := d.labels[label]; ok {
		return t
	}
	t := Blank(label)
	if checkLabel(label) != nil || d.taken[t] {
		t = d.newBlank()
	}
	d.labels[label] = t
	d.taken[t] = true
	return t
}

// newBlank returns a node that the document has no label for.
func (d *document) newBlank() Term {
	for {
		d.fresh++
		if t := Blank(fmt.Sprintf("b%d", d.fresh)); !d.taken[t] {
			d.taken[t] = true
			return t
		}
	}
}

// nested guards one level of recursion.
func (d *document) nested(offset, depth int) error {
	if depth > maxDepth {
		return d.fail(offset, fmt.Errorf("nested deeper than %d levels", maxDepth))
	}
	return nil
}
