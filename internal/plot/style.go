// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	_ "embed"
	"math"
	"slices"
)

// CSS colours every figure of this package by class, in a light and a dark
// theme and for print. A page includes it once in its stylesheet. A page with
// its own background colour sets --plot-ground on .plot to it, because hollow
// markers are filled with it. Without support for custom properties a figure
// is black.
//
//go:embed plot.css
var CSS string

// Shape distinguishes a series from others by its marker, the dashes of its
// line and the texture of its bars, and additionally by colour.
type Shape int

// The shapes. AnyShape selects the first one that no other series uses.
const (
	AnyShape Shape = iota
	Circle         // filled circle, solid line, solid bar: actual values
	Diamond        // hollow diamond, dashed line, hollow dashed bar: planned values
	Triangle       // filled triangle, dotted line, hatched bar: targets
	Square         // filled square, dash-dot line, dotted bar: budgets
	Ring           // hollow circle, long dashes, hollow bar
	Cross          // cross, dash-dot-dot line, cross-hatched bar
)

var shapes = [...]struct{ class, dashes, texture string }{
	Circle:   {"plot-circle", "", ""},
	Diamond:  {"plot-diamond", "6 4", ""},
	Triangle: {"plot-triangle", "2 3", "M-1 5L5 -1M0 8L8 0M3 9L9 3"},
	Square:   {"plot-square", "8 3 2 3", "M1 2L3 2M5 6L7 6"},
	Ring:     {"plot-ring", "12 4", ""},
	Cross:    {"plot-cross", "8 3 2 3 2 3", "M0 0L8 8M0 8L8 0"},
}

// MaxSeries is the number of series that a figure can distinguish.
const MaxSeries = int(Cross)

// Series is a kind of values in a figure. Points and bars refer to it by key.
// The legend shows the series in use if more than one is declared.
type Series struct {
	Key   string
	Name  string // in the legend; the default is the key
	Shape Shape
}

// checkSeries rejects series that cannot be told apart.
func (p *problems) checkSeries(series []Series) {
	p.require(len(series) <= MaxSeries, "%d series: must be at most %d", len(series), MaxSeries)
	for i, s := range series {
		p.require(s.Shape >= AnyShape && s.Shape <= Cross, "series %q: shape %d: must be between %d and %d", s.Key, s.Shape, AnyShape, Cross)
		for _, other := range series[:i] {
			p.require(s.Key != other.Key, "series %q: the key is used twice", s.Key)
			p.require(s.Shape != other.Shape || s.Shape == AnyShape, "series %q: has the same shape as series %q", s.Key, other.Key)
		}
	}
}

// checkKey rejects the key of a series that is not declared.
func (p *problems) checkKey(name string, series []Series, key string) {
	p.require(seriesIndex(orUnnamed(series), key) >= 0, "%s: unknown series %q", name, key)
}

// orUnnamed returns the declared series, or one without a key if there are none.
func orUnnamed(series []Series) []Series {
	if len(series) == 0 {
		return []Series{{}}
	}
	return series
}

// resolveSeries fills in missing names and shapes. The series must be valid.
func resolveSeries(series []Series) []Series {
	series = slices.Clone(orUnnamed(series))
	for i := range series {
		s := &series[i]
		s.Name = firstText(s.Name, s.Key)
		for shape := Circle; s.Shape == AnyShape; shape++ {
			if !slices.ContainsFunc(series, func(other Series) bool { return other.Shape == shape }) {
				s.Shape = shape
			}
		}
	}
	return series
}

func seriesIndex(series []Series, key string) int {
	return slices.IndexFunc(series, func(s Series) bool { return s.Key == key })
}

// drawMarker draws the marker of a shape in the colour of its group. Very small
// markers have no rim in the background colour, because many of them form a line.
func (s *sheet) drawMarker(shape Shape, x, y, r float64) {
	switch shape {
	case Diamond:
		s.drawPath("M"+xy(x, y-1.3*r)+"L"+xy(x+1.3*r, y)+"L"+xy(x, y+1.3*r)+"L"+xy(x-1.3*r, y)+"Z",
			"class", "plot-hollow", "stroke-width", "2")
	case Triangle:
		s.fillPath("M" + xy(x, y-1.3*r) + "L" + xy(x+1.25*r, y+r) + "L" + xy(x-1.25*r, y+r) + "Z")
	case Square:
		q := 0.95 * r
		s.fillPath("M" + xy(x-q, y-q) + "L" + xy(x+q, y-q) + "L" + xy(x+q, y+q) + "L" + xy(x-q, y+q) + "Z")
	case Ring:
		s.empty("circle", "class", "plot-hollow", "cx", num(x), "cy", num(y), "r", num(r),
			"fill", "none", "stroke", "currentColor", "stroke-width", "2")
	case Cross:
		s.drawPath("M"+xy(x-r, y-r)+"L"+xy(x+r, y+r)+"M"+xy(x-r, y+r)+"L"+xy(x+r, y-r), "stroke-width", "2.5")
	default:
		attrs := []string{"cx", num(x), "cy", num(y), "r", num(r), "fill", "currentColor"}
		if r > 2 {
			attrs = append([]string{"class", "plot-solid"}, attrs...)
		}
		s.empty("circle", attrs...)
	}
}

