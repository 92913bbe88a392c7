package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

// progressOf is a row of goal-progress with cells given as name, value.
func progressOf(cells ...string) Row {
	row := make([]string, len(dataset.GoalProgress.Columns))
	for i := 0; i < len(cells); i += 2 {
		row[dataset.GoalProgress.Column(cells[i])] = cells[i+1]
	}
	return Row{dataset.GoalProgress, row}
}

// TestProgressFigures looks which plot shows what is known.
func TestProgressFigures(t *testing.T) {
	t.Parallel()
	target := []string{"id", "g.i", "indicator", "i", "target", "obs-1", "targetValue", "10", "targetQualifier", "exact", "targetPeriod", "2024"}
	both := slices.Concat(target, []string{"actual", "obs-2", "actualValue", "4", "actualQualifier", "exact"})
	of := func(figures []string, state, unit string) []string {
		return slices.Concat(figures, []string{"state", state, "unit", unit})
	}
	for _, tt := range []struct {
		name  string
		cells []string
		want  string
	}{
		{"comparable", of(both, "comparable", "persons"), "Fortschrittsbalken"},
		{"no actual", of(target, "target-only", "persons"), "Fortschrittsbalken. " + "kind.target 10"},
		{"not comparable", of(both, "not-comparable", "persons"), "nicht verglichen. Ein Anteil lässt sich nur angeben, wo mehr besser ist. Zeitdiagramm"},
		{"a rank without actual", of(target, "target-only", "rank"), "Keine der Quellen nennt einen erreichten Wert. Zeitdiagramm"},
		{"years", of(both, "not-comparable", "calendar-year"), ""},
		{"no target", []string{"id", "g", "state", "no-figures"}, ""},
	} {
		v := bare("de")
		v.tables["indicators"], v.names["indicators"] = []Row{}, map[string]Row{}
		svg, err := v.progressFigure(progressOf(tt.cells...))
		if err != nil || !strings.Contains(svg, tt.want) || (svg == "") != (tt.want == "") {
			t.Errorf("%s: error %v\n%s", tt.name, err, svg)
		}
	}
}
