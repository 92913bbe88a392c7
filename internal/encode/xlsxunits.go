package encode

import (
	"fmt"
	"slices"

	"github.com/zielstand/zielstand/internal/dataset"
)

// sharedUnits are those of columns whose values all have the same.
var sharedUnits = map[string]dataset.Text{
	"share":     {DE: "Prozent", EN: "percent"},
	"goalCount": {DE: "Ziele", EN: "goals"},
}

// services is the unit of counts of public services.
var services = dataset.Text{DE: "Leistungen", EN: "services"}

// noUnit stands where there is nothing to be counted or measured.
const noUnit = "–"

// unitOf says in what a column's values are counted or measured, or which
// column says so.
func (e *xlsxEncoder) unitOf(c dataset.Column) string {
	if !c.Numeric() {
		return noUnit
	}
	if unit, ok := sharedUnits[c.Name]; ok {
		return unit.In(e.d.Labels)
	}
	switch d := e.d.Dataset; {
	case slices.ContainsFunc(e.d.Columns, isUnit):
		return fmt.Sprintf(e.words.unitIn, e.d.labelOf("unit"))
	case d == nil:
		return noUnit
	case slices.ContainsFunc(d.Columns, isUnit):
		return e.words.unitOut
	case d.ID == dataset.OZGServiceCounts.ID:
		return services.In(e.d.Labels)
	}
	return noUnit
}

func isUnit(c dataset.Column) bool { return c.Name == "unit" }

// labelOf is the header of the column with the name.
func (d Document) labelOf(name string) string {
	for _, c := range d.Columns {
		if c.Name == name {
			return d.label(c)
		}
	}
	return name
}
