// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// sheet is a figure that is drawn from top to bottom.
type sheet struct {
	canvas
	words
	fig    Figure
	width  float64
	margin float64
	y      float64 // everything above is in use
}

// newSheet starts a figure; a standalone one shows its title.
func newSheet(f Figure) *sheet {
	f = f.withDefaults()
	s := &sheet{words: f.Language.words(), fig: f, width: float64(f.Width), margin: 4, y: 6}
	if f.Standalone {
		s.margin, s.y = 20, 18
		s.paragraph(f.Title, titleFace, "plot-title", 4)
		s.y += 6
	}
	return s
}

// finish returns the figure: what was drawn, inside an svg element with title
// and text alternative.
func (s *sheet) finish(description string) string {
	if s.fig.Footnote != "" {
		s.y += 8
		s.paragraph(s.fig.Footnote, smallFace, "plot-muted", 12)
	}
	height := s.y + s.margin
	id, w, h := s.fig.ID, num(s.width), num(height)
	var svg canvas
	if s.fig.Standalone {
		svg.out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	}
	svg.open("svg", "xmlns", "http://www.w3.org/2000/svg", "id", id, "class", "plot",
		"viewBox", "0 0 "+w+" "+h, "width", w, "height", h,
		"role", "img", "lang", string(s.fig.Language),
		"aria-labelledby", id+"-title", "aria-describedby", id+"-desc",
		"fill", "currentColor", "font-family", "system-ui, sans-serif", "font-size", num(labelFace.size))
	svg.text("title", oneLine(s.fig.Title), "id", id+"-title")
	svg.text("desc", strings.TrimSpace(oneLine(s.fig.Description)+" "+description), "id", id+"-desc")
	if s.fig.Standalone {
		svg.out.WriteString("<style>" + CSS + "</style>\n")
		svg.rect(box{0, 0, s.width, height}, "class", "plot-ground", "fill", "none")
	}
	svg.out.WriteString(s.out.String())
	svg.close("svg")
	return svg.out.String()
}

// paragraph writes text from margin to margin.
func (s *sheet) paragraph(text string, face typeface, class string, maxLines int) {
	for _, line := range face.wrap(text, s.width-2*s.margin, maxLines) {
		s.draw(label{text: line, x: s.margin, y: s.y + face.size, face: face, class: class})
		s.y += face.leading()
	}
}

// withinMargins moves the middle of a text of the given width so that the text
// is between the margins.
func (s *sheet) withinMargins(middle, width float64) float64 {
	return math.Max(s.margin+width/2, math.Min(middle, s.width-s.margin-width/2))
}

// drawNoValues draws an empty frame with a note that there are no values.
func (s *sheet) drawNoValues(height float64) {
	s.rect(box{s.margin, s.y, s.width - s.margin, s.y + height}, "class", "plot-grid", "fill", "none", "stroke", "currentColor")
	s.draw(label{text: s.noValues, x: s.width / 2, y: s.y + height/2 + 4, face: labelFace, anchor: "middle", class: "plot-muted"})
	s.y += height + 4
}

// canvas writes SVG elements, one per line. Attributes are given as alternating
// names and values.
type canvas struct{ out strings.Builder }

// open writes a start tag.
func (c *canvas) open(name string, attrs ...string) {
	c.start(name, attrs)
	c.out.WriteString(">\n")
}

// close writes an end tag.
func (c *canvas) close(name string) { c.out.WriteString("</" + name + ">\n") }

// empty writes an element without content.
func (c *canvas) empty(name string, attrs ...string) {
	c.start(name, attrs)
	c.out.WriteString("/>\n")
}

// text writes an element that contains only text.
func (c *canvas) text(name, text string, attrs ...string) {
	c.start(name, attrs)
	c.out.WriteString(">" + escape(text) + "</" + name + ">\n")
}

func (c *canvas) start(name string, attrs []string) {
	c.out.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		c.out.WriteString(" " + attrs[i] + `="` + escape(attrs[i+1]) + `"`)
	}
}

// line draws a straight line in the colour of its group.
func (c *canvas) line(x0, y0, x1, y1 float64, attrs ...string) {
	c.drawPath("M"+xy(x0, y0)+"L"+xy(x1, y1), attrs...)
}

// drawPath draws the outline of a path in the colour of its group.
func (c *canvas) drawPath(d string, attrs ...string) {
	c.empty("path", append([]string{"d", d, "fill", "none", "stroke", "currentColor"}, attrs...)...)
}

// fillPath fills a path in the colour of its group, with a thin rim in the
// background colour.
func (c *canvas) fillPath(d string) {
	c.empty("path", "class", "plot-solid", "d", d, "fill", "currentColor")
}

func (c *canvas) rect(b box, attrs ...string) {
	c.empty("rect", append([]string{
		"x", num(b.x0), "y", num(b.y0), "width", num(b.x1 - b.x0), "height", num(b.y1 - b.y0),
	}, attrs...)...)
}

// escape makes text safe in content and attribute values. Characters that XML
// does not allow become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}

// num formats a length with at most one decimal.
func num(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// xy formats a point of a path.
func xy(x, y float64) string { return num(x) + " " + num(y) }

// linear maps values to lengths: from0 to to0 and from1 to to1.
type linear struct{ from0, from1, to0, to1 float64 }

// at returns the length for a value. The conversions force rounding after each
// step, so that processors with fused multiply-add give the same bytes.
func (l linear) at(v float64) float64 {
	share := float64(v-l.from0) / float64(l.from1-l.from0)
	return l.to0 + float64(share*float64(l.to1-l.to0))
}
