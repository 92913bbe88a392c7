// SPDX-License-Identifier: EUPL-1.2

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

// drawInexactBar draws a bar whose end is hatched where the bound leaves open whether
// it belongs to the value: beyond the value, before it, or on both sides. The length of
// that part shows that something is open, not how much.
func (s *sheet) drawInexactBar(b Bound, zero, end float64, track box) {
	const open = 18
	sure, possible := end, end
	side := 1.0
	if end < zero {
		side = -1
	}
	if b != Exact && b != AtMost && b != LessThan && b != Nearly {
		possible = math.Max(track.x0, math.Min(end+side*open, track.x1))
	}
	if b != Exact && b != AtLeast && b != MoreThan && b != JustOver {
		sure = end - side*math.Min(open, math.Abs(end-zero))
	}
	s.drawBar(Circle, box{math.Min(zero, sure), track.y0, math.Max(zero, sure), track.y1})
	if sure == possible {
		return
	}
	from, to := math.Min(sure, possible), math.Max(sure, possible)
	d := ""
	for x := from + 2; x < to; x += 4 {
		d += "M" + xy(x, track.y1) + "L" + xy(x, track.y0)
	}
	s.drawPath(d, "stroke-width", "1.5")
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
	if g.Actual != nil { // an empty track would look like a value of zero
		s.rect(track, "class", "plot-track", "fill", "none")
		s.open("g", "class", shapes[Circle].class)
		s.drawInexactBar(g.Actual.Bound, zero, x.at(g.Actual.Value), track)
		s.close("g")
	}
	s.open("g", "class", "plot-axis")
	if g.Actual != nil {
		s.rect(track, "fill", "none", "stroke", "currentColor")
	} else {
		s.line(track.x0, track.y1, track.x1, track.y1)
	}
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
	text := firstText(m.Name, name) + ": " + s.withSign(m.Bound, value)
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
