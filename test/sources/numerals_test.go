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
	"2":   {"zwei", "zweien", "zweier", "beide", "beiden", "beider", "doppelt"},
	"2.5": {"zweieinhalb"},
	"3":   {"drei", "dreien", "dreier"},
	"4":   {"vier"}, "5": {"fünf"}, "6": {"sechs"}, "7": {"sieben"}, "8": {"acht"}, "9": {"neun"}, "10": {"zehn"},
	"11": {"elf"}, "12": {"zwölf"}, "20": {"zwanzig"}, "80": {"achtzig"}, "100": {"hundert"},
}

// multiples are verbs that express a factor.
var multiples = map[string]string{
	"2": `verdoppel\p{L}*`, "3": `verdreifach\p{L}*`, "4": `vervierfach\p{L}*`, "5": `verfünffach\p{L}*`,
}

// shares are the words for shares in percent.
var shares = map[string]string{
	"0":   `kein(?:e[nmrs]?)?`,
	"50":  `hälfte`,
	"75":  `dreiviertel|drei viertel`,
	"100": `alle[nr]?|jede[nmrs]?|sämtliche[nmrs]?|flächendeckend`,
}

// endings make one word of a number and its unit: sechswöchig, dreistufig.
const endings = `(?:stufig|phasig|jährig|monatig|wöchig|wöchentlich|mal)\p{L}*`

// scales are the words and signs of a unit after a number; without one of them the
// number is not of that unit.
var scales = map[string]string{
	"percent":     `\s?(?:%|prozent\p{L}*)`,
	"million-eur": `\s(?:mio\.?|million(?:en)?)`,
	"billion-eur": `\s(?:mrd\.?|milliarden?)`,
	"third":       `\sdrittel`,
}

// spellings returns the patterns for a value in its unit. The figure is the first group,
// and must not be part of a longer number or word.
func spellings(value, unit string) []*regexp.Regexp {
	numeral := digits(value)
	if w := numberWords[value]; w != nil {
		numeral += "|" + strings.Join(w, "|")
	}
	patterns := []string{`(?:` + numeral + `)` + scales[unit]}
	if scales[unit] == "" {
		for _, word := range numberWords[value] {
			patterns = append(patterns, word+endings)
		}
		if m := millions(value); m != "" {
			patterns = append(patterns, m)
		}
	}
	if unit == "percent" && shares[value] != "" {
		patterns = append(patterns, shares[value])
	}
	if unit == "factor" && multiples[value] != "" {
		patterns = append(patterns, multiples[value])
	}
	out := make([]*regexp.Regexp, len(patterns))
	for i, p := range patterns {
		out[i] = regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}.,])(` + p + `)` + tail(p))
	}
	return out
}

// tail is what may follow a figure: a sign like % also a footnote's number.
func tail(pattern string) string {
	if strings.Contains(pattern, "%") {
		return `(?:$|[^\p{L}])`
	}
	return `(?:$|[^\p{L}\p{N}.,]|[.,](?:$|\P{N}))`
}

// digits is a decimal as German documents write it: with a comma, and with or
// without a point between the thousands.
func digits(value string) string {
	number, fraction, _ := strings.Cut(value, ".")
	plain := number
	for i := len(number) - 3; i > 0; i -= 3 {
		number = number[:i] + "." + number[i:]
	}
	pattern := regexp.QuoteMeta(number)
	if number != plain {
		pattern = "(?:" + pattern + "|" + plain + ")"
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

// isReference reports whether the number at text[start:end] counts nothing.
func isReference(text string, start, end int) bool {
	before := referenceBefore.FindString(text[max(0, start-len("Abbildung ")):start])
	after := referenceAfter.FindString(text[end:min(len(text), end+len(". September"))])
	if strings.HasPrefix(before, "(") || after == ")" {
		return strings.HasPrefix(before, "(") && after == ")"
	}
	return before != "" || after != ""
}

// figures returns the positions of a value in a unit in a part of a text.
func (d document) figures(part span, value, unit string) []span {
	var out []span
	for _, pattern := range spellings(value, unit) {
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