// lineAttributes returns the attributes of the line of a series.
func lineAttributes(shape Shape) []string {
	attrs := []string{"stroke-width", "2", "stroke-linejoin", "round"}
	if dashes := shapes[shape].dashes; dashes != "" {
		attrs = append(attrs, "stroke-dasharray", dashes)
	}
	return attrs
}

// drawBar draws a bar with the texture of its shape, in the colour of its group.
func (s *sheet) drawBar(shape Shape, b box) {
	stroke := []string{"stroke", "currentColor", "stroke-width", "1.5"}
	switch {
	case shape == Diamond:
		s.rect(b, append(stroke, "fill", "none", "stroke-dasharray", "5 3")...)
	case shape == Ring:
		s.rect(b, append(stroke, "fill", "none")...)
	case shapes[shape].texture != "":
		s.rect(b, append(stroke, "fill", "url(#"+s.textureID(shape)+")")...)
	default:
		s.rect(b, "fill", "currentColor")
	}
}

func (s *sheet) textureID(shape Shape) string {
	return s.fig.ID + "-" + shapes[shape].class[len("plot-"):]
}

// defineTextures defines the patterns that bars of the series are filled with.
func (s *sheet) defineTextures(series []Series) {
	for _, one := range series {
		style := shapes[one.Shape]
		if style.texture == "" {
			continue
		}
		s.open("pattern", "class", style.class, "id", s.textureID(one.Shape),
			"width", "8", "height", "8", "patternUnits", "userSpaceOnUse")
		s.drawPath(style.texture, "stroke-width", "1.5")
		s.close("pattern")
	}
}

// targetOverhang is how far the mark of a target extends beyond its bar.
const targetOverhang = 4

// drawTarget draws a line across a bar, topped by a triangle.
func (s *sheet) drawTarget(x, y0, y1 float64) {
	s.open("g", "class", "plot-mark")
	s.empty("path", "class", "plot-halo", "d", "M"+xy(x, y0)+"L"+xy(x, y1), "stroke", "none")
	s.line(x, y0, x, y1, "stroke-width", "2")
	s.fillPath("M" + xy(x-4.5, y0-2) + "L" + xy(x+4.5, y0-2) + "L" + xy(x, y0+5) + "Z")
	s.close("g")
}

// whiskerReach returns how far the whisker of a bound extends above and below
// the middle of its marker. It shows a direction, not an amount.
func whiskerReach(b Bound) (up, down float64) {
	switch b {
	case AtLeast, MoreThan, JustOver:
		return 17, 0
	case AtMost, LessThan, Nearly:
		return 0, 17
	case About:
		return 12, 12
	}
	return 0, 0
}

// drawWhisker shows on which side of a marker with radius r the true value is:
// an arrow up or down, or for About a bar on either side.
func (s *sheet) drawWhisker(b Bound, x, y, r float64) {
	up, down := whiskerReach(b)
	arrow := func(from, to, barb float64) string {
		return "M" + xy(x, from) + "L" + xy(x, to) + "M" + xy(x-4, to+barb) + "L" + xy(x, to) + "L" + xy(x+4, to+barb)
	}
	switch b {
	case AtLeast, MoreThan, JustOver:
		s.drawPath(arrow(y-r-1, y-up, 4), "stroke-width", "1.5")
	case AtMost, LessThan, Nearly:
		s.drawPath(arrow(y+r+1, y+down, -4), "stroke-width", "1.5")
	case About:
		s.drawPath("M"+xy(x-4, y-up)+"L"+xy(x+4, y-up)+"M"+xy(x, y-up)+"L"+xy(x, y-r-1)+
			"M"+xy(x-4, y+down)+"L"+xy(x+4, y+down)+"M"+xy(x, y+down)+"L"+xy(x, y+r+1), "stroke-width", "1.5")
	}
}

// markerBox returns the space taken by a marker of radius r and its whisker.
func markerBox(b Bound, x, y, r float64) box {
	up, down := whiskerReach(b)
	return box{x - r, y - math.Max(r, up), x + r, y + math.Max(r, down)}
}
