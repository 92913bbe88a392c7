// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/storetest"
)

// listPaths are the pages with a list, each with the address of the API that gives the same
// rows.
var listPaths = map[string]string{
	"/goals": "/v1/goals", "/indicators": "/v1/indicators", "/milestones": "/v1/milestones", "/contradictions": "/v1/contradictions", "/sources": "/v1/sources",
	"/areas": "/v1/service-counts?coverage=all&topic=all", "/areas/05": "/v1/service-availability?area=05",
}

// formOf returns the form of a page.
func formOf(built page) listForm {
	switch b := built.(type) {
	case *goalsPage:
		return b.Form
	case *indicatorsPage:
		return b.Form
	case *milestonesPage:
		return b.Form
	case *contradictionsPage:
		return b.Form
	case *areasPage:
		return b.Form
	case *areaPage:
		return b.Form
	}
	return built.(*sourcesPage).Form
}

// rowsOf returns the identifiers of the rows that a page lists, in their order.
func rowsOf(built page) (out []string) {
	add := func(rows []Row) {
		for _, row := range rows {
			out = append(out, row.ID())
		}
	}
	lines := func(lines []indicatorLine) {
		for _, l := range lines {
			out = append(out, l.ID())
		}
	}
	switch b := built.(type) {
	case *goalsPage:
		add(b.Sorted)
		for _, s := range b.Strategies {
			for _, f := range s.Fields {
				add(f.Goals)
			}
		}
	case *indicatorsPage:
		lines(b.Sorted)
		for _, f := range b.Fields {
			lines(f.Lines)
			lines(f.Others)
		}
	case *milestonesPage:
		add(b.Sorted)
		for _, f := range b.Fields {
			add(f.Goals)
		}
	case *contradictionsPage:
		for _, g := range b.Groups {
			for _, c := range g.Rows {
				out = append(out, c.ID())
			}
		}
	case *sourcesPage:
		add(b.Sources)
	case *areasPage:
		for _, a := range b.Areas {
			out = append(out, a.ID())
		}
	case *areaPage:
		for _, o := range b.Rows {
			out = append(out, o.ID())
		}
	}
	return out
}

// ask builds a page.
func (p published) ask(t testing.TB, path string) (page, error) {
	t.Helper()
	request := p.request(t, "de", path)
	r, err := p.load(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	return lookup(request.Pattern).build(context.Background(), r)
}

// TestListsAnswerAsTheAPI asks pages and API the same questions: they give the same rows,
// or the same error.
func TestListsAnswerAsTheAPI(t *testing.T) {
	t.Parallel()
	for _, p := range []published{publishFixtures(t), publishAreas(t)} {
		asked, found := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			path := rapid.SampledFrom(slices.Sorted(maps.Keys(listPaths))).Draw(rt, "path")
			listed := lookup(p.request(t, "de", path).Pattern)
			if !listed.exists(p.snapshot.Latest) {
				return
			}
			params := p.drawParameters(rt, listed.list)
			address, fixed, _ := strings.Cut(listPaths[path], "?")
			values, err := url.ParseQuery(fixed)
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(values, params)
			q, wrong := dataset.ParseQuery(dataset.ByID(strings.TrimPrefix(address, "/v1/")), values, p.snapshot.Vocabulary)
			built, err := p.ask(t, path+"?"+params.Encode())
			if wrong != nil || err != nil {
				if fmt.Sprint(wrong) != fmt.Sprint(err) {
					rt.Fatalf("%s?%s: the error %v, that of the API is %v", path, params.Encode(), err, wrong)
				}
				return
			}
			rows, err := reader{p.tables, p.snapshot.Latest}.query(context.Background(), q)
			if err != nil {
				t.Fatal(err)
			}
			want, got := []string{}, rowsOf(built)
			for _, row := range rows {
				want = append(want, row.ID())
			}
			asked, found = asked+1, found+len(want)
			if form := formOf(built); form.Shown != len(want) {
				rt.Fatalf("%s?%s: %d rows, want %d", path, params.Encode(), form.Shown, len(want))
			}
			if len(want) > areaRows && strings.HasPrefix(path, "/areas") {
				want = want[:areaRows] // the first page
			}
			// Groups and what readers expect of an order move rows, but rank and any other
			// order do not.
			if !params.Has("q") || params.Has("sort") || path == "/contradictions" {
				slices.Sort(want)
				slices.Sort(got)
			}
			if !slices.Equal(want, got) {
				rt.Fatalf("%s?%s:\n%v\nwant\n%v", path, params.Encode(), got, want)
			}
			again := p.rowsAt(t, builtDownload(built))
			if len(again) != formOf(built).Shown {
				rt.Fatalf("%s?%s: the file has %d rows, want %d", path, params.Encode(), len(again), formOf(built).Shown)
			}
		})
		if asked == 0 || found == 0 {
			t.Errorf("%d questions were answered with %d rows", asked, found)
		}
	}
}

