// SPDX-License-Identifier: EUPL-1.2

package openpvog

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
)

// field is a field of the exports that the conversion uses.
type field int

const (
	leikaKey field = iota
	leikaName
	leikaLabel
	ars
	ozgID
	address
	addressStatus
	active
	coverage
	exclusionReason
	dataDate
	topic
	fieldCount
)

// fieldNames are the names of the fields in snake_case, as messages show them.
var fieldNames = [fieldCount]string{
	"leika_key", "leika_name", "leika_bezeichnung", "ars", "ozgid", "url", "online_status", "aktiv",
	"art_flaechendeckung", "begruendung_nicht_beruecksichtigt", "datenstand_pvog_import", "themenfeld",
}

// required are the fields without which a file cannot be used.
var required = []field{leikaKey, ars, address}

// fields are the fields by name without case and separators.
var fields = func() map[string]field {
	m := map[string]field{"ozgthemenfeld": topic}
	for f, name := range fieldNames {
		m[plainName(name)] = field(f)
	}
	return m
}()

var plainer = strings.NewReplacer("_", "", "-", "", " ", "", "ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")

// plainName returns a name that is the same for leika_key, leikaKey and Leika-Key.
func plainName(name string) string { return plainer.Replace(strings.ToLower(strings.TrimSpace(name))) }

// Place is a row in a file: a line of CSV or an entry of JSON, counted from 1. Last is the
// last line if there are several that cannot be told apart.
type Place struct {
	File              string
	Line, Last, Entry int
}

// String returns the place as messages show it.
func (p Place) String() string {
	switch {
	case p.Entry > 0:
		return fmt.Sprintf("%s, entry %d", p.File, p.Entry)
	case p.Last > p.Line:
		return fmt.Sprintf("%s, lines %d to %d", p.File, p.Line, p.Last)
	case p.Line > 0:
		return fmt.Sprintf("%s, line %d", p.File, p.Line)
	}
	return p.File
}

// rows returns the number of rows at the place: one for each line.
func (p Place) rows() int { return max(1, p.Last-p.Line+1) }

// record is a row of an export.
type record struct {
	place Place
	cells [fieldCount]string
}

// reader reads one file. Its functions are called for each row.
type reader struct {
	file   string
	row    func(*record)
	reject func(Rejection)
	// ignored collects the names of columns that are not used.
	ignored map[string]bool
}

// read reads a CSV or JSON file. The error is about the file as a whole.
func (r *reader) read(content io.Reader) error {
	text := bufio.NewReaderSize(content, maxHeader)
	if mark, _ := text.Peek(3); string(mark) == "\uFEFF" {
		_, _ = text.Discard(3)
	} else if len(mark) > 1 && (mark[0] == 0xFF && mark[1] == 0xFE || mark[0] == 0xFE && mark[1] == 0xFF) {
		return errors.New("is UTF-16; an export is UTF-8")
	}
	if strings.EqualFold(filepath.Ext(r.file), ".json") {
		return r.readJSON(text)
	}
	return r.readCSV(text)
}

// maxHeader is the maximum size in bytes of the line that names the columns.
const maxHeader = 1 << 16

func (r *reader) readCSV(text *bufio.Reader) error {
	first, _ := text.Peek(maxHeader)
	first, _, _ = bytes.Cut(first, []byte("\n"))
	lines := csv.NewReader(text)
	lines.FieldsPerRecord, lines.ReuseRecord = -1, true
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		lines.Comma = ';'
	}
	header, err := lines.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("is empty; the first line must name the columns")
	}
	if err != nil {
		return fmt.Errorf("is not CSV: %w", err)
	}
	places, err := r.places(header)
	if err != nil {
		return err
	}
	width := len(header)
	for {
		cells, err := lines.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &broken):
			// A quotation mark that is not closed takes in all lines up to the next one.
			r.reject(Rejection{Place: Place{File: r.file, Line: broken.StartLine, Last: broken.Line}, Rule: "is not CSV: " + broken.Err.Error()})
			continue
		case err != nil:
			return err
		}
		line, _ := lines.FieldPos(0)
		rec := record{place: Place{File: r.file, Line: line}}
		if len(cells) != width {
			rec.place.Last = line + strings.Count(strings.Join(cells, ""), "\n")
			r.reject(Rejection{Place: rec.place, Rule: fmt.Sprintf("has %d cells instead of %d", len(cells), width)})
			continue
		}
		for i, f := range places {
			if f >= 0 {
				rec.cells[f] = clean(cells[i])
			}
		}
		r.row(&rec)
	}
}

