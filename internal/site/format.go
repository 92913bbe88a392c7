package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

func itoa(n int) string { return strconv.Itoa(n) }

func fields(s string) []string { return strings.Fields(s) }

// hasPrefix reports whether an identifier is of the kind of an example: the
// letters before the number are the same.
func hasPrefix(id, example string) bool {
	kind := strings.TrimRight(example, "0123456789")
	return strings.HasPrefix(id, kind)
}

// formatNumber writes a decimal with the separators of a language and the
// places that it has: 75000 becomes 75.000 in German.
func formatNumber(s, language string) string {
	thousands, point := ".", ","
	if language == "en" {
		thousands, point = ",", "."
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "−", s[1:]
	}
	whole, places, decimal := strings.Cut(s, ".")
	var groups []string
	for len(whole) > 3 {
		groups = append([]string{whole[len(whole)-3:]}, groups...)
		whole = whole[:len(whole)-3]
	}
	out := sign + strings.Join(append([]string{whole}, groups...), thousands)
	if decimal {
		out += point + places
	}
	return out
}

// formatPeriod writes a period as a reader would: 2021-09 becomes 09/2021,
// 2021-11-12 becomes 12.11.2021 in German.
func formatPeriod(s, language string) string {
	from, to, interval := strings.Cut(s, "/")
	if interval {
		return formatPeriod(from, language) + "–" + formatPeriod(to, language)
	}
	switch t, err := time.Parse(time.DateOnly, s); {
	case err == nil && language == "en":
		return t.Format("2 January 2006")
	case err == nil:
		return t.Format("2.1.2006")
	}
	if t, err := time.Parse("2006-01", s); err == nil {
		if language == "en" {
			return t.Format("January 2006")
		}
		return germanMonths[t.Month()-1] + t.Format(" 2006")
	}
	return s
}

var germanMonths = []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// formatBytes writes a size in units of 1,000.
func formatBytes(n int64, language string) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	unit, value := "kB", float64(n)/1e3
	if n >= 1e6 {
		unit, value = "MB", float64(n)/1e6
	}
	return formatNumber(strconv.FormatFloat(value, 'f', 1, 64), language) + " " + unit
}

// amount is a value as a reader would say it: qualifier, number and unit.
func (v *view) amount(value, qualifier, unit string) string {
	text := formatNumber(value, v.Language)
	if unit == "calendar-year" || unit == "rank" {
		text = value
	}
	if qualifier != "exact" && qualifier != "" {
		text = v.label("qualifier", qualifier) + " " + text
	}
	switch unit {
	case "count", "calendar-year", "":
		return text
	case "percent":
		return text + " %"
	case "factor":
		return text + "×"
	}
	return text + " " + v.label("unit", unit)
}
