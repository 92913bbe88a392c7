// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/storetest"
)

// publishAreas publishes what three independent cities and a town offer online, besides
// the areas of the test data. The first city has more services than a filter takes values.
func publishAreas(t *testing.T) published {
	t.Helper()
	var areas, services, availability strings.Builder
	for i, kind := range []string{"independent-city", "independent-city", "independent-city", "town"} {
		fmt.Fprintf(&areas, "0511100%d,Teststadt %d (erfunden),Test town %d (invented),municipality,05,051110000%03d,%s,,,,,\n", i, i, i, i, kind)
	}
	const many = 600
	for i := range many {
		topic := []string{"health", "education", ""}[i%3]
		fmt.Fprintf(&services, "9900%010d,Erfundene Leistung %d,Invented service %d,,%s,,test-bericht\n", i, i, i, topic)
		fmt.Fprintf(&availability, "a-0-%d,9900%010d,05111000,2021-08-15,https://dienste.example/%d,ok,yes,,,test-bericht,Tabelle 4\n", i, i, i)
	}
	for _, row := range []string{
		"1-0,99000000000000,05111001,2021-08-15,https://dienste.example/1,ok,yes,,,test-bericht,Tabelle 4",
		"1-1,99000000000001,05111001,2021-08-15,https://dienste.example/1,not-ok,yes,,,test-bericht,Tabelle 4",
		"2-0,99000000000000,05111002,2021-08-15,https://dienste.example/2,ok,yes,,,test-bericht,Tabelle 4",
		"2-1,99000000000001,05111002,2021-08-15,https://dienste.example/2,ok,yes,,,test-bericht,Tabelle 4",
		"2-2,99000000000001,05111002,2021-08-15,https://dienste.example/3,ok,yes,,,test-bericht,Tabelle 4",
		"2-3,99000000000002,05111002,2021-08-15,https://dienste.example/2,ok,yes,,,test-bericht,Tabelle 4",
		"3-0,99000000000000,05111003,2021-08-15,https://dienste.example/4,ok,yes,,,test-bericht,Tabelle 4",
		"2-4,99000000000001,05111002,2021-07-15,https://dienste.example/2,ok,yes,,,test-protokoll,Anlage 2",
	} {
		availability.WriteString("a-" + row + "\n")
	}
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "areas.csv", "uri,source\n", "uri,source\n"+areas.String())
	storetest.Replace(t, pkg, "services.csv", "priority,source\n", "priority,source\n"+services.String())
	storetest.Replace(t, pkg, "service-availability.csv", "source,locator\n", "source,locator\n"+availability.String())
	codes := ""
	for _, code := range []string{"area-level municipality Gemeinde municipality", "area-type independent-city kreisfreie_Stadt independent_city", "area-type town Stadt town", "topic health Gesundheit Health"} {
		f := strings.Fields(code)
		codes += strings.ReplaceAll(fmt.Sprintf("%s.%s,%s,%s,%s,%s,Testcode.,Test code.\n", f[0], f[1], f[0], f[1], f[2], f[3]), "_", " ")
	}
	storetest.Replace(t, pkg, "codelists.csv", "definition,definitionEn\n", "definition,definitionEn\n"+codes)
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.PublishPackage(t, s, pkg)
	return siteOf(t, s, publicURL)
}

