package plot

import "testing"

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
		{"within", segment{12, 12, 13, 13}, true},
		{"ends before", segment{0, 15, 9, 15}, false},
		{"passes above", segment{0, 5, 30, 5}, false},
		{"passes a corner", segment{0, 15, 15, 0}, false},
		{"upright beside", segment{25, 0, 25, 30}, false},
		{"upright through", segment{15, 0, 15, 30}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.line.crosses(b); got != tt.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestNumbersHaveNoLevelLineBefore(t *testing.T) {
	t.Parallel()
	p := placer{bounds: box{0, 0, 100, 100}, lines: []segment{{0, 50, 100, 50}}}
	if b, ok := p.place([]box{{40, 45, 60, 55}}, true); ok {
		t.Errorf("placed at %v", b)
	}
	p.lines = []segment{{0, 0, 100, 100}}
	if _, ok := p.place([]box{{40, 45, 60, 55}}, true); !ok {
		t.Error("what is important may lie across a steep line")
	}
}
