// SPDX-License-Identifier: EUPL-1.2

package encode_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/encode"
)

// workbook is a document with everything that a workbook can show. Unlike in real
// datasets, the column area refers to sources, so that few columns suffice.
func workbook(labels string) encode.Document {
	d := document(append([]dataset.Column(nil), columns...))
	d.Columns[1].Of = "sources"
	for i, c := range d.Columns {
		d.Columns[i].Title = dataset.Text{DE: "Titel " + c.Name, EN: "Title " + c.Name}
		d.Columns[i].Description = dataset.Text{DE: "Bedeutung von " + c.Name + ".", EN: "Meaning of " + c.Name + "."}
	}
	d.Columns[2].Of = "kind"
	d.Dataset = &dataset.Dataset{
		ID: "nasty", Title: dataset.Text{DE: "Zahl der Onlinedienste nach dem Onlinezugangsgesetz", EN: "Nasty rows: a/b [c]"},
		Description: dataset.Text{DE: "Zeilen, über die Formate <stolpern> & fallen.", EN: "Rows that formats stumble over."},
	}
	d.Labels, d.Meta.Release, d.Meta.Modified = labels, "2024.01.0", time.Date(2024, 1, 15, 12, 0, 0, 0, time.UTC)
	d.Meta.License, d.Meta.Attribution = "http://dcat-ap.de/def/licenses/dl-by-de/2.0", "Zielstand"
	d.Address, d.Total, d.Rows = "https://zielstand.example/v1/nasty?release=2024.01.0&format=xlsx", 15, 15
	d.Sources = func() ([]encode.Source, error) {
		return []encode.Source{
			{ID: "05", Title: dataset.Text{DE: "Fünf", EN: "Five"}, Publisher: "Land", Published: "2021", Reference: "17/1", URL: "https://example.org/5"},
			{ID: "99", Title: dataset.Text{DE: "Nicht benutzt", EN: "Not used"}},
		}, nil
	}
	d.Codes = func() ([]encode.Code, error) {
		return []encode.Code{
			{List: "other", Code: "3/4", Title: dataset.Text{DE: "Andere Liste", EN: "Other list"}},
			{List: "kind", Code: "target", Title: dataset.Text{DE: "Zielwert", EN: "target"}},
			{List: "kind", Code: "actual", Title: dataset.Text{DE: "Istwert", EN: "actual"}, Definition: dataset.Text{DE: "So berichtet.", EN: "Reported so."}},
		}, nil
	}
	return d
}

// open reads a workbook as another program does.
func open(t testing.TB, content []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// parts are the parts of a workbook, a line for each row of a sheet.
func parts(t testing.TB, content []byte) []byte {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var archive txtar.Archive
	for _, f := range r.File {
		part, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range []string{"<row ", "</sheetData>", "<xf ", "<Override ", "<definedName ", "<Relationship "} {
			b = bytes.ReplaceAll(b, []byte(tag), []byte("\n"+tag))
		}
		archive.Files = append(archive.Files, txtar.File{Name: f.Name, Data: append(b, '\n')})
	}
	return txtar.Format(&archive)
}

func TestXLSXGolden(t *testing.T) {
	t.Parallel()
	for _, labels := range []string{"", "de", "en"} {
		path := filepath.Join("testdata", "nasty"+strings.TrimSuffix("-"+labels, "-")+".xlsx.txtar")
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			content := write(t, format(t, "xlsx", ""), workbook(labels), nasty)
			again := write(t, format(t, "xlsx", ""), workbook(labels), nasty)
			if !bytes.Equal(content, again) {
				t.Error("the same rows gave other bytes")
			}
			got := parts(t, content)
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, got) {
				t.Errorf("parts (-want +got)\n%s", cmp.Diff(lines(want), lines(got)))
			}
		})
	}
}

