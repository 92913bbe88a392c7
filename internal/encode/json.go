// SPDX-License-Identifier: EUPL-1.2

package encode

import (
	"io"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

// Meta is the member "meta" of a JSON document.
type Meta struct {
	// Dataset is the id of the dataset.
	Dataset string `json:"dataset" example:"goals"`
	// Release is the id of the release that the rows are from.
	Release string `json:"release" example:"2026.11.0"`
	// Modified is the date of the release, its member published; the dataset itself may have
	// last changed in an earlier release, see /datasets/{datasetId}.
	Modified time.Time `json:"modified" example:"2026-11-21T12:00:00Z"`
	// License is the IRI of the licence.
	License string `json:"license" example:"http://dcat-ap.de/def/licenses/dl-by-de/2.0"`
	// Attribution is the text that users of the data must show.
	Attribution string `json:"attribution" example:"Zielstand, Daten des Landes Nordrhein-Westfalen"`
	// Total is the number of matching rows, on all pages.
	Total *int64 `json:"total,omitempty" example:"78"`
}

// Links is the member "links" of a JSON document. All are absolute.
type Links struct {
	// Self is the permanent address of this document.
	Self string `json:"self"`
	// Latest is the same query for the latest release.
	Latest string `json:"latest,omitempty"`
	// Next is the next page, absent on the last.
	Next string `json:"next,omitempty"`
	// CSV is the same rows as CSV.
	CSV string `json:"csv,omitempty"`
	// Collection is the collection that a single row belongs to.
	Collection string `json:"collection,omitempty"`
}

// appendEnvelope appends the members "meta" and "links" as encoding/json writes them, but
// in a third of the time.
func appendEnvelope(b []byte, meta Meta, links Links) []byte {
	b = AppendString(append(b, `{"meta":{"dataset":`...), meta.Dataset)
	b = AppendString(append(b, `,"release":`...), meta.Release)
	b = meta.Modified.AppendFormat(append(b, `,"modified":"`...), time.RFC3339Nano)
	b = AppendString(append(b, `","license":`...), meta.License)
	b = AppendString(append(b, `,"attribution":`...), meta.Attribution)
	if meta.Total != nil {
		b = strconv.AppendInt(append(b, `,"total":`...), *meta.Total, 10)
	}
	b = AppendString(append(b, `},"links":{"self":`...), links.Self)
	for _, m := range [...]struct{ lead, address string }{
		{`,"latest":`, links.Latest}, {`,"next":`, links.Next}, {`,"csv":`, links.CSV}, {`,"collection":`, links.Collection},
	} {
		if m.address != "" {
			b = AppendString(append(b, m.lead...), m.address)
		}
	}
	return append(b, '}')
}

// jsonEncoder writes an object with the members meta, links and data (RFC 8259).
// Numbers keep the decimal places of the cell; an empty cell is null.
type jsonEncoder struct {
	w       io.Writer
	members []member
	names   []byte // of all members
	single  bool
	rows    int
	last    lastRow
	buffer  []byte
}

// member is a column in the JSON of each row.
type member struct {
	form form
	// lead precedes a value: ,"name": and the quotation mark of a string. Null is the
	// member without a value.
	lead, null []byte
	// tail follows the value, if anything does.
	tail []byte
}

// form is the JSON type of the cells of a column.
type form uint8

const (
	quoted form = iota
	bare
	array
)

func formOf(t dataset.Type) form {
	switch t {
	case dataset.Decimal, dataset.Integer, dataset.Boolean:
		return bare
	case dataset.List:
		return array
	default:
		return quoted
	}
}

// jsonEncoders pools encoders with their buffers, a tenth of the allocations of a page.
var jsonEncoders = sync.Pool{New: func() any { return new(jsonEncoder) }}

func newJSON(w io.Writer, d Document) Encoder {
	e := jsonEncoders.Get().(*jsonEncoder)
	e.w, e.single, e.rows = w, d.Single, 0
	e.setMembers(d)
	e.buffer = appendEnvelope(e.buffer[:0], d.Meta, d.Links)
	e.buffer = append(e.buffer, `,"data":`...)
	if !d.Single {
		e.buffer = append(e.buffer, '[')
	}
	return e
}

// setMembers prepares the members of a row.
func (e *jsonEncoder) setMembers(d Document) {
	columns := d.Columns
	e.members, e.names = e.members[:0], e.names[:0]
	e.last.reset(len(columns), d.Immutable)
	before := byte('{')
	for i, c := range columns {
		begin := len(e.names)
		e.names = append(e.names, before)
		name := c.Name
		if c.Join.Reference != "" {
			name = c.Join.Member
			if i == 0 || columns[i-1].Join.Reference == "" {
				e.names = append(e.names, `"included":{`...)
			}
			if i == 0 || columns[i-1].Join.Reference != c.Join.Reference {
				e.names = append(AppendString(e.names, c.Join.Reference), ":{"...)
			}
		}
		e.names = append(AppendString(e.names, name), ':', '"')
		lead := e.names[begin:]
		unquoted := lead[:len(lead)-1]
		begin = len(e.names)
		e.names = append(append(e.names, unquoted...), "null"...)
		m := member{form: formOf(c.Type), lead: lead, null: e.names[begin:]}
		if m.form != quoted {
			m.lead = unquoted
		}
		if c.Join.Reference != "" {
			last := i == len(columns)-1
			if last || columns[i+1].Join.Reference != c.Join.Reference {
				m.tail = append(m.tail, '}')
			}
			if last {
				m.tail = append(m.tail, '}')
			}
		}
		e.members = append(e.members, m)
		before = ','
	}
}

func (e *jsonEncoder) Row(cells [][]byte) error {
	b := e.buffer
	if e.rows > 0 {
		b = append(b, ',')
	}
	if !e.single {
		b = append(b, '\n')
	}
	e.rows++
	e.buffer = e.appendRow(b, cells)
	return e.flush()
}

// appendRow appends the object of a row.
func (e *jsonEncoder) appendRow(b []byte, cells [][]byte) []byte {
	b = e.last.append(b, cells, func(b []byte, i int) []byte {
		return append(e.members[i].append(b, cells[i]), e.members[i].tail...)
	})
	return append(b, '}')
}

func (e *jsonEncoder) Close() error {
	switch {
	case e.single:
		e.buffer = append(e.buffer, "}\n"...)
	case e.rows > 0:
		e.buffer = append(e.buffer, "\n]}\n"...)
	default:
		e.buffer = append(e.buffer, "]}\n"...)
	}
	err := e.flush()
	e.w = nil
	jsonEncoders.Put(e)
	return err
}

func (e *jsonEncoder) flush() error {
	_, err := e.w.Write(e.buffer)
	e.buffer, e.last.text = e.last.text[:0], e.buffer
	return err
}

func (m *member) append(b, cell []byte) []byte {
	if len(cell) == 0 && m.form != array {
		return append(b, m.null...)
	}
	b = append(b, m.lead...)
	switch {
	case m.form == array:
		return appendList(b, cell)
	case m.form == bare:
		return append(b, cell...)
	case isPlain(cell):
		return append(append(b, cell...), '"')
	default:
		return append(appendEscaped(b, cell), '"')
	}
}

// appendList appends the words of a cell as an array.
func appendList(b, cell []byte) []byte {
	b = append(b, '[')
	start := 0
	for i := 0; i <= len(cell); i++ {
		if i < len(cell) && cell[i] != ' ' {
			continue
		}
		if i > start {
			if b[len(b)-1] != '[' {
				b = append(b, ',')
			}
			b = AppendString(b, cell[start:i])
		}
		start = i + 1
	}
	return append(b, ']')
}

// AppendString appends s as a JSON string (RFC 8259, 7). Invalid UTF-8 becomes U+FFFD.
func AppendString[T string | []byte](b []byte, s T) []byte {
	b = append(b, '"')
	start := len(b)
	b = append(b, s...)
	if !isPlain(b[start:]) {
		b = appendEscaped(b[:start], []byte(s))
	}
	return append(b, '"')
}

// appendEscaped appends the content of a string with escapes.
func appendEscaped(b, s []byte) []byte {
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[start:i]...), "\uFFFD"...)
				start = i + 1
			}
			i += size
			continue
		}
		b = appendEscape(append(b, s[start:i]...), c)
		i++
		start = i
	}
	return append(b, s[start:]...)
}

// plain has the ASCII characters that need no escape.
var plain = func() (is [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// isPlain reports whether s is ASCII that needs no escape.
func isPlain(s []byte) bool {
	for _, c := range s {
		if !plain[c] {
			return false
		}
	}
	return true
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	b = append(b, `\u00`...)
	if c < 0x10 {
		b = append(b, '0')
	}
	return strconv.AppendUint(b, uint64(c), 16)
}
