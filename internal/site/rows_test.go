// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"slices"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

// row returns a row with the cells given as name, value.
func row(d *dataset.Dataset, cells ...string) Row {
	r := Row{d, make([]string, len(d.Columns))}
	for i := 0; i < len(cells); i += 2 {
		r.cells[d.Column(cells[i])] = cells[i+1]
	}
	return r
}

// codeNames returns names that know a few codes and nothing else.
func codeNames(t testing.TB, language string) names {
	t.Helper()
	n := newNames(inLanguage(t, language))
	var rows []Row
	for _, c := range [][3]string{
		{"unit.persons", "Personen", "persons"},
		{"unit.rank", "Rang", "rank"},
		{"unit.years", "Jahre", "years"},
		{"unit.million-eur", "Millionen Euro", "million euros"},
		{"qualifier.at-least", "mindestens", "at least"},
	} {
		rows = append(rows, row(dataset.Codelists, "id", c[0], "title", c[1], "titleEn", c[2]))
	}
	n.add(dataset.Codelists, rows)
	return n
}

func TestZeroRow(t *testing.T) {
	t.Parallel()
	if r := (Row{}); r.Get("id") != "" || r.Exists() || r.ID() != "" {
		t.Errorf("%+v has cells", r)
	}
	if got := row(dataset.Goals, "id", "a").Get("absent"); got != "" {
		t.Errorf("a column that does not exist is %q", got)
	}
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ value, qualifier, unit, de, en string }{
		{"75000", "at-least", "persons", "mindestens 75.000 Personen", "at least 75,000 persons"},
		{"1", "exact", "persons", "1 Person", "1 person"},
		{"1", "exact", "years", "1 Jahr", "1 year"},
		{"1.0", "exact", "years", "1,0 Jahre", "1.0 years"},
		{"53000000", "exact", "eur", "53 Mio. Euro", "€53 million"},
		{"1600000000", "exact", "eur", "1,6 Mrd. Euro", "€1.6 billion"},
		{"101300000", "exact", "eur", "101,3 Mio. Euro", "€101.3 million"},
		{"1234567", "exact", "eur", "1.234.567 unit.eur", "1,234,567 unit.eur"},
		{"440000", "exact", "eur", "440.000 unit.eur", "440,000 unit.eur"},
		{"0.5", "exact", "percent", "0,5 %", "0.5%"},
		{"5", "exact", "factor", "5×", "5×"},
		{"3", "exact", "rank", "Rang 3", "rank 3"},
		{"3", "at-most", "rank", "unter den ersten 3", "in the top 3"},
		{"1083", "", "count", "1.083", "1,083"},
	} {
		for language, want := range map[string]string{"de": tt.de, "en": tt.en} {
			if got := strings.ReplaceAll(codeNames(t, language).amount(tt.value, tt.qualifier, tt.unit), nbsp, " "); got != want {
				t.Errorf("%s %s %s is %q, want %q", tt.qualifier, tt.value, tt.unit, got, want)
			}
		}
	}
}

func TestSourceDate(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "en")
	n.add(dataset.Sources, []Row{
		row(dataset.Sources, "id", "dated", "published", "2022-01", "retrieved", "2026-11-28"),
		row(dataset.Sources, "id", "undated", "retrieved", "2026-11-28"),
	})
	for source, want := range map[string]string{"dated": "January 2022", "undated": "undated, read on 28\u00a0November 2026", "unknown": ""} {
		if got := n.sourceDate(row(dataset.GoalStatus, "source", source, "published", "2026-11-28")); got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
	}
}

