package encode

import (
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/dataset"
)

// jsonEncoder writes {"meta":…,"links":…,"data":[…]} (RFC 8259). Numbers keep
// the decimal places of the cell; an empty cell is null.
type jsonEncoder struct {
	w      io.Writer
	types  []dataset.Type
	keys   [][]byte
	single bool
	rows   int
	buffer []byte
}

func newJSON(w io.Writer, d Document) Encoder {
	e := &jsonEncoder{w: w, single: d.Single, types: make([]dataset.Type, len(d.Columns)), keys: make([][]byte, len(d.Columns))}
	keys := make([]byte, 0, 32*len(d.Columns))
	lead := byte('{')
	for i, c := range d.Columns {
		begin := len(keys)
		keys = append(AppendString(append(keys, lead), []byte(c.Name)), ':')
		e.types[i], e.keys[i] = c.Type, keys[begin:]
		lead = ','
	}
	e.buffer = append(e.buffer, `{"meta":`...)
	e.buffer = append(e.buffer, d.Meta...)
	e.buffer = append(e.buffer, `,"links":`...)
	e.buffer = append(e.buffer, d.Links...)
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
	for i, t := range e.types {
		e.buffer = append(e.buffer, e.keys[i]...)
		e.buffer = appendValue(e.buffer, t, cells[i])
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

func appendValue(b []byte, t dataset.Type, cell []byte) []byte {
	switch {
	case t == dataset.List:
		return appendList(b, cell)
	case len(cell) == 0:
		return append(b, "null"...)
	case t == dataset.Decimal || t == dataset.Integer || t == dataset.Boolean:
		return append(b, cell...)
	default:
		return AppendString(b, cell)
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
	b = append(b, '"')
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
	return append(append(b, s[start:]...), '"')
}

// plain are the characters of ASCII that stand for themselves.
var plain = func() (is [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

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
