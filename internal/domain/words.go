// SPDX-License-Identifier: EUPL-1.2

package domain

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxLength is the maximum length of a word to compare, in bytes; the work grows with
// it.
const MaxLength = 100

// Nearest returns the candidate with the smallest edit distance to word,
// ignoring letter case, if it differs in at most a third of its length in bytes (at
// least two letters may differ); otherwise the first that contains word; otherwise "".
// Ties are broken by the order of the candidates. The result is "" for a word longer
// than MaxLength.
func Nearest(word string, candidates []string) string {
	if len(word) > MaxLength {
		return ""
	}
	best, bestDistance := "", max(2, len(word)/3)+1
	folded := []rune(strings.ToLower(word))
	var memory []int
	for _, c := range candidates {
		if difference := utf8.RuneCountInString(c) - len(folded); max(difference, -difference) >= bestDistance {
			continue
		}
		var d int
		if d, memory = distance(folded, []rune(strings.ToLower(c)), bestDistance, memory); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	if best == "" && len(word) > 3 {
		best = holding(strings.ToLower(word), candidates)
	}
	return best
}

// NearestID returns the identifier that a reader probably meant, or "" if there is none.
// It must have the same numbers as the one given: goal 99 is no more like goal 999 than
// any other.
func NearestID(id string, ids []string) string {
	var candidates []string
	for _, other := range ids {
		if sameNumbers(id, other) {
			candidates = append(candidates, other)
		}
	}
	return Nearest(id, candidates)
}

// sameNumbers reports whether two identifiers have the same numbers, apart from leading zeros.
func sameNumbers(a, b string) bool {
	var x, y string
	for a != "" || b != "" {
		x, a = cutNumber(a)
		y, b = cutNumber(b)
		if x != y {
			return false
		}
	}
	return true
}

// cutNumber returns the first number in a text, empty if there is none, and what follows it.
func cutNumber(text string) (number, rest string) {
	digit := func(r rune) bool { return '0' <= r && r <= '9' }
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !digit(r) })
	rest = strings.TrimLeftFunc(text, digit)
	return strings.TrimLeft(text[:len(text)-len(rest)], "0"), rest
}

func holding(part string, candidates []string) string {
	for _, c := range candidates {
		if strings.Contains(strings.ToLower(c), part) {
			return c
		}
	}
	return ""
}

// distance returns the Levenshtein distance, or limit if it is not below limit, and
// the row it used as working memory, to be reused.
func distance(s, t []rune, limit int, row []int) (int, []int) {
	row = row[:0]
	for j := range len(t) + 1 {
		row = append(row, j)
	}
	for i := range s {
		diagonal := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range t {
			cost := diagonal
			if s[i] != t[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit, row
		}
	}
	return min(row[len(t)], limit), row
}

// FindWord reports whether a folded text has the word at the beginning of one of its
// words, and whether it is one of them; anywhere also finds it within words.
func FindWord(text []byte, word string, anywhere bool) (found, whole bool) {
	for at := 0; !whole; at++ {
		i := bytes.Index(text[at:], []byte(word))
		if i < 0 {
			break
		}
		at += i
		before, _ := utf8.DecodeLastRune(text[:at])
		after, _ := utf8.DecodeRune(text[at+len(word):])
		starts := at == 0 || !isWord(before)
		found = found || anywhere || starts
		whole = starts && (at+len(word) == len(text) || !isWord(after))
	}
	return found, whole
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// TrimPunctuation returns the word without the punctuation around it, empty if there is
// nothing else.
func TrimPunctuation(word string) string {
	return strings.TrimFunc(word, func(r rune) bool { return !isWord(r) })
}

// Fold normalises words: lower case, ae, oe, ue and ss for ä, ö, ü and ß, no diacritics, and
// one kind of hyphen. It is idempotent.
func Fold(s string) string { return fold(s, "e") }

// Plain normalises text as Fold does, but with a, o and u for ä, ö and ü, as German
// dictionaries sort (DIN 5007-1).
func Plain(s string) string { return fold(s, "") }

// Searchable returns a folded text in which FindWord finds words however their umlauts are
// spelled: it is followed by its plain words, where they differ, so that both "buerger" and
// "burger" are in that of "Bürger".
func Searchable(s string) string {
	text := Fold(s)
	for word := range strings.FieldsSeq(s) {
		if plain := Plain(word); plain != Fold(word) {
			text += " " + plain
		}
	}
	return text
}

func fold(s, umlaut string) string {
	const diaeresis = '\u0308'
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	for _, r := range strings.ToLower(norm.NFKD.String(s)) {
		switch {
		case r == diaeresis && (last == 'a' || last == 'o' || last == 'u'):
			b.WriteString(umlaut)
		case unicode.Is(unicode.Mn, r):
			continue
		case r == 'ß':
			b.WriteString("ss")
		case r == '\u2010': // a hyphen, from NFKD also one without a break
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// Incomplete returns the length of a character that is cut off at the end of a text.
func Incomplete(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if utf8.FullRune(text[len(text)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}
