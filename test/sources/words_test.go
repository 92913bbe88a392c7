// SPDX-License-Identifier: EUPL-1.2

package sources

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/testenv"
)

// runLength is the number of consecutive words that no text may share with a
// document: facts carry over, sentences do not.
const runLength = 12

// TestGuillemets finds one kind of quotation marks: „…“ in German, “…” in English.
func TestGuillemets(t *testing.T) {
	t.Parallel()
	names, err := fs.Glob(fixtures.FS, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(fixtures.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			if strings.ContainsAny(line, "«»‹›") {
				t.Errorf("%s: has guillemets: %s", name, line)
			}
		}
	}
}

// TestLanguages makes sure that every German text has its English version, and that both
// have the quotation marks of their language.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for _, d := range dataset.All {
		if d.Computed {
			continue
		}
		for _, r := range rows(t, d.ID) {
			for _, c := range d.Edited() {
				german, ok := strings.CutSuffix(c.Name, "En")
				if !ok {
					continue
				}
				if (r[german] == "") != (r[c.Name] == "") {
					t.Errorf("%s, %s: only one of %s and %s is filled", d.ID, r["id"], german, c.Name)
				}
				if strings.ContainsAny(r[german], "\"”") {
					t.Errorf("%s, %s, %s: quotation marks are „…“: %s", d.ID, r["id"], german, r[german])
				}
				if strings.ContainsAny(r[c.Name], "\"„‚'") {
					t.Errorf("%s, %s, %s: quotation marks are “…”: %s", d.ID, r["id"], c.Name, r[c.Name])
				}
			}
		}
	}
}

// ownColumns contain the project's own words.
var ownColumns = []string{"title", "summary", "definition", "note", "difference", "advice"}

// TestOwnWords finds no run of words that a text shares with a document.
func TestOwnWords(t *testing.T) {
	t.Parallel()
	testenv.Shared(t, "sources")
	copied := map[string]string{}
	for source, names := range files {
		for _, name := range names {
			for _, run := range runs(readDocument(t, name).flat) {
				copied[run] = source
			}
		}
	}
	for _, d := range dataset.All {
		if d.Computed {
			continue
		}
		for _, r := range rows(t, d.ID) {
			for _, column := range ownColumns {
				for _, run := range runs(r[column]) {
					if source := copied[run]; source != "" {
						t.Errorf("%s, %s, %s: copies from %s: %s", d.ID, r["id"], column, source, run)
					}
				}
			}
		}
	}
}

// runs returns the runs of words of a text, in lower case.
func runs(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	var out []string
	for i := range words {
		if i+runLength <= len(words) {
			out = append(out, strings.Join(words[i:i+runLength], " "))
		}
	}
	return out
}

func TestRuns(t *testing.T) {
	t.Parallel()
	if got := runs("a b c d e f g h i j k"); got != nil {
		t.Errorf("eleven words gave %q", got)
	}
	want := []string{"a b c d e f g h i j k ö1", "b c d e f g h i j k ö1 m"}
	if got := runs("A, b (c) «d» e-f. g h\ti/j k Ö1 M"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
