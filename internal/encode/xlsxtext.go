package encode

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxCellText is the longest text of a cell, in UTF-16 code units.
const maxCellText = 32767

// utf16Length is the length as a spreadsheet counts it, exact if the text may
// be too long.
func utf16Length(text []byte) int {
	if len(text) <= maxCellText {
		return len(text)
	}
	n := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		n, i = n+units(r), i+size
	}
	return n
}

func units(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

// cutText returns the beginning of the text with the mark behind it, as long as
// a cell can be.
func cutText(text []byte, mark string) []byte {
	room := maxCellText - utf16Length([]byte(mark))
	i := 0
	for i < len(text) {
		r, size := utf8.DecodeRune(text[i:])
		if room -= units(r); room < 0 {
			break
		}
		i += size
	}
	return append(text[:i:i], mark...)
}

// appendXMLText appends text for XML 1.0. What XML cannot carry is written as
// spreadsheets do, _x0001_ (ECMA-376-1, 22.9.2.19), and text that looks like
// that is kept apart from it. A carriage return is among it, for parsers of XML
// make it a line feed. Bytes that are not UTF-8 become U+FFFD.
func appendXMLText(b, text []byte) []byte {
	start := 0
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if escape := xmlEscape(r, size, text[i:]); escape != "" {
			b = append(append(b, text[start:i]...), escape...)
			start = i + size
		}
		i += size
	}
	return append(b, text[start:]...)
}

// xmlEscape is what stands for the first character of the text, or nothing.
func xmlEscape(r rune, size int, text []byte) string {
	switch {
	case r == '&':
		return "&amp;"
	case r == '<':
		return "&lt;"
	case r == '>':
		return "&gt;"
	case r == '_' && looksEscaped(text):
		return "_x005F_"
	case r < ' ' && r != '\t' && r != '\n':
		return controls[r]
	case r == 0xFFFE:
		return "_xFFFE_"
	case r == 0xFFFF:
		return "_xFFFF_"
	case r == utf8.RuneError && size == 1:
		return "\uFFFD"
	}
	return ""
}

// controls are the escapes of the characters below the blank.
var controls = func() (out [' ']string) {
	const hex = "0123456789ABCDEF"
	for c := range out {
		out[c] = "_x00" + string(hex[c>>4]) + string(hex[c&15]) + "_"
	}
	return out
}()

// looksEscaped reports whether the text begins as an escape does: _x0041_
func looksEscaped(text []byte) bool {
	if len(text) < 7 || text[1] != 'x' || text[6] != '_' {
		return false
	}
	for _, c := range text[2:6] {
		if !strings.ContainsRune("0123456789ABCDEFabcdef", rune(c)) {
			return false
		}
	}
	return true
}

// maxSheetName is the longest name of a sheet, in UTF-16 code units.
const maxSheetName = 31

var sheetNameLetters = strings.NewReplacer(":", " ", `\`, " ", "/", " ", "?", " ", "*", " ", "[", "(", "]", ")", "'", "’")

// sheetName makes a name of the n-th sheet of a title. A long title ends with
// an ellipsis behind a whole word.
func sheetName(title string, n int) string {
	suffix := ""
	if n > 1 {
		suffix = " (" + strconv.Itoa(n) + ")"
	}
	name := strings.Join(strings.Fields(sheetNameLetters.Replace(title)), " ")
	room := maxSheetName - len(suffix)
	if lengthUTF16(name) > room {
		name = shorten(name, room-1) + "…"
	}
	return name + suffix
}

// shorten returns the whole words of a text that fit, or the letters that do.
func shorten(text string, room int) string {
	end := 0
	for i, r := range text {
		if room -= units(r); room < 0 {
			break
		}
		end = i + utf8.RuneLen(r)
	}
	if blank := strings.LastIndexByte(text[:end], ' '); blank > 0 && text[end] != ' ' {
		return text[:blank]
	}
	return strings.TrimSpace(text[:end])
}

func lengthUTF16(text string) int {
	n := 0
	for _, r := range text {
		n += units(r)
	}
	return n
}
