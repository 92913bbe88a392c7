// SPDX-License-Identifier: EUPL-1.2

package rdf

import "testing"

func TestLookupFormat(t *testing.T) {
	for _, f := range Formats() {
		for _, key := range []string{f.Name, f.MediaType, f.Extension} {
			if got, ok := LookupFormat(key); !ok || got.Name != f.Name {
				t.Errorf("%s: %s, %v", key, got.Name, ok)
			}
		}
	}
	if _, ok := LookupFormat("text/html"); ok {
		t.Error("text/html is not a format of RDF")
	}
}
