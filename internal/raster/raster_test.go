// SPDX-License-Identifier: EUPL-1.2

package raster_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/plot"
	"github.com/zielstand/zielstand/internal/raster"
)

func decode(t *testing.T, body []byte, err error) image.Image {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return im
}

// has reports whether a pixel of the colour is in the rectangle.
func has(im image.Image, r image.Rectangle, want color.RGBA) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if color.RGBAModel.Convert(im.At(x, y)) == want {
				return true
			}
		}
	}
	return false
}

var (
	blue  = color.RGBA{0x0b, 0x5c, 0xad, 0xff}
	green = color.RGBA{0x1a, 0x6b, 0x3c, 0xff}
)

// TestFigures draws every kind of figure, with every shape, and looks for its colours.
func TestFigures(t *testing.T) {
	t.Parallel()
	figure := plot.Figure{Title: "Übung", Standalone: true, Footnote: "Quelle: §"}
	var series []plot.Series
	var bars []plot.Bar
	var points []plot.Point
	for i := range plot.MaxSeries {
		key := string(rune('a' + i))
		series = append(series, plot.Series{Key: key})
		bars = append(bars, plot.Bar{Label: key, Series: key, Value: float64(10 + i), Bound: plot.Bound(i)})
		points = append(points, plot.Point{Series: key, Value: float64(10 * i), Bound: plot.Bound(i)})
	}
	for name, draw := range map[string]func() (string, error){
		"bars":     plot.BarChart{Figure: figure, Series: series, Bars: bars}.SVG,
		"times":    plot.TimeChart{Figure: figure, Series: series, Points: points}.SVG,
		"progress": plot.Progress{Figure: figure, Actual: &plot.Mark{Value: 4, Bound: plot.Nearly}, Target: &plot.Mark{Value: 9}}.SVG,
	} {
		svg, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		body, err := raster.PNG(svg, 2)
		im := decode(t, body, err)
		width, height, err := raster.Size(svg)
		if err != nil || im.Bounds().Dx() != int(2*width+0.5) || im.Bounds().Dy() != int(2*height+0.5) {
			t.Errorf("%s: %v pixels of a figure of %v × %v (%v)", name, im.Bounds(), width, height, err)
		}
		if !has(im, im.Bounds(), blue) || name != "progress" && !has(im, im.Bounds(), green) {
			t.Errorf("%s: a colour is missing", name)
		}
		again, _ := raster.PNG(svg, 2)
		if !bytes.Equal(body, again) {
			t.Errorf("%s: the same figure gives other bytes", name)
		}
	}
}

func TestGeometry(t *testing.T) {
	t.Parallel()
	body, err := raster.PNG(`<svg viewBox="0 0 40 20"><g class="plot-circle"><rect x="10" y="5" width="10" height="10" fill="currentColor"/><circle cx="4" cy="10" r="3"/></g>`+
		`<g class="plot-triangle"><path d="M30 0L30 20" fill="none" stroke="currentColor" stroke-width="4"/></g></svg>`, 1)
	im := decode(t, body, err)
	for _, tt := range []struct {
		x, y int
		want color.RGBA
	}{{9, 10, color.RGBA{255, 255, 255, 255}}, {15, 10, blue}, {20, 10, color.RGBA{255, 255, 255, 255}}, {30, 1, green}, {33, 10, color.RGBA{255, 255, 255, 255}}, {4, 10, blue}} {
		if got := color.RGBAModel.Convert(im.At(tt.x, tt.y)); got != tt.want {
			t.Errorf("%d, %d is %v, want %v", tt.x, tt.y, got, tt.want)
		}
	}
}

// TestHyphens checks that every kind of hyphen is drawn alike, and shorter than a dash.
func TestHyphens(t *testing.T) {
	t.Parallel()
	draw := func(text string) []byte {
		body, err := raster.PNG(`<svg viewBox="0 0 200 40"><text x="10" y="30" font-size="30">`+text+`</text></svg>`, 1)
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	end := func(text string) int {
		im := decode(t, draw(text), nil)
		x := im.Bounds().Dx() - 1
		for ; x > 0 && !has(im, image.Rect(x, 0, x+1, 40), color.RGBA{0x1b, 0x1f, 0x24, 0xff}); x-- {
		}
		return x
	}
	for _, hyphen := range []string{"\u2010", "\u2011"} {
		if !bytes.Equal(draw("Start"+hyphen+"ups"), draw("Start-ups")) {
			t.Errorf("%q is not drawn as a hyphen", hyphen)
		}
	}
	if hyphen, dash := end("-"), end("–"); hyphen >= dash-3 {
		t.Errorf("a hyphen ends at %d, a dash at %d", hyphen, dash)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for svg, want := range map[string]string{
		"<p>": "not a figure: no viewBox",
		`<svg viewBox="0 0 10 10"><path d="M0 0C1 2 3 4 5 6" fill="none" stroke="currentColor"/></svg>`: `must consist of M, L and Z`,
		`<svg viewBox="0 0 10 10"><rect x="0" y="0" width="1" height="1" fill="url(#a)"/></svg>`:        `no pattern a`,
		`<svg viewBox="0 0 10 10"><g></svg>`:    "figure: XML",
		`<svg viewBox="0 0 10000 10000"></svg>`: "must have at least 1 and at most",
		`<svg viewBox="0 0 0 10"></svg>`:        "must have at least 1 and at most",
	} {
		if _, err := raster.PNG(svg, 1); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", svg, err, want)
		}
	}
}

func TestWrap(t *testing.T) {
	t.Parallel()
	im, err := raster.New(100, 100)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := im.Wrap(strings.Repeat("Wort ", 30), 80, 20, true, 2)
	if err != nil || len(lines) != 2 || lines[0] != "Wort" || lines[1] != "Wort…" {
		t.Errorf("%q, %v", lines, err)
	}
	if lines, _ := im.Wrap("Wort", 100, 20, false, 2); len(lines) != 1 || lines[0] != "Wort" {
		t.Errorf("%q", lines)
	}
}
