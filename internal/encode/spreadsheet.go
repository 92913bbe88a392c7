package encode

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

// excelCell rewrites a cell for the dialect excel-de. Numbers get a decimal
// comma and truth values stay as they are. Keys, codes, dates and periods are
// protected whatever they look like, so that a column is uniform; a free text is
// protected if a spreadsheet might change it.
func excelCell(b []byte, c dataset.Column, cell []byte) []byte {
	switch {
	case len(cell) == 0, c.Type == dataset.Boolean:
		return append(b, cell...)
	case c.Numeric():
		cell = bytes.ReplaceAll(cell, []byte("."), []byte(","))
		if isNumber(cell) {
			return append(b, cell...)
		}
		return appendProtected(b, cell) // several numbers: 6 / 7
	case Protected(c), convertible(cell):
		return appendProtected(b, cell)
	}
	return append(b, cell...)
}

// Protected reports whether the dialect excel-de protects every cell of the
// column.
func Protected(c dataset.Column) bool {
	switch c.Type {
	case dataset.Identifier, dataset.Reference, dataset.Code, dataset.Date, dataset.Period, dataset.List:
		return true
	}
	return false
}

// ProtectedPattern is a regular expression that every protected cell matches.
const ProtectedPattern = `^(="([^"]|"")*"(&"([^"]|"")*")*|'.*)$`

const (
	// maxLiteral is the maximum length of a text in a formula of Excel, and
	// maxFormula that of the formula, both in UTF-16 code units.
	maxLiteral = 255
	maxFormula = 8192
)

// appendProtected appends a formula of nothing but the text, ="05", in parts
// (="…"&"…") where Excel allows no longer one. A text that is too long for a
// formula, or has a line break or another control character, which LibreOffice
// does not accept in one, gets an apostrophe before it. It stays text too, but the
// apostrophe is visible.
func appendProtected(b, cell []byte) []byte {
	start := len(b)
	if !bytes.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
		b = append(b, `="`...)
		length, room := len(`=""`), maxLiteral
		for i := 0; i < len(cell) && length <= maxFormula; {
			r, size := utf8.DecodeRune(cell[i:])
			need := units(r)
			if r == '"' {
				need = 2
			}
			if room -= need; room < 0 {
				b, room = append(b, `"&"`...), maxLiteral-need
				length += len(`"&"`)
			}
			if r == '"' {
				b = append(b, '"')
			}
			b = append(b, cell[i:i+size]...)
			length, i = length+need, i+size
		}
		if length <= maxFormula {
			return append(b, '"')
		}
	}
	return append(append(b[:start], '\''), cell...)
}

// isNumber reports whether the cell is one number with a decimal comma: digits,
// with or without a sign before and a comma among them.
func isNumber(cell []byte) bool {
	digits := bytes.TrimPrefix(cell, []byte("-"))
	whole, places, comma := bytes.Cut(digits, []byte(","))
	return onlyDigits(whole) && (!comma || onlyDigits(places))
}

func onlyDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// convertible reports whether a spreadsheet set to German or English might make
// something else of the text: a number, date, time, currency, percentage,
// fraction, truth value, error value or formula. It errs on the side of yes.
//
// Spreadsheets convert a text only if they understand all of it. So a text with
// a digit is safe if it has a word that belongs to none of these, and a text
// without a digit unless it is a truth value or begins with a sign.
func convertible(text []byte) bool {
	first, _ := utf8.DecodeRune(text)
	last, _ := utf8.DecodeLastRune(text)
	if invisible(first) || invisible(last) || strings.ContainsRune("=+-@−﹢﹣﹦﹫#'", narrow(first)) {
		return true
	}
	if len(text) <= len("FALSCH") && slices.Contains(truthValues, strings.ToLower(string(text))) {
		return true
	}
	if !bytes.ContainsFunc(text, unicode.IsNumber) {
		return false
	}
	var word []rune
	for rest := text; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		if unicode.IsLetter(r) || unicode.IsMark(r) {
			word = append(word, unicode.ToLower(narrow(r)))
			if len(rest) > 0 {
				continue
			}
		}
		if len(word) > 3 && !slices.Contains(calendarWords, string(word)) {
			return false
		}
		word = word[:0]
	}
	return true
}

// invisible reports whether a spreadsheet or a reader may skip the character.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.C, unicode.Z, unicode.Other_Default_Ignorable_Code_Point)
}

// narrow returns the ASCII character of a full-width one.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

var truthValues = []string{"wahr", "falsch", "true", "false"}

// calendarWords are the words of more than three letters that may be part of a
// date or an amount. All shorter words count as if they were: abbreviations of
// months and days, AM, EUR, Uhr.
var calendarWords = []string{
	"januar", "jänner", "februar", "feber", "märz", "april", "juni", "juli", "august", "sept", "september", "oktober", "november", "dezember",
	"january", "february", "march", "june", "july", "october", "december",
	"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tues", "thur", "thurs",
	"euro", "euros", "cent", "cents", "dollar", "dollars", "franken", "pfund", "pound", "pounds",
}
