// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"math"
	"slices"
	"strconv"
	"time"
)

// axis is a scale of values. Its ticks are multiples of a step, which is 1, 2,
// 2.5 or 5 times a power of ten.
type axis struct {
	ticks  []float64
	labels []string
	exp    int // labels are in units of 10^exp
}

var steps = [...]struct{ mantissa, shift int }{{1, 0}, {2, 0}, {25, -1}, {5, 0}}

// newAxis returns an axis from lo to hi with at most maxSteps steps, or two if
// zero, which is always a tick, is between them. Whole numbers get whole ticks.
func newAxis(w words, lo, hi float64, maxSteps int, whole bool) axis {
	const slack = 1e-9 // for the rounding errors of binary fractions
	if lo < 0 && hi > 0 {
		maxSteps = max(maxSteps, 2)
	}
	for power := int(math.Floor(math.Log10((hi-lo)/float64(maxSteps)))) - 1; ; power++ {
		for _, s := range steps {
			power := power + s.shift
			if whole && power < 0 {
				continue
			}
			step := timesTen(float64(s.mantissa), power)
			first, last := int(math.Floor(lo/step+slack)), int(math.Ceil(hi/step-slack))
			if last-first > maxSteps {
				continue
			}
			a := axis{exp: labelExponent(power, math.Max(math.Abs(lo), math.Abs(hi)))}
			for i := first; i <= last; i++ {
				n := float64(i * s.mantissa)
				a.ticks = append(a.ticks, timesTen(n, power))
				a.labels = append(a.labels, w.number(timesTen(n, power-a.exp), max(0, a.exp-power)))
			}
			return a
		}
	}
}

// timesTen returns v × 10^power, rounded once.
func timesTen(v float64, power int) float64 {
	if power < 0 {
		return v / math.Pow10(-power)
	}
	return v * math.Pow10(power)
}

// labelExponent returns the power of ten that labels are written in: 0 unless
// the values are very large or very small. Labels never need more than two
// decimals because of it.
func labelExponent(stepPower int, largest float64) int {
	magnitude := int(math.Floor(math.Log10(largest)))
	if stepPower < -4 && magnitude < 0 {
		return int(math.Floor(float64(magnitude)/3)) * 3
	}
	for exp := magnitude / 3 * 3; exp >= 6; exp -= 3 {
		if exp-stepPower <= 2 {
			return exp
		}
	}
	return 0
}

// scale maps the first and last tick to two lengths.
func (a axis) scale(from, to float64) linear {
	return linear{a.ticks[0], a.ticks[len(a.ticks)-1], from, to}
}

// valueRange returns the lowest and highest value. If they are equal, or almost,
// it includes zero, because an axis needs two different ends.
func valueRange(values []float64) (lo, hi float64) {
	if len(values) == 0 {
		return 0, 1
	}
	lo, hi = slices.Min(values), slices.Max(values)
	size := math.Max(math.Abs(lo), math.Abs(hi))
	switch {
	case size < 1/Largest:
		return 0, 1
	case hi-lo <= 1e-6*size:
		return math.Min(lo, 0), math.Max(hi, 0)
	}
	return lo, hi
}

// includeZero extends a range to zero, unless the values are close together and
// far from it.
func includeZero(lo, hi float64) (float64, float64) {
	const close = 0.2
	switch {
	case lo > 0 && hi-lo > close*hi:
		lo = 0
	case hi < 0 && hi-lo > close*-lo:
		hi = 0
	}
	return lo, hi
}

func allWhole(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v != math.Trunc(v) })
}

// calendar is an axis of days.
type calendar struct {
	stride
	ticks []int // day numbers
}

// stride is the distance between two ticks of a calendar in days or months, the
// highest number of them that is easy to read, and the width of a label.
type stride struct {
	days, months, maxSteps int
	labelWidth             float64
}

var strides = []stride{
	{1, 0, 14, 28},
	{7, 0, 9, 34},
	{0, 1, 14, 38},
	{0, 3, 8, 46},
	{0, 6, 6, 46},
	{0, 12, 16, 46},
	{0, 24, 12, 46},
	{0, 60, 12, 46},
	{0, 120, 12, 46},
	{0, 240, 12, 46},
	{0, 600, 12, 46},
	{0, 1200, 12, 46},
	{0, 6000, 12, 46},
	{0, 24000, 12, 46},
	{0, 120000, 12, 46},
}

// newCalendar returns a calendar that covers the spans on an axis of the given
// length, with strides that are not finer than their precision. A single day is
// shown within its year.
func newCalendar(spans []Span, length float64) calendar {
	from, to := spans[0].days()
	finest := 12
	for _, s := range spans {
		first, end := s.days()
		from, to = min(from, first), max(to, end)
		finest = min(finest, precision(first, end))
	}
	if finest == 12 && to-from <= 366 {
		finest = 1
	}
	if to-from == 1 {
		finest = 1
		year := dayDate(from).Year()
		from, to = firstOfMonth(year*12), firstOfMonth(year*12+12)
	}
	var c calendar
	for _, st := range strides {
		if st.months < finest {
			continue
		}
		c = calendar{st, st.cover(from, to)}
		if n := len(c.ticks) - 1; n <= st.maxSteps && float64(n)*st.labelWidth <= length {
			break
		}
	}
	return c // the last stride covers every year
}

// precision returns 12 for a range of whole years, 1 for whole months, and 0
// otherwise.
func precision(from, to int) int {
	first, end := dayDate(from), dayDate(to)
	switch {
	case first.Day() != 1 || end.Day() != 1:
		return 0
	case first.Month() == time.January && end.Month() == time.January:
		return 12
	}
	return 1
}

// cover returns the ticks around a range of days.
func (st stride) cover(from, to int) []int {
	ticks := []int{from}
	if st.days > 0 {
		for day := from; day < to; ticks = append(ticks, day) {
			day += st.days
		}
		return ticks
	}
	t := dayDate(from)
	month := (t.Year()*12 + int(t.Month()) - 1) / st.months * st.months
	for ticks[0] = firstOfMonth(month); ticks[len(ticks)-1] < to; {
		month += st.months
		ticks = append(ticks, firstOfMonth(month))
	}
	return ticks
}

// firstOfMonth returns the first day of a month; January of year 0 is month 0.
func firstOfMonth(month int) int {
	return dayNumber(time.Date(month/12, time.Month(month%12+1), 1, 0, 0, 0, 0, time.UTC))
}

// labelled returns the end of the day, month or year that the label of a tick names and
// in whose middle it is, whatever the distance to the next tick.
func (st stride) labelled(day int) int {
	t := dayDate(day)
	switch {
	case st.months >= 12:
		return firstOfMonth(t.Year()*12 + 12)
	case st.months > 0:
		return firstOfMonth(t.Year()*12 + int(t.Month()))
	}
	return day + 1
}

// label returns the label of a tick, and a second line with the month and year
// or the year where a new one starts.
func (c calendar) label(w words, tick int) (first, second string) {
	text := func(day int) (first, second string) {
		t := dayDate(day)
		year := strconv.Itoa(t.Year())
		switch {
		case c.months >= 12:
			return year, ""
		case c.months > 0:
			return w.month(t), year
		}
		return w.dayOfMonth(t), w.month(t) + " " + year
	}
	first, second = text(c.ticks[tick])
	if tick > 0 {
		if _, previous := text(c.ticks[tick-1]); previous == second {
			return first, ""
		}
	}
	return first, second
}
