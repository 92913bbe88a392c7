// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"math"
	"slices"
	"strings"
)

// label is a line of text. According to anchor, which defaults to "start", x is
// its start, middle or end; y is its baseline.
type label struct {
	text   string
	x, y   float64
	face   typeface
	anchor string
	class  string
}

// box returns the space that the label takes.
func (l label) box() box {
	width, y0, y1 := l.face.width(l.text), l.y-l.face.size+0.5, l.y+3.5
	switch l.anchor {
	case "middle":
		return box{l.x - width/2, y0, l.x + width/2, y1}
	case "end":
		return box{l.x - width, y0, l.x, y1}
	}
	return box{l.x, y0, l.x + width, y1}
}

func (s *sheet) draw(labels ...label) {
	for _, l := range labels {
		var attrs []string
		if l.class != "" {
			attrs = append(attrs, "class", l.class)
		}
		attrs = append(attrs, "x", num(l.x), "y", num(l.y))
		if l.face.size != labelFace.size {
			attrs = append(attrs, "font-size", num(l.face.size))
		}
		if l.face.bold {
			attrs = append(attrs, "font-weight", "600")
		}
		if l.anchor != "" {
			attrs = append(attrs, "text-anchor", l.anchor)
		}
		s.text("text", strings.ReplaceAll(l.text, softHyphen, ""), attrs...)
	}
}

// labelPlacer finds positions for labels where they cover neither each other
// nor what is drawn. Every label that could collide is placed by one: values at
// points and bars, and the labels of ticks.
type labelPlacer struct {
	bounds box
	gap    float64 // required to the left and right of a label
	taken  []box   // by labels and marks
	lines  []segment
}

// newLabelPlacer returns a placer for the whole width between the margins.
func (s *sheet) newLabelPlacer(gap float64) *labelPlacer {
	return &labelPlacer{bounds: box{s.margin, 0, s.width - s.margin, math.Inf(1)}, gap: gap}
}

// place returns the first of the options that is free and reserves its space. An
// option is a set of labels to be drawn together, which are moved sideways into
// the bounds. If no option is free, it returns nil: the caller decides what
// happens to labels without a position.
//
// Important labels may cross steep lines if necessary. They never cross a level
// line, which would look like a minus sign in front of a number.
func (p *labelPlacer) place(important bool, options ...[]label) []label {
	avoid := [][]segment{p.lines}
	if important {
		avoid = append(avoid, slices.DeleteFunc(slices.Clone(p.lines), segment.steep))
	}
	for _, lines := range avoid {
		for _, option := range options {
			if placed := p.reserve(option, lines); placed != nil {
				return placed
			}
		}
	}
	return nil
}

// reserve returns the labels of one option, or nil if one of them is not free.
func (p *labelPlacer) reserve(option []label, lines []segment) []label {
	taken, placed := p.taken, slices.Clone(option)
	for i, l := range option {
		original := l.box()
		b := original.slideInto(p.bounds)
		if !b.within(p.bounds) ||
			slices.ContainsFunc(taken, box{b.x0 - p.gap, b.y0, b.x1 + p.gap, b.y1}.overlaps) ||
			slices.ContainsFunc(lines, b.crossedBy) {
			return nil
		}
		placed[i].x += b.x0 - original.x0
		taken = append(taken, b)
	}
	p.taken = taken
	return placed
}

// around returns the possible positions of a label around a marker, in order of
// preference: above, beside and below it, at its corners, and above and below
// but shifted sideways. up, down and side are the distances from the middle of
// the marker.
func (l label) around(x, y, up, down, side float64) [][]label {
	const lift = 3 // from a level line through the marker
	l.x, l.y, l.anchor = x, y, "middle"
	b := l.box()
	width, ascent, descent := b.x1-b.x0, y-b.y0, b.y1-y
	above, below := y-up-descent, y+down+ascent
	left, right := x-side-width/2, x+side+width/2
	var options [][]label
	for _, at := range [...]struct{ x, y float64 }{
		{x, above},
		{right, y + (ascent-descent)/2},
		{x, below},
		{left, y + (ascent-descent)/2},
		{right - 2, y - lift - descent},
		{left + 2, y - lift - descent},
		{right - 2, y + lift + ascent},
		{left + 2, y + lift + ascent},
		{x - width/2 + 4, above},
		{x + width/2 - 4, above},
		{x - width/2 + 4, below},
		{x + width/2 - 4, below},
	} {
		l.x, l.y = at.x, at.y
		options = append(options, []label{l})
	}
	return options
}

// away returns possible positions of a label that is farther from its marker than its
// own size, the nearest first.
func (l label) away(x, y float64) [][]label {
	var options [][]label
	l.anchor = "middle"
	for distance := 26.0; distance <= 96; distance += 10 {
		for _, dx := range [...]float64{0, 16, -16, 34, -34} {
			for _, side := range [...]float64{-1, 1} {
				l.x, l.y = x+dx, y+side*distance+4
				options = append(options, []label{l})
			}
		}
	}
	return options
}

// box is a rectangle; y grows downwards. Comparisons ignore rounding errors, so
// that boxes that touch are treated alike on all processors.
type box struct{ x0, y0, x1, y1 float64 }

const tolerance = 1e-6

func (b box) overlaps(o box) bool {
	return b.x0 < o.x1-tolerance && o.x0 < b.x1-tolerance && b.y0 < o.y1-tolerance && o.y0 < b.y1-tolerance
}

func (b box) within(o box) bool {
	return b.x0 >= o.x0-tolerance && b.x1 <= o.x1+tolerance && b.y0 >= o.y0-tolerance && b.y1 <= o.y1+tolerance
}

// slideInto moves the box sideways into another.
func (b box) slideInto(o box) box {
	dx := math.Max(0, o.x0-b.x0) + math.Min(0, o.x1-b.x1)
	return box{b.x0 + dx, b.y0, b.x1 + dx, b.y1}
}

// segment is a straight line between two points.
type segment struct{ x0, y0, x1, y1 float64 }

func (g segment) steep() bool { return math.Abs(g.y1-g.y0) >= 0.3*math.Abs(g.x1-g.x0) }

// crossedBy reports whether part of the segment is inside the box: their
// extents overlap and the corners are not all on one side of the line.
func (b box) crossedBy(g segment) bool {
	extent := box{math.Min(g.x0, g.x1), math.Min(g.y0, g.y1), math.Max(g.x0, g.x1), math.Max(g.y0, g.y1)}
	if !b.overlaps(extent) {
		return false
	}
	left, right := false, false
	for _, corner := range [4][2]float64{{b.x0, b.y0}, {b.x1, b.y0}, {b.x1, b.y1}, {b.x0, b.y1}} {
		side := float64((corner[0]-g.x0)*(g.y1-g.y0)) - float64((corner[1]-g.y0)*(g.x1-g.x0))
		left, right = left || side < 0, right || side > 0
	}
	return left && right
}

const swatchWidth = 30

// legendEntry explains a sign. Without draw it is only text.
type legendEntry struct {
	text string
	draw func(x, y float64)
}

// legend writes its entries in rows.
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
		s.draw(label{text: text, x: x + indent, y: y + 4.5, face: labelFace})
		x += length + gap
	}
	s.close("g")
	s.y = y + row/2 + 6
}

// boundText explains the sign of a bound.
func (w words) boundText(b Bound) string {
	return strings.TrimPrefix(boundSigns[b]+nbsp+w.bounds[b], nbsp)
}
