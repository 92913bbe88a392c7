// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// TimeChart shows values over time as points, which may be joined by lines.
//
// Points without a time are in a separate column at the right, headed
// "undated"; callers that do not want it leave these points out. A point is always
// drawn at its time and value: those that would cover each other are nested, a small
// marker on a larger one. Values are written beside the points or, joined by a thin line,
// where there is room, first at the ends and extremes of each series; if some remain
// without a label, the figure says so. The description and the points' tooltips contain
// all values.
//
// The axis starts at zero unless all values are within 20 % of the largest.
type TimeChart struct {
	Figure
	// Unit is the title of the value axis.
	Unit string
	// Reach lists values that the axis includes besides the points, such as 0
	// and 100 for shares.
	Reach []float64
	// Height of the drawing area in pixels; the default is 280.
	Height int
	// Series in the order of the legend. It may be empty if points have no key.
	Series []Series
	// Points are described and joined in this order.
	Points []Point
}

// Point is a value at a time.
type Point struct {
	Series string
	Time   Span
	Value  float64
	// Text is the value as displayed, without the sign of its bound. The
	// default is the value formatted in the figure's language, which labels also use if the
	// axis has multiples of the unit.
	Text string
	// Bound is drawn as a whisker, and as a sign in front of the text.
	Bound Bound
	// Source is where the value comes from, for the tooltip.
	Source string
	// Joined draws a line from the previous point of the series, which implies
	// that nothing is missing in between. No line starts or ends at a point
	// without a time.
	Joined bool
}

// SVG draws the chart, or returns an error that lists everything wrong with it.
func (c TimeChart) SVG() (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("time chart: %w", err)
	}
	s := newSheet(c.Figure)
	if len(c.Points) == 0 {
		s.drawNoValues(120)
		return s.finish(s.describe(s.timeChart, c.Unit)), nil
	}
	p := newTimePlot(c, s)
	p.drawAxes()
	p.drawLines()
	p.drawDurations()
	p.drawMarkers()
	p.drawValues()
	return s.finish(p.describe()), nil
}

func (c TimeChart) check() error {
	var p problems
	p.checkChart(c.Figure, c.Series, len(c.Points))
	for _, v := range c.Reach {
		p.checkValue("reach", v)
	}
	p.require(c.Height == 0 || c.Height >= 100 && c.Height <= MaxWidth, "height %d: must be between 100 and %d", c.Height, MaxWidth)
	for i, pt := range c.Points {
		name := fmt.Sprintf("point %d", i+1)
		p.checkKey(name, c.Series, pt.Series)
		p.checkMark(name, Mark{Value: pt.Value, Bound: pt.Bound, Time: pt.Time})
	}
	return p.err()
}

const (
	undatedWidth = 96
	// nested is how much larger a marker is than the next one on top of it.
	nested = 3.5
)

// timePlot is a time chart with the positions of its parts.
type timePlot struct {
	*sheet
	chart       TimeChart
	series      []Series
	points      []*placedPoint
	bySeries    [][]*placedPoint
	radius      float64 // of markers
	axis        axis
	calendar    calendar // without ticks if all points are undated
	area        box      // of dated points
	right       float64  // end of the undated column, or of the area
	xScale      linear   // of day numbers
	yScale      linear
	valuePlacer labelPlacer
}

// placedPoint is a point with its position.
type placedPoint struct {
	Point
	series Series
	x, y   float64
	radius float64 // of the marker
}

// newTimePlot draws the legend and positions everything below it.
func newTimePlot(c TimeChart, s *sheet) *timePlot {
	p := &timePlot{sheet: s, chart: c, series: resolveSeries(c.Series), radius: 4.5}
	switch n := len(c.Points); {
	case n > 150:
		p.radius = 2
	case n > 60:
		p.radius = 3
	}
	p.layoutAxes() // the legend depends on which durations are long enough to be drawn
	p.drawLegend()
	p.layoutAxes()
	p.layoutPoints()
	p.valuePlacer = labelPlacer{bounds: box{p.area.x0 + 2, p.area.y0 - 22, p.right, p.area.y1 - 1}}
	return p
}

// layoutAxes chooses both axes and positions them below what is drawn.
func (p *timePlot) layoutAxes() {
	const inset = 14
	height := float64(cmp.Or(p.chart.Height, 280))
	values := slices.Clone(p.chart.Reach)
	var spans []Span
	for _, pt := range p.chart.Points {
		values = append(values, pt.Value)
		if !pt.Time.undated() {
			spans = append(spans, pt.Time)
		}
	}
	lo, hi := includeZero(valueRange(values))
	p.axis = newAxis(p.words, lo, hi, max(2, int(height/44)), allWhole(values))
	top, left := p.y+26, p.margin+smallFace.widest(p.axis.labels)+8
	p.right = p.width - p.margin - 4
	p.area = box{left, top, p.right, top + height}
	p.yScale = p.axis.scale(p.area.y1, p.area.y0)
	if len(spans) == 0 {
		p.area.x1 = left
		return
	}
	if len(spans) < len(p.chart.Points) {
		p.area.x1 -= undatedWidth
	}
	p.calendar = newCalendar(spans, p.area.x1-left-2*inset)
	from, to := p.calendar.ticks[0], p.calendar.ticks[len(p.calendar.ticks)-1]
	p.xScale = linear{float64(from), float64(to), left + inset, p.area.x1 - inset}
}

