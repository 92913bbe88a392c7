// SPDX-License-Identifier: EUPL-1.2

package spreadsheets

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/zielstand/zielstand/internal/dataset"
)

// TestData opens every dataset in LibreOffice, as CSV of the dialect excel-de
// and as workbook, and compares each cell with plain CSV.
func TestData(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	p := reading.start(t)
	folder := t.TempDir()
	var csvs, workbooks []string
	for _, d := range dataset.All {
		csvs = append(csvs, p.save(t, folder, d.ID+".csv", "/v1/"+d.ID+".csv?dialect=excel-de"))
		workbooks = append(workbooks, p.save(t, folder, d.ID+".xlsx", "/v1/"+d.ID+".xlsx"))
	}
	fromCSV := o.convert(t, semicolons, "xlsx", csvs...)
	fromWorkbook := o.convert(t, "", "xlsx", workbooks...)
	for _, d := range dataset.All {
		rows := p.rows(t, "/v1/"+d.ID+".csv")
		t.Run(d.ID+" csv", func(t *testing.T) {
			compare(t, d.Columns, rows, openSheet(t, filepath.Join(fromCSV, d.ID+".xlsx"), 0), inCSV)
		})
		t.Run(d.ID+" xlsx", func(t *testing.T) {
			s := openSheet(t, filepath.Join(fromWorkbook, d.ID+".xlsx"), 0)
			compare(t, d.Columns, rows, s, inWorkbook)
			checkFilter(t, s, len(rows), len(d.Columns))
		})
	}
}

// checkFilter expects an autofilter over all rows and the metadata sheet. Without a
// window, LibreOffice does not preserve frozen headers of any workbook.
func checkFilter(t *testing.T, s sheet, rows, columns int) {
	t.Helper()
	last, err := excelize.CoordinatesToCellName(columns, rows, true)
	if err != nil {
		t.Fatal(err)
	}
	named := slices.ContainsFunc(s.file.GetDefinedName(), func(n excelize.DefinedName) bool {
		return n.Name == "_xlnm._FilterDatabase" && strings.HasSuffix(n.RefersTo, "!$A$1:"+last)
	})
	if !named {
		t.Errorf("no filter over $A$1:%s: %+v", last, s.file.GetDefinedName())
	}
	if title, err := s.file.GetCellValue("Metadaten", "A1"); err != nil || title != "Titel" {
		t.Errorf("the sheet about the data begins with %q, %v", title, err)
	}
}

// TestWideAndLabels opens tables with titles, and the wide table.
func TestWideAndLabels(t *testing.T) {
	t.Parallel()
	o := libreOffice(t)
	p := reading.start(t)
	folder := t.TempDir()
	queries := map[string]string{"titles": "labels=de", "wide": "layout=wide", "wide-titles": "layout=wide&labels=de"}
	var tables, workbooks []string
	for name, query := range queries {
		tables = append(tables, p.save(t, folder, name+".csv", "/v1/observations.csv?dialect=excel-de&"+query))
		workbooks = append(workbooks, p.save(t, folder, name+".xlsx", "/v1/observations.xlsx?"+query))
	}
	fromTables, fromWorkbooks := o.convert(t, semicolons, "xlsx", tables...), o.convert(t, "", "xlsx", workbooks...)
	for name, query := range queries {
		rows := p.rows(t, "/v1/observations.csv?"+query)
		columns := columnsOf(rows[0])
		t.Run(name+" csv", func(t *testing.T) {
			compare(t, columns, rows, openSheet(t, filepath.Join(fromTables, name+".xlsx"), 0), inCSV)
		})
		t.Run(name+" xlsx", func(t *testing.T) {
			s := openSheet(t, filepath.Join(fromWorkbooks, name+".xlsx"), 0)
			compare(t, columns, rows, s, inWorkbook)
			checkFilter(t, s, len(rows), len(columns))
		})
	}
}

// columnsOf returns the columns for the headers: columns of observations, by name or
// title, and periods.
func columnsOf(headers []string) []dataset.Column {
	var columns []dataset.Column
	for _, header := range headers {
		column := dataset.Column{Name: header, Type: dataset.Decimal}
		for _, c := range dataset.Observations.Columns {
			if header == c.Name || header == c.Title.DE {
				column = c
			}
		}
		columns = append(columns, column)
	}
	return columns
}

// compare compares what is seen with the rows, and how a column's cells have to
// be.
func compare(t *testing.T, columns []dataset.Column, rows [][]string, s sheet, wrong func(c dataset.Column, want string, got cell) string) {
	t.Helper()
	if n, width := s.size(t); n != len(rows) || width != len(columns) {
		t.Fatalf("%d rows and %d columns are seen, want %d and %d", n, width, len(rows), len(columns))
	}
	for i, c := range columns {
		if got := s.at(t, 1, i+1); got.shown != rows[0][i] || got.number {
			t.Errorf("the header %q is %s", rows[0][i], got)
		}
		for j, row := range rows[1:] {
			got := s.at(t, j+2, i+1)
			if rule := wrong(c, row[i], got); rule != "" {
				t.Errorf("row %d, column %s: %q became %s: %s", j+2, c.Name, row[i], got, rule)
			}
		}
	}
}

// inCSV returns what is wrong with a CSV cell, or nothing. A protected text is a formula
// of only that text.
func inCSV(c dataset.Column, want string, got cell) string {
	if c.Numeric() && strings.Contains(want, joint) {
		c.Type, want = dataset.String, strings.ReplaceAll(want, ".", ",")
	}
	switch {
	case c.Type == dataset.Boolean:
		return wrongBoolean(want, got)
	case got.formula != "" && !isLiteral(got.formula, want):
		return "a formula was run"
	case want != "" && c.Numeric():
		return wrongNumber(want, got)
	case got.number:
		return "a text became a number or a date"
	case got.shown != want:
		return "the text is another"
	}
	return ""
}

var (
	literals = regexp.MustCompile(`^"([^"]|"")*"(&"([^"]|"")*")*$`)
	joints   = regexp.MustCompile(`"&"|""`)
)

// isLiteral reports whether the formula is nothing but the text.
func isLiteral(formula, text string) bool {
	if !literals.MatchString(formula) {
		return false
	}
	return text == joints.ReplaceAllStringFunc(formula[1:len(formula)-1], func(s string) string {
		if s == `""` {
			return `"`
		}
		return ""
	})
}

// inWorkbook returns what is wrong with a cell of a workbook, or nothing.
func inWorkbook(c dataset.Column, want string, got cell) string {
	day := len(want) == len("2021-11-12") && (c.Type == dataset.Date || c.Type == dataset.Period)
	switch {
	case c.Type == dataset.Boolean: // LibreOffice saves it as TRUE()
		return wrongBoolean(want, got)
	case got.formula != "":
		return "a formula was run"
	case got.shown != want:
		return "it is not shown as it is reported"
	case want != "" && c.Numeric() && !strings.Contains(want, joint):
		return wrongNumber(want, got)
	case want != "" && got.number != day:
		return "the type is another"
	}
	return ""
}

func wrongNumber(want string, got cell) string {
	a, err1 := strconv.ParseFloat(want, 64)
	b, err2 := strconv.ParseFloat(got.raw, 64)
	if !got.number || err1 != nil || err2 != nil || a != b {
		return "the number is another, or none"
	}
	return ""
}

func wrongBoolean(want string, got cell) string {
	if !strings.EqualFold(got.shown, want) {
		return "the truth value is another"
	}
	return ""
}
