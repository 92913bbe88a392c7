package plot

import (
	"fmt"
	"math"
	"strings"
)

// Progress shows a value beside its target, on a bar from zero to the greater
// of the two.
type Progress struct {
	Figure
	// Unit follows the values that have no text of their own.
	Unit string
	// Actual is the value reached; nil means that none is known.
	Actual *Mark
	// Target is the value aimed at; nil means that there is none.
	Target *Mark
}

// SVG draws the bar, or says all that is wrong with it.
func (g Progress) SVG() (string, error) {
	if err := g.check(); err != nil {
		return "", fmt.Errorf("progress: %w", err)
	}
	s := newSheet(g.Figure)
	if g.Actual == nil && g.Target == nil {
		s.nothing(60)
	} else {
		g.draw(s)
	}
	return s.finish(g.describe(s)), nil
}

func (g Progress) check() error {
	var p problems
	g.Figure.check(&p)
	if g.Actual != nil {
		g.Actual.check("actual", &p)
	}
	if g.Target != nil {
		g.Target.check("target", &p)
	}
	return p.err()
}

// draw sets the actual value above the bar and the target below it.
func (g Progress) draw(s *sheet) {
	const height = 16
	x := g.scale(s)
	if g.Actual != nil {
		s.beside(s.markText(*g.Actual, s.actual, g.Unit), x.at(g.Actual.Value), "plot-value")
	}
	s.y += 6
	track := box{x.to0, s.y, x.to1, s.y + height}
	s.rect(track, "class", "plot-track", "fill", "none")
	if g.Actual != nil {
		s.open("g", "class", shapes[Circle].class)
		from, to := x.at(0), x.at(g.Actual.Value)
		s.bar(Circle, box{math.Min(from, to), track.y0, math.Max(from, to), track.y1})
		s.close("g")
	}
	s.open("g", "class", "plot-axis")
	s.rect(track, "fill", "none", "stroke", "currentColor")
	s.line(x.at(0), track.y0-4, x.at(0), track.y1+4)
	s.close("g")
	s.y = track.y1 + 6
	if g.Target != nil {
		s.targetMark(x.at(g.Target.Value), track.y0-markReach, track.y1+markReach)
		s.beside(s.markText(*g.Target, s.target, g.Unit), x.at(g.Target.Value), "plot-muted")
	}
}

// scale maps the values to the width between the margins.
func (g Progress) scale(s *sheet) linear {
	const inset = 6 // for the head of a mark
	values := []float64{0}
	for _, m := range []*Mark{g.Actual, g.Target} {
		if m != nil {
			values = append(values, m.Value)
		}
	}
	lo, hi := extent(values)
	return linear{lo, hi, s.margin + inset, s.width - s.margin - inset}
}

// markText writes a mark as it is shown: its name, value, unit and time.
func (s *sheet) markText(m Mark, name, unit string) string {
	text := m.Bound.signed(s.withUnit(m, unit))
	if !m.Time.undated() {
		text += " (" + s.span(m.Time) + ")"
	}
	return or(m.Name, name) + ": " + text
}

func (s *sheet) withUnit(m Mark, unit string) string {
	if strings.TrimSpace(m.Text) != "" || strings.TrimSpace(unit) == "" {
		return s.plain(m.Text, m.Value)
	}
	return s.value(m.Value) + nbsp + oneLine(unit)
}

// beside writes text centred on a place, as far as the margins allow.
func (s *sheet) beside(text string, x float64, class string) {
	lines := labelFace.wrap(text, s.width-2*s.margin, 3)
	for _, line := range lines {
		x = s.inside(x, labelFace.width(line))
	}
	for _, line := range lines {
		s.label(line, x, s.y+labelFace.size, labelFace, "middle", class)
		s.y += labelFace.leading()
	}
}

func (g Progress) describe(s *sheet) string {
	var said []string
	if g.Actual != nil {
		said = append(said, s.markSaid(*g.Actual, s.actual))
	}
	if g.Target != nil {
		said = append(said, s.markSaid(*g.Target, s.target))
	}
	return s.describe(s.progress, g.Unit, said)
}

// or is the first text that is not blank, on one line.
func or(text, otherwise string) string {
	if text = oneLine(text); text != "" {
		return text
	}
	return otherwise
}