// drawLegend explains the signs in use: the series, if more than one is
// declared, so that even a single target is recognizable, the bounds, and the
// durations.
func (p *timePlot) drawLegend() {
	keys, lines, bounds, durations, years := map[string]bool{}, map[string]bool{}, map[Bound]bool{}, false, false
	for _, pt := range p.chart.Points {
		_, _, visible := p.duration(pt.Time)
		keys[pt.Series], bounds[pt.Bound] = true, true
		lines[pt.Series], durations = lines[pt.Series] || pt.Joined, durations || visible
		years = years || p.wholeYear(pt.Time)
	}
	delete(bounds, Exact)
	var entries []legendEntry
	for _, s := range p.series {
		if keys[s.Key] && (len(p.series) > 1 || s.Name != "" && (durations || len(bounds) > 0)) {
			entries = append(entries, legendEntry{s.Name, func(x, y float64) {
				p.open("g", "class", shapes[s.Shape].class)
				if lines[s.Key] {
					p.line(x, y, x+swatchWidth, y, lineAttributes(s.Shape)...)
				}
				p.drawMarker(s.Shape, x+swatchWidth/2, y, 4.5)
				p.close("g")
			}})
		}
	}
	neutral := func(x, y float64, addition func()) { // a marker of no particular series
		p.open("g", "class", "plot-muted")
		addition()
		p.empty("circle", "cx", num(x+swatchWidth/2), "cy", num(y), "r", "3.5")
		p.close("g")
	}
	for b := About; b <= Nearly; b++ {
		if bounds[b] {
			entries = append(entries, legendEntry{p.boundText(b), func(x, y float64) {
				up, down := whiskerReach(b)
				y += (up - down) / 2
				neutral(x, y, func() { p.drawWhisker(b, x+swatchWidth/2, y, 3.5) })
			}})
		}
	}
	if durations {
		entries = append(entries, legendEntry{p.period, func(x, y float64) {
			neutral(x, y, func() { p.drawDuration(x, x+swatchWidth, y) })
		}})
	}
	if years {
		entries = append(entries, legendEntry{text: p.yearMiddle})
	}
	p.legend(entries)
}

// layoutPoints puts the points at the middle of their time. Where points of the same
// time would cover each other, the earlier one gets a larger marker.
func (p *timePlot) layoutPoints() {
	p.bySeries = make([][]*placedPoint, len(p.series))
	for _, pt := range p.chart.Points {
		series := seriesIndex(p.series, pt.Series)
		placed := &placedPoint{Point: pt, series: p.series[series], x: (p.area.x1 + p.right) / 2, y: p.yScale.at(pt.Value), radius: p.radius}
		if !pt.Time.undated() {
			from, to := pt.Time.days()
			placed.x = p.xScale.at(float64(from+to) / 2)
		}
		for _, other := range p.points {
			if other.Time == pt.Time && markerBox(Exact, other.x, other.y, p.radius).overlaps(markerBox(Exact, placed.x, placed.y, p.radius)) {
				other.radius += nested
			}
		}
		p.points = append(p.points, placed)
		p.bySeries[series] = append(p.bySeries[series], placed)
	}
}

// drawAxes draws the grid, both axes and the column of undated points.
func (p *timePlot) drawAxes() {
	p.drawValueAxis()
	p.y = p.area.y1 + 24
	if p.calendar.ticks != nil {
		p.drawTimeAxis()
		if p.calendar.months < 12 {
			p.y += 14
		}
	}
	if p.right > p.area.x1 {
		if p.area.x1 > p.area.x0 {
			p.open("g", "class", "plot-axis")
			p.line(p.area.x1, p.area.y0-8, p.area.x1, p.area.y1, "stroke-dasharray", "1 3")
			p.close("g")
		}
		p.draw(label{smallFace.fit(p.undated, undatedWidth), (p.area.x1 + p.right) / 2, p.area.y1 + 19, smallFace, "middle", "plot-muted"})
	}
}

