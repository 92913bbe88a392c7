// SPDX-License-Identifier: EUPL-1.2

package rdf

import "testing"

// Crowd, LowerTags and Written are for the tests that use package rdftest, which
// imports this one.
var (
	Crowd     = crowd
	LowerTags = lowerTags
)

func Written(t testing.TB, name string, g *Graph) []byte {
	t.Helper()
	f, _ := LookupFormat(name)
	return write(t, f, g, testPrefixes)
}
