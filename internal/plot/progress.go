package plot

import (
	"fmt"
	"math"
	"strings"
)

// Progress shows an actual value and its target on a bar from zero to the
// greater of the two.
type Progress struct {
	Figure
	// Unit follows values without a text of their own.
	Unit string
	// Actual is the value reached; nil if it is unknown.
	Actual *Mark
	// Target is the value aimed at; nil if there is none.
	Target *Mark
}

// SVG draws the bar, or returns an error that lists everything wrong with it.
func (g Progress) SVG() (string, error) {
	var p problems
	p.checkFigure(g.Figure)
	if g.Actual != nil {
		p.checkMark("actual", *g.Actual)
	}
	if g.Target != nil {
		p.checkMark("target", *g.Target)
	}
	if err := p.err(); err != nil {
		return "", fmt.Errorf("progress: %w", err)
	}
	s := newSheet(g.Figure)
	if g.Actual == nil && g.Target == nil {
		s.drawNoValues(60)
	} else {
		g.draw(s)
	}
	return s.finish(g.describe(s)), nil
}

// draw draws the bar with the actual value above and the target below.
func (g Progress) draw(s *sheet) {
	const (
		height = 16
		inset  = 6 // for the triangle of a target at the end
	)
	values := []float64{0}
	for _, m := range []*Mark{g.Actual, g.Target} {
		if m != nil {
			values = append(values, m.Value)
		}
	}
	lo, hi := valueRange(values)
	x := linear{lo, hi, s.margin + inset, s.width - s.margin - inset}
	zero := x.at(0)
	if g.Actual != nil {
		g.drawText(s, *g.Actual, s.actual, x, "plot-value")
	}
	s.y += 6
	track := box{x.to0, s.y, x.to1, s.y + height}
	s.rect(track, "class", "plot-track", "fill", "none")
	if g.Actual != nil {
		end := x.at(g.Actual.Value)
		s.open("g", "class", shapes[Circle].class)
		s.drawBar(Circle, box{math.Min(zero, end), track.y0, math.Max(zero, end), track.y1})
		s.close("g")
	}
	s.open("g", "class", "plot-axis")
	s.rect(track, "fill", "none", "stroke", "currentColor")
	s.line(zero, track.y0-4, zero, track.y1+4)
	s.close("g")
	s.y = track.y1 + 6
	if g.Target != nil {
		s.drawTarget(x.at(g.Target.Value), track.y0-targetOverhang, track.y1+targetOverhang)
		g.drawText(s, *g.Target, s.target, x, "plot-muted")
	}
}

// drawText writes the name, value, unit and time of a mark, centred on its
// value as far as the margins allow. name is used if the mark has none.
func (g Progress) drawText(s *sheet, m Mark, name string, x linear, class string) {
	value := s.valueText(m.Text, m.Value)
	if unit := oneLine(g.Unit); unit != "" && strings.TrimSpace(m.Text) == "" {
		value += nbsp + unit
	}
	text := firstText(m.Name, name) + ": " + m.Bound.withSign(value)
	if !m.Time.undated() {
		text += " (" + s.span(m.Time) + ")"
	}
	lines := labelFace.wrap(text, s.width-2*s.margin, 3)
	middle := s.withinMargins(x.at(m.Value), labelFace.widest(lines))
	for _, line := range lines {
		s.draw(label{text: line, x: middle, y: s.y + labelFace.size, face: labelFace, anchor: "middle", class: class})
		s.y += labelFace.leading()
	}
}

func (g Progress) describe(s *sheet) string {
	var texts []string
	if g.Actual != nil {
		texts = append(texts, s.describeMark(*g.Actual, s.actual))
	}
	if g.Target != nil {
		texts = append(texts, s.describeMark(*g.Target, s.target))
	}
	return s.describe(s.progress, g.Unit, texts...)
}
