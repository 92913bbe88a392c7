// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
)

func TestCountServices(t *testing.T) {
	t.Parallel()
	services := [][]string{
		cellsOf(dataset.Services, map[string]string{"id": "1", "topic": "health"}),
		cellsOf(dataset.Services, map[string]string{"id": "2", "topic": "all"}),
	}
	row := func(service, area, address, status, active, coverage string) []string {
		return cellsOf(dataset.ServiceAvailability, map[string]string{
			"service": service, "area": area, "asOf": "2026-10/2026-11", "address": address, "addressStatus": status, "active": active, "coverage": coverage, "source": "s",
		})
	}
	counter := newServiceCounter(services)
	for _, row := range [][]string{
		row("1", "05", "https://a.example", "ok", "yes", "statewide"),
		row("1", "05", "https://b.example", "ok", "yes", "districtwide"), // another address of the same service
		row("2", "05", "https://c.example", "ok", "yes", ""),
		row("2", "05", "https://f.example", "ok", "yes", "all"),
		row("2", "05", "https://d.example", "not-ok", "yes", "statewide"),
		row("2", "05", "https://e.example", "unknown", "yes", "statewide"),
		row("1", "00", "https://a.example", "ok", "no", "nationwide"),
		row("1", "00", "https://a.example", "ok", "unknown", "nationwide"),
		row("1", "00", "", "ok", "yes", "nationwide"),
	} {
		counter.add(row)
	}
	got := counter.rows()
	count := func(area, coverage, topic, value string) []string {
		return cellsOf(dataset.ServiceCounts, map[string]string{
			"id": area + ".2026-10_2026-11.s." + coverage + "." + topic, "area": area, "asOf": "2026-10/2026-11",
			"coverage": coverage, "topic": topic, "value": value, "rule": "active-and-reachable", "source": "s",
		})
	}
	want := [][]string{
		count("00", "all", "all", "0"), count("05", "all", "all", "2"), count("05", "all", "health", "1"),
		count("05", "districtwide", "all", "1"), count("05", "statewide", "all", "1"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got)\n%s", diff)
	}
	for _, row := range got {
		for i, c := range dataset.ServiceCounts.Columns {
			if err := c.Check(row[i]); err != nil && row[i] != "" {
				t.Errorf("%s %q: %v", c.Name, row[i], err)
			}
		}
	}
}

// TestComputedIDs checks that an import refuses two computed rows with the same id.
func TestComputedIDs(t *testing.T) {
	t.Parallel()
	progress := func(ids ...string) *content {
		c := &content{rows: map[string][][]string{}}
		for _, id := range ids {
			c.rows["goal-progress"] = append(c.rows["goal-progress"], cellsOf(dataset.GoalProgress, map[string]string{"id": id}))
		}
		return c
	}
	if err := progress("zz.a", "zz.a.b").checkIDs(); err != nil {
		t.Error(err)
	}
	// Goal zz and indicator a.b; goal zz.a and indicator b.
	const want = `goal-progress="zz.a.b": would be the id of two rows; change one of the ids that it is composed of`
	if err := progress("zz.a.b", "zz.a", "zz.a.b").checkIDs(); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}
