// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/workbook"
)

// readRow reads the cells of a row of a sheet: those that were not edited are as they were
// published.
func (t *sheet) readRow(number int, cells []workbook.Cell, epoch int) {
	at := map[string]workbook.Cell{}
	for _, cell := range cells {
		c, ok := t.columns[cell.Column]
		if !ok && t.unknown[cell.Column] {
			continue // reported with its header
		}
		if !ok {
			t.add(Finding{
				File: t.file, Sheet: t.name, Letter: workbook.Letters(cell.Column), Row: number, Value: cell.Value,
				Rule: "is outside the columns of the dataset; delete it",
			})
			continue
		}
		at[c.Name] = cell
	}
	before, out := t.published(at, epoch), sheetRow{number: number, order: len(t.before)}
	if before != nil {
		out.order = t.order[before[0]]
	}
	for i, c := range t.dataset.Columns {
		old, cell := "", at[c.Name]
		if before != nil {
			old = before[i]
		}
		text, f := restore(c, old, cell, epoch)
		fixed := t.dataset.Computed || computed(c)
		switch {
		case before == nil && t.dataset.Computed:
			if f = (fault{}); i == 0 {
				f = fault{computedRow, ""}
			}
		case fixed && before == nil && cell.Kind != workbook.Empty:
			f = fault{computedNew, ""}
		case fixed && (f.rule != "" || text != old):
			f = fault{computedCell, "it was " + quote(old)}
		}
		if f.rule != "" {
			t.add(Finding{
				File: t.file, Sheet: t.name, Letter: t.letters[c.Name], Row: number, Column: c.Name, Value: shown(cell, epoch),
				Rule: f.rule, Hint: f.hint,
			})
			text = old
		}
		if fixed && !t.dataset.Computed {
			continue
		}
		if !computed(c) {
			if f.rule != "" {
				out.faulted = append(out.faulted, len(out.cells))
			}
			out.cells = append(out.cells, text)
		}
	}
	t.rows = append(t.rows, out)
}

// published returns the row of the release with the id of a row, or nil.
func (t *sheet) published(at map[string]workbook.Cell, epoch int) []string {
	id := t.dataset.Columns[0]
	cell := at[id.Name]
	if before, ok := t.before[cell.Value]; ok && cell.Kind == workbook.Text {
		return before
	}
	if cell.Kind != workbook.Number {
		return nil
	}
	// A spreadsheet may have turned the identifier into a number.
	if t.numbered == nil {
		t.numbered = map[float64][]string{}
		for known := range t.before {
			if n, err := strconv.ParseFloat(known, 64); err == nil && plainNumber.MatchString(known) {
				t.numbered[n] = append(t.numbered[n], known)
			}
		}
	}
	stored, _ := strconv.ParseFloat(cell.Value, 64)
	if known := t.numbered[stored]; len(known) == 1 && unchanged(id, known[0], cell, epoch) {
		return t.before[known[0]]
	}
	return nil
}

// shown returns a cell as a message shows it.
func shown(c workbook.Cell, epoch int) string {
	if c.Formula != "" {
		return "=" + c.Formula
	}
	if c.Kind == workbook.Boolean {
		return strings.ToUpper(strconv.FormatBool(c.Value == "1"))
	}
	if c.Kind == workbook.Number && workbook.IsDate(c.Format) {
		stored, _ := strconv.ParseFloat(c.Value, 64)
		if day, ok := workbook.Day(int(stored) + epoch); ok {
			time := day.Add(time.Duration((stored - float64(int(stored))) * float64(24*time.Hour)).Round(time.Second))
			return strings.TrimSuffix(time.Format("2006-01-02 15:04"), " 00:00")
		}
	}
	return c.Value
}

// plainNumber is a number in the form that both workbooks and published cells have.
var plainNumber = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)

// unchanged reports whether a cell stores the published value, in any form that a
// spreadsheet program may have given it.
func unchanged(c dataset.Column, old string, cell workbook.Cell, epoch int) bool {
	if old == "" {
		return cell.Kind == workbook.Empty && cell.Formula == ""
	}
	switch cell.Kind {
	case workbook.Text:
		return cell.Formula == "" && cell.Value == old
	case workbook.Boolean:
		truth := strconv.FormatBool(cell.Value == "1")
		return c.Type == dataset.Boolean && old == truth && (cell.Formula == "" || cell.Formula == strings.ToUpper(truth)+"()")
	case workbook.Number:
		if cell.Formula != "" {
			return false
		}
		stored, _ := strconv.ParseFloat(cell.Value, 64)
		if day, err := time.Parse(time.DateOnly, old); err == nil {
			shown, ok := workbook.Day(int(stored) + epoch)
			return ok && shown.Equal(day) && stored == float64(int(stored)) && (isDay(c) || workbook.IsDate(cell.Format))
		}
		if workbook.IsDate(cell.Format) && !c.Numeric() || !plainNumber.MatchString(old) {
			return false
		}
		published, err := strconv.ParseFloat(old, 64)
		return err == nil && published == stored
	}
	return false
}

