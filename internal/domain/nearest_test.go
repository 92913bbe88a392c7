// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	columns := []string{"id", "title", "titleEn", "fieldOfAction", "due", "dueFrom", "status"}
	for _, tt := range []struct {
		name, word string
		candidates []string
		want       string
	}{
		{"a letter missing", "titel", columns, "title"},
		{"letters swapped", "stauts", columns, "status"},
		{"letter case", "FIELDOFACTION", columns, "fieldOfAction"},
		{"the first of equals", "dux", []string{"dua", "due"}, "dua"},
		{"nearer beats earlier", "duefrm", columns, "dueFrom"},
		{"two letters of a short word", "dew", columns, "due"},
		{"a third of a long word", "feldOfActien", columns, "fieldOfAction"},
		{"umlaut is one letter", "zählung", []string{"zahlung"}, "zahlung"},
		{"part of a candidate", "action", columns, "fieldOfAction"},
		{"a short part gives no hint", "ofa", []string{"fieldofaction"}, ""},
		{"nothing like it", "population", columns, ""},
		{"no candidates", "due", nil, ""},
		{"the word itself", "due", columns, "due"},
		{"a long word", strings.Repeat("x", domain.MaxLength), []string{strings.Repeat("x", domain.MaxLength-1)}, strings.Repeat("x", domain.MaxLength-1)},
		{"too long a word", strings.Repeat("x", domain.MaxLength+1), []string{strings.Repeat("x", domain.MaxLength+1)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := domain.Nearest(tt.word, tt.candidates); got != tt.want {
				t.Errorf("Nearest(%q) = %q, want %q", tt.word, got, tt.want)
			}
		})
	}
}

func TestNearestIsACandidate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		candidates := rapid.SliceOf(rapid.StringMatching(`[a-zA-ZäöüÄÖÜß-]{0,12}`)).Draw(t, "candidates")
		word := rapid.String().Draw(t, "word")
		got := domain.Nearest(word, candidates)
		if got != "" && !slices.Contains(candidates, got) {
			t.Fatalf("%q is not one of %q", got, candidates)
		}
		if i := slices.IndexFunc(candidates, func(c string) bool { return c != "" && strings.EqualFold(c, word) }); i >= 0 && !strings.EqualFold(got, word) {
			t.Fatalf("%q is in %q, but the nearest is %q", word, candidates, got)
		}
	})
}

// TestNearestByHand compares with a search that leaves nothing out.
func TestNearestByHand(t *testing.T) {
	t.Parallel()
	letters := rapid.StringMatching(`[abc]{0,9}`)
	rapid.Check(t, func(t *rapid.T) {
		candidates, word := rapid.SliceOf(letters).Draw(t, "candidates"), letters.Draw(t, "word")
		want, least := "", max(2, len(word)/3)+1
		for _, c := range candidates {
			if d := edits(word, c); d < least {
				want, least = c, d
			}
		}
		if want == "" && len(word) > 3 {
			if i := slices.IndexFunc(candidates, func(c string) bool { return strings.Contains(c, word) }); i >= 0 {
				want = candidates[i]
			}
		}
		if got := domain.Nearest(word, candidates); got != want {
			t.Fatalf("Nearest(%q, %q) = %q, want %q", word, candidates, got, want)
		}
	})
}

// edits is the Levenshtein distance by its definition.
func edits(a, b string) int {
	known := map[[2]string]int{}
	var from func(a, b string) int
	from = func(a, b string) int {
		if a == "" || b == "" {
			return len(a) + len(b)
		}
		key := [2]string{a, b}
		if d, ok := known[key]; ok {
			return d
		}
		d := from(a[1:], b[1:])
		if a[0] != b[0] {
			d++
		}
		known[key] = min(d, 1+from(a[1:], b), 1+from(a, b[1:]))
		return known[key]
	}
	return from(a, b)
}

