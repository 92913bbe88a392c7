package plot

import (
	"math"
	"slices"
)

const undatedWidth = 96

// timeLayout is a time chart with a place for everything.
type timeLayout struct {
	*sheet
	chart  TimeChart
	series []Series
	axis   axis
	days   calendar
	area   box // where values stand
	right  float64
	x, y   linear
	radius float64
	dots   []dot
	placer placer
}

// layout writes the legend and finds the place of all that stands below it.
func (c TimeChart) layout(s *sheet) *timeLayout {
	l := &timeLayout{sheet: s, chart: c, series: resolveSeries(c.Series), radius: 4.5}
	switch n := len(c.Points); {
	case n > 150:
		l.radius = 2
	case n > 60:
		l.radius = 3
	}
	l.layoutAxes() // the legend explains only what the axes leave room to draw
	s.legend(l.legendEntries())
	l.layoutAxes()
	l.layoutDots()
	return l
}

// layoutAxes finds both axes below what is drawn.
func (l *timeLayout) layoutAxes() {
	l.layoutValues()
	l.layoutTimes()
}

func (l *timeLayout) legendEntries() []legendEntry {
	used, bounds, lines := make([]bool, len(l.series)), [len(signs)]bool{}, [Cross + 1]bool{}
	for _, pt := range l.chart.Points {
		i := seriesIndex(l.series, pt.Series)
		used[i], bounds[pt.Bound] = true, true
		lines[l.series[i].Shape] = lines[l.series[i].Shape] || pt.Joined
	}
	swatch := func(sh Shape, x, y float64) { l.swatch(sh, lines[sh], x, y) }
	entries := append(l.seriesEntries(l.series, used, swatch), l.boundEntries(bounds, l.boundSwatch)...)
	if slices.ContainsFunc(l.chart.Points, func(pt Point) bool { _, _, long := l.stretch(pt.Time); return long }) {
		entries = append(entries, legendEntry{draw: l.stretchSwatch, text: l.words.period})
	}
	return entries
}

// stretchSwatch draws a marker of no series that lasts.
func (l *timeLayout) stretchSwatch(x, y float64) {
	l.open("g", "class", "plot-muted")
	l.lasting(x, x+swatchWidth, y)
	l.empty("circle", "cx", num(x+swatchWidth/2), "cy", num(y), "r", "3.5")
	l.close("g")
}

// boundSwatch draws a whisker at a marker of no series.
func (l *timeLayout) boundSwatch(b Bound, x, y float64) {
	const scale = 0.5 // of a whisker lies beside the middle of the line
	middle := y
	if up, ok := whiskerBox(b, 0, 0); ok {
		middle -= scale * (up.y0 + up.y1)
	}
	l.open("g", "class", "plot-muted")
	l.whisker(b, x+swatchWidth/2, middle, 3.5)
	l.empty("circle", "cx", num(x+swatchWidth/2), "cy", num(middle), "r", "3.5")
	l.close("g")
}

// layoutValues finds the vertical axis.
func (l *timeLayout) layoutValues() {
	height := 280.0
	if l.chart.Height != 0 {
		height = float64(l.chart.Height)
	}
	values := append([]float64(nil), l.chart.Reach...)
	for _, pt := range l.chart.Points {
		values = append(values, pt.Value)
	}
	lo, hi := fromZero(extent(values))
	l.axis = newAxis(lo, hi, max(2, int(height/44)), allWhole(values))
	ticks := l.axis.ticks()
	widest := 0.0
	for i := range ticks {
		widest = math.Max(widest, smallFace.width(l.axis.tickText(l.words, i)))
	}
	top := l.sheet.y + 26
	l.area = box{l.margin + widest + 8, top, l.width - l.margin - 4, top + height}
	l.y = linear{ticks[0], ticks[len(ticks)-1], l.area.y1, l.area.y0}
}

// layoutTimes finds the horizontal axis, and the column of points without a
// time.
func (l *timeLayout) layoutTimes() {
	const inset = 14
	l.right = l.area.x1
	var spans []Span
	for _, pt := range l.chart.Points {
		if !pt.Time.undated() {
			spans = append(spans, pt.Time)
		}
	}
	switch len(spans) {
	case 0:
		l.area.x1 = l.area.x0 // the column is all there is
		return
	case len(l.chart.Points):
	default:
		l.area.x1 -= undatedWidth
	}
	l.days = newCalendar(spans, l.area.x1-l.area.x0-2*inset)
	from, to := l.days.ticks[0], l.days.ticks[len(l.days.ticks)-1]
	l.x = linear{float64(from), float64(to), l.area.x0 + inset, l.area.x1 - inset}
}
