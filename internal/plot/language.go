package plot

import (
	"math"
	"strconv"
	"strings"
)

// Language of the numbers, dates and words in a figure, as a BCP 47 tag.
type Language string

// The languages that figures are drawn in.
const (
	German  Language = "de"
	English Language = "en"
)

// words are the texts that a figure adds to the caller's.
type words struct {
	thousands, decimal    string
	powers                [3]string // millions, and each a thousand times more
	months                [12]string
	bounds                [6]string // by Bound
	timeChart, barChart   string
	progress              string
	unit, undated, target string
	actual, nothing       string
	first, last           string
	lowest, highest       string
	values, period        string
}

var german = words{
	thousands: ".", decimal: ",",
	powers: [3]string{"Mio.", "Mrd.", "Bio."},
	months: [12]string{
		"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember",
	},
	bounds:    [6]string{"", "etwa", "mindestens", "mehr als", "höchstens", "weniger als"},
	timeChart: "Zeitdiagramm", barChart: "Balkendiagramm", progress: "Fortschrittsbalken",
	unit: "Einheit", undated: "ohne Datum", target: "Ziel", actual: "Ist",
	nothing: "Keine Werte", first: "zuerst", last: "zuletzt",
	lowest: "niedrigster Wert", highest: "höchster Wert", values: "Werte", period: "Zeitraum",
}

var english = words{
	thousands: ",", decimal: ".",
	powers: [3]string{"million", "billion", "trillion"},
	months: [12]string{
		"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December",
	},
	bounds:    [6]string{"", "about", "at least", "more than", "at most", "less than"},
	timeChart: "Time chart", barChart: "Bar chart", progress: "Progress bar",
	unit: "unit", undated: "undated", target: "Target", actual: "Actual",
	nothing: "No values", first: "first", last: "last",
	lowest: "lowest value", highest: "highest value", values: "values", period: "period",
}

func (l Language) words() words {
	if l == English {
		return english
	}
	return german
}

// number writes v grouped in threes with the decimals given, or with as many
// as it has where that is -1.
func (w words) number(v float64, decimals int) string {
	digits, sign := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64), ""
	if v < 0 && strings.Trim(digits, "0.") != "" {
		sign = "−"
	}
	whole, part, fraction := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + w.thousands + whole[i:]
	}
	if fraction {
		return sign + whole + w.decimal + part
	}
	return sign + whole
}

// value writes v with the digits it has; the very large and very small by a
// power of ten.
func (w words) value(v float64) string {
	size := math.Abs(v)
	if size == 0 || size >= 1e-6 && size < 1e15 {
		return w.number(v, -1)
	}
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
	e, _ := strconv.Atoi(exponent) // FormatFloat wrote it
	m := strings.Replace(strings.Replace(mantissa, ".", w.decimal, 1), "-", "−", 1)
	return m + "·" + powerOfTen(e)
}

var superscript = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³",
	"4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

func powerOfTen(e int) string { return "10" + superscript.Replace(strconv.Itoa(e)) }

// scaled writes a unit of which an axis shows multiples of a power of ten.
func (w words) scaled(unit string, exp int) string {
	factor := ""
	switch {
	case exp >= 6 && exp <= 12:
		factor = w.powers[exp/3-2]
	case exp != 0:
		factor = powerOfTen(exp)
	}
	return strings.TrimSpace(factor + " " + oneLine(unit))
}
