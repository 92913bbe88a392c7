package encode

import "strconv"

// xlsxRow is the XML of one row of a sheet.
type xlsxRow struct {
	b      []byte
	number int
	// letters name the columns.
	letters []string
}

// letters names the first n columns: A … Z, AA, AB …
func letters(n int) []string {
	out := make([]string, n)
	for i := range out {
		name := ""
		for j := i + 1; j > 0; j = (j - 1) / 26 {
			name = string(rune('A'+(j-1)%26)) + name
		}
		out[i] = name
	}
	return out
}

// begin begins a row in the place of the one before.
func (r *xlsxRow) begin(number int) {
	r.number = number
	r.b = append(r.b[:0], `<row r="`...)
	r.b = strconv.AppendInt(r.b, int64(number), 10)
	r.b = append(r.b, `">`...)
}

func (r *xlsxRow) end() []byte {
	r.b = append(r.b, "</row>"...)
	return r.b
}

// cell begins a cell; the empty kind is a number.
func (r *xlsxRow) cell(column, style int, kind string) {
	r.b = append(append(r.b, `<c r="`...), r.letters[column]...)
	r.b = strconv.AppendInt(r.b, int64(r.number), 10)
	r.b = append(r.b, `" s="`...)
	r.b = strconv.AppendInt(r.b, int64(style), 10)
	if kind != "" {
		r.b = append(append(r.b, `" t="`...), kind...)
	}
	r.b = append(r.b, `">`...)
}

// value appends a number or a truth value as it is written.
func (r *xlsxRow) value(column, style int, kind string, value []byte) {
	r.cell(column, style, kind)
	r.b = append(append(append(r.b, "<v>"...), value...), "</v></c>"...)
}

func (r *xlsxRow) integer(column, style int, n int64) {
	r.cell(column, style, "")
	r.b = strconv.AppendInt(append(r.b, "<v>"...), n, 10)
	r.b = append(r.b, "</v></c>"...)
}

// text appends a text, which is never a formula.
func (r *xlsxRow) text(column, style int, text []byte) {
	if len(text) == 0 {
		return
	}
	r.cell(column, style, "inlineStr")
	r.b = appendXMLText(append(r.b, `<is><t xml:space="preserve">`...), text)
	r.b = append(r.b, "</t></is></c>"...)
}
