// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// at returns a label that is centred on x and about 13 wide.
func at(x, y float64) label {
	return label{text: "12", x: x, y: y, face: smallFace, anchor: "middle"}
}

func TestPlaceLabels(t *testing.T) {
	t.Parallel()
	bounds := box{0, 0, 100, 100}
	for _, tt := range []struct {
		name      string
		placer    labelPlacer
		important bool
		options   [][]label
		want      []float64 // x of the labels
	}{
		{"free", labelPlacer{}, false, [][]label{{at(50, 50)}}, []float64{50}},
		{"on a mark", labelPlacer{taken: []box{{45, 45, 55, 55}}}, false, [][]label{{at(50, 50)}}, nil},
		{"second option", labelPlacer{taken: []box{{45, 45, 55, 55}}}, false, [][]label{{at(50, 50)}, {at(70, 50)}}, []float64{70}},
		{"touching a mark", labelPlacer{taken: []box{{0, 0, at(50, 50).box().x0, 100}}}, false, [][]label{{at(50, 50)}}, []float64{50}},
		{"gap", labelPlacer{gap: 3, taken: []box{{0, 0, at(50, 50).box().x0 - 2, 100}}}, false, [][]label{{at(50, 50)}}, nil},
		{"moved into the bounds", labelPlacer{}, false, [][]label{{at(1, 50)}}, []float64{at(0, 50).box().x1}},
		{"above the bounds", labelPlacer{}, true, [][]label{{at(50, 5)}}, nil},
		{"wider than the bounds", labelPlacer{}, true, [][]label{{{text: "a label that is too long", y: 50, face: smallFace}}}, nil},
		{"all or none", labelPlacer{taken: []box{{65, 45, 75, 55}}}, false, [][]label{{at(30, 50), at(70, 50)}, {at(40, 50)}}, []float64{40}},
		{"labels of one option", labelPlacer{}, false, [][]label{{at(50, 50), at(55, 50)}}, nil},
		{"on a line", labelPlacer{lines: []segment{{0, 0, 100, 100}}}, false, [][]label{{at(50, 50)}}, nil},
		{"important on a steep line", labelPlacer{lines: []segment{{0, 0, 100, 100}}}, true, [][]label{{at(50, 50)}}, []float64{50}},
		{"important beside a steep line", labelPlacer{lines: []segment{{0, 0, 100, 100}}}, true, [][]label{{at(50, 50)}, {at(80, 50)}}, []float64{80}},
		{"important on a level line", labelPlacer{lines: []segment{{0, 50, 100, 45}}}, true, [][]label{{at(50, 50)}}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.placer.bounds = bounds
			var got []float64
			for _, l := range tt.placer.place(tt.important, tt.options...) {
				got = append(got, l.x)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if tt.want != nil && tt.placer.place(false, []label{at(tt.want[0], 50)}) != nil {
				t.Error("the position was not reserved")
			}
		})
	}
}

func TestPositionsAroundMarker(t *testing.T) {
	t.Parallel()
	marker := box{46, 33, 54, 52} // with a whisker up
	for i, option := range at(0, 0).around(50, 50, 18, 4, 6) {
		b := option[0].box()
		if b.overlaps(marker) {
			t.Errorf("position %d at %v covers the marker", i, b)
		}
		if b.x0 > marker.x1+2 || b.x1 < marker.x0-2 || b.y0 > marker.y1+2 || b.y1 < marker.y0-2 {
			t.Errorf("position %d at %v is far from the marker", i, b)
		}
	}
}

func TestSegmentCrossesBox(t *testing.T) {
	t.Parallel()
	b := box{10, 10, 20, 20}
	for _, tt := range []struct {
		name string
		line segment
		want bool
	}{
		{"through", segment{0, 15, 30, 15}, true},
		{"across a corner", segment{5, 18, 18, 5}, true},
		{"inside", segment{12, 12, 13, 13}, true},
		{"ends before", segment{0, 15, 9, 15}, false},
		{"passes above", segment{0, 5, 30, 5}, false},
		{"passes a corner", segment{0, 15, 15, 0}, false},
		{"touches a corner", segment{5, 15, 15, 5}, false},
		{"along an edge", segment{0, 10, 30, 10}, false},
		{"vertical beside", segment{25, 0, 25, 30}, false},
		{"vertical through", segment{15, 0, 15, 30}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := b.crossedBy(tt.line); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}
