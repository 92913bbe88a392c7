// SPDX-License-Identifier: EUPL-1.2

package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// example is a command on a page and the answer shown below it.
type example struct {
	line    int
	command string
	shown   string
	// from and to are the position of the answer in the text of the page.
	from, to int
}

var block = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")

// examples returns the examples of a page in their order.
func (p page) examples() []example {
	var out []example
	for _, place := range block.FindAllStringSubmatchIndex(p.text, -1) {
		out = append(out, p.blockExamples(place[2], place[3])...)
	}
	return out
}

func (p page) blockExamples(from, to int) []example {
	var out []example
	at := from
	for line := range strings.Lines(p.text[from:to]) {
		end := at + len(line)
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			out = append(out, example{
				line: strings.Count(p.text[:at], "\n") + 1, command: strings.TrimSpace(command), from: end,
			})
		}
		if len(out) > 0 {
			e := &out[len(out)-1]
			e.to = end
			e.shown = strings.TrimRight(p.text[e.from:e.to], "\n")
		}
		at = end
	}
	return out
}

// rewrite puts other answers in the place of those shown.
func (p page) rewrite(answers map[int]string) string {
	text := p.text
	for _, e := range slices.Backward(p.examples()) {
		if answer, ok := answers[e.line]; ok {
			text = text[:e.from] + answer + "\n" + text[e.to:]
		}
	}
	return text
}

// words splits a command as a shell does: at spaces outside quotes.
func words(command string) ([]string, error) {
	var out []string
	var word strings.Builder
	begun, quote := false, rune(0)
	for _, r := range command {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			begun, quote = true, r
		case r == ' ':
			if begun {
				out = append(out, word.String())
			}
			word.Reset()
			begun = false
		case strings.ContainsRune("|&;<>$*?\\`(){}~#", r):
			return nil, fmt.Errorf("%q is outside quotes, where a shell would not take it literally", r)
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote is not closed")
	}
	if begun {
		out = append(out, word.String())
	}
	return out, nil
}

func TestExamplesAreFound(t *testing.T) {
	t.Parallel()
	p := page{"x.md", "# x\n```console\n$ one 'a b'\n1\n…\n$ two\n```\n```sh\n$ not\n```\n"}
	got := p.examples()
	if len(got) != 2 || got[0].command != "one 'a b'" || got[0].shown != "1\n…" || got[1].line != 6 || got[1].shown != "" {
		t.Fatalf("examples: %+v", got)
	}
	want := "# x\n```console\n$ one 'a b'\n2\n$ two\n3\n```\n```sh\n$ not\n```\n"
	if text := p.rewrite(map[int]string{3: "2", 6: "3"}); text != want {
		t.Errorf("rewritten: %q, want %q", text, want)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	got, err := words(`curl -H 'Accept: text/csv' "http://h/v1?a=b&c=d"  x`)
	want := []string{"curl", "-H", "Accept: text/csv", "http://h/v1?a=b&c=d", "x"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("words: %q, %v, want %q", got, err, want)
	}
	for _, wrong := range []string{"curl http://h/v1?a=b&c=d", "curl 'x", "curl x | head"} {
		if got, err := words(wrong); err == nil {
			t.Errorf("%s: %q, want an error", wrong, got)
		}
	}
}
