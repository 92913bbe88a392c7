// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// grammar generates texts that spreadsheets change. A rule is a list of alternatives; a
// name in braces is replaced by an alternative of that rule, and everything else is
// literal.
var grammar = map[string][]string{
	"text": {
		"{value}", "{value}", "{value}", "{value}", "{value}", "{value}", "{simple}", "{simple}", "{simple}", "{simple}", "{simple}", "{space}{value}{space}", "{space}{simple}{space}", "{value} {value}", "{sign}{value}", "{value}{sign}", "{value}{joint}{value}", "{value} {word}", "{word} {value}",
		"{formula}", "{space}{formula}", "{truth}", "{space}{truth}{space}", "{error}", "{word}", "{word} {word}", "{quote}{value}{quote}", "{wide}",
	},
	"simple": {
		"{digits}", "{digits},{digits}", "{digits}.{digits}", "{digits}e{d}", "{digits} %", "{digits}%", "{digits} €", "${digits}", "{d} {d}/{d}", "{day}.{m}.{year}", "{day}. {month} {year}",
		"{month} {year}", "{month}-{d}", "{h}:{min}", "{year}-{m}-{day}", "{truth}", "={digits}+{digits}", "-{digits}", "({digits})",
	},
	"value":    {"{number}", "{date}", "{time}", "{date} {time}", "{currency}", "{number}{space}%", "{fraction}", "{key}"},
	"number":   {"{digits}", "{digits}", "{sign}{digits}", "{digits}{point}{digits}", "{digits}{e}{sign}{digits}", "{digits}{point}{digits}{e}{digits}", "{d}.{d}{d}{d},{d}", "{d},{d}{d}{d}.{d}", "({digits})", "{digits}-", "{point}{digits}", "{digits}{point}", "0{digits}"},
	"digits":   {"{d}", "{d}{d}", "{d}{digits}"},
	"d":        {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"},
	"point":    {".", ",", ",", "'", "\u00a0", "\u202f"},
	"e":        {"e", "E", "e+", "E-", " e ", "d"},
	"sign":     {"+", "-", "- ", "−", "±", "–", "＋", "－", "", "", ""},
	"space":    {"", "", "", "", " ", "  ", "\u00a0", "\u202f", "\u3000", "\u200b", "\ufeff", "\t"},
	"date":     {"{day}.{m}.{year}", "{day}.{m}.", "{day}. {month} {year}", "{day}. {month}", "{month} {year}", "{month}-{d}", "{month}-{year}", "{day}-{month}-{year}", "{day} {month}", "{year}-{m}-{day}", "{year}-{m}", "{m}/{day}/{year}", "{m}/{day}", "{day}-{m}", "{month} {day}, {year}", "{weekday}, {day}. {month} {year}", "{month}/{year}", "{year}-{month}-{day}", "{year}-{m}-{day}T{time}", "{year}-{m}-{day}T{time}Z", "{month}{year}", "{day}{ordinal} {month} {year}", "Q{d} {year}", "{d}. Quartal {year}"},
	"day":      {"{d}", "0{d}", "1{d}", "2{d}", "30", "31"},
	"m":        {"{d}", "0{d}", "10", "11", "12"},
	"year":     {"20{d}{d}", "19{d}{d}", "{d}{d}", "1{d}{d}{d}"},
	"month":    {"Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember", "Jan", "Feb", "Mär", "Mrz", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Okt", "Nov", "Dez", "mai", "OKT", "Jan.", "Dez.", "January", "February", "March", "May", "June", "July", "October", "December", "Mar", "Oct", "Dec", "MAY", "dec"},
	"weekday":  {"Montag", "Dienstag", "Mi", "Do", "Fr.", "Samstag", "Sonntag", "Monday", "Tue", "Wed", "Saturday", "Sun"},
	"ordinal":  {"st", "nd", "rd", "th"},
	"time":     {"{h}:{min}", "{h}:{min}:{min}", "{h}:{min}:{min},{d}", "{h}:{min} Uhr", "{h} Uhr", "{h}:{min} AM", "{d} pm", "{d} p", "{d}a", "{d}{d}{d}:{min}"},
	"h":        {"{d}", "0{d}", "1{d}", "2{d}"},
	"min":      {"0{d}", "1{d}", "3{d}", "5{d}"},
	"currency": {"{number}{space}{money}", "{money}{space}{number}", "{sign}{money}{number}", "{number},-- {money}"},
	"money":    {"€", "$", "£", "¥", "EUR", "USD", "Euro", "DM", "CHF", "Fr.", "US$", "eur", "Cent"},
	"fraction": {"{d}/{d}", "{d} {d}/{d}", "{d}{d}/{d}{d}", "½", "{d} ½", "{d}⁄{d}"},
	"key":      {"{digits}e{digits}", "{month}-{digits}", "{digits}-{digits}", "{digits}.{digits}", "{digits}/{digits}", "{digits}:{digits}", "{digits}_{digits}", "E{digits}", "{digits}E", "0x{digits}", "&H{digits}"},
	"joint":    {" / ", "/", "-", ":", ";", " - ", "e", "x", "^", "*"},
	"formula":  {"{start}{value}", "{start}{digits}+{digits}", "{start}SUM(A1:A9)", "{start}SUMME(1;2)", "{start}HYPERLINK(\"http://x.example\";\"y\")", "{start}A1", "{start}A1&\"x\"", "{start}{word}", "{start}", "{start}{start}{digits}", "{start}cmd|' /C calc'!A0", "{start}\"05\"", "{start}\"x\"&\"y\""},
	"start":    {"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", " =", "'=", "=+", "\u200b="},
	"truth":    {"WAHR", "FALSCH", "TRUE", "FALSE", "wahr", "falsch", "true", "false", "Wahr", "True", "WAHR()", "=WAHR", "=TRUE()"},
	"error":    {"#NV", "#N/A", "#WERT!", "#VALUE!", "#DIV/0!", "#NAME?", "#REF!", "#BEZUG!", "#NULL!", "Err:502", "#"},
	"word":     {"Land", "Prozent", "Mio.", "Punkte", "Ziel", "Nr.", "NRW", "a", "S.", "bis", "und", "Uhr", "of", "–", "„ja“", "😀", "Stück", "C++", "x=1", "@nrw", "#digital"},
	"quote":    {"'", "\"", "„", "“", "’", "`"},
	"wide":     {"１２", "１．５", "５％", "１／２", "１ｅ５", "＝１＋１", "ＷＡＨＲ", "٣٤", "१२", "Ⅷ", "①", "10²"},
}

// sentence derives a text from a rule.
func sentence(r *rand.Rand, rule string) string {
	alternatives := grammar[rule]
	var b strings.Builder
	rest := alternatives[r.IntN(len(alternatives))]
	for {
		before, after, ok := strings.Cut(rest, "{")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		name, tail, _ := strings.Cut(after, "}")
		b.WriteString(sentence(r, name))
		rest = tail
	}
}

// sentences derives so many different texts, always the same ones.
func sentences(n int) []string {
	r := rand.New(rand.NewPCG(7, 4))
	known := map[string]bool{}
	texts := make([]string, 0, n)
	for len(texts) < n {
		if s := sentence(r, "text"); s != "" && !known[s] {
			known[s] = true
			texts = append(texts, s)
		}
	}
	return texts
}

// TestOracle opens thousands of texts in LibreOffice as each type of column that
// holds text, with special numbers detected and formulas evaluated: every cell is
// the text that it was.
func TestOracle(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	texts := sentences(6000)
	for name, filter := range map[string]string{"German": semicolons, "English": semicolonsEnglish} {
		t.Run(name, func(t *testing.T) {
			var types []dataset.Column
			for _, kind := range []dataset.Type{dataset.String, dataset.Identifier, dataset.Period, ""} {
				types = append(types, dataset.Column{Name: "c" + string(kind), Type: kind})
			}
			rows := make([][]string, len(texts))
			for i, text := range texts {
				rows[i] = slices.Repeat([]string{text}, len(types))
			}
			file := write(t, t.TempDir(), "csv", "excel-de", encode.Document{Columns: types}, rows)
			s := openSheet(t, filepath.Join(o.convert(t, filter, "xlsx", file), "hostile.xlsx"), 0)
			for i, text := range texts {
				for j, c := range types {
					if rule := inCSV(c, text, s.at(t, i+2, j+1)); rule != "" {
						t.Errorf("%s %q became %s: %s", c.Name, text, s.at(t, i+2, j+1), rule)
					}
				}
			}
		})
	}
}

// TestOracleItself opens the same texts without protection, to show that
// LibreOffice would change many of them.
func TestOracleItself(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	texts := sentences(2000)
	var b strings.Builder
	for _, text := range texts {
		fmt.Fprintf(&b, "x;\"%s\"\r\n", strings.ReplaceAll(text, `"`, `""`))
	}
	for name, filter := range map[string]string{"German": semicolons, "English": semicolonsEnglish} {
		file := save(t, t.TempDir(), "bare.csv", []byte(b.String()))
		s := openSheet(t, filepath.Join(o.convert(t, filter, "xlsx", file), "bare.xlsx"), 0)
		changed := 0
		for i, text := range texts {
			if inCSV(dataset.Column{Type: dataset.String}, text, s.at(t, i+1, 2)) != "" {
				changed++
			}
		}
		t.Logf("%s: %d of %d texts are changed", name, changed, len(texts))
		if changed < len(texts)/4 {
			t.Errorf("%s: only %d of %d texts are changed without protection", name, changed, len(texts))
		}
	}
}
