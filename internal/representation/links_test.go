package representation

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMembers reads what is written by hand, with all members and with the fewest.
func TestMembers(t *testing.T) {
	t.Parallel()
	type document struct {
		Meta  Meta  `json:"meta"`
		Links Links `json:"links"`
	}
	total := int64(78)
	for _, want := range []document{
		{},
		{
			Meta{"goals", "2026.11.0", time.Date(2026, 11, 21, 12, 0, 0, 5000, time.UTC), "http://l.example/2", "Zielstand, „Land“ \"\n<&>", &total},
			Links{"http://z.example/v1/goals?a=1&b=2", "latest", "next", "csv", "collection"},
		},
	} {
		var got document
		text := members(want.Meta, want.Links)
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	}
	const fewest = `{"meta":{"dataset":"","release":"","modified":"0001-01-01T00:00:00Z","license":"","attribution":""},"links":{"self":""}}`
	if got := string(members(Meta{}, Links{})); got != fewest {
		t.Errorf("the fewest members are %s, want %s", got, fewest)
	}
}
