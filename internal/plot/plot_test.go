package plot

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestRefused(t *testing.T) {
	t.Parallel()
	title := Figure{Title: "x"}
	point := func(pt Point) TimeChart { return TimeChart{Figure: title, Points: []Point{pt}} }
	for _, tt := range []struct {
		name string
		plot plotter
		want string
	}{
		{"no title", TimeChart{}, "title: a figure needs one"},
		{"id", BarChart{Figure: Figure{Title: "x", ID: "a b"}}, `id "a b"`},
		{"language", Progress{Figure: Figure{Title: "x", Language: "fr"}}, `language "fr": allowed are de and en`},
		{"width", BarChart{Figure: Figure{Title: "x", Width: 100}}, "width 100: allowed are 280 to 4000"},
		{"height", TimeChart{Figure: title, Height: 5}, "height 5"},
		{"not a number", point(Point{Value: math.NaN()}), "point 1: NaN is not a finite number"},
		{"infinite", BarChart{Figure: title, Bars: []Bar{{Value: math.Inf(1)}}}, "bar 1: +Inf"},
		{"infinite target", BarChart{Figure: title, Bars: []Bar{{Target: &Mark{Value: math.Inf(-1)}}}}, "bar 1: target: -Inf"},
		{"too large", Progress{Figure: title, Actual: &Mark{Value: 1e101}}, "actual: 1e+101"},
		{"reach", TimeChart{Figure: title, Reach: []float64{math.NaN()}}, "reach: NaN"},
		{"unknown series", point(Point{Series: "a"}), `point 1: there is no series "a"`},
		{"unknown bound", point(Point{Bound: 9}), "point 1: bound 9"},
		{"time runs back", point(Point{Time: Span{date(2021, 2, 1), date(2021, 1, 1)}}), "ends on 2021-01-01, before it starts on 2021-02-01"},
		{"end without start", point(Point{Time: Span{End: date(2021, 1, 1)}}), "an end but no start"},
		{"far future", point(Point{Time: Day(date(10000, 1, 1))}), "outside the years 1 to 9999"},
		{"same key", TimeChart{Figure: title, Series: []Series{{Key: "a"}, {Key: "a"}}}, `series "a": the key is given twice`},
		{"same shape", BarChart{Figure: title, Series: []Series{{Key: "a", Shape: Ring}, {Key: "b", Shape: Ring}}}, `series "b": has the same shape as series "a"`},
		{"unknown shape", BarChart{Figure: title, Series: []Series{{Key: "a", Shape: 9}}}, `series "a": shape 9`},
		{"too many series", TimeChart{Figure: title, Series: make([]Series, 7)}, "7 series: a figure can tell apart 6"},
		{"too many points", TimeChart{Figure: title, Points: make([]Point, MaxMarks+1)}, "5001 points: allowed are 5000"},
		{"all that is wrong", point(Point{Value: math.NaN(), Series: "b"}), `there is no series "b"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			svg, err := tt.plot.SVG()
			if svg != "" || !errors.Is(err, ErrInvalid) {
				t.Fatalf("got %q, %v", svg, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q lacks %q", err, tt.want)
			}
		})
	}
}

func TestTextAlternative(t *testing.T) {
	t.Parallel()
	svg, err := TimeChart{
		Figure: Figure{ID: "f1", Title: "A & <B>", Description: "Vom Rufer."}, Unit: "Stück", Series: kinds,
		Points: []Point{
			{Series: "actual", Time: year(2020), Value: 1000.5, Bound: AtLeast},
			{Series: "target", Value: 3, Text: "drei"},
			{Series: "actual", Time: month(2021, 6), Value: 2000},
		},
	}.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`role="img" lang="de" aria-labelledby="f1-title" aria-describedby="f1-desc"`,
		`<title id="f1-title">A &amp; &lt;B&gt;</title>`,
		`<desc id="f1-desc">Vom Rufer. Zeitdiagramm, Einheit: Stück. ` +
			`Ist – 2020: mindestens 1.000,5; Juni 2021: 2.000. Ziel – ohne Datum: drei.</desc>`,
		`<title>2020: Ist: mindestens 1.000,5 Stück</title>`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

func TestLinesJoinOnlyWhatFollows(t *testing.T) {
	t.Parallel()
	svg, err := TimeChart{Figure: Figure{Title: "x"}, Points: []Point{
		{Time: day(2021, 1, 5), Value: 1, Joined: true}, // nothing comes before
		{Time: day(2021, 2, 5), Value: 2, Joined: true},
		{Time: day(2021, 4, 5), Value: 3},
		{Time: day(2021, 5, 5), Value: 4, Joined: true},
		{Value: 5, Joined: true},
		{Time: day(2021, 6, 5), Value: 6, Joined: true},
	}}.SVG()
	if err != nil {
		t.Fatal(err)
	}
	_, path, _ := strings.Cut(svg, `<g class="plot-circle">`)
	path, _, _ = strings.Cut(path, `" fill`)
	if strings.Count(path, "M") != 2 || strings.Count(path, "L") != 2 {
		t.Errorf("got %s, want two lines of two points", path)
	}
}
