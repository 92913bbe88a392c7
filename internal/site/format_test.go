package site

import (
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
)

func TestFormatNumber(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"0": {"0", "0"}, "7": {"7", "7"}, "999": {"999", "999"}, "1083": {"1.083", "1,083"}, "75000": {"75.000", "75,000"},
		"1234567.50": {"1.234.567,50", "1,234,567.50"}, "1.10": {"1,10", "1.10"}, "-0.5": {"−0,5", "−0.5"}, "-1000": {"−1.000", "−1,000"},
	} {
		if de, en := formatNumber(in, "de"), formatNumber(in, "en"); de != want[0] || en != want[1] {
			t.Errorf("%s is %s in German and %s in English, want %s", in, de, en, want)
		}
	}
}

func TestFormatPeriod(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][2]string{
		"2021": {"2021", "2021"}, "2021-03": {"März 2021", "March 2021"}, "2021-11-02": {"2.11.2021", "2 November 2021"},
		"2018/2021": {"2018–2021", "2018–2021"}, "2021-11/2022-02": {"November 2021–Februar 2022", "November 2021–February 2022"}, "": {"", ""},
	} {
		de, en := formatPeriod(in, "de"), strings.ReplaceAll(formatPeriod(in, "en"), nbsp, " ")
		if de != want[0] || en != want[1] {
			t.Errorf("%s is %s in German and %s in English, want %s", in, de, en, want)
		}
	}
}

func TestFormatBytes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 B", 999: "999 B", 1000: "1,0 kB", 84_150: "84,2 kB", 1_500_000: "1,5 MB", 2_345_600_000: "2.345,6 MB"} {
		if got := strings.ReplaceAll(formatBytes(n, "de"), nbsp, " "); got != want {
			t.Errorf("%d bytes are %s, want %s", n, got, want)
		}
	}
}

// bare is a view in a language that knows a few codes and no store.
func bare(language string) *view {
	codes := map[string]Row{}
	for _, c := range [][3]string{
		{"unit.persons", "Personen", "persons"},
		{"unit.rank", "Rang", "rank"},
		{"unit.years", "Jahre", "years"},
		{"unit.million-eur", "Millionen Euro", "million euros"},
		{"qualifier.at-least", "mindestens", "at least"},
	} {
		codes[c[0]] = Row{dataset.Codelists, []string{c[0], "", "", c[1], c[2]}}
	}
	return &view{
		Request: Request{Language: language}, site: &Site{},
		tables: map[string][]Row{"codelists": {}, "contradictions": {}}, names: map[string]map[string]Row{"codelists": codes},
	}
}

func TestAmount(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ value, qualifier, unit, de, en string }{
		{"75000", "at-least", "persons", "mindestens 75.000 Personen", "at least 75,000 persons"},
		{"1", "exact", "persons", "1 Person", "1 person"},
		{"1", "exact", "years", "1 Jahr", "1 year"},
		{"1.0", "exact", "years", "1,0 Jahre", "1.0 years"},
		{"1", "exact", "million-eur", "1 Million Euro", "1 million euros"},
		{"0.5", "exact", "percent", "0,5 %", "0.5%"},
		{"5", "exact", "factor", "5×", "5×"},
		{"3", "exact", "rank", "Rang 3", "rank 3"},
		{"2025", "exact", "calendar-year", "2025", "2025"},
		{"1083", "", "count", "1.083", "1,083"},
	} {
		for language, want := range map[string]string{"de": tt.de, "en": tt.en} {
			if got := strings.ReplaceAll(bare(language).amount(tt.value, tt.qualifier, tt.unit), nbsp, " "); got != want {
				t.Errorf("%s %s %s is %q, want %q", tt.qualifier, tt.value, tt.unit, got, want)
			}
		}
	}
}

// TestDigits looks that years and ranks are no amounts.
func TestDigits(t *testing.T) {
	t.Parallel()
	v := bare("de")
	for _, tt := range [][3]string{{"2025", "calendar-year", "2025"}, {"1083", "rank", "1083"}, {"2025", "persons", "2.025"}} {
		if got := v.digits(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s in %s is %s, want %s", tt[0], tt[1], got, tt[2])
		}
	}
	rows := []Row{observation("unit", "calendar-year", "value", "2025", "kind", "target", "qualifier", "exact")}
	chart, err := v.timeChart(plot.Figure{}, rows)
	if err != nil || chart.Points[0].Text != "2025" {
		t.Errorf("on a chart over time: %+v, error %v", chart.Points, err)
	}
	if bar, err := v.bar(rows[0], ""); err != nil || bar.Text != "2025" {
		t.Errorf("at a bar: %+v, error %v", bar, err)
	}
}

// observation is a row of observations with cells given as name, value.
func observation(cells ...string) Row {
	row := make([]string, len(dataset.Observations.Columns))
	for i := 0; i < len(cells); i += 2 {
		row[dataset.Observations.Column(cells[i])] = cells[i+1]
	}
	return Row{dataset.Observations, row}
}

