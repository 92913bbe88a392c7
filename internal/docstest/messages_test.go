package docstest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/fixture"
)

// mistakes are what docs/editors.md explains, in its order: the message as the
// page shows it, and how to come to it.
var mistakes = []struct {
	message string
	make    func(t *testing.T, p dataPackage)
}{
	{"is missing; a data package has it beside datapackage.json", func(_ *testing.T, p dataPackage) { delete(p.MapFS, "goals.csv") }},
	{"begins with a byte order mark; save it as “UTF-8” …", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", prefix("\uFEFF")) }},
	{"is encoded as UTF-16; save it as UTF-8", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", prefix("\xFF\xFE")) }},
	{"is not UTF-8: line … holds a byte of another encoding, Latin-1 probably; save it as UTF-8", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", replace("ü", "\xFC")) }},
	{"has the line ends of Windows (CRLF); save it with line ends LF", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", replace("\n", "\r\n")) }},
	{"is separated by semicolons; save it with commas between the cells", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", replace(",", ";")) }},
	{"has a blank line (line …); delete it", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", suffix("\n")) }},
	{"does not end with a line end; the last row may be cut off", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", suffix("ds2")) }},
	{"is not CSV: line …; a cell with quotation marks is quoted and doubles them", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", suffix("a\"b,c\n")) }},
	{"has … cells instead of …; a cell with a comma is quoted", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", suffix("a,b\n")) }},

	{"has no header; the first row names the columns", func(_ *testing.T, p dataPackage) { p.bytes("goals.csv", func(string) string { return "" }) }},
	{"is no column of goals.csv", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 0, "due", "deu") }},
	{"stands twice in the header", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 0, "due", "title") }},
	{"is missing in the header", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 0, "due", "deu") }},
	{"the columns are swapped; their order is …", func(t *testing.T, p dataPackage) {
		p.cell(t, "goals.csv", 0, "due", "x")
		p.cell(t, "goals.csv", 0, "title", "due")
		p.cell(t, "goals.csv", 0, "x", "title")
	}},

	{"is empty, but required", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "title", "") }},
	{"has a blank at its begin or end; delete it", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "title", " Titel") }},
	{"has a control character or a line break; delete it", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "title", "a\nb") }},
	{"has a decimal comma; write 0.5", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "value", "0,5") }},
	{"has dots between the thousands; write 1234567", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "value", "1.234.567") }},
	{"has a dot between the thousands, for its unit … has no decimal places; write 1234", func(t *testing.T, p dataPackage) { p.column(t, "observations.csv", "value", "1.234") }},
	{"is a date that a spreadsheet made of a number; format the column as text and write the number again", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "value", "3. Mai") }},
	{"is no decimal number: …", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "value", "about 5") }},
	{"is a date as a German spreadsheet writes it; write YYYY-MM-DD and format the column as text", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "period", "31.12.2021") }},
	{"is no period: …", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "period", "12/2021") }},
	{"is no place in a document: …", func(t *testing.T, p dataPackage) { p.cell(t, "observations.csv", 1, "locator", "irgendwo") }},
	{"is no identifier: …", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "id", "Ziel 1") }},
	{"is no truth value: …", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "quantified", "WAHR") }},

	{"stands in row … already; an id names one row", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 2, "id", p.get(t, "goals.csv", 1, "id")) }},
	{"is not in the codelist …", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "status", "anounced") }},
	{"is not an id of sources.csv", func(t *testing.T, p dataPackage) { p.cell(t, "goals.csv", 1, "source", "digitalstrategie") }},
	{"is not codelist, point, code: …", func(t *testing.T, p dataPackage) { p.cell(t, "codelists.csv", 1, "id", "other") }},
	{"repeats the statement of row …; another place in the document has another locator", func(_ *testing.T, p dataPackage) {
		p.bytes("observations.csv", func(s string) string {
			last := s[strings.LastIndex(strings.TrimSuffix(s, "\n"), "\n")+1:]
			return s + "copy-" + last
		})
	}},
	{"is not the sum … of its parts by …; if the source says so, name the rows in contradictions.csv", func(_ *testing.T, p dataPackage) {
		p.bytes("contradictions.csv", func(s string) string { return s[:strings.Index(s, "\n")+1] })
	}},
	{"names fewer than two rows; a contradiction lies between rows", func(t *testing.T, p dataPackage) { p.cell(t, "contradictions.csv", 1, "rows", "ozg-016") }},
	{"is not an id of observations, ozg-service-counts, goals, milestones or strategies", func(t *testing.T, p dataPackage) { p.cell(t, "contradictions.csv", 1, "rows", "ozg-016 ozg-9999") }},

	{"is not JSON: line …", func(_ *testing.T, p dataPackage) { p.bytes("datapackage.json", replace(`"version":`, `"version" `)) }},
	{"is no version; a version is YYYY.MM.N, for example 2026.11.0", func(_ *testing.T, p dataPackage) {
		p.bytes("datapackage.json", replace(`"version": "`, `"version": "v`))
	}},
	{"is no time; it is written as 2026-11-21T12:00:00Z (RFC 3339)", func(_ *testing.T, p dataPackage) {
		p.bytes("datapackage.json", replace(`"created": "`, `"created": "x`))
	}},
	{"the resource … differs from its description; “zielstand check --describe” writes it anew", func(_ *testing.T, p dataPackage) { p.bytes("datapackage.json", replace(`"Kennung"`, `"Id"`)) }},
}

