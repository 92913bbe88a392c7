// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// TestAPI checks that docs/api.md names every dataset, format, dialect and
// common parameter.
func TestAPI(t *testing.T) {
	t.Parallel()
	p := read(t, "docs/api.md")
	for _, word := range slices.Concat(dataset.IDs(), commonParameters(), formats()) {
		if !strings.Contains(p.text, "`"+word+"`") {
			t.Errorf("%s does not name %s", p.path, word)
		}
	}
}

// TestData checks that docs/data.md names every dataset.
func TestData(t *testing.T) {
	t.Parallel()
	p := read(t, "docs/data.md")
	for _, id := range dataset.IDs() {
		if !strings.Contains(p.text, "| `"+id+"` |") {
			t.Errorf("%s has no row for %s", p.path, id)
		}
	}
}

// commonParameters are those that do not follow from a column.
func commonParameters() []string {
	var names []string
	for _, d := range dataset.All {
		for _, name := range d.ParameterNames() {
			column := name
			if i, _ := d.FilterColumn(name); i >= 0 {
				column = d.Columns[i].Name
			}
			if d.Column(column) < 0 && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func formats() []string {
	names := encode.Names()
	for _, name := range encode.Names() {
		names = append(names, encode.Dialects(name)...)
	}
	return names
}
