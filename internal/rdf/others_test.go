package rdf

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"
)

// crowd is the sample with many hostile graphs, the same ones each time.
func crowd() *Graph {
	g := sample()
	for seed := range 300 {
		for _, t := range hostileGraph.Example(seed).Triples() {
			g.insert(t)
		}
	}
	return g
}

// TestRapperReadsOurs compares with Raptor, the reader of many RDF tools.
func TestRapperReadsOurs(t *testing.T) {
	rapper, err := exec.LookPath("rapper")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("rapper (Debian: raptor2-utils) is not installed")
	}
	if err != nil {
		t.Skip("rapper (Debian: raptor2-utils) is not installed")
	}
	g := crowd()
	for _, name := range []string{"turtle", "rdfxml", "ntriples"} {
		t.Run(name, func(t *testing.T) {
			f, _ := LookupFormat(name)
			cmd := exec.Command(rapper, "-q", "-i", name, "-o", "ntriples", "-", "http://base.example/")
			cmd.Stdin = bytes.NewReader(write(t, f, g, testPrefixes))
			out, err := cmd.Output()
			if err != nil {
				t.Fatal(err, stderr(err))
			}
			got, err := readNTriples(out, "")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(lowerTags(g), lowerTags(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func stderr(err error) string {
	if exit, ok := err.(*exec.ExitError); ok {
		return string(exit.Stderr)
	}
	return ""
}

// lowerTags writes a graph with its language tags in lower case, as Raptor
// does, and as RDF 1.1 Concepts, 3.3 allows.
func lowerTags(g *Graph) string {
	lower := &Graph{}
	for _, t := range g.Triples() {
		t.Object.language = strings.ToLower(t.Object.language)
		lower.insert(t)
	}
	return ntriples(lower)
}

// TestJSONGoldReadsOurs compares our JSON-LD and our N-Triples by their
// canonical form (URDNA2015), computed by another implementation.
func TestJSONGoldReadsOurs(t *testing.T) {
	for name, g := range map[string]*Graph{"sample": sample(), "crowd": crowd()} {
		t.Run(name, func(t *testing.T) {
			jsonld, _ := LookupFormat("jsonld")
			document, err := ld.DocumentFromReader(bytes.NewReader(write(t, jsonld, g, testPrefixes)))
			if err != nil {
				t.Fatal(err)
			}
			want := canonical(t, ntriples(g), "application/n-quads")
			got := canonical(t, document, "")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if n := strings.Count(got, "\n"); n != g.Len() {
				t.Errorf("%d lines, want %d", n, g.Len())
			}
		})
	}
}

func canonical(t *testing.T, document any, format string) string {
	t.Helper()
	options := ld.NewJsonLdOptions("")
	options.Format = "application/n-quads"
	options.InputFormat = format
	options.Algorithm = ld.AlgorithmURDNA2015
	got, err := ld.NewJsonLdProcessor().Normalize(document, options)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(got)
}
