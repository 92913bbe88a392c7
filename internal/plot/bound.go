package plot

import "strings"

// Bound says how sure a value is.
type Bound int

// The bounds: the true value is the one given, near it, or on one side of it.
const (
	Exact    Bound = iota
	About          // ≈
	AtLeast        // ≥
	MoreThan       // >
	AtMost         // ≤
	LessThan       // <
)

var signs = [...]string{"", "≈", "≥", ">", "≤", "<"}

func (b Bound) valid() bool { return b >= Exact && b <= LessThan }

// signed sets the sign before the text of a value.
func (b Bound) signed(text string) string {
	if b == Exact {
		return text
	}
	return signs[b] + nbsp + text
}

// said sets the bound in words before the text of a value.
func (w words) said(b Bound, text string) string {
	return strings.TrimSpace(w.bounds[b] + " " + text)
}

// whiskerLength is how far a whisker reaches from the middle of its marker. It
// shows a direction, not an amount.
const whiskerLength = 17

// whisker draws the side on which the true value lies: an arrow up or down,
// or a stroke to both sides.
func (s *sheet) whisker(b Bound, x, y, r float64) {
	switch b {
	case AtLeast, MoreThan:
		s.arrow(x, y-r-1, y-whiskerLength, 4)
	case AtMost, LessThan:
		s.arrow(x, y+r+1, y+whiskerLength, -4)
	case About:
		const reach = whiskerLength - 5
		s.path("M"+xy(x-4, y-reach)+"L"+xy(x+4, y-reach)+"M"+xy(x, y-reach)+"L"+xy(x, y-r-1)+
			"M"+xy(x-4, y+reach)+"L"+xy(x+4, y+reach)+"M"+xy(x, y+reach)+"L"+xy(x, y+r+1),
			"stroke-width", "1.5")
	}
}

func (s *sheet) arrow(x, from, to, barb float64) {
	s.path("M"+xy(x, from)+"L"+xy(x, to)+"M"+xy(x-4, to+barb)+"L"+xy(x, to)+"L"+xy(x+4, to+barb),
		"stroke-width", "1.5")
}

// whiskerBox is the room that a whisker takes.
func whiskerBox(b Bound, x, y float64) (box, bool) {
	w := box{x - 4, y, x + 4, y}
	switch b {
	case Exact:
		return box{}, false
	case AtLeast, MoreThan:
		w.y0 -= whiskerLength
	case AtMost, LessThan:
		w.y1 += whiskerLength
	case About:
		w.y0 -= whiskerLength - 5
		w.y1 += whiskerLength - 5
	}
	return w, true
}