// TestXLSXPackage checks the archive: no current time, no external programs, no
// formulas.
func TestXLSXPackage(t *testing.T) {
	t.Parallel()
	content := write(t, format(t, "xlsx", ""), workbook("de"), nasty)
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.File {
		if f.Modified.Year() != 1980 {
			t.Errorf("%s is dated %s", f.Name, f.Modified)
		}
	}
	text := parts(t, content)
	for _, never := range []string{"<f>", "<f ", "externalLink", "vbaProject", "TargetMode"} {
		if bytes.Contains(text, []byte(never)) {
			t.Errorf("the workbook contains %s", never)
		}
	}
}

func TestXLSXCells(t *testing.T) {
	t.Parallel()
	f := open(t, write(t, format(t, "xlsx", ""), workbook(""), nasty))
	const sheet = "Zahl der Onlinedienste nach…"
	if diff := cmp.Diff([]string{sheet, "Metadaten"}, f.GetSheetList()); diff != "" {
		t.Fatalf("sheets (-want +got)\n%s", diff)
	}
	for _, tt := range []struct {
		cell, shown string
		kind        excelize.CellType
	}{
		{"A1", "id", excelize.CellTypeInlineString},
		{"B2", "05", excelize.CellTypeInlineString},                      // a leading zero
		{"E2", "2021-11-12", excelize.CellTypeUnset},                     // a day
		{"F2", "2021", excelize.CellTypeInlineString},                    // a year
		{"F4", "2021-06", excelize.CellTypeInlineString},                 // a month
		{"F5", "2018/2021", excelize.CellTypeInlineString},               // an interval
		{"F6", "2021-06-30", excelize.CellTypeUnset},                     // a period that is a day
		{"G2", "75000", excelize.CellTypeUnset},                          // a number
		{"G4", "1.10", excelize.CellTypeUnset},                           // its decimal places
		{"G7", "0.000", excelize.CellTypeUnset},                          // zero
		{"G9", "12345678901234567890.10", excelize.CellTypeInlineString}, // too many digits
		{"H5", "-3", excelize.CellTypeUnset},
		{"I2", "TRUE", excelize.CellTypeBool},
		{"I4", "FALSE", excelize.CellTypeBool},
		{"C10", "3/4", excelize.CellTypeInlineString}, // no date
		{"B10", "1-2", excelize.CellTypeInlineString},
		{"B12", "=1+1", excelize.CellTypeInlineString}, // no formula
		{"J4", "obs-1 obs-2", excelize.CellTypeInlineString},
		{"B3", "", excelize.CellTypeUnset}, // nothing reported
	} {
		shown, err := f.GetCellValue(sheet, tt.cell)
		if err != nil || shown != tt.shown {
			t.Errorf("%s shows %q, %v, want %q", tt.cell, shown, err, tt.shown)
		}
		if kind, err := f.GetCellType(sheet, tt.cell); err != nil || kind != tt.kind {
			t.Errorf("%s has the type %d, %v, want %d", tt.cell, kind, err, tt.kind)
		}
		if formula, err := f.GetCellFormula(sheet, tt.cell); err != nil || formula != "" {
			t.Errorf("%s has the formula %q, %v", tt.cell, formula, err)
		}
	}
	checkLooks(t, f, sheet)
}

// checkLooks checks what the reader sees besides the cells.
func checkLooks(t *testing.T, f *excelize.File, sheet string) {
	t.Helper()
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 || panes.XSplit != 0 || panes.TopLeftCell != "A2" {
		t.Errorf("panes: %+v, %v", panes, err)
	}
	for column, want := range map[string]float64{"A": 24, "D": 48, "E": 12, "G": 12, "J": 32} {
		if width, err := f.GetColWidth(sheet, column); err != nil || width != want {
			t.Errorf("column %s is %v wide, %v, want %v", column, width, err, want)
		}
	}
	var names []string
	for _, n := range f.GetDefinedName() {
		names = append(names, n.Name+" "+n.RefersTo)
	}
	want := []string{"_xlnm._FilterDatabase '" + sheet + "'!$A$1:$J$16", "_xlnm.Print_Titles '" + sheet + "'!$1:$1"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got)\n%s", diff)
	}
	id, err := f.GetCellStyle(sheet, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if style, err := f.GetStyle(id); err != nil || style.Font == nil || !style.Font.Bold {
		t.Errorf("the header is not bold: %+v, %v", style, err)
	}
	if properties, err := f.GetDocProps(); err != nil || !strings.HasPrefix(properties.Title, "Zahl der Onlinedienste") || properties.Created != "2024-01-15T12:00:00Z" {
		t.Errorf("properties: %+v, %v", properties, err)
	}
}

