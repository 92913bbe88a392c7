package plot

import (
	"math"
	"strings"
)

// sheet is a figure in the making, drawn from the top down.
type sheet struct {
	canvas
	words
	fig    Figure
	margin float64
	width  float64
	y      float64 // all above it is taken
}

// newSheet begins a figure, with its title where it is to be seen.
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

// paragraph writes wrapped text from margin to margin.
func (s *sheet) paragraph(text string, face typeface, class string, most int) {
	for _, line := range face.wrap(text, s.width-2*s.margin, most) {
		s.label(line, s.margin, s.y+face.size, face, "start", class)
		s.y += face.leading()
	}
}

// label writes one line of text; y is its baseline.
func (s *sheet) label(text string, x, y float64, face typeface, anchor, class string) {
	attrs := []string{"x", num(x), "y", num(y)}
	if class != "" {
		attrs = append([]string{"class", class}, attrs...)
	}
	if face.size != labelFace.size {
		attrs = append(attrs, "font-size", num(face.size))
	}
	if face.bold {
		attrs = append(attrs, "font-weight", "600")
	}
	if anchor != "start" {
		attrs = append(attrs, "text-anchor", anchor)
	}
	s.text("text", strings.ReplaceAll(text, softHyphen, ""), attrs...)
}

// inside moves the middle of a text so that it lies between the margins.
func (s *sheet) inside(middle, width float64) float64 {
	return math.Max(s.margin+width/2, math.Min(middle, s.width-s.margin-width/2))
}

// nothing says that there are no values, in the room where they would be.
func (s *sheet) nothing(height float64) {
	room := box{s.margin, s.y, s.width - s.margin, s.y + height}
	s.rect(room, "class", "plot-grid", "fill", "none", "stroke", "currentColor")
	s.label(s.words.nothing, s.width/2, s.y+height/2+4, labelFace, "middle", "plot-muted")
	s.y += height + 4
}

// finish returns the figure with its text alternative around what was drawn.
func (s *sheet) finish(desc string) string {
	if s.fig.Footnote != "" {
		s.y += 8
		s.paragraph(s.fig.Footnote, smallFace, "plot-muted", 12)
	}
	height := s.y + s.margin
	var page canvas
	if s.fig.Standalone {
		page.out.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	}
	s.head(&page, height, desc)
	page.out.WriteString(s.out.String())
	page.close("svg")
	return page.out.String()
}

// head writes the svg element, its title and description, and, in a figure
// that stands alone, style and ground.
func (s *sheet) head(page *canvas, height float64, desc string) {
	id, w, h := s.fig.ID, num(s.width), num(height)
	page.open("svg", "xmlns", "http://www.w3.org/2000/svg", "id", id, "class", "plot",
		"viewBox", "0 0 "+w+" "+h, "width", w, "height", h,
		"role", "img", "lang", string(s.fig.Language),
		"aria-labelledby", id+"-title", "aria-describedby", id+"-desc",
		"fill", "currentColor", "font-family", "system-ui, sans-serif", "font-size", num(labelFace.size))
	page.text("title", oneLine(s.fig.Title), "id", id+"-title")
	page.text("desc", strings.TrimSpace(oneLine(s.fig.Description)+" "+desc), "id", id+"-desc")
	if s.fig.Standalone {
		page.out.WriteString("<style>" + CSS + "</style>\n")
		page.rect(box{0, 0, s.width, height}, "class", "plot-ground", "fill", "none")
	}
}
