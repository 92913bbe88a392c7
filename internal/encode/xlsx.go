// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/workbook"
)

// The maximum size of a sheet.
const (
	maxSheetRows    = 1 << 20
	maxSheetColumns = 1 << 14
)

// xlsxEncoder writes a workbook (ECMA-376): the rows on one sheet or, if they do not
// fit, on several, then a metadata sheet. Rows are compressed as they are written and
// not kept in memory.
type xlsxEncoder struct {
	zip *zip.Writer
	d   Document
	// words are the texts in the language of the document.
	words   *words
	sources sourceList
	codes   codeList
	cuts    cuts
	sheets  []xlsxSheet
	// name is the name of the current sheet.
	name string
	// sheet is the current part, nil before the first.
	sheet io.Writer
	row   xlsxRow
	// rows counts the rows of the document, row.number those of the sheet.
	rows    int64
	maxRows int
	err     error
}

// xlsxSheet is a sheet that has been started.
type xlsxSheet struct {
	name string
	// filter is the range of the autofilter, empty if there is none.
	filter string
}

func newXLSX(w io.Writer, d Document) Encoder { return newWorkbook(w, d, maxSheetRows) }

func newWorkbook(w io.Writer, d Document, maxRows int) *xlsxEncoder {
	e := &xlsxEncoder{zip: zip.NewWriter(w), d: d, words: wordsIn(d.Labels), maxRows: maxRows}
	for i := range max(len(d.Columns), metadataColumns) {
		e.row.letters = append(e.row.letters, workbook.Letters(i))
	}
	if len(d.Columns) > maxSheetColumns {
		e.err = fmt.Errorf("xlsx: %d columns, a sheet has at most %d", len(d.Columns), maxSheetColumns)
		return e
	}
	if e.sources, e.err = readSources(d); e.err == nil {
		e.codes, e.err = readCodes(d)
	}
	return e
}

// Row writes one row. After an error, all further calls return it.
func (e *xlsxEncoder) Row(cells [][]byte) error {
	if e.err == nil {
		e.err = e.writeRow(cells)
	}
	return e.err
}

func (e *xlsxEncoder) writeRow(cells [][]byte) error {
	if e.rows == e.d.Rows {
		return fmt.Errorf("xlsx: more rows than the %d announced", e.d.Rows)
	}
	if err := e.makeRoom(); err != nil {
		return err
	}
	e.rows++
	e.row.begin(e.row.number + 1)
	for i, c := range e.d.Columns {
		e.value(i, c, cells[i])
	}
	_, err := e.sheet.Write(e.row.end())
	return err
}

// Close ends the document.
func (e *xlsxEncoder) Close() error {
	if e.err == nil {
		e.err = e.finish()
	}
	return e.err
}

func (e *xlsxEncoder) finish() error {
	if e.sheet == nil {
		if err := e.makeRoom(); err != nil {
			return err
		}
	}
	if err := e.endRows(); err != nil {
		return err
	}
	if e.rows != e.d.Rows {
		return fmt.Errorf("xlsx: %d rows instead of the %d announced", e.rows, e.d.Rows)
	}
	if err := e.writeMetadata(); err != nil {
		return err
	}
	if err := e.writeIndex(); err != nil {
		return err
	}
	return e.zip.Close()
}

// makeRoom starts the first sheet, and the next when one is full.
func (e *xlsxEncoder) makeRoom() error {
	switch {
	case e.sheet == nil:
		if err := e.writeFixed(); err != nil {
			return err
		}
	case e.row.number < e.maxRows:
		return nil
	default:
		if err := e.endRows(); err != nil {
			return err
		}
	}
	return e.beginRows()
}

// beginRows starts a sheet of rows with its header.
func (e *xlsxEncoder) beginRows() error {
	widths := make([]int, len(e.d.Columns))
	for i, c := range e.d.Columns {
		widths[i] = columnWidth(c, e.d.label(c))
	}
	cells := cellRange(len(e.d.Columns), int(min(e.d.Rows-e.rows, int64(e.maxRows)-1))+1)
	if err := e.beginSheet(sheetName(e.title(), len(e.sheets)+1), cells, frozenHeader, widths); err != nil {
		return err
	}
	e.row.begin(1)
	for i, c := range e.d.Columns {
		e.text(i, styleHeader, []byte(e.d.label(c)))
	}
	_, err := e.sheet.Write(e.row.end())
	return err
}