func TestXLSXMetadata(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		labels, sheet string
		want          map[string]string
	}{
		{"", "Metadaten", map[string]string{
			"Titel": "Zahl der Onlinedienste nach dem Onlinezugangsgesetz", "Veröffentlichung": "2024.01.0",
			"Veröffentlicht": "2024-01-15", "Zeilen": "15", "Namensnennung": "Zielstand",
			"Lizenz":       "Datenlizenz Deutschland – Namensnennung – Version 2.0|http://dcat-ap.de/def/licenses/dl-by-de/2.0",
			"Adresse":      "https://zielstand.example/v1/nasty?release=2024.01.0&format=xlsx",
			"Zitieren als": "Zielstand: „Zahl der Onlinedienste nach dem Onlinezugangsgesetz“, Veröffentlichung 2024.01.0 vom 15.1.2024. https://zielstand.example/v1/nasty?release=2024.01.0&format=xlsx. Lizenz: http://dcat-ap.de/def/licenses/dl-by-de/2.0",
			"Spalte":       "Titel|Title|Bedeutung|Meaning|Typ|Einheit",
			"kind":         "Titel kind|Title kind|Bedeutung von kind.|Meaning of kind.|Code der Liste kind|–",
			"rows":         "Titel rows|Title rows|Bedeutung von rows.|Meaning of rows.|Kennungen, durch Leerzeichen getrennt|–",
			"Code":         "Titel|Title|Bedeutung|Meaning|Codeliste",
			"actual":       "Istwert|actual|So berichtet.|Reported so.|kind",
			"Quelle":       "Titel|Herausgeber|Adresse|Aktenzeichen|Veröffentlicht",
			"05":           "Fünf|Land|https://example.org/5|17/1|2021",
		}},
		{"en", "Metadata", map[string]string{
			"Title": "Nasty rows: a/b [c]", "Published": "2024-01-15", "kind": "Titel kind|Title kind|Bedeutung von kind.|Meaning of kind.|code from the list kind|–",
			"Licence": "Data licence Germany – attribution – version 2.0|http://dcat-ap.de/def/licenses/dl-by-de/2.0",
			"Cite as": "Zielstand: “Nasty rows: a/b [c]”, release 2024.01.0 of 15 January 2024. https://zielstand.example/v1/nasty?release=2024.01.0&format=xlsx. Licence: http://dcat-ap.de/def/licenses/dl-by-de/2.0",
			"Code":    "Titel|Title|Bedeutung|Meaning|Code list",
			"05":      "Five|Land|https://example.org/5|17/1|2021",
		}},
	} {
		f := open(t, write(t, format(t, "xlsx", ""), workbook(tt.labels), nasty))
		rows, err := f.GetRows(tt.sheet)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, row := range rows {
			if len(row) > 1 {
				got[row[0]] = strings.Join(row[1:], "|")
			}
		}
		for word, want := range tt.want {
			if got[word] != want {
				t.Errorf("%s: %s is %q, want %q", tt.sheet, word, got[word], want)
			}
		}
		for _, unused := range []string{"99", "target", "3/4"} {
			if _, listed := got[unused]; listed {
				t.Errorf("%s explains %s, which is in no row", tt.sheet, unused)
			}
		}
	}
}

