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
// byte order mark, semicolons, decimal commas, and texts that stay what they are
// (excelCell).
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
