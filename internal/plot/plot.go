// SPDX-License-Identifier: EUPL-1.2

// Package plot draws figures as SVG: a chart of values over time, a horizontal
// bar chart, and a bar of progress towards a target. It takes numbers, times
// and texts and returns one svg element as a string.
//
// The same input always produces the same bytes. Series differ in the shape of
// their markers and the dashes of their lines, never in colour alone. Figures
// need no script and no inline style: geometry is in presentation attributes,
// colours come from the classes in [CSS], which a page includes once.
//
// Explaining the values, citing their sources and providing a table beside the
// figure are up to the caller.
package plot

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
)

// ErrInvalid is wrapped by every error of this package: the figure cannot be
// drawn from the given input.
var ErrInvalid = errors.New("invalid figure")

// Limits of a figure. Values beyond Largest have no readable axis.
const (
	MinWidth     = 280
	MaxWidth     = 4000
	MaxMarks     = 5000 // points or bars in one figure
	Largest      = 1e100
	defaultWidth = 720
)

// Figure contains what all kinds of figures have in common.
type Figure struct {
	// ID is the prefix of all ids inside the figure and must be unique on its
	// page. The default is "plot".
	ID string
	// Title names the figure. It is required; a standalone figure shows it.
	Title string
	// Description is the caller's part of the text alternative. The values are
	// appended to it in words.
	Description string
	// Footnote is shown below the figure, for example to cite a source.
	Footnote string
	// Language of numbers, dates and words. The default is German.
	Language Language
	// Width in pixels at full size; the default is 720. A narrower container
	// scales the figure down; for small screens, draw a second figure with a
	// small Width instead.
	Width int
	// Standalone makes the figure a file of its own, with an XML declaration, a
	// background, a visible title, and CSS in a style element. The content of
	// that element is exactly CSS, so that a Content-Security-Policy can
	// contain its hash.
	Standalone bool
}

// Mark is a single value, such as a target, that others are compared with.
type Mark struct {
	// Name defaults to the word for target or actual value.
	Name  string
	Value float64
	// Text is the value as displayed, without the sign of its bound. The
	// default is the value formatted in the figure's language.
	Text  string
	Bound Bound
	// Time is when the value applies; the zero Span is not shown.
	Time Span
}

// Bound states how the true value relates to the given one.
type Bound int

// The bounds: the true value is the given one, near it, or on one side of it.
const (
	Exact    Bound = iota
	About          // ≈
	AtLeast        // ≥
	MoreThan       // >
	AtMost         // ≤
	LessThan       // <
	JustOver       // > and near it; written as a word, which no sign says as well
	Nearly         // < and near it, likewise
)

var boundSigns = [...]string{"", "≈", "≥", ">", "≤", "<", "", ""}

// withSign prepends the sign of the bound, or its word, to the text of a value.
func (w words) withSign(b Bound, text string) string {
	if b == Exact {
		return text
	}
	return cmp.Or(boundSigns[b], w.bounds[b]) + nbsp + text
}

// Span is a range of whole days, including Start and End. A zero End means one
// day. The zero Span is an unknown time. Hours and time zones are ignored; only
// the calendar day counts.
type Span struct{ Start, End time.Time }

func (s Span) undated() bool { return s.Start.IsZero() && s.End.IsZero() }

// lastDay returns the day on which the span ends.
func (s Span) lastDay() time.Time {
	if s.End.IsZero() {
		return s.Start
	}
	return s.End
}

// days returns the numbers of the first day and of the day after the last.
func (s Span) days() (from, to int) { return dayNumber(s.Start), dayNumber(s.lastDay()) + 1 }

// dayNumber counts days from 1 January 1970.
func dayNumber(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

func dayDate(n int) time.Time { return time.Unix(int64(n)*86400, 0).UTC() }

func (f Figure) withDefaults() Figure {
	f.ID = cmp.Or(f.ID, "plot")
	f.Language = cmp.Or(f.Language, German)
	f.Width = cmp.Or(f.Width, defaultWidth)
	return f
}

// problems collects everything that is wrong with a figure.
type problems []error

func (p *problems) err() error { return errors.Join(*p...) }

// require adds a problem unless ok.
func (p *problems) require(ok bool, format string, args ...any) {
	if !ok {
		*p = append(*p, fmt.Errorf(format+": %w", append(args, ErrInvalid)...))
	}
}

var validID = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)

func (p *problems) checkFigure(f Figure) {
	f = f.withDefaults()
	p.require(validID.MatchString(f.ID), "id %q: must start with a letter, followed by letters, digits, hyphens and underscores", f.ID)
	p.require(strings.TrimSpace(f.Title) != "", "title: must not be empty")
	p.require(slices.Contains(languages(), string(f.Language)), "language %q: must be %s", f.Language, strings.Join(languages(), " or "))
	p.require(f.Width >= MinWidth && f.Width <= MaxWidth, "width %d: must be between %d and %d", f.Width, MinWidth, MaxWidth)
}

// checkChart checks what bar charts and time charts have in common.
func (p *problems) checkChart(f Figure, series []Series, marks int) {
	p.checkFigure(f)
	p.checkSeries(series)
	p.require(marks <= MaxMarks, "%d values: must be at most %d", marks, MaxMarks)
}

// checkValue rejects values that no axis can show; name is the name of the value in the
// error.
func (p *problems) checkValue(name string, v float64) {
	p.require(math.Abs(v) <= Largest, "%s: %v: must be a number between -%g and %g", name, v, Largest, Largest)
}

func (p *problems) checkMark(name string, m Mark) {
	p.checkValue(name, m.Value)
	p.require(m.Bound >= Exact && m.Bound <= Nearly, "%s: bound %d: must be between %d and %d", name, m.Bound, Exact, Nearly)
	start, end := m.Time.Start, m.Time.lastDay()
	switch {
	case m.Time.undated():
	case start.IsZero():
		p.require(false, "%s: time: has an end but no start", name)
	case start.Year() < 1 || end.Year() > 9999:
		p.require(false, "%s: time: must be between the years 1 and 9999", name)
	default:
		p.require(dayNumber(start) <= dayNumber(end), "%s: time: ends on %s, before it starts on %s", name,
			end.Format(time.DateOnly), start.Format(time.DateOnly))
	}
}
