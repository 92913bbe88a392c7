package suggest

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold reduces text to what a search compares: lower case, no diacritics, and
// one spelling for ä and ae, ö and oe, ü and ue, ß and ss, so that "Buerger",
// "Bürger" and "burger" find each other.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
	}
	return umlauts.Replace(b.String())
}

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")