// drawValueAxis draws a thin line and a number at each tick, a stronger line at
// zero and at the bottom, and the unit at the top.
func (p *timePlot) drawValueAxis() {
	p.open("g", "class", "plot-grid")
	for _, v := range p.axis.ticks {
		p.line(p.area.x0, p.yScale.at(v), p.right, p.yScale.at(v))
	}
	p.close("g")
	p.open("g", "class", "plot-axis")
	p.line(p.area.x0, p.area.y1, p.right, p.area.y1)
	if p.yScale.from0 < 0 && p.yScale.from1 >= 0 {
		p.line(p.area.x0, p.yScale.at(0), p.right, p.yScale.at(0))
	}
	p.close("g")
	p.open("g", "class", "plot-muted")
	for i, v := range p.axis.ticks {
		p.draw(label{text: p.axis.labels[i], x: p.area.x0 - 8, y: p.yScale.at(v) + 4, face: smallFace, anchor: "end"})
	}
	p.draw(p.unitTitle())
	p.close("g")
}

func (p *timePlot) unitTitle() label {
	text := smallFace.fit(p.axisTitle(p.chart.Unit, p.axis.exp), p.width-2*p.margin)
	return label{text: text, x: p.margin, y: p.area.y0 - 16, face: smallFace}
}

// drawTimeAxis draws the ticks and labels of the calendar. The last labels come
// first, so that of two second lines that would overlap the later one is kept:
// it applies to what follows.
func (p *timePlot) drawTimeAxis() {
	c := p.calendar
	p.open("g", "class", "plot-axis")
	for _, t := range c.ticks {
		x := p.xScale.at(float64(t))
		p.line(x, p.area.y1, x, p.area.y1+5)
	}
	p.close("g")
	p.open("g", "class", "plot-muted")
	placer := p.newLabelPlacer(6)
	for i := len(c.ticks) - 1; i >= 0; i-- {
		end := c.labelled(c.ticks[i])
		if end > c.ticks[len(c.ticks)-1] {
			continue
		}
		x := p.xScale.at(float64(c.ticks[i]+end) / 2)
		first, second := c.label(p.words, i)
		p.draw(label{text: first, x: x, y: p.area.y1 + 19, face: smallFace, anchor: "middle"})
		if second != "" {
			p.draw(placer.place(false, []label{{text: second, x: x, y: p.area.y1 + 34, face: smallFace, anchor: "middle"}})...)
		}
	}
	p.close("g")
}

// drawLines draws the lines between joined points.
func (p *timePlot) drawLines() {
	for i, s := range p.series {
		d, connected := "", false // connected if the path ends at the previous point
		for j, to := range p.bySeries[i] {
			if j == 0 || !to.Joined || to.Time.undated() || p.bySeries[i][j-1].Time.undated() {
				connected = false
				continue
			}
			from := p.bySeries[i][j-1]
			if !connected {
				d += "M" + xy(from.x, from.y)
			}
			d += "L" + xy(to.x, to.y)
			connected = true
			p.valuePlacer.lines = append(p.valuePlacer.lines, segment{from.x, from.y, to.x, to.y})
		}
		if d != "" {
			p.open("g", "class", shapes[s.Shape].class)
			p.drawPath(d, lineAttributes(s.Shape)...)
			p.close("g")
		}
	}
}

// drawDurations draws how long the time of a point lasts.
func (p *timePlot) drawDurations() {
	for _, pt := range p.points {
		if x0, x1, visible := p.duration(pt.Time); visible {
			p.open("g", "class", shapes[pt.series.Shape].class)
			p.drawDuration(x0, x1, pt.y)
			p.close("g")
			p.valuePlacer.lines = append(p.valuePlacer.lines, segment{x0, pt.y, x1, pt.y})
		}
	}
}

// duration returns the ends of a time on the axis. Single days and times that a
// marker would cover are not visible.
func (p *timePlot) duration(s Span) (x0, x1 float64, visible bool) {
	if s.undated() {
		return 0, 0, false
	}
	from, to := s.days()
	x0, x1 = p.xScale.at(float64(from))+1.5, p.xScale.at(float64(to))-1.5
	return x0, x1, to-from > 1 && x1-x0 >= 4*p.radius && !p.wholeYear(s)
}

// wholeYear reports whether a time is a calendar year on an axis that is labelled with
// years: its label says how long it lasts.
func (p *timePlot) wholeYear(s Span) bool {
	if s.undated() || p.calendar.months < 12 {
		return false
	}
	from, to := s.days()
	return precision(from, to) == 12 && to-from <= 366
}

func (s *sheet) drawDuration(x0, x1, y float64) {
	s.drawPath("M"+xy(x0, y-3)+"L"+xy(x0, y+3)+"M"+xy(x0, y)+"L"+xy(x1, y)+
		"M"+xy(x1, y-3)+"L"+xy(x1, y+3), "stroke-width", "1")
}

