// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// columns has a column for each way to go wrong.
var columns = []dataset.Column{
	{Name: "id", Type: dataset.Identifier},
	{Name: "area", Type: dataset.Reference},
	{Name: "priority", Type: dataset.Code},
	{Name: "value", Type: dataset.Decimal},
	{Name: "count", Type: dataset.Integer},
	{Name: "period", Type: dataset.Period},
	{Name: "day", Type: dataset.Date},
	{Name: "text", Type: dataset.String},
}

// hostile are rows that spreadsheets tend to change.
var hostile = [][]string{
	{"plain", "05", "1-2", "1.10", "78", "2021", "2021-11-12", "Größe, Übermut; „ß“"},
	{"zeros", "007", "00", "0.5", "0", "2021-06", "1999-12-31", "05"},
	{"negative", "08", "3/4", "-1.50", "-3", "2018/2021", "2024-02-29", "-5 Prozent"},
	{"large", "00", "1.2.3", "75000", "123456789", "2021-11-12", "2021-01-02", "1.000.000"},
	{"exact", "1", "12:30", "0.000001", "1", "2019-01/2019-03", "2021-03-04", "3.5"},
	{"formula", "=1+1", "+1", "1", "1", "2021", "2021-11-12", "=1+1"},
	{"formulas", "@SUM(A1)", "-1", "1", "1", "2021", "2021-11-12", `=HYPERLINK("http://x";"y")`},
	{"signs", "+49 211", "=x", "1", "1", "2021", "2021-11-12", "-1+1"},
	{"at", "@x", "@SUM(A1)", "1", "1", "2021", "2021-11-12", "@SUM(A1)"},
	{"tabs", "\t=1+1", "\t1", "1", "1", "2021", "2021-11-12", "\t=1+1"},
	{"tabs and signs", "\t+1", "\t@x", "1", "1", "2021", "2021-11-12", "\t-1"},
	{"blanks", "1 / 2", "6 / 7", "1", "1", "2021", "2021-11-12", "1 - 2"},
	{"quotes", "a", "b", "1", "1", "2021", "2021-11-12", `"er sagte ""ja"""; 'nein'`},
	{"lines", "a", "b", "1", "1", "2021", "2021-11-12", "eins\nzwei"},
	{"emoji", "a", "b", "1", "1", "2021", "2021-11-12", "😀 👩‍👩‍👧 ٣ Ω"},
	{"empty", "", "", "", "", "", "", ""},
}