// builtDownload returns the address of the first download of a page.
func builtDownload(p page) string { return p.base().Downloads[0].Forms[0].Href }

// drawParameters draws parameters of a list, most of them with a value of the data.
func (p published) drawParameters(t *rapid.T, l *listing) url.Values {
	params := url.Values{}
	rows, err := reader{p.tables, p.snapshot.Latest}.query(context.Background(), dataset.Query{Dataset: l.of})
	if err != nil || len(rows) == 0 {
		t.Fatal(len(rows), err)
	}
	names := slices.DeleteFunc(l.of.ListParameters(), func(name string) bool { return !slices.Contains(l.parameters(), name) })
	for range rapid.IntRange(1, 3).Draw(t, "parameters") {
		name := rapid.SampledFrom(names).Draw(t, "name")
		row := rows[rapid.IntRange(0, len(rows)-1).Draw(t, "row")]
		switch name {
		case "q":
			words := strings.Fields(row.Get("title") + " " + row.Get("difference") + " " + row.Get("publisher") + " " + row.Get("area") + " " + row.ID())
			params.Set(name, words[rapid.IntRange(0, len(words)-1).Draw(t, "word")])
		case "sort":
			params.Set(name, rapid.SampledFrom([]string{"", "-"}).Draw(t, "descending")+rapid.SampledFrom(l.of.Names()).Draw(t, "column"))
		case "asOf":
			params.Set(name, rapid.SampledFrom([]string{"2021-11-30", "2022-01-31", "2030-01-01", "yesterday"}).Draw(t, "day"))
		case "latest":
			params.Set(name, "true")
		case string(dataset.Within):
			params.Set(name, rapid.SampledFrom([]string{"05", "00", "051", "x"}).Draw(t, "area"))
		default:
			i, operator := l.of.FilterColumn(name)
			values := strings.Fields(row.Get(l.of.Columns[i].Name))
			if operator == dataset.In || operator == dataset.Not {
				values = append(values, dataset.None, "absent")
			} else {
				values = append(values, "2022", "1.5")
			}
			params.Set(name, values[rapid.IntRange(0, len(values)-1).Draw(t, "value")])
		}
	}
	return params
}

// TestFilters asks each list for every value of every field, which shows as many rows as
// the option says, and for every order.
func TestFilters(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for path := range listPaths {
		ask := func(values url.Values) listForm {
			t.Helper()
			request := p.request(t, "de", path+"?"+values.Encode())
			if to := request.Moved(); to != "" { // years, any and none
				request = p.request(t, "de", to)
			}
			built, err := p.ask(t, path+"?"+request.Params.Encode())
			if err != nil {
				t.Fatalf("%s?%s: %v", path, values.Encode(), err)
			}
			return formOf(built)
		}
		all := ask(nil)
		if len(all.Fields) == 0 || len(all.Sorts) == 0 {
			t.Errorf("%s has no fields or orders", path)
		}
		for _, field := range all.Fields {
			for _, o := range field.Options {
				form := ask(url.Values{field.Name: {o.Value}})
				i := slices.IndexFunc(form.Fields, func(f formField) bool { return f.Key == field.Key })
				selected := slices.IndexFunc(form.Fields[i].Options, func(o option) bool { return o.Selected })
				if form.Shown != o.Count || !form.Filtered || form.Address != path || selected < 0 || form.Fields[i].Options[selected].Value != o.Value || len(form.Others) > 0 {
					t.Errorf("%s?%s=%s shows %d rows, want %d; the form is %+v", path, field.Name, o.Value, form.Shown, o.Count, form)
				}
			}
		}
		for _, o := range all.Sorts {
			if form := ask(url.Values{"sort": {o.Value}}); form.Shown != all.Total || !form.Sorted || form.Filtered {
				t.Errorf("%s?sort=%s shows %d of %d rows", path, o.Value, form.Shown, all.Total)
			}
		}
		if form := ask(url.Values{"q": {"xyzzy"}}); form.Shown != 0 || form.Text != "xyzzy" {
			t.Errorf("%s?q=xyzzy: %+v", path, form)
		}
	}
}

