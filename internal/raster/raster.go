// SPDX-License-Identifier: EUPL-1.2

// Package raster draws the figures of package plot as PNG, for documents and services
// that cannot show SVG. It reads the part of SVG that those figures consist of, with
// their stylesheet in the light theme; it is not a renderer for other files.
package raster

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"

	"github.com/zielstand/zielstand/internal/plot"
)

// maxPixels is the maximum number of pixels of an image.
const maxPixels = 1 << 24

// Image is an image to draw on. It is not safe for concurrent use.
type Image struct {
	dc    *gg.Context
	faces map[string]font.Face
}

// New returns a white image.
func New(width, height int) (*Image, error) {
	if width < 1 || height < 1 || width*height > maxPixels {
		return nil, fmt.Errorf("image of %d × %d pixels: must have at least 1 and at most %d", width, height, maxPixels)
	}
	im := &Image{gg.NewContext(width, height), map[string]font.Face{}}
	im.Fill(color.White, 0, 0, float64(width), float64(height))
	return im, nil
}

// Fill fills a rectangle.
func (im *Image) Fill(c color.Color, x, y, width, height float64) {
	im.dc.SetColor(c)
	im.dc.DrawRectangle(x, y, width, height)
	im.dc.Fill()
}

// Text writes a line of text that starts at x on the baseline y.
func (im *Image) Text(text string, x, y, size float64, bold bool, c color.Color) error {
	if err := im.setFace(size, bold); err != nil {
		return err
	}
	im.dc.SetColor(c)
	im.dc.DrawString(hyphens.Replace(text), x, y)
	return nil
}

// hyphens replaces hyphens with the one glyph of the font that looks like one: that of the
// hyphen-minus is as long as a dash, and others are missing.
var hyphens = strings.NewReplacer("-", "\u00ad", "\u2010", "\u00ad", "\u2011", "\u00ad")

// Wrap breaks a text into lines of a width; what exceeds maxLines is cut with an ellipsis.
func (im *Image) Wrap(text string, width, size float64, bold bool, maxLines int) ([]string, error) {
	if err := im.setFace(size, bold); err != nil {
		return nil, err
	}
	lines := im.dc.WordWrap(hyphens.Replace(text), width)
	if len(lines) > maxLines {
		lines = lines[:maxLines]
		last := []rune(lines[maxLines-1])
		for len(last) > 0 {
			if w, _ := im.dc.MeasureString(string(last) + "…"); w <= width {
				break
			}
			last = last[:len(last)-1]
		}
		lines[maxLines-1] = strings.TrimRight(string(last), " ,;.") + "…"
	}
	return lines, nil
}

func (im *Image) setFace(size float64, bold bool) error {
	key := fmt.Sprint(size, bold)
	if im.faces[key] == nil {
		ttf := goregular.TTF
		if bold {
			ttf = gobold.TTF
		}
		parsed, err := opentype.Parse(ttf)
		if err != nil {
			return err
		}
		if im.faces[key], err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone}); err != nil {
			return err
		}
	}
	im.dc.SetFontFace(im.faces[key])
	return nil
}

// PNG encodes the image.
func (im *Image) PNG() ([]byte, error) {
	var b bytes.Buffer
	err := im.dc.EncodePNG(&b)
	return b.Bytes(), err
}

// PNG draws a figure, enlarged by a factor.
func PNG(svg string, scale float64) ([]byte, error) {
	width, height, err := Size(svg)
	if err != nil {
		return nil, err
	}
	im, err := New(int(width*scale+0.5), int(height*scale+0.5))
	if err != nil {
		return nil, err
	}
	if err := im.Draw(svg, 0, 0, scale); err != nil {
		return nil, err
	}
	return im.PNG()
}

var sizeOf = regexp.MustCompile(`<svg [^>]*viewBox="0 0 ([0-9.]+) ([0-9.]+)"`)

// Size returns the size of a figure.
func Size(svg string) (width, height float64, err error) {
	m := sizeOf.FindStringSubmatch(svg)
	if m == nil {
		return 0, 0, errors.New("not a figure: no viewBox")
	}
	width, _ = strconv.ParseFloat(m[1], 64)
	height, _ = strconv.ParseFloat(m[2], 64)
	return width, height, nil
}

// element is an element that is open, with what its content inherits.
type element struct {
	name       string
	attributes map[string]string
	classes    []string
	color      color.Color
	size       float64
}

