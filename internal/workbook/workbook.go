// SPDX-License-Identifier: EUPL-1.2

// Package workbook reads workbooks in the format XLSX (ECMA-376), as spreadsheet programs
// save them, row by row and within limits. A cell is returned as it is stored, with its
// formula and number format: what it means is left to the caller.
package workbook

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is the kind of what a cell stores.
type Kind int

// The kinds of cells.
const (
	Empty Kind = iota
	Number
	Text
	Boolean
	Error
)

// Cell is a cell of a row.
type Cell struct {
	// Column counts from 0.
	Column int
	Kind   Kind
	// Value is the text, the number as it is stored, 0 or 1, or the error.
	Value string
	// Formula is the formula without its equals sign, or "…" if the file has it elsewhere.
	Formula string
	// Format is the code of the number format, such as 0.00, yyyy\-mm\-dd or @.
	Format string
}

// Sheet is a sheet of a workbook.
type Sheet struct {
	Name string
	part *zip.File
}

// File is an open workbook.
type File struct {
	Sheets []Sheet
	// Epoch is the number of days that must be added to days of this workbook for the date
	// system of 1900.
	Epoch   int
	strings []string
	formats []string
}

// Limits bound what is kept in memory.
type Limits struct {
	// Strings is the maximum size of the texts that cells share, in bytes.
	Strings int64
	// Rows is the maximum number of a row.
	Rows int
}

// maxColumns is the maximum number of columns of a sheet.
const maxColumns = 1 << 14

// maxPart is the maximum size of a part that lists sheets or formats, in bytes: what is kept
// of its elements can be ten times as large. maxStrings is the maximum number of shared texts,
// which can be empty.
const (
	maxPart    = 32 << 20
	maxStrings = 1 << 22
)

// Is reports whether an archive is a workbook.
func Is(archive *zip.Reader) bool {
	return slices.ContainsFunc(archive.File, func(f *zip.File) bool { return f.Name == "xl/workbook.xml" })
}

