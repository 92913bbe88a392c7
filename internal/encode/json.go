package encode

import (
	"bytes"
	"encoding/binary"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

// jsonEncoder writes an object with the document's members and then "data":[…]
// (RFC 8259). Numbers keep the decimal places of the cell; an empty cell is null.
type jsonEncoder struct {
	w       io.Writer
	members []member
	single  bool
	rows    int
	buffer  []byte
}

// member is a column as it stands in each row, with what stands before it.
type member struct {
	datatype dataset.Type
	name     []byte // ,"name":
	text     []byte // ,"name":"
}

func newJSON(w io.Writer, d Document) Encoder {
	e := &jsonEncoder{w: w, single: d.Single, members: make([]member, len(d.Columns)), buffer: make([]byte, 0, 2048)}
	written := make([]byte, 0, 64*len(d.Columns))
	lead := byte('{')
	for i, c := range d.Columns {
		begin := len(written)
		written = append(AppendString(append(written, lead), []byte(c.Name)), ':')
		name := written[begin:]
		middle := len(written)
		written = append(append(written, name...), '"')
		e.members[i] = member{datatype: c.Type, name: name, text: written[middle:]}
		lead = ','
	}
	e.buffer = append(e.buffer, bytes.TrimSuffix(d.Members, []byte("}"))...)
	e.buffer = append(e.buffer, `,"data":`...)
	if !d.Single {
		e.buffer = append(e.buffer, '[')
	}
	return e
}

func (e *jsonEncoder) Row(cells [][]byte) error {
	if e.rows > 0 {
		e.buffer = append(e.buffer, ',')
	}
	if !e.single {
		e.buffer = append(e.buffer, '\n')
	}
	e.rows++
	for i := range e.members {
		e.buffer = e.members[i].append(e.buffer, cells[i])
	}
	e.buffer = append(e.buffer, '}')
	return e.flush()
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
	return e.flush()
}

func (e *jsonEncoder) flush() error {
	_, err := e.w.Write(e.buffer)
	e.buffer = e.buffer[:0]
	return err
}

func (m *member) append(b, cell []byte) []byte {
	switch {
	case m.datatype == dataset.List:
		return appendList(append(b, m.name...), cell)
	case len(cell) == 0:
		return append(append(b, m.name...), "null"...)
	case m.datatype == dataset.Decimal || m.datatype == dataset.Integer || m.datatype == dataset.Boolean:
		return append(append(b, m.name...), cell...)
	default:
		return append(appendEscaped(append(b, m.text...), cell), '"')
	}
}

// appendList writes the words of a cell as an array.
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

// AppendString appends s as a JSON string (RFC 8259, 7). Bytes that are not
// UTF-8 become U+FFFD.
func AppendString(b, s []byte) []byte {
	return append(appendEscaped(append(b, '"'), s), '"')
}

// appendEscaped appends what stands between the quotes.
func appendEscaped(b, s []byte) []byte {
	if isPlain(s) {
		return append(b, s...)
	}
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

// plain are the characters of ASCII that stand for themselves.
var plain = func() (is [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

// isPlain reports whether all characters stand for themselves, of which it looks
// at eight at once.
func isPlain(s []byte) bool {
	if len(s) < 8 {
		for _, c := range s {
			if !plain[c] {
				return false
			}
		}
		return true
	}
	last := len(s) - 8
	for i := 0; i < last; i += 8 {
		if !eightPlain(binary.LittleEndian.Uint64(s[i:])) {
			return false
		}
	}
	return eightPlain(binary.LittleEndian.Uint64(s[last:]))
}

// eightPlain finds a byte below a bound by the bit that a subtraction borrows: of
// the quotation mark and the backslash what is left by XOR is below one.
func eightPlain(w uint64) bool {
	const each = 0x0101010101010101
	return (w|(w-' '*each)|((w^'"'*each)-each)|((w^'\\'*each)-each))&(0x80*each) == 0
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
