// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAxis(t *testing.T) {
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
			a := newAxis(w, tt.lo, tt.hi, tt.steps, tt.whole)
			if diff := cmp.Diff(tt.want, strings.Join(a.labels, " ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if got := w.axisTitle("u", a.exp); got != tt.unit {
				t.Errorf("unit %q, want %q", got, tt.unit)
			}
		})
	}
}

func TestValueRange(t *testing.T) {
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
			if lo, hi := includeZero(valueRange(tt.values)); lo != tt.lo || hi != tt.hi {
				t.Errorf("%v to %v, want %v to %v", lo, hi, tt.lo, tt.hi)
			}
		})
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		spans []Span
		width float64
		want  string
	}{
		{"days", []Span{day(2021, 11, 29), day(2021, 12, 2)}, 600, "29.|Nov 2021 30. 1.|Dez 2021 2. 3."},
		{"weeks", []Span{day(2021, 11, 29), day(2021, 12, 20)}, 400, "29.|Nov 2021 6.|Dez 2021 13. 20. 27."},
		{"one day is shown within its year", []Span{day(2021, 11, 12)}, 300, "Jan|2021 Apr Jul Okt Jan|2022"},
		{"months", []Span{day(2021, 11, 12), day(2022, 2, 1)}, 600, "Nov|2021 Dez Jan|2022 Feb Mär"},
		{"quarters", []Span{month(2020, 5), month(2021, 11)}, 600, "Apr|2020 Jul Okt Jan|2021 Apr Jul Okt Jan|2022"},
		{"half years", []Span{day(2019, 5, 1), day(2021, 11, 1)}, 600, "Jan|2019 Jul Jan|2020 Jul Jan|2021 Jul Jan|2022"},
		{"years", []Span{day(2018, 5, 1), day(2021, 11, 1)}, 600, "2018 2019 2020 2021 2022"},
		{"a year by months", []Span{year(2021)}, 300, "Jan|2021 Apr Jul Okt Jan|2022"},
		{"years are not split", []Span{year(2020), year(2021)}, 600, "2020 2021 2022"},
		{"decades", []Span{year(1951), year(2021)}, 600, "1950 1960 1970 1980 1990 2000 2010 2020 2030"},
		{"all years", []Span{year(1), year(9999)}, 200, "0 10000"},
		{"days in English", []Span{day(2021, 11, 29), day(2021, 12, 2)}, 600, "29|Nov 2021 30 1|Dec 2021 2 3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, w := newCalendar(tt.spans, tt.width), german
			if strings.HasSuffix(tt.name, "in English") {
				w = english
			}
			var got []string
			for i := range c.ticks {
				first, second := c.label(w, i)
				got = append(got, strings.TrimSuffix(first+"|"+second, "|"))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
