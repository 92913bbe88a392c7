// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const elision = "…"

// fits reports whether an answer is the one shown, where … stands for anything.
func fits(shown, answer string) bool {
	var b strings.Builder
	b.WriteString("^")
	for line := range strings.SplitSeq(shown, "\n") {
		if line == elision {
			b.WriteString(`(?:.*\n)*?`)
			continue
		}
		b.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), elision, ".*?") + `\n`)
	}
	return regexp.MustCompile(b.String() + "$").MatchString(answer + "\n")
}

// shorten returns the answer with what the shown one leaves out left out, or
// the whole answer where the two have too little in common.
func shorten(shown, answer string) string {
	if fits(shown, answer) {
		return shown
	}
	rest := strings.Split(answer, "\n")
	skipped := false
	var out []string
	for line := range strings.SplitSeq(shown, "\n") {
		if line == elision {
			out, skipped = append(out, line), true
			continue
		}
		for i, real := range rest {
			if short, ok := shortenLine(line, real); ok {
				out, rest = append(out, short), rest[i+1:]
				break
			}
			if !skipped {
				break
			}
		}
		skipped = false
	}
	short := strings.Join(out, "\n")
	if strings.Trim(short, elision+"\n") != "" && fits(short, answer) {
		return short
	}
	return answer
}

var (
	headerLine = regexp.MustCompile(`^(HTTP/1\.1|[A-Z][A-Za-z-]*:) `)
	jsonValue  = regexp.MustCompile(`":(?:"(?:[^"\\]|\\.)*"|[-0-9.]+|true|false|null|\[[^\]]*\])`)
	cell       = regexp.MustCompile(`[^,;]+`)
)

// shortenLine leaves out of a line what the shown one leaves out of its
// counterpart: the same header field, the same members of an object, or the
// same cells.
func shortenLine(shown, answer string) (string, bool) {
	if fits(shown, answer) {
		return shown, true
	}
	var parts []string
	for part := range strings.SplitSeq(shown, elision) {
		parts = append(parts, "("+pattern(part)+")")
	}
	found := regexp.MustCompile("^" + strings.Join(parts, ".*?") + "$").FindStringSubmatch(answer)
	if found == nil {
		return "", false
	}
	return strings.Join(found[1:], elision), true
}

// pattern matches the text with any other values in it.
func pattern(text string) string {
	switch {
	case headerLine.MatchString(text):
		return regexp.QuoteMeta(headerLine.FindString(text)) + ".*"
	case strings.Contains(text, `":`):
		return loosen(text, jsonValue, jsonValue.String())
	case strings.ContainsAny(text, ",;") && !strings.ContainsAny(text, "{}[]"):
		return loosen(text, cell, "[^,;]*")
	}
	return regexp.QuoteMeta(text)
}

// loosen quotes the text but for what the expression finds.
func loosen(text string, values *regexp.Regexp, instead string) string {
	var b strings.Builder
	end := 0
	for _, found := range values.FindAllStringIndex(text, -1) {
		b.WriteString(regexp.QuoteMeta(text[end:found[0]]) + instead)
		end = found[1]
	}
	return b.String() + regexp.QuoteMeta(text[end:])
}

func TestFits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, shown, answer string
		want                bool
	}{
		{"same", "a\nb", "a\nb", true},
		{"other", "a\nb", "a\nc", false},
		{"longer", "a", "a\nb", false},
		{"within a line", `{"a":…,"c":3}`, `{"a":1,"b":2,"c":3}`, true},
		{"not across lines", "a…c", "a\nc", false},
		{"lines", "a\n…\nd", "a\nb\nc\nd", true},
		{"no lines", "a\n…\nd", "a\nd", true},
		{"to the end", "a\n…", "a\nb\nc", true},
		{"literal", "a.c", "abc", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := fits(test.shown, test.answer); got != test.want {
				t.Errorf("fits(%q, %q) = %v", test.shown, test.answer, got)
			}
		})
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, shown, answer, want string }{
		{"fits", "a\n…", "a\nb", "a\n…"},
		{"members", `{"id":"x",…,"due":"2022"}`, `{"id":"y","b":1,"due":null}`, `{"id":"y",…,"due":null}`},
		{"escapes", `{"a":"\"x\"",…,"c":["x"]}`, `{"a":"\"y\"","b":1,"c":["y","z"]}`, `{"a":"\"y\"",…,"c":["y","z"]}`},
		{"rows", "id,due\nx,1\n…", "id,due\ny,2\nz,3", "id,due\ny,2\n…"},
		{"fields", "HTTP/1.1 200 OK\n…\nEtag: \"…\"\n…", "HTTP/1.1 304 Not Modified\nA: b\nEtag: \"x\"\nZ: z", "HTTP/1.1 304 Not Modified\n…\nEtag: \"…\"\n…"},
		{"nothing in common", "a\n…\nb", "c\nd", "c\nd"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, shorten(test.shown, test.answer)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
