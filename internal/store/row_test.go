package store

import (
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

// TestUnpack parts rows, and says when there are too few or too many cells.
func TestUnpack(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"a\x1f\x1fc\x1f":       "a,,c",
		"\x1f\x1f\x1f":         ",,",
		"a\x1fb\x1f":           "a row has 2 cells, not 3",
		"":                     "a row has 0 cells, not 3",
		"a\x1fb\x1fc\x1fd\x1f": "a row has more than 3 cells",
	} {
		var texts []string
		cells, err := newUnpacker(dataset.Query{Dataset: &dataset.Dataset{Columns: make([]dataset.Column, 3)}}).cells([]byte(row))
		for _, c := range cells {
			texts = append(texts, string(c))
		}
		if got := strings.Join(texts, ","); err == nil && got != want || err != nil && err.Error() != want {
			t.Errorf("%q: %s, error %v, want %s", row, got, err, want)
		}
	}
}
