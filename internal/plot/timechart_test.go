// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newTestPlot(t *testing.T, points ...Point) *timePlot {
	t.Helper()
	c := TimeChart{Figure: Figure{Title: "x"}, Points: points}
	if err := c.check(); err != nil {
		t.Fatal(err)
	}
	p := newTimePlot(c, newSheet(c.Figure))
	p.out.Reset()
	return p
}

func TestMarkersOfManyPointsAreSmaller(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]float64{60: 4.5, 61: 3, 150: 3, 151: 2} {
		if got := newTestPlot(t, manyPoints(n)...).radius; got != want {
			t.Errorf("%d points: radius %v, want %v", n, got, want)
		}
	}
}

func TestLinesJoinOnlyConsecutivePoints(t *testing.T) {
	t.Parallel()
	p := newTestPlot(
		t,
		Point{Time: day(2021, 1, 5), Value: 1, Joined: true}, // there is no previous point
		Point{Time: day(2021, 2, 5), Value: 2, Joined: true},
		Point{Time: day(2021, 4, 5), Value: 3},
		Point{Time: day(2021, 5, 5), Value: 4, Joined: true},
		Point{Time: day(2021, 6, 5), Value: 5, Joined: true},
		Point{Value: 5, Joined: true},
		Point{Time: day(2021, 6, 5), Value: 6, Joined: true},
	)
	p.drawLines()
	path := func(points ...int) (d string) {
		for i, at := range points {
			d += []string{"M", "L"}[min(i, 1)] + xy(p.points[at].x, p.points[at].y)
		}
		return d
	}
	_, got, _ := strings.Cut(p.out.String(), ` d="`)
	got, _, _ = strings.Cut(got, `"`)
	if diff := cmp.Diff(path(0, 1)+path(2, 3, 4), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestPointsAtTheirTime: points are never moved; those that would cover each other are
// nested, the first one outside.
func TestPointsAtTheirTime(t *testing.T) {
	t.Parallel()
	p := newTestPlot(
		t,
		Point{Time: year(2020), Value: 5},
		Point{Time: year(2021), Value: 5},
		Point{Time: year(2021), Value: 5},
		Point{Time: year(2021), Value: 5, Bound: AtLeast},
		Point{Time: year(2021), Value: 9},
		Point{Time: Span{date(2021, 6, 30), date(2021, 7, 3)}, Value: 5},
	)
	r := p.radius
	for i, radius := range []float64{r, r + 2*nested, r + nested, r, r, r} {
		pt := p.points[i]
		from, to := pt.Time.days()
		if x, y := p.xScale.at(float64(from+to)/2), p.yScale.at(pt.Value); pt.x != x || pt.y != y || pt.radius != radius {
			t.Errorf("point %d is at %v, %v with radius %v, want %v, %v with %v", i+1, pt.x, pt.y, pt.radius, x, y, radius)
		}
	}
}

// TestEveryValueIsLabelledOrCounted: values of the same time that leave no room beside
// their markers are written at the end of a line, and what remains is counted.
func TestEveryValueIsLabelledOrCounted(t *testing.T) {
	t.Parallel()
	var points []Point
	for i := range 4 {
		points = append(points, Point{Time: year(2021), Value: 1000 + float64(i)/2})
	}
	points = append(points, Point{Time: year(2022), Value: 0})
	svg, err := TimeChart{Figure: Figure{Title: "x", Width: 330}, Points: points}.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"1.000", "1.000,5", "1.001", "1.001,5"} {
		if !strings.Contains(svg, ">"+text+"</text>") {
			t.Errorf("the value %s has no label", text)
		}
	}
	svg, err = TimeChart{Figure: Figure{Title: "x"}, Points: manyPoints(41)}.SVG()
	if err != nil || !strings.Contains(svg, ">Beschriftet sind 3 von 41 Werten.</text>") {
		t.Errorf("%v; a chart that does not label all values must say so:\n%s", err, svg)
	}
}

// TestLabelsAreInTheMiddleOfTheirYear whatever the distance of the ticks: the axis means
// the same on a wide and on a narrow screen.
func TestLabelsAreInTheMiddleOfTheirYear(t *testing.T) {
	t.Parallel()
	for _, width := range []int{330, 1040} {
		c := TimeChart{Figure: Figure{Title: "x", Width: width}, Points: []Point{{Time: year(2010), Value: 1}, {Time: year(2020), Value: 2}}}
		p := newTimePlot(c, newSheet(c.Figure))
		p.out.Reset()
		p.drawTimeAxis()
		from, to := year(2010).days()
		want := `x="` + num(p.xScale.at(float64(from+to)/2)) + `"`
		if !strings.Contains(p.out.String(), want) {
			t.Errorf("width %d: no label at %s:\n%s", width, want, p.out.String())
		}
	}
}

func TestValuesAreWrittenInOrderOfImportance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		values    []float64
		landmarks int
		want      []float64
	}{
		{"last, first, highest, lowest, others", []float64{5, 9, 6, 1, 7}, 4, []float64{7, 5, 9, 1, 6}},
		{"the last may be the highest", []float64{1, 2, 3}, 2, []float64{3, 1, 2}},
		{"one", []float64{4}, 1, []float64{4}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var points []Point
			for i, v := range tt.values {
				points = append(points, Point{Time: year(2001 + i), Value: v})
			}
			order, landmarks := newTestPlot(t, points...).valueOrder()
			var got []float64
			for _, pt := range order {
				got = append(got, pt.Value)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" || landmarks != tt.landmarks {
				t.Errorf("%d landmarks, want %d; -want +got:\n%s", landmarks, tt.landmarks, diff)
			}
		})
	}
	if order, landmarks := newTestPlot(t, manyPoints(41)...).valueOrder(); len(order) != landmarks {
		t.Errorf("of many points %d have a label, want only the %d landmarks", len(order), landmarks)
	}
}
