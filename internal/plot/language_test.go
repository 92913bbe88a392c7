// SPDX-License-Identifier: EUPL-1.2

package plot

import (
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value    float64
		decimals int
		de, en   string
	}{
		{0, 0, "0", "0"},
		{0.5, 1, "0,5", "0.5"},
		{999, 0, "999", "999"},
		{1000, 0, "1.000", "1,000"},
		{1234567.891, 2, "1.234.567,89", "1,234,567.89"},
		{-1234.5, -1, "−1.234,5", "−1,234.5"},
		{-0.04, 1, "0,0", "0.0"},
		{100000, -1, "100.000", "100,000"},
	} {
		t.Run(tt.en, func(t *testing.T) {
			t.Parallel()
			if got := German.words().number(tt.value, tt.decimals); got != tt.de {
				t.Errorf("de: %q, want %q", got, tt.de)
			}
			if got := English.words().number(tt.value, tt.decimals); got != tt.en {
				t.Errorf("en: %q, want %q", got, tt.en)
			}
		})
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{
		12.25: "12,25", 1e14: "100.000.000.000.000", 1.5e15: "1,5·10¹⁵", -2e-7: "−2·10⁻⁷", 0: "0",
	} {
		if got := German.words().value(v); got != want {
			t.Errorf("%g: %q, want %q", v, got, want)
		}
	}
}

func TestSpanText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		span   Span
		de, en string
	}{
		{Span{}, "ohne Zeitangabe", "undated"},
		{year(2021), "2021", "2021"},
		{Span{date(2019, 1, 1), date(2021, 12, 31)}, "2019–2021", "2019–2021"},
		{month(2021, 3), "März 2021", "March 2021"},
		{Span{date(2021, 3, 1), date(2021, 8, 31)}, "März 2021–August 2021", "March 2021–August 2021"},
		{day(2021, 11, 12), "12.11.2021", "12 Nov 2021"},
		{Span{Start: date(2021, 11, 12)}, "12.11.2021", "12 Nov 2021"},
		{Span{date(2021, 11, 12), date(2022, 1, 1)}, "12.11.2021–1.1.2022", "12 Nov 2021–1 Jan 2022"},
		{Span{Start: time.Date(2021, 11, 12, 23, 30, 0, 0, time.FixedZone("", -3600))}, "12.11.2021", "12 Nov 2021"},
	} {
		t.Run(tt.en, func(t *testing.T) {
			t.Parallel()
			if got := German.words().span(tt.span); got != tt.de {
				t.Errorf("de: %q, want %q", got, tt.de)
			}
			if got := English.words().span(tt.span); got != tt.en {
				t.Errorf("en: %q, want %q", got, tt.en)
			}
		})
	}
}