// beginSheet starts the part of a sheet. Cells is the range that the rows will fill;
// streaming readers rely on it (ECMA-376-1, 18.3.1.35).
func (e *xlsxEncoder) beginSheet(name, cells, view string, widths []int) error {
	e.sheets, e.name = append(e.sheets, xlsxSheet{name: name}), name
	var err error
	if e.sheet, err = e.create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(e.sheets))); err != nil {
		return err
	}
	selected := ""
	if len(e.sheets) == 1 {
		selected = ` tabSelected="1"`
	}
	_, err = fmt.Fprintf(e.sheet, sheetBegin, cells, selected, view, columnsXML(widths))
	return err
}

// cellRange returns the range of the first columns and rows: A1:M488.
func cellRange(columns, rows int) string {
	if columns == 0 || rows == 0 || columns*rows == 1 {
		return "A1"
	}
	return "A1:" + workbook.Letters(columns-1) + strconv.Itoa(rows)
}

func columnsXML(widths []int) string {
	if len(widths) == 0 {
		return ""
	}
	var b strings.Builder
	for i, w := range widths {
		fmt.Fprintf(&b, `<col min="%d" max="%[1]d" width="%d" customWidth="1"/>`, i+1, w)
	}
	return "<cols>" + b.String() + "</cols>"
}

// endRows ends a sheet of rows. The filter covers the header and the rows.
func (e *xlsxEncoder) endRows() error {
	if len(e.d.Columns) == 0 {
		_, err := io.WriteString(e.sheet, "</sheetData></worksheet>")
		return err
	}
	last, end := e.row.letters[len(e.d.Columns)-1], strconv.Itoa(e.row.number)
	e.sheets[len(e.sheets)-1].filter = "$A$1:$" + last + "$" + end
	_, err := fmt.Fprintf(e.sheet, rowsEnd, "A1:"+last+end)
	return err
}

// title returns the title of the first sheet.
func (e *xlsxEncoder) title() string {
	if e.d.Dataset == nil {
		return e.words.data
	}
	return e.d.Dataset.Title.In(e.d.Labels)
}

// packed is the time of every part, so that the same rows give the same bytes.
var packed = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// create starts a part of the package.
func (e *xlsxEncoder) create(name string) (io.Writer, error) {
	return e.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: packed})
}

// value appends a cell in the type of its column, or as text if a spreadsheet would
// change the value.
func (e *xlsxEncoder) value(i int, c dataset.Column, cell []byte) {
	if len(cell) == 0 {
		return
	}
	if refersToSource(c) {
		e.sources.use(cell)
	}
	if isCode(c) {
		for code := range bytes.FieldsSeq(cell) {
			e.codes.use(c.Of, code)
		}
	}
	switch c.Type {
	case dataset.Decimal, dataset.Integer:
		if places, ok := decimalPlaces(cell); ok {
			e.row.value(i, styleDecimals+places, "", cell)
			return
		}
	case dataset.Date, dataset.Period:
		if day, ok := serialDay(cell); ok {
			e.row.integer(i, styleDate, day)
			return
		}
	case dataset.Boolean:
		switch string(cell) {
		case "true":
			e.row.value(i, styleGeneral, "b", []byte("1"))
			return
		case "false":
			e.row.value(i, styleGeneral, "b", []byte("0"))
			return
		}
	}
	e.text(i, styleText, cell)
}

// text appends a cell of text, truncated to the maximum length of a cell and marked if
// truncated.
func (e *xlsxEncoder) text(i, style int, text []byte) {
	if len(text) > maxCellText { // a code unit has at least one byte
		whole := string(text)
		if length := utf16Length(whole); length > maxCellText {
			e.cuts.note(e.name, e.row.letters[i], e.row.number, length)
			mark := fmt.Sprintf(e.words.cutMark, length)
			text = []byte(utf16Prefix(whole, maxCellText-utf16Length(mark)) + mark)
		}
	}
	e.row.text(i, style, text)
}