// TestXLSXLists explains the codes that lists have, and what their entries are.
func TestXLSXLists(t *testing.T) {
	t.Parallel()
	d := encode.Document{Dataset: dataset.Goals}
	for _, name := range []string{"id", "themes", "relatedGoals"} {
		d.Columns = append(d.Columns, dataset.Goals.Columns[dataset.Goals.Column(name)])
	}
	d.Codes = func() ([]encode.Code, error) {
		return []encode.Code{
			{List: "theme", Code: "mobile", Title: dataset.Text{DE: "Mobilfunk", EN: "Mobile networks"}},
			{List: "theme", Code: "schools", Title: dataset.Text{DE: "Schulen", EN: "Schools"}},
			{List: "theme", Code: "e-file", Title: dataset.Text{DE: "Elektronische Akte", EN: "Electronic file"}},
		}, nil
	}
	for labels, want := range map[string]map[string]string{
		"de": {
			"themes": "Codes der Liste theme, durch Leerzeichen getrennt", "relatedGoals": "Kennungen aus goals, durch Leerzeichen getrennt",
			"e-file": "theme", "mobile": "theme", "schools": "",
		},
		"en": {"themes": "codes from the list theme, separated by spaces", "relatedGoals": "identifiers from goals, separated by spaces", "e-file": "theme"},
	} {
		d.Labels = labels
		f := open(t, write(t, format(t, "xlsx", ""), d, [][]string{{"ds2-01", "e-file mobile", "ds2-02 ds2-03"}, {"ds2-02", "", ""}}))
		sheets := f.GetSheetList()
		rows, err := f.GetRows(sheets[len(sheets)-1])
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, row := range rows {
			if len(row) > 5 {
				got[row[0]] = row[5]
			}
		}
		for word, kind := range want {
			if got[word] != kind {
				t.Errorf("labels=%s: %s is explained as %q, want %q", labels, word, got[word], kind)
			}
		}
	}
}

// TestXLSXUnits looks for the unit of each column of numbers: the same for all
// values, or the column that has it.
func TestXLSXUnits(t *testing.T) {
	t.Parallel()
	value := []dataset.Column{dataset.Observations.Columns[dataset.Observations.Column("value")]}
	count := dataset.Query{Dataset: dataset.Observations, GroupBy: []int{}, Aggregates: []dataset.Aggregate{dataset.Count}}.Answer().Columns
	for _, tt := range []struct {
		dataset *dataset.Dataset
		columns []dataset.Column
		labels  string
		want    map[string]string
	}{
		{dataset.Observations, nil, "", map[string]string{"value": "siehe Spalte unit", "unit": "–", "period": "–"}},
		{dataset.Observations, nil, "de", map[string]string{"value": "siehe Spalte Einheit"}},
		{dataset.Observations, nil, "en", map[string]string{"value": "see column Unit"}},
		{dataset.Observations, value, "", map[string]string{"value": "je nach Indikator (Spalte unit, hier weggelassen)"}},
		{dataset.Observations, count, "de", map[string]string{"count": "Zeilen"}},
		{dataset.OZGServiceCounts, nil, "", map[string]string{"value": "Leistungen"}},
		{dataset.OZGServiceCounts, count, "en", map[string]string{"count": "rows"}},
		{dataset.ServiceCounts, nil, "en", map[string]string{"value": "services"}},
		{dataset.GoalProgress, nil, "en", map[string]string{"targetValue": "see column Unit", "actualValue": "see column Unit", "share": "percent"}},
		{dataset.Strategies, nil, "", map[string]string{"goalCount": "Ziele"}},
		{dataset.FieldsOfAction, nil, "", map[string]string{"number": "–"}},
	} {
		d := encode.Document{Dataset: tt.dataset, Columns: tt.columns, Labels: tt.labels}
		if d.Columns == nil {
			d.Columns = tt.dataset.Columns
		}
		f := open(t, write(t, format(t, "xlsx", ""), d, nil))
		rows, err := f.GetRows(f.GetSheetName(1))
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, row := range rows {
			if len(row) == 7 {
				got[row[0]] = row[6]
			}
		}
		for name, want := range tt.want {
			if got[name] != want {
				t.Errorf("%s, labels=%s: the unit of %s is %q, want %q", tt.dataset.ID, tt.labels, name, got[name], want)
			}
		}
		if len(got) != len(d.Columns)+1 {
			t.Errorf("%s: %d columns have a unit, want %d", tt.dataset.ID, len(got)-1, len(d.Columns))
		}
	}
}