func isDay(c dataset.Column) bool { return c.Type == dataset.Date || c.Type == dataset.Period }

// restore returns the text of a cell, and what is wrong with the cell as a spreadsheet has
// it. What is wrong with the text is found later, as in a CSV file.
func restore(c dataset.Column, old string, cell workbook.Cell, epoch int) (string, fault) {
	switch {
	case unchanged(c, old, cell, epoch):
		return old, fault{}
	case cell.Kind == workbook.Error:
		return "", fault{"is an error message of a spreadsheet; write the value", ""}
	case cell.Formula != "" && (c.Type != dataset.Boolean || cell.Formula != "TRUE()" && cell.Formula != "FALSE()"):
		return "", fault{"is a formula; write its value", ""}
	}
	switch cell.Kind {
	case workbook.Boolean:
		if c.Type == dataset.Boolean {
			return strconv.FormatBool(cell.Value == "1"), fault{}
		}
		return "", fault{"is a Boolean, which the column cannot have; format the cell as text and write it again", ""}
	case workbook.Text:
		if strings.HasPrefix(cell.Value, "'") && !strings.HasPrefix(old, "'") {
			return "", fault{"starts with an apostrophe, which is part of the text in a cell that is formatted as text; delete it", ""}
		}
		return cell.Value, fault{}
	case workbook.Number:
		return numberText(c, cell, epoch)
	}
	return "", fault{}
}

// numberText returns the text of a number that was edited.
func numberText(c dataset.Column, cell workbook.Cell, epoch int) (string, fault) {
	stored, _ := strconv.ParseFloat(cell.Value, 64)
	day, isSerial := workbook.Day(int(stored) + epoch)
	switch date := workbook.IsDate(cell.Format); {
	case date && !isDay(c):
		return "", fault{"is a date that a spreadsheet made of what was typed; format the cell as text and write it again", maybe(undated(day.Format("02.01.2006")))}
	case date && !isSerial:
		return "", fault{"is not the number of a day, but the cell is formatted as a date; format it as text and write it again", ""}
	case date && stored != float64(int(stored)):
		return "", fault{"has a time of day; write only the day", "it is " + day.Format(time.DateOnly)}
	case date && !workbook.IsDay(cell.Format):
		return "", fault{"is a day that is shown without its year, its month or its day; format the cell as text and write it again", "it is " + day.Format(time.DateOnly)}
	case date:
		return day.Format(time.DateOnly), fault{}
	}
	text := strconv.FormatFloat(stored, 'f', -1, 64)
	if digits := strings.Trim(strings.NewReplacer(".", "", "-", "").Replace(text), "0"); len(digits) > maxDigits {
		return "", fault{"has more than 15 digits, which spreadsheets cannot store exactly; format the cell as text and write it again", ""}
	}
	switch {
	case c.Numeric() && workbook.IsPercent(cell.Format):
		return "", fault{"is stored as a hundredth of the percentage shown; format the cell as a number and write it again", ""}
	case c.Numeric():
		return withPlaces(text, workbook.Places(cell.Format)), fault{}
	case isDay(c) && len(text) == len("44512") && isSerial:
		return "", fault{"is the number of a day; format the cell as a date", "it is " + day.Format(time.DateOnly)}
	case isDay(c), slices.Contains([]dataset.Type{dataset.Reference, dataset.Code, dataset.Boolean}, c.Type):
		return text, fault{} // compared with what exists, or with the form
	}
	return "", fault{"is a number, which may have lost zeros; format the cell as text and write it again", ""}
}

// maxDigits is the number of digits that spreadsheets preserve.
const maxDigits = 15

// withPlaces appends the zeros that a number format shows.
func withPlaces(text string, places int) string {
	_, decimals, found := strings.Cut(text, ".")
	missing := min(places, MaxNumber) - len(decimals)
	if missing <= 0 {
		return text
	}
	if !found {
		text += "."
	}
	return text + strings.Repeat("0", missing)
}
