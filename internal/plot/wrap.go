package plot

import "strings"

// wrap breaks s into lines of at most the given width and number: at blanks,
// after hyphens and slashes, at soft hyphens, and, where a word alone is wider
// than a line, inside it. What does not fit ends with an ellipsis.
func (f typeface) wrap(s string, max float64, most int) []string {
	w := wrapper{face: f, max: max}
	for word := range strings.FieldsFuncSeq(oneLine(s), isBlank) {
		for i, part := range wordParts(word) {
			w.add(part, i == 0)
		}
	}
	w.flush("")
	if len(w.lines) > most {
		w.lines = w.lines[:most]
		w.lines[most-1] = f.head(w.lines[most-1], ellipsis, max) + ellipsis
	}
	return w.lines
}

// wordParts cuts a word after each place where it may be broken.
func wordParts(word string) []string {
	if strings.Contains(word, "://") {
		return []string{word} // an address in two is none
	}
	var parts []string
	for word != "" {
		end := len(word)
		for _, mark := range []string{"-", "/", "–", softHyphen} {
			if i := strings.Index(word, mark); i >= 0 {
				end = min(end, i+len(mark))
			}
		}
		parts = append(parts, word[:end])
		word = word[end:]
	}
	return parts
}

// wrapper is a paragraph in the making.
type wrapper struct {
	face  typeface
	max   float64
	lines []string
	line  string
	soft  bool // the line ends at a soft hyphen
}

// add sets a part behind the line, or begins a new line with it.
func (w *wrapper) add(part string, newWord bool) {
	text, soft := strings.CutSuffix(part, softHyphen)
	blank, hyphen := "", ""
	if soft {
		hyphen = "-"
	}
	if newWord && w.line != "" {
		blank = " "
	}
	if w.line != "" && w.face.width(w.line+blank+text+hyphen) > w.max {
		w.breakLine(newWord)
		blank = ""
	}
	w.line += blank + text
	w.soft = soft
	w.cut(hyphen)
}

// breakLine ends the line, with a hyphen where a word goes on.
func (w *wrapper) breakLine(newWord bool) {
	if w.soft && !newWord {
		w.flush("-")
		return
	}
	w.flush("")
}

// cut breaks inside a word that is wider than a line, counting the hyphen that
// may yet follow it.
func (w *wrapper) cut(hyphen string) {
	for w.face.width(w.line+hyphen) > w.max {
		head := w.face.head(w.line, "-", w.max)
		if head == w.line {
			return // one character, and no narrower line to be had
		}
		w.lines = append(w.lines, head+"-")
		w.line = w.line[len(head):]
	}
}

func (w *wrapper) flush(end string) {
	if w.line != "" {
		w.lines = append(w.lines, w.line+end)
	}
	w.line, w.soft = "", false
}
