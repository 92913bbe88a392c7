// SPDX-License-Identifier: EUPL-1.2

// Package rdftest reads RDF in tests with readers that are not ours: Turtle and
// RDF/XML with rapper, the reader of Raptor, JSON-LD with json-gold.
package rdftest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"testing"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/testenv"
)

// NeedRapper skips a test if rapper is not installed.
func NeedRapper(t testing.TB) {
	t.Helper()
	testenv.Program(t, "rapper (Debian: raptor2-utils)", "rapper")
}

// Parse reads a document in a format of package rdf, whose relative IRIs are
// resolved against base. Any fault is an error.
func Parse(ctx context.Context, format string, document []byte, base string) (*rdf.Graph, error) {
	g := &rdf.Graph{}
	var err error
	switch format {
	case "jsonld":
		err = g.ReadJSONLD(ctx, document, base, "")
	case "ntriples":
		err = g.ReadNTriples(ctx, bytes.NewReader(document), "")
	default:
		if document, err = convert(ctx, format, document, base); err == nil {
			err = g.ReadNTriples(ctx, bytes.NewReader(document), "")
		}
	}
	return g, errors.Join(err, g.Err())
}

// convert turns a document into N-Triples.
func convert(ctx context.Context, format string, document []byte, base string) ([]byte, error) {
	command := exec.CommandContext(ctx, "rapper", "-q", "-i", format, "-o", "ntriples", "-", base)
	command.Stdin = bytes.NewReader(document)
	out, err := command.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("rapper: %w\n%s", err, exit.Stderr)
	}
	return out, err
}

// Read reads a document that has no faults. For Turtle and RDF/XML it needs
// rapper.
func Read(t testing.TB, format string, document []byte, base string) *rdf.Graph {
	t.Helper()
	if format == "turtle" || format == "rdfxml" {
		NeedRapper(t)
	}
	g, err := Parse(t.Context(), format, document, base)
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return g
}

// Rapper reads a valid document in any format with rapper.
func Rapper(t testing.TB, format string, document []byte, base string) *rdf.Graph {
	t.Helper()
	NeedRapper(t)
	out, err := convert(t.Context(), format, document, base)
	if err != nil {
		t.Fatal(err)
	}
	return Read(t, "ntriples", out, "")
}