// drawing is a figure being drawn.
type drawing struct {
	*Image
	x, y, scale float64
	stack       []element
	textures    map[string]element // paths of patterns by id
	pattern     string             // the id of the pattern that is open
	text        strings.Builder
}

// Draw draws a figure with its upper left corner at x, y, enlarged by a factor.
func (im *Image) Draw(svg string, x, y, scale float64) error {
	d := &drawing{Image: im, x: x, y: y, scale: scale, textures: map[string]element{}}
	d.stack = []element{{color: rgb("#1b1f24"), size: 13}}
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("figure: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			d.open(t)
		case xml.CharData:
			d.text.Write(t)
		case xml.EndElement:
			if err := d.close(); err != nil {
				return err
			}
		}
	}
}

func (d *drawing) open(t xml.StartElement) {
	parent := d.stack[len(d.stack)-1]
	e := element{t.Name.Local, map[string]string{}, nil, parent.color, parent.size}
	for _, a := range t.Attr {
		e.attributes[a.Name.Local] = a.Value
	}
	e.classes = strings.Fields(e.attributes["class"])
	if c := e.style("color"); c != nil {
		e.color = c
	}
	if size, err := strconv.ParseFloat(e.attributes["font-size"], 64); err == nil {
		e.size = size
	}
	if e.name == "pattern" {
		d.pattern = e.attributes["id"]
	}
	d.text.Reset()
	d.stack = append(d.stack, e)
}

func (d *drawing) close() error {
	e := d.stack[len(d.stack)-1]
	d.stack = d.stack[:len(d.stack)-1]
	switch {
	case e.name == "pattern":
		d.pattern = ""
	case d.pattern != "" && e.name == "path":
		d.textures[d.pattern] = e
	case e.name == "path":
		return d.path(e, func() error { return d.trace(e.attributes["d"]) })
	case e.name == "rect":
		return d.path(e, func() error {
			d.dc.DrawRectangle(d.at(e, "x", d.x), d.at(e, "y", d.y), d.length(e, "width"), d.length(e, "height"))
			return nil
		})
	case e.name == "circle":
		return d.path(e, func() error {
			d.dc.DrawCircle(d.at(e, "cx", d.x), d.at(e, "cy", d.y), d.length(e, "r"))
			return nil
		})
	case e.name == "text":
		return d.write(e, d.text.String())
	}
	return nil
}

func (d *drawing) length(e element, name string) float64 {
	v, _ := strconv.ParseFloat(e.attributes[name], 64)
	return v * d.scale
}

func (d *drawing) at(e element, name string, origin float64) float64 {
	return origin + d.length(e, name)
}

// path fills and strokes what trace draws.
func (d *drawing) path(e element, trace func() error) error {
	fill := e.paint("fill")
	if texture, ok := strings.CutPrefix(e.attributes["fill"], "url(#"); ok && fill == nil {
		if err := d.fillTexture(strings.TrimSuffix(texture, ")"), trace, e); err != nil {
			return err
		}
	}
	if fill != nil {
		if err := trace(); err != nil {
			return err
		}
		d.dc.SetColor(fill)
		d.dc.Fill()
	}
	stroke := e.paint("stroke")
	if stroke == nil {
		return nil
	}
	if err := trace(); err != nil {
		return err
	}
	width := 1.0
	if v, err := strconv.ParseFloat(e.attributes["stroke-width"], 64); err == nil {
		width = v
	}
	if v, err := strconv.ParseFloat(e.property("stroke-width"), 64); err == nil {
		width = v
	}
	var dashes []float64
	for _, text := range strings.Fields(e.attributes["stroke-dasharray"]) {
		v, _ := strconv.ParseFloat(text, 64)
		dashes = append(dashes, v*d.scale)
	}
	d.dc.SetDash(dashes...)
	d.dc.SetLineWidth(width * d.scale)
	d.dc.SetLineCapButt()
	d.dc.SetColor(stroke)
	d.dc.Stroke()
	return nil
}

// fillTexture repeats the path of a pattern within what trace draws.
func (d *drawing) fillTexture(id string, trace func() error, e element) error {
	const tile = 8
	texture, ok := d.textures[id]
	if !ok {
		return fmt.Errorf("figure: no pattern %s", id)
	}
	if err := trace(); err != nil {
		return err
	}
	d.dc.Clip()
	x0, y0 := d.length(e, "x")/d.scale, d.length(e, "y")/d.scale
	x1, y1 := x0+d.length(e, "width")/d.scale, y0+d.length(e, "height")/d.scale
	part := *d
	for y := float64(int(y0/tile)) * tile; y < y1; y += tile {
		for x := float64(int(x0/tile)) * tile; x < x1; x += tile {
			part.x, part.y = d.x+x*d.scale, d.y+y*d.scale
			if err := part.path(texture, func() error { return part.trace(texture.attributes["d"]) }); err != nil {
				return err
			}
		}
	}
	d.dc.ResetClip()
	return nil
}