// TestMessages makes every mistake and looks for its message, so that
// docs/editors.md explains what editors really see.
func TestMessages(t *testing.T) {
	t.Parallel()
	var shown, known []string
	for _, r := range read(t, "docs/editors.md").rows() {
		shown = append(shown, r.code(0))
	}
	for _, m := range mistakes {
		known = append(known, m.message)
	}
	if diff := cmp.Diff(known, shown); diff != "" {
		t.Errorf("messages of docs/editors.md (-known +shown)\n%s", diff)
	}
	for _, m := range mistakes {
		t.Run(m.message, func(t *testing.T) {
			t.Parallel()
			p := copyOf(t, fixtures.FS)
			m.make(t, p)
			_, err := fixture.Read(p.MapFS)
			var findings fixture.Findings
			errors.As(err, &findings)
			if !slices.ContainsFunc(findings, func(f fixture.Finding) bool { return fits(m.message, f.Rule) }) {
				t.Errorf("the message does not come; found:\n%v", err)
			}
		})
	}
}

// dataPackage is a copy of the fixtures to make mistakes in.
type dataPackage struct{ fstest.MapFS }

func copyOf(t *testing.T, folder fs.FS) dataPackage {
	t.Helper()
	p := dataPackage{fstest.MapFS{}}
	names, err := fs.Glob(folder, "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		p.MapFS[name] = &fstest.MapFile{Data: content}
	}
	return p
}

// bytes rewrites a file.
func (p dataPackage) bytes(name string, change func(string) string) {
	p.MapFS[name].Data = []byte(change(string(p.MapFS[name].Data)))
}

func prefix(text string) func(string) string { return func(s string) string { return text + s } }
func suffix(text string) func(string) string { return func(s string) string { return s + text } }
func replace(a, b string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, a, b) }
}

// table reads a file; row 0 is its header.
func (p dataPackage) table(t *testing.T, name string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(p.MapFS[name].Data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// get returns a cell.
func (p dataPackage) get(t *testing.T, name string, row int, column string) string {
	t.Helper()
	rows := p.table(t, name)
	return rows[row][slices.Index(rows[0], column)]
}

// cell writes one cell.
func (p dataPackage) cell(t *testing.T, name string, row int, column, value string) {
	t.Helper()
	rows := p.table(t, name)
	rows[row][slices.Index(rows[0], column)] = value
	p.write(t, name, rows)
}

// column writes the same into all cells of a column.
func (p dataPackage) column(t *testing.T, name, column, value string) {
	t.Helper()
	rows := p.table(t, name)
	i := slices.Index(rows[0], column)
	for _, row := range rows[1:] {
		row[i] = value
	}
	p.write(t, name, rows)
}

func (p dataPackage) write(t *testing.T, name string, rows [][]string) {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	p.MapFS[name].Data = b.Bytes()
}
