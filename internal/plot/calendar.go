package plot

import (
	"strconv"
	"time"
)

// stride is the distance from one tick of a calendar to the next, in days or
// in months, with how many of them are read with ease and how much room the
// label of one takes.
type stride struct {
	days, months int
	most         int
	room         float64
}

var strides = []stride{
	{days: 1, most: 14, room: 28},
	{days: 7, most: 9, room: 34},
	{months: 1, most: 14, room: 38},
	{months: 3, most: 8, room: 46},
	{months: 6, most: 6, room: 46},
	{months: 12, most: 16, room: 46},
	{months: 24, most: 12, room: 46},
	{months: 60, most: 12, room: 46},
	{months: 120, most: 12, room: 46},
	{months: 240, most: 12, room: 46},
	{months: 600, most: 12, room: 46},
	{months: 1200, most: 12, room: 46},
	{months: 6000, most: 12, room: 46},
	{months: 24000, most: 12, room: 46},
	{months: 120000, most: 12, room: 46},
}

// calendar is a time axis: days from one tick to another.
type calendar struct {
	stride
	ticks []int // day numbers
}

// newCalendar covers the days of the spans, in strides no finer than their
// precision, on an axis of the given length. One day alone is shown within its
// year.
func newCalendar(spans []Span, length float64) calendar {
	from, to, finest := extentOfDays(spans)
	if to-from <= 1 {
		finest = 1
		year := dayDate(from).Year()
		from, to = monthNumberDay(year*12), monthNumberDay(year*12+12)
	}
	for _, st := range strides {
		if st.months < finest {
			continue
		}
		ticks := st.cover(from, to)
		n := len(ticks) - 1
		if n <= st.most && float64(n)*st.room <= length || st.months == 120000 {
			return calendar{st, ticks}
		}
	}
	panic("the last stride covers every year")
}

// extentOfDays returns the days covered, and in how many months the spans are
// at least counted: 0 for days, 1 for months, 12 for years.
func extentOfDays(spans []Span) (from, to, months int) {
	from, to = spans[0].days()
	months = 12
	for _, s := range spans {
		f, t := s.days()
		from, to = min(from, f), max(to, t)
		months = min(months, stridesOf(f, t))
	}
	if months == 12 && to-from <= 366 {
		months = 1
	}
	return from, to, months
}

// cover returns the ticks around the days.
func (st stride) cover(from, to int) []int {
	if st.days > 0 {
		ticks := []int{from}
		for from < to {
			from += st.days
			ticks = append(ticks, from)
		}
		return ticks
	}
	t := dayDate(from)
	month := (t.Year()*12 + int(t.Month()) - 1) / st.months * st.months
	ticks := []int{monthNumberDay(month)}
	for ticks[len(ticks)-1] < to {
		month += st.months
		ticks = append(ticks, monthNumberDay(month))
	}
	return ticks
}

// monthNumberDay is the first day of a month, counted from January of year 0.
func monthNumberDay(n int) int {
	return dayNumber(time.Date(n/12, time.Month(n%12+1), 1, 0, 0, 0, 0, time.UTC))
}

// named reports whether a label names the time from its tick to the next, and
// so stands between the two.
func (st stride) named() bool { return st.days == 1 || st.months == 1 || st.months == 12 }

// labels returns the label of the i-th tick, and a second line where it begins
// a new month or year.
func (c calendar) labels(w words, i int) (first, second string) {
	t := dayDate(c.ticks[i])
	before := t
	if i > 0 {
		before = dayDate(c.ticks[i-1])
	}
	year := strconv.Itoa(t.Year())
	switch {
	case c.months >= 12:
		return year, ""
	case c.months > 0 && (i == 0 || before.Year() != t.Year()):
		return w.month(t), year
	case c.months > 0:
		return w.month(t), ""
	case i == 0 || before.Month() != t.Month():
		return w.dayOfMonth(t), w.month(t) + " " + year
	}
	return w.dayOfMonth(t), ""
}

func (w words) dayOfMonth(t time.Time) string {
	if w.decimal == "." {
		return strconv.Itoa(t.Day())
	}
	return strconv.Itoa(t.Day()) + "."
}
