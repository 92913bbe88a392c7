// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

// serviceCount returns a count of online services: NRW, actual, exact, undivided, except
// for the cells given as name, value.
func serviceCount(id string, cells ...string) Row {
	all := []string{
		"id", id, "area", "05", "coverage", "all", "priority", "all", "execution", "all", "portal", "all",
		"kind", "actual", "qualifier", "exact", "source", "a", "published", "2021-08",
	}
	return row(dataset.OZGServiceCounts, append(all, cells...)...)
}

func chartKind(t *testing.T, id string) ozgChartKind {
	t.Helper()
	k := ozgKind(id)
	if k == nil {
		t.Fatalf("no chart %s", id)
	}
	return *k
}

func idsOf(rows []Row) string {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.ID())
	}
	return strings.Join(ids, " ")
}

// TestChartsShowContradictions checks that 350 and at least 350 are both drawn.
func TestChartsShowContradictions(t *testing.T) {
	t.Parallel()
	portal := []string{"measure", "portal-services", "portal", "wsp-nrw", "asOf", "2022", "kind", "planned", "value", "350"}
	bars := []string{"measure", "available-online", "value", "330"}
	for id, rows := range map[string][]Row{
		"portal": {
			serviceCount("1", append(portal, "qualifier", "at-least")...), serviceCount("2", portal...), serviceCount("3", portal...),
			serviceCount("4", append(portal, "kind", "target")...),
		},
		"laender": {serviceCount("1", bars...), serviceCount("2", append(bars, "qualifier", "about")...), serviceCount("3", bars...), serviceCount("4", append(bars, "value", "210")...)},
	} {
		if got := idsOf(chartKind(t, id).rows(rows)); got != "1 2 4" {
			t.Errorf("%s shows the rows %s", id, got)
		}
	}
}

