package plot

import (
	"fmt"
	"strings"
)

// BarChart compares values as horizontal bars from zero. The sign of a value's
// bound stands before its text.
type BarChart struct {
	Figure
	// Unit is the title of the axis of values.
	Unit string
	// Reach are values that the axis includes besides zero, the bars' and
	// their targets', such as 100 for shares.
	Reach []float64
	// Series in the order of the legend. None means that there is one, and
	// that bars have no key.
	Series []Series
	// Bars from the top down.
	Bars []Bar
	// Dots draws markers in place of bars, for values that are not so many of
	// something: of ranks the first is not the smallest.
	Dots bool
}

// Bar is a value with a name.
type Bar struct {
	// Group is a heading. It is written where it differs from the bar's above.
	Group string
	// Label names the bar and is wrapped. It is written once for bars that
	// follow one another and have the same.
	Label  string
	Series string
	Value  float64
	// Text is the value as it is shown, without a sign for its bound. Empty
	// means the value in the figure's language.
	Text  string
	Bound Bound
	// Target is marked across the bar, if there is one.
	Target *Mark
}

// Mark is a value that is compared with others.
type Mark struct {
	// Name says what it is. Empty means a word for target or actual.
	Name  string
	Value float64
	// Text is the value as it is shown, without a sign for its bound. Empty
	// means the value in the figure's language.
	Text  string
	Bound Bound
	// Time is when it holds; the zero Span is left out.
	Time Span
}

// SVG draws the chart, or says all that is wrong with it.
func (c BarChart) SVG() (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("bar chart: %w", err)
	}
	s := newSheet(c.Figure)
	if len(c.Bars) == 0 {
		s.nothing(120)
		return s.finish(s.describe(s.barChart, c.Unit, nil)), nil
	}
	l := c.layout(s)
	l.grid()
	for _, r := range l.rows {
		l.row(r)
	}
	l.foot()
	return s.finish(c.describe(s)), nil
}

func (c BarChart) check() error {
	var p problems
	c.Figure.check(&p)
	checkSeries(c.Series, &p)
	if len(c.Bars) > MaxMarks {
		p.add("%d bars: allowed are %d", len(c.Bars), MaxMarks)
	}
	for _, v := range c.Reach {
		p.value("reach", v)
	}
	for i, b := range c.Bars {
		what := fmt.Sprintf("bar %d", i+1)
		p.value(what, b.Value)
		checkMark(what, b.Bound, declared(c.Series), b.Series, &p)
		if b.Target != nil {
			b.Target.check(what+": target", &p)
		}
	}
	return p.err()
}

func (m Mark) check(what string, p *problems) {
	p.value(what, m.Value)
	m.Time.check(what, p)
	if !m.Bound.valid() {
		p.add("%s: bound %d: allowed are %d to %d", what, m.Bound, Exact, LessThan)
	}
}

// describe says each bar, or, of many, how many there are.
func (c BarChart) describe(s *sheet) string {
	series := resolveSeries(c.Series)
	bars := c.Bars
	if len(bars) > mostDescribed {
		bars = bars[:mostDescribed]
	}
	said := make([]string, len(bars), len(bars)+1)
	for i, b := range bars {
		name := series[seriesIndex(series, b.Series)].Name
		said[i] = s.barSaid(b, name)
	}
	if len(bars) < len(c.Bars) {
		said = append(said, ellipsis+" ("+s.number(float64(len(c.Bars)), 0)+" "+s.values+")")
	}
	return s.describe(s.barChart, c.Unit, []string{strings.Join(said, "; ")})
}

func (s *sheet) barSaid(b Bar, series string) string {
	var name []string
	for _, n := range []string{oneLine(b.Group), oneLine(b.Label), series} {
		if n != "" {
			name = append(name, n)
		}
	}
	said := named(strings.Join(name, ", "), ": ", s.said(b.Bound, s.plain(b.Text, b.Value)))
	if b.Target != nil {
		said += " (" + s.markSaid(*b.Target, s.target) + ")"
	}
	return strings.ReplaceAll(said, softHyphen, "")
}

// markSaid says a mark in words, with its time.
func (s *sheet) markSaid(m Mark, name string) string {
	said := or(m.Name, name) + " " + s.said(m.Bound, s.plain(m.Text, m.Value))
	if !m.Time.undated() {
		said += " (" + s.span(m.Time) + ")"
	}
	return said
}
