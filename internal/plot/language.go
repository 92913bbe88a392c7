// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Language of the numbers, dates and words in a figure, as a BCP 47 tag.
type Language string

// The supported languages.
const (
	German  Language = "de"
	English Language = "en"
)

// vocabulary has the words of each language.
var vocabulary = map[Language]words{German: german, English: english}

func (l Language) words() words { return vocabulary[l] }

// languages returns the supported languages.
func languages() []string {
	var tags []string
	for l := range vocabulary {
		tags = append(tags, string(l))
	}
	slices.Sort(tags)
	return tags
}

// words are the texts that figures add to the caller's.
type words struct {
	thousands, decimal    string
	powers                [3]string // millions, and so on in steps of a thousand
	months                [12]string
	bounds                [8]string // by Bound
	timeChart, barChart   string
	progress              string
	unit, undated, target string
	actual, noValues      string
	first, last           string
	lowest, highest       string
	values, period        string
	yearMiddle, labelled  string
}

var german = words{
	thousands: ".", decimal: ",",
	powers: [3]string{"Mio.", "Mrd.", "Bio."},
	months: [12]string{
		"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember",
	},
	bounds:    [8]string{"", "rund", "mindestens", "mehr als", "höchstens", "weniger als", "gut", "fast"},
	timeChart: "Zeitdiagramm", barChart: "Balkendiagramm", progress: "Fortschrittsbalken",
	unit: "Einheit", undated: "ohne Zeitangabe", target: "Ziel", actual: "Ist",
	noValues: "Keine Werte", first: "zuerst", last: "zuletzt",
	lowest: "niedrigster Wert", highest: "höchster Wert", values: "Werte", period: "Zeitraum",
	yearMiddle: "Jahreswerte in der Mitte des Jahres", labelled: "Beschriftet sind %d von %d Werten.",
}

var english = words{
	thousands: ",", decimal: ".",
	powers: [3]string{"million", "billion", "trillion"},
	months: [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	bounds:    [8]string{"", "about", "at least", "more than", "at most", "less than", "just over", "nearly"},
	timeChart: "Time chart", barChart: "Bar chart", progress: "Progress bar",
	unit: "unit", undated: "undated", target: "Target", actual: "Actual",
	noValues: "No values", first: "first", last: "last",
	lowest: "lowest value", highest: "highest value", values: "values", period: "period",
	yearMiddle: "annual values at mid-year", labelled: "%d of %d values are labelled.",
}

// maxListed is the number of values up to which the text alternative lists all
// of them.
const maxListed = 40

// describe returns the generated part of a text alternative: the kind of
// figure, the unit, and paragraphs about the values.
func (w words) describe(kind, unit string, paragraphs ...string) string {
	sentences := []string{kind}
	if unit = oneLine(unit); unit != "" {
		sentences[0] += ", " + w.unit + ": " + unit
	}
	if len(paragraphs) == 0 {
		paragraphs = []string{w.noValues}
	}
	return strings.Join(append(sentences, paragraphs...), ". ") + "."
}

// describeMark returns a mark in words. name is used if the mark has none.
func (w words) describeMark(m Mark, name string) string {
	text := firstText(m.Name, name) + " " + w.describeValue(m.Bound, m.Text, m.Value)
	if !m.Time.undated() {
		text += " (" + w.span(m.Time) + ")"
	}
	return text
}

// describeValue returns a value in words.
func (w words) describeValue(b Bound, text string, v float64) string {
	return strings.TrimSpace(w.bounds[b] + " " + w.valueText(text, v))
}

// withSource appends where a value comes from, if that is known.
func withSource(text, source string) string {
	if source = oneLine(source); source != "" {
		text += " – " + source
	}
	return text
}

// withName prepends a name, if there is one, to a text.
func withName(name, separator, text string) string {
	if name == "" {
		return text
	}
	return name + separator + text
}

// valueText returns the caller's text for a value, or else its number.
func (w words) valueText(text string, v float64) string {
	if text = oneLine(text); text != "" {
		return text
	}
	return w.value(v)
}

// axisText returns the text for a value beside an axis whose numbers are multiples of 10^exp:
// the caller's, unless it has another unit than the axis.
func (w words) axisText(text string, v float64, exp int) string {
	if exp == 0 {
		return w.valueText(text, v)
	}
	return w.value(timesTen(v, -exp))
}

// value formats v with all its digits, or as a power of ten if it is very large
// or very small.
func (w words) value(v float64) string {
	size := math.Abs(v)
	if size == 0 || size >= 1e-6 && size < 1e15 {
		return w.number(v, -1)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	e, _ := strconv.Atoi(exponent) // always valid
	return strings.NewReplacer(".", w.decimal, "-", "−").Replace(mantissa) + "·" + powerOfTen(e)
}

// number formats v in groups of three digits, with the given number of
// decimals; -1 keeps all of them.
func (w words) number(v float64, decimals int) string {
	digits, sign := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64), ""
	if v < 0 && strings.Trim(digits, "0.") != "" {
		sign = "−"
	}
	whole, part, hasPart := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.thousands + whole[i:]
	}
	if hasPart {
		whole += w.decimal + part
	}
	return sign + whole
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³",
	"4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

func powerOfTen(e int) string { return "10" + superscript.Replace(strconv.Itoa(e)) }

// axisTitle returns the unit of an axis whose numbers are multiples of 10^exp.
func (w words) axisTitle(unit string, exp int) string {
	factor := ""
	switch {
	case exp >= 6 && exp <= 12:
		factor = w.powers[exp/3-2]
	case exp != 0:
		factor = powerOfTen(exp)
	}
	return strings.TrimSpace(factor + " " + oneLine(unit))
}

// span formats a time in its own precision: years, months or days.
func (w words) span(s Span) string {
	if s.undated() {
		return w.undated
	}
	from, to := s.days()
	format := w.date
	switch precision(from, to) {
	case 12:
		format = func(t time.Time) string { return strconv.Itoa(t.Year()) }
	case 1:
		format = func(t time.Time) string { return w.months[t.Month()-1] + " " + strconv.Itoa(t.Year()) }
	}
	first, last := format(dayDate(from)), format(dayDate(to-1))
	if first == last {
		return first
	}
	return first + "–" + last
}

// date formats a day: 12.11.2021, or 12 Nov 2021 in English.
func (w words) date(t time.Time) string {
	if w.decimal == "." {
		return t.Format("2 ") + w.month(t) + " " + strconv.Itoa(t.Year())
	}
	return t.Format("2.1.") + strconv.Itoa(t.Year())
}

// month returns the first three letters of a month.
func (w words) month(t time.Time) string {
	return string([]rune(w.months[t.Month()-1])[:3])
}

// dayOfMonth formats a day without its month: 12. or, in English, 12.
func (w words) dayOfMonth(t time.Time) string {
	if w.decimal == "." {
		return t.Format("2")
	}
	return t.Format("2.")
}
