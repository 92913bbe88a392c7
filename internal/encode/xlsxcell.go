package encode

import (
	"time"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

const (
	// maxPlaces are the decimal places that have a style, maxDigits what a
	// spreadsheet's number keeps of a number.
	maxPlaces = 6
	maxDigits = 15
)

// decimalPlaces returns the decimal places of a number, and whether a
// spreadsheet can hold and show it exactly as it is written.
func decimalPlaces(cell []byte) (places int, ok bool) {
	digits := cell
	if digits[0] == '-' {
		digits = digits[1:]
	}
	if len(digits) == 0 || len(digits) > 1 && digits[0] == '0' && digits[1] != '.' {
		return 0, false
	}
	point, significant := -1, 0
	for i, c := range digits {
		switch {
		case c == '.' && point < 0 && i > 0:
			point = i
		case c < '0' || c > '9':
			return 0, false
		case c > '0' || significant > 0:
			significant++
		}
	}
	if point >= 0 {
		places = len(digits) - 1 - point
	}
	negativeZero := significant == 0 && len(digits) < len(cell)
	return places, !negativeZero && significant <= maxDigits && places <= maxPlaces && point != len(digits)-1
}

// firstSerial is the first of March 1900: before it, spreadsheets count a day
// that never was.
const (
	firstSerial = 61
	epochSerial = 25569 // 1970-01-01
)

// serialDay returns the number of a day YYYY-MM-DD in the 1900 date system.
func serialDay(cell []byte) (int64, bool) {
	if len(cell) != len(time.DateOnly) || cell[4] != '-' || cell[7] != '-' {
		return 0, false
	}
	year, month, day := digits(cell[:4]), digits(cell[5:7]), digits(cell[8:])
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 0 || t.Month() != time.Month(month) || t.Day() != day {
		return 0, false
	}
	serial := t.Unix()/(24*60*60) + epochSerial
	return serial, serial >= firstSerial
}

// digits returns the number written in digits only, or a negative one.
func digits(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// widths are the columns' widths by type, in characters.
var widths = map[dataset.Type]int{
	dataset.Identifier: 24, dataset.Reference: 24, dataset.Code: 16, dataset.String: 48, dataset.Date: 12,
	dataset.Period: 14, dataset.Decimal: 12, dataset.Integer: 10, dataset.Boolean: 10, dataset.List: 32,
}

// columnWidth has room for the header beside the button of the filter.
func columnWidth(c dataset.Column, header string) int {
	return min(max(widths[c.Type], utf8.RuneCountInString(header)+4), 60)
}
