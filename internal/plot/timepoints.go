package plot

// joints draws, for each series, the lines between points that follow one
// another.
func (l *timeLayout) joints() {
	for i, one := range l.series {
		d := ""
		at := -1 // the point where the path ends
		for j, e := range l.ends(i) {
			if e.from != at || j == 0 {
				d += "M" + xy(l.dots[e.from].x, l.dots[e.from].y)
			}
			d += "L" + xy(l.dots[e.to].x, l.dots[e.to].y)
			at = e.to
			l.placer.lines = append(l.placer.lines,
				segment{l.dots[e.from].x, l.dots[e.from].y, l.dots[e.to].x, l.dots[e.to].y})
		}
		if d != "" {
			l.open("g", "class", shapes[one.Shape].class)
			l.path(d, dashed(one.Shape)...)
			l.close("g")
		}
	}
}

type joint struct{ from, to int }

// ends are the pairs of points of a series that are joined.
func (l *timeLayout) ends(series int) []joint {
	var out []joint
	before := -1
	for i, d := range l.dots {
		if d.series != series {
			continue
		}
		if d.Joined && before >= 0 && !d.Time.undated() && !l.dots[before].Time.undated() {
			out = append(out, joint{before, i})
		}
		before = i
	}
	return out
}

// spans draws how long a time lasts, where that is longer than its marker is
// wide.
func (l *timeLayout) spans() {
	for _, d := range l.dots {
		x0, x1, long := l.stretch(d.Time)
		if !long {
			continue
		}
		l.open("g", "class", shapes[l.series[d.series].Shape].class)
		l.lasting(x0, x1, d.y)
		l.close("g")
		l.placer.lines = append(l.placer.lines, segment{x0, d.y, x1, d.y})
	}
}

// stretch is where a time begins and ends, and whether that is to be seen.
func (l *timeLayout) stretch(s Span) (x0, x1 float64, long bool) {
	if s.undated() {
		return 0, 0, false
	}
	from, to := s.days()
	x0, x1 = l.x.at(float64(from))+1.5, l.x.at(float64(to))-1.5
	return x0, x1, to-from > 1 && x1-x0 >= 4*l.radius
}

// lasting draws a time from its beginning to its end.
func (s *sheet) lasting(x0, x1, y float64) {
	s.path("M"+xy(x0, y-3)+"L"+xy(x0, y+3)+"M"+xy(x0, y)+"L"+xy(x1, y)+
		"M"+xy(x1, y-3)+"L"+xy(x1, y+3), "stroke-width", "1")
}

// markers draws the points, each with its tooltip, and notes what room they
// take.
func (l *timeLayout) markers() {
	for _, d := range l.dots {
		shape := l.series[d.series].Shape
		l.open("g", "class", shapes[shape].class)
		l.text("title", l.tooltip(d))
		l.whisker(d.Bound, d.x, d.y, l.radius)
		l.marker(shape, d.x, d.y, l.radius)
		l.close("g")
		r := 1.3 * l.radius
		l.placer.taken = append(l.placer.taken, box{d.x - r, d.y - r, d.x + r, d.y + r})
		if w, ok := whiskerBox(d.Bound, d.x, d.y); ok {
			l.placer.taken = append(l.placer.taken, w)
		}
	}
}

func (l *timeLayout) tooltip(d dot) string {
	text := l.said(d.Bound, l.plain(d.Text, d.Value))
	if unit := oneLine(l.chart.Unit); unit != "" {
		text += " " + unit
	}
	return l.span(d.Time) + ": " + named(l.series[d.series].Name, ": ", text)
}
