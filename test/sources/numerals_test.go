// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"regexp"
	"strconv"
	"strings"
)

// numberWords are the German words for numbers, in lower case, without the article
// „ein“, which is not a number.
var numberWords = map[string][]string{
	"0":   {"kein", "keine", "keinen", "keinem", "keiner", "keines", "keinerlei", "null"},
	"0.5": {"halbe", "halben", "halber"},
	"1":   {"eins"},
	"1.5": {"anderthalb", "andert-halb", "eineinhalb"},
	"2":   {"zwei", "zweien", "zweier", "beide", "beiden", "beider"},
	"2.5": {"zweieinhalb"},
	"3":   {"drei", "dreien", "dreier"},
	"4":   {"vier"}, "5": {"fünf"}, "6": {"sechs"}, "7": {"sieben"}, "8": {"acht"}, "9": {"neun"}, "10": {"zehn"},
	"11": {"elf"}, "12": {"zwölf", "dutzend"}, "20": {"zwanzig"}, "80": {"achtzig"}, "100": {"hundert"},
}

// wordings are the words from which a value follows that is not given as a number, by
// derivation and value. A list that the editors counted has no such words; its rows are
// in exceptions.txt.
var wordings = map[string]map[string]string{
	"all":            {"100": `alle[nrs]?|jede[mnrs]?|sämtliche[mnrs]?|überall|(?:flächendeckend|vollständig|landesweit)\p{L}*|hundertprozentziel|treibhausgasneutralität`},
	"zero":           {"0": `kein(?:e[nmrs]?)?`},
	"half":           {"50": `hälfte|halbe[nrs]?`},
	"quarter":        {"25": `viertel`},
	"three-quarters": {"75": `dreiviertel|drei viertel`},
	"first-place":    {"1": `(?:bundes)?spitze\p{L}*|erste[mnrs]?|führend\p{L}*`},
	"multiple": {
		"2": `doppelt(?:e[ns]?)?|verdoppel\p{L}*|doubled`, "3": `dreifach(?:e[ns]?)?|drei ?mal|verdreifach\p{L}*`, "4": `vierfach(?:e[ns]?)?|vier ?mal|vervierfach\p{L}*`,
		"5": `fünffach(?:e[ns]?)?|fünf ?mal|verfünffach\p{L}*`, "7": `siebenfach(?:e[ns]?)?|sieben ?mal`,
	},
}

// endings make one word of a number and its unit: sechswöchig, dreistufig.
const endings = `(?:stufig|phasig|jährig|monatig|wöchig|wöchentlich|mal)\p{L}*`

// scales are the words and signs of a unit after a number; without one of them the
// number is not of that unit.
var scales = map[string]string{
	"percent": `\s?(?:%|prozent\p{L}*)`,
	"eur":     `\s?(?:€|euro)`,
	"third":   `\sdrittel`,
}

// spellings returns the patterns for a value in its unit, or for the words of its
// derivation. The figure is the first group, and must not be part of a longer number or
// word.
func spellings(value, unit, derivation string) []*regexp.Regexp {
	if derivation != "" {
		words := wordings[derivation][value]
		if words == "" {
			return nil
		}
		return []*regexp.Regexp{spelling(words)}
	}
	numeral := digits(value)
	if w := numberWords[value]; w != nil {
		numeral += "|" + strings.Join(w, "|")
	}
	patterns := []*regexp.Regexp{spelling(`(?:` + numeral + `)` + scales[unit])}
	if scales[unit] == "" {
		for _, word := range numberWords[value] {
			patterns = append(patterns, spelling(word+endings))
		}
		if m := millions(value); m != "" {
			patterns = append(patterns, spelling(m))
		}
	}
	return patterns
}

func spelling(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}.,])(` + pattern + `)` + tail(pattern))
}

// tail is what may follow a figure: a sign like % also a footnote's number.
func tail(pattern string) string {
	if strings.Contains(pattern, "%") {
		return `(?:$|[^\p{L}])`
	}
	return `(?:$|[^\p{L}\p{N}.,]|[.,](?:$|\P{N}))`
}

// digits is a decimal as German documents write it: with a comma, and with a point, a
// space or nothing between the thousands.
func digits(value string) string {
	number, fraction, _ := strings.Cut(value, ".")
	pattern := number
	for i := len(number) - 3; i > 0; i -= 3 {
		pattern = pattern[:i] + `[. ]` + pattern[i:]
	}
	if pattern != number {
		pattern = "(?:" + pattern + "|" + number + ")"
	}
	if fraction != "" {
		pattern += "," + fraction
	}
	return pattern
}

// millions is a count that the documents give in millions.
func millions(value string) string {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 1_000_000 || n%10_000 != 0 {
		return ""
	}
	decimal := strconv.FormatFloat(float64(n)/1e6, 'f', -1, 64)
	pattern := digits(decimal)
	if decimal == "1" {
		pattern = `(?:1|eine)`
	} else if words := numberWords[decimal]; words != nil {
		pattern = `(?:` + pattern + `|` + strings.Join(words, "|") + `)`
	}
	return pattern + `\s(?:mio\.?|million(?:en)?)`
}

var (
	// referenceBefore matches the text before the number of a law, a page or a list
	// item.
	referenceBefore = regexp.MustCompile(`(?:§§?|Abs\.|Art\.|Artikel|Abbildung|Folie|Seite|S\.|Satz|Kapitel|Nr\.|Priorität|Landtags|\()\s?$`)
	// referenceAfter follows the number of a day, a quarter or a list item.
	referenceAfter = regexp.MustCompile(`^(?:\)|\.\s(?:Quartal|Sitzung|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember))`)
)

// isReference reports whether the number at text[start:end] counts nothing, as (2) at
// the start of an item.
func isReference(text string, start, end int) bool {
	before := referenceBefore.FindString(text[max(0, start-len("Abbildung ")):start])
	after := referenceAfter.FindString(text[end:min(len(text), end+len(". September"))])
	if strings.HasPrefix(before, "(") || after == ")" {
		return strings.HasPrefix(before, "(") && after == ")" && end-start <= 2
	}
	return before != "" || after != ""
}

// figures returns the positions of a value in a unit, or of the words that it derives
// from, in a part of a text.
func (d document) figures(part span, value, unit, derivation string) []span {
	var out []span
	for _, pattern := range spellings(value, unit, derivation) {
		for at := part.start; at < part.end; {
			m := pattern.FindStringSubmatchIndex(d.flat[at:part.end])
			if m == nil {
				break
			}
			found := span{at + m[2], at + m[3]}
			if !isReference(d.flat, found.start, found.end) {
				out = append(out, found)
			}
			at = found.end
		}
	}
	return out
}
