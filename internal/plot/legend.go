package plot

const swatchWidth = 30

// legendEntry explains one sign. Without draw it is text alone.
type legendEntry struct {
	draw func(x, y float64)
	text string
}

// legend writes its entries in rows below what is drawn.
func (s *sheet) legend(entries []legendEntry) {
	if len(entries) == 0 {
		return
	}
	const gap, row = 22, 22
	x, y := s.margin, s.y+row/2
	s.open("g", "class", "plot-legend")
	for _, e := range entries {
		indent := 0.0
		if e.draw != nil {
			indent = swatchWidth + 7
		}
		text := labelFace.fit(e.text, s.width-2*s.margin-indent)
		length := indent + labelFace.width(text)
		if x > s.margin && x+length > s.width-s.margin {
			x, y = s.margin, y+row
		}
		if e.draw != nil {
			e.draw(x, y)
		}
		s.label(text, x+indent, y+4.5, labelFace, "start", "")
		x += length + gap
	}
	s.close("g")
	s.y = y + row/2 + 6
}

// seriesEntries explains the series that are used, if more than one is declared:
// of a single target it must be seen that it is one.
func (s *sheet) seriesEntries(series []Series, used []bool, draw func(Shape, float64, float64)) []legendEntry {
	if len(series) == 1 {
		return nil
	}
	var out []legendEntry
	for i, one := range series {
		if used[i] {
			out = append(out, legendEntry{
				draw: func(x, y float64) { draw(one.Shape, x, y) },
				text: one.Name,
			})
		}
	}
	return out
}

// boundEntries explains the signs that are used.
func (s *sheet) boundEntries(used [len(signs)]bool, draw func(Bound, float64, float64)) []legendEntry {
	var out []legendEntry
	for b := About; b <= LessThan; b++ {
		if !used[b] {
			continue
		}
		e := legendEntry{text: signs[b] + nbsp + s.bounds[b]}
		if draw != nil {
			e.draw = func(x, y float64) { draw(b, x, y) }
		}
		out = append(out, e)
	}
	return out
}