// TestChartTitles checks that a title names all that the values have in common, once.
func TestChartTitles(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	n.add(dataset.Areas, []Row{row(dataset.Areas, "id", "16", "title", "relevant")})
	execution := []string{"measure", "relevant-nrw", "priority", "1-2", "portal", "wsp-nrw"}
	for id, rows := range map[string][]Row{
		"execution": {serviceCount("1", append(execution, "execution", "state")...), serviceCount("2", append(execution, "execution", "municipal")...)},
		"laender":   {serviceCount("1", "measure", "relevant-nrw", "asOf", "2021-11-12"), serviceCount("2", "measure", "relevant-nrw", "area", "09")},
		"priority":  {serviceCount("1", "measure", "relevant-nrw", "area", "16", "published", ""), serviceCount("2", "measure", "relevant-nrw", "area", "16", "published", "")},
		"time":      {serviceCount("1", "measure", "relevant-nrw"), serviceCount("2", "measure", "relevant-nrw")},
	} {
		want := map[string]string{
			"execution": "Nach zuständiger Ebene (Bund, Land, Kommune): measure.relevant-nrw, priority.1-2, portal.wsp-nrw, 05 (Quelle: August 2021)",
			"laender":   "Nach Land: measure.relevant-nrw (12.11.2021)",
			"priority":  "Nach Priorität: measure.relevant-nrw",
			"time":      "Im Lauf der Zeit: measure.relevant-nrw, 05",
		}[id]
		if got := n.ozgTitle(chartKind(t, id), rows); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
}

// TestAnswerParts checks that the total is broken down by the latest counts of the same
// services that are not earlier, and by those without a date.
func TestAnswerParts(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	var codes []Row
	for _, code := range []string{"nationwide", "statewide", "at-least-one-municipality"} {
		codes = append(codes, row(dataset.Codelists, "id", "coverage."+code, "codelist", "coverage", "code", code, "title", code))
	}
	n.add(dataset.Codelists, codes)
	n.add(dataset.Sources, []Row{row(dataset.Sources, "id", "a", "retrieved", "2026-11-28"), row(dataset.Sources, "id", "b", "published", "2021-08")})
	online := func(id, asOf, coverage, value string, cells ...string) Row {
		return serviceCount(id, append([]string{"measure", "available-online", "asOf", asOf, "coverage", coverage, "value", value, "published", ""}, cells...)...)
	}
	total := online("1", "2022-12", "all", "372")
	counts := []Row{
		total,
		online("2", "2021-11-12", "at-least-one-municipality", "255"),
		online("3", "2022", "statewide", "9"),
		online("4", "2022-12", "nationwide", "101"),
		online("5", "2023", "nationwide", "126", "area", "00"),
		online("6", "2023", "nationwide", "3", "priority", "top-35"),
		online("7", "2021-11-12", "nationwide", "75"),
		online("8", "", "statewide", "180", "published", "2026-11-28"),
		online("9", "", "statewide", "10", "source", "b", "published", "2021-08"),
		online("10", "2021-08", "all", "172"),
		online("11", "2021-11", "all", "210"),
		online("12", "2021-12", "all", "330"),
	}
	var got []string
	for _, p := range n.ozgParts(total, counts) {
		got = append(got, p.ID()+" "+p.Text)
	}
	if want := []string{"4 davon 101 nationwide (Dezember 2022)", "3 9 statewide (2022)", "8 180 statewide (undatiert, gelesen am 28.11.2026)"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	// What explains the difference is about the numbers shown, not about earlier ones.
	contradictions := []contradiction{about("earlier", counts[9:]...), about("parts", counts[2], counts[7])}
	if a := (&renderer{names: n}).ozgAnswer(counts, contradictions); a.Why.ID() != "parts" {
		t.Errorf("the numbers are explained by %q", a.Why.ID())
	}
}

// about returns a contradiction of the rows.
func about(id string, rows ...Row) contradiction {
	c := contradiction{Row: row(dataset.Contradictions, "id", id)}
	for _, r := range rows {
		c.Statements = append(c.Statements, statement{Row: r})
	}
	return c
}

// TestLocalCountsExcludeOthers checks that the chart by coverage says what its bar for
// services that are not available everywhere leaves out.
func TestLocalCountsExcludeOthers(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	n.add(dataset.Codelists, []Row{row(dataset.Codelists, "id", "coverage.at-least-one-municipality", "title", "örtlich", "definition", "Nicht überall.")})
	rows := []Row{serviceCount("1", "coverage", "at-least-one-municipality", "asOf", "2021-11-12")}
	if got, want := n.ozgNote(chartKind(t, "coverage"), rows), "Stichtag: 12.11.2021. „örtlich“: Nicht überall."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestChartDates(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	for _, tt := range []struct{ id, asOf, want string }{
		{"priority", "2021-11-12", "Stichtag: 12.11.2021."},
		{"priority", "", "Ohne Stichtag, Quelle erschienen: August 2021."},
		{"time", "2021-11-12", n.word("ozg.dated")},
	} {
		if got := n.ozgDate(chartKind(t, tt.id), []Row{serviceCount("1", "asOf", tt.asOf)}); got != tt.want {
			t.Errorf("%s of %q: %q, want %q", tt.id, tt.asOf, got, tt.want)
		}
	}
}

// TestChartOrder checks that bars are in the order of the codelist.
func TestChartOrder(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	var codes []Row
	for _, code := range []string{"1-2", "3", "4", "open"} {
		codes = append(codes, row(dataset.Codelists, "id", "priority."+code, "codelist", "priority", "code", code))
	}
	n.add(dataset.Codelists, codes)
	rows := []Row{
		serviceCount("1", "priority", "open"), serviceCount("2", "priority", "4"), serviceCount("3", "priority", "3"), serviceCount("4", "priority", "1-2"), serviceCount("5", "priority", "4"),
	}
	if got := idsOf(n.ozgRows(chartKind(t, "priority"), rows)); got != "4 3 2 5 1" {
		t.Errorf("by priority: %s", got)
	}
	areas := []Row{serviceCount("1"), serviceCount("2", "area", "09"), serviceCount("3")}
	if got := idsOf(n.ozgRows(chartKind(t, "laender"), areas)); got != "1 3 2" {
		t.Errorf("by Land: %s", got)
	}
}

// TestSourcesThatAgree checks that two sources of one count are one point, which names both.
func TestSourcesThatAgree(t *testing.T) {
	t.Parallel()
	cells := []string{"measure", "available-online", "asOf", "2022", "value", "338"}
	chart, err := codeNames(t, "en").ozgTimes([]Row{serviceCount("1", cells...), serviceCount("2", append(cells, "source", "b")...), serviceCount("3", append(cells, "qualifier", "about")...)})
	if err != nil || len(chart.Points) != 2 || chart.Points[0].Source != "a; b" {
		t.Errorf("%+v, error %v", chart.Points, err)
	}
}

// TestChartRows checks which rows each chart selects.
func TestChartRows(t *testing.T) {
	t.Parallel()
	row := func(id, measure, area, asOf, coverage, priority, execution, kind, value, source string) Row {
		return serviceCount(id, "measure", measure, "area", area, "asOf", asOf, "coverage", coverage, "priority", priority,
			"execution", execution, "kind", kind, "value", value, "source", source)
	}
	rows := []Row{
		row("1", "available-online", "05", "", "all", "all", "all", "actual", "330", "a"),
		row("2", "available-online", "09", "", "all", "all", "all", "actual", "176", "a"),
		row("3", "available-online", "05", "", "all", "all", "all", "actual", "330", "a"), // stated twice
		row("4", "available-online", "09", "", "all", "all", "all", "actual", "170", "b"), // another source
		row("5", "available-online", "05", "", "statewide", "all", "all", "actual", "10", "a"),
		row("6", "relevant-nrw", "05", "", "all", "1-2", "sub-federal", "actual", "103", "a"), // a total
		row("7", "relevant-nrw", "05", "", "all", "1-2", "state", "actual", "18", "a"),
		row("8", "relevant-nrw", "05", "", "all", "1-2", "municipal", "actual", "41", "a"),
		row("9", "relevant-nrw", "05", "", "all", "3", "state", "actual", "5", "a"),
		row("10", "available-online", "05", "2021-11-12", "all", "all", "all", "actual", "331", "c"),
		row("11", "available-online", "05", "", "all", "all", "all", "planned", "400", "c"),
		row("12", "available-online", "05", "2021-12", "all", "all", "all", "actual", "331", "c"),
		row("13", "available-online", "05", "2021-12", "all", "all", "all", "actual", "331", "d"), // a second source for it
	}
	for id, want := range map[string]string{"laender": "1 2", "coverage": "5", "priority": "", "execution": "7 8", "time": "1 10 12 13", "portal": ""} {
		if got := idsOf(chartKind(t, id).rows(rows)); got != want {
			t.Errorf("%s shows the rows %v, want %s", id, got, want)
		}
	}
}
