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

// TestPointsAtTheirTime: only points that would cover an earlier one of the same
// time are moved.
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
	middle := func(s Span) float64 {
		from, to := s.days()
		return p.xScale.at(float64(from+to) / 2)
	}
	step := 2*p.radius + 2
	for i, offset := range []float64{0, 0, step, -step, 0, 0} {
		if want := middle(p.points[i].Time) + offset; p.points[i].x != want {
			t.Errorf("point %d is at %v, want %v", i+1, p.points[i].x, want)
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
