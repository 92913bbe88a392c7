// SPDX-License-Identifier: EUPL-1.2

package encode

// lastRow remembers the row written last. In the order of a release, most cells of a row
// are the same as in the row before, which is what makes this pay: they are copied in one
// piece, with everything between them, instead of being encoded again (ADR 16).
type lastRow struct {
	// immutable is Document.Immutable; without it, every cell is encoded.
	immutable bool
	cells     [][]byte
	// text has the encoded row: cell i ends at ends[i], the first starts at begin.
	text  []byte
	begin int
	ends  []int
}

// unlike is a cell that no row has.
var unlike = []byte{0}

// reset forgets the row; the next has n cells.
func (l *lastRow) reset(n int, immutable bool) {
	l.immutable, l.cells, l.ends = immutable, l.cells[:0], l.ends[:0]
	for range n {
		l.cells, l.ends = append(l.cells, unlike), append(l.ends, 0)
	}
}

// append appends a row to b, which must not be l.text. appendCell appends cell i.
func (l *lastRow) append(b []byte, cells [][]byte, appendCell func(b []byte, i int) []byte) []byte {
	begin, from := len(b), l.begin
	for i := 0; i < len(l.cells); {
		end := i
		for end < len(l.cells) && identical(cells[end], l.cells[end]) {
			end++
		}
		if end == i {
			from = l.ends[i]
			b = appendCell(b, i)
			if l.ends[i] = len(b); l.immutable {
				l.cells[i] = cells[i]
			}
			i++
			continue
		}
		to, shift := l.ends[end-1], len(b)-from
		b = append(b, l.text[from:to]...)
		for ; i < end; i++ {
			l.ends[i] += shift
		}
		from = to
	}
	l.begin = begin
	return b
}

// identical reports whether two cells are the same memory, as equal cells of a column
// of a table are.
func identical(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