// TestXLSXTexts reads back cells of various texts.
func TestXLSXTexts(t *testing.T) {
	t.Parallel()
	hostile := []string{
		"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", `"`, `'`, "'=1", "a\r\nb", " spaces ", "ÄÖÜäöüß", "😀👩‍👩‍👧", "\x00\x01\x1f\x7f",
		"_x0041_", "_x0000\x01", "_x0000\uFFFE", "_x005F_", "_x000d_", "_x00_", "_", "<a>&amp;</a>", "]]>", "\u2028", "\uFFFE\uFFFF", "\u0085", "٣",
	}
	rapid.Check(t, func(rt *rapid.T) {
		want := append(rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.StringOf(rapid.SampledFrom([]rune("_x05F\x01\r=&<'\""))))).Draw(rt, "texts"), hostile...)
		var rows [][]string
		for _, text := range want {
			rows = append(rows, []string{text})
		}
		f := open(t, write(t, format(t, "xlsx", ""), document([]dataset.Column{{Name: "text", Type: dataset.String}}), rows))
		for i, text := range want {
			got, err := f.GetCellValue("Daten", "A"+strconv.Itoa(i+2))
			if err != nil || got != text {
				rt.Fatalf("%q was read back as %q, %v", text, got, err)
			}
		}
	})
}

// TestXLSXLongText checks that a text that exceeds a cell is truncated, with a mark in
// the cell and a note on the metadata sheet.
func TestXLSXLongText(t *testing.T) {
	t.Parallel()
	d := workbook("")
	d.Columns = []dataset.Column{{Name: "id", Type: dataset.Identifier}, {Name: "text", Type: dataset.String}}
	var rows [][]string
	for range 22 {
		rows = append(rows, []string{"x", strings.Repeat("😀", 20000)})
	}
	rows = append(rows, []string{"fits", strings.Repeat("ä", encode.MaxCellText)})
	f := open(t, write(t, format(t, "xlsx", ""), d, rows))
	got, err := f.GetCellValue(f.GetSheetName(0), "B2")
	if err != nil {
		t.Fatal(err)
	}
	mark := " … [gekürzt: 40000 Zeichen, siehe Blatt Metadaten]"
	if length := len(utf16.Encode([]rune(got))); !strings.HasSuffix(got, "😀"+mark) || length > encode.MaxCellText || length < encode.MaxCellText-9 {
		t.Errorf("the cell has %d characters and ends with %q", length, got[max(0, len(got)-80):])
	}
	if got, err := f.GetCellValue(f.GetSheetName(0), "B24"); err != nil || len(got) != 2*encode.MaxCellText {
		t.Errorf("a text that fits was cut to %d bytes, %v", len(got), err)
	}
	var notes []string
	about, err := f.GetRows("Metadaten")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range about {
		if len(row) == 2 && strings.HasPrefix(row[1], "Diese Texte passen nicht in eine Zelle") {
			notes = append(notes, row[1])
		}
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "!B2 (40000), ") || !strings.Contains(notes[0], "!B21 (40000) und 2 weitere. Vollständig stehen sie") {
		t.Errorf("the metadata sheet says %q", notes)
	}
}

