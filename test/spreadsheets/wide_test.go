// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"slices"
	"strings"
	"testing"
)

// joint stands between different values of one cell.
const joint = " / "

// ofPeriod reports whether the column of the wide table is one of a period.
func ofPeriod(name string) bool { return name == "undated" || name[0] >= '0' && name[0] <= '9' }

// place is the cell of a value in the wide table: the columns that identify its row, and
// its period.
func place(header, row []string, period string) string {
	single := []string{"id", "period", "value", "locator", "published", "note", "noteEn", "derivation", "reported"}
	var parts []string
	for i, name := range header {
		if !ofPeriod(name) && !slices.Contains(single, name) {
			parts = append(parts, name+" "+row[i])
		}
	}
	return strings.Join(parts, ", ") + ", period " + period
}

// TestWideIsTrue finds every observation again in the wide table, with value
// and qualifier, and nothing else there: no value twice, and text only where
// figures differ.
func TestWideIsTrue(t *testing.T) {
	t.Parallel()
	p := reading.start(t)
	long, wide := p.rows(t, "/v1/observations.csv"), p.rows(t, "/v1/observations.csv?layout=wide")
	if !slices.Contains(wide[0], "qualifier") || wide[0][len(wide[0])-1] != "undated" {
		t.Fatalf("the columns are %v", wide[0])
	}
	want := placed(long)
	for _, row := range wide[1:] {
		for i, name := range wide[0] {
			if !ofPeriod(name) || row[i] == "" {
				continue
			}
			at := place(wide[0], row, strings.TrimPrefix(name, "undated"))
			if values := strings.Join(want[at], joint); values != row[i] {
				t.Errorf("%s: the cell holds %q, the observations %q", at, row[i], values)
			}
			delete(want, at)
		}
	}
	for at, values := range want {
		t.Errorf("%s: %v is not in the table", at, values)
	}
}

// placed returns the values of observations by their places, each once.
func placed(long [][]string) map[string][]string {
	values := map[string][]string{}
	period, value := slices.Index(long[0], "period"), slices.Index(long[0], "value")
	for _, row := range long[1:] {
		at := place(long[0], row, row[period])
		if !slices.Contains(values[at], row[value]) {
			values[at] = append(values[at], row[value])
		}
	}
	return values
}
