package plot

import (
	"strings"
	"unicode"
)

// typeface is a size and weight of text. Widths are estimates on the wide side
// of the usual system fonts, since the reader's font is unknown.
type typeface struct {
	size float64
	bold bool
}

var (
	titleFace = typeface{size: 17, bold: true}
	groupFace = typeface{size: 13, bold: true}
	labelFace = typeface{size: 13}
	smallFace = typeface{size: 12}
)

const (
	softHyphen = "\u00ad"
	nbsp       = "\u00a0"
	ellipsis   = "…"
)

// leading is the distance from one line of text to the next.
func (f typeface) leading() float64 { return f.size + 4 }

// width estimates how long s is drawn.
func (f typeface) width(s string) float64 {
	sum := 0.0
	for _, r := range s {
		sum += advance(r)
	}
	if f.bold {
		sum *= 1.1
	}
	return sum * f.size
}

// advance is the width of a character in parts of the size of its font.
func advance(r rune) float64 {
	switch {
	case r == '\u00ad' || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return 0
	case strings.ContainsRune("iljI.,:;'|! \u00a0\u202f", r):
		return 0.34
	case strings.ContainsRune("frt()[]{}/-\"·", r):
		return 0.42
	case strings.ContainsRune("mwMWQ@%…—&", r) || unicode.Is(unicode.Sm, r):
		return 0.95
	case unicode.IsUpper(r):
		return 0.73
	case r >= 0x1100:
		return 1.1
	}
	return 0.63
}

// fit shortens s to a width, with an ellipsis for what is left out.
func (f typeface) fit(s string, max float64) string {
	s = strings.ReplaceAll(oneLine(s), softHyphen, "")
	if f.width(s) <= max {
		return s
	}
	return f.head(s, ellipsis, max) + ellipsis
}

// head returns as much of the start of s as fits together with an end, one
// character at least.
func (f typeface) head(s, end string, max float64) string {
	room := max - f.width(end)
	n := 0
	for i, r := range s {
		if room -= f.width(string(r)); room < 0 && i > 0 {
			break
		}
		n = i + len(string(r))
	}
	return strings.TrimRight(s[:min(n, len(s))], " ")
}

// oneLine replaces breaks and repeated blanks by one blank, and what XML cannot
// hold by U+FFFD, so that texts are measured as they will be read. Blanks that
// must not break stay.
func oneLine(s string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), isBlank)
	return strings.Map(legible, strings.Join(words, " "))
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

func legible(r rune) rune {
	if r < ' ' || r == 0xFFFE || r == 0xFFFF {
		return '\uFFFD'
	}
	return r
}
