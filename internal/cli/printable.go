// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/domain"
)

// printable is a writer for a terminal that escapes control characters except line feeds
// and tabs. Text from a database or a foreign catalogue may contain escape sequences, or
// bidirectional controls that change how a line reads. It is safe for concurrent use.
type printable struct {
	to io.Writer

	mu sync.Mutex
	// rest is an incomplete character at the end of the last write.
	rest []byte
}

// Write writes the text with control characters escaped.
func (w *printable) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	text := b
	if len(w.rest) > 0 {
		text = append(w.rest, b...)
		w.rest = nil
	}
	if end := len(text) - domain.Incomplete(text); end < len(text) {
		w.rest = bytes.Clone(text[end:])
		text = text[:end]
	}
	text = escape(text)
	if _, err := w.to.Write(text); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Flush writes an incomplete character.
func (w *printable) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) == 0 {
		return
	}
	_, _ = w.to.Write(escape(w.rest)) // there is nowhere to report it
	w.rest = nil
}

// escape escapes characters that a terminal does not show, as in a Go string literal.
func escape(text []byte) []byte {
	if bytes.IndexFunc(text, unshown) < 0 && utf8.Valid(text) {
		return text
	}
	out := make([]byte, 0, len(text)+16)
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1, unshown(r) && r < 0x80:
			out = fmt.Appendf(out, `\x%02x`, text[0])
		case !unshown(r):
			out = append(out, text[:size]...)
		case r < 0x10000:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = fmt.Appendf(out, `\U%08x`, r)
		}
		text = text[size:]
	}
	return out
}

// unshown reports whether a terminal would interpret the character instead of showing it.
func unshown(r rune) bool {
	switch {
	case r >= 0x20 && r < 0x7F, r == '\n', r == '\t', r == 0x200C, r == 0x200D:
		return false
	case r < 0xA0:
		return true
	}
	return r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Cf, r)
}

// oneLine escapes line feeds and tabs, so that text cannot start a line.
func oneLine(text string) string {
	return strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(text)
}

// indented indents all lines but the first, so that they cannot be mistaken for the
// command's own.
func indented(text, by string) string { return strings.ReplaceAll(text, "\n", "\n"+by) }

// count returns a number with its noun: 1 error, 2 errors.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
