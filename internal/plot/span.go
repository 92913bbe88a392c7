package plot

import (
	"strconv"
	"time"
)

// Span is a time in whole days: from the start of one day to the end of
// another, which may be the same. The zero Span is no time: the source gives
// none. A zero End means the day of Start. Hours and zones are ignored, the
// calendar day counts.
type Span struct{ Start, End time.Time }

// Day is the span of one day.
func Day(t time.Time) Span { return Span{Start: t, End: t} }

func (s Span) undated() bool { return s.Start.IsZero() && s.End.IsZero() }

// check refuses what has no place on a time axis.
func (s Span) check(what string, p *problems) {
	switch {
	case s.undated():
	case s.Start.IsZero():
		p.add("%s: the time has an end but no start", what)
	case s.Start.Year() < 1 || s.last().Year() > 9999:
		p.add("%s: the time lies outside the years 1 to 9999", what)
	case dayNumber(s.last()) < dayNumber(s.Start):
		p.add("%s: the time ends on %s, before it starts on %s", what,
			s.End.Format(time.DateOnly), s.Start.Format(time.DateOnly))
	}
}

// last is the last day.
func (s Span) last() time.Time {
	if s.End.IsZero() {
		return s.Start
	}
	return s.End
}

// days returns the number of the first day and of the day after the last.
func (s Span) days() (from, to int) { return dayNumber(s.Start), dayNumber(s.last()) + 1 }

// dayNumber counts days from 1 January 1970.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func dayDate(n int) time.Time { return time.Unix(int64(n)*86400, 0).UTC() }

// span writes a time in the precision it has: years, months or days.
func (w words) span(s Span) string {
	if s.undated() {
		return w.undated
	}
	from, to := s.days()
	first, last := dayDate(from), dayDate(to-1)
	write := w.day
	switch stridesOf(from, to) {
	case 12:
		write = func(t time.Time) string { return strconv.Itoa(t.Year()) }
	case 1:
		write = func(t time.Time) string { return w.months[t.Month()-1] + " " + strconv.Itoa(t.Year()) }
	}
	if a, b := write(first), write(last); a != b {
		return a + "–" + b
	}
	return write(first)
}

// stridesOf returns 12 for whole years, 1 for whole months, else 0.
func stridesOf(from, to int) int {
	first, end := dayDate(from), dayDate(to)
	switch {
	case first.Day() != 1 || end.Day() != 1:
		return 0
	case first.Month() == time.January && end.Month() == time.January:
		return 12
	}
	return 1
}

// day writes a date: 12.11.2021, or 12 Nov 2021 where the decimal is a point.
func (w words) day(t time.Time) string {
	if w.decimal == "." {
		return strconv.Itoa(t.Day()) + " " + w.month(t) + " " + strconv.Itoa(t.Year())
	}
	return strconv.Itoa(t.Day()) + "." + strconv.Itoa(int(t.Month())) + "." + strconv.Itoa(t.Year())
}

// month is the name of a month in three letters.
func (w words) month(t time.Time) string {
	return string([]rune(w.months[t.Month()-1])[:3])
}
