package site

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

// sourceFiles are the templates and the code of the pages without the words.
func sourceFiles(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, pattern := range []string{"templates/*.html", "*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if path == "words.go" || strings.HasSuffix(path, "_test.go") {
				continue
			}
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(content)
		}
	}
	return b.String()
}

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for key, text := range words {
		if text.DE == "" || text.EN == "" {
			t.Errorf("%s: «%s», “%s”: a language is missing", key, text.DE, text.EN)
		}
		if strings.Count(text.DE, "%s") != strings.Count(text.EN, "%s") {
			t.Errorf("%s: the languages take other things: «%s», “%s”", key, text.DE, text.EN)
		}
		for _, s := range []string{text.DE, text.EN} {
			if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
				t.Errorf("%s: %q has blanks to spare", key, s)
			}
		}
	}
}

// TestWordsExist looks up every key that templates and code name, and those that
// they put together.
func TestWordsExist(t *testing.T) {
	t.Parallel()
	var keys []string
	for _, m := range regexp.MustCompile(`\bword(?: |\()"([^"]+)"(?: ?\+)?`).FindAllStringSubmatch(sourceFiles(t), -1) {
		if !strings.HasSuffix(m[0], "+") {
			keys = append(keys, m[1])
		}
	}
	for _, s := range sections {
		keys = append(keys, s.word)
	}
	for _, c := range ozgChartList {
		keys = append(keys, "ozg."+c.id)
	}
	for _, state := range []string{"reached", "over", "this-year", "later", "undated", "none"} {
		keys = append(keys, "due."+state)
	}
	for _, unit := range incomparable {
		keys = append(keys, "progress."+unit)
	}
	for _, d := range dataset.All {
		for _, c := range d.Columns {
			keys = append(keys, "type."+string(c.Type))
		}
	}
	for _, status := range []int{400, 404, 410, 500, 503} {
		name := Failure{Status: status}.name()
		keys = append(keys, name, name+".text")
	}
	keys = append(keys, "error.release", "error.release.text")
	for _, name := range []string{"imprint", "privacy", "accessibility"} {
		keys = append(keys, "legal."+name, "legal."+name+".text")
	}
	if len(keys) < 100 {
		t.Errorf("only %d keys found", len(keys))
	}
	for _, key := range keys {
		if _, ok := words[key]; !ok {
			t.Errorf("there is no word %q", key)
		}
	}
}

// TestWordsAreUsed finds words that nothing names: neither the key nor its
// beginning stands in a template or in the code.
func TestWordsAreUsed(t *testing.T) {
	t.Parallel()
	sources := sourceFiles(t)
	for key := range words {
		used := strings.Contains(sources, `"`+key+`"`) || strings.Contains(sources, `"`+strings.TrimSuffix(key, ".text")+`"`)
		if i := strings.Index(key, "."); i > 0 {
			used = used || strings.Contains(sources, `"`+key[:i+1]+`"`)
		}
		if !used {
			t.Errorf("nobody says %q", key)
		}
	}
}
