package encode

import (
	"bytes"
	"io"

	"github.com/zielstand/zielstand/internal/dataset"
)

// csvEncoder writes CSV (RFC 4180): a header of column names or titles, CRLF,
// cells quoted where they must be.
type csvEncoder struct {
	w         io.Writer
	columns   []dataset.Column
	separator byte
	// cell rewrites a cell for the dialect; nil leaves it.
	cell   func(scratch []byte, c dataset.Column, cell []byte) []byte
	buffer []byte
	// scratch holds a rewritten cell.
	scratch []byte
}

func newCSV(w io.Writer, d Document) Encoder {
	e := &csvEncoder{w: w, columns: d.Columns, separator: ','}
	e.header(d)
	return e
}

// newExcelDE writes the dialect that opens in a German Excel by double click:
// byte order mark, semicolons, decimal commas, nothing taken for a formula and
// no identifier or period taken for a number or date.
func newExcelDE(w io.Writer, d Document) Encoder {
	e := &csvEncoder{w: w, columns: d.Columns, separator: ';', cell: excelCell, buffer: []byte("\uFEFF")}
	e.header(d)
	return e
}

func (e *csvEncoder) header(d Document) {
	for i, c := range e.columns {
		e.appendCell(i, e.rewrite(dataset.Column{}, []byte(d.label(c))))
	}
	e.buffer = append(e.buffer, "\r\n"...)
}

func (e *csvEncoder) Row(cells [][]byte) error {
	for i, c := range e.columns {
		e.appendCell(i, e.rewrite(c, cells[i]))
	}
	e.buffer = append(e.buffer, "\r\n"...)
	return e.flush()
}

// rewrite returns the cell as the dialect has it; the bytes are valid until the
// next call.
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
	e.buffer = e.buffer[:0]
	return err
}

// appendCell appends the cell, quoted if it holds a separator, a quotation mark
// or a line end (RFC 4180, 2.6 and 2.7).
func (e *csvEncoder) appendCell(i int, cell []byte) {
	if i > 0 {
		e.buffer = append(e.buffer, e.separator)
	}
	if bytes.IndexByte(cell, e.separator) < 0 && !bytes.ContainsAny(cell, "\"\r\n") {
		e.buffer = append(e.buffer, cell...)
		return
	}
	e.buffer = append(e.buffer, '"')
	for _, c := range cell {
		if c == '"' {
			e.buffer = append(e.buffer, '"')
		}
		e.buffer = append(e.buffer, c)
	}
	e.buffer = append(e.buffer, '"')
}

// excelCell rewrites a cell for a spreadsheet. Numbers get a decimal comma. A
// text of digits and date signs (05, 2021-06, 1-2) becomes ="05", which stays
// text, and so do several numbers of one cell (6 / 7); a text that would run as
// a formula gets an apostrophe before it.
func excelCell(b []byte, c dataset.Column, cell []byte) []byte {
	switch {
	case len(cell) == 0:
		return b
	case c.Numeric() && isNumber(cell):
		return append(b, bytes.ReplaceAll(cell, []byte("."), []byte(","))...)
	case c.Numeric():
		return appendText(b, bytes.ReplaceAll(cell, []byte("."), []byte(",")))
	case looksNumeric(cell):
		return appendText(b, cell)
	case bytes.IndexByte([]byte("=+-@\t\r"), cell[0]) >= 0:
		return append(append(b, '\''), cell...)
	}
	return append(b, cell...)
}

// appendText appends a formula of nothing but the text, ="05".
func appendText(b, cell []byte) []byte {
	b = append(b, `="`...)
	b = append(b, bytes.ReplaceAll(cell, []byte(`"`), []byte(`""`))...)
	return append(b, '"')
}

// isNumber reports whether the cell is one number: digits, with a sign before
// and a point among them or not.
func isNumber(cell []byte) bool {
	digits := bytes.TrimPrefix(cell, []byte("-"))
	whole, places, point := bytes.Cut(digits, []byte("."))
	return onlyDigits(whole) && (!point || onlyDigits(places))
}

func onlyDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(b) > 0
}

// looksNumeric reports whether a spreadsheet may read the text as a number or a
// date: it begins with a digit and holds nothing but digits, blanks and the
// signs . , : / -
func looksNumeric(cell []byte) bool {
	if cell[0] < '0' || cell[0] > '9' {
		return false
	}
	for _, c := range cell {
		if (c < '0' || c > '9') && bytes.IndexByte([]byte(" .,:/-"), c) < 0 {
			return false
		}
	}
	return true
}