// TestListings checks that the parameters of a page are not ambiguous.
func TestListings(t *testing.T) {
	t.Parallel()
	for _, page := range Pages() {
		if page.list == nil {
			continue
		}
		api := page.list.of.ParameterNames()
		for _, name := range slices.Concat(page.list.own, page.list.retired, page.parameters) {
			if slices.Contains(api, name) {
				t.Errorf("%s: %s is a parameter of the API, too", page.Pattern, name)
			}
		}
		for i := 0; i < len(page.list.old); i += 2 {
			if name, _, exact := strings.Cut(page.list.old[i], "="); !exact && slices.Contains(api, name) {
				t.Errorf("%s: the old name %s is a parameter of the API", page.Pattern, name)
			}
		}
		for _, column := range slices.Concat(page.list.fixed, page.list.reduced) {
			if page.list.of.Column(column) < 0 {
				t.Errorf("%s: there is no column %s", page.Pattern, column)
			}
		}
	}
}

// TestFormKeepsFilters asks for what the form has no field for: it repeats it, so that
// sending the form does not lose it.
func TestFormKeepsFilters(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for query, want := range map[string]string{
		"status!=achieved&strategy=teststrategie-2-0": "status!=achieved", "dueBefore=2024&asOf=2024-01-01": "dueBefore=2024-01-01 asOf=2024-01-01",
		"due=2024": "due=2024", "due=none,2024": "due=none,2024", "dueFrom=2024&dueBefore=2026": "dueBefore=2026-01-01 dueFrom=2024-01-01",
		"dueFrom=2024&dueBefore=2025": "", "dueFrom=9999": "", "due!=none": "", "due=none&sort=id&q=x": "", "strategy=testprogramm-2018,teststrategie-2-0": "",
	} {
		html := p.html(t, "de", "/goals?"+query)
		var got []string
		for _, o := range build[*goalsPage](t, p, "de", "/goals?"+query).Form.Others {
			got = append(got, o.Name+"="+o.Value)
			if !strings.Contains(html, fmt.Sprintf(`<input type="hidden" name="%s" value="%s">`, o.Name, o.Value)) {
				t.Errorf("%s: the form does not send %s=%s", query, o.Name, o.Value)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: the form repeats %q, want %q", query, got, want)
		}
	}
}

// TestMoved follows what forms send and older addresses to those with the parameters of
// the API.
func TestMoved(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for path, want := range map[string]string{
		"/goals?form.due=2024": "/goals?dueBefore=2025&dueFrom=2024", "/goals?form.due=any&q=a": "/goals?due!=none&q=a", "/goals?form.due=none": "/goals?due=none",
		"/goals?form.due=9999": "/goals?dueFrom=9999", "/goals?dueFrom=2020&dueTo=2021&due=2022&form.due=2024": "/goals?dueBefore=2025&dueFrom=2024",
		"/goals?field=ts2-netze&theme=test&figures=yes&sort=known": "/goals?fieldOfAction=ts2-netze&quantified=true&sort=-knownUntil&themes=test",
		"/goals?figures=no&due=any":                                "/goals?due!=none&quantified=false", "/goals?theme=test&themes=mobile": "/goals?themes=test&themes=mobile",
		"/indicators?goal=yes": "/indicators?goal!=none", "/indicators?goal=no&field=ts2-netze": "/indicators?fieldOfAction=ts2-netze&goal=none",
		"/milestones?reached=any&due=any&sort=newest": "/milestones?due!=none&reached!=none&sort=-reached",
		"/contradictions?theme=test":                  "/contradictions?themes=test", "/sources?year=2021&sort=newest": "/sources?publishedBefore=2022&publishedFrom=2021&sort=-published",
		"/sources?year=none": "/sources?published=none", "/areas?parent=05&sort=online": "/areas?sort=-value&within=05", "/areas/05?sort=topic": "/areas/05?sort=service",
		"/goals?due=2024&sort=due": "", "/goals": "", "/search?q=a": "", "/goals?figures=maybe": "", "/goals?form.due=soon": "", "/absent": "",
	} {
		request := p.request(t, "de", path)
		if got := request.Moved(); got != want {
			t.Errorf("%s moved to %q, want %q", path, got, want)
		} else if again := p.request(t, "de", cmp.Or(got, path)); got != "" && again.Moved() != "" {
			t.Errorf("%s moves on to %s", got, again.Moved())
		}
	}
}

// TestMovedUnlessAnIdentifier keeps a value that older addresses used and that is now an
// identifier.
func TestMovedUnlessAnIdentifier(t *testing.T) {
	t.Parallel()
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "goals.csv", "\nts2-02,", "\nyes,")
	for _, name := range []string{"goal-status.csv", "indicators.csv", "observations.csv", "milestones.csv", "goals.csv", "contradictions.csv"} {
		pkg[name].Data = []byte(regexp.MustCompile(`\bts2-02\b`).ReplaceAllString(string(pkg[name].Data), "yes"))
	}
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.PublishPackage(t, s, pkg)
	p := siteOf(t, s, publicURL)
	if got := p.request(t, "de", "/indicators?goal=yes").Moved(); got != "" {
		t.Errorf("the indicators of the goal yes moved to %s", got)
	}
}

