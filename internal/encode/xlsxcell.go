// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

const (
	// maxPlaces is the maximum number of decimal places with a style, maxDigits the
	// number of digits that spreadsheets preserve.
	maxPlaces = 6
	maxDigits = 15
)

// decimalPlaces returns the decimal places of a number, and whether a spreadsheet can
// store and show it exactly as it is written.
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

// firstSerial is the first of March 1900. Spreadsheets have a 29 February 1900, which
// did not exist.
const (
	firstSerial = 61
	epochSerial = 25569 // 1970-01-01
)

// serialDay returns the serial number of a day YYYY-MM-DD in the 1900 date system.
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

// digits parses a number that consists of digits only, or returns a negative one.
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

// widths are the widths of columns by type, in characters.
var widths = map[dataset.Type]int{
	dataset.Identifier: 24, dataset.Reference: 24, dataset.Code: 16, dataset.String: 48, dataset.Date: 12,
	dataset.Period: 14, dataset.Decimal: 12, dataset.Integer: 10, dataset.Boolean: 10, dataset.List: 32,
}

// columnWidth returns a width with room for the header and its filter button.
func columnWidth(c dataset.Column, header string) int {
	return min(max(widths[c.Type], utf8.RuneCountInString(header)+4), 60)
}

// xlsxRow is the XML of one row of a sheet.
type xlsxRow struct {
	b      []byte
	number int
	// letters name the columns.
	letters []string
}

// begin starts a new row and discards the previous one.
func (r *xlsxRow) begin(number int) {
	r.number = number
	r.b = append(r.b[:0], `<row r="`...)
	r.b = strconv.AppendInt(r.b, int64(number), 10)
	r.b = append(r.b, `">`...)
}

func (r *xlsxRow) end() []byte {
	r.b = append(r.b, "</row>"...)
	return r.b
}

// cell starts a cell; the empty kind is a number.
func (r *xlsxRow) cell(column, style int, kind string) {
	r.b = append(append(r.b, `<c r="`...), r.letters[column]...)
	r.b = strconv.AppendInt(r.b, int64(r.number), 10)
	r.b = append(r.b, `" s="`...)
	r.b = strconv.AppendInt(r.b, int64(style), 10)
	if kind != "" {
		r.b = append(append(r.b, `" t="`...), kind...)
	}
	r.b = append(r.b, `">`...)
}

// value appends a number or a boolean as it is written.
func (r *xlsxRow) value(column, style int, kind string, value []byte) {
	r.cell(column, style, kind)
	r.b = append(append(append(r.b, "<v>"...), value...), "</v></c>"...)
}

func (r *xlsxRow) integer(column, style int, n int64) {
	r.cell(column, style, "")
	r.b = strconv.AppendInt(append(r.b, "<v>"...), n, 10)
	r.b = append(r.b, "</v></c>"...)
}

// text appends text, which is never a formula.
func (r *xlsxRow) text(column, style int, text []byte) {
	if len(text) == 0 {
		return
	}
	r.cell(column, style, "inlineStr")
	r.b = appendXMLText(append(r.b, `<is><t xml:space="preserve">`...), text)
	r.b = append(r.b, "</t></is></c>"...)
}

// maxCellText is the maximum length of text in a cell, in UTF-16 code units.
const maxCellText = 32767

// utf16Length returns the length of the text in UTF-16 code units.
func utf16Length(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// utf16Prefix returns the start of the text, with at most room UTF-16 code units.
func utf16Prefix(text string, room int) string {
	for i, r := range text {
		if room -= utf16.RuneLen(r); room < 0 {
			return text[:i]
		}
	}
	return text
}

// appendXMLText appends text for XML 1.0. Characters that XML does not allow, and
// carriage returns, which parsers normalize to line feeds, are escaped as _x0001_
// (ECMA-376-1, 22.9.2.19); so is text that looks like such an escape. Invalid UTF-8
// becomes U+FFFD.
func appendXMLText(b, text []byte) []byte {
	start := 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if escape := xmlEscape(r, size, text[i:]); escape != "" {
			b = append(append(b, text[start:i]...), escape...)
			start = i + size
		}
		i += size
	}
	return append(b, text[start:]...)
}

// xmlEscape returns the escape for the first character of the text, or nothing.
func xmlEscape(r rune, size int, text []byte) string {
	switch {
	case r == '&':
		return "&amp;"
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case r == '_' && looksEscaped(text):
		return "_x005F_"
	case r < ' ' && r != '\t' && r != '\n':
		return controls[r]
	case r == 0xFFFE:
		return "_xFFFE_"
	case r == 0xFFFF:
		return "_xFFFF_"
	case r == utf8.RuneError && size == 1:
		return "\uFFFD"
	}
	return ""
}

// controls are the escapes of control characters.
var controls = func() (out [' ']string) {
	const hex = "0123456789ABCDEF"
	for c := range out {
		out[c] = "_x00" + string(hex[c>>4]) + string(hex[c&15]) + "_"
	}
	return out
}()

// looksEscaped reports whether the text would be read as starting with an escape,
// _x0041_. Its last underscore can also be the first of the escape that follows.
func looksEscaped(text []byte) bool {
	if len(text) < 7 || text[1] != 'x' {
		return false
	}
	for _, c := range text[2:6] {
		if !strings.ContainsRune("0123456789ABCDEFabcdef", rune(c)) {
			return false
		}
	}
	next, _ := utf8.DecodeRune(text[6:])
	return next == '_' || next < ' ' && next != '\t' && next != '\n' || next == 0xFFFE || next == 0xFFFF
}

// maxSheetName is the maximum length of the name of a sheet, in UTF-16 code units.
const maxSheetName = 31

var sheetNameLetters = strings.NewReplacer(":", " ", `\`, " ", "/", " ", "?", " ", "*", " ", "[", "(", "]", ")", "'", "’")

// sheetName returns the name of the n-th sheet with a title. A long title is truncated
// after a word and gets an ellipsis.
func sheetName(title string, n int) string {
	suffix := ""
	if n > 1 {
		suffix = " (" + strconv.Itoa(n) + ")"
	}
	name := strings.Join(strings.Fields(sheetNameLetters.Replace(title)), " ")
	room := maxSheetName - len(suffix)
	if utf16Length(name) > room {
		name = shorten(name, room-1) + "…"
	}
	return name + suffix
}

// shorten returns as many words of a text that is too long as fit, or as many letters.
func shorten(text string, room int) string {
	start := utf16Prefix(text, room)
	if space := strings.LastIndexByte(start, ' '); space > 0 && text[len(start)] != ' ' {
		return text[:space]
	}
	return strings.TrimSpace(start)
}