// TestArea compares an area with its peers: areas of the same type with a count of the same
// day from the same source. Every number leads to a list with as many services.
func TestArea(t *testing.T) {
	t.Parallel()
	p := publishAreas(t)
	page := build[*areaPage](t, p, "de", "/areas/05111002")
	got := []string{fmt.Sprintf("%s: %d, others %s, peers %d %s", page.Kind, page.Online.Count, page.Mean, page.Peers.Count, page.Peers.Href)}
	for _, topic := range page.Topics {
		got = append(got, fmt.Sprintf("%s: %d, others %s", topic.Topic, topic.Here.Count, topic.Mean))
	}
	if html := p.html(t, "de", "/areas/05111002"); !strings.Contains(html, `<p class="lang"><a href="/en/areas/05111002"`) {
		t.Error("the page does not link to the other language")
	}
	for _, other := range page.Further {
		got = append(got, other.ID())
	}
	want := []string{
		"kreisfreie Stadt: 3, others 300,5, peers 2 /areas?kind=independent-city&source=test-bericht", // 600 and 1
		"health: 1, others 100,5", "education: 1, others 100,0", ": 1, others 100,0",
		"05111002.2021-07-15.test-protokoll.all.all",
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, c := range []counted{page.Online, page.Topics[0].Here, page.Topics[1].Here, page.Topics[2].Here} {
		path, _, _ := strings.Cut(c.Href, "#")
		services := map[string]bool{}
		for _, row := range build[*areaPage](t, p, "de", path).Rows {
			services[row.Service.ID()] = true
		}
		if len(services) != c.Count {
			t.Errorf("%s lists %d services, want %d", c.Href, len(services), c.Count)
		}
	}
	if list := build[*areasPage](t, p, "de", page.Peers.Href); list.Form.Shown != page.Peers.Count+1 {
		t.Errorf("%s lists %d areas besides %d peers", page.Peers.Href, list.Form.Shown, page.Peers.Count)
	}
	if town := build[*areaPage](t, p, "de", "/areas/05111003"); town.Peers.Count != 0 || town.Mean != "" {
		t.Errorf("a town without peers: %+v, mean %q", town.Peers, town.Mean)
	}
}

// TestAreaPages reads all pages of a list: each row is there once.
func TestAreaPages(t *testing.T) {
	t.Parallel()
	p := publishAreas(t)
	seen := map[string]bool{}
	first := build[*areaPage](t, p, "de", "/areas/05111000?sort=service")
	if len(first.Pages) != 3 {
		t.Fatalf("%d pages", len(first.Pages))
	}
	for _, link := range first.Pages {
		path, _, _ := strings.Cut(link.Href, "#")
		for _, row := range build[*areaPage](t, p, "de", path).Rows {
			seen[row.ID()] = true
		}
	}
	if len(seen) != first.Form.Shown {
		t.Errorf("%d rows on all pages, want %d", len(seen), first.Form.Shown)
	}
}

// TestDownloadsOfAreas asks for the files of lists: each has exactly the rows listed.
func TestDownloadsOfAreas(t *testing.T) {
	t.Parallel()
	p := publishAreas(t)
	for path, rows := range map[string]int{
		"/areas": 7, "/areas?kind=independent-city": 4, "/areas?q=teststadt+05111002": 2, "/areas?source=test-protokoll": 1, "/areas?within=05&source=test-bericht": 5,
		"/areas/05111002": 5, "/areas/05111002?topic=education": 3, "/areas/05111002?topic=none,health&sort=service": 2, "/areas/05111002?addressStatus=ok&source=test-bericht": 4,
		"/areas/05111001?addressStatus=not-ok&topic=education": 1, "/areas/05111002?q=leistung+1&source=test-protokoll": 1, "/areas/05111002?coverage=none": 5,
		"/areas/05111000": 600, "/areas/05111000?topic=health": 200,
		"/areas?kind!=town": 6, "/areas/05111002?topic!=education": 2, "/areas/05111002?topic!=health,none": 3, "/areas/05111002?topic=health,none&topic!=none": 1,
	} {
		var downloads []download
		found := map[string]bool{}
		switch page := build[page](t, p, "de", path).(type) {
		case *areasPage:
			downloads = page.Downloads
			for _, row := range page.Areas {
				found[row.ID()] = true
			}
			if page.Form.Shown != rows {
				t.Errorf("%s shows %d rows, want %d", path, page.Form.Shown, rows)
			}
		case *areaPage:
			downloads = page.Downloads[:1]
			for _, row := range page.Rows {
				found[row.ID()] = true
			}
			if page.Form.Shown != rows {
				t.Errorf("%s shows %d rows, want %d", path, page.Form.Shown, rows)
			}
		}
		var ids []string
		for _, form := range downloads[0].Forms {
			ids = p.rowsAt(t, form.Href)
			if len(ids) != rows {
				t.Errorf("%s: %s has %d rows, want %d", path, form.Href, len(ids), rows)
			}
		}
		for id := range found {
			if !slices.Contains(ids, id) {
				t.Errorf("%s: the files lack %s", path, id)
			}
		}
	}
	for path, want := range map[string]string{
		"/areas/05111000?topic=health,education,none": "mehr als 500", "/areas/05111000?q=absent&topic=health": "Sie ist leer", "/areas?q=absent&kind=town": "Sie ist leer",
		"/areas/05111000?topic=health&topic!=health": "Sie ist leer",
	} {
		if html := p.html(t, "de", path); !strings.Contains(html, want) || strings.Contains(html, "/v1/service-availability.xlsx") {
			t.Errorf("%s has a file, or does not say why not", path)
		}
	}
}

// TestNegatedFilterOfAreas looks for the filter in the form and in the title of the page.
func TestNegatedFilterOfAreas(t *testing.T) {
	t.Parallel()
	html := publishAreas(t).html(t, "de", "/areas/05111002?topic!=health,none")
	for _, want := range []string{
		`<input type="hidden" name="topic!" value="health,none">Themenfeld: alle außer Gesundheit, ohne Themenfeld</p>`, `Themenfeld: alle außer Gesundheit, ohne Themenfeld; 3 von 5`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("the page does not contain %s", want)
		}
	}
}

