// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

// csvEncoder writes CSV (RFC 4180) with a header of column names or titles, and
// quotes cells only where necessary.
type csvEncoder struct {
	w         io.Writer
	columns   []dataset.Column
	separator byte
	// cell rewrites a cell for the dialect; nil leaves it unchanged.
	cell   func(scratch []byte, c dataset.Column, cell []byte) []byte
	last   lastRow
	buffer []byte
	// scratch is the buffer of a rewritten cell.
	scratch []byte
}

func newCSV(w io.Writer, d Document) Encoder {
	e := &csvEncoder{w: w, columns: d.Columns, separator: ','}
	e.header(d)
	return e
}

// newExcelDE returns an encoder for the dialect that opens by double click in a
// German Excel: byte order mark, semicolons, decimal commas, and cells that Excel
// does not convert (excelCell).
func newExcelDE(w io.Writer, d Document) Encoder {
	e := &csvEncoder{w: w, columns: d.Columns, separator: ';', cell: excelCell, buffer: []byte("\uFEFF")}
	e.header(d)
	return e
}

func (e *csvEncoder) header(d Document) {
	for i, c := range e.columns {
		e.buffer = e.appendCell(e.buffer, i, e.rewrite(dataset.Column{}, []byte(d.label(c))))
	}
	e.buffer = append(e.buffer, "\r\n"...)
	e.last.reset(len(e.columns), d.Immutable)
}

func (e *csvEncoder) Row(cells [][]byte) error {
	e.buffer = e.last.append(e.buffer, cells, func(b []byte, i int) []byte {
		return e.appendCell(b, i, e.rewrite(e.columns[i], cells[i]))
	})
	e.buffer = append(e.buffer, "\r\n"...)
	return e.flush()
}

// rewrite returns the cell in the dialect; the bytes are valid until the next call.
func (e *csvEncoder) rewrite(c dataset.Column, cell []byte) []byte {
	if e.cell == nil {
		return cell
	}
	e.scratch = e.cell(e.scratch[:0], c, cell)
	return e.scratch
}

func (e *csvEncoder) Close() error { return e.flush() }

func (e *csvEncoder) flush() error {
	_, err := e.w.Write(e.buffer)
	e.buffer, e.last.text = e.last.text[:0], e.buffer
	return err
}

// appendCell appends the cell, quoted if it contains a separator, a quotation mark or
// a line break (RFC 4180, 2.6 and 2.7), or if it is the only cell of a row and empty:
// most readers skip an empty line.
func (e *csvEncoder) appendCell(b []byte, i int, cell []byte) []byte {
	if i > 0 {
		b = append(b, e.separator)
	}
	if len(cell) == 0 && len(e.columns) == 1 {
		return append(b, `""`...)
	}
	if bytes.IndexByte(cell, e.separator) < 0 && !bytes.ContainsAny(cell, "\"\r\n") {
		return append(b, cell...)
	}
	b = append(b, '"')
	for _, c := range cell {
		if c == '"' {
			b = append(b, '"')
		}
		b = append(b, c)
	}
	return append(b, '"')
}

// excelCell rewrites a cell for the dialect excel-de. Numbers get a decimal comma and
// booleans stay unchanged. Keys, codes, dates and periods are always protected, so
// that a column is uniform; free text is protected if a spreadsheet might convert it.
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
	// maxLiteral and maxFormula are the maximum lengths of a text in a formula and of
	// the formula in Excel, in UTF-16 code units.
	maxLiteral = 255
	maxFormula = 8192
)

// appendProtected appends a formula that consists of the text only, ="05", in parts
// (="…"&"…") if it is longer than Excel allows. A text that is too long for a formula,
// or that contains a control character, which LibreOffice does not accept in one, gets
// a leading apostrophe instead, which is visible.
func appendProtected(b, cell []byte) []byte {
	start := len(b)
	if !bytes.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
		b = append(b, `="`...)
		length, room := len(`=""`), maxLiteral
		for i := 0; i < len(cell) && length <= maxFormula; {
			r, size := utf8.DecodeRune(cell[i:])
			need := utf16.RuneLen(r)
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

// isNumber reports whether the cell is a single number with a decimal comma.
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

// convertible reports whether a German or English spreadsheet might convert the text
// to a number, date, time, currency, percentage, fraction, boolean, error or formula.
// It errs on the side of yes.
//
// Spreadsheets convert a text only if they understand all of it. A text with a digit is
// therefore safe if it contains a word that is not part of any of these, and a text
// without a digit unless it is a boolean or starts with a sign.
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

// invisible reports whether a spreadsheet or a reader may overlook the character.
func invisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.C, unicode.Z, unicode.Other_Default_Ignorable_Code_Point)
}

// narrow converts a full-width character to ASCII.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

var truthValues = []string{"wahr", "falsch", "true", "false"}

// calendarWords are the words of more than three letters that may be part of a date or
// an amount. All shorter words may be: abbreviations of months and days, AM, EUR, Uhr.
var calendarWords = []string{
	"januar", "jänner", "februar", "feber", "märz", "april", "juni", "juli", "august", "sept", "september", "oktober", "november", "dezember",
	"january", "february", "march", "june", "july", "october", "december",
	"montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonnabend", "sonntag",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "tues", "thur", "thurs",
	"euro", "euros", "cent", "cents", "dollar", "dollars", "franken", "pfund", "pound", "pounds",
}
