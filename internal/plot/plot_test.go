// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"errors"
	"flag"
	"math"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/golden"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestGolden(t *testing.T) {
	t.Parallel()
	figures := golden.Open(t, "testdata/figures.txtar", *update)
	for _, ex := range examples() {
		t.Run(ex.name, func(t *testing.T) {
			t.Parallel()
			figures.Compare(t, ex.name+".svg", []byte(draw(t, ex.plot)))
		})
	}
}

// draw returns the figure, which must be valid.
func draw(t *testing.T, p plotter) string {
	t.Helper()
	svg, err := p.SVG()
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

func TestInvalid(t *testing.T) {
	t.Parallel()
	title := Figure{Title: "x"}
	point := func(pt Point) TimeChart { return TimeChart{Figure: title, Points: []Point{pt}} }
	for _, tt := range []struct {
		name string
		plot plotter
		want string
	}{
		{"no title", TimeChart{}, "time chart: title: must not be empty: invalid figure"},
		{"id", BarChart{Figure: Figure{Title: "x", ID: "a b"}}, `bar chart: id "a b": must start with a letter`},
		{"language", Progress{Figure: Figure{Title: "x", Language: "fr"}}, `progress: language "fr": must be de or en`},
		{"width", BarChart{Figure: Figure{Title: "x", Width: 100}}, "width 100: must be between 280 and 4000"},
		{"height", TimeChart{Figure: title, Height: 5}, "height 5: must be between 100 and 4000"},
		{"not a number", point(Point{Value: math.NaN()}), "point 1: NaN: must be a number between -1e+100 and 1e+100"},
		{"infinite", BarChart{Figure: title, Bars: []Bar{{Value: math.Inf(1)}}}, "bar 1: +Inf: must be"},
		{"infinite target", Progress{Figure: title, Target: &Mark{Value: math.Inf(-1)}}, "target: -Inf: must be"},
		{"too large", Progress{Figure: title, Actual: &Mark{Value: 1e101}}, "actual: 1e+101: must be"},
		{"target", Progress{Figure: title, Target: &Mark{Bound: -1}}, "target: bound -1: must be between 0 and 7"},
		{"reach", TimeChart{Figure: title, Reach: []float64{math.NaN()}}, "reach: NaN: must be"},
		{"unknown series", point(Point{Series: "a"}), `point 1: unknown series "a"`},
		{"unknown bound", point(Point{Bound: 9}), "point 1: bound 9: must be between 0 and 7"},
		{"end before start", point(Point{Time: Span{date(2021, 2, 1), date(2021, 1, 1)}}), "point 1: time: ends on 2021-01-01, before it starts on 2021-02-01"},
		{"end without start", point(Point{Time: Span{End: date(2021, 1, 1)}}), "point 1: time: has an end but no start"},
		{"far future", point(Point{Time: Span{Start: date(10000, 1, 1)}}), "point 1: time: must be between the years 1 and 9999"},
		{"same key", TimeChart{Figure: title, Series: []Series{{Key: "a"}, {Key: "a"}}}, `series "a": the key is used twice`},
		{"same shape", BarChart{Figure: title, Series: []Series{{Key: "a", Shape: Ring}, {Key: "b", Shape: Ring}}}, `series "b": has the same shape as series "a"`},
		{"unknown shape", BarChart{Figure: title, Series: []Series{{Key: "a", Shape: 9}}}, `series "a": shape 9: must be between 0 and 6`},
		{"too many series", TimeChart{Figure: title, Series: make([]Series, 7)}, "7 series: must be at most 6"},
		{"too many points", TimeChart{Figure: title, Points: make([]Point, MaxMarks+1)}, "5001 values: must be at most 5000"},
		{"all problems", point(Point{Value: math.NaN(), Series: "b"}), "point 1: unknown series \"b\": invalid figure\npoint 1: NaN: must be"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			svg, err := tt.plot.SVG()
			if svg != "" || !errors.Is(err, ErrInvalid) {
				t.Fatalf("got %q, %v", svg, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q does not contain %q", err, tt.want)
			}
		})
	}
}

func TestTextAlternative(t *testing.T) {
	t.Parallel()
	many := TimeChart{Figure: Figure{Title: "x", Language: English}}
	for i := range 41 {
		many.Points = append(many.Points, Point{Time: year(1980 + i), Value: float64(100 + i%7)})
	}
	many.Points[5].Value, many.Points[9].Value = 1, 1999.5
	manyBars := BarChart{Figure: Figure{Title: "x"}, Bars: make([]Bar, 41)}
	for _, tt := range []struct {
		name string
		plot plotter
		want []string
	}{
		{"points", TimeChart{
			Figure: Figure{ID: "f1", Title: "A & <B>", Description: "Vom Rufer."}, Unit: "Stück", Series: kinds,
			Points: []Point{
				{Series: "actual", Time: year(2020), Value: 1000.5, Bound: AtLeast},
				{Series: "target", Value: 3, Text: "drei"},
				{Series: "actual", Time: month(2021, 6), Value: 2000, Text: " \n"},
			},
		}, []string{
			`role="img" lang="de" aria-labelledby="f1-title" aria-describedby="f1-desc"`,
			`<title id="f1-title">A &amp; &lt;B&gt;</title>`,
			`<desc id="f1-desc">Vom Rufer. Zeitdiagramm, Einheit: Stück. ` +
				`Ist – 2020: mindestens 1.000,5; Juni 2021: 2.000. Ziel – ohne Zeitangabe: drei.</desc>`,
			`<title>2020: Ist: mindestens 1.000,5 Stück</title>`,
			`>2.000</text>`,
		}},
		{"many points", many, []string{
			`>Time chart. 41 values; first 1980: 100; last 2020: 105; lowest value 1985: 1; highest value 1989: 1,999.5.</desc>`,
		}},
		{"bars", BarChart{Figure: Figure{Title: "x"}, Unit: "%", Series: kinds, Bars: []Bar{
			{Label: "Schu\u00adlen", Series: "actual", Value: 5, Bound: About},
			{Series: "target", Value: 9, Text: "neun"},
		}}, []string{
			`>Balkendiagramm, Einheit: %. Schulen, Ist: rund 5; Ziel: neun.</desc>`,
			`<title>Schulen, Ist: rund 5</title>`,
		}},
		{"bars in millions", BarChart{Figure: Figure{Title: "x"}, Unit: "Euro", Bars: []Bar{{Value: 566e6, Text: "566.000.000", Bound: About}, {Value: 1_250_500}}}, []string{
			`>Balkendiagramm, Einheit: Euro. rund 566.000.000; 1.250.500.</desc>`, `>≈` + nbsp + `566</text>`, `>1,2505</text>`, `>Mio. Euro</text>`,
		}},
		{"points in millions", TimeChart{Figure: Figure{Title: "x"}, Unit: "Euro", Points: []Point{{Time: year(2018), Value: 566e6, Text: "566.000.000"}}}, []string{
			`<title>2018: 566.000.000 Euro</title>`, `>566</text>`, `>Mio. Euro</text>`,
		}},
		{"many bars", manyBars, []string{`Balkendiagramm. ` + strings.Repeat("0; ", 40) + `… (41 Werte).</desc>`}},
		{"progress", Progress{
			Figure: Figure{Title: "x"}, Unit: "m", Actual: &Mark{Name: "Stand", Value: 3}, Target: &Mark{Value: 4, Bound: AtMost},
		}, []string{
			`>Fortschrittsbalken, Einheit: m. Stand 3. Ziel höchstens 4.</desc>`, `>Stand: 3` + nbsp + `m</text>`,
		}},
		{"no values", Progress{Figure: Figure{Title: "x"}}, []string{`>Fortschrittsbalken. Keine Werte.</desc>`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			svg := draw(t, tt.plot)
			for _, want := range tt.want {
				if !strings.Contains(svg, want) {
					t.Errorf("%s\ndoes not contain %s", svg[:min(len(svg), 3000)], want)
				}
			}
		})
	}
}
