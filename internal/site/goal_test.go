package site

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

func TestDue(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ today, status, due, dueText, want string }{
		{"2024-12-31", "announced", "2024", "", "this-year"},
		{"2025-01-01", "announced", "2024", "", "over"},
		{"2023-12-31", "in-progress", "2024", "", "later"},
		{"2024-06-30", "announced", "2024-06", "", "this-year"},
		{"2024-07-01", "announced", "2024-06", "", "over"},
		{"2024-06-15", "announced", "2022/2025", "", "later"},
		{"2024-06-15", "announced", "", "", "none"},
		{"2024-06-15", "announced", "", "bald", "undated"},
		{"2024-06-15", "achieved", "2020", "", "reached"},
		{"2024-06-15", "achieved", "", "", "reached"},
	} {
		today, err := time.Parse(time.DateOnly, tt.today)
		if err != nil {
			t.Fatal(err)
		}
		if got := due(row(dataset.Goals, "status", tt.status, "due", tt.due, "dueText", tt.dueText), today); got != tt.want {
			t.Errorf("on %s a goal %s and due %q is %s, want %s", tt.today, tt.status, tt.due, got, tt.want)
		}
	}
}

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
		{"no actual", of(target, "target-only", "persons"), "Fortschrittsbalken. kind.target 10"},
		{"not comparable", of(both, "not-comparable", "persons"), "nicht verglichen. Ein Anteil lässt sich nur angeben, wo mehr besser ist. Zeitdiagramm"},
		{"percent", of(both, "not-comparable", "percent"), "Zeitdiagramm"},
		{"a rank without actual", of(target, "target-only", "rank"), "Keine der Quellen nennt einen erreichten Wert. Zeitdiagramm"},
		{"years", of(both, "not-comparable", "calendar-year"), ""},
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

func TestReservations(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "en")
	n.add(dataset.Indicators, []Row{row(dataset.Indicators, "id", "i", "direction", "more-is-better")})
	cells := []string{"actual", "o", "actualPeriod", "2020", "targetQualifier", "exact", "actualQualifier", "exact"}
	if got := n.reservations(row(dataset.GoalProgress, append(cells, "indicator", "i")...)); got != nil {
		t.Errorf("exact figures of an indicator of which more is better: %q", got)
	}
	if got := n.reservations(row(dataset.GoalProgress, append(cells, "indicator", "other")...)); len(got) != 1 || !strings.Contains(got[0], "more is better") {
		t.Errorf("an indicator without direction: %q", got)
	}
}
