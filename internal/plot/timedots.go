package plot

import "math"

// dot is a point with its place on the sheet.
type dot struct {
	Point
	series int
	x, y   float64
	text   string // its value with the sign of its bound
}

// layoutDots places the points, those of the same time side by side where one
// would cover another.
func (l *timeLayout) layoutDots() {
	for _, pt := range l.chart.Points {
		d := dot{Point: pt, series: seriesIndex(l.series, pt.Series), y: l.y.at(pt.Value)}
		d.x = (l.area.x1 + l.right) / 2
		if !pt.Time.undated() {
			from, to := pt.Time.days()
			d.x = l.x.at(float64(from+to) / 2)
		}
		d.text = pt.Text
		if d.text == "" {
			d.text = l.value(pt.Value)
		}
		d.text = pt.Bound.signed(oneLine(d.text))
		d.x += l.free(d)
		l.dots = append(l.dots, d)
	}
}

// free returns how far a point moves aside for those of its time.
func (l *timeLayout) free(d dot) float64 {
	step := 2*l.radius + 2
	for _, shift := range []float64{0, step, -step, 2 * step, -2 * step} {
		if !l.covered(d, d.x+shift) {
			return shift
		}
	}
	return 0
}

func (l *timeLayout) covered(d dot, x float64) bool {
	d.x = x
	for _, o := range l.dots {
		if o.Time == d.Time && l.extent(o).overlaps(l.extent(d)) {
			return true
		}
	}
	return false
}

// extent is the room of a marker with its whisker.
func (l *timeLayout) extent(d dot) box {
	b := box{d.x - l.radius, d.y - l.radius, d.x + l.radius, d.y + l.radius}
	if w, ok := whiskerBox(d.Bound, d.x, d.y); ok {
		b.y0, b.y1 = math.Min(b.y0, w.y0), math.Max(b.y1, w.y1)
	}
	return b
}