func TestDue(t *testing.T) {
	t.Parallel()
	goal := func(status, due string) Row {
		cells := make([]string, len(dataset.Goals.Columns))
		cells[dataset.Goals.Column("status")], cells[dataset.Goals.Column("due")] = status, due
		return Row{dataset.Goals, cells}
	}
	for _, tt := range []struct{ today, status, due, want string }{
		{"2024-12-31", "announced", "2024", "this-year"},
		{"2025-01-01", "announced", "2024", "over"},
		{"2023-12-31", "in-progress", "2024", "later"},
		{"2024-06-30", "announced", "2024-06", "this-year"},
		{"2024-07-01", "announced", "2024-06", "over"},
		{"2024-06-15", "announced", "2022/2025", "later"},
		{"2024-06-15", "announced", "", "none"},
		{"2024-06-15", "achieved", "2020", "reached"},
		{"2024-06-15", "achieved", "", "reached"},
	} {
		v := bare("de")
		v.Today, _ = time.Parse(time.DateOnly, tt.today)
		if got := v.due(goal(tt.status, tt.due)); got != tt.want {
			t.Errorf("on %s a goal %s and due %q is %s, want %s", tt.today, tt.status, tt.due, got, tt.want)
		}
	}
}

func TestJoining(t *testing.T) {
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
		if got := follows(tt.before, tt.period); got != tt.want {
			t.Errorf("%q and %q are joined: %v", tt.before, tt.period, got)
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	for qualifier, want := range map[string]plot.Bound{
		"exact": plot.Exact, "": plot.Exact, "about": plot.About, "at-least": plot.AtLeast, "more-than": plot.MoreThan,
		"just-over": plot.MoreThan, "at-most": plot.AtMost, "nearly": plot.LessThan,
	} {
		if got := bound(qualifier); got != want {
			t.Errorf("%q is drawn as %v, want %v", qualifier, got, want)
		}
	}
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/absent": "absent", "/en/goals/e-akte": "e akte", "/ziele/buerger_amt.html": "buerger amt", "/": "", "/en/": "", "/a/": "a",
	} {
		if got := guess(path); got != want {
			t.Errorf("%s: one would search for %q, want %q", path, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	t.Parallel()
	got := paragraphs("\n Amt\nWeg 1 \r\n\r\n\n\nZweiter  \n")
	if len(got) != 2 || got[0] != "Amt\nWeg 1" || got[1] != "Zweiter" {
		t.Errorf("%q", got)
	}
	if got := paragraphs(" \n"); got != nil {
		t.Errorf("nothing is %q", got)
	}
}

func TestLinkedNotes(t *testing.T) {
	t.Parallel()
	v := bare("de")
	v.names["contradictions"] = map[string]Row{
		"contradiction-1":  {dataset.Contradictions, []string{"contradiction-1", "A < B"}},
		"contradiction-12": {dataset.Contradictions, []string{"contradiction-12", "C"}},
	}
	v.listed = map[string]bool{"contradiction-12": true}
	got := string(v.linked(`<b> contradiction-1, contradiction-12. contradiction-7`))
	want := `&lt;b&gt; <a href="/contradictions#contradiction-1" lang="de">„A &lt; B“</a>, <a href="#contradiction-12" lang="de">„C“</a>. contradiction-7`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// TestChartsOfCounts looks which rows each chart chooses.
func TestChartsOfCounts(t *testing.T) {
	t.Parallel()
	d := dataset.OZGServiceCounts
	row := func(id, measure, area, asOf, coverage, priority, execution, kind, value, source string) Row {
		cells := make([]string, len(d.Columns))
		for name, cell := range map[string]string{
			"id": id, "measure": measure, "area": area, "asOf": asOf, "coverage": coverage, "priority": priority,
			"execution": execution, "portal": "all", "kind": kind, "value": value, "source": source, "published": "2021-08",
		} {
			cells[d.Column(name)] = cell
		}
		return Row{d, cells}
	}
	rows := []Row{
		row("1", "available-online", "05", "", "all", "all", "all", "actual", "330", "a"),
		row("2", "available-online", "09", "", "all", "all", "all", "actual", "176", "a"),
		row("3", "available-online", "05", "", "all", "all", "all", "actual", "330", "a"), // said twice
		row("4", "available-online", "09", "", "all", "all", "all", "actual", "170", "b"), // another source
		row("5", "available-online", "05", "", "statewide", "all", "all", "actual", "10", "a"),
		row("6", "relevant-nrw", "05", "", "all", "1-2", "sub-federal", "actual", "103", "a"), // a total
		row("7", "relevant-nrw", "05", "", "all", "1-2", "state", "actual", "18", "a"),
		row("8", "relevant-nrw", "05", "", "all", "1-2", "municipal", "actual", "41", "a"),
		row("9", "relevant-nrw", "05", "", "all", "3", "state", "actual", "5", "a"),
		row("10", "available-online", "05", "2021-11-12", "all", "all", "all", "actual", "331", "c"),
		row("11", "available-online", "05", "", "all", "all", "all", "planned", "400", "c"),
		row("12", "available-online", "05", "2021-12", "all", "all", "all", "actual", "331", "c"),
	}
	for id, want := range map[string]string{"laender": "1 2", "coverage": "5", "priority": "", "execution": "7 8", "time": "1 10 12", "portal": ""} {
		for _, c := range ozgChartList {
			if c.id != id {
				continue
			}
			var got []string
			for _, r := range c.rows(rows) {
				got = append(got, r.ID())
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s shows the rows %v, want %s", id, got, want)
			}
		}
	}
}
