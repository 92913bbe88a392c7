package plot

// marker draws a shape around a place, in the colour of its group. Only a tiny
// one has no rim in the colour of the ground: many tiny ones make a line.
func (s *sheet) marker(shape Shape, x, y, r float64) {
	switch shape {
	case Diamond:
		s.hollow("M" + xy(x, y-1.3*r) + "L" + xy(x+1.3*r, y) + "L" + xy(x, y+1.3*r) + "L" + xy(x-1.3*r, y) + "Z")
	case Triangle:
		s.solid("M" + xy(x, y-1.3*r) + "L" + xy(x+1.25*r, y+r) + "L" + xy(x-1.25*r, y+r) + "Z")
	case Square:
		q := 0.95 * r
		s.solid("M" + xy(x-q, y-q) + "L" + xy(x+q, y-q) + "L" + xy(x+q, y+q) + "L" + xy(x-q, y+q) + "Z")
	case Ring:
		s.empty("circle", "class", "plot-hollow", "cx", num(x), "cy", num(y), "r", num(r),
			"fill", "none", "stroke", "currentColor", "stroke-width", "2")
	case Cross:
		s.path("M"+xy(x-r, y-r)+"L"+xy(x+r, y+r)+"M"+xy(x-r, y+r)+"L"+xy(x+r, y-r), "stroke-width", "2.5")
	default:
		attrs := []string{"cx", num(x), "cy", num(y), "r", num(r), "fill", "currentColor"}
		if r > 2 {
			attrs = append([]string{"class", "plot-solid"}, attrs...)
		}
		s.empty("circle", attrs...)
	}
}

func (s *sheet) hollow(d string) {
	s.path(d, "class", "plot-hollow", "stroke-width", "2")
}

func (s *sheet) solid(d string) {
	s.empty("path", "class", "plot-solid", "d", d, "fill", "currentColor")
}

// swatch draws a series of lines as the legend shows it.
func (s *sheet) swatch(shape Shape, line bool, x, y float64) {
	s.open("g", "class", shapes[shape].class)
	if line {
		s.line(x, y, x+swatchWidth, y, dashed(shape)...)
	}
	s.marker(shape, x+swatchWidth/2, y, 4.5)
	s.close("g")
}

// dashed are the attributes of the line of a series.
func dashed(shape Shape) []string {
	attrs := []string{"stroke-width", "2", "stroke-linejoin", "round"}
	if d := shapes[shape].dashes; d != "" {
		attrs = append(attrs, "stroke-dasharray", d)
	}
	return attrs
}

// bar draws a bar with the texture of its shape, in the colour of its group.
func (s *sheet) bar(shape Shape, b box) {
	stroke := []string{"stroke", "currentColor", "stroke-width", "1.5"}
	switch shape {
	case Diamond:
		s.rect(b, append(stroke, "fill", "none", "stroke-dasharray", "5 3")...)
	case Ring:
		s.rect(b, append(stroke, "fill", "none")...)
	case Triangle, Square, Cross:
		s.rect(b, append(stroke, "fill", "url(#"+s.textureID(shape)+")")...)
	default:
		s.rect(b, "fill", "currentColor")
	}
}

func (s *sheet) textureID(shape Shape) string {
	return s.fig.ID + "-" + shapes[shape].class[len("plot-"):]
}

// textures defines the patterns that the bars of these series are filled with.
func (s *sheet) textures(series []Series) {
	for _, one := range series {
		d := ""
		switch one.Shape {
		case Triangle:
			d = "M-1 5L5 -1M0 8L8 0M3 9L9 3"
		case Cross:
			d = "M0 0L8 8M0 8L8 0"
		case Square:
			d = "M1 2L3 2M5 6L7 6"
		default:
			continue
		}
		s.open("pattern", "class", shapes[one.Shape].class, "id", s.textureID(one.Shape),
			"width", "8", "height", "8", "patternUnits", "userSpaceOnUse")
		s.path(d, "stroke-width", "1.5")
		s.close("pattern")
	}
}
