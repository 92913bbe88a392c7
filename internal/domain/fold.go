package domain

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold normalises text for searching: lower case, no diacritics, and
// one spelling for ä and ae, ö and oe, ü and ue, ß and ss, so that "Buerger",
// "Bürger" and "burger" match. It is idempotent.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for _, r := range strings.ToLower(norm.NFKD.String(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == 'e' && (last == 'a' || last == 'o' || last == 'u'):
			continue
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
