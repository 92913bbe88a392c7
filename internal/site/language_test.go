// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// inLanguage returns a language with its words.
func inLanguage(t testing.TB, code string) language {
	t.Helper()
	languages, err := loadLanguages()
	if err != nil {
		t.Fatal(err)
	}
	return languages[code]
}

var placeholder = regexp.MustCompile(`%[^%]`)

func TestLanguagesHaveTheSameWords(t *testing.T) {
	t.Parallel()
	german := inLanguage(t, languageCodes[0]).words
	if len(german) < 200 {
		t.Errorf("only %d words", len(german))
	}
	for _, code := range languageCodes {
		words := inLanguage(t, code).words
		for key, de := range german {
			text, ok := words[key]
			if !ok {
				t.Errorf("%s: missing in words.%s.yaml", key, code)
			}
			if a, b := placeholder.FindAllString(de, -1), placeholder.FindAllString(text, -1); !slices.Equal(a, b) {
				t.Errorf("%s: placeholders %q in German and %q in words.%s.yaml", key, a, b, code)
			}
			if text == "" || strings.TrimSpace(text) != text || strings.Contains(text, "  ") {
				t.Errorf("%s: %q in words.%s.yaml is empty or has superfluous spaces", key, text, code)
			}
		}
		for key := range words {
			if _, ok := german[key]; !ok {
				t.Errorf("%s: missing in words.de.yaml", key)
			}
		}
	}
}

// usedWords returns the keys in templates and code, and those that are composed.
func usedWords(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	add := func(keys ...string) {
		for _, key := range keys {
			used[key] = true
		}
	}
	literal := regexp.MustCompile(`\bword(?: |\()"([^"]+)"( ?\+)?`)
	sentence := regexp.MustCompile(`\bplural(?: |\()"([^"]+)"`)
	for _, pattern := range []string{"*.html", "*.go"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			for _, m := range literal.FindAllStringSubmatch(string(content), -1) {
				if m[2] == "" { // else a part of a key
					add(m[1])
				}
			}
			for _, m := range sentence.FindAllStringSubmatch(string(content), -1) {
				add(m[1], m[1]+".one")
			}
		}
	}
	for _, p := range Pages() {
		for _, key := range []string{p.name, p.title} {
			if key != "" {
				add(key)
			}
		}
		if p.template == "legal" {
			add(p.name + ".text")
		}
	}
	for _, part := range []string{"state.full", "state.partial", "state.none", "method.self", "method.external"} {
		add("accessibility." + part)
	}
	for _, k := range ozgCharts {
		add("ozg." + k.id)
	}
	for _, c := range goalColumns {
		add("col." + c.name)
	}
	for _, list := range explained {
		add("glossary." + list)
	}
	for _, short := range abbreviations {
		add("abbreviation." + short)
	}
	for _, section := range methodSections {
		add("method."+section, "method."+section+".text")
	}
	for _, path := range entryPaths {
		add("start."+path[1:], "start."+path[1:]+".text")
	}
	words, err := loadSynonyms()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range words.Answers {
		add("search.answer." + a.Name)
	}
	for _, d := range append(searched, nil) {
		add("search.kind."+kindOf(d), "search.hit."+kindOf(d))
	}
	for _, key := range operatorWords {
		add(key)
	}
	add("boolean.true", "boolean.false")
	for key := range usedByFilters(t) {
		add(key)
	}
	for _, scale := range moneyScales {
		add(scale.word)
	}
	for _, d := range dataset.All {
		for _, c := range d.Columns {
			add("type." + string(c.Type))
		}
	}
	for _, f := range []Failure{{Status: 400}, {Status: 404}, {Status: 410}, {Status: 410, Withdrawn: release.Withdrawal{Reason: "doppelt"}}, {Status: 429}, {Status: 500}, {Status: 503}, {Status: 400, Invalid: &domain.Invalid{Name: "release"}}, {Status: 400, Invalid: &domain.Invalid{Name: "q"}}, {Status: 400, Invalid: &domain.Invalid{Name: "due", Value: "soon"}}} {
		add(f.word(), f.word()+".text")
	}
	return used
}