// rowsAt returns the identifiers of the rows at an address of the API.
func (p published) rowsAt(t testing.TB, address string) []string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/v1/"), ".")
	values := u.Query()
	for _, name := range []string{"release", "dialect", "labels"} {
		values.Del(name)
	}
	q, err := dataset.ParseQuery(dataset.ByID(id), values, p.snapshot.Vocabulary)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	q.Include = nil
	rows, err := reader{p.tables, p.snapshot.Latest}.query(context.Background(), q)
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return distinct(rows, "id")
}

// TestAreasWithoutRows checks that nothing leads to pages of areas while nothing is known
// about them, as in the data of the repository.
func TestAreasWithoutRows(t *testing.T) {
	t.Parallel()
	p, with := publishFixtures(t), publishAreas(t)
	for _, path := range []string{"/areas", "/areas/05"} {
		if _, err := p.Render(context.Background(), p.request(t, "de", path), Whole); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("%s: error %v", path, err)
		}
		if ids := lookup(p.request(t, "de", path).Pattern).IDs(p.snapshot); ids != nil {
			t.Errorf("%s exists for %q", path, ids)
		}
	}
	if _, err := with.Render(context.Background(), with.request(t, "de", "/areas/08"), Whole); !errors.Is(err, domain.ErrNotFound) {
		t.Errorf("an area without rows: error %v", err)
	}
	if got := strings.Join(lookup("/areas/{id}").IDs(with.snapshot), " "); got != "00 05 05111000 05111001 05111002 05111003" {
		t.Errorf("areas with a page: %s", got)
	}
	for _, path := range []string{"/", "/search?q=Nordrhein"} {
		if html := p.html(t, "de", path); strings.Contains(html, `href="/areas`) {
			t.Errorf("%s leads to areas", path)
		}
		if html := with.html(t, "de", path); !strings.Contains(html, `href="/areas`) {
			t.Errorf("%s does not lead to areas", path)
		}
	}
	found := build[*searchPage](t, with, "de", "/search?q=teststadt&kind=areas")
	if len(found.Hits) != 4 || found.Hits[0].Href != "/areas/05111000" {
		t.Errorf("hits %+v", found.Hits)
	}
	found = build[*searchPage](t, with, "de", "/search?q=Onlinedienste+Teststadt+0")
	if len(found.Answers) == 0 || found.Answers[0].Href != "/areas/05111000" || found.Area != "" {
		t.Errorf("the answers %+v, nothing on %q", found.Answers, found.Area)
	}
}
