// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestExamplesAreWellFormed(t *testing.T) {
	t.Parallel()
	for _, ex := range examples() {
		t.Run(ex.name, func(t *testing.T) {
			t.Parallel()
			svg := draw(t, ex.plot)
			checkFigure(t, svg)
			if draw(t, ex.plot) != svg {
				t.Error("the second drawing has different bytes")
			}
		})
	}
}

// TestRandomFigures covers unlikely combinations.
func TestRandomFigures(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		for _, p := range []plotter{randomTimeChart(r), randomBarChart(r), randomProgress(r)} {
			svg, err := p.SVG()
			if err != nil {
				t.Fatalf("seed %d: %T: %v", seed, p, err)
			}
			if checkFigure(t, svg); t.Failed() {
				t.Fatalf("seed %d: %#v", seed, p)
			}
		}
	}
}

var notANumber = regexp.MustCompile(`NaN|Inf|\de[+-]?\d`)

// checkFigure parses a figure as XML and checks each element. Texts must be inside
// the figure and must not overlap.
func checkFigure(t *testing.T, svg string) {
	t.Helper()
	var texts []box
	var view box
	ids := map[string]bool{}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attrs := checkAttributes(t, start, ids)
		switch start.Name.Local {
		case "svg":
			view = viewBox(t, attrs["viewBox"])
		case "text":
			var content string
			if err := d.DecodeElement(&content, &start); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, textBox(t, content, attrs))
		}
	}
	checkTexts(t, view, texts)
}

func checkAttributes(t *testing.T, e xml.StartElement, ids map[string]bool) map[string]string {
	t.Helper()
	attrs := map[string]string{}
	for _, a := range e.Attr {
		attrs[a.Name.Local] = a.Value
		switch a.Name.Local {
		case "style":
			t.Errorf("<%s> has an inline style", e.Name.Local)
		case "id":
			if ids[a.Value] {
				t.Errorf("id %q is used twice", a.Value)
			}
			ids[a.Value] = true
		case "d", "x", "y", "width", "height", "cx", "cy", "r", "viewBox":
			if notANumber.MatchString(a.Value) {
				t.Errorf("<%s %s=%q> is not a valid coordinate", e.Name.Local, a.Name.Local, a.Value)
			}
		}
		if (a.Name.Local == "width" || a.Name.Local == "height") && strings.HasPrefix(a.Value, "-") {
			t.Errorf("<%s %s=%q> is negative", e.Name.Local, a.Name.Local, a.Value)
		}
	}
	return attrs
}

func checkTexts(t *testing.T, view box, texts []box) {
	t.Helper()
	for i, b := range texts {
		if !b.within(view) {
			t.Errorf("text %d at %v is outside %v", i+1, b, view)
		}
		for j, o := range texts[:i] {
			if b.overlaps(o) {
				t.Errorf("text %d at %v overlaps text %d at %v", i+1, b, j+1, o)
			}
		}
	}
}

func viewBox(t *testing.T, s string) box {
	t.Helper()
	f := strings.Fields(s)
	if len(f) != 4 || f[0] != "0" || f[1] != "0" {
		t.Fatalf("viewBox %q", s)
	}
	return box{0, 0, number(t, f[2]), number(t, f[3])}
}

// textBox returns the space taken by the letters of a text.
func textBox(t *testing.T, content string, attrs map[string]string) box {
	t.Helper()
	face := labelFace
	if s := attrs["font-size"]; s != "" {
		face.size = number(t, s)
	}
	face.bold = attrs["font-weight"] != ""
	x, y, w := number(t, attrs["x"]), number(t, attrs["y"]), face.width(content)
	switch attrs["text-anchor"] {
	case "middle":
		x -= w / 2
	case "end":
		x -= w
	}
	const rounding = 0.2
	return box{x + rounding, y - 0.75*face.size, x + w - rounding, y + 0.1*face.size}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		t.Fatalf("%q is not a finite number", s)
	}
	return v
}

func randomFigure(r *rand.Rand) Figure {
	return Figure{
		Title: randomText(r, 60) + "x", Footnote: randomText(r, 200), Standalone: r.IntN(2) == 0,
		Language: []Language{"", German, English}[r.IntN(3)],
		Width:    []int{0, MinWidth, 360, 500, 1200}[r.IntN(5)],
	}
}

// randomText is often empty and sometimes long, and contains characters that need
// special treatment.
func randomText(r *rand.Rand, maxLength int) string {
	if r.IntN(4) == 0 {
		return ""
	}
	letters := []rune("aeiou nrstlm-WM/<&>\"\u00ad\u00a0ß\x01€≥. Üx漢")
	var b strings.Builder
	for range r.IntN(maxLength + 1) {
		b.WriteRune(letters[r.IntN(len(letters))])
	}
	return b.String()
}

// randomValues returns a generator of values of one order of magnitude.
func randomValues(r *rand.Rand) func() float64 {
	scale := math.Pow10(r.IntN(16) - 4)
	if r.IntN(10) == 0 {
		scale = math.Pow10(r.IntN(199) - 99)
	}
	shift := []float64{0, 0.5, -0.5, 1}[r.IntN(4)]
	whole := r.IntN(2) == 0 && scale >= 1
	return func() float64 {
		v := (r.Float64() - 0.5 + shift) * scale
		if r.IntN(8) == 0 {
			v = shift * scale
		}
		if whole {
			return math.Round(v)
		}
		return v
	}
}

func randomSpans(r *rand.Rand) func() Span {
	days, start := []int{1, 20, 400, 4000, 300000}[r.IntN(5)], date(1900+r.IntN(200), 1+time.Month(r.IntN(12)), 1)
	kind := r.IntN(4)
	return func() Span {
		at := start.AddDate(0, 0, r.IntN(days))
		switch {
		case r.IntN(12) == 0:
			return Span{}
		case kind == 0:
			return year(at.Year())
		case kind == 1:
			return month(at.Year(), at.Month())
		case r.IntN(3) == 0:
			return Span{at, at.AddDate(0, 0, r.IntN(days))}
		}
		return Span{at, at}
	}
}

func randomBound(r *rand.Rand) Bound { return Bound(r.IntN(len(boundSigns))) }

func randomTimeChart(r *rand.Rand) TimeChart {
	c := TimeChart{Figure: randomFigure(r), Unit: randomText(r, 100), Series: allShapes()}
	value, span := randomValues(r), randomSpans(r)
	for range []int{0, 1, 2, 5, 20, 200}[r.IntN(6)] {
		c.Points = append(c.Points, Point{
			Series: c.Series[r.IntN(MaxSeries)].Key, Time: span(), Value: value(),
			Text: strings.Repeat(randomText(r, 10), r.IntN(2)), Bound: randomBound(r), Joined: r.IntN(2) == 0,
		})
	}
	return c
}

func randomBarChart(r *rand.Rand) BarChart {
	c := BarChart{Figure: randomFigure(r), Unit: randomText(r, 100), Series: allShapes()}
	value := randomValues(r)
	for range []int{0, 1, 2, 5, 20, 200}[r.IntN(6)] {
		c.Bars = append(c.Bars, Bar{Series: c.Series[r.IntN(MaxSeries)].Key, Label: randomText(r, 120), Value: value(), Bound: randomBound(r)})
	}
	return c
}

func randomProgress(r *rand.Rand) Progress {
	value, span := randomValues(r), randomSpans(r)
	return Progress{
		Figure: randomFigure(r), Unit: randomText(r, 80),
		Actual: &Mark{Value: value(), Time: span(), Bound: randomBound(r)},
		Target: &Mark{Value: value(), Time: span(), Name: randomText(r, 100)},
	}
}
