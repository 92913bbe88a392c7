package site

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/dataset"
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
		for _, c := range append(o.Fields, o.Sum) {
			got = append(got, fmt.Sprintf("%s %s: %d goals, %d with figures, %d achieved, %d missed, %d on record, %d not known",
				o.Strategy.ID(), c.Field.ID(), c.Goals, c.Figures, c.Achieved, c.Missed, c.OnRecord, c.NotKnown))
		}
	}
	want := []string{
		"teststrategie-2-0 ts2-verwaltung: 3 goals, 2 with figures, 0 achieved, 0 missed, 1 on record, 2 not known",
		"teststrategie-2-0 ts2-netze: 2 goals, 2 with figures, 0 achieved, 0 missed, 2 on record, 0 not known",
		"teststrategie-2-0 : 5 goals, 4 with figures, 0 achieved, 0 missed, 3 on record, 2 not known",
		"testprogramm-2018 tp18-recht: 1 goals, 0 with figures, 1 achieved, 0 missed, 0 on record, 0 not known",
		"testprogramm-2018 : 1 goals, 0 with figures, 1 achieved, 0 missed, 0 on record, 0 not known",
	}
	if diff := cmp.Diff(want, got); diff != "" {
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
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestIndicators(t *testing.T) {
	t.Parallel()
	p := build[*indicatorsPage](t, publish(t), "de", "/indicators")
	var got []string
	for _, f := range p.Fields {
		for _, l := range f.Lines {
			got = append(got, fmt.Sprintf("%s %s: %d %s–%s, only %q", f.Field.ID(), l.ID(), l.Figures, l.First, l.Last, l.Only.ID()))
		}
	}
	want := []string{
		`ts2-verwaltung e-file-users: 4 2020–2024, only ""`, `ts2-verwaltung procedure-months: 1 2023–2023, only "obs-011"`,
		`ts2-netze gigabit-households: 4 2021–2021, only ""`, `ts2-netze mobile-rank: 2 2021–2025, only ""`, `ts2-netze price-change: 2 2018–2021, only ""`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSources(t *testing.T) {
	t.Parallel()
	p := build[*sourcesPage](t, publish(t), "de", "/sources")
	got := map[string]string{}
	for _, s := range p.Sources {
		for _, taken := range s.Taken {
			got[s.ID()+" "+taken.Dataset.ID] = fmt.Sprintf("%d %s", taken.Rows, taken.Href)
		}
	}
	if want := "3 /v1/ozg-service-counts.csv?source=test-protokoll"; got["test-protokoll ozg-service-counts"] != want {
		t.Errorf("%q, want %q", got["test-protokoll ozg-service-counts"], want)
	}
	if _, ok := got["test-protokoll goals"]; ok || len(got) != 12 {
		t.Errorf("rows taken: %v", got)
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

func TestSearch(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for query, want := range map[string]string{
		"Bürgerportal": "/goals/ts2-02", "Buergerportal": "/goals/ts2-02", "buergerPORTAL": "/goals/ts2-02", "burgerportal": "/goals/ts2-02",
		"citizens": "/goals/ts2-02", "Gigabit": "/indicators/gigabit-households", "Testprotokoll": "/sources#test-protokoll", "Codelisten": "/datasets/codelists",
		"World": "/indicators/price-change#obs-013", "Baden": "/indicators/gigabit-households#obs-008",
	} {
		found := build[*searchPage](t, p, "de", "/search?q="+query)
		if !slices.ContainsFunc(found.Groups, func(h hits) bool {
			return slices.ContainsFunc(h.Rows, func(s statement) bool { return s.Href == want })
		}) {
			t.Errorf("%s does not find %s: %+v", query, want, found.Groups)
		}
	}
	for _, query := range []string{"Weltweit+Welt", "", "+"} {
		if found := build[*searchPage](t, p, "de", "/search?q="+query); found.Total != 0 || found.Groups != nil {
			t.Errorf("%q finds %+v", query, found.Groups)
		}
	}
}

// TestSearchTotals compares the totals of a search with the rows that have the
// word or an area of that name, each counted once.
func TestSearchTotals(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	for query, area := range map[string]string{"digital": "", "bayern": "09"} {
		found := build[*searchPage](t, p, "de", "/search?q="+query)
		r := p.renderer(p.request(t, "de", "/search"))
		sum := 0
		for _, h := range found.Groups {
			sum += h.Total
			if h.Dataset == nil {
				continue
			}
			ids := map[string]bool{}
			queries := []dataset.Query{{Dataset: h.Dataset, Words: []string{query}}}
			if area != "" && h.Dataset.Column("area") >= 0 {
				queries = append(queries, dataset.Query{Dataset: h.Dataset, Filters: equal(h.Dataset, "area", area)})
			}
			for _, q := range queries {
				rows, err := r.query(context.Background(), q)
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					ids[row.ID()] = true
				}
			}
			if h.Total != len(ids) || len(h.Rows) != min(len(ids), maxHits) {
				t.Errorf("%s: %d of %d rows of %s, want %d", query, len(h.Rows), h.Total, h.Dataset.ID, len(ids))
			}
		}
		if sum == 0 || found.Total != sum {
			t.Errorf("%s: %d in total, want %d", query, found.Total, sum)
		}
	}
	html := p.html(t, "de", "/search?q=Bayern")
	if !strings.Contains(html, `href="/v1/observations?area=09&amp;release=`) {
		t.Errorf("no link to the figures of Bayern in\n%s", html)
	}
	if html := p.html(t, "en", "/search?q=telerounding-carts-hospitals"); !strings.Contains(html, ">1 result<") {
		t.Errorf("one result in the plural:\n%s", html)
	}
}

// TestGoalsOfTheFixtures checks for every real goal that its page, in both languages,
// contains the notes of its progress and every plot.
// TestSearchAreas searches for words that are part of the names, or of the addresses, of
// hundreds of areas without figures.
func TestSearchAreas(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	addresses := regexp.MustCompile(`/v1/observations\?area=([^&"]*)`)
	for query, want := range map[string]string{"Stadt": "", "Kreis": "05774", "districtKey": "", "nordrhein-westfalen": "05", "05774": "05774"} {
		got := ""
		if found := addresses.FindStringSubmatch(p.html(t, "de", "/search?q="+query)); found != nil {
			got = found[1]
		}
		if got != want {
			t.Errorf("the search for %s links to the figures of the areas %q, want %q", query, got, want)
		}
	}
}

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
			if plotted := row.Get("target") != ""; (got.Plot != "") != plotted {
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
		if _, err := p.SVG(context.Background(), p.request(t, "de", "/ozg/"+c.ID+".svg")); err != nil {
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
}

func TestErrorPages(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, tt := range []struct {
		name    string
		failure Failure
		want    []string
		without string
	}{
		{"missing", Failure{Language: "en", Status: 404, Asked: "/en/e-file", Address: "/e-file"}, []string{"There is no such page", `value="e file"`, `<a href="/e-file" lang="de"`}, "canonical"},
		{"nearest", Failure{Language: "de", Status: 404, Nearest: "/goals", NearestTitle: "Ziele"}, []string{`Meinten Sie <a href="/goals">„Ziele“</a>?`}, ""},
		{"nearest without title", Failure{Language: "de", Status: 404, Nearest: "/goals/x"}, []string{`<a href="/goals/x">„/goals/x“</a>?`}, ""},
		{"gone", Failure{Language: "en", Status: 410, Withdrawn: dataset.Text{EN: "Counted <twice>"}}, []string{"Reason: Counted &lt;twice&gt;"}, "search-again"},
		{"unavailable", Failure{Language: "de", Status: 503, RequestID: "abc"}, []string{"<code>abc</code>"}, ""},
		{"ours", Failure{Language: "de", Status: 500, RequestID: "abc"}, []string{"<code>abc</code>", "noindex"}, ""},
		{"request", Failure{Language: "de", Status: 400, RequestID: "abc"}, []string{"Mit dieser Anfrage"}, "abc"},
		{"release", Failure{Language: "de", Status: 400, Parameter: "release"}, []string{"Seiten zeigen die neueste"}, "application/ld+json"},
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

func TestParagraphs(t *testing.T) {
	t.Parallel()
	if got, want := paragraphs("\n Amt\nWeg 1 \r\n\r\n\n\nZweiter  \n"), []string{"Amt\nWeg 1", "Zweiter"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := paragraphs(" \n"); got != nil {
		t.Errorf("an empty text has the paragraphs %q", got)
	}
}

func TestLinkContradictions(t *testing.T) {
	t.Parallel()
	l := inLanguage(t, "de")
	r := renderer{names: newNames(l), links: links{lang: l}}
	r.add(dataset.Contradictions, []Row{
		row(dataset.Contradictions, "id", "contradiction-1", "title", "A < B"), row(dataset.Contradictions, "id", "contradiction-12", "title", "C"),
	})
	got := string(r.linkContradictions(`<b> contradiction-1, contradiction-12. contradiction-7`, map[string]bool{"contradiction-12": true}))
	want := `&lt;b&gt; <a href="/contradictions#contradiction-1" lang="de">„A &lt; B“</a>, <a href="#contradiction-12" lang="de">„C“</a>. contradiction-7`
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
