package plot

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
)

// canvas collects SVG elements, one a line.
type canvas struct{ out strings.Builder }

// open starts an element; attrs are names and values in turn.
func (c *canvas) open(name string, attrs ...string) {
	c.start(name, attrs)
	c.out.WriteString(">\n")
}

// empty writes an element without content.
func (c *canvas) empty(name string, attrs ...string) {
	c.start(name, attrs)
	c.out.WriteString("/>\n")
}

// text writes an element that holds text only.
func (c *canvas) text(name, text string, attrs ...string) {
	c.start(name, attrs)
	c.out.WriteString(">" + escape(text) + "</" + name + ">\n")
}

func (c *canvas) close(name string) { c.out.WriteString("</" + name + ">\n") }

func (c *canvas) start(name string, attrs []string) {
	c.out.WriteString("<" + name)
	for i := 0; i+1 < len(attrs); i += 2 {
		c.out.WriteString(" " + attrs[i] + `="` + escape(attrs[i+1]) + `"`)
	}
}

// line draws one straight line in the colour of its group.
func (c *canvas) line(x0, y0, x1, y1 float64, attrs ...string) {
	c.path("M"+xy(x0, y0)+"L"+xy(x1, y1), attrs...)
}

// path draws an open line in the colour of its group.
func (c *canvas) path(d string, attrs ...string) {
	c.empty("path", append([]string{"d", d, "fill", "none", "stroke", "currentColor"}, attrs...)...)
}

// rect draws a rectangle.
func (c *canvas) rect(b box, attrs ...string) {
	c.empty("rect", append([]string{
		"x", num(b.x0), "y", num(b.y0), "width", num(b.x1 - b.x0), "height", num(b.y1 - b.y0),
	}, attrs...)...)
}

// escape makes text safe in content and in attribute values. Characters that
// XML does not know become U+FFFD.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder takes everything
	return b.String()
}

// num writes a length with one decimal at most.
func num(v float64) string {
	v = math.Round(v*10) / 10
	if v == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// xy writes a place in a path.
func xy(x, y float64) string { return num(x) + " " + num(y) }

// linear maps values to lengths: from0 to to0 and from1 to to1.
type linear struct{ from0, from1, to0, to1 float64 }

// at rounds after each step, lest a processor with fused multiplication give
// other bytes.
func (l linear) at(v float64) float64 {
	share := float64(v-l.from0) / float64(l.from1-l.from0)
	return l.to0 + float64(share*float64(l.to1-l.to0))
}
