// SPDX-License-Identifier: EUPL-1.2

package harvest

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/storetest"
)

// aboutTime are the columns with the period that a row is about.
var aboutTime = map[string][]string{
	"goals": {"due", "start"}, "goal-status": {"period"}, "observations": {"period"}, "ozg-service-counts": {"asOf"}, "milestones": {"reached", "due"},
	"goal-progress": {"targetPeriod", "actualPeriod"}, "strategies": {"adopted"},
	"service-availability": {"asOf"}, "service-counts": {"asOf"},
}

// concerned are the datasets whose time one without columns of the kind is about.
var concerned = map[string][]string{
	"indicators":     {"observations", "goal-progress"},
	"contradictions": {"observations", "ozg-service-counts"},
	"codelists":      {"goals", "observations", "ozg-service-counts", "goal-progress", "service-availability", "service-counts"},
	"services":       {"service-availability"},
}

// TestCoverage computes the first and the last day of each dataset from the rows
// as they are served.
func TestCoverage(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		p := serving(t, databaseURL)
		g := p.catalog(t)
		for _, d := range catalog.Catalogued() {
			var days []string
			for _, id := range append(slices.Clone(concerned[d.ID]), d.ID) {
				days = append(days, daysOf(t, p, id, namedBy(t, p, d.ID))...)
			}
			period := rdf.IRI(value(t, g, rdf.IRI(iri(d.ID)), "dct:temporal"))
			want := []string{slices.Min(days), slices.Max(days)}
			got := []string{value(t, g, period, "dcat:startDate"), value(t, g, period, "dcat:endDate")}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-rows +catalogue)\n%s", d.ID, diff)
			}
		}
	})
}

// namedBy are the rows that contradictions name; nil means all.
func namedBy(t *testing.T, p *program, id string) []string {
	t.Helper()
	if id != "contradictions" {
		return nil
	}
	rows := table(t, p, id)
	var named []string
	for _, row := range rows[1:] {
		named = append(named, strings.Fields(row[slices.Index(rows[0], "rows")])...)
	}
	return named
}

// daysOf are the first and last days of the rows.
func daysOf(t *testing.T, p *program, id string, named []string) []string {
	t.Helper()
	var days []string
	rows := table(t, p, id)
	for _, row := range rows[1:] {
		for _, column := range aboutTime[id] {
			period, err := domain.ParsePeriod(row[slices.Index(rows[0], column)])
			if err == nil && (named == nil || slices.Contains(named, row[0])) {
				days = append(days, period.Start(), period.End())
			}
		}
	}
	return days
}

func table(t *testing.T, p *program, id string) [][]string {
	t.Helper()
	return records(t, p.found(t, publicURL+"/v1/"+id+".csv"))
}
