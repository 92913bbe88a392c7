// SPDX-License-Identifier: EUPL-1.2

package cli

import (
	"bytes"
	"testing"
)

func TestPrintable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		writes []string
		want   string
	}{
		{"plain", []string{"Größe „a“\t5 %\n日本語 👩\u200d💻\n"}, "Größe „a“\t5 %\n日本語 👩\u200d💻\n"},
		{"escape sequence", []string{"\x1b[2J\x1b]0;x\a"}, `\x1b[2J\x1b]0;x\x07`},
		{"carriage return", []string{"safe\rbad\b\x7f\x00"}, `safe\x0dbad\x08\x7f\x00`},
		{"C1 as a character", []string{"\u009b2J\u0085"}, `\u009b2J\u0085`},
		{"C1 as a byte", []string{"\x9b2J"}, `\x9b2J`},
		{"direction", []string{"a\u202eb\u2066c\u200fd"}, `a\u202eb\u2066c\u200fd`},
		{"separators", []string{"a\u2028b\u2029\ufeff\U000e0041"}, `a\u2028b\u2029\ufeff\U000e0041`},
		{"in two writes", []string{"a\xc3", "\xa4b\xe2\x80", "\xaec"}, `aäb\u202ec`},
		{"broken off", []string{"a\xe2\x80"}, `a\xe2\x80`},
		{"broken off and on", []string{"a\xe2\x80", "b"}, `a\xe2\x80b`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			w := &printable{to: &out}
			for _, text := range tt.writes {
				if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
					t.Errorf("wrote %d bytes of %d: %v", n, len(text), err)
				}
			}
			w.Flush()
			if got := out.String(); got != tt.want {
				t.Errorf("%q became %q, want %q", tt.writes, got, tt.want)
			}
		})
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 errors", 1: "1 error", 2: "2 errors"} {
		if got := count(n, "error"); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