// Open reads what all sheets share. An error says what is wrong with the file.
func Open(archive *zip.Reader, l Limits) (*File, error) {
	w := &File{}
	parts := map[string]*zip.File{}
	for _, f := range archive.File {
		parts[f.Name] = f
	}
	for _, name := range []string{"xl/_rels/workbook.xml.rels", "xl/workbook.xml", "xl/styles.xml"} {
		if err := checkSize(parts[name], maxPart); err != nil {
			return nil, err
		}
	}
	targets := map[string]string{}
	var shared *zip.File
	err := elements(parts["xl/_rels/workbook.xml.rels"], func(d *decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" {
			target, absolute := strings.CutPrefix(attribute(e, "Target"), "/")
			if !absolute {
				target = path.Join("xl", target)
			}
			targets[attribute(e, "Id")] = target
			if strings.HasSuffix(attribute(e, "Type"), "/sharedStrings") {
				shared = parts[target]
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = elements(parts["xl/workbook.xml"], func(_ *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if date := attribute(e, "date1904"); date == "1" || date == "true" {
				w.Epoch = 1462
			}
		case "sheet":
			name, part := attribute(e, "name"), parts[targets[attribute(e, "id")]]
			if part == nil {
				return fmt.Errorf("the sheet %q is missing from the file", name)
			}
			if i := slices.IndexFunc(w.Sheets, func(s Sheet) bool { return s.part == part }); i >= 0 {
				return fmt.Errorf("the sheets %q and %q are one file, %s", w.Sheets[i].Name, name, part.Name)
			}
			if strings.HasPrefix(part.Name, "xl/worksheets/") {
				w.Sheets = append(w.Sheets, Sheet{name, part})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(w.Sheets) == 0 {
		return nil, errors.New("there is no sheet with cells")
	}
	if err := w.readFormats(parts["xl/styles.xml"]); err != nil {
		return nil, err
	}
	return w, w.readStrings(shared, l.Strings)
}

// maxDepth is the maximum depth of elements, of which spreadsheets need a tenth. A decoder
// keeps all that are open.
const maxDepth = 100

// maxText is the maximum size of a token and of the text of a cell, in bytes. Spreadsheets
// allow 32,767 characters.
const maxText = 1 << 20

var errLongText = fmt.Errorf("a text has more than %d bytes", maxText)

// decoder reads the tokens of a part.
type decoder struct {
	xml   *xml.Decoder
	part  *tokenReader
	depth int
}

func newDecoder(part io.Reader) *decoder {
	r := &tokenReader{part: part}
	return &decoder{xml: xml.NewDecoder(r), part: r}
}

// tokenReader reads a part, but no more than maxText for one token: xml.Decoder keeps all of
// it in memory.
type tokenReader struct {
	part io.Reader
	left int
}

// Read reads some of the part.
func (r *tokenReader) Read(b []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongText
	}
	n, err := r.part.Read(b)
	r.left -= n
	return n, err
}

// Token returns the next token.
func (d *decoder) Token() (xml.Token, error) {
	d.part.left = maxText
	token, err := d.xml.Token()
	switch token.(type) {
	case xml.StartElement:
		if d.depth++; d.depth > maxDepth {
			return nil, fmt.Errorf("its elements are nested too deeply; at most %d levels are allowed", maxDepth)
		}
	case xml.EndElement:
		d.depth--
	}
	return token, err
}

// Skip reads the rest of the element whose start was read last.
func (d *decoder) Skip() error {
	for outside := d.depth - 1; d.depth > outside; {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	return nil
}

// elements calls yield for each start tag of a part. A part that is missing has none.
func elements(part *zip.File, yield func(*decoder, xml.StartElement) error) error {
	if part == nil {
		return nil
	}
	content, err := part.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", part.Name, err)
	}
	defer content.Close()
	d := newDecoder(content)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part.Name, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := yield(d, e); err != nil {
				return err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// text returns the text of an element, without phonetic hints.
func text(d *decoder) (string, error) {
	var b strings.Builder
	open, written, hint := 1, 0, 0
	for open > 0 {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			open++
			if t.Name.Local == "rPh" && hint == 0 {
				hint = open
			}
			if t.Name.Local == "t" {
				written = open
			}
		case xml.EndElement:
			if open == hint {
				hint = 0
			}
			if open == written {
				written = 0
			}
			open--
		case xml.CharData:
			if written > 0 && hint == 0 {
				b.Write(t)
			}
			if b.Len() > maxText {
				return "", errLongText
			}
		}
	}
	return unescape(b.String()), nil
}

// unescape decodes _x0041_ (ECMA-376-1, 22.9.2.19).
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		if len(text) >= 7 && text[0] == '_' && text[1] == 'x' && text[6] == '_' {
			if n, err := strconv.ParseUint(text[2:6], 16, 16); err == nil {
				b.WriteRune(rune(n))
				text = text[7:]
				continue
			}
		}
		b.WriteByte(text[0])
		text = text[1:]
	}
	return b.String()
}

func (w *File) readStrings(part *zip.File, limit int64) error {
	if err := checkSize(part, limit); err != nil {
		return err
	}
	return elements(part, func(d *decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		s, err := text(d)
		if err != nil {
			return fmt.Errorf("%s: %w", part.Name, err)
		}
		if w.strings = append(w.strings, s); len(w.strings) > maxStrings {
			return fmt.Errorf("%s: has more than %d texts", part.Name, maxStrings)
		}
		return nil
	})
}

func checkSize(part *zip.File, limit int64) error {
	if part != nil && part.UncompressedSize64 > uint64(limit) {
		return fmt.Errorf("%s: has more than %d bytes", part.Name, limit)
	}
	return nil
}

// builtIn are the number formats that a file does not define (ECMA-376-1, 18.8.30).
var builtIn = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
	14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "dd/mm/yyyy h:mm",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0", 48: "##0.0E+0", 49: "@",
}

const general = "General"

// readFormats reads the number format of each style of cells.
func (w *File) readFormats(part *zip.File) error {
	defined, cells := map[int]string{}, false
	return elements(part, func(_ *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if id, err := strconv.Atoi(attribute(e, "numFmtId")); err == nil && !cells {
				defined[id] = attribute(e, "formatCode")
			}
		case "cellXfs":
			cells = true
		case "cellStyles", "dxfs":
			cells = false
		case "xf":
			if !cells {
				return nil
			}
			id, _ := strconv.Atoi(attribute(e, "numFmtId"))
			format, ok := defined[id]
			if !ok {
				format = builtIn[id]
			}
			if !ok && format == "" {
				format = general
			}
			w.formats = append(w.formats, format)
		}
		return nil
	})
}

// Rows yields the rows of a sheet with their numbers, which count from 1. Rows and cells
// that are empty may be left out; a row is valid until the next. It returns the ranges of
// merged cells.
func (w *File) Rows(s Sheet, l Limits, yield func(number int, cells []Cell) error) (merged []string, err error) {
	number, last := 0, 0
	var cells []Cell
	flush := func() error {
		if number == last {
			return nil
		}
		last = number
		return yield(number, cells)
	}
	err = elements(s.part, func(d *decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "row":
			if err := flush(); err != nil {
				return err
			}
			number = last + 1
			if r := attribute(e, "r"); r != "" {
				number, _ = strconv.Atoi(r)
			}
			if number > l.Rows {
				return fmt.Errorf("%s: has more than %d rows", s.part.Name, l.Rows)
			}
			if number <= last {
				return fmt.Errorf("%s: the rows are not in order after row %d", s.part.Name, last)
			}
			cells = cells[:0]
		case "c":
			c := Cell{Format: general}
			if len(cells) > 0 {
				c.Column = cells[len(cells)-1].Column + 1
			}
			if r := attribute(e, "r"); r != "" {
				if c.Column = column(r); c.Column < 0 || len(cells) > 0 && c.Column <= cells[len(cells)-1].Column {
					return fmt.Errorf("%s: row %d: the cells are not in order at %q", s.part.Name, number, r)
				}
			}
			if c.Column >= maxColumns {
				return fmt.Errorf("%s: row %d: has more than %d cells", s.part.Name, number, maxColumns)
			}
			if style, err := strconv.Atoi(attribute(e, "s")); err == nil && style >= 0 && style < len(w.formats) {
				c.Format = w.formats[style]
			}
			if err := w.cell(d, attribute(e, "t"), &c); err != nil {
				return fmt.Errorf("%s: row %d: %w", s.part.Name, number, err)
			}
			cells = append(cells, c)
		case "mergeCell":
			if merged = append(merged, attribute(e, "ref")); len(merged) > maxMerged {
				return fmt.Errorf("%s: has more than %d ranges of merged cells", s.part.Name, maxMerged)
			}
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	return merged, err
}

const maxMerged = 10_000

// inline is the type of a cell that has its text itself.
const inline = "inlineStr"

// cell reads the content of a cell.
func (w *File) cell(d *decoder, kind string, c *Cell) error {
	value, found := "", false
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		if _, end := token.(xml.EndElement); end {
			break
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch e.Name.Local {
		case "v":
			if kind == inline {
				err = d.Skip()
			} else {
				found = true
				value, err = characters(d)
			}
			if err != nil {
				return err
			}
		case "is":
			if kind != inline {
				err = d.Skip()
			} else {
				found = true
				value, err = text(d)
			}
			if err != nil {
				return err
			}
		case "f":
			if c.Formula, err = characters(d); err != nil {
				return err
			}
			if c.Formula == "" {
				c.Formula = "…"
			}
		default:
			if err := d.Skip(); err != nil {
				return err
			}
		}
	}
	if !found {
		return nil
	}
	switch c.Value = value; kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || i < 0 || i >= len(w.strings) {
			return fmt.Errorf("there is no text number %q", value)
		}
		c.Kind, c.Value = Text, w.strings[i]
	case inline:
		c.Kind = Text
	case "str":
		c.Kind, c.Value = Text, unescape(value)
	case "b":
		c.Kind = Boolean
	case "e":
		c.Kind = Error
	case "d":
		return c.setDay(value, w.Epoch)
	default:
		if c.Value = strings.TrimSpace(value); c.Value == "" {
			return nil
		}
		if _, err := strconv.ParseFloat(c.Value, 64); err != nil {
			return fmt.Errorf("%q is not a number", value)
		}
		c.Kind = Number
	}
	if c.Kind == Text && c.Value == "" {
		c.Kind = Empty
	}
	return nil
}

// setDay stores a date in ISO 8601 as the other programs do: as the number of a day, in a
// workbook with this Epoch.
func (c *Cell) setDay(value string, offset int) error {
	t, err := time.Parse("2006-01-02T15:04:05.999", strings.TrimSuffix(value, "Z"))
	if err != nil {
		t, err = time.Parse(time.DateOnly, value)
	}
	if err != nil {
		return fmt.Errorf("%q is not a date", value)
	}
	days := float64(t.UnixMilli()-epoch.UnixMilli())/float64(24*time.Hour/time.Millisecond) - float64(offset)
	c.Kind, c.Value = Number, strconv.FormatFloat(days, 'f', -1, 64)
	if !IsDate(c.Format) {
		c.Format = "yyyy-mm-dd"
	}
	return nil
}

// epoch is day 0 of the date system of 1900 for all days after 28 February 1900.
var epoch = time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)

// Day returns the day with a number, and whether days have that number: 1900-03-01 to
// 9999-12-31.
func Day(number int) (time.Time, bool) {
	return epoch.AddDate(0, 0, number), number >= 61 && number <= 2958465
}

func characters(d *decoder) (string, error) {
	var b strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.CharData:
			if b.Write(t); b.Len() > maxText {
				return "", errLongText
			}
		case xml.StartElement:
			if err := d.Skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// column returns the column of a cell such as F17, or -1.
func column(name string) int {
	n := 0
	for i := range len(name) {
		c := name[i]
		if c < 'A' || c > 'Z' {
			if i == 0 {
				return -1
			}
			break
		}
		if n = n*26 + int(c-'A') + 1; n > maxColumns {
			return -1
		}
	}
	return n - 1
}

// Letters returns the name of a column: F is column 5.
func Letters(column int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// Range returns the first and last column and row of a range such as B2:C9. Columns count
// from 0, rows from 1.
func Range(ref string) (columns, rows [2]int, ok bool) {
	first, last, two := strings.Cut(ref, ":")
	if !two {
		last = first
	}
	for i, name := range []string{first, last} {
		digits := strings.TrimLeft(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
		row, err := strconv.Atoi(digits)
		if columns[i], rows[i] = column(name), row; err != nil || columns[i] < 0 {
			return columns, rows, false
		}
	}
	return columns, rows, true
}

// Reference returns the name of a cell as spreadsheets write it: 'Zwei Wörter'!F17.
func Reference(sheet, cell string) string {
	plain := !strings.ContainsFunc(sheet, func(r rune) bool {
		return r < 'a' && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_' || r > 'z' && r < 0x80
	})
	if !plain || sheet == "" || sheet[0] >= '0' && sheet[0] <= '9' {
		sheet = "'" + strings.ReplaceAll(sheet, "'", "''") + "'"
	}
	return sheet + "!" + cell
}
