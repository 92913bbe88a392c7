package plot

import "fmt"

// TimeChart shows values over time, as points that may be joined by lines.
//
// A point without a time stands in a column of its own at the right, headed
// "undated"; who does not want that leaves it out. Points of the same time
// that would cover one another are set side by side. Values are written beside
// the points where there is room, first at the ends and extremes of a series;
// all of them are in the description and in the point's tooltip.
//
// The axis begins at zero unless the values lie within a fifth of the largest.
type TimeChart struct {
	Figure
	// Unit is the title of the axis of values.
	Unit string
	// Reach are values that the axis includes besides the points', such as 0
	// and 100 for shares.
	Reach []float64
	// Height of the drawing area in pixels; 0 means 280.
	Height int
	// Series in the order of the legend. None means that there is one, and
	// that points have no key.
	Series []Series
	// Points are described, and joined, in this order.
	Points []Point
}

// Point is a value at a time.
type Point struct {
	Series string
	Time   Span
	Value  float64
	// Text is the value as it is shown, without a sign for its bound. Empty
	// means the value in the figure's language.
	Text string
	// Bound is drawn as a whisker, and as a sign before the text.
	Bound Bound
	// Joined draws a line from the previous point of the series, which says
	// that nothing is missing between. No line leads to or from a point
	// without a time.
	Joined bool
}

// SVG draws the chart, or says all that is wrong with it.
func (c TimeChart) SVG() (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("time chart: %w", err)
	}
	s := newSheet(c.Figure)
	if len(c.Points) == 0 {
		s.nothing(120)
		return s.finish(s.describe(s.timeChart, c.Unit, nil)), nil
	}
	l := c.layout(s)
	l.axes()
	l.joints()
	l.spans()
	l.markers()
	l.labels()
	return s.finish(c.describe(s)), nil
}

func (c TimeChart) check() error {
	var p problems
	c.Figure.check(&p)
	checkSeries(c.Series, &p)
	if c.Height != 0 && (c.Height < 100 || c.Height > MaxWidth) {
		p.add("height %d: allowed are 100 to %d", c.Height, MaxWidth)
	}
	if len(c.Points) > MaxMarks {
		p.add("%d points: allowed are %d", len(c.Points), MaxMarks)
	}
	for _, v := range c.Reach {
		p.value("reach", v)
	}
	series := declared(c.Series)
	for i, pt := range c.Points {
		pt.check(fmt.Sprintf("point %d", i+1), series, &p)
	}
	return p.err()
}

func (pt Point) check(what string, series []Series, p *problems) {
	p.value(what, pt.Value)
	pt.Time.check(what, p)
	checkMark(what, pt.Bound, series, pt.Series, p)
}

// checkMark refuses bounds and series that do not exist.
func checkMark(what string, b Bound, series []Series, key string, p *problems) {
	if !b.valid() {
		p.add("%s: bound %d: allowed are %d to %d", what, b, Exact, LessThan)
	}
	if seriesIndex(series, key) < 0 {
		p.add("%s: there is no series %q", what, key)
	}
}
