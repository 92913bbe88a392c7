package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
)

// count is a count of online services: NRW, actual, exact and of the whole but
// for the cells given as name, value.
func count(id string, cells ...string) Row {
	d := dataset.OZGServiceCounts
	row := make([]string, len(d.Columns))
	all := []string{
		"id", id, "area", "05", "coverage", "all", "priority", "all", "execution", "all", "portal", "all",
		"kind", "actual", "qualifier", "exact", "source", "a", "published", "2021-08",
	}
	all = append(all, cells...)
	for i := 0; i < len(all); i += 2 {
		row[d.Column(all[i])] = all[i+1]
	}
	return Row{d, row}
}

func chartOf(t *testing.T, id string) ozgChart {
	t.Helper()
	i := slices.IndexFunc(ozgChartList, func(c ozgChart) bool { return c.id == id })
	if i < 0 {
		t.Fatalf("there is no chart %s", id)
	}
	return ozgChartList[i]
}

func idsOf(rows []Row) string {
	var ids []string
	for _, r := range rows {
		ids = append(ids, r.ID())
	}
	return strings.Join(ids, " ")
}

// TestChartsKeepContradictions draws 350 and at least 350 beside one another.
func TestChartsKeepContradictions(t *testing.T) {
	t.Parallel()
	portal := []string{"measure", "portal-services", "portal", "wsp-nrw", "asOf", "2022", "kind", "planned", "value", "350"}
	bars := []string{"measure", "available-online", "value", "330"}
	for id, rows := range map[string][]Row{
		"portal": {
			count("1", append(portal, "qualifier", "at-least")...), count("2", portal...), count("3", portal...),
			count("4", append(portal, "kind", "target")...),
		},
		"laender": {count("1", bars...), count("2", append(bars, "qualifier", "about")...), count("3", bars...), count("4", append(bars, "value", "210")...)},
	} {
		if got := idsOf(chartOf(t, id).rows(rows)); got != "1 2 4" {
			t.Errorf("%s shows the rows %s", id, got)
		}
	}
}

// TestChartTitles looks for all that the values of a chart have in common.
func TestChartTitles(t *testing.T) {
	t.Parallel()
	v := bare("de")
	v.tables["areas"], v.names["areas"] = []Row{}, map[string]Row{}
	execution := []string{"measure", "relevant-nrw", "priority", "1-2", "portal", "wsp-nrw"}
	for id, rows := range map[string][]Row{
		"execution": {count("1", append(execution, "execution", "state")...), count("2", append(execution, "execution", "municipal")...)},
		"laender":   {count("1", "measure", "relevant-nrw"), count("2", "measure", "relevant-nrw", "area", "09")},
	} {
		want := map[string]string{
			"execution": "Nach Vollzugsebene: measure.relevant-nrw, priority.1-2, portal.wsp-nrw, 05",
			"laender":   "Nach Land: measure.relevant-nrw",
		}[id]
		if got := v.ozgTitle(chartOf(t, id), rows); got != want {
			t.Errorf("%s is %q, want %q", id, got, want)
		}
	}
}

func TestChartDates(t *testing.T) {
	t.Parallel()
	v := bare("de")
	for _, tt := range []struct{ id, asOf, want string }{
		{"priority", "2021-11-12", "Stichtag: 12.11.2021."},
		{"priority", "", "Ohne Stichtag; die Quelle erschien: August 2021."},
		{"time", "2021-11-12", words["ozg.dated"].DE},
	} {
		if got := v.ozgWhen(chartOf(t, tt.id), []Row{count("1", "asOf", tt.asOf)}); got != tt.want {
			t.Errorf("%s of %q: %q, want %q", tt.id, tt.asOf, got, tt.want)
		}
	}
}

// TestChartOrder sorts bars as the codelist does.
func TestChartOrder(t *testing.T) {
	t.Parallel()
	v := bare("de")
	for _, code := range []string{"1-2", "3", "4", "open"} {
		v.tables["codelists"] = append(v.tables["codelists"], Row{dataset.Codelists, []string{"priority." + code, "priority", code}})
	}
	rows := []Row{
		count("1", "priority", "open"), count("2", "priority", "4"), count("3", "priority", "3"), count("4", "priority", "1-2"), count("5", "priority", "4"),
	}
	if got := idsOf(v.ordered(chartOf(t, "priority"), rows)); got != "4 3 2 5 1" {
		t.Errorf("by priority: %s", got)
	}
	areas := []Row{count("1"), count("2", "area", "09"), count("3")}
	if got := idsOf(v.ordered(chartOf(t, "laender"), areas)); got != "1 3 2" {
		t.Errorf("by Land: %s", got)
	}
}
