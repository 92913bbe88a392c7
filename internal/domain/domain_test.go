// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestCheckLocator(t *testing.T) {
	t.Parallel()
	words := []string{"Vorwort", "TOP", "Anlage", "Folie", "Abbildung", "Tabelle", "Seite", "Fußnote", "Bericht"}
	for _, locator := range []string{
		"Vorwort", "1", "8.2", "8.2.1", "8.2 (1)", "8.1 (1) c", "8 a", "TOP 4", "Anlage 2", "Anlage 2, Folie 8", "4, Abbildung 7",
		"Seite 7", "Seite 7–9", "Seite 7-9", "Bericht, Seite 12", "5, Fußnote 3a", "2, „Rechtliche Rahmenbedingungen“", "4, Abbildung 7, „Stand: 1, 2“",
		"„Ende 2025“", "»Ende 2025«", "«Ende 2025»", "“by 2025”", `"by 2025"`, "„das ‚Ziel‘ von 2025“", "„mit Schluss”",
	} {
		if err := domain.CheckLocator(locator, words); err != nil {
			t.Errorf("%q is refused: %v", locator, err)
		}
	}
	for locator, part := range map[string]string{
		"": "", "S. 7": "S. 7", "0.1": "0.1", "8.02": "8.02", "8.2(1)": "8.2(1)", "8.2 (1)c": "8.2 (1)c", "TOP 0": "TOP 0", "vorwort": "vorwort",
		"2, Rahmen": "Rahmen", "8.2 ": "8.2 ", " 8.2": " 8.2", "8.2\n": "8.2\n", "2,Seite 3": "2,Seite 3", "2, Kapitel 3": "Kapitel 3",
		"2, „“": "„“", "2, „offen": "„offen", "„eins“, „zwei“": "„eins“, „zwei“", "„Zitat“, 2": "„Zitat“, 2", "„eins „zwei“": "„eins „zwei“",
	} {
		var e *domain.LocatorError
		if err := domain.CheckLocator(locator, words); !errors.As(err, &e) || e.Part != part || !strings.Contains(e.Error(), strconv.Quote(part)) {
			t.Errorf("%q gave the error %v, want one about %q", locator, err, part)
		}
	}
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		in   domain.Invalid
		want string
	}{
		{"rule only", domain.Invalid{Name: "limit", Rule: "is empty"}, `limit: is empty`},
		{"value", domain.Invalid{Name: "limit", Value: "0", Rule: "is too small"}, `limit="0": is too small`},
		{"value with quotation marks", domain.Invalid{Name: "q", Value: `"` + "\n", Rule: "is odd"}, `q="\"\n": is odd`},
		{"nearest", domain.Invalid{Name: "dew", Rule: "is unknown", Nearest: "due"}, `dew: is unknown; did you mean "due"?`},
		{"allowed", domain.Invalid{Name: "kind", Value: "x", Rule: "is unknown", Allowed: []string{"actual", "target"}}, `kind="x": is unknown; allowed: actual, target`},
		{"all", domain.Invalid{Name: "kind", Value: "actuel", Rule: "is unknown", Allowed: []string{"actual", "target"}, Nearest: "actual"}, `kind="actuel": is unknown; did you mean "actual"?; allowed: actual, target`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := fmt.Errorf("wrapped: %w", &tt.in)
			if got := tt.in.Error(); got != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
			if !errors.Is(err, domain.ErrInvalid) || errors.Is(err, domain.ErrNotFound) {
				t.Error("is not of the kind ErrInvalid alone")
			}
		})
	}
}

func TestReleaseDataset(t *testing.T) {
	t.Parallel()
	r := domain.Release{Datasets: []domain.ReleaseDataset{{ID: "areas", Rows: 4}, {ID: "goals", Rows: 6}}}
	if d, ok := r.Dataset("goals"); !ok || d.Rows != 6 {
		t.Errorf("goals: %+v, %v", d, ok)
	}
	if d, ok := r.Dataset("goal"); ok {
		t.Errorf("goal was found: %+v", d)
	}
}

func TestCompareVersions(t *testing.T) {
	t.Parallel()
	order := []string{"2025.12.3", "2026.02.0", "2026.02.1", "2026.02.10", "2026.09.0", "2026.11.0", "2026.11.2", "2026.11.10", "2027.01.0"}
	for i, a := range order {
		for j, b := range order {
			if got := domain.CompareVersions(a, b); got != cmp.Compare(i, j) {
				t.Errorf("CompareVersions(%s, %s) = %v", a, b, got)
			}
		}
	}
}

func TestNextVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ latest, month, want string }{
		{"2026.10.3", "2026.11", "2026.11.0"}, {"2026.11.9", "2026.11", "2026.11.10"}, {"2026.12.0", "2026.11", "2026.12.1"}, {"", "2026.11", "2026.11.0"},
	} {
		if got := domain.NextVersion(tt.latest, tt.month); got != tt.want {
			t.Errorf("%s after %s is %s, want %s", tt.month, tt.latest, got, tt.want)
		}
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 150) // 300 bytes
	for in, want := range map[string]string{
		long[:200]: long[:200], long: long[:200] + "…", "a" + long: "a" + long[:198] + "…",
	} {
		if got := domain.Shorten(in); got != want {
			t.Errorf("%q\ngot  %q\nwant %q", in, got, want)
		}
	}
	e := domain.Invalid{Name: long, Value: long, Rule: long}
	if got := e.Shortened(); got.Name != long[:200]+"…" || got.Value != got.Name || got.Rule != long || e.Name != long {
		t.Errorf("%+v of %+v", got, e)
	}
}
