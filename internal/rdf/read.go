// SPDX-License-Identifier: EUPL-1.2

package rdf

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error is a problem in a document that was read, with its place. Lines and
// columns count from 1, columns in characters; they are 0 where the place is
// not known.
type Error struct {
	Format string
	Line   int
	Column int
	Err    error
}

// Error returns format, place and problem.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %v", e.Format, e.Err)
	}
	return fmt.Sprintf("%s, line %d, column %d: %v", e.Format, e.Line, e.Column, e.Err)
}

// Unwrap returns the problem without its place.
func (e *Error) Unwrap() error { return e.Err }

// ErrUTF8 is the problem of a document in another encoding.
var ErrUTF8 = errors.New("not valid UTF-8")

// ErrUnsupported reports a limitation of the reader: others may
// be able to read the document.
var ErrUnsupported = errors.New("unsupported")

// unsupported is a problem of that kind.
type unsupported string

// Error returns the problem.
func (u unsupported) Error() string { return string(u) }

// Is reports that the problem is of the kind ErrUnsupported.
func (u unsupported) Is(target error) bool { return target == ErrUnsupported }

// Merge adds all triples of another graph, and its errors. Blank nodes with the
// same label are the same node.
func (g *Graph) Merge(other *Graph) {
	for _, n := range other.triples {
		g.insert(other.triple(n))
	}
	g.errs = append(g.errs, other.errs[:min(len(other.errs), max(0, maxErrors-len(g.errs)))]...)
}

// read adds a triple that a reader found. A term that Validate rejects is reported once,
// but its triple is still added.
func (g *Graph) read(t Triple, at func(error) error) {
	for place, isNew := range g.insert(t) {
		if !isNew || len(g.errs) >= maxErrors {
			continue
		}
		if err := t.validate(place); err != nil {
			g.errs = append(g.errs, at(err))
		}
	}
}

// blankIn returns the node of a label in a document. Labels are kept unless one
// of the formats could not write them. "x-" is reserved: for these ("x-h" and
// the label in hexadecimal), for nodes without a label ("x-1") and for those of
// a document with a scope ("x-", the scope, "-" and the label).
func blankIn(scope, label string) Term {
	if checkLabel(label) != nil || strings.HasPrefix(label, "x-") {
		label = "x-h" + hex.EncodeToString([]byte(label))
	}
	if scope != "" {
		label = "x-" + scope + "-" + label
	}
	return Blank(label)
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
