package store

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/strategy"
)

// TestPage parts rows, says when one is cut off, and gives the position of the
// last only if another follows.
func TestPage(t *testing.T) {
	t.Parallel()
	columns := []dataset.Column{{Name: "a"}, {Name: "b", Type: dataset.Period}, {Name: "c", Type: dataset.Decimal}}
	q := dataset.Query{
		Dataset: &dataset.Dataset{ID: "letters", Columns: columns}, Fields: []int{2, 0}, Limit: 2,
		Sort: []dataset.Order{{Column: 1}, {Column: 2}, {Column: 0}},
	}
	const row = "a\x1f2021-02\x1f-1.50\x1f7\x1f\x1e"
	next := &dataset.Position{Keys: []string{"2021-02-28", "-1.5", "a"}, Ordinal: 7}
	const before = "unavailable: release 1.2.3, dataset letters: the packed row that begins with "
	for _, tt := range []struct {
		value, want, err string
		next             *dataset.Position
	}{
		{value: ""},
		{value: "\x1f\x1f\x1f1\x1f\x1e", want: ","},
		{value: row, want: "-1.50,a"},
		{value: row + row, want: "-1.50,a -1.50,a"},
		{value: row + row + row, want: "-1.50,a -1.50,a", next: next},
		{value: row + "\x1f\x1f\x1f8\x1f\x1e" + row, want: "-1.50,a ,", next: &dataset.Position{Keys: []string{"", lowest, ""}, Ordinal: 8}},
		{value: row + "a\x1fb\x1f\x1e", want: "-1.50,a", err: `"a" has 2 parts, not 4`},
		{value: "a", err: `"a" does not end`},
		{value: "\x1e", err: `"" has 0 parts, not 4`},
		{value: "a\x1f2021\x1f1\x1fde\x1f7\x1f\x1e", err: `"a" has more than 4 parts`},
		{value: "a\x1f2021\x1f1\x1f7\x1fa\x1e", err: `"a" has more than 4 parts`},
		{value: "a\x1f2021\x1f1\x1f\x1f\x1e", err: `"a" ends in "", which is not the number of a row`},
		{value: "a\x1f2021\x1f1\x1fde\x1f\x1e", err: `"a" ends in "de", which is not the number of a row`},
		{value: "a\x1f2021\x1f1\x1f07\x1f\x1e", err: `"a" ends in "07", which is not the number of a row`},
		{value: "a\x1f2021\x1f1\x1f9999999999999999999\x1f\x1e", err: `"a" ends in "9999999999999999999", which is not the number of a row`},
	} {
		page, err := newPage("1.2.3", q, []byte(tt.value))
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		err = page.Each(func(cells [][]byte) error {
			rows = append(rows, string(bytes.Join(cells, []byte(","))))
			return nil
		})
		if got := strings.Join(rows, " "); got != tt.want || err == nil && tt.err != "" || err != nil && (!errors.Is(err, strategy.ErrUnavailable) || err.Error() != before+tt.err) {
			t.Errorf("%q: rows %q, error %v, want %q, %q", tt.value, got, err, tt.want, tt.err)
		}
		if tt.err == "" && page.Rows != len(rows) {
			t.Errorf("%q: a page of %d rows gives %d", tt.value, page.Rows, len(rows))
		}
		if diff := cmp.Diff(tt.next, page.Next); diff != "" {
			t.Errorf("%q (-want +next)\n%s", tt.value, diff)
		}
	}
}

// FuzzPart parts a value as bytes.SplitN would.
func FuzzPart(f *testing.F) {
	for _, value := range []string{"", "\x1f", "a\x1f", "a", "\x1e\x1f\x1e\x9f\x1f", "seven67\x1feight678\x1fnine56789\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1frest"} {
		f.Add([]byte(value), 4)
	}
	f.Fuzz(func(t *testing.T, value []byte, n int) {
		if n < 0 || n > 100 {
			t.Skip()
		}
		parts := make([][]byte, n)
		found, length := part(parts, value)
		want := bytes.SplitN(value, []byte{unitSeparator}, n+1)
		rest := want[len(want)-1]
		want = want[:len(want)-1]
		if found != len(want) || !bytes.Equal(value[length:], rest) {
			t.Fatalf("%q: %d parts and %q, want %d and %q", value, found, value[length:], len(want), rest)
		}
		for i := range want {
			if !bytes.Equal(parts[i], want[i]) {
				t.Errorf("%q: part %d is %q, want %q", value, i, parts[i], want[i])
			}
		}
	})
}
