package plot

import "math"

// axis is a scale of values with round ticks: the multiples of a step from the
// first to the last, where a step is 1, 2, 2.5 or 5 times a power of ten.
type axis struct {
	mantissa int // 1, 2, 5 or 25
	power    int // the step is mantissa × 10^power
	first    int // in steps
	last     int
	exp      int // the ticks are shown in units of 10^exp
}

var mantissas = [...]struct{ mantissa, shift int }{{1, 0}, {2, 0}, {25, -1}, {5, 0}}

// newAxis covers lo to hi with at most so many steps, or two where zero, which
// is always a tick, lies between. Whole numbers get whole ticks.
func newAxis(lo, hi float64, steps int, whole bool) axis {
	if lo < 0 && hi > 0 {
		steps = max(steps, 2)
	}
	power := int(math.Floor(math.Log10((hi-lo)/float64(steps)))) - 1
	for {
		for _, m := range mantissas {
			a := axis{mantissa: m.mantissa, power: power + m.shift}
			if whole && a.power < 0 {
				continue
			}
			a.cover(lo, hi)
			if a.last-a.first <= steps {
				a.exp = a.exponent(math.Max(math.Abs(lo), math.Abs(hi)))
				return a
			}
		}
		power++
	}
}

// cover rounds lo and hi out to steps, forgiving what binary fractions lack.
func (a *axis) cover(lo, hi float64) {
	const slack = 1e-9
	a.first = int(math.Floor(lo/a.step() + slack))
	a.last = int(math.Ceil(hi/a.step() - slack))
}

func (a axis) step() float64 { return timesTen(float64(a.mantissa), a.power) }

// timesTen is v × 10^power, rounded once.
func timesTen(v float64, power int) float64 {
	if power < 0 {
		return v / math.Pow10(-power)
	}
	return v * math.Pow10(power)
}

// exponent chooses the unit of the ticks: the number itself, unless it is very
// large or very small, and never so that ticks need more than two decimals.
func (a axis) exponent(largest float64) int {
	magnitude := int(math.Floor(math.Log10(largest)))
	if a.power < -4 && magnitude < 0 {
		return int(math.Floor(float64(magnitude)/3)) * 3
	}
	for exp := magnitude / 3 * 3; exp >= 6; exp -= 3 {
		if exp-a.power <= 2 {
			return exp
		}
	}
	return 0
}

// ticks are the values of the ticks.
func (a axis) ticks() []float64 {
	var out []float64
	for i := a.first; i <= a.last; i++ {
		out = append(out, timesTen(float64(i*a.mantissa), a.power))
	}
	return out
}

// tickText writes the i-th tick.
func (a axis) tickText(w words, i int) string {
	n := (a.first + i) * a.mantissa
	return w.number(timesTen(float64(n), a.power-a.exp), max(0, a.exp-a.power))
}

// extent is the range of values, widened so that it can be an axis: values
// that are all equal, or nearly, are shown from zero.
func extent(values []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	size := math.Max(math.Abs(lo), math.Abs(hi))
	switch {
	case len(values) == 0 || size < 1/Largest:
		return 0, 1
	case hi-lo <= 1e-6*size:
		return math.Min(lo, 0), math.Max(hi, 0)
	}
	return lo, hi
}

// fromZero widens a range to zero, unless its values lie close together and
// far from it.
func fromZero(lo, hi float64) (float64, float64) {
	const close = 0.2
	switch {
	case lo > 0 && hi-lo > close*hi:
		lo = 0
	case hi < 0 && hi-lo > close*-lo:
		hi = 0
	}
	return lo, hi
}

func allWhole(values []float64) bool {
	for _, v := range values {
		if v != math.Trunc(v) {
			return false
		}
	}
	return true
}
