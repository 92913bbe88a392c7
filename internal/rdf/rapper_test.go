// SPDX-License-Identifier: EUPL-1.2

package rdf_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/rdf/rdftest"
)

// TestRapperReadsOurs compares with Raptor, the reader of many RDF tools.
func TestRapperReadsOurs(t *testing.T) {
	g := rdf.Crowd()
	for _, name := range []string{"turtle", "rdfxml", "ntriples"} {
		t.Run(name, func(t *testing.T) {
			got := rdftest.Rapper(t, name, rdf.Written(t, name, g), "http://base.example/")
			if diff := cmp.Diff(rdf.LowerTags(g), rdf.LowerTags(got)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