// drawMarkers draws the points, each with a tooltip.
func (p *timePlot) drawMarkers() {
	for _, pt := range p.points {
		value := p.describeValue(pt.Bound, pt.Text, pt.Value)
		if unit := oneLine(p.chart.Unit); unit != "" {
			value += " " + unit
		}
		p.open("g", "class", shapes[pt.series.Shape].class)
		p.text("title", withSource(p.span(pt.Time)+": "+withName(pt.series.Name, ": ", value), pt.Source))
		p.drawWhisker(pt.Bound, pt.x, pt.y, pt.radius)
		p.drawMarker(pt.series.Shape, pt.x, pt.y, pt.radius)
		p.close("g")
		p.valuePlacer.taken = append(p.valuePlacer.taken, markerBox(Exact, pt.x, pt.y, 1.3*pt.radius))
		if up, down := whiskerReach(pt.Bound); pt.Bound != Exact {
			p.valuePlacer.taken = append(p.valuePlacer.taken, box{pt.x - 4, pt.y - up, pt.x + 4, pt.y + down})
		}
	}
}

// drawValues writes values beside their points or, where there is no room, farther away
// at the end of a line. It says how many remain without a label.
func (p *timePlot) drawValues() {
	title := p.unitTitle().box()
	p.valuePlacer.taken = append(p.valuePlacer.taken, box{0, 0, title.x1 + 6, p.area.y0 - 10})
	order, landmarks := p.valueOrder()
	labelled := 0
	for i, pt := range order {
		up, down := whiskerReach(pt.Bound)
		up, down = math.Max(pt.radius+2, up+1), math.Max(pt.radius+2, down+1)
		value := label{text: p.withSign(pt.Bound, p.axisText(pt.Text, pt.Value, p.axis.exp)), face: smallFace, class: "plot-value " + shapes[pt.series.Shape].class}
		placed := p.valuePlacer.place(i < landmarks, value.around(pt.x, pt.y, up, down, pt.radius+4)...)
		if placed == nil {
			if placed = p.valuePlacer.place(true, value.away(pt.x, pt.y)...); placed != nil {
				p.drawLeader(pt, placed[0])
			}
		}
		if p.draw(placed...); placed != nil {
			labelled++
		}
	}
	if labelled < len(p.points) {
		p.y += 16
		p.draw(label{text: fmt.Sprintf(p.labelled, labelled, len(p.points)), x: p.margin, y: p.y - 2, face: smallFace, class: "plot-muted"})
	}
}

// drawLeader draws a thin line from a point to its label.
func (p *timePlot) drawLeader(pt *placedPoint, l label) {
	b, y := l.box(), pt.y
	to := b.y1
	if b.y0 > pt.y {
		to, y = b.y0, pt.y+pt.radius
	} else {
		y -= pt.radius
	}
	p.open("g", "class", "plot-axis")
	p.line(pt.x, y, (b.x0+b.x1)/2, to, "stroke-width", "1")
	p.close("g")
}

// valueOrder returns the points to label in order of priority: the landmarks of
// each series, whose number is returned as well, then all other points unless
// there are many.
func (p *timePlot) valueOrder() (order []*placedPoint, landmarks int) {
	const maxAll = 40
	add := func(points ...*placedPoint) {
		for _, pt := range points {
			if !slices.Contains(order, pt) {
				order = append(order, pt)
			}
		}
	}
	for _, points := range p.bySeries {
		if len(points) > 0 {
			lowest, highest := extremes(points)
			add(points[len(points)-1], points[0], highest, lowest)
		}
	}
	landmarks = len(order)
	if len(p.points) <= maxAll {
		add(p.points...)
	}
	return order, landmarks
}

// extremes returns the points with the lowest and the highest value.
func extremes(points []*placedPoint) (lowest, highest *placedPoint) {
	compare := func(a, b *placedPoint) int { return cmp.Compare(a.Value, b.Value) }
	return slices.MinFunc(points, compare), slices.MaxFunc(points, compare)
}

// describe returns the text alternative: for each series all points or, if there
// are many, their number and the landmarks.
func (p *timePlot) describe() string {
	var paragraphs []string
	for i, points := range p.bySeries {
		var texts []string
		add := func(prefix string, pt *placedPoint) {
			texts = append(texts, prefix+p.span(pt.Time)+": "+p.describeValue(pt.Bound, pt.Text, pt.Value))
		}
		if len(points) > maxListed {
			lowest, highest := extremes(points)
			texts = append(texts, p.number(float64(len(points)), 0)+" "+p.values)
			add(p.first+" ", points[0])
			add(p.last+" ", points[len(points)-1])
			add(p.lowest+" ", lowest)
			add(p.highest+" ", highest)
		} else {
			for _, pt := range points {
				add("", pt)
			}
		}
		if len(texts) > 0 {
			paragraphs = append(paragraphs, withName(p.series[i].Name, " – ", strings.Join(texts, "; ")))
		}
	}
	return p.sheet.describe(p.timeChart, p.chart.Unit, paragraphs...)
}