// places returns the field of each column, or -1.
func (r *reader) places(header []string) ([]field, error) {
	places := make([]field, len(header))
	for i, name := range header {
		f, known := fields[plainName(name)]
		if !known {
			r.ignored[strings.TrimSpace(name)] = true
			places[i] = -1
			continue
		}
		if slices.Contains(places[:i], f) {
			return nil, fmt.Errorf("has the column %s twice", fieldNames[f])
		}
		places[i] = f
	}
	for _, f := range required {
		if !slices.Contains(places, f) {
			return nil, fmt.Errorf("has no column %s; the first line must name the columns; required: %s, %s, %s",
				fieldNames[f], fieldNames[leikaKey], fieldNames[ars], fieldNames[address])
		}
	}
	return places, nil
}

// readJSON reads pages of the API: objects with the entries in content, or lists of
// entries. Entries are decoded one by one.
func (r *reader) readJSON(text io.Reader) error {
	d := json.NewDecoder(text)
	d.UseNumber()
	entry := 0
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF) && entry == 0 && d.InputOffset() == 0:
			return errors.New("is empty")
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("is not JSON: %w", err)
		case token == json.Delim('['):
			err = r.entries(d, &entry)
		case token == json.Delim('{'):
			err = r.page(d, &entry)
		default:
			return errors.New("is not a page of the API: it must be an object with content, or a list")
		}
		if err != nil {
			return err
		}
	}
}

// page reads the members of a page after its opening brace.
func (r *reader) page(d *json.Decoder, entry *int) error {
	found := false
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return fmt.Errorf("is not JSON: %w", err)
		}
		if name != "content" {
			var other json.RawMessage
			if err := d.Decode(&other); err != nil {
				return fmt.Errorf("is not JSON: %w", err)
			}
			continue
		}
		if token, err := d.Token(); err != nil || token != json.Delim('[') {
			return errors.New("is not a page of the API: content must be a list")
		}
		if err := r.entries(d, entry); err != nil {
			return err
		}
		found = true
	}
	if !found {
		return errors.New("is not a page of the API: it has no content")
	}
	return end(d)
}

// entries reads a list after its opening bracket.
func (r *reader) entries(d *json.Decoder, entry *int) error {
	for d.More() {
		*entry++
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return fmt.Errorf("is not JSON in entry %d: %w", *entry, err)
		}
		r.entry(raw, Place{File: r.file, Entry: *entry})
	}
	return end(d)
}

// end reads the closing bracket or brace.
func end(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("is not JSON: %w", err)
	}
	return nil
}

func (r *reader) entry(raw json.RawMessage, place Place) {
	var members map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&members); err != nil || members == nil {
		r.reject(Rejection{Place: place, Value: string(raw), Rule: "is not an object"})
		return
	}
	rec := record{place: place}
	given := map[field]bool{}
	for _, name := range slices.Sorted(maps.Keys(members)) { // the first fault is reported
		value := members[name]
		f, known := fields[plainName(name)]
		if !known {
			r.ignored[name] = true
			continue
		}
		if given[f] {
			r.reject(Rejection{Place: place, Column: fieldNames[f], Rule: "is given twice"})
			return
		}
		given[f] = true
		switch v := value.(type) {
		case nil:
		case string:
			rec.cells[f] = clean(v)
		case json.Number:
			rec.cells[f] = v.String()
		default:
			r.reject(Rejection{Place: place, Column: fieldNames[f], Value: fmt.Sprint(v), Rule: "must be a text or a number"})
			return
		}
	}
	for _, f := range required {
		if !given[f] {
			r.reject(Rejection{Place: place, Column: fieldNames[f], Rule: "is missing"})
			return
		}
	}
	r.row(&rec)
}

// clean returns a cell without needless space; null is how some exports write an empty
// cell.
func clean(cell string) string {
	if cell == "null" || cell == "NULL" {
		return ""
	}
	if strings.TrimSpace(cell) == cell && !strings.ContainsAny(cell, "\r\n\t") && !strings.Contains(cell, "  ") {
		return strings.Clone(cell)
	}
	return strings.Join(strings.Fields(cell), " ")
}

// Rejection is a row that is not converted.
type Rejection struct {
	Place  Place
	Column string
	Value  string
	Rule   string
	// Allowed lists the accepted values, if there are few.
	Allowed []string
}

// String returns the rejection on one line.
func (r Rejection) String() string {
	out := r.Place.String()
	if r.Column != "" {
		out += ", column " + r.Column
	}
	out += ": "
	if r.Value != "" {
		out += quote(r.Value) + " "
	}
	out += r.Rule
	if len(r.Allowed) > 0 {
		if nearest := domain.Nearest(r.Value, r.Allowed); nearest != "" && len(r.Value) <= maxShown {
			out += "; did you mean " + quote(nearest) + "?"
		}
		out += "; allowed: " + strings.Join(r.Allowed, ", ")
	}
	return out
}

// maxShown is the number of characters of a value that a message shows.
const maxShown = 80

func quote(value string) string {
	if runes := []rune(value); len(runes) > maxShown {
		return fmt.Sprintf("%q", string(runes[:maxShown])+"…")
	}
	return fmt.Sprintf("%q", value)
}
