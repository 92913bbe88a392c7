// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// readExcel reads a file of the dialect excel-de with the standard library.
func readExcel(t testing.TB, content []byte) [][]string {
	t.Helper()
	content, ok := bytes.CutPrefix(content, []byte("\ufeff"))
	if !ok {
		t.Fatal("no byte order mark")
	}
	r := csv.NewReader(bytes.NewReader(content))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

var literals = regexp.MustCompile(`"&"|""`)

// restore undoes the protection of a cell by the rule that docs/spreadsheets.md
// gives.
func restore(c dataset.Column, cell string) string {
	if text, ok := strings.CutPrefix(cell, `="`); ok {
		cell = literals.ReplaceAllStringFunc(strings.TrimSuffix(text, `"`), func(s string) string {
			if s == `""` {
				return `"`
			}
			return ""
		})
	} else if text, ok := strings.CutPrefix(cell, "'"); ok {
		cell = text
	}
	if c.Numeric() {
		return strings.ReplaceAll(cell, ",", ".")
	}
	return cell
}

// excel writes one cell in the dialect excel-de and returns it as it is in the
// file, without the quotation marks of CSV.
func excel(t testing.TB, c dataset.Column, cell string) string {
	t.Helper()
	c.Name = "c"
	return readExcel(t, write(t, format(t, "csv", "excel-de"), document([]dataset.Column{c}), [][]string{{cell}}))[1][0]
}

// texts are texts of all kinds that spreadsheets care about.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringOf(rapid.SampledFrom([]rune("\"&='+- 0a;\nä😀"))),
		rapid.StringOfN(rapid.SampledFrom([]rune(`"&=a😀`)), 200, 600, -1),
		rapid.StringOfN(rapid.SampledFrom([]rune(`="x`)), 8000, 8300, -1),
		rapid.SampledFrom([]string{"", `"`, `""`, `"&"`, `="05"`, `'`, `''`, `'="05"`, "05", "5 %", "=1", "\n=1"}),
	)
}

// TestExcelReadBack writes any cells and restores them by the rule that the docs give to
// readers. Carriage returns are left out: encoding/csv drops them.
func TestExcelReadBack(t *testing.T) {
	t.Parallel()
	protected := regexp.MustCompile(`(?s)` + encode.ProtectedPattern)
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom(columns).Draw(rt, "column")
		cell := strings.ReplaceAll(texts().Draw(rt, "cell"), "\r", "")
		if c.Numeric() {
			cell = rapid.SampledFrom([]string{"", "0", "-1.50", "6 / 7", "1.5 / -2", "12345678901234567890.10"}).Draw(rt, "number")
		}
		if c.Type == dataset.Boolean {
			cell = rapid.SampledFrom([]string{"", "true", "false"}).Draw(rt, "boolean")
		}
		got := excel(t, c, cell)
		if restored := restore(c, got); restored != cell {
			rt.Errorf("%s %.100q is written as %.100q and read as %.100q", c.Type, cell, got, restored)
		}
		if encode.Protected(c) && cell != "" && !protected.MatchString(got) {
			rt.Errorf("%s %q is written as %q", c.Type, cell, got)
		}
	})
}

// TestExcelTexts: which free texts are protected. test/spreadsheets asks
// LibreOffice.
func TestExcelTexts(t *testing.T) {
	t.Parallel()
	free := dataset.Column{Type: dataset.String}
	for _, cell := range []string{
		"1e5", "73928e05", "mai-1", "Okt-21", "5 %", "3 €", "Mai 2021", "5. Mai", "Oct 2021", "1st May 2021", "12:30", "12:30 Uhr", "3 pm", "1 1/2", "½", "3 EUR", "US$ 3",
		"５％", "１ｅ５", "٣", "(5)", "−5", "wahr", "FALSCH", "True", "FALSE", "#NV", "#N/A", "=1+1", "+A", "-A", "@A", "＝1+1", "＋A", "－A", "＠A", "﹣A",
		" =1+1", "\u00a0x", "x ", "\tx", "\u200b=1", "\ufeffx", "'x", "8.2 (1) c", "TOP 4", "Montag, 5. Januar 2021", "2021-11-12T10:00Z", "05", "-", "=",
	} {
		if got, want := excel(t, free, cell), `="`+cell+`"`; got != want {
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
	}
	for _, cell := range []string{
		"", "Größe, Übermut; „ß“", "Vorlage 17/6059", "Ziel 5", "5 Prozent", "wahrscheinlich", "Mai", "a", "3 Länder", "5 Mio. Menschen", "Maibaum 1", "eins\nzwei", "Wert=1", "C++", "das ist wahr",
	} {
		if got := excel(t, free, cell); got != cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
}

// TestExcelLongTexts checks the limits of Excel: strings in formulas have at most 255
// UTF-16 code units, and formulas 8192. LibreOffice does not accept line breaks in them.
func TestExcelLongTexts(t *testing.T) {
	t.Parallel()
	free := dataset.Column{Type: dataset.String}
	for _, tt := range []struct{ name, cell, want string }{
		{"one part", "=" + strings.Repeat("x", 254), `="=` + strings.Repeat("x", 254) + `"`},
		{"two parts", "=" + strings.Repeat("x", 255), `="=` + strings.Repeat("x", 254) + `"&"x"`},
		{"beyond the basic plane", "=" + strings.Repeat("😀", 128), `="=` + strings.Repeat("😀", 127) + `"&"😀"`},
		{"quotation marks", "=" + strings.Repeat(`"`, 128), `="=` + strings.Repeat(`""`, 127) + `"&""""`},
		{"longer than a formula", "=" + strings.Repeat("x", 8192), "'=" + strings.Repeat("x", 8192)},
		{"line break", "=1\n+1", "'=1\n+1"},
	} {
		if got := excel(t, free, tt.cell); got != tt.want {
			t.Errorf("%s: %.300q, want %.300q", tt.name, got, tt.want)
		}
	}
	for length := 7900; length < 8300; length++ {
		got := excel(t, free, "="+strings.Repeat("x", length-1))
		if formula := length + len(`=""`) + (length-1)/255*len(`"&"`); strings.HasPrefix(got, "=") != (formula <= 8192) {
			t.Fatalf("%d characters would be a formula of %d, and %.5q is written", length, formula, got)
		}
	}
}