// TestInvalidFilters has one line for each message about the parameters of a list.
func TestInvalidFilters(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for path, want := range map[string]string{
		"/goals?assessment=acheived": `assessment="acheived": is not in the codelist assessment; did you mean "achieved"?`,
		"/goals?strategy=absent":     `strategy="absent": is not an id of strategies; /v1/strategies lists them`,
		"/goals?due=soon":            `due="soon": `,
		"/goals?form.due=soon":       `form.due="soon": must be a year, any or none`,
		"/goals?figures=maybe":       `figures: is not a parameter of goals`,
		"/goals?q=%2A":               `q="*": * is allowed only before a word`,
		"/indicators?figures=actual": `figures: is not a parameter of indicators`,
		"/sources?publisher=amt":     `publisher: is not a parameter of sources`,
		"/areas/05?topic=educaton":   `topic="educaton": is not a value of this list; did you mean "education"?`,
		"/areas/05?topic!=educaton":  `topic!="educaton": is not a value of this list; did you mean "education"?`,
		"/areas?page=2":              `page="2": must be a whole number from 1 to 1`,
		"/milestones?sort=dues":      `sort="dues": is not a column of milestones; did you mean "due"?`,
	} {
		_, err := p.Render(context.Background(), p.request(t, "de", path), Whole)
		if err == nil || !errors.Is(err, domain.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
}

// TestOperatorWords checks that pages can say what every filter of their lists selects.
func TestOperatorWords(t *testing.T) {
	t.Parallel()
	for _, page := range Pages() {
		if page.list == nil {
			continue
		}
		for _, name := range page.list.of.ListParameters() {
			if i, operator := page.list.of.FilterColumn(name); i >= 0 && operatorWords[operator] == "" {
				t.Errorf("%s: no words for %s", page.Pattern, name)
			}
		}
	}
}

// linkToList matches the links of a page that select rows of a list.
var linkToList = regexp.MustCompile(`href="(/[^"#]*\?[^"#]*)[^"]*"`)

// TestLinksToLists follows every link to a list from pages about a strategy, a field of
// action, a theme and a source of which there are no rows. The goal of another strategy in
// the field is what one of them had counted.
func TestLinksToLists(t *testing.T) {
	t.Parallel()
	pkg := storetest.Package(t)
	const copied, empty = "testprogramm-2018,Testprogramm 2018,Test Programme 2018", "leer,Leere Strategie,Empty strategy"
	_, rest, _ := strings.Cut(string(pkg["strategies.csv"].Data), copied)
	rest, _, _ = strings.Cut(rest, "\n")
	storetest.Replace(t, pkg, "strategies.csv", copied+rest, copied+rest+"\n"+empty+rest)
	storetest.Replace(t, pkg, "fields-of-action.csv", "titleEn\n", "titleEn\nleer-1,leer,2,Fremdes Feld,Field of others\nleer-2,leer,3,Leeres Feld,Empty field\n")
	storetest.Replace(t, pkg, "codelists.csv", "definitionEn\n", "definitionEn\ntheme.leer,theme,leer,Leeres Thema,Empty theme,Ein Thema ohne Zeilen.,A theme without rows.\n")
	storetest.Replace(t, pkg, "goals.csv", "ts2-02,teststrategie-2-0,ts2-verwaltung", "ts2-02,teststrategie-2-0,leer-1")
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.PublishPackage(t, s, pkg)
	p := siteOf(t, s, publicURL)
	followed := 0
	for _, page := range Pages() {
		if page.build == nil || page.optional {
			continue
		}
		for _, id := range page.IDs(p.snapshot) {
			for _, m := range linkToList.FindAllStringSubmatch(p.html(t, "de", strings.Replace(page.Pattern, "{id}", id, 1)), -1) {
				path := strings.ReplaceAll(m[1], "&amp;", "&")
				if strings.HasPrefix(path, "/v1/") {
					continue
				}
				followed++
				if _, err := p.ask(t, path); err != nil {
					t.Errorf("%s links to %s: %v", page.Pattern, path, err)
				}
			}
		}
	}
	if followed < 20 {
		t.Errorf("only %d links were followed", followed)
	}
	start := build[*startPage](t, p, "de", "/")
	for _, o := range start.Overviews {
		for _, c := range o.Sum {
			if c.Href != "" {
				if shown := build[*goalsPage](t, p, "de", c.Href).Form.Shown; shown != c.Count {
					t.Errorf("%s lists %d goals, not %d", c.Href, shown, c.Count)
				}
			}
		}
	}
	for _, path := range []string{"/goals?strategy=leer", "/goals?fieldOfAction=leer-2", "/goals?themes=leer", "/goals?source=test-protokoll", "/milestones?themes=leer", "/contradictions?themes=leer", "/indicators?fieldOfAction=leer-2"} {
		form := formOf(build[page](t, p, "de", path))
		if form.Shown != 0 || !form.Filtered {
			t.Errorf("%s: %+v", path, form)
		}
	}
	if diff := gocmp.Diff(option{"leer", "Leere Strategie", 0, true}, build[*goalsPage](t, p, "de", "/goals?strategy=leer").Form.Fields[0].Options[0]); diff != "" {
		t.Errorf("the chosen strategy (-want +got)\n%s", diff)
	}
}

// TestChoicesAsOf counts the rows that the choices had on the day.
func TestChoicesAsOf(t *testing.T) {
	t.Parallel()
	p := publishFixtures(t)
	fields := build[*goalsPage](t, p, "de", "/goals?asOf=2021-12-31").Form.Fields
	i := slices.IndexFunc(fields, func(f formField) bool { return f.Key == "assessment" })
	if i < 0 || len(fields[i].Options) < 2 {
		t.Errorf("the form has nothing to choose from: %+v", fields)
	} else {
		for _, o := range fields[i].Options {
			if n := build[*goalsPage](t, p, "de", "/goals?asOf=2021-12-31&assessment="+o.Value).Form.Shown; n != o.Count {
				t.Errorf("%s: %d goals, the form has %d", o.Value, n, o.Count)
			}
		}
	}
}

// TestOtherFilters checks that filters without a field are named in words, in the form and
// in the title.
func TestOtherFilters(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for query, want := range map[string][2]string{
		"due=2024":                   {"Frist: 2024", "Due: 2024"},
		"dueFrom=2022&dueTo=2024-06": {"Frist: ab 1.1.2022; Frist: bis 30.6.2024", "Due: from 1 January 2022; Due: up to 30 June 2024"},
		"status!=achieved,announced": {"Stand: alle außer erreicht, angekündigt", "Status: other than achieved, announced"},
		"asOf=2024-01-31":            {"Kenntnisstand vom 31.1.2024", "as known on 31 January 2024"},
		"relatedGoals=none&q=b":      {"Verwandte Ziele: ohne Angabe", "Related goals: not given"},
	} {
		for i, language := range []string{"de", "en"} {
			html := strings.ReplaceAll(p.html(t, language, "/goals?"+query), nbsp, " ")
			if title, _, _ := strings.Cut(html, "</title>"); !strings.Contains(title, want[i]) || strings.Count(html, want[i]) < 2 {
				t.Errorf("%s in %s: %q is missing in %s", query, language, want[i], title)
			}
		}
	}
}