// usedByFilters returns the keys of the fields, their values and the orders of all lists,
// as the pages of the test data show them.
func usedByFilters(t *testing.T) map[string]bool {
	t.Helper()
	p, used := publishAreas(t), map[string]bool{"filter.none": true}
	for path := range listPaths {
		l := lookup(p.request(t, "de", path).Pattern).list
		for _, field := range formOf(build[page](t, p, "de", path)).Fields {
			used["filter."+field.Key] = true
			if i := l.of.Column(field.Key); i >= 0 && l.of.Columns[i].Type == dataset.Boolean {
				used["filter."+field.Key+".true"], used["filter."+field.Key+".false"] = true, true
			}
		}
		for _, column := range l.reduced {
			used["filter."+column+"."+anyValue], used["filter."+column+"."+dataset.None] = true, true
		}
	}
	content, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range content {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\{"-?\w+", "(\w+)", (?:byPeriod|nil|func\(a, b Row\))|order\{column, "(\w+)"`).FindAllStringSubmatch(string(source), -1) {
			used["sort."+m[1]+m[2]] = true
		}
	}
	return used
}

func TestWordsAreUsedAndExist(t *testing.T) {
	t.Parallel()
	words, used := inLanguage(t, "de").words, usedWords(t)
	for key := range used {
		if _, ok := words[key]; !ok {
			t.Errorf("there is no word %s", key)
		}
	}
	for key := range words {
		if !used[key] && !strings.HasPrefix(key, "singular.") /* of units */ {
			t.Errorf("the word %s is not used", key)
		}
	}
	if got := inLanguage(t, "en").word("absent"); got != "absent" {
		t.Errorf("a missing word is %q", got)
	}
}

// TestDifferencesHaveOneName checks that the statements that differ, of which only some
// contradict each other, are called the same everywhere.
func TestDifferencesHaveOneName(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, code := range Languages() {
		l := inLanguage(t, code)
		name := l.word("nav.contradictions")
		for _, key := range []string{"start.contradictions", "search.kind.contradictions", "search.hit.contradictions", "method.contradictions"} {
			if l.word(key) != name {
				t.Errorf("%s: %s is %q, not %q", code, key, l.word(key), name)
			}
		}
		if html := p.html(t, code, "/contradictions"); !strings.Contains(html, "<h1>"+name+"</h1>") {
			t.Errorf("%s: the page is not called %q", code, name)
		}
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"0": {"0", "0"}, "7": {"7", "7"}, "999": {"999", "999"}, "1083": {"1.083", "1,083"}, "75000": {"75.000", "75,000"},
		"1234567.50": {"1.234.567,50", "1,234,567.50"}, "1.10": {"1,10", "1.10"}, "-0.5": {"−0,5", "−0.5"}, "-1000": {"−1.000", "−1,000"},
	} {
		if de, en := inLanguage(t, "de").number(in), inLanguage(t, "en").number(in); de != want[0] || en != want[1] {
			t.Errorf("%s is %s in German and %s in English, want %s", in, de, en, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"2021": {"2021", "2021"}, "2021-03": {"März 2021", "March 2021"}, "2021-11-02": {"2.11.2021", "2 November 2021"}, "2021-05": {"Mai 2021", "May 2021"},
		"2018/2021": {"2018–2021", "2018–2021"}, "2021-11/2022-02": {"November 2021–Februar 2022", "November 2021–February 2022"}, "": {"", ""},
	} {
		de, en := inLanguage(t, "de").period(in), strings.ReplaceAll(inLanguage(t, "en").period(in), nbsp, " ")
		if de != want[0] || en != want[1] {
			t.Errorf("%s is %s in German and %s in English, want %s", in, de, en, want)
		}
	}
}

func TestBytes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1,0 kB", 84_150: "84,2 kB", 1_500_000: "1,5 MB", 2_345_600_000: "2.345,6 MB"} {
		if got := strings.ReplaceAll(inLanguage(t, "de").bytes(n), nbsp, " "); got != want {
			t.Errorf("%d bytes are %s, want %s", n, got, want)
		}
	}
}

func TestQuoted(t *testing.T) {
	t.Parallel()
	if de, en := inLanguage(t, "de").quoted("100 %"), inLanguage(t, "en").quoted("a"); de != "„100 %“" || en != "“a”" {
		t.Errorf("%s and %s", de, en)
	}
}

func TestPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "1 more reported value", 2: "2 more reported values", 1234: "1,234 more reported values"} {
		if got := inLanguage(t, "en").plural("answer.more", n); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
