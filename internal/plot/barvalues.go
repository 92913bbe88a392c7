package plot

import "math"

// layoutValues finds the axis: it leaves room for the widest text on each
// side on which there are bars.
func (l *barLayout) layoutValues(labels float64) {
	values := append([]float64{0}, l.chart.Reach...)
	before, after, most := 0.0, 0.0, l.textRoom(labels)
	for i := range l.rows {
		r := &l.rows[i]
		room := l.texts(r, most)
		values = append(values, r.Value)
		if r.Target != nil {
			values = append(values, r.Target.Value)
		}
		if r.Value < 0 {
			before = math.Max(before, room)
		} else {
			after = math.Max(after, room)
		}
	}
	l.labelX = labels - 14
	lo, hi := extent(values)
	for steps := 8; steps > 0; steps-- {
		l.axis = newAxis(lo, hi, steps, allWhole(values))
		if l.fitAxis(labels+before, l.width-l.margin-6-after) {
			break
		}
	}
}

// textRoom is how much the texts on one side of the bars may take.
func (l *barLayout) textRoom(labels float64) float64 {
	room := 0.5 * (l.width - labels)
	for _, r := range l.rows {
		if r.Value < 0 {
			return room / 2
		}
	}
	return room
}

// texts writes the value of a row, and the target as far as there is room, and
// returns how much they take.
func (l *barLayout) texts(r *barRow, room float64) float64 {
	room -= 2 * textGap
	r.value = smallFace.fit(r.Bound.signed(l.plain(r.Text, r.Value)), room)
	taken := smallFace.width(r.value)
	if t := r.Target; t != nil {
		target := or(t.Name, l.words.target) + nbsp + t.Bound.signed(l.plain(t.Text, t.Value))
		if more := smallFace.width(targetSign + target); taken+more <= room {
			r.target = target
			taken += more
		}
	}
	return taken + 2*textGap
}

// fitAxis lays the axis between two places, or farther in where its outermost
// texts need it, and reports whether there is room between all the texts.
func (l *barLayout) fitAxis(x0, x1 float64) bool {
	ticks := l.axis.ticks()
	last, widest := len(ticks)-1, 0.0
	for i := range ticks {
		widest = math.Max(widest, smallFace.width(l.axis.tickText(l.words, i)))
	}
	x0 = math.Max(x0, l.margin+smallFace.width(l.axis.tickText(l.words, 0))/2)
	x1 = math.Min(x1, l.width-l.margin-smallFace.width(l.axis.tickText(l.words, last))/2)
	l.x = linear{ticks[0], ticks[last], x0, x1}
	return float64(last)*(widest+16) <= x1-x0
}