// TestDigits checks that years and ranks have no separators, in plots neither.
func TestDigits(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	for _, tt := range [][3]string{{"1083", "rank", "1083"}, {"2025", "persons", "2.025"}} {
		if got := n.digits(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s in %s is %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
	rows := []Row{row(dataset.Observations, "unit", "rank", "value", "2025", "kind", "target", "qualifier", "exact")}
	chart, err := n.timeChart(rows)
	if err != nil || chart.Points[0].Text != "2025" {
		t.Errorf("time chart: %+v, error %v", chart.Points, err)
	}
	if bar, err := n.bar(rows[0], ""); err != nil || bar.Text != "2025" {
		t.Errorf("bar: %+v, error %v", bar, err)
	}
	rows[0] = row(dataset.Observations, "value", "many")
	if _, err := n.timeChart(rows); err == nil {
		t.Error("a value that is not a number is plotted over time")
	}
	if _, err := n.partBars("count", rows); err == nil {
		t.Error("a value that is not a number is plotted as a bar")
	}
}

func TestNextYear(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		before, period string
		want           bool
	}{
		{"2020", "2021", true},
		{"2019", "2021", false},
		{"2021", "2021", false},
		{"2020-12", "2021-01", false},
		{"", "2021", false},
		{"2021", "", false},
	} {
		if got := nextYear(tt.before, tt.period); got != tt.want {
			t.Errorf("%q and %q are joined: %v", tt.before, tt.period, got)
		}
	}
}

// TestLinesJoinOneSource joins values of one source in consecutive years, unless that of
// another source is between them in the series.
func TestLinesJoinOneSource(t *testing.T) {
	t.Parallel()
	var rows []Row
	for _, r := range [][2]string{{"2020", "a"}, {"2020", "b"}, {"2021", "a"}, {"2022", "a"}, {"2024", "a"}} {
		rows = append(rows, row(dataset.Observations, "kind", "actual", "value", "1", "period", r[0], "source", r[1]))
	}
	chart, err := codeNames(t, "de").timeChart(rows)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{false, false, false, true, false} {
		if got := chart.Points[i].Joined; got != want {
			t.Errorf("point %d is joined: %v", i+1, got)
		}
	}
}

func TestBound(t *testing.T) {
	t.Parallel()
	for qualifier, want := range map[string]plot.Bound{
		"exact": plot.Exact, "": plot.Exact, "about": plot.About, "at-least": plot.AtLeast, "more-than": plot.MoreThan,
		"just-over": plot.JustOver, "at-most": plot.AtMost, "nearly": plot.Nearly,
	} {
		if got := bound(qualifier); got != want {
			t.Errorf("%q is drawn as %v, want %v", qualifier, got, want)
		}
	}
}

// TestSeries checks that kinds of values beyond the known ones are shown too.
func TestSeries(t *testing.T) {
	t.Parallel()
	var rows []Row
	for _, kind := range []string{"forecast", "target", "actual", "budget", "target", "estimate"} {
		rows = append(rows, row(dataset.Observations, "kind", kind, "value", "1"))
	}
	chart, err := codeNames(t, "de").timeChart(rows)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range chart.Series {
		got = append(got, s.Key)
	}
	if strings.Join(got, " ") != "actual target budget forecast estimate" {
		t.Errorf("series %q", got)
	}
	chart.Title = "x"
	if _, err := chart.SVG(); err != nil {
		t.Error(err)
	}
}

// TestPartBars checks that bars come by area, then by part, then in the order of the rows.
func TestPartBars(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "en")
	n.add(dataset.Areas, []Row{row(dataset.Areas, "id", "05", "title", "NRW"), row(dataset.Areas, "id", "06", "title", "Hessen"), row(dataset.Areas, "id", "00", "title", "Germany")})
	var sources []Row
	for _, published := range []string{"2024-05", "2021-10-05"} {
		sources = append(sources, row(dataset.Sources, "id", "of-"+published, "published", published))
	}
	n.add(dataset.Sources, append(sources, row(dataset.Sources, "id", "of-2026", "title", "A page")))
	bar := func(area, period string) Row {
		return row(dataset.Observations, "area", area, "period", period, "value", "1", "kind", "actual", "published", "2021-10-06")
	}
	from := func(published string) Row {
		return row(dataset.Observations, "area", "05", "value", "1", "kind", "actual", "published", published, "source", "of-"+published)
	}
	chart, err := n.partBars("percent", []Row{
		bar("05", "2022"), bar("05", "2022-07"), bar("05", "2023"), bar("05", "2023-04"), bar("06", "2023-07"), bar("00", "2023-07"), from("2024-05"), from("2021-10-05"), from("2026"), bar("05", ""),
	})
	var got []string
	for _, b := range chart.Bars {
		got = append(got, b.Label)
	}
	want := []string{
		"NRW, 2022", "NRW, July 2022", "NRW, 2023", "NRW, April 2023", "NRW, undated (Source: 5\u00a0October 2021)", "NRW, undated", "NRW, undated (Source: May 2024)", "NRW, undated (Source: A page)",
		"Germany, July 2023", "Hessen, July 2023",
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, error %v, want %q", got, err, want)
	}
}
