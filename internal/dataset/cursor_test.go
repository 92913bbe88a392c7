// SPDX-License-Identifier: EUPL-1.2

package dataset_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

func TestCursor(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, query string
		position    int64
	}{
		{"order of the release", "limit=2", 2},
		{"another order", "sort=-due,id&status=announced", 1 << 40},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q, err := parse(t, dataset.Goals, tt.query)
			if err != nil {
				t.Fatal(err)
			}
			text := q.Cursor("2026.11.0", tt.position)
			if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
				t.Errorf("the cursor %s needs escaping in an address", text)
			}
			if err := q.ParseCursor("2026.11.0", text); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.position, q.After); diff != "" {
				t.Errorf("position (-want +got)\n%s", diff)
			}
		})
	}
}

// TestCursorContinues checks that the page size and the columns may change from page to
// page, as links.next allows.
func TestCursorContinues(t *testing.T) {
	t.Parallel()
	q, err := parse(t, dataset.Goals, "status=announced&limit=2")
	if err != nil {
		t.Fatal(err)
	}
	cursor := q.Cursor("2026.11.0", 2)
	for _, query := range []string{"status=announced&limit=5", "status=announced", "status=ANNOUNCED&fields=id&limit=2"} {
		other, err := parse(t, dataset.Goals, query)
		if err != nil {
			t.Fatal(err)
		}
		if err := other.ParseCursor("2026.11.0", cursor); err != nil {
			t.Errorf("%s: %v", query, err)
		}
	}
}

func TestCursorErrors(t *testing.T) {
	t.Parallel()
	sorted, _ := parse(t, dataset.Goals, "sort=due&limit=2")
	plain, _ := parse(t, dataset.Goals, "limit=2")
	numeric, _ := parse(t, dataset.Observations, "sort=value")
	const at = 2
	const noCursor = "is not a valid cursor; take it from links.next"
	const otherQuery = "belongs to another query; follow links.next without changing filters or order"
	forge := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for _, tt := range []struct {
		name, query, cursor, want string
	}{
		{"no base64", "limit=2", "ä", noCursor},
		{"padded base64", "limit=2", "e30=", noCursor},
		{"no JSON", "limit=2", forge("{"), noCursor},
		{"JSON of another kind", "limit=2", forge("[]"), noCursor},
		{"an empty object", "limit=2", forge("{}"), noCursor},
		{"no query", "limit=2", forge(`{"r":"2026.11.0","o":1}`), otherQuery},
		{"no row", "limit=2", plain.Cursor("2026.11.0", 0), noCursor},
		{"a row before the first", "limit=2", plain.Cursor("2026.11.0", -1), noCursor},
		{"another order", "sort=-due&limit=2", sorted.Cursor("2026.11.0", at), otherQuery},
		{"another filter", "status=announced&limit=2", plain.Cursor("2026.11.0", 2), otherQuery},
		{"another dataset", "sort=title", numeric.Cursor("2026.11.0", 2), otherQuery},
		{"another release", "limit=2", plain.Cursor("2026.10.0", 2), "belongs to release 2026.10.0; follow links.next, which names it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q, err := parse(t, dataset.Goals, tt.query)
			if err != nil {
				t.Fatal(err)
			}
			err = q.ParseCursor("2026.11.0", tt.cursor)
			var invalid *domain.Invalid
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v", err)
			}
			if diff := cmp.Diff(domain.Invalid{Name: "after", Value: tt.cursor, Rule: tt.want}, *invalid); diff != "" {
				t.Errorf("error (-want +got)\n%s", diff)
			}
			if q.After != 0 {
				t.Error("the position was set nevertheless")
			}
		})
	}
}

// TestCursorKeys gives the pages of a query different keys in a cache.
func TestCursorKeys(t *testing.T) {
	t.Parallel()
	q, _ := parse(t, dataset.Goals, "sort=due&limit=2")
	keys := map[string]bool{q.Key(): true}
	for _, at := range []int64{1, 2, 12, 1 << 40} {
		q.After = at
		if keys[q.Key()] {
			t.Errorf("the page after row %d has the key of another, %q", at, q.Key())
		}
		keys[q.Key()] = true
	}
}

func FuzzParseCursor(f *testing.F) {
	q, err := parse(f, dataset.Goals, "sort=due")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(q.Cursor("2026.11.0", 2))
	f.Add(q.Cursor("2026.11.0", -1))
	f.Add("e30")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		q := q
		if err := q.ParseCursor("2026.11.0", text); err != nil {
			if !errors.Is(err, domain.ErrInvalid) || q.After != 0 {
				t.Fatalf("%q: error %v, position %v", text, err, q.After)
			}
			return
		}
		again := q
		if err := again.ParseCursor("2026.11.0", q.Cursor("2026.11.0", q.After)); err != nil {
			t.Fatalf("%q was read, but its position gives a cursor that is not: %v", text, err)
		}
		if diff := cmp.Diff(q.After, again.After); diff != "" {
			t.Fatalf("position (-want +got)\n%s", diff)
		}
	})
}
