// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"strings"
	"unicode"
)

// typeface is a size and weight of text. Because the reader's font is unknown,
// widths are estimates that err on the wide side of common system fonts.
type typeface struct {
	size float64
	bold bool
}

var (
	titleFace = typeface{size: 17, bold: true}
	labelFace = typeface{size: 13}
	smallFace = typeface{size: 12}
)

const (
	softHyphen = "\u00ad"
	nbsp       = "\u00a0"
	ellipsis   = "…"
)

// leading returns the distance between two baselines.
func (f typeface) leading() float64 { return f.size + 4 }

// width estimates the width of s.
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

// widest estimates the width of the widest line.
func (f typeface) widest(lines []string) float64 {
	widest := 0.0
	for _, line := range lines {
		widest = max(widest, f.width(line))
	}
	return widest
}

// advance returns the width of a character relative to the font size.
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

// fit shortens s to one line of at most maxWidth, ending in an ellipsis.
func (f typeface) fit(s string, maxWidth float64) string {
	s = strings.ReplaceAll(oneLine(s), softHyphen, "")
	if f.width(s) <= maxWidth {
		return s
	}
	return f.truncate(s, ellipsis, maxWidth) + ellipsis
}

// truncate returns the longest prefix of s that fits together with suffix, but
// at least one character.
func (f typeface) truncate(s, suffix string, maxWidth float64) string {
	room := maxWidth - f.width(suffix)
	end := 0
	for i, r := range s {
		if room -= f.width(string(r)); room < 0 && i > 0 {
			break
		}
		end = i + len(string(r))
	}
	return strings.TrimRight(s[:min(end, len(s))], " ")
}

// wrap breaks s into lines: at spaces, after hyphens and slashes, at soft
// hyphens, and inside a word that is wider than a line. If there are more than
// maxLines, the last one ends in an ellipsis.
func (f typeface) wrap(s string, maxWidth float64, maxLines int) []string {
	var lines []string
	line, soft := "", false // whether the line ends at a soft hyphen
	for word := range strings.FieldsFuncSeq(oneLine(s), isSpace) {
		for i, part := range wordParts(word) {
			text, softEnd := strings.CutSuffix(part, softHyphen)
			space, hyphen := "", ""
			if i == 0 && line != "" {
				space = " "
			}
			if softEnd {
				hyphen = "-"
			}
			if line != "" && f.width(line+space+text+hyphen) > maxWidth {
				if soft && i > 0 {
					line += "-"
				}
				lines = append(lines, line)
				line, space = "", ""
			}
			line, soft = line+space+text, softEnd
			for f.width(line+hyphen) > maxWidth {
				head := f.truncate(line, "-", maxWidth)
				if head == line {
					break // a single character
				}
				lines = append(lines, head+"-")
				line = line[len(head):]
			}
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > maxLines {
		lines = lines[:maxLines]
		lines[maxLines-1] = f.truncate(lines[maxLines-1], ellipsis, maxWidth) + ellipsis
	}
	return lines
}

var breakAfter = strings.NewReplacer("-", "-\x00", "/", "/\x00", "–", "–\x00", softHyphen, softHyphen+"\x00")

// wordParts splits a word where it may be broken. URLs are never broken.
func wordParts(word string) []string {
	if strings.Contains(word, "://") {
		return []string{word}
	}
	return strings.Split(strings.TrimSuffix(breakAfter.Replace(word), "\x00"), "\x00")
}

// oneLine replaces each run of spaces and line breaks by one space, and
// characters that XML does not allow by U+FFFD, so that the text is measured
// as it will be displayed. Non-breaking spaces stay.
func oneLine(s string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), isSpace)
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, strings.Join(words, " "))
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// firstText returns the first text that is not blank, on one line.
func firstText(texts ...string) string {
	for _, text := range texts {
		if text = oneLine(text); text != "" {
			return text
		}
	}
	return ""
}