var steps = regexp.MustCompile(`([MLZ])\s*(?:(-?[0-9.]+)[ ,](-?[0-9.]+))?`)

// trace follows the data of a path: figures consist of straight lines.
func (d *drawing) trace(data string) error {
	if rest := steps.ReplaceAllString(data, ""); strings.TrimSpace(rest) != "" {
		return fmt.Errorf("figure: path %q: must consist of M, L and Z", data)
	}
	for _, m := range steps.FindAllStringSubmatch(data, -1) {
		x, _ := strconv.ParseFloat(m[2], 64)
		y, _ := strconv.ParseFloat(m[3], 64)
		switch m[1] {
		case "M":
			d.dc.MoveTo(d.x+x*d.scale, d.y+y*d.scale)
		case "L":
			d.dc.LineTo(d.x+x*d.scale, d.y+y*d.scale)
		default:
			d.dc.ClosePath()
		}
	}
	return nil
}

// write writes a text, over a halo if its class has one.
func (d *drawing) write(e element, text string) error {
	if err := d.setFace(e.size*d.scale, e.attributes["font-weight"] == "600"); err != nil {
		return err
	}
	text = hyphens.Replace(text)
	x, y := d.at(e, "x", d.x), d.at(e, "y", d.y)
	width, _ := d.dc.MeasureString(text)
	switch e.attributes["text-anchor"] {
	case "middle":
		x -= width / 2
	case "end":
		x -= width
	}
	if halo := e.style("stroke"); halo != nil {
		d.dc.SetColor(halo)
		for _, dx := range []float64{-1.5, 0, 1.5} {
			for _, dy := range []float64{-1.5, 0, 1.5} {
				d.dc.DrawString(text, x+dx*d.scale, y+dy*d.scale)
			}
		}
	}
	d.dc.SetColor(e.color)
	d.dc.DrawString(text, x, y)
	return nil
}

// paint returns the colour of fill or stroke, nil for none. The stylesheet takes
// precedence over the attribute (SVG 2, 6.6).
func (e element) paint(name string) color.Color {
	if c := e.style(name); c != nil {
		return c
	}
	value, given := e.attributes[name]
	if value == "currentColor" || !given && name == "fill" { // as the svg element of a figure specifies
		return e.color
	}
	return nil
}

// style returns the colour that the stylesheet gives a property of the element, or nil.
func (e element) style(property string) color.Color {
	value := e.property(property)
	if name, ok := strings.CutPrefix(value, "var("); ok {
		return rgb(variables[strings.TrimSuffix(name, ")")])
	}
	return nil
}

// property returns the value of a property in the stylesheet, empty if it has none.
func (e element) property(name string) string {
	for _, class := range slices.Backward(e.classes) {
		if value := rules[class][name]; value != "" {
			return value
		}
	}
	return ""
}

// variables and rules are the colours of the light theme and the classes in plot.CSS.
var variables, rules = parseStyles(plot.CSS)

var (
	variable = regexp.MustCompile(`(--plot-[a-z]+): (#[0-9a-f]{6});`)
	rule     = regexp.MustCompile(`(?m)^\.(plot-[a-z]+) \{ (.*) \}$`)
	setting  = regexp.MustCompile(`([a-z-]+): ([^;]+);`)
)

func parseStyles(css string) (map[string]string, map[string]map[string]string) {
	variables, rules := map[string]string{}, map[string]map[string]string{}
	light, _, _ := strings.Cut(css, "@media")
	for _, m := range variable.FindAllStringSubmatch(light, -1) {
		variables[m[1]] = m[2]
	}
	for _, m := range rule.FindAllStringSubmatch(css, -1) {
		rules[m[1]] = map[string]string{}
		for _, s := range setting.FindAllStringSubmatch(m[2], -1) {
			rules[m[1]][s[1]] = s[2]
		}
	}
	return variables, rules
}

// rgb returns the colour of #rrggbb.
func rgb(hex string) color.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 32)
	if err != nil {
		return nil
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}
