// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// TestProgressCharts checks which plot shows a target and the latest value.
func TestProgressCharts(t *testing.T) {
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
		{"no actual", of(target, "target-only", "persons"), ""},
		{"not comparable", append(of(both, "not-comparable", "persons"), "note", "Nur so."), "nicht verglichen. Nur so. Zeitdiagramm"},
		{"percent", of(both, "not-comparable", "percent"), "Zeitdiagramm"},
		{"a rank without actual", of(target, "target-only", "rank"), ""},
		{"no target", []string{"id", "g", "state", "no-figures"}, ""},
	} {
		r := renderer{Request: Request{Release: &domain.Release{ID: "2024.01.0"}}, names: codeNames(t, "de")}
		c, err := r.progressChart(row(dataset.GoalProgress, tt.cells...))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		svg, err := c.inPage()
		if err != nil || !strings.Contains(string(svg), tt.want) || (svg == "") != (tt.want == "") {
			t.Errorf("%s: error %v\n%s", tt.name, err, svg)
		}
	}
	r := renderer{Request: Request{Release: &domain.Release{}}, names: codeNames(t, "de")}
	for _, state := range []string{"comparable", "not-comparable"} {
		cells := slices.Concat(of(both, state, "persons"), []string{"targetValue", "ten"})
		if _, err := r.progressChart(row(dataset.GoalProgress, cells...)); err == nil {
			t.Errorf("%s: a target that is not a number is plotted", state)
		}
	}
}
