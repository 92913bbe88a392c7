package plot

// axes draws the grid, both axes and the column of points without a time.
func (l *timeLayout) axes() {
	l.valueAxis()
	if l.days.ticks != nil {
		l.open("g", "class", "plot-axis")
		l.timeTicks()
		l.close("g")
		l.timeLabels()
	}
	if l.right > l.area.x1 {
		l.undatedColumn()
	}
	l.sheet.y = l.area.y1 + 24
	if l.days.ticks != nil && l.days.months < 12 {
		l.sheet.y += 14
	}
}

// valueAxis draws a thin line and a number for each tick, a stronger line at
// zero or at the foot, and the unit above.
func (l *timeLayout) valueAxis() {
	ticks := l.axis.ticks()
	l.open("g", "class", "plot-grid")
	for _, v := range ticks {
		l.line(l.area.x0, l.y.at(v), l.right, l.y.at(v))
	}
	l.close("g")
	l.open("g", "class", "plot-axis")
	l.line(l.area.x0, l.area.y1, l.right, l.area.y1)
	if ticks[0] < 0 && ticks[len(ticks)-1] >= 0 {
		l.line(l.area.x0, l.y.at(0), l.right, l.y.at(0))
	}
	l.close("g")
	l.open("g", "class", "plot-muted")
	for i, v := range ticks {
		l.label(l.axis.tickText(l.words, i), l.area.x0-8, l.y.at(v)+4, smallFace, "end", "")
	}
	l.label(l.unitTitle(), l.margin, l.area.y0-16, smallFace, "start", "")
	l.close("g")
}

func (l *timeLayout) unitTitle() string {
	return smallFace.fit(l.scaled(l.chart.Unit, l.axis.exp), l.width-2*l.margin)
}

func (l *timeLayout) timeTicks() {
	for _, t := range l.days.ticks {
		x := l.x.at(float64(t))
		l.line(x, l.area.y1, x, l.area.y1+5)
	}
}

// timeLabels writes the calendar from the end, so that of two second lines
// that would overlap the later stays: what follows it is read by it.
func (l *timeLayout) timeLabels() {
	last := len(l.days.ticks) - 1
	if l.days.named() {
		last--
	}
	limit := l.width - l.margin
	l.open("g", "class", "plot-muted")
	for i := last; i >= 0; i-- {
		first, second := l.days.labels(l.words, i)
		x := l.tickMiddle(i)
		l.label(first, x, l.area.y1+19, smallFace, "middle", "")
		half := smallFace.width(second) / 2
		x = l.inside(x, 2*half)
		if second != "" && x+half <= limit {
			l.label(second, x, l.area.y1+34, smallFace, "middle", "")
			limit = x - half - 6
		}
	}
	l.close("g")
}

// tickMiddle is where the label of a tick stands: at the tick, or in the
// middle of the time that the label names.
func (l *timeLayout) tickMiddle(i int) float64 {
	x := l.x.at(float64(l.days.ticks[i]))
	if l.days.named() {
		return (x + l.x.at(float64(l.days.ticks[i+1]))) / 2
	}
	return x
}

// undatedColumn sets the points without a time apart.
func (l *timeLayout) undatedColumn() {
	if l.area.x1 > l.area.x0 {
		l.open("g", "class", "plot-axis")
		l.line(l.area.x1, l.area.y0-8, l.area.x1, l.area.y1, "stroke-dasharray", "1 3")
		l.close("g")
	}
	l.label(smallFace.fit(l.undated, undatedWidth), (l.area.x1+l.right)/2, l.area.y1+19,
		smallFace, "middle", "plot-muted")
}