func TestXLSXSmall(t *testing.T) {
	t.Parallel()
	f := open(t, write(t, format(t, "xlsx", ""), workbook("de"), nil))
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil || len(rows) != 1 || rows[0][0] != "Titel id" || len(rows[0]) != len(columns) {
		t.Errorf("no rows: %q, %v", rows, err)
	}
	bare := open(t, write(t, format(t, "xlsx", ""), encode.Document{}, nil))
	if diff := cmp.Diff([]string{"Daten", "Metadaten"}, bare.GetSheetList()); diff != "" {
		t.Errorf("sheets of an empty document (-want +got)\n%s", diff)
	}
}

// TestXLSXSheets writes more rows than a sheet has.
func TestXLSXSheets(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	e := encode.NewWorkbook(&b, workbook("en"), 8)
	for _, row := range nasty {
		if err := e.Row(bytesOf(row)); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	f := open(t, b.Bytes())
	want := []string{"Nasty rows a b (c)", "Nasty rows a b (c) (2)", "Nasty rows a b (c) (3)", "Metadata"}
	if diff := cmp.Diff(want, f.GetSheetList()); diff != "" {
		t.Fatalf("sheets (-want +got)\n%s", diff)
	}
	var ids []string
	for _, sheet := range want[:3] {
		rows, err := f.GetRows(sheet)
		if err != nil || rows[0][0] != "Title id" || len(rows) > 8 {
			t.Fatalf("%s: %d rows, %v", sheet, len(rows), err)
		}
		for _, row := range rows[1:] {
			ids = append(ids, row[0])
		}
	}
	for i, row := range nasty {
		if ids[i] != row[0] {
			t.Errorf("row %d is %s, want %s", i, ids[i], row[0])
		}
	}
	if len(f.GetDefinedName()) != 6 {
		t.Errorf("names: %+v", f.GetDefinedName())
	}
}

// TestXLSXDimension compares the range that each sheet states with its cells.
func TestXLSXDimension(t *testing.T) {
	t.Parallel()
	wide := encode.Document{Columns: dataset.Observations.Columns, Wide: true}
	one := encode.Document{Columns: columns[:1]}
	for _, tt := range []struct {
		name     string
		document encode.Document
		maxRows  int // of a sheet
		rows     [][]string
		want     []string
	}{
		{"rows", workbook("de"), 100, nasty, []string{"A1:J16", "A1:G30"}},
		{"no rows", workbook("de"), 100, nil, []string{"A1:J1", "A1:G25"}},
		{"several sheets", workbook("de"), 8, nasty, []string{"A1:J8", "A1:J8", "A1:J2", "A1:G31"}},
		{"full sheets", workbook("de"), 8, nasty[:14], []string{"A1:J8", "A1:J8", "A1:G31"}},
		{"one column", one, 100, nasty[:2], []string{"A1:A3", "A1:G7"}},
		{"one cell", one, 100, nil, []string{"A1", "A1:G7"}},
		{"nothing", encode.Document{}, 100, nil, []string{"A1", "A1:G6"}},
		{"wide", wide, 0, observed, []string{"A1:N6", "A1:G21"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var content []byte
			if tt.document.Wide {
				content = write(t, format(t, "xlsx", ""), tt.document, tt.rows)
			} else {
				sheets := encode.Format{New: func(w io.Writer, d encode.Document) encode.Encoder { return encode.NewWorkbook(w, d, tt.maxRows) }}
				content = write(t, sheets, tt.document, tt.rows)
			}
			var stated, filled []string
			for _, f := range txtar.Parse(parts(t, content)).Files {
				if strings.HasPrefix(f.Name, "xl/worksheets/") {
					stated = append(stated, dimension.FindStringSubmatch(string(f.Data))[1])
					filled = append(filled, used(t, string(f.Data)))
				}
			}
			if diff := cmp.Diff(tt.want, stated); diff != "" {
				t.Errorf("stated (-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(filled, stated); diff != "" {
				t.Errorf("dimensions (-filled +stated)\n%s", diff)
			}
		})
	}
}

var (
	dimension = regexp.MustCompile(`<dimension ref="([A-Z0-9:]+)"/><sheetViews>`)
	reference = regexp.MustCompile(`<(?:c|row) r="([A-Z]*)([0-9]+)"`)
)

// used is the range of the rows and cells of a sheet.
func used(t *testing.T, sheet string) string {
	t.Helper()
	columns, rows := 1, 1
	for _, r := range reference.FindAllStringSubmatch(sheet, -1) {
		cell := r[1] + r[2]
		if r[1] == "" { // a row
			cell = "A" + cell
		}
		column, row, err := excelize.CellNameToCoordinates(cell)
		if err != nil {
			t.Fatal(err)
		}
		columns, rows = max(columns, column), max(rows, row)
	}
	if columns*rows == 1 {
		return "A1"
	}
	last, err := excelize.CoordinatesToCellName(columns, rows)
	if err != nil {
		t.Fatal(err)
	}
	return "A1:" + last
}

// TestXLSXCounts checks that a workbook with another number of rows than announced fails.
func TestXLSXCounts(t *testing.T) {
	t.Parallel()
	d := encode.Document{Columns: columns[:1], Rows: 2}
	row := [][]byte{[]byte("x")}
	fewer := format(t, "xlsx", "").New(&counter{}, d)
	if err := fewer.Row(row); err != nil {
		t.Fatal(err)
	}
	if err := fewer.Close(); err == nil || err.Error() != "xlsx: 1 rows instead of the 2 announced" {
		t.Errorf("fewer rows: %v", err)
	}
	more := format(t, "xlsx", "").New(&counter{}, d)
	_, _ = more.Row(row), more.Row(row)
	if err := more.Row(row); err == nil || err.Error() != "xlsx: more rows than the 2 announced" || !errors.Is(more.Close(), err) {
		t.Errorf("more rows: %v", err)
	}
}

func bytesOf(row []string) [][]byte {
	cells := make([][]byte, len(row))
	for i, c := range row {
		cells[i] = []byte(c)
	}
	return cells
}

// counter counts what is written to it and how much the largest piece was.
type counter struct{ bytes, largest int }

func (c *counter) Write(b []byte) (int, error) {
	c.bytes += len(b)
	c.largest = max(c.largest, len(b))
	return len(b), nil
}

// TestXLSXStreams writes 250,000 rows and checks that rows are neither allocated nor
// buffered.
func TestXLSXStreams(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 250,000 rows")
	}
	out := &counter{}
	d := workbook("de")
	d.Columns, d.Rows = []dataset.Column{columns[0], columns[4], columns[6]}, 250_000
	e := format(t, "xlsx", "").New(out, d)
	row := [][]byte{[]byte("obs-0001"), []byte("2021-11-12"), []byte("75000.50")}
	add := func() {
		if err := e.Row(row); err != nil {
			t.Fatal(err)
		}
	}
	for range 50_000 {
		add()
	}
	early, written := heap(), out.bytes
	if allocations := testing.AllocsPerRun(1000, add); allocations != 0 {
		t.Errorf("%v allocations for a row", allocations)
	}
	for range 200_000 - 1001 {
		add()
	}
	if grown := int64(heap()) - int64(early); grown > 256<<10 {
		t.Errorf("200,000 rows more took %d bytes more", grown)
	}
	if share := float64(written) / float64(out.bytes); share < 0.15 || share > 0.25 {
		t.Errorf("after a fifth of the rows %.0f %% of the bytes were written", share*100)
	}
	if out.largest > 64<<10 {
		t.Errorf("%d bytes were written at once", out.largest)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// TestXLSXFails checks that errors occur before anything is written.
func TestXLSXFails(t *testing.T) {
	t.Parallel()
	unavailable := errors.New("no database")
	failing := workbook("")
	failing.Sources = func() ([]encode.Source, error) { return nil, unavailable }
	wide := workbook("")
	wide.Columns = make([]dataset.Column, 16385)
	codeless := workbook("")
	codeless.Codes = func() ([]encode.Code, error) { return nil, unavailable }
	for name, d := range map[string]encode.Document{"sources": failing, "codes": codeless, "columns": wide} {
		out := &counter{}
		e := format(t, "xlsx", "").New(out, d)
		row := make([][]byte, len(d.Columns))
		first, last := e.Row(row), e.Close()
		if first == nil || last == nil || out.bytes != 0 {
			t.Errorf("%s: errors %v and %v, %d bytes written", name, first, last, out.bytes)
		}
		if name != "columns" && !errors.Is(first, unavailable) {
			t.Errorf("the cause is lost: %v", first)
		}
	}
}

func TestDecimalPlaces(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int{
		"0": 0, "7": 0, "-3": 0, "75000": 0, "0.5": 1, "-0.5": 1, "1.10": 2, "0.000": 3, "100.000000": 6, "999999999999999": 0, "0.123456": 6,
		"": -1, "-": -1, "007": -1, "00": -1, "1.": -1, ".5": -1, "1.2.3": -1, "1,5": -1, "1e3": -1, "+1": -1, "-0": -1, "-0.0": -1, " 1": -1, "NaN": -1,
		"0.0000001": -1, "1.0000000": -1, "1234567890123456": -1, "1000000000000000": -1, "1234567890.123456": -1,
	} {
		places, ok := -1, false
		if cell != "" {
			places, ok = encode.DecimalPlaces([]byte(cell))
		}
		if ok != (want >= 0) || ok && places != want {
			t.Errorf("%q has %d places, %v, want %d", cell, places, ok, want)
		}
	}
}

func TestSerialDay(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]int64{
		"1900-03-01": 61, "1970-01-01": 25569, "2021-11-12": 44512, "2024-02-29": 45351, "9999-12-31": 2958465,
		"1900-02-28": 0, "0001-01-01": 0, "2021-02-29": 0, "2021-13-01": 0, "2021-00-10": 0, "2021-01-00": 0, "2021": 0, "2021-06": 0,
		"2021-11-1x": 0, "202a-11-12": 0, "2021/11/12": 0, "2018/2021": 0, "-021-11-12": 0,
	} {
		if got, ok := encode.SerialDay([]byte(cell)); ok != (want > 0) || ok && got != want {
			t.Errorf("%s is the day %d, %v, want %d", cell, got, ok, want)
		}
	}
}

func TestSheetName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		title string
		n     int
		want  string
	}{
		{"Ziele", 1, "Ziele"},
		{"Ziele", 2, "Ziele (2)"},
		{"'A'/b: [c]?*", 1, "’A’ b (c)"},
		{"Zahl der Onlinedienste nach dem", 1, "Zahl der Onlinedienste nach dem"},
		{"Zahl der Onlinedienste nach dem Onlinezugangsgesetz", 1, "Zahl der Onlinedienste nach…"},
		{"Zahl der Onlinedienste nach dem Onlinezugangsgesetz", 12, "Zahl der Onlinedienste… (12)"},
		{strings.Repeat("x", 40), 1, strings.Repeat("x", 30) + "…"},
		{strings.Repeat("😀", 20), 1, strings.Repeat("😀", 15) + "…"},
	} {
		got := encode.SheetName(tt.title, tt.n)
		if got != tt.want || len(utf16.Encode([]rune(got))) > 31 {
			t.Errorf("%q, %d: %q, want %q", tt.title, tt.n, got, tt.want)
		}
	}
	for _, d := range dataset.All {
		for _, language := range []string{"de", "en"} {
			if err := excelize.NewFile().SetSheetName("Sheet1", encode.SheetName(d.Title.In(language), 1)); err != nil {
				t.Errorf("%s: %v", d.ID, err)
			}
		}
	}
}
