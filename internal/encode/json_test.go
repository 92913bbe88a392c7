// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// TestEnvelope compares the envelope with encoding/json, with all members and with
// the fewest.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	type document struct {
		Meta  encode.Meta  `json:"meta"`
		Links encode.Links `json:"links"`
	}
	total := int64(78)
	for _, want := range []document{
		{},
		{
			encode.Meta{"goals", "2026.11.0", time.Date(2026, 11, 21, 12, 0, 0, 5000, time.UTC), "http://l.example/2", "Zielstand, „Land“ \"\n<&>", &total},
			encode.Links{"http://z.example/v1/goals?a=1&b=2", "latest", "next", "csv", "collection"},
		},
	} {
		var got document
		text := encode.Envelope(want.Meta, want.Links)
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	const fewest = `{"meta":{"dataset":"","release":"","modified":"0001-01-01T00:00:00Z","license":"","attribution":""},"links":{"self":""}}`
	if got := string(encode.Envelope(encode.Meta{}, encode.Links{})); got != fewest {
		t.Errorf("the fewest members are %s, want %s", got, fewest)
	}
}

// TestNDJSON writes on each line what a JSON document has in data, with the titles of
// referenced rows, too.
func TestNDJSON(t *testing.T) {
	t.Parallel()
	joined := slices.Clone(columns)
	for _, of := range []string{"goal", "indicator"} {
		for _, member := range []string{"title", "titleEn"} {
			joined = append(joined, dataset.Column{Name: of + member, Type: dataset.String, Join: dataset.Join{Reference: of, Member: member}})
		}
	}
	for name, c := range map[string][]dataset.Column{"plain": columns, "with titles": joined} {
		var rows [][]string
		for _, row := range nasty {
			for len(row) < len(c) {
				row = append(slices.Clip(row), row[3]) // a text with everything
			}
			rows = append(rows, row)
		}
		var want struct{ Data []any }
		if err := json.Unmarshal(write(t, format(t, "json", ""), document(c), rows), &want); err != nil {
			t.Fatal(err)
		}
		var got []any
		for line := range bytes.Lines(write(t, format(t, "ndjson", ""), document(c), rows)) {
			var row any
			if err := json.Unmarshal(line, &row); err != nil {
				t.Fatalf("%s: %v: %s", name, err, line)
			}
			got = append(got, row)
		}
		if diff := cmp.Diff(want.Data, got); diff != "" {
			t.Errorf("%s (-JSON +NDJSON)\n%s", name, diff)
		}
	}
}
