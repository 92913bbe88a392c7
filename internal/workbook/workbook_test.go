// SPDX-License-Identifier: EUPL-1.2

package workbook_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/internal/workbook"
)

// parts are the files of a workbook as Excel writes them: shared texts with formatting and
// phonetic hints, numbers with 17 digits, and formats that the file does not define.
var parts = map[string]string{
	"xl/workbook.xml": `<workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Erstes Blatt" sheetId="1" r:id="rId1"/><sheet name="Leer" sheetId="2" r:id="rId2"/><sheet name="Diagramm" sheetId="3" r:id="rId3"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"/>` +
		`<Relationship Id="rId3" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/><Relationship Id="rId4" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
	"xl/sharedStrings.xml": `<sst><si><t xml:space="preserve"> a_x000D_b_x005F_x0041_ </t></si><si><r><rPr><b/></rPr><t>fett</t></r><r><t> &amp; mager</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si><si><t/></si></sst>`,
	"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>` +
		`<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/><xf numFmtId="200"/></cellXfs></styleSheet>`,
	"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c><c r="AA1" t="s"><v>2</v></c></row>` +
		`<row r="3" hidden="1"><c><v>1.1000000000000001</v></c><c s="1"><v>44512</v></c><c s="2"><v>4.4999999999999998E-2</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>` +
		`<row><c t="str"><f>A1&amp;"x"</f><v>x_x0020_y</v></c><c><f t="shared" si="0"/><v>2</v></c><c t="d"><v>2021-11-12T00:00:00</v></c><c t="inlineStr"><is><t>in</t></is></c><c s="3"/></row>` +
		`</sheetData><mergeCells><mergeCell ref="A3:B4"/></mergeCells></worksheet>`,
	"xl/worksheets/sheet2.xml":  `<worksheet><sheetData/></worksheet>`,
	"xl/chartsheets/sheet1.xml": `<chartsheet/>`,
}

