package plot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAxisHasRoundTicks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		lo, hi   float64
		steps    int
		whole    bool
		language Language
		want     string
		unit     string
	}{
		{"hundred", 0, 100, 6, true, German, "0 20 40 60 80 100", "u"},
		{"tenths", 0, 0.3, 6, false, German, "0,00 0,05 0,10 0,15 0,20 0,25 0,30", "u"},
		{"tenths in English", 0, 0.5, 6, false, English, "0.0 0.1 0.2 0.3 0.4 0.5", "u"},
		{"quarters", 0, 1, 4, false, German, "0,00 0,25 0,50 0,75 1,00", "u"},
		{"counts are not halved", 0, 2, 6, true, German, "0 1 2", "u"},
		{"binary fractions", 0.1, 0.7, 6, false, German, "0,1 0,2 0,3 0,4 0,5 0,6 0,7", "u"},
		{"thousands", 0, 2300, 6, true, German, "0 500 1.000 1.500 2.000 2.500", "u"},
		{"thousands in English", 0, 2300, 6, true, English, "0 500 1,000 1,500 2,000 2,500", "u"},
		{"below zero", -7, 12, 6, true, German, "−10 −5 0 5 10 15", "u"},
		{"both sides need two steps", -1, 1, 1, false, German, "−1 0 1", "u"},
		{"far from zero", 1000, 1100, 6, true, German, "1.000 1.020 1.040 1.060 1.080 1.100", "u"},
		{"millions", 0, 112.5e6, 6, false, German, "0 20 40 60 80 100 120", "Mio. u"},
		{"millions in English", 0, 2.5e6, 6, true, English, "0.0 0.5 1.0 1.5 2.0 2.5", "million u"},
		{"large but close", 1000000, 1000050, 6, true, German, "1.000.000 1.000.010 1.000.020 1.000.030 1.000.040 1.000.050", "u"},
		{"huge", 0, 3e20, 4, true, German, "0 100 200 300", "10¹⁸ u"},
		{"tiny", 0, 3e-9, 4, false, German, "0 1 2 3", "10⁻⁹ u"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := tt.language.words()
			a := newAxis(tt.lo, tt.hi, tt.steps, tt.whole)
			var got []string
			for i := range a.ticks() {
				got = append(got, a.tickText(w, i))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got := w.scaled("u", a.exp); got != tt.unit {
				t.Errorf("unit %q, want %q", got, tt.unit)
			}
		})
	}
}

func TestExtent(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		values []float64
		lo, hi float64
	}{
		{"none", nil, 0, 1},
		{"zero", []float64{0, 0}, 0, 1},
		{"one", []float64{5}, 0, 5},
		{"one below zero", []float64{-5}, -5, 0},
		{"equal but for noise", []float64{1e9, 1e9 + 1}, 0, 1e9 + 1},
		{"wide", []float64{10, 90}, 0, 90},
		{"close together", []float64{95, 100}, 95, 100},
		{"close together below zero", []float64{-100, -95}, -100, -95},
		{"both sides", []float64{-3, 4}, -3, 4},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if lo, hi := fromZero(extent(tt.values)); lo != tt.lo || hi != tt.hi {
				t.Errorf("%v to %v, want %v to %v", lo, hi, tt.lo, tt.hi)
			}
		})
	}
}
