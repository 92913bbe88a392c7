// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/storetest"
)

// publishFixtures publishes the data of the repository.
func publishFixtures(t testing.TB) published {
	t.Helper()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.PublishPackage(t, s, fixtures.FS)
	return siteOf(t, s, publicURL)
}

func TestStart(t *testing.T) {
	t.Parallel()
	p := build[*startPage](t, publish(t), "en", "/")
	var got []string
	for _, o := range p.Overviews {
		for _, c := range append(o.Fields, fieldTally{Cells: o.Sum}) {
			line := o.Strategy.ID() + " " + c.Field.ID() + ":"
			for i, cell := range c.Cells {
				line += fmt.Sprintf(" %d %s", cell.Count, goalColumns[i].name)
			}
			got = append(got, line)
		}
	}
	want := []string{
		"teststrategie-2-0 ts2-verwaltung: 3 goals 2 figures 0 achieved 0 missed 2 notknown 1 running 0 nodate",
		"teststrategie-2-0 ts2-netze: 2 goals 2 figures 0 achieved 0 missed 0 notknown 1 running 1 nodate",
		"teststrategie-2-0 : 5 goals 4 figures 0 achieved 0 missed 2 notknown 2 running 1 nodate",
		"testprogramm-2018 tp18-recht: 1 goals 0 figures 1 achieved 0 missed 0 notknown 0 running 0 nodate",
		"testprogramm-2018 : 1 goals 0 figures 1 achieved 0 missed 0 notknown 0 running 0 nodate",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if p.Newest != "2021-11" {
		t.Errorf("the latest source is of %s", p.Newest)
	}
}

func TestGoals(t *testing.T) {
	t.Parallel()
	p := build[*goalsPage](t, publish(t), "de", "/goals")
	var got []string
	for _, s := range p.Strategies {
		for _, f := range s.Fields {
			for _, g := range f.Goals {
				got = append(got, strings.Join([]string{s.Strategy.ID(), f.Field.ID(), g.ID(), g.Get("assessment")}, " "))
			}
		}
	}
	want := []string{
		"teststrategie-2-0 ts2-verwaltung ts2-01 on-record", "teststrategie-2-0 ts2-verwaltung ts2-02 unknown-since",
		"teststrategie-2-0 ts2-verwaltung ts2-05 unknown-since", "teststrategie-2-0 ts2-netze ts2-03 on-record",
		"teststrategie-2-0 ts2-netze ts2-04 on-record", "testprogramm-2018 tp18-recht tp18-01 achieved",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestIndicators(t *testing.T) {
	t.Parallel()
	p := build[*indicatorsPage](t, publish(t), "de", "/indicators")
	var got []string
	for _, f := range p.Fields {
		for _, l := range append(f.Lines, f.Others...) {
			got = append(got, fmt.Sprintf("%s %s: %d %s–%s, only %q", f.Field.ID(), l.ID(), l.Figures, l.First, l.Last, l.Only.ID()))
		}
	}
	want := []string{
		`ts2-verwaltung e-file-users: 4 2020–2024, only ""`, `ts2-verwaltung procedure-months: 1 2023–2023, only "obs-011"`,
		`ts2-netze gigabit-households: 4 2021–2021, only ""`, `ts2-netze mobile-rank: 2 2021–2025, only ""`, `ts2-netze price-change: 2 2018–2021, only ""`,
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCovering checks that an indicator shows the latest value of one that includes it.
func TestCovering(t *testing.T) {
	t.Parallel()
	p := build[*indicatorPage](t, publishFixtures(t), "en", "/indicators/e-file-users")
	if len(p.Covering) != 1 || p.Covering[0].ID() != "obs-1201" || p.Covering[0].Href != "/en/indicators/e-file-and-e-folder-users#obs-1201" {
		t.Errorf("%+v", p.Covering)
	}
}

// TestPressIsMarked checks that a source of the press is marked where it is cited, in a
// table, in an answer and in a plot.
func TestPressIsMarked(t *testing.T) {
	t.Parallel()
	s, pkg := storetest.Open(t, storetest.SQLite(t)), storetest.Package(t)
	storetest.Replace(t, pkg, "sources.csv", ",minutes,", ",press,")
	storetest.Replace(t, pkg, "codelists.csv", "source-kind.minutes,source-kind,minutes,Protokoll,minutes,", "source-kind.press,source-kind,press,Presse,press,")
	storetest.PublishPackage(t, s, pkg)
	p := siteOf(t, s, publicURL)
	html := p.html(t, "de", "/goals/ts2-01")
	if n := strings.Count(html, "Testprotokoll (erfunden)</a> (Presse)"); n != 2 {
		t.Errorf("%d marks in\n%s", n, html)
	}
	if svg, err := p.Render(context.Background(), p.request(t, "de", "/goals/ts2-01.svg"), SVG); err != nil || !strings.Contains(string(svg), "Testprotokoll (erfunden) (Presse)") {
		t.Errorf("error %v\n%s", err, svg)
	}
}

// TestPlacesAreSortedByNumber checks that chapter 10 of a document comes after chapter 3.
func TestPlacesAreSortedByNumber(t *testing.T) {
	t.Parallel()
	for _, taken := range build[*sourcePage](t, publishFixtures(t), "de", "/sources/digitalstrategie-2-0").Taken {
		last, section := 0.0, 0.0
		for _, row := range taken.Rows {
			if _, err := fmt.Sscanf(row.Get("locator"), "%g", &section); err != nil {
				continue // a place without a number
			}
			if section < last {
				t.Errorf("%s: %s comes after %g", taken.Dataset.ID, row.Get("locator"), last)
			}
			last = section
		}
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	p := build[*sourcesPage](t, publish(t), "de", "/sources")
	if len(p.Sources) != 3 || p.Form.Total != 3 {
		t.Errorf("%d of %d sources", len(p.Sources), p.Form.Total)
	}
	source := build[*sourcePage](t, publish(t), "de", "/sources/test-protokoll")
	got := map[string]string{}
	for _, taken := range source.Taken {
		for _, row := range taken.Rows {
			got[taken.Dataset.ID] += row.ID() + " " + row.Get("locator") + "; "
		}
	}
	want := map[string]string{
		"goal-status": "ts-8 TOP 4; ", "observations": "obs-006 Anlage 2, Folie 8; obs-007 Anlage 2, Folie 9; obs-004 TOP 4; ",
		"ozg-service-counts": "ozg-01 Anlage 2, Folie 1; ozg-02 Anlage 2, Folie 1; ozg-03 Anlage 2, Folie 1; ",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCountsLeadToTheirLists follows every number in the tables of the start page: the
// list shows as many goals.
func TestCountsLeadToTheirLists(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	start := build[*startPage](t, p, "en", "/")
	counts := []counted{start.Goals, start.NotKnown}
	for _, o := range start.Overviews {
		counts = append(counts, o.Sum...)
		for _, f := range o.Fields {
			counts = append(counts, f.Cells...)
		}
	}
	followed := 0
	for _, c := range counts {
		if (c.Count == 0) != (c.Href == "") {
			t.Errorf("%d goals at %q", c.Count, c.Href)
		}
		if c.Href == "" {
			continue
		}
		followed++
		if list := build[*goalsPage](t, p, "en", strings.TrimPrefix(c.Href, "/en")); list.Form.Shown != c.Count {
			t.Errorf("%s lists %d goals, not %d", c.Href, list.Form.Shown, c.Count)
		}
	}
	if followed < 60 {
		t.Errorf("only %d numbers lead to a list", followed)
	}
	goals, err := p.renderer(p.request(t, "de", "/")).query(context.Background(), dataset.Query{Dataset: dataset.Goals})
	if err != nil {
		t.Fatal(err)
	}
	outcomes := 0
	for _, c := range goalColumns[2:] {
		for _, goal := range goals {
			if c.counts(goal) {
				outcomes++
			}
		}
	}
	if outcomes != start.Goals.Count {
		t.Errorf("the outcomes count %d goals of %d", outcomes, start.Goals.Count)
	}
}

// TestOutcomesHaveOneName checks that the plot and the table of the start page name the same
// numbers alike, and others than those that the filter of the list counts.
func TestOutcomesHaveOneName(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, code := range Languages() {
		l := inLanguage(t, code)
		html := p.html(t, code, "/")
		for _, o := range outcomes {
			name := template.HTMLEscapeString(l.word("col." + o.name))
			for _, want := range []string{`<th scope="col" class="num">` + name + `</th>`, name + ": "} {
				if !strings.Contains(html, want) {
					t.Errorf("%s: no %q", code, want)
				}
			}
			if l.word("col."+o.name) == l.word("filter.due.none") {
				t.Errorf("%s: %s counts only goals without an outcome, but has the name of all", code, o.name)
			}
		}
	}
}

// TestAnswers checks what the page of a goal says first, by what is known about it.
func TestAnswers(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "de")
	for _, tt := range []struct {
		name  string
		cells []string
		dated bool // a target has a date
		want  string
	}{
		{"past its due date", []string{"assessment", "unknown-since", "due", "2022", "knownUntil", "2022-01-21"}, true, "31.12.2022 abgelaufen; jüngste datierte Quelle dazu: 21.1.2022."},
		{"no report", []string{"assessment", "unknown-since", "due", "2022"}, false, "keine Quelle berichtet darüber"},
		{"a report without an outcome", []string{"assessment", "unresolved", "due", "2022-06", "knownUntil", "2023"}, false, "30.6.2022 abgelaufen; auch die jüngste datierte Quelle dazu (2023) nennt kein Ergebnis."},
		{"not due", []string{"assessment", "on-record", "due", "2030"}, false, "Die Frist läuft bis zum 31.12.2030."},
		{"no due date", []string{"assessment", "on-record"}, false, "Es hat keine Frist"},
		{"dates of targets only", []string{"assessment", "on-record"}, true, "Zeitpunkte nennt die Quelle nur für seine Zielwerte"},
		{"no exact due date", []string{"assessment", "on-record", "dueText", "binnen fünf Jahren"}, false, "Es hat keine genaue Frist"},
		{"achieved", []string{"assessment", "achieved-late", "due", "2022"}, false, ""},
	} {
		if got := strings.Join(n.unknown(row(dataset.Goals, tt.cells...), tt.dated), " "); !strings.Contains(got, tt.want) || (got == "") != (tt.want == "") {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	n.add(dataset.Indicators, []Row{row(dataset.Indicators, "id", "i2", "title", "Anschlüsse")})
	reached, open := []string{"indicator", "i1", "unit", "count", "target", "t1", "targetValue", "9", "actual", "a1", "actualValue", "7"}, []string{"indicator", "i2", "unit", "count", "target", "t2", "targetValue", "9"}
	for _, tt := range []struct {
		name    string
		goal    []string
		status  []string
		targets [][]string
		want    string // the last sentence
	}{
		{"no value of the only target", []string{"assessment", "on-record"}, nil, [][]string{open}, "Wie weit das Ziel erreicht ist. Zu einem Zielwert ist kein Wert berichtet."},
		{"no value of two targets", []string{"assessment", "on-record"}, nil, [][]string{open, open}, "Wie weit das Ziel erreicht ist. Zu 2 Zielwerten ist kein Wert berichtet."},
		{"a value of one of two", []string{"assessment", "on-record"}, nil, [][]string{reached, open}, "Zu diesen Zielwerten ist kein Wert berichtet: Anschlüsse."},
		{"achieved, before the due date", []string{"assessment", "achieved", "due", "2022"}, []string{"period", "2022-12"}, [][]string{open}, ""},
		{"achieved, but since when?", []string{"assessment", "achieved", "due", "2022"}, []string{"period", "2023"}, [][]string{open}, "Ob das Ziel bis zum 31.12.2022 erreicht war. Die Quelle, die es als erreicht meldet, sagt nicht, seit wann."},
		{"achieved, undated", []string{"assessment", "achieved", "due", "2022"}, nil, nil, "Ob das Ziel bis zum 31.12.2022 erreicht war. Die Quelle, die es als erreicht meldet, sagt nicht, seit wann."},
		{"achieved late", []string{"assessment", "achieved-late", "due", "2022"}, []string{"period", "2023"}, nil, ""},
		{"achieved without a due date", []string{"assessment", "achieved"}, nil, nil, ""},
	} {
		var targets []target
		for _, cells := range tt.targets {
			targets = append(targets, target{Row: row(dataset.GoalProgress, cells...)})
		}
		evidence := row(dataset.GoalStatus, append(tt.status, "id", "gs-1")...)
		unknown := append([]string{""}, n.answer(row(dataset.Goals, append(tt.goal, "evidence", "gs-1")...), targets, []Row{evidence}).Unknown...)
		if got := unknown[len(unknown)-1]; got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	a := build[*goalPage](t, publishFixtures(t), "de", "/goals/ds2-70").Answer
	if !a.Status.Exists() || len(a.Values) == 0 || a.Values[0].Target == "" {
		t.Errorf("the answer on 5G: %+v", a)
	}
}

// TestDated checks that a reported value without a period says so.
func TestDated(t *testing.T) {
	t.Parallel()
	n := codeNames(t, "en")
	both := []string{"target", "obs-1", "targetValue", "1000", "actual", "obs-2", "actualValue", "258", "unit", "count"}
	for _, tt := range []struct {
		cells          []string
		target, actual string
	}{
		{both, "1,000", "258 (undated)"},
		{slices.Concat(both, []string{"targetPeriod", "2025", "actualPeriod", "2021-08"}), "1,000 (2025)", "258 (August 2021)"},
		{nil, "", ""},
	} {
		progress := row(dataset.GoalProgress, tt.cells...)
		if target, actual := n.dated(progress, "target"), n.dated(progress, "actual"); target != tt.target || actual != tt.actual {
			t.Errorf("%q and %q, want %q and %q", target, actual, tt.target, tt.actual)
		}
	}
}

func TestReleaseChanges(t *testing.T) {
	t.Parallel()
	site := publish(t)
	p := build[*releasePage](t, site, "en", "/releases/2024.02.0")
	got := map[string]string{}
	for _, d := range p.Changes {
		for _, c := range d.Rows {
			got[d.Dataset.ID+" "+c.Get("row")+" "+c.Get("column")] = c.Get("change") + " " + c.Of.Href
		}
	}
	if want := "changed /en/indicators/e-file-users#obs-003"; got["observations obs-003 value"] != want {
		t.Errorf("%q, want %q, in %v", got["observations obs-003 value"], want, got)
	}
	if p.First || p.Pruned || p.Withdrawn || p.More || len(p.Downloads) != 1 {
		t.Errorf("%+v", p)
	}
	if first := build[*releasePage](t, site, "en", "/releases/2024.01.0"); !first.First || len(first.Downloads) != 0 || len(first.Changes) != 0 {
		t.Errorf("the first release: %+v", first)
	}
}

// TestChangesInWords checks that changes are in the words of the page: titles of columns and
// rows, labels of codes, and of a text in two languages the page's own.
func TestChangesInWords(t *testing.T) {
	t.Parallel()
	s, pkg := storetest.Open(t, storetest.SQLite(t)), storetest.Package(t)
	storetest.PublishPackage(t, s, pkg)
	storetest.Replace(t, pkg, "observations.csv", "obs-005,gigabit-households,ts2-03,05,,target,100,exact,test-strategie,2.1,,,,,",
		"obs-005,gigabit-households,ts2-03,05,2025-06,planned,81234,about,test-strategie,2.1,Neu.,,,,New.")
	storetest.Replace(t, pkg, "observations.csv", "Die Quelle nennt keinen Zeitraum.", "Die Quelle nennt keine Zeit.")
	publishNext(t, s, pkg)
	p := siteOf(t, s, publicURL)
	progress := map[string]string{} // what rows of goal-progress are called, by address
	for language, want := range map[string][]string{
		"de": {"obs-005 Zeitraum:  → Juni 2025 (de)", "obs-005 Art: Zielwert → Planwert (de)", "obs-005 Wert: 100 → 81.234 (de)", "obs-005 Genauigkeit: genau → etwa (de)", "obs-005 Anmerkung:  → Neu. (de)", "obs-008 Anmerkung: Die Quelle nennt keinen Zeitraum. → Die Quelle nennt keine Zeit. (de)"},
		"en": {"obs-005 Period:  → June 2025 (en)", "obs-005 Kind: target → planned (en)", "obs-005 Value: 100 → 81,234 (en)", "obs-005 Qualifier: exact → about (en)", "obs-005 Note (English):  → New. (en)", "obs-008 Note: Die Quelle nennt keinen Zeitraum. → Die Quelle nennt keine Zeit. (de)"},
	} {
		var got []string
		for _, d := range build[*releasePage](t, p, language, "/releases/2024.02.0").Changes {
			for _, c := range d.Rows {
				if d.Dataset == dataset.Observations {
					got = append(got, fmt.Sprintf("%s %s: %s → %s (%s)", c.Get("row"), c.Column, c.Old, c.New, c.Language))
				}
				if d.Dataset == dataset.GoalProgress {
					progress[language+" "+c.Of.Href] = c.Of.Text
				}
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", language, diff)
		}
	}
	want := map[string]string{
		"de /goals/ts2-03#p-ts2-03.gigabit-households":    "Gigabitnetze überall: Haushalte mit Gigabitanschluss",
		"en /en/goals/ts2-03#p-ts2-03.gigabit-households": "Gigabit networks everywhere: Households with a gigabit line",
	}
	if diff := gocmp.Diff(want, progress); diff != "" {
		t.Errorf("progress (-want +got)\n%s", diff)
	}
}

// TestWithdrawnChanges checks that a withdrawn release shows what it changed, which the
// dataset of changes of the release in its place does not have.
func TestWithdrawnChanges(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	publishIn(t, s)
	if err := s.Use(context.Background(), "2024.01.0"); err != nil {
		t.Fatal(err)
	}
	if p := build[*releasePage](t, siteOf(t, s, publicURL), "de", "/releases/2024.02.0"); !p.Withdrawn || len(p.Changes) != 2 {
		t.Errorf("%+v", p)
	}
}

// TestChangedPage publishes a second release with changes in one file, and checks its page.
func TestChangedPage(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		file          string
		edits         map[string]string // from old to new
		with, without []string
	}{
		"datasets whose changes are not listed": {
			file: "service-availability.csv", edits: map[string]string{",ok,yes,": ",not-ok,yes,"},
			with: []string{"aufgeführt: Verfügbarkeit von Onlinediensten"}, without: []string{"Keine Zeile hat sich geändert"},
		},
		"links to areas that have a page": {
			file:    "areas.csv",
			edits:   map[string]string{"05,Nordrhein-Westfalen": "05,Nordrhein und Westfalen", "08,Baden-Württemberg": "08,Baden und Württemberg"},
			with:    []string{`<a href="/areas/05">Nordrhein und Westfalen</a>`, "Baden und Württemberg<br>"},
			without: []string{"/areas/08"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, pkg := storetest.Open(t, storetest.SQLite(t)), storetest.Package(t)
			storetest.PublishPackage(t, s, pkg)
			for old, edited := range tt.edits {
				storetest.Replace(t, pkg, tt.file, old, edited)
			}
			publishNext(t, s, pkg)
			html := siteOf(t, s, publicURL).html(t, "de", "/releases/2024.02.0")
			for _, text := range tt.with {
				if !strings.Contains(html, text) {
					t.Errorf("the page lacks %q:\n%s", text, html)
				}
			}
			for _, text := range tt.without {
				if strings.Contains(html, text) {
					t.Errorf("the page has %q:\n%s", text, html)
				}
			}
		})
	}
}

// TestDerivedFigure checks that a figure says how it follows from the words of its source.
func TestDerivedFigure(t *testing.T) {
	t.Parallel()
	s, pkg := storetest.Open(t, storetest.SQLite(t)), storetest.Package(t)
	storetest.Replace(t, pkg, "observations.csv", "100,exact,test-strategie,2.1,,,,,", "100,exact,test-strategie,2.1,,,all,,")
	storetest.PublishPackage(t, s, pkg)
	p := siteOf(t, s, publicURL)
	for _, path := range []string{"/figures/obs-005", "/indicators/gigabit-households"} {
		if !strings.Contains(p.html(t, "de", path), "Testcode „alle“ der Liste derivation.") {
			t.Errorf("%s does not say it", path)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for query, want := range map[string]string{
		"Bürgerportal": "/goals/ts2-02", "Buergerportal": "/goals/ts2-02", "buergerPORTAL": "/goals/ts2-02", "burgerportal": "/goals/ts2-02",
		"citizens": "/goals/ts2-02", "Gigabit": "/indicators/gigabit-households", "Testprotokoll": "/sources/test-protokoll", "Codelisten": "/datasets/codelists",
		"World": "/indicators/price-change#obs-013", "Baden": "/indicators/gigabit-households#obs-008",
	} {
		found := build[*searchPage](t, p, "de", "/search?q="+query)
		if !slices.ContainsFunc(found.Hits, func(h hit) bool { return h.Href == want }) {
			t.Errorf("%s does not find %s: %+v", query, want, found.Hits)
		}
	}
	for _, query := range []string{"Weltweit+Welt", "", "+"} {
		if found := build[*searchPage](t, p, "de", "/search?q="+query); found.Total != 0 || found.Hits != nil {
			t.Errorf("%q finds %+v", query, found.Hits)
		}
	}
}

// TestGoalFigures looks for every figure that names a goal on the page of the goal.
func TestGoalFigures(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	r, err := p.load(context.Background(), p.request(t, "de", "/"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := r.query(context.Background(), dataset.Query{Dataset: dataset.Observations})
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string][]string{}
	for _, row := range rows {
		if goal := row.Get("goal"); goal != "" {
			figures[goal] = append(figures[goal], row.ID())
		}
	}
	further := 0
	for goal, ids := range figures {
		page, shown := build[*goalPage](t, p, "de", "/goals/"+goal), map[string]bool{}
		for _, target := range page.Targets {
			for _, figure := range target.Figures.Rows {
				shown[figure.ID()] = true
			}
		}
		for _, figure := range page.Further {
			further++
			if shown[figure.ID()] {
				t.Errorf("%s shows %s twice", goal, figure.ID())
			}
			shown[figure.ID()] = true
		}
		for _, id := range ids {
			if !shown[id] {
				t.Errorf("%s does not show %s", goal, id)
			}
		}
	}
	if further == 0 {
		t.Error("no goal has further figures")
	}
}

// TestSearchOfTheFixtures asks what readers ask: the best hit, or the list, that answers.
func TestSearchOfTheFixtures(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	for _, tt := range []struct {
		language, query string
		first           string // the first hit
		answer          string // the first list
		count           int    // of the list
	}{
		{"de", "5G erreicht", "Weitgehend flächendeckendes <mark>5G</mark>", "/goals?assessment=achieved,achieved-late", 15},
		{"en", "5G achieved", "Near-complete <mark>5G</mark> coverage", "/en/goals?assessment=achieved,achieved-late", 15},
		{"de", "überfällig", "", "/goals?assessment=unknown-since,unresolved", 27},
		{"en", "overdue", "", "/en/goals?assessment=unknown-since,unresolved", 27},
		{"de", "verspätet", "", "/goals?assessment=achieved-late", 3},
		{"de", "verspätet erreicht", "", "/goals?assessment=achieved-late", 3},
		{"en", "late", "", "/en/goals?assessment=achieved-late", 3},
		{"de", "Welche Ziele wurden nicht erreicht?", "", "", 0},
		{"de", "5G-Ziel", "Weitgehend flächendeckendes <mark>5G</mark>", "", 0},
		{"de", "Ist das 5G Ziel erreicht?", "Weitgehend flächendeckendes <mark>5G</mark>", "/goals?assessment=achieved,achieved-late", 15},
		{"de", "5G target", "Weitgehend flächendeckendes <mark>5G</mark>", "", 0},
		{"en", "5G goal", "Near-complete <mark>5G</mark> coverage", "", 0},
		{"en", "Is the 5G target met?", "Near-complete <mark>5G</mark> coverage", "/en/goals?assessment=achieved,achieved-late", 15},
		{"de", "Ziele 2022", "Mehr Wagniskapital für Start-ups", "/goals?dueBefore=2023&dueFrom=2022", 15},
		{"de", "Widersprüche OZG", "575, 567 oder 581 <mark>OZG-Leistungen</mark>", "/ozg", 0},
		{"de", "OZG", "Organisation der <mark>OZG-Umsetzung</mark>", "/ozg", 0},
		{"de", "Wie viele Onlinedienste gibt es in NRW?", "", "/ozg", 0},
		{"en", "How many online services are there?", "", "/en/ozg", 0},
		{"de", "Breitbandausbau", "Gebiet mit gigabitfähigen <mark>Breitbandnetzen</mark>", "", 0},
		{"de", "Datenschutz", "", "/privacy", 0},
		{"de", "überfällige Ziele", "", "/goals?assessment=unknown-since,unresolved", 27},
		{"de", "Zahl der Onlinediensten", "", "/ozg", 0},
		{"de", "Glossar", "", "/glossary", 0},
		{"de", "Verbreitung der berufswahlapp", "<mark>Verbreitung</mark> der <mark>berufswahlapp</mark>", "", 0},
	} {
		found := build[*searchPage](t, p, tt.language, "/search?q="+url.QueryEscape(tt.query))
		if tt.first != "" && (len(found.Hits) == 0 || string(found.Hits[0].Title) != tt.first) {
			t.Errorf("%s: the first of %d hits is %+v, want %s", tt.query, len(found.Hits), found.Hits[:min(1, len(found.Hits))], tt.first)
		}
		switch {
		case tt.answer == "" && len(found.Answers) == 0:
		case len(found.Answers) == 0 || found.Answers[0].Href != tt.answer || found.Answers[0].Count != tt.count:
			t.Errorf("%s: the answers %+v, want %s with %d goals", tt.query, found.Answers, tt.answer, tt.count)
		}
	}
	if office := build[*searchPage](t, p, "de", "/search?q=digitales+B%C3%BCrgeramt"); !slices.ContainsFunc(office.Hits[:3], func(h hit) bool { return h.ID() == "ds2-46" }) {
		t.Errorf("the first hits on the digital citizens’ office %+v", office.Hits[:3])
	}
	ausbau := build[*searchPage](t, p, "de", "/search?q=5G+Ausbau&kind=goals")
	if len(ausbau.Hits) != 1 || ausbau.Hits[0].ID() != "ds2-70" {
		t.Errorf("5G Ausbau finds the goals %+v", ausbau.Hits)
	}
	schools := build[*searchPage](t, p, "de", "/search?q=Schule&kind=goals")
	position := func(part string) int {
		return slices.IndexFunc(schools.Hits, func(h hit) bool { return strings.Contains(h.Get("title"), part) })
	}
	if school, university := position("Schulen"), position("Hochschul"); school < 0 || university >= 0 && university < school {
		t.Errorf("the first goal on schools is number %d, that on universities %d", school, university)
	}
}

// TestSearchSaysWhatItDid checks what a page says about the words that were left out or
// changed, and about areas of which there is nothing.
func TestSearchSaysWhatItDid(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	for _, tt := range []struct {
		query, leftOut, also, area string
		hits                       bool
	}{
		{"5G", "", "", "", true},
		{"5G-Ziel", "Ziel", "", "", true},
		{"Ist das 5G Ziel, das erreicht ist?", "Ist das Ziel erreicht ist", "", "", true},
		{"E-Akte-Ziele", "Ziele", "", "", true},
		{"Wie viele Ziele", "Wie viele", "", "", true},
		{"wie viele", "", "", "", true},
		{"digitales Bürgeramt", "", "digital", "", true},
		{"Breitbandausbau", "", "Breitband ausbau", "", true},
		{"Glasfaser‑Ausbau", "", "Glasfaser Ausbau", "", true},
		{"Open Source", "", "", "", true},
		{"Onlinedienste Köln", "Köln", "", "Köln", true},
		{"Onlinedienste Regierungsbezirk Köln", "Regierungsbezirk Köln", "", "Regierungsbezirk Köln", true},
		{"Köln", "", "", "Köln", true},
		{"online services Cologne", "Cologne", "", "Cologne", true},
		{"Onlinedienste in NRW und Köln", "in und Köln", "", "Köln", true},
		{"Absent NRW", "", "", "", false},
		{"Absent Köln", "", "", "Köln", false},
		{"Onlinedienste Bayern", "", "", "", true},
		{"Glasfaser Hessen", "Hessen", "", "Hessen", true},
		{"Paderborn", "", "", "", true},
		{"5G Nordrhein-Westfalen", "", "", "", true},
	} {
		found := build[*searchPage](t, p, "de", "/search?q="+url.QueryEscape(tt.query))
		if got := strings.Join(found.LeftOut, " "); got != tt.leftOut {
			t.Errorf("%s: without %q, want %q", tt.query, got, tt.leftOut)
		}
		if got := strings.Join(found.Also, " "); got != tt.also {
			t.Errorf("%s: also %q, want %q", tt.query, got, tt.also)
		}
		if found.Area != tt.area {
			t.Errorf("%s: nothing on %q, want %q", tt.query, found.Area, tt.area)
		}
		if tt.area != "" && !slices.ContainsFunc(found.Answers, func(a answerLink) bool { return a.Href == "/ozg" }) {
			t.Errorf("%s: the answers %+v", tt.query, found.Answers)
		}
		if got := found.Total > 0; got != tt.hits {
			t.Errorf("%s: %d hits", tt.query, found.Total)
		}
	}
	html := p.html(t, "de", "/search?q=Onlinedienste+K%C3%B6ln")
	for _, want := range []string{"Angaben allein für „Köln“ gibt es dazu nicht.", "Ohne „Köln“ gesucht."} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	html = p.html(t, "en", "/search?q=digitales+B%C3%BCrgeramt")
	if want := "Also searched for “digital”."; !strings.Contains(html, want) {
		t.Errorf("the page does not say %s", want)
	}
	html = p.html(t, "de", "/search?q=nicht+erreicht")
	if want := "<li>Ziele, die eine Quelle als verfehlt oder aufgegeben meldet (0)</li>"; !strings.Contains(html, want) {
		t.Errorf("the page does not say %s", want)
	}
	for _, h := range build[*searchPage](t, p, "de", "/search?q=K%C3%B6ln").Hits {
		if h.dataset == dataset.OZGServiceCounts {
			t.Errorf("Köln finds %s by its source", h.ID())
		}
	}
}

// TestSearchForSingleWords searches for words that nothing has together: the page counts what
// each of them finds.
func TestSearchForSingleWords(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	for query, want := range map[string]string{
		"WLAN Schulen":                              "„WLAN“ „Schulen“",
		"Wie viel Geld für Digitalisierung?":        "„Geld“ „Digitalisierung“",
		"Ist das Breitbandausbau-Ziel fertig?":      "„Breitbandausbau“ „fertig“",
		"absent Schulen absent1 absent2 absent3 5G": "„Schulen“", // the sixth word is not searched for
		"absent absent1":                            "",
		"absent":                                    "",
		"Schulen":                                   "",
	} {
		var got []string
		for _, a := range build[*searchPage](t, p, "de", "/search?q="+url.QueryEscape(query)).SingleWords {
			got = append(got, a.Text)
			if found := build[*searchPage](t, p, "de", a.Href).Total; found != a.Count || found == 0 {
				t.Errorf("%s: %d hits for %s, its page has %d", query, a.Count, a.Text, found)
			}
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: hits for %s, want %s", query, got, want)
		}
	}
	if html, want := p.html(t, "en", "/search?q=wifi+schools"), "Nothing has all of the words."; !strings.Contains(html, want) || strings.Contains(html, "Nothing found") {
		t.Errorf("the page does not say %s", want)
	}
}

// TestSearchForPages types what menus call pages, in all languages: a page that exists is
// offered first.
func TestSearchForPages(t *testing.T) {
	t.Parallel()
	p := publish(t)
	names := 0
	for _, page := range Pages() {
		if page.name == "" || page.Pattern == "/search" {
			continue
		}
		for _, code := range languageCodes {
			names++
			found := build[*searchPage](t, p, "de", "/search?q="+url.QueryEscape(inLanguage(t, code).word(page.name)))
			leads := len(found.Answers) > 0 && found.Answers[0].Href == page.Pattern
			if leads == page.optional {
				t.Errorf("%s in %s: the answers %+v", page.Pattern, code, found.Answers)
			}
		}
	}
	if names < 30 {
		t.Errorf("only %d names", names)
	}
	p.settings.Legal["sign-language"] = "Video"
	if found := build[*searchPage](t, p, "de", "/search?q=DGS"); len(found.Answers) != 1 || found.Answers[0].Href != "/sign-language" {
		t.Errorf("the answers %+v", found.Answers)
	}
}

// TestSynonyms checks that the file names pages and datasets that there are, and that no word
// has two meanings that exclude each other.
func TestSynonyms(t *testing.T) {
	t.Parallel()
	s, err := loadSynonyms()
	if err != nil {
		t.Fatal(err)
	}
	var patterns []string
	for _, k := range s.Kinds {
		patterns = append(patterns, k.Page)
		if !slices.Contains(searched, dataset.ByID(k.Dataset)) {
			t.Errorf("%s is not searched", k.Dataset)
		}
		for _, w := range k.Words {
			if s.fills(w) || s.known(w) {
				t.Errorf("%s asks for %s, and is something else", w, k.Dataset)
			}
		}
	}
	for _, p := range s.Pages {
		patterns = append(patterns, p.Page)
	}
	for _, a := range s.Answers {
		patterns = append(patterns, a.Path)
	}
	for _, pattern := range patterns {
		if lookup(pattern) == nil {
			t.Errorf("%s is not a page", pattern)
		}
	}
	for _, g := range s.Groups {
		for _, w := range g {
			if s.fills(w) {
				t.Errorf("%s is left out, so that it has no synonyms", w)
			}
		}
	}
}

// TestWiden looks for more than the terms of questions, including odd ones.
func TestWiden(t *testing.T) {
	t.Parallel()
	s, err := loadSynonyms()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"digitales Bürgeramt": "digital buergeramt", "Glasfaser-Ausbau": "glasfaser ausbau", "Breitbandziele": "breitband", "Schulen": "schulen",
		"5G-Ziel": "5g", "*schulen": "*schulen", "Ziel-Ziele": "ziele", "kölnİ´köln": "koelni koeln", "%": "%", "5g-\u0308-Netz": "5g netz", "½-Ziel": "1⁄2", "½-Häuser": "1⁄2 haeus",
	} {
		words, err := dataset.ParseWords(text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, term := range s.ask(text, words).terms {
			for _, wider := range s.widen(term) {
				got = append(got, wider.word)
			}
		}
		slices.Sort(got)
		if got, want := strings.Join(got, " "), strings.Join(slices.Sorted(strings.FieldsSeq(want)), " "); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestStem(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"digitales": "digital", "digitalen": "digital", "digitaler": "digital", "digitalem": "digital", "digitale": "digital",
		"Bürgeramts": "Bürgeramt", "Breitband": "Breitband", "Daten": "Daten", "Dienst": "Dienst", "Bürger": "Bürg", "5G": "5G",
	} {
		if got := stem(word); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}

// TestSearchPages reads all pages of a search, in all and by kind: each hit is there once.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	read := func(query string) map[string]bool {
		seen := map[string]bool{}
		first := build[*searchPage](t, p, "de", query)
		for i := range max(1, len(first.Pages)) {
			for _, h := range build[*searchPage](t, p, "de", fmt.Sprintf("%s&page=%d", query, i+1)).Hits {
				key := kindOf(h.dataset) + " " + cmp.Or(h.ID(), h.Href)
				if seen[key] {
					t.Errorf("%s: %s is there twice", query, key)
				}
				seen[key] = true
			}
		}
		if len(seen) != first.Total {
			t.Errorf("%s: %d hits, want %d", query, len(seen), first.Total)
		}
		return seen
	}
	all := read("/search?q=digital")
	for _, kind := range build[*searchPage](t, p, "de", "/search?q=digital").Kinds[1:] {
		of := read(kind.Href)
		if len(of) != kind.Count {
			t.Errorf("%s: %d hits, want %d", kind.Title, len(of), kind.Count)
		}
		for key := range of {
			if !all[key] {
				t.Errorf("%s is not among all hits", key)
			}
		}
	}
	if len(all) < 300 {
		t.Errorf("only %d hits", len(all))
	}
	for query, want := range map[string]string{
		"/search?q=digital&page=99":    `page="99": must be a whole number from 1 to `,
		"/search?q=digital&page=x":     `page="x": must be a whole number from 1 to `,
		"/search?q=digital&kind=gaols": `kind="gaols": has no results; did you mean "goals"?`,
	} {
		if _, err := p.Render(context.Background(), p.request(t, "de", query), Whole); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", query, err, want)
		}
	}
}

// TestSearchAreas searches for words that are part of the names, or of the addresses, of
// hundreds of areas: figures are found by the names of their areas, and areas if they have
// a page.
func TestSearchAreas(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	for query, want := range map[string]string{"districtkey": "", "05774": "obs-0132", "paderborn": "obs-0132"} {
		var found []string
		for _, h := range build[*searchPage](t, p, "de", "/search?q="+query).Hits {
			if h.dataset == dataset.Observations || h.dataset == dataset.Areas {
				found = append(found, h.ID())
			}
		}
		if got := strings.Join(found, " "); got != want {
			t.Errorf("%s: figures and areas %q, want %q", query, got, want)
		}
	}
}

// TestCombinations bounds what a search with many words of the same meaning looks for.
func TestCombinations(t *testing.T) {
	t.Parallel()
	s, err := loadSynonyms()
	if err != nil {
		t.Fatal(err)
	}
	if got := s.combinations([]string{"5g", "ausbau"}, maxSought); len(got) != 6 || strings.Join(got[0], " ") != "5g ausbau" || strings.Join(got[1], " ") != "5g abdeckung" {
		t.Errorf("5g ausbau: %q", got)
	}
	words := []string{"ausbau", "internet", "glasfaser", "handy", "behorde", "ozg", "eakte", "grundung", "ki", "kommune", "lehrkraft", "schule"}
	for n := range words {
		given := words[:n+1]
		got := s.combinations(given, maxSought)
		if few := s.combinations(given, 0); len(few) != 1 {
			t.Errorf("%q, none left: %q", given, few)
		}
		if len(got)*len(given) > maxSought || strings.Join(got[0], " ") != strings.Join(slices.Sorted(slices.Values(given)), " ") {
			t.Errorf("%q: %q", given, got)
		}
	}
}

// TestSearchIsBounded counts the words that a search looks for in the rows.
func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	for _, query := range []string{"ausbau internet", "Breitbandausbau", "Breitbandausbau in Köln", strings.Repeat("a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p ", 6), "digitales a b c d e f g h i j k l m n o p q Köln"} {
		r, err := p.load(context.Background(), p.request(t, "de", "/search?q="+url.QueryEscape(query)))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := buildSearch(context.Background(), r); err != nil {
			t.Errorf("%s: %v", query, err)
		}
		s := &search{renderer: r, left: maxSought, seen: map[string]bool{}}
		words, err := dataset.ParseWords(query)
		if err != nil {
			t.Fatal(err)
		}
		terms := r.synonyms.ask(query, words).terms
		for range 3 {
			if err := s.find(context.Background(), wordsOf(terms), len(terms)*2, false); err != nil {
				t.Fatal(err)
			}
			if _, err := s.widen(context.Background(), terms); err != nil {
				t.Fatal(err)
			}
		}
		if s.left < 0 {
			t.Errorf("%s: %d words more than %d", query, -s.left, maxSought)
		}
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("vorher ", 40) + "Straße <b> " + strings.Repeat("nachher ", 40)
	got := string(mark(excerpt(long, []string{"strasse"}), []string{"strasse"}))
	if !strings.HasPrefix(got, "… vorher ") || !strings.HasSuffix(got, " nachher …") || !strings.Contains(got, "<mark>Straße</mark> &lt;b&gt; nachher") || len(got) > 2*maxSnippet {
		t.Errorf("%s", got)
	}
	if got := mark("E-Akte & Co", []string{"e-akte"}); got != "<mark>E-Akte</mark> &amp; Co" {
		t.Errorf("%s", got)
	}
	if got := excerpt("kurz", nil); got != "kurz" {
		t.Errorf("%s", got)
	}
}

// TestGoalsOfTheFixtures checks for every real goal that its page, in both languages,
// contains the notes of its progress and a plot if there are two values to compare.
func TestGoalsOfTheFixtures(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	r := p.renderer(p.request(t, "de", "/goals"))
	progress, err := r.query(context.Background(), dataset.Query{Dataset: dataset.GoalProgress})
	if err != nil || len(progress) < 50 {
		t.Fatalf("%d rows, error %v", len(progress), err)
	}
	pages := map[string][]*goalPage{}
	for _, row := range progress {
		goal := row.Get("goal")
		if pages[goal] == nil {
			pages[goal] = []*goalPage{build[*goalPage](t, p, "de", "/goals/"+goal), build[*goalPage](t, p, "en", "/goals/"+goal)}
		}
		for _, page := range pages[goal] {
			i := slices.IndexFunc(page.Targets, func(g target) bool { return g.ID() == row.ID() })
			got := page.Targets[i]
			if (row.Get("note") == "") != (row.Get("noteEn") == "") || row.Get("note") != "" && row.Get("note") == row.Get("noteEn") {
				t.Errorf("%s: %q in German, %q in English", row.ID(), row.Get("note"), row.Get("noteEn"))
			}
			if plotted := row.Get("target") != "" && row.Get("actual") != ""; (got.Plot != "") != plotted {
				t.Errorf("%s: a plot of a target in %q: %v", row.ID(), row.Get("unit"), got.Plot != "")
			}
		}
	}
	html := p.html(t, "de", "/goals/ds2-02")
	if !strings.Contains(html, "„in den kommenden fünf Jahren“") || !strings.Contains(html, "assessment-on-record") {
		t.Errorf("a due date in words is missing:\n%s", html)
	}
}

// TestManyRows publishes more counts of one measure than a page shows: the rest
// is cut off, and the charts of other measures are unaffected.
func TestManyRows(t *testing.T) {
	t.Parallel()
	var counts, observations strings.Builder
	for i := range maxRows + 10 {
		fmt.Fprintf(&counts, "ozg-m%d,in-implementation,05,2021-11-12,all,all,all,all,planned,%d,exact,test-protokoll,\"Anlage 2, Folie %d\",,\n", i, i, i+1)
		fmt.Fprintf(&observations, "obs-m%d,mobile-rank,,05,2021,actual,%d,exact,test-bericht,\"4, Abbildung %d\",,,,,\n", i, i+1, i+1)
	}
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "ozg-service-counts.csv", "note,noteEn\n", "note,noteEn\n"+counts.String())
	storetest.Replace(t, pkg, "observations.csv", "reported,noteEn\n", "reported,noteEn\n"+observations.String())
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.PublishPackage(t, s, pkg)
	p := siteOf(t, s, publicURL)
	page := build[*ozgPage](t, p, "de", "/ozg")
	for _, c := range page.Charts {
		if _, err := p.Render(context.Background(), p.request(t, "de", "/ozg/"+c.ID+".svg"), SVG); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
	}
	if !slices.ContainsFunc(page.Charts, func(c ozgChart) bool { return c.ID == "priority" }) {
		t.Errorf("no chart by priority among %d", len(page.Charts))
	}
	rank := build[*indicatorPage](t, p, "de", "/indicators/mobile-rank")
	if !rank.Figures.More || len(rank.Figures.Rows) != maxRows || rank.Plot != "" {
		t.Errorf("%d rows, more: %v", len(rank.Figures.Rows), rank.Figures.More)
	}
	if strings.Contains(p.html(t, "de", "/indicators/mobile-rank"), "nur einen Wert") {
		t.Error("the page says that there is only one value")
	}
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	p := publish(t)
	invalid := func(language, address string, i domain.Invalid) Failure {
		return Failure{Language: language, Status: 400, Address: address, Invalid: &i}
	}
	for _, tt := range []struct {
		name    string
		failure Failure
		want    []string
		without string
	}{
		{"missing", Failure{Language: "en", Status: 404, Asked: "/en/e-file", Address: "/e-file"}, []string{"Page not found", `value="e file"`, `<a href="/e-file" lang="de"`, "body=https%3A%2F%2Fzielstand.example%2Fen%2Fe-file"}, "canonical"},
		{"nearest", Failure{Language: "de", Status: 404, Nearest: "/goals", NearestTitle: "Ziele"}, []string{`Meinten Sie <a href="/goals">„Ziele“</a>?`}, ""},
		{"nearest without title", Failure{Language: "de", Status: 404, Nearest: "/goals/x"}, []string{`<a href="/goals/x">„/goals/x“</a>?`}, ""},
		{"gone", Failure{Language: "en", Status: 410, Withdrawn: release.Withdrawal{Day: "2024-02-29", ReasonEN: "Counted <twice>"}}, []string{"Withdrawn on 29\u00a0February 2024. Reason: Counted &lt;twice&gt;"}, "instead:"},
		{"replaced", Failure{Language: "de", Status: 410, Withdrawn: release.Withdrawal{Day: "2024-02-29", Reason: "Aufgegangen in b."}, Nearest: "/indicators/b", NearestTitle: "B"}, []string{`Siehe stattdessen: <a href="/indicators/b">„B“</a> <span`}, "Meinten Sie"},
		{"unavailable", Failure{Language: "de", Status: 503, Address: "/goals?due=2024", RequestID: "abc"}, []string{"<code>abc</code>", `href="/goals?due=2024">Seite neu laden`, `href="/indicators"`}, "Gebiete"},
		{"value", invalid("de", "/goals?assessment=open&sort=due", domain.Invalid{Name: "assessment", Value: "open", Rule: "is not a code", Allowed: []string{"achieved", "none"}, Nearest: "none"}), []string{"Ungültiger Filter", "„open“ ist für „assessment“ kein möglicher Wert", "Mögliche Werte: <code>achieved</code>, <code>none</code>", `href="/goals?assessment=none&amp;sort=due">„none“`}, "is not a code"},
		{"value without a list", invalid("de", "/goals?due=soon", domain.Invalid{Name: "due", Value: "soon", Rule: "must be a period"}), []string{"„soon“ ist für „due“ kein möglicher Wert", `Grund (auf Englisch): <span lang="en">must be a period</span>`}, "Mögliche Werte"},
		{"misplaced", invalid("en", "/goals?limit=5", domain.Invalid{Name: "limit", Value: "5", Rule: "is not here", Kind: domain.ErrMisplaced}), []string{"This request is not valid", "“limit” is a parameter of the API, which this page does not have."}, "possible value"},
		{"repeated", invalid("de", "/goals?q=a&q=b", domain.Invalid{Name: "q", Value: "a,b", Rule: "only once", Kind: domain.ErrRepeated}), []string{"In der Adresse steht „q“ mehrmals"}, "möglicher Wert"},
		{"long", invalid("en", "/goals?sort=…", domain.Invalid{Name: "sort", Rule: "must not be longer than 200 bytes"}), []string{`Reason: <span lang="en">sort: must not be longer than 200 bytes</span>`}, "possible value"},
		{"query", invalid("en", "/search?q=*", domain.Invalid{Name: "q", Value: "*"}), []string{"This search is not possible", "a * is allowed only at the start"}, "possible value"},
		{"many", Failure{Language: "de", Status: 429}, []string{"Bitte laden Sie die Seite gleich noch einmal.", "Seite neu laden"}, "Minute"},
		{"ours", Failure{Language: "de", Status: 500, RequestID: "abc"}, []string{"<code>abc</code>", "noindex", "Fehler auf dieser Seite melden"}, ""},
		{"request", Failure{Language: "de", Status: 400, RequestID: "abc"}, []string{"Diese Anfrage ist ungültig"}, "abc"},
		{"release", invalid("de", "/goals?release=1", domain.Invalid{Name: "release", Value: "1"}), []string{"Seiten zeigen die neueste"}, "application/ld+json"},
	} {
		html, err := p.Error(tt.failure)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for _, want := range tt.want {
			if !strings.Contains(string(html), want) {
				t.Errorf("%s: %q is missing in\n%s", tt.name, want, html)
			}
		}
		if tt.without != "" && strings.Contains(string(html), tt.without) {
			t.Errorf("%s: %q is in\n%s", tt.name, tt.without, html)
		}
	}
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/absent": "absent", "/en/goals/e-akte": "e akte", "/ziele/buerger_amt.html": "buerger amt", "/": "", "/en/": "", "/a/": "a",
	} {
		if got := guess(path); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestStatement checks the statement on accessibility, and what stands in for texts that
// the operator has not set.
func TestStatement(t *testing.T) {
	t.Parallel()
	p := publish(t)
	if got := p.settings.MissingTexts(); !slices.Equal(got, []string{"privacy", "accessibility"}) {
		t.Errorf("missing texts: %q", got)
	}
	if html := p.html(t, "de", "/privacy"); !strings.Contains(html, "noch nichts veröffentlicht") || strings.Contains(html, "<code>site.") {
		t.Errorf("a missing text:\n%s", html)
	}
	if _, err := p.Render(context.Background(), p.request(t, "de", "/plain-language"), Whole); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("a page without text: %v", err)
	}
	p.settings.Legal = map[string]string{"privacy": "## Zwecke\n\n- [Amt](https://amt.example)\n- <b>x</b>", "plain-language": "Das ist **leicht**."}
	p.settings.Statement = Statement{State: "partial", Method: "self", Date: "2026-11-29", Gaps: "1. Karten", Enforcement: "Ombudsstelle <stelle@amt.example>", Form: "https://amt.example/form"}
	if got := p.settings.MissingTexts(); !slices.Equal(got, []string{"imprint"}) {
		t.Errorf("missing texts: %q", got)
	}
	for path, wants := range map[string][]string{
		"/privacy":        {"<h2>Zwecke</h2>", `<li><a href="https://amt.example">Amt</a></li>`, `href="/plain-language"`},
		"/plain-language": {"<strong>leicht</strong>"},
		"/accessibility": {
			"teilweise vereinbar", "<li>Karten</li>", "am 29.11.2026 erstellt", "Selbstbewertung", `<a href="https://amt.example/form">`,
			"Schlichtungsverfahren", "mailto:stelle@amt.example", "mailto:post@zielstand.example",
		},
	} {
		html := p.html(t, "de", path)
		for _, want := range wants {
			if !strings.Contains(html, want) {
				t.Errorf("%s lacks %q:\n%s", path, want, html)
			}
		}
		if strings.Contains(html, "<b>x</b>") || strings.Contains(html, "/sign-language") {
			t.Errorf("%s has HTML of the text, or a link to a page that does not exist:\n%s", path, html)
		}
	}
}

// TestMarkdown checks that headings of the operator are below those of the page, and that
// neither HTML nor scripts get into it.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		level int
		want  string
	}{
		{"# Angaben\n\n## Sitz", 2, "<h2>Angaben</h2>\n<h3>Sitz</h3>\n"},
		{"### Sitz\n\n##### Post", 2, "<h2>Sitz</h2>\n<h4>Post</h4>\n"},
		{"# A\n\n###### B", 3, "<h3>A</h3>\n<h6>B</h6>\n"},
		{"Vor <script>alert(*1*, \"<i>\")</script>, nach <b>x</b>.", 2, "<p>Vor <!-- raw HTML omitted --><!-- raw HTML omitted -->, nach <!-- raw HTML omitted -->x<!-- raw HTML omitted -->.</p>\n"},
		{"Vor <STYLE media=print>p {}</style> nach", 2, "<p>Vor <!-- raw HTML omitted --><!-- raw HTML omitted --> nach</p>\n"},
		{"`<script>` ist Text", 2, "<p><code>&lt;script&gt;</code> ist Text</p>\n"},
		{"<script>\nalert(1)\n</script>", 2, "<!-- raw HTML omitted -->\n<!-- raw HTML omitted -->\n"},
		{"", 2, ""},
	} {
		if got, err := markdown(tt.text, tt.level); err != nil || string(got) != tt.want {
			t.Errorf("%q is %q, want %q (%v)", tt.text, got, tt.want, err)
		}
	}
}

// TestGoalsNameNothingById expects that no page of a goal shows an identifier of a figure or
// contradiction to its readers.
func TestGoalsNameNothingById(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	tag := regexp.MustCompile(`<[^>]*>`)
	ids := lookup("/goals/{id}").IDs(p.snapshot)
	if len(ids) == 0 {
		t.Fatal("there are no goals")
	}
	for _, id := range ids {
		if raw := linkedID.FindString(tag.ReplaceAllString(p.html(t, "de", "/goals/"+id), " ")); raw != "" {
			t.Errorf("%s shows %s", id, raw)
		}
	}
}

func TestLinkIdentifiers(t *testing.T) {
	t.Parallel()
	l := inLanguage(t, "de")
	r := renderer{names: newNames(l)}
	r.add(dataset.Contradictions, []Row{
		row(dataset.Contradictions, "id", "contradiction-1", "title", "A < B"), row(dataset.Contradictions, "id", "contradiction-12", "title", "C"),
	})
	r.add(dataset.Observations, []Row{row(dataset.Observations, "id", "obs-0001", "value", "1000", "qualifier", "exact", "source", "bericht")})
	got := string(r.linkIdentifiers(`<b> contradiction-1, contradiction-12. contradiction-7; obs-0001, obs-0002`, map[string]bool{"contradiction-12": true}))
	want := `&lt;b&gt; <a href="/contradictions#contradiction-1" lang="de">„A &lt; B“</a>, <a href="#contradiction-12" lang="de">„C“</a>. contradiction-7; <a href="/figures/obs-0001" lang="de">1.000 (bericht)</a>, obs-0002`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
