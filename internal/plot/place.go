package plot

import "math"

// box is a rectangle; y grows downwards.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) overlaps(o box) bool {
	return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1
}

func (b box) within(o box) bool {
	return b.x0 >= o.x0 && b.x1 <= o.x1 && b.y0 >= o.y0 && b.y1 <= o.y1
}

// slide moves the box sideways into another.
func (b box) slide(o box) box {
	dx := math.Max(0, o.x0-b.x0) + math.Min(0, o.x1-b.x1)
	return box{b.x0 + dx, b.y0, b.x1 + dx, b.y1}
}

// segment is a straight line between two places.
type segment struct{ x0, y0, x1, y1 float64 }

// crosses reports whether a part of the segment lies in the box (Liang and
// Barsky: clip it by each side in turn).
func (g segment) crosses(b box) bool {
	from, to := 0.0, 1.0
	dx, dy := g.x1-g.x0, g.y1-g.y0
	for _, side := range [4][2]float64{
		{-dx, g.x0 - b.x0}, {dx, b.x1 - g.x0}, {-dy, g.y0 - b.y0}, {dy, b.y1 - g.y0},
	} {
		p, q := side[0], side[1]
		switch {
		case p == 0 && q < 0:
			return false
		case p < 0:
			from = math.Max(from, q/p)
		case p > 0:
			to = math.Min(to, q/p)
		}
	}
	return from < to
}

// placer finds room for labels among what is drawn.
type placer struct {
	bounds box
	taken  []box
	lines  []segment
}

// place takes the first of the places that is free, if there is one. What is
// important may lie across steep lines if need be; before a number a level one
// would look like a minus sign.
func (p *placer) place(places []box, important bool) (box, bool) {
	for _, lines := range [][]segment{p.lines, p.levelLines()} {
		for _, b := range places {
			b = b.slide(p.bounds)
			if p.free(b, lines) {
				p.taken = append(p.taken, b)
				return b, true
			}
		}
		if !important {
			break
		}
	}
	return box{}, false
}

func (p *placer) levelLines() []segment {
	var out []segment
	for _, g := range p.lines {
		if math.Abs(g.y1-g.y0) < 0.3*math.Abs(g.x1-g.x0) {
			out = append(out, g)
		}
	}
	return out
}

func (p *placer) free(b box, lines []segment) bool {
	if !b.within(p.bounds) {
		return false
	}
	for _, t := range p.taken {
		if b.overlaps(t) {
			return false
		}
	}
	for _, g := range lines {
		if g.crosses(b) {
			return false
		}
	}
	return true
}

// around returns the places of a label around a marker, the best first: beside
// it, at its corners, and at its corners but farther up or down.
func around(x, y, up, down, side, width, height float64) []box {
	const lift = 3 // off a line that runs level through the marker
	at := func(x0, y0 float64) box { return box{x0, y0, x0 + width, y0 + height} }
	above, below := y-up-height, y+down
	left, right := x-side-width, x+side
	return []box{
		at(x-width/2, above), at(right, y-height/2), at(x-width/2, below), at(left, y-height/2),
		at(right-2, y-height-lift), at(left+2, y-height-lift), at(right-2, y+lift), at(left+2, y+lift),
		at(x-width+4, above), at(x-4, above), at(x-width+4, below), at(x-4, below),
	}
}
