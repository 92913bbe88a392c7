// SPDX-License-Identifier: EUPL-1.2

package domain_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/zielstand/zielstand/internal/domain"
)

func TestCheckText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "Größe „so“ – 5 %", "日本語", "a\u00a0b", "\U0001F469\u200d\U0001F4BB", "e\u0301", "\ue000", "a ; \" ' < & >",
	} {
		if err := domain.CheckText(text, false); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, r := range []rune{
		0, 1, '\t', '\n', '\v', '\r', 0x1b, 0x1f, 0x7f, 0x80, 0x85, 0x9b, 0x9f, // C0, DEL, C1
		0xad, 0x061c, 0x180e, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0xfeff, 0xfff9, 0xe0001,
		0xfdd0, 0xfdef, 0xfffd, 0xfffe, 0xffff, 0x1fffe, 0x1ffff, 0x10fffe, 0x10ffff,
	} {
		err := domain.CheckText("ä"+string(r)+"b", false)
		var fault *domain.TextError
		if !errors.As(err, &fault) || fault.Rune != r || fault.Position != 2 || fault.Rule == "" {
			t.Errorf("%U: %v", r, err)
		}
		if err := domain.CheckText("ä"+string(r), true); (err == nil) != (r == '\n') {
			t.Errorf("%U in several lines: %v", r, err)
		}
	}
	if err := domain.CheckText("a\xffb", false); err == nil || !strings.Contains(err.Error(), "is not UTF-8") {
		t.Errorf("a byte that is not UTF-8: %v", err)
	}
}

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://www.digitalstrategie.nrw", "http://example.org", "https://example.org:8443/a/b.pdf?x=1&y=%C3%A4#z", "http://[2001:db8::1]:80/",
		"http://127.0.0.1/", "https://a_b.example.", "https://example.org/" + strings.Repeat("a", domain.MaxAddress-len("https://example.org/")),
	} {
		if err := domain.CheckAddress(address); err != nil {
			t.Errorf("%.80s: %v", address, err)
		}
	}
	for _, address := range []string{
		"", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://example.org/", "mailto:a@example.org",
		"www.example.org", "//example.org/", "/path", "https:", "https://", "https:///path", "https:example.org", "http://?x", "http://#x", "http://:80/",
		"https://user@example.org/", "https://user:pw@example.org/", "https://exa mple.org/", "https://example.org/ä", "https://köln.example/", "https://example.org/\"x",
		"https://example.org/<x>", "https://example.org\\x", "https://example.org:x/", "https://example.org:123456/", "https://-a.example/", "https://a..b/", "https://[::1%25eth0]/",
		"https://[]/", "https://example.org/%zz", " https://example.org", "https://example.org\n", "HTTPS://example.org",
		"https://example.org/" + strings.Repeat("a", domain.MaxAddress),
	} {
		if err := domain.CheckAddress(address); err == nil {
			t.Errorf("%.80q is accepted", address)
		}
	}
}

// FuzzCheckText checks that accepted text is UTF-8 that XML 1.0 can contain.
func FuzzCheckText(f *testing.F) {
	for _, seed := range []string{"ä", "\x00", "\xff", "\ufffe", "\u202e", "a\nb", "\ufffd"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, multiline bool) {
		if domain.CheckText(text, multiline) != nil {
			return
		}
		if !utf8.ValidString(text) {
			t.Fatalf("%q is not UTF-8", text)
		}
		for _, r := range text {
			if r < 0x20 && (r != '\n' || !multiline) || r >= 0x7F && r < 0xA0 || r&0xFFFE == 0xFFFE {
				t.Fatalf("%q contains %U", text, r)
			}
		}
	})
}

func TestIncomplete(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "a": 0, "ä": 0, "a\xc3": 1, "\xe2\x80": 2, "\xf0\x9f\x98": 3, "a\xff": 0} {
		if got := domain.Incomplete([]byte(text)); got != want {
			t.Errorf("%q: %d bytes are incomplete, want %d", text, got, want)
		}
	}
}
