package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// nbsp keeps a number with its unit.
const nbsp = "\u00a0"

func itoa(n int) string { return strconv.Itoa(n) }

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

// formatPeriod writes a period as a reader would: 2021-09 becomes September
// 2021, 2021-11-12 becomes 12.11.2021 in German.
func formatPeriod(s, language string) string {
	from, to, interval := strings.Cut(s, "/")
	if interval {
		return formatPeriod(from, language) + "–" + formatPeriod(to, language)
	}
	switch t, err := time.Parse(time.DateOnly, s); {
	case err == nil && language == "en":
		return t.Format("2" + nbsp + "January 2006")
	case err == nil:
		return t.Format("2.1.2006")
	}
	t, err := time.Parse("2006-01", s)
	switch {
	case err != nil:
		return s
	case language == "en":
		return t.Format("January 2006")
	}
	return germanMonths[t.Month()-1] + t.Format(" 2006")
}

var germanMonths = []string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// formatBytes writes a size in units of 1,000.
func formatBytes(n int64, language string) string {
	if n < 1000 {
		return fmt.Sprintf("%d%sB", n, nbsp)
	}
	unit, value := "kB", float64(n)/1e3
	if n >= 1e6 {
		unit, value = "MB", float64(n)/1e6
	}
	return formatNumber(strconv.FormatFloat(value, 'f', 1, 64), language) + nbsp + unit
}

// quoted is a text in the quotation marks of the page's language.
func (v *view) quoted(text string) string {
	if v.Language == "en" {
		return "“" + text + "”"
	}
	return "„" + text + "“"
}

// amount is a value as a reader would say it: qualifier, number and unit.
func (v *view) amount(value, qualifier, unit string) string {
	text := v.measured(value, unit)
	if qualifier != "exact" && qualifier != "" {
		text = v.label("qualifier", qualifier) + nbsp + text
	}
	return text
}

// digits is a number without its unit, as a plot shows it.
func (v *view) digits(value, unit string) string {
	if unit == "calendar-year" || unit == "rank" {
		return value
	}
	return formatNumber(value, v.Language)
}

// measured is a number with its unit: 75.000 Personen, 1 Jahr, Rang 3.
func (v *view) measured(value, unit string) string {
	number := v.digits(value, unit)
	switch unit {
	case "count", "calendar-year", "":
		return number
	case "rank":
		return v.label("unit", unit) + nbsp + number
	case "factor":
		return number + "×"
	case "percent":
		if v.Language == "en" {
			return number + "%"
		}
		return number + nbsp + "%"
	}
	if one, ok := words["one."+unit]; ok && value == "1" {
		return number + nbsp + one.In(v.Language)
	}
	return number + nbsp + v.label("unit", unit)
}

// breakdowns are the columns that part a count of online services.
var breakdowns = []string{"coverage", "priority", "execution", "portal"}

// breakdown names the part of the whole that a count of online services is of,
// empty if it is of the whole.
func (v *view) breakdown(r Row) string {
	var parts []string
	for _, column := range breakdowns {
		if code := r.Get(column); code != "" && code != "all" {
			parts = append(parts, v.label(column, code))
		}
	}
	return strings.Join(parts, "; ")
}