func TestFold(t *testing.T) {
	t.Parallel()
	for want, spellings := range map[string][]string{
		"buerger":         {"Bürger", "Buerger", "BÜRGER", "Bu\u0308rger", "BUERGER"},
		"citroen":         {"Citroën", "Citroen"},
		"massnahmen":      {"Maßnahmen", "Massnahmen", "MASSNAHMEN", "MAẞNAHMEN"},
		"zaehlung":        {"Zählung", "Zaehlung"},
		"oeffentlich":     {"öffentlich", "oeffentlich", "Öffentlich"},
		"cafe":            {"Café", "cafe"},
		"1-2":             {"1-2"},
		"g":               {"g", "G", "ｇ"},
		"groesse 100 %":   {"Größe 100 %", "Groesse 100\u00a0%"},
		"":                {"", "\u0308"},
		"tel":             {"℡", "Tel", "TEL"},
		"neu":             {"neu", "neue"[:3]},
		"ziel »a« – „b“!": {"Ziel »A« – „B“!"},
	} {
		for _, s := range spellings {
			if got := domain.Fold(s); got != want {
				t.Errorf("Fold(%q) = %q, want %q", s, got, want)
			}
		}
	}
}

// TestSearchable finds words in texts, however their umlauts are spelled, and no others.
func TestSearchable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, word   string
		found, whole bool
	}{
		{"Das Bürgeramt", "bürger", true, false},
		{"Das Bürgeramt", "buerger", true, false},
		{"Das Bürgeramt", "burgeramt", true, true},
		{"Das Buergeramt", "bürgeramt", true, true},
		{"Das Burgeramt", "burgeramt", true, true},
		{"Die Größe", "groesse", true, true},
		{"Fraunhofer", "frauen", false, false},
		{"neun", "neue", false, false},
		{"Burger", "bürger", false, false},
		{"Zahlung", "zählung", false, false},
	} {
		found, whole := domain.FindWord([]byte(domain.Searchable(tt.text)), domain.Fold(tt.word), false)
		if found != tt.found || whole != tt.whole {
			t.Errorf("%q in %q: found %t, whole %t", tt.word, tt.text, found, whole)
		}
	}
	if got, want := domain.Searchable("Größe, Ämter"), "groesse, aemter grosse, amter"; got != want {
		t.Errorf("searchable text %q, want %q", got, want)
	}
}

// TestFoldOfFold checks that folding is idempotent: links contain folded words and must
// give the same query.
func TestFoldOfFold(t *testing.T) {
	t.Parallel()
	words := rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("aeouAEOUäöüÄÖÜßẞ\u0308s "))),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := words.Draw(t, "s")
		once := domain.Fold(s)
		if twice := domain.Fold(once); twice != once {
			t.Fatalf("%q becomes %q and then %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Fatalf("%q becomes %q, which is not UTF-8", s, once)
		}
		for _, r := range once {
			if unicode.Is(unicode.Mn, r) {
				t.Fatalf("%q becomes %q with a mark of its own", s, once)
			}
		}
	})
}

// TestNearestID checks that an unknown identifier with a number does not suggest the row with
// another one.
func TestNearestID(t *testing.T) {
	t.Parallel()
	ids := []string{"ds1-43", "ds2-43", "ds2-99", "ds2-09", "e-file-users", "obs-0177", "2024.01.0", "mobile-5g-area-share"}
	for id, want := range map[string]string{
		"ds2-999": "", "ds2-44": "", "ds3-43": "", "ds2-x": "", "DS2-43": "ds2-43", "ds2-0043": "ds2-43", "ds2-9": "ds2-09",
		"obs-177": "obs-0177", "obs-178": "", "efile-users": "e-file-users", "2024.1.0": "2024.01.0", "2024.1.1": "", "mobile-5g-share": "mobile-5g-area-share", "": "",
	} {
		if got := domain.NearestID(id, ids); got != want {
			t.Errorf("nearest to %q: %q, want %q", id, got, want)
		}
	}
}
