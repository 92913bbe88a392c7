package plot

import "math"

// The labels of a chart: how many are tried, and up to how many points each
// is. Beyond that only landmarks have one.
const (
	mostLabels  = 100
	allLabelled = 40
)

// labels writes values beside their points, as far as there is room.
func (l *timeLayout) labels() {
	l.placer.bounds = box{l.area.x0 + 2, l.area.y0 - 22, l.right, l.area.y1 - 1}
	l.placer.taken = append(l.placer.taken, l.titleBox())
	order, landmarks := l.labelOrder()
	for n, i := range order[:min(len(order), mostLabels)] {
		d := l.dots[i]
		b, ok := l.placer.place(l.places(d), n < landmarks)
		if ok {
			class := "plot-value " + shapes[l.series[d.series].Shape].class
			l.label(d.text, (b.x0+b.x1)/2, b.y1-3.5, smallFace, "middle", class)
		}
	}
}

// places are where the label of a point may stand.
func (l *timeLayout) places(d dot) []box {
	const height = 15
	up, down := l.radius+2, l.radius+2
	if w, ok := whiskerBox(d.Bound, 0, 0); ok {
		up, down = math.Max(up, 1-w.y0), math.Max(down, w.y1+1)
	}
	return around(d.x, d.y, up, down, l.radius+4, smallFace.width(d.text), height)
}

func (l *timeLayout) titleBox() box {
	return box{0, 0, l.margin + smallFace.width(l.unitTitle()) + 6, l.area.y0 - 10}
}

// labelOrder is the order in which points get their labels: the landmarks of
// each series, and how many they are; then, unless there are many, all others.
func (l *timeLayout) labelOrder() (order []int, landmarks int) {
	seen := make([]bool, len(l.dots))
	add := func(i int) {
		if !seen[i] {
			seen[i] = true
			order = append(order, i)
		}
	}
	for i := range l.series {
		for _, j := range l.landmarks(i) {
			add(j)
		}
	}
	landmarks = len(order)
	if len(l.dots) <= allLabelled {
		for i := range l.dots {
			add(i)
		}
	}
	return order, landmarks
}

// landmarks are the last, first, highest and lowest point of a series.
func (l *timeLayout) landmarks(series int) []int {
	first, last, high, low := -1, -1, -1, -1
	for i, d := range l.dots {
		if d.series != series {
			continue
		}
		if first < 0 {
			first, high, low = i, i, i
		}
		last = i
		if d.Value > l.dots[high].Value {
			high = i
		}
		if d.Value < l.dots[low].Value {
			low = i
		}
	}
	if first < 0 {
		return nil
	}
	return []int{last, first, high, low}
}
