// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// written returns a cell as readers expect it: codes and identifiers by what they are
// called, numbers and periods as the language writes them.
func (n names) written(c dataset.Column, cell string) string {
	if c.Type != dataset.List {
		return n.writtenEntry(c, cell)
	}
	var entries []string
	for entry := range strings.FieldsSeq(cell) {
		entries = append(entries, n.writtenEntry(c, entry))
	}
	return strings.Join(entries, ", ")
}

func (n names) writtenEntry(c dataset.Column, entry string) string {
	switch {
	case entry == "":
		return ""
	case c.Entry() == dataset.Code:
		return n.label(c.Of, entry)
	case c.Entry() == dataset.Reference:
		return n.nameOf(dataset.ByID(c.Of), entry)
	case c.Type == dataset.Boolean:
		return n.word("boolean." + entry)
	case c.Type == dataset.Date || c.Type == dataset.Period:
		return n.period(entry)
	case c.Numeric():
		return n.number(entry)
	}
	return entry
}

// english is the end of the names of columns with a text in English, beside the column
// with the text in German.
const english = "En"

// writtenIn returns the language of what written returns.
func (n names) writtenIn(c dataset.Column) string {
	switch {
	case c.Type != dataset.String:
		return n.Code
	case strings.HasSuffix(c.Name, english):
		return "en"
	}
	return "de"
}

// translated returns the name of the column with the text of a column in the other
// language, empty if the page shows the column itself.
func (n names) translated(column string) string {
	german, isEnglish := strings.CutSuffix(column, english)
	switch {
	case n.data() == "en" && !isEnglish:
		return column + english
	case n.data() == "de" && isEnglish:
		return german
	}
	return ""
}
