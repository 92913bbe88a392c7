package plot

import "math"

const (
	barHeight  = 18
	dotRadius  = 5  // in place of a bar
	barGap     = 12 // between bars of different labels
	markReach  = 4  // of a target mark beyond its bar
	groupSpace = 30
	textGap    = 9  // beside a bar or mark
	axisIndent = 24 // what the first number of the axis may take left of it
	targetSign = nbsp + "· "
)

// barLayout is a bar chart with a place for everything.
type barLayout struct {
	*sheet
	chart  BarChart
	series []Series
	axis   axis
	x      linear
	labelX float64 // where labels end
	top    float64
	bottom float64
	rows   []barRow
}

// barRow is a bar with its place on the sheet.
type barRow struct {
	Bar
	shape   Shape
	heading string   // above the row, if the group changes
	lines   []string // of the label, if it changes
	top     float64  // of label and bar
	y       float64  // the top of the bar
	value   string
	target  string // the target in words
}

// layout writes the legend and finds the place of all that stands below it.
func (c BarChart) layout(s *sheet) *barLayout {
	l := &barLayout{sheet: s, chart: c, series: resolveSeries(c.Series)}
	s.textures(l.series)
	s.legend(l.legendEntries())
	l.top = s.y
	labels := l.layoutRows()
	l.layoutValues(s.margin + labels)
	return l
}

func (l *barLayout) legendEntries() []legendEntry {
	used, bounds, target := make([]bool, len(l.series)), [len(signs)]bool{}, (*Mark)(nil)
	for _, b := range l.chart.Bars {
		used[seriesIndex(l.series, b.Series)] = true
		bounds[b.Bound] = true
		if b.Target != nil {
			bounds[b.Target.Bound] = true
			if target == nil {
				target = b.Target
			}
		}
	}
	entries := l.seriesEntries(l.series, used, l.barSwatch)
	if target != nil {
		entries = append(entries, legendEntry{
			draw: func(x, y float64) { l.targetMark(x+swatchWidth/2, y-7, y+7) },
			text: or(target.Name, l.words.target),
		})
	}
	return append(entries, l.boundEntries(bounds, nil)...)
}

func (l *barLayout) barSwatch(shape Shape, x, y float64) {
	l.open("g", "class", shapes[shape].class)
	if l.chart.Dots {
		l.marker(shape, x+swatchWidth/2, y, dotRadius)
	} else {
		l.bar(shape, box{x, y - 6, x + swatchWidth, y + 6})
	}
	l.close("g")
}

// layoutRows stacks the bars and returns how wide their labels are.
func (l *barLayout) layoutRows() float64 {
	widest, y := 0.0, l.top
	for i, b := range l.chart.Bars {
		r := barRow{Bar: b, shape: l.series[seriesIndex(l.series, b.Series)].Shape}
		same := i > 0 && l.chart.Bars[i-1].Group == b.Group
		if !same && b.Group != "" {
			r.heading = groupFace.fit(b.Group, l.width-2*l.margin)
			y += groupSpace
		}
		if !same || l.chart.Bars[i-1].Label != b.Label {
			r.lines = labelFace.wrap(b.Label, l.labelRoom(), 4)
			y += barGap / 2
		} else {
			y -= barGap/2 - 4
		}
		r.top = y
		y = l.stack(&r)
		for _, line := range r.lines {
			widest = math.Max(widest, labelFace.width(line))
		}
		l.rows = append(l.rows, r)
	}
	l.bottom = y
	if l.narrow() {
		return 0
	}
	return widest + 14
}

// narrow reports whether labels stand above their bars for want of room.
func (l *barLayout) narrow() bool { return l.width < 480 }

func (l *barLayout) labelRoom() float64 {
	if l.narrow() {
		return l.width - 2*l.margin - axisIndent
	}
	return math.Floor(0.36 * l.width)
}

// stack places the bar below its label or beside the label's middle, and
// returns where the row ends.
func (l *barLayout) stack(r *barRow) float64 {
	label := float64(len(r.lines)) * labelFace.leading()
	if l.narrow() {
		r.y = r.top + label
		return r.y + barHeight + barGap/2
	}
	spare := math.Max(0, label-barHeight)
	r.y = r.top + spare/2
	return r.top + spare + barHeight + barGap/2
}
