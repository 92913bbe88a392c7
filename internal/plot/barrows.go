package plot

import "math"

// grid draws a thin line for each tick and a stronger one at zero.
func (l *barLayout) grid() {
	l.open("g", "class", "plot-grid")
	for _, v := range l.axis.ticks() {
		l.upright(v)
	}
	l.close("g")
	l.open("g", "class", "plot-axis")
	l.upright(0)
	l.close("g")
}

// upright draws the line of a value, interrupted where labels stand above their
// bars.
func (l *barLayout) upright(v float64) {
	x, from := l.x.at(v), l.top
	if !l.narrow() {
		l.line(x, from, x, l.bottom)
		return
	}
	for i, r := range l.rows {
		to := r.y + barHeight + barGap/2
		if len(r.lines) > 0 || r.heading != "" {
			from = r.y - 3
		}
		if i == len(l.rows)-1 {
			to = l.bottom
		}
		l.line(x, from, x, to)
		from = to
	}
}

// row draws one bar with its heading, label, target and texts.
func (l *barLayout) row(r barRow) {
	if r.heading != "" {
		l.label(r.heading, l.margin, r.top-barGap/2-7, groupFace, "start", "plot-value")
	}
	l.rowLabel(r)
	from, to := l.x.at(0), l.x.at(r.Value)
	l.open("g", "class", shapes[r.shape].class)
	l.text("title", l.barSaid(r.Bar, l.series[seriesIndex(l.series, r.Series)].Name))
	if l.chart.Dots {
		l.marker(r.shape, to, r.y+barHeight/2, dotRadius)
	} else {
		l.bar(r.shape, box{math.Min(from, to), r.y, math.Max(from, to), r.y + barHeight})
	}
	l.close("g")
	if r.Target != nil {
		l.targetMark(l.x.at(r.Target.Value), r.y-markReach, r.y+barHeight+markReach)
	}
	l.rowTexts(r, to)
}

// rowLabel writes the label beside the middle of its bar, or above it.
func (l *barLayout) rowLabel(r barRow) {
	y := r.y + barHeight/2 - float64(len(r.lines)-1)*labelFace.leading()/2 + 4.5
	x, anchor, class := l.labelX, "end", ""
	if l.narrow() {
		x, anchor, class, y = l.above(), "start", "plot-value", r.top+labelFace.size-1
	}
	for _, line := range r.lines {
		l.label(line, x, y, labelFace, anchor, class)
		y += labelFace.leading()
	}
}

// above is where a label above its bar begins: at the axis, or at the margin
// where bars lead to the left of it.
func (l *barLayout) above() float64 {
	if l.x.to0 > l.margin+axisIndent {
		return l.margin
	}
	return l.x.to0
}

// targetMark draws a line across a bar with a triangle at its head.
func (s *sheet) targetMark(x, y0, y1 float64) {
	s.open("g", "class", "plot-mark")
	s.empty("path", "class", "plot-halo", "d", "M"+xy(x, y0)+"L"+xy(x, y1), "stroke", "none")
	s.line(x, y0, x, y1, "stroke-width", "2")
	s.solid("M" + xy(x-4.5, y0-2) + "L" + xy(x+4.5, y0-2) + "L" + xy(x, y0+5) + "Z")
	s.close("g")
}

// rowTexts writes the value at the end of its bar and the target after it. A
// target's mark ahead of the bar has its text beyond it, and the value too
// where there is no room between.
func (l *barLayout) rowTexts(r barRow, end float64) {
	side := 1.0
	if r.Value < 0 {
		side = -1
	}
	text, mark, ahead := r.value, end, 0.0
	if r.Target != nil {
		mark = l.x.at(r.Target.Value)
		ahead = side * (mark - end)
	}
	switch {
	case ahead > smallFace.width(r.value)+2*textGap:
		l.rowText(r, r.target, mark, side)
		mark = end
	case ahead <= -textGap:
		mark = end
		fallthrough
	default:
		text = join(r.value, r.target, side)
	}
	l.rowText(r, text, mark, side)
}

// join sets the target's text after the value's, seen from the bar.
func join(value, target string, side float64) string {
	switch {
	case target == "":
		return value
	case side < 0:
		return target + targetSign + value
	}
	return value + targetSign + target
}

func (l *barLayout) rowText(r barRow, text string, x, side float64) {
	anchor := "start"
	if side < 0 {
		anchor = "end"
	}
	if text != "" {
		l.label(text, x+side*textGap, r.y+barHeight/2+4.5, smallFace, anchor, "plot-value")
	}
}

// foot writes the numbers of the ticks, as far as there is room even for the
// fewest, and the unit.
func (l *barLayout) foot() {
	l.open("g", "class", "plot-muted")
	end := 0.0 // of the last text
	for i, v := range l.axis.ticks() {
		text, x := l.axis.tickText(l.words, i), l.x.at(v)
		if half := smallFace.width(text) / 2; x-half > end {
			l.label(text, x, l.bottom+16, smallFace, "middle", "")
			end = x + half + 4
		}
	}
	l.sheet.y = l.bottom + 22
	unit := smallFace.fit(l.scaled(l.chart.Unit, l.axis.exp), l.width-2*l.margin)
	if unit != "" {
		l.sheet.y += 16
		l.label(unit, l.inside((l.x.to0+l.x.to1)/2, smallFace.width(unit)), l.sheet.y-2, smallFace, "middle", "")
	}
	l.close("g")
}
