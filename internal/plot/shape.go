package plot

import "slices"

// Shape tells one series from another: the marker, the dashes of the line, the
// texture of the bar, and, besides, a colour.
type Shape int

// The shapes. AnyShape takes the first that no other series of the figure has.
const (
	AnyShape Shape = iota
	Circle         // filled circle, solid line, solid bar: what is
	Diamond        // hollow diamond, dashed line, hollow dashed bar: what is planned
	Triangle       // filled triangle, dotted line, hatched bar: what is aimed at
	Square         // filled square, dash-dot line, dotted bar: what is paid
	Ring           // hollow circle, long dashes, hollow bar
	Cross          // cross, dash-dot-dot line, cross-hatched bar
)

var shapes = [...]struct{ class, dashes string }{
	Circle:   {"plot-circle", ""},
	Diamond:  {"plot-diamond", "6 4"},
	Triangle: {"plot-triangle", "2 3"},
	Square:   {"plot-square", "8 3 2 3"},
	Ring:     {"plot-ring", "12 4"},
	Cross:    {"plot-cross", "8 3 2 3 2 3"},
}

// MaxSeries is how many series a figure can tell apart.
const MaxSeries = int(Cross)

// Series is a kind of values in a figure. Points and bars name it by its key.
// The legend shows those that are used, if more than one is declared.
type Series struct {
	Key   string
	Name  string // for the legend; empty means the key
	Shape Shape
}

// declared are the series of a figure: none at all is one without a key.
func declared(series []Series) []Series {
	if len(series) == 0 {
		return []Series{{}}
	}
	return series
}

// resolveSeries gives each series its shape and name, once they are checked.
func resolveSeries(series []Series) []Series {
	out := slices.Clone(declared(series))
	var taken [Cross + 1]bool
	for i, s := range out {
		taken[s.Shape] = true
		out[i].Name = or(s.Name, oneLine(s.Key))
	}
	free := Circle
	for i := range out {
		if out[i].Shape != AnyShape {
			continue
		}
		for taken[free] {
			free++
		}
		out[i].Shape, taken[free] = free, true
	}
	return out
}

// checkSeries refuses what cannot be told apart.
func checkSeries(series []Series, p *problems) {
	if len(series) > MaxSeries {
		p.add("%d series: a figure can tell apart %d", len(series), MaxSeries)
	}
	for i, s := range series {
		if s.Shape < AnyShape || s.Shape > Cross {
			p.add("series %q: shape %d: allowed are 0 to %d", s.Key, s.Shape, Cross)
		}
		for _, other := range series[:i] {
			if s.Key == other.Key {
				p.add("series %q: the key is given twice", s.Key)
			}
			if s.Shape == other.Shape && s.Shape != AnyShape {
				p.add("series %q: has the same shape as series %q", s.Key, other.Key)
			}
		}
	}
}

// seriesIndex finds a series by its key.
func seriesIndex(series []Series, key string) int {
	for i, s := range series {
		if s.Key == key {
			return i
		}
	}
	return -1
}
