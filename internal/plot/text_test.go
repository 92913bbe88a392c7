// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	em := typeface{size: 1 / 0.63} // so that most letters have a width of 1
	for _, tt := range []struct {
		name, text string
		width      float64
		most       int
		want       string
	}{
		{"empty", " \n ", 9, 3, ""},
		{"fits", "abc", 9, 3, "abc"},
		{"at spaces", "abc  bcd\ncde", 7, 3, "abc bcd|cde"},
		{"not at a non-breaking space", "abc bcd\u00a0cde", 8, 3, "abc|bcd\u00a0cde"},
		{"after hyphens", "abcd-bcde", 6, 3, "abcd-|bcde"},
		{"after slashes", "abcd/bcde", 6, 3, "abcd/|bcde"},
		{"a URL stays whole", "see https://a-b/c", 13, 3, "see|https://a-b/c"},
		{"at soft hyphens", "abcd\u00adbcde", 6, 3, "abcd-|bcde"},
		{"no hyphen at the end of a word", "abcd\u00ad bcde", 6, 3, "abcd|bcde"},
		{"soft hyphens vanish inside a line", "ab\u00adbc", 6, 3, "abbc"},
		{"inside a word", "abcdabcdabcd", 6, 3, "abcda-|bcdab-|cd"},
		{"too many lines", "abc bcd cde", 4, 2, "abc|bc…"},
		{"no width", "abc", 0, 4, "a-|b-|c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := em.wrap(tt.text, tt.width, tt.most)
			if diff := cmp.Diff(tt.want, strings.Join(got, "|")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"kurz": "kurz", "Onlinezugangsgesetz": "Onlinezu…", "zwei\nZeilen": "zwei Ze…",
	} {
		if got := labelFace.fit(text, 72); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