// archive packs parts, with changes: pairs of text that occurs in a part, and another.
func archive(t *testing.T, changes ...string) *zip.Reader {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		out, err := w.Create(name)
		if err == nil {
			_, err = out.Write([]byte(strings.NewReplacer(changes...).Replace(parts[name])))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var limits = workbook.Limits{Strings: 1 << 20, Rows: 1000}

// rows returns the cells of the first sheet, one a line, and the merged ranges.
func rows(r *zip.Reader, l workbook.Limits) (cells, merged []string, err error) {
	w, err := workbook.Open(r, l)
	if err != nil {
		return nil, nil, err
	}
	merged, err = w.Rows(w.Sheets[0], l, func(number int, row []workbook.Cell) error {
		for _, c := range row {
			cells = append(cells, fmt.Sprintf("%s%d %d %q %q %s", workbook.Letters(c.Column), number, c.Kind, c.Value, c.Formula, c.Format))
		}
		return nil
	})
	return cells, merged, err
}

func TestRows(t *testing.T) {
	t.Parallel()
	cells, merged, err := rows(archive(t), limits)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`A1 2 " a\rb_x0041_ " "" General`, `C1 2 "fett & mager" "" General`, `AA1 0 "" "" General`,
		`A3 1 "1.1000000000000001" "" General`, `B3 1 "44512" "" yyyy\-mm\-dd`, `C3 1 "4.4999999999999998E-2" "" 0.00%`, `D3 3 "1" "" General`, `E3 4 "#N/A" "" General`,
		`A4 2 "x y" "A1&\"x\"" General`, `B4 1 "2" "…" General`, `C4 1 "44512" "" yyyy-mm-dd`, `D4 2 "in" "" General`, `E4 0 "" "" General`,
	}
	if diff := cmp.Diff(want, cells); diff != "" {
		t.Errorf("cells (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"A3:B4"}, merged); diff != "" {
		t.Errorf("merged (-want +got)\n%s", diff)
	}
	w, err := workbook.Open(archive(t, "<workbookPr/>", `<workbookPr date1904="1"/>`), limits)
	if err != nil || len(w.Sheets) != 2 || w.Sheets[1].Name != "Leer" || w.Epoch != 1462 || !workbook.Is(archive(t)) {
		t.Errorf("%+v, %v", w, err)
	}
}

// TestISODates reads dates in ISO 8601 as the numbers that they have in the workbook.
func TestISODates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		date, want string
		epoch      int
	}{
		{"2021-11-12", "44512", 0},
		{"2021-11-12T00:00:00Z", "44512", 0},
		{"2021-11-12T18:00:00.000", "44512.75", 0},
		{"2021-11-12T00:00:00", "43050", 1462},
		{"2192-12-31", "107018", 0},
		{"2500-06-30T00:00:00", "219328", 0},
		{"9999-12-31", "2958465", 0},
		{"1850-01-01", "-18260", 0},
	} {
		w, err := workbook.Open(archive(t, "<workbookPr/>", fmt.Sprintf(`<workbookPr date1904="%t"/>`, tt.epoch > 0), "2021-11-12T00:00:00", tt.date), limits)
		if err != nil || w.Epoch != tt.epoch {
			t.Fatalf("%+v, %v", w, err)
		}
		_, err = w.Rows(w.Sheets[0], limits, func(number int, row []workbook.Cell) error {
			if number == 4 && row[2].Value != tt.want {
				t.Errorf("%s from day %d: %s, want %s", tt.date, tt.epoch, row[2].Value, tt.want)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", tt.date, err)
		}
		number, _ := strconv.ParseFloat(tt.want, 64)
		if day, ok := workbook.Day(int(number) + tt.epoch); ok && day.Format(time.DateOnly) != tt.date[:10] {
			t.Errorf("day %s is %s, want %s", tt.want, day, tt.date)
		}
	}
}

// TestDamaged reports what cannot be read.
func TestDamaged(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 1<<19+1)
	for _, tt := range []struct{ old, new, want string }{
		{"<v>0</v>", "<v>7</v>", `row 1: there is no text number "7"`},
		{"<v>44512</v>", "<v>x</v>", `row 3: "x" is not a number`},
		{"2021-11-12T00:00:00", "gestern", `row 4: "gestern" is not a date`},
		{`<row r="3"`, `<row r="1"`, "the rows are not in order after row 1"},
		{`<row r="3"`, `<row r="1001"`, "has more than 1000 rows"},
		{`r="C1"`, `r="A1"`, `row 1: the cells are not in order at "A1"`},
		{`r="C1"`, `r="ZZZZ1"`, `row 1: the cells are not in order at "ZZZZ1"`},
		{`<c s="3"/>`, strings.Repeat("<c/>", 1<<14), "row 4: has more than 16384 cells"},
		{"<sheetData>", strings.Repeat("<a>", 100), "xl/worksheets/sheet1.xml: its elements are nested too deeply; at most 100 levels are allowed"},
		{`<c s="3"/>`, "<c>" + strings.Repeat("<a>", 100), "row 4: its elements are nested too deeply; at most 100 levels are allowed"},
		{"</sheetData>", "", "XML syntax error"},
		{"<t>in</t>", "<t>" + long + long, "xl/worksheets/sheet1.xml: row 4: a text has more than 1048576 bytes"},
		{"<t>in</t>", "<r><t>" + long + "</t></r><r><t>" + long + "</t></r>", "xl/worksheets/sheet1.xml: row 4: a text has more than 1048576 bytes"},
		{"<t>in</t>", "<t>" + long + "<!-- -->" + long + "</t>", "xl/worksheets/sheet1.xml: row 4: a text has more than 1048576 bytes"},
		{"A1&amp;", long + "<x/>" + long, "xl/worksheets/sheet1.xml: row 4: a text has more than 1048576 bytes"},
		{"<sheetData>", "<sheetData><!--" + long + long + long, "xl/worksheets/sheet1.xml: a text has more than 1048576 bytes"},
		{"<sst>", "<sst><si><t>" + long + long, "xl/sharedStrings.xml: a text has more than 1048576 bytes"},
		{`Target="/xl/worksheets/sheet2.xml"`, `Target="worksheets/sheet1.xml"`, `the sheets "Erstes Blatt" and "Leer" are one file, xl/worksheets/sheet1.xml`},
		{`Target="worksheets/sheet1.xml"`, `Target="sheet1.xml"`, `the sheet "Erstes Blatt" is missing from the file`},
		{"<sheets>", "<sheets/><x>", "XML syntax error"},
		{"<sst>", "<sst><si>", "XML syntax error"},
	} {
		if _, _, err := rows(archive(t, tt.old, tt.new), workbook.Limits{Strings: 4 << 20, Rows: 1000}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.80s: %v\nwant %s", tt.new, err, tt.want)
		}
	}
	many := limits
	many.Strings = 64 << 20
	for _, tt := range []struct{ old, new, want string }{
		{"<cellXfs>", "<cellXfs>" + strings.Repeat("<xf/>", 7<<20), "xl/styles.xml: has more than 33554432 bytes"},
		{"<sst>", "<sst>" + strings.Repeat("<si/>", 1<<22), "xl/sharedStrings.xml: has more than 4194304 texts"},
	} {
		if _, _, err := rows(archive(t, tt.old, tt.new), many); err == nil || err.Error() != tt.want {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
	if _, _, err := rows(archive(t), workbook.Limits{Strings: 10, Rows: 10}); err == nil || err.Error() != "xl/sharedStrings.xml: has more than 10 bytes" {
		t.Errorf("large texts: %v", err)
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		format             string
		date, day, percent bool
		places             int
	}{
		{format: "General"},
		{format: "@"},
		{format: "0.00", places: 2},
		{format: `#,##0.0\ [$€-407];[Red]-#,##0.00`, places: 1},
		{format: "0.00E+00", places: 2},
		{format: `0"mm"`},
		{format: `0\d`},
		{format: "0.0#", places: 1},
		{format: "0.0%", percent: true, places: 1},
		{format: "dd/mm/yyyy", date: true, day: true},
		{format: `yyyy\-mm\-dd`, date: true, day: true},
		{format: "[$-407]d. mmmm yyyy;@", date: true, day: true},
		{format: "mmm yy", date: true},
		{format: "h:mm", date: true},
		{format: "[h]:mm:ss", date: true},
		{format: `"Tag "d`, date: true},
		{format: `0 "offen`},
		{format: "0 [offen"},
	} {
		if workbook.IsDate(tt.format) != tt.date || workbook.IsDay(tt.format) != tt.day || workbook.IsPercent(tt.format) != tt.percent || workbook.Places(tt.format) != tt.places {
			t.Errorf("%s: date %v, day %v, percent %v, %d places", tt.format, workbook.IsDate(tt.format), workbook.IsDay(tt.format), workbook.IsPercent(tt.format), workbook.Places(tt.format))
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for i := range 1000 {
		if want, err := excelize.ColumnNumberToName(i + 1); err != nil || workbook.Letters(i) != want {
			t.Errorf("column %d is %s, want %s, %v", i, workbook.Letters(i), want, err)
		}
	}
	for sheet, want := range map[string]string{"Ziele": "Ziele!F17", "Zwei Wörter": "'Zwei Wörter'!F17", "Ann's": "'Ann''s'!F17", "2021": "'2021'!F17", "Übersicht": "Übersicht!F17", "": "''!F17"} {
		if got := workbook.Reference(sheet, "F17"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	columns, rows, ok := workbook.Range("B2:AA9")
	if columns != [2]int{1, 26} || rows != [2]int{2, 9} || !ok {
		t.Errorf("%v %v %v", columns, rows, ok)
	}
	for _, ref := range []string{"", "B", "2:3", "A1:", "A1:B", "é1"} {
		if _, _, ok := workbook.Range(ref); ok {
			t.Errorf("%q is a range", ref)
		}
	}
}