// write writes the rows in a format to a file of the folder.
func write(t *testing.T, folder, format, dialect string, d encode.Document, rows [][]string) string {
	t.Helper()
	f, ok := encode.Find(format, dialect)
	if !ok {
		t.Fatalf("no format %s %s", format, dialect)
	}
	var b bytes.Buffer
	d.Rows = int64(len(rows))
	e := f.New(&b, d)
	for _, row := range rows {
		cells := make([][]byte, len(row))
		for i, c := range row {
			cells[i] = []byte(c)
		}
		if err := e.Row(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	return save(t, folder, "hostile."+format, b.Bytes())
}

// save writes a file to the folder and returns its path.
func save(t *testing.T, folder, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(folder, name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestHostileWorkbook opens a workbook with such cells: all are as they were.
func TestHostileWorkbook(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	rows := append([][]string{
		{"controls", "a", "b", "1", "1", "2021", "2021-11-12", "\tTab \x01\x1f Ende"},
		{"escaped", "a", "b", "1", "1", "2021", "2021-11-12", "_x0041_ _x005F_"},
		{"digits", "a", "b", "12345678901234567890.10", "1", "0021", "1899-12-31", "<a> & ]]>"},
		{"long", "a", "b", "0.0000001", "1", "2021", "2021-11-12", strings.Repeat("ä", 32767)},
	}, hostile...)
	file := write(t, t.TempDir(), "xlsx", "", encode.Document{Columns: columns}, rows)
	s := openSheet(t, filepath.Join(o.convert(t, "", "xlsx", file), "hostile.xlsx"), 0)
	for i, row := range rows {
		for j, c := range columns {
			got := s.at(t, i+2, j+1)
			text := c.Numeric() && (row[j] == "12345678901234567890.10" || row[j] == "0.0000001") || row[j] == "1899-12-31"
			if text && !got.number && got.shown == row[j] {
				continue // no cell holds it otherwise
			}
			if rule := inWorkbook(c, row[j], got); rule != "" {
				t.Errorf("%s, column %s: %.40q became %.80s: %s", row[0], c.Name, row[j], got, rule)
			}
		}
	}
}

// TestHostileCSV opens a CSV of the dialect excel-de with such cells: all are as
// they were.
func TestHostileCSV(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	file := write(t, t.TempDir(), "csv", "excel-de", encode.Document{Columns: columns}, hostile)
	s := openSheet(t, filepath.Join(o.convert(t, semicolons, "xlsx", file), "hostile.xlsx"), 0)
	if _, n := s.size(t); n != len(columns) {
		t.Fatalf("%d columns are seen, want %d", n, len(columns))
	}
	for i, row := range hostile {
		for j, c := range columns {
			got := s.at(t, i+2, j+1)
			if rule := inCSV(c, row[j], got); rule != "" {
				t.Errorf("%s, column %s: %q became %s: %s", row[0], c.Name, row[j], got, rule)
			}
		}
	}
}

// hostileWide has such texts in column titles, in the columns that identify a row and in
// the periods, and values that look like dates when they share a cell.
var hostileWide = encode.Document{
	Wide: true, Labels: "de",
	Columns: []dataset.Column{
		{Name: "indicator", Type: dataset.Reference, Title: dataset.Text{DE: "=1+1"}},
		{Name: "area", Type: dataset.Reference, Title: dataset.Text{DE: "\t=1+1"}},
		{Name: "period", Type: dataset.Period},
		{Name: "value", Type: dataset.Decimal},
		{Name: "qualifier", Type: dataset.Code, Title: dataset.Text{DE: "@SUM(A1)"}},
		{Name: "unit", Type: dataset.Code, Title: dataset.Text{DE: "-1+1"}},
		{Name: "source", Type: dataset.Reference, Title: dataset.Text{DE: "+1"}},
	},
}

// TestHostileWide opens a wide table with titles in both formats: nothing runs,
// and several values of a cell are protected, for Excel may see a day in them.
func TestHostileWide(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	var rows [][]string
	for _, value := range []string{"6", "7", "6"} {
		rows = append(rows, []string{"=1+1", "05", "2021", value, "\t=1+1", "+1", "@x"})
	}
	for _, value := range []string{"-1.5", "-2"} {
		rows = append(rows, []string{"@SUM(A1)", "-1", "=2+2", value, "+1", "\t-1", "1-2"})
	}
	want := [][]string{
		{"=1+1", "\t=1+1", "@SUM(A1)", "-1+1", "+1", "2021", "=2+2"},
		{"=1+1", "05", "\t=1+1", "+1", "@x", "6 / 7", ""},
		{"@SUM(A1)", "-1", "+1", "\t-1", "1-2", "", "-1.5 / -2"},
	}
	folder := t.TempDir()
	workbook, table := write(t, folder, "xlsx", "", hostileWide, rows), write(t, folder, "csv", "excel-de", hostileWide, rows)
	inWorkbook := openSheet(t, filepath.Join(o.convert(t, "", "xlsx", workbook), "hostile.xlsx"), 0)
	inTable := openSheet(t, filepath.Join(o.convert(t, semicolons, "xlsx", table), "hostile.xlsx"), 0)
	for i, row := range want {
		for j, text := range row {
			if got := inWorkbook.at(t, i+1, j+1); got.shown != text || got.formula != "" || got.number {
				t.Errorf("workbook, row %d, column %d: %q became %s", i+1, j+1, text, got)
			}
			if strings.Contains(text, joint) {
				text = strings.ReplaceAll(text, ".", ",")
			}
			if got := inTable.at(t, i+1, j+1); text != "" && (got.shown != text || got.number || !isLiteral(got.formula, text)) {
				t.Errorf("CSV, row %d, column %d: %q became %s", i+1, j+1, text, got)
			}
		}
	}
}

// TestDialogue opens the same file with the defaults of the LibreOffice dialogue, which
// does not evaluate formulas: a protected text is shown with its protection, ="05".
// docs/spreadsheets.md explains what to do.
func TestDialogue(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	file := write(t, t.TempDir(), "csv", "excel-de", encode.Document{Columns: columns}, hostile)
	s := openSheet(t, filepath.Join(o.convert(t, dialogue, "xlsx", file), "hostile.xlsx"), 0)
	for name, want := range map[[2]int]string{{2, 2}: `="05"`, {2, 3}: `="1-2"`, {3, 6}: `="2021-06"`, {7, 8}: `="=1+1"`, {2, 8}: hostile[0][7]} {
		if got := s.at(t, name[0], name[1]); got.shown != want || got.formula != "" || got.number {
			t.Errorf("row %d, column %d is %s, want %s", name[0], name[1], got, want)
		}
	}
	if got := s.at(t, 2, 4); !got.number || got.raw != "1.1" {
		t.Errorf("1.10 became %s", got)
	}
}
