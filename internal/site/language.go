// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/zielstand/zielstand/internal/dataset"
)

//go:embed words.*.yaml
var wordFiles embed.FS

// languageCodes lists the languages of the pages, the default first. Each has a file of
// words.
var languageCodes = []string{"de", "en"}

// Languages returns the languages of the pages as BCP 47 tags, the default first.
func Languages() []string { return slices.Clone(languageCodes) }

// Address returns the path of a page in a language, without the path of the
// public address.
func Address(language, path string) string {
	switch {
	case language == languageCodes[0]:
		return path
	case path == "/":
		return "/" + language
	}
	return "/" + language + path
}

// CutLanguage is the inverse of Address.
func CutLanguage(address string) (language, path string) {
	for _, code := range languageCodes[1:] {
		if rest, ok := strings.CutPrefix(address, "/"+code); ok && (rest == "" || rest[0] == '/') {
			return code, "/" + strings.TrimLeft(rest, "/")
		}
	}
	return languageCodes[0], address
}

// language is a language of the pages with its words and its way of writing
// numbers and dates.
type language struct {
	Code  string // BCP 47
	words map[string]string
}

// loadLanguages reads the words of all languages.
func loadLanguages() (map[string]language, error) {
	out := map[string]language{}
	for _, code := range languageCodes {
		content, err := wordFiles.ReadFile("words." + code + ".yaml")
		if err != nil {
			return nil, err
		}
		l := language{Code: code}
		if err := yaml.Unmarshal(content, &l.words); err != nil {
			return nil, fmt.Errorf("words.%s.yaml: %w", code, err)
		}
		out[code] = l
	}
	return out, nil
}

// word returns the word or sentence with the key, or the key if there is none.
func (l language) word(key string) string {
	if text, ok := l.words[key]; ok {
		return text
	}
	return key
}

// data returns the language of texts from the data, which are in German and English.
func (l language) data() string {
	if l.Code == "de" {
		return l.Code
	}
	return "en"
}

// text returns the text in the language of the data.
func (l language) text(t dataset.Text) string { return t.In(l.data()) }

// quoted puts a text in quotation marks.
func (l language) quoted(text string) string { return fmt.Sprintf(l.word("quotation"), text) }

// quotedAll puts each of the texts in quotation marks.
func (l language) quotedAll(texts []string) string {
	var out []string
	for _, t := range texts {
		out = append(out, l.quoted(t))
	}
	return strings.Join(out, ", ")
}

// number writes a decimal with separators and all its places: 75000 becomes
// 75.000 in German.
func (l language) number(decimal string) string {
	sign := ""
	if strings.HasPrefix(decimal, "-") {
		sign, decimal = "−", decimal[1:]
	}
	whole, places, fraction := strings.Cut(decimal, ".")
	out := whole
	for i := len(whole) - 3; i > 0; i -= 3 {
		out = out[:i] + l.word("number.thousands") + out[i:]
	}
	if fraction {
		out += l.word("number.point") + places
	}
	return sign + out
}

// plural puts a number into the sentence with the key; for 1, there is a sentence of its own.
func (l language) plural(key string, n int) string {
	if n == 1 {
		return l.word(key + ".one")
	}
	return fmt.Sprintf(l.word(key), l.count(n))
}

// count writes a whole number.
func (l language) count(n int) string { return l.number(strconv.Itoa(n)) }

// period writes a period as a reader would: 2021-09 becomes September 2021. What
// is not a period is returned as it is.
func (l language) period(s string) string {
	if from, to, interval := strings.Cut(s, "/"); interval {
		return l.period(from) + "–" + l.period(to)
	}
	if day, err := time.Parse(time.DateOnly, s); err == nil {
		return l.day(day)
	}
	month, err := time.Parse("2006-01", s)
	if err != nil {
		return s
	}
	name := strings.Fields(l.word("months"))[month.Month()-1]
	return strings.Replace(month.Format(l.word("date.month")), month.Month().String(), name, 1)
}

// lastPeriod writes the last part of a period, as after “by”.
func (l language) lastPeriod(s string) string {
	if _, to, interval := strings.Cut(s, "/"); interval {
		s = to
	}
	return l.period(s)
}

// day writes a date.
func (l language) day(t time.Time) string { return t.Format(l.word("date.day")) }

// bytes writes a size in units of 1,000.
func (l language) bytes(n int64) string {
	unit, value := "kB", float64(n)/1e3
	switch {
	case n < 1000:
		return strconv.FormatInt(n, 10) + nbsp + "B"
	case n >= 1e6:
		unit, value = "MB", float64(n)/1e6
	}
	return l.number(strconv.FormatFloat(value, 'f', 1, 64)) + nbsp + unit
}

// nbsp joins a number and its unit.
const nbsp = "\u00a0"

// functions returns what templates call for words, numbers and dates.
func (l language) functions() template.FuncMap {
	return template.FuncMap{
		"lang": func() string { return l.Code },
		"word": l.word, "text": l.text, "quoted": l.quoted, "quotedAll": l.quotedAll,
		"number": l.number, "count": l.count, "plural": l.plural, "bytes": l.bytes, "period": l.period, "day": l.day,
	}
}

// heading returns a text with a capital at its start.
func heading(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
