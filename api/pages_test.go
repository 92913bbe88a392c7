// SPDX-License-Identifier: EUPL-1.2

package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/api"
	"github.com/zielstand/zielstand/api/apitest"
	"github.com/zielstand/zielstand/fixtures"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
	"github.com/zielstand/zielstand/openapi"
)

// today is the day on which pages are cited.
var today = time.Date(2024, time.March, 1, 12, 0, 0, 0, time.UTC)

// browser is the Accept header of a browser.
const browser = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// servePages starts a server with a clock and texts for the legal pages.
func servePages(t testing.TB, s *store.Store, public string, day func() time.Time) *service {
	t.Helper()
	out := &service{store: s, log: &testenv.Buffer{}}
	handler, releases := apitest.New(t, s, apitest.Options{
		Settings: map[string]string{"http.public_url": public}, Today: day, Logger: slog.New(slog.NewTextHandler(out.log, nil)),
		Legal: map[string]string{"imprint": "Amt für Tests\nTestweg 1\n\nVertreten durch <niemand>"},
	})
	out.releases = releases
	out.Server = httptest.NewServer(handler)
	t.Cleanup(out.Close)
	return out
}

func onToday() time.Time { return today }

// eachPages runs the test over both databases with two releases published.
func eachPages(t *testing.T, test func(t *testing.T, s *service)) {
	t.Helper()
	storetest.EachStore(t, func(t *testing.T, s *store.Store) {
		publishPages(t, s)
		test(t, servePages(t, s, publicURL, onToday))
	})
}

// publishPages publishes two releases, the second with a few changes.
func publishPages(t testing.TB, s *store.Store) {
	t.Helper()
	pkg := storetest.Package(t)
	storetest.Replace(t, pkg, "withdrawn.csv", "obs-000,", "ts2-98,goals,2023-12-01,Aufgegangen in ts2-01.,Merged into ts2-01.\nobs-000,")
	storetest.PublishPackage(t, s, pkg)
	storetest.Next(t, pkg)
	storetest.Replace(t, pkg, "observations.csv", "2021-06,actual,8100,about", "2021-06,actual,8150,about")
	storetest.Replace(t, pkg, "milestones.csv", "tp18-m3,,tp18-recht,Übergangsfrist geklärt,Transition period settled,,test-bericht", "tp18-m4,,tp18-recht,Beirat berufen,Council appointed,2021,test-bericht,4,reached,,,,\ntp18-m3,,tp18-recht,Übergangsfrist geklärt,Transition period settled,2021,test-bericht")
	storetest.PublishPackage(t, s, pkg)
}

// kindOfPage is an address with its status; the default is 200.
type kindOfPage struct {
	name, path string
	status     int
}

func (k kindOfPage) want() int { return max(k.status, 200) }

// kinds are one address of each kind of page, without the language.
var kinds = []kindOfPage{
	{name: "start", path: "/"},
	{name: "field", path: "/fields/ts2-verwaltung"},
	{name: "goals", path: "/goals"},
	{name: "goal", path: "/goals/ts2-01"},
	{name: "goal-without-figures", path: "/goals/ts2-02"},
	{name: "goal-not-comparable", path: "/goals/ts2-04"},
	{name: "goal-target-only", path: "/goals/ts2-05"},
	{name: "goal-reached", path: "/goals/tp18-01"},
	{name: "goals-sorted", path: "/goals?assessment=unknown-since&sort=due"},
	{name: "milestones", path: "/milestones"},
	{name: "theme", path: "/themes/test"},
	{name: "method", path: "/method"},
	{name: "glossary", path: "/glossary"},
	{name: "source", path: "/sources/test-bericht"},
	{name: "indicators", path: "/indicators"},
	{name: "indicator", path: "/indicators/e-file-users"},
	{name: "indicator-areas", path: "/indicators/gigabit-households"},
	{name: "ozg", path: "/ozg"},
	{name: "areas", path: "/areas"},
	{name: "area", path: "/areas/05"},
	{name: "area-filtered", path: "/areas/05?sort=service&topic=education"},
	{name: "figure", path: "/figures/obs-003"},
	{name: "contradictions", path: "/contradictions"},
	{name: "sources", path: "/sources"},
	{name: "datasets", path: "/datasets"},
	{name: "dataset", path: "/datasets/observations"},
	{name: "dataset-helping", path: "/datasets/areas"},
	{name: "releases", path: "/releases"},
	{name: "release", path: "/releases/2024.02.0"},
	{name: "release-first", path: "/releases/2024.01.0"},
	{name: "search", path: "/search?q=Buergerportal"},
	{name: "search-area", path: "/search?q=welt"},
	{name: "search-nothing", path: "/search?q=absent"},
	{name: "search-empty", path: "/search"},
	{name: "use", path: "/use"},
	{name: "imprint", path: "/imprint"},
	{name: "privacy", path: "/privacy"},
	{name: "accessibility", path: "/accessibility"},
	{"text-missing", "/plain-language", 404},
	{"no-video", "/sign-language", 404},
	{"missing", "/goals/ts2-99", 404},
	{"area-without-rows", "/areas/08", 404},
	{"gone", "/goals/ts2-98", 410},
	{"filter", "/goals?assessment=acheived", 400},
	{"request", "/search?q=" + strings.Repeat("a", 201), 400},
}

// inLanguage returns the address of a page in a language.
func inLanguage(language, path string) string {
	if language == "de" {
		return path
	}
	return "/en" + strings.TrimSuffix(path, "/")
}

var (
	linked  = regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	loaded  = regexp.MustCompile(`<(?:script|img|iframe|object|embed|audio|video|source)\b[^>]*>|<link rel="(?:stylesheet|icon)"[^>]*>`)
	anchors = regexp.MustCompile(` id="([^"]*)"`)
)

// addressesOf returns the addresses that a page links to.
func addressesOf(body []byte) []string {
	var out []string
	for _, m := range linked.FindAllStringSubmatch(string(body), -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	return out
}

// crawl visits all pages by their links.
type crawl struct {
	service *service
	// anchors are the ids of each page; wanted are those that links name.
	anchors map[string]map[string]bool
	wanted  []reference
	seen    map[string]bool
	queue   []string
	files   map[string]int
}

// reference is a link to an element of a page.
type reference struct{ from, page, anchor string }

// TestEveryLink follows every link of every page of the real data, in both
// languages, and checks that the elements that links name exist.
func TestEveryLink(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.PublishPackage(t, s, fixtures.FS)
	c := &crawl{service: servePages(t, s, publicURL, onToday), anchors: map[string]map[string]bool{}, seen: map[string]bool{}, files: map[string]int{}}
	for _, path := range []string{"/", "/en", "/search?q=Digital", "/en/search?q=Digital", "/search?q=Bayern"} {
		c.follow(path)
	}
	for len(c.queue) > 0 {
		address := c.queue[0]
		c.queue = c.queue[1:]
		c.visit(t, address)
	}
	if len(c.anchors) < 900 {
		t.Errorf("%d pages found; there are 450 goals and indicators in two languages", len(c.anchors))
	}
	for _, r := range c.wanted {
		if ids := c.anchors[r.page]; ids != nil && !ids[r.anchor] {
			t.Errorf("%s links to %s#%s, which does not exist", r.from, r.page, r.anchor)
		}
	}
}

// follow adds an address to the queue. Of the files of one dataset in one format, of the
// pages of figures and of the other forms of pages, a few are enough.
func (c *crawl) follow(address string) {
	if c.seen[address] {
		return
	}
	c.seen[address] = true
	path, _, _ := strings.Cut(address, "?")
	kind := string(formOf(path))
	switch {
	case strings.HasPrefix(path, "/v1/"):
		kind = strings.Join(strings.Split(path, "/")[:3], "/") + filepath.Ext(path)
	case kind == "" && strings.Contains(path, "/figures/"):
		kind = "figures"
	}
	if c.files[kind]++; kind != "" && c.files[kind] > 10 {
		return
	}
	c.queue = append(c.queue, address)
}

func (c *crawl) visit(t *testing.T, address string) {
	a := c.service.get(t, address, browser)
	if to := a.Header.Get("Location"); formOf(address) == site.Data && a.StatusCode == http.StatusTemporaryRedirect {
		a = c.service.get(t, to, browser)
	}
	if a.StatusCode != 200 {
		t.Errorf("%s: %s", address, a.Status)
		return
	}
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") || address == "/docs" {
		return
	}
	ids := map[string]bool{}
	for _, m := range anchors.FindAllStringSubmatch(string(a.body), -1) {
		if ids[m[1]] {
			t.Errorf("%s: the id %s occurs twice", address, m[1])
		}
		ids[m[1]] = true
	}
	c.anchors[address] = ids
	for _, to := range addressesOf(a.body) {
		page, anchor, named := strings.Cut(strings.TrimPrefix(to, publicURL), "#")
		if page == "" {
			page = address
		}
		if named {
			c.wanted = append(c.wanted, reference{address, page, anchor})
		}
		switch {
		case strings.HasPrefix(page, "/"):
			c.follow(page)
		case !strings.HasPrefix(to, "mailto:") && !strings.HasPrefix(to, "http"):
			t.Errorf("%s: unexpected address %s", address, to)
		}
	}
}

// TestPagesLoadNothing checks that pages have nothing inline, load nothing from
// other hosts and set no cookies.
func TestPagesLoadNothing(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachPages(t, func(t *testing.T, s *service) {
		inline := regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|javascript:|@import|<base|<meta http-equiv`)
		for _, language := range []string{"de", "en"} {
			for _, k := range kinds {
				a := s.get(t, inLanguage(language, k.path), browser)
				if a.StatusCode != k.want() {
					t.Errorf("%s: %s", k.path, a.Status)
				}
				if got := a.Header.Get("Referrer-Policy"); got != "same-origin" {
					t.Errorf("%s: the referrer policy %q", k.path, got)
				}
				policy := a.Header.Get("Content-Security-Policy")
				if !strings.HasPrefix(policy, "default-src 'none'; style-src 'self';") || strings.Contains(policy, "unsafe") {
					t.Errorf("%s: the policy %q", k.path, policy)
				}
				if a.Header.Get("Set-Cookie") != "" {
					t.Errorf("%s sets a cookie", k.path)
				}
				if found := inline.Find(a.body); found != nil {
					t.Errorf("%s contains %s", k.path, found)
				}
				for _, element := range loaded.FindAllString(string(a.body), -1) {
					if element != `<script type="application/ld+json">` && !regexp.MustCompile(`href="/assets/[a-z0-9.]+"`).MatchString(element) {
						t.Errorf("%s loads %s", k.path, element)
					}
				}
			}
		}
	})
}

// TestPageVersions checks the translations, canonical address, alternate formats
// and JSON-LD of every page.
func TestPageVersions(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachPages(t, func(t *testing.T, s *service) {
		for _, k := range kinds {
			german, english := inLanguage("de", k.path), inLanguage("en", k.path)
			for _, address := range []string{german, english} {
				a := s.get(t, address, browser)
				if a.StatusCode != k.want() {
					t.Errorf("%s: %s", address, a.Status)
				}
				page := html.UnescapeString(string(a.body))
				if a.StatusCode != 200 {
					checkNoVersions(t, address, page, german, english)
					continue
				}
				for _, want := range []string{
					`<link rel="canonical" href="` + publicURL + address + `">`,
					`<link rel="alternate" hreflang="de" href="` + publicURL + german + `">`,
					`<link rel="alternate" hreflang="en" href="` + publicURL + english + `">`,
					`<link rel="alternate" hreflang="x-default" href="` + publicURL + german + `">`,
					`<link rel="alternate" type="text/turtle"`,
				} {
					if !strings.Contains(page, want) {
						t.Errorf("%s lacks %s", address, want)
					}
				}
				if language := regexp.MustCompile(`<html lang="(..)">`).FindStringSubmatch(page)[1]; (language == "en") != (address == english) {
					t.Errorf("%s is in %s", address, language)
				}
				if kind := describes(t, page); (kind == "Dataset") != ownData.MatchString(k.name) {
					t.Errorf("%s describes a %s", address, kind)
				}
			}
		}
	})
}

// ownData matches the kinds of pages that are described as a dataset.
var ownData = regexp.MustCompile(`^(dataset|goal(-.*)?|indicator(-.*)?|ozg|areas|area(-.*)?|figure|source|release(-first)?)$`)

// checkNoVersions checks that an error page has no address of its own and links to
// the requested address in the other language.
func checkNoVersions(t *testing.T, address, page, german, english string) {
	t.Helper()
	if strings.Contains(page, `rel="canonical"`) || strings.Contains(page, `<link rel="alternate" hreflang`) {
		t.Errorf("%s has an address of its own:\n%s", address, page)
	}
	other := english
	if address == english {
		other = german
	}
	if !strings.Contains(page, `<p class="lang"><a href="`+other+`"`) {
		t.Errorf("%s does not link to %s", address, other)
	}
}

// describes returns the type of what the JSON-LD of a page describes: a Dataset if
// there is one, else the DataCatalog.
func describes(t *testing.T, page string) string {
	t.Helper()
	_, after, _ := strings.Cut(page, `<script type="application/ld+json">`)
	block, _, ok := strings.Cut(after, "</script>")
	var any map[string]any
	if err := json.Unmarshal([]byte(block), &any); !ok || err != nil {
		t.Errorf("invalid JSON-LD: %v\n%s", err, block)
	}
	switch {
	case strings.Contains(block, `"schema:Dataset"`), strings.Contains(block, `"@id":"`+publicURL) && any["@type"] == "Dataset":
		return "Dataset"
	case strings.Contains(block, `"schema:DataCatalog"`):
		return "DataCatalog"
	}
	return ""
}

// TestPageCaching repeats requests with the entity tag, and on another day.
func TestPageCaching(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, st *store.Store) {
		storetest.Publish(t, st)
		day := today
		s := servePages(t, st, publicURL, func() time.Time { return day })
		for _, path := range []string{"/goals/ts2-01", "/en/ozg", "/goals/ts2-01.svg", site.Assets[0].Path, site.Assets[1].Path} {
			first := s.get(t, path, browser)
			again := s.get(t, path, browser, "If-None-Match: "+first.Header.Get("Etag"))
			if first.StatusCode != 200 || again.StatusCode != 304 || len(again.body) != 0 {
				t.Errorf("%s: %s and then %s", path, first.Status, again.Status)
			}
		}
		if page := s.get(t, "/goals/ts2-01", browser); !strings.Contains(string(page.body), "(abgerufen am 1.3.2024)") {
			t.Errorf("the page is not cited with its day:\n%s", page.body)
		}
		before := s.get(t, "/goals/ts2-01", browser).Header.Get("Etag")
		day = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)
		page := s.get(t, "/goals/ts2-01", browser, "If-None-Match: "+before)
		if page.StatusCode != 200 || !strings.Contains(string(page.body), "(abgerufen am 1.1.2025)") {
			t.Errorf("the page of the next day is not cited with it: %s\n%s", page.Status, page.body)
		}
	})
}

// TestSecurityTxt requests security.txt in two months of the same release: the date on
// which it expires moves.
func TestSecurityTxt(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	st := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, st)
	day := today
	s := servePages(t, st, publicURL, func() time.Time { return day })
	for month, want := range map[time.Month]string{time.March: "2024-10-01", time.December: "2025-07-01"} {
		day = time.Date(2024, month, 31, 0, 0, 0, 0, time.UTC)
		a := s.get(t, "/.well-known/security.txt")
		if a.StatusCode != http.StatusOK || a.Header.Get("Last-Modified") != "" || !strings.Contains(string(a.body), "\nExpires: "+want+"T00:00:00Z\n") {
			t.Errorf("%v: want %s in %s", month, want, a)
		}
	}
}

// TestFigureFiles requests plots as files of their own.
func TestFigureFiles(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachPages(t, func(t *testing.T, s *service) {
		for path, status := range map[string]int{
			"/goals/ts2-01.svg": 200, "/en/goals/ts2-01.e-file-users.svg": 200, "/indicators/e-file-users.svg": 200,
			"/indicators/gigabit-households.svg": 200, "/ozg/priority.svg": 200, "/en/ozg/execution.svg": 200,
			"/goals/ts2-02.svg": 404, "/goals/absent.svg": 404, "/indicators/procedure-months.svg": 404, "/ozg/absent.svg": 404,
			"/ozg/priority": 404, "/goals/ts2-01.e-file-users": 404, "/datasets/goals.svg": 404,
		} {
			a := s.get(t, path, browser)
			if a.StatusCode != status {
				t.Errorf("%s: %s, want %d", path, a.Status, status)
			}
			if status != 200 {
				continue
			}
			policy := a.Header.Get("Content-Security-Policy")
			if a.Header.Get("Content-Type") != "image/svg+xml" || !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") {
				t.Errorf("%s: %s under %s", path, a.Header.Get("Content-Type"), policy)
			}
			for _, want := range []string{"<?xml", "<title", "<desc", "Zielstand", storetest.Release[:4], publicURL} {
				if !strings.Contains(string(a.body), want) {
					t.Errorf("%s lacks %q", path, want)
				}
			}
		}
	})
}

// TestErrorPages checks that browsers get error pages and programs get problem
// documents.
func TestErrorPages(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachPages(t, func(t *testing.T, s *service) {
		for _, tt := range []struct {
			address string
			status  int
			want    []string
		}{
			{"/absent", 404, []string{"Diese Seite gibt es nicht", `value="absent"`, `href="/goals"`}},
			{"/en/absent", 404, []string{"Page not found", `href="/en/goals"`}},
			{"/goal", 404, []string{`Meinten Sie <a href="/goals">„Ziele“</a>?`}},
			{"/goals?release=2024.01.0", 400, []string{"Seiten zeigen die neueste Veröffentlichung", `href="/releases"`}},
			{"/en/goals/ts2-01.svg?release=2024.01.0", 400, []string{"Pages show the latest release"}},
			{"/en//other.example/x", 404, []string{`<p class="lang"><a href="/other.example/x"`}},
			{"/goals/ts2-1", 404, []string{`Meinten Sie <a href="/goals/ts2-01">`}},
			{"/en/indicators/efile-users", 404, []string{`Did you mean <a href="/en/indicators/e-file-users">“Employees with the electronic file”</a>?`}},
			{"/en/goals/ts2-98", 410, []string{"Withdrawn on 1\u00a0December 2023. Reason: Merged into ts2-01.", `See instead: <a href="/en/goals/ts2-01">“Electronic file for all”</a>`}},
			{"/en/figures/obs-000", 410, []string{"Reason: The figure stood twice."}},
			{"/datasets/goal", 404, []string{`href="/datasets/goals"`}},
			{"/releases/2024.1.0", 404, []string{`href="/releases/2024.0`}},
			{"/en/goals?limit=5", 400, []string{"“limit” is a parameter of the API"}},
			{"/goals?assessment=achieved&assessment=missed", 400, []string{"In der Adresse steht „assessment“ mehrmals"}},
			{"/en/goals?assessment=open", 400, []string{"Possible values: <code>achieved</code>"}},
			{"/search?q=" + strings.Repeat("ä", 101), 400, []string{"Danach lässt sich nicht suchen"}},
			{"/search?q=*", 400, []string{"ein * darf nur am Anfang eines Wortes stehen"}},
		} {
			a := s.get(t, tt.address, browser)
			if a.StatusCode != tt.status || a.Header.Get("Content-Type") != "text/html; charset=utf-8" || a.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %s", tt.address, a)
			}
			for _, want := range tt.want {
				if !strings.Contains(string(a.body), want) {
					t.Errorf("%s lacks %q:\n%s", tt.address, want, a.body)
				}
			}
			if a := s.get(t, tt.address); a.StatusCode != tt.status || a.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s for a program: %s", tt.address, a)
			}
		}
		if _, err := s.store.Prune(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		if err := s.releases.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a := s.get(t, "/en/releases/2024.01.0", browser); a.StatusCode != 410 || !strings.Contains(string(a.body), "This release was deleted") || !strings.Contains(string(a.body), `See instead: <a href="/en/releases/2024.02.0">`) {
			t.Errorf("the page of a deleted release: %s", a)
		}
		if a := s.get(t, "/v1/goals/absent", browser); a.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("the API for a browser: %s", a)
		}
	})
}

// TestAreasNeedRows checks that the pages of areas exist, and are in the sitemap and among
// the suggestions of error pages, only if there are rows to show.
func TestAreasNeedRows(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	for _, rows := range []bool{true, false} {
		pkg := storetest.Package(t)
		if !rows {
			header, _, _ := bytes.Cut(pkg["service-availability.csv"].Data, []byte("\n"))
			pkg["service-availability.csv"].Data = append(header, '\n')
		}
		st := storetest.Open(t, storetest.Any(t))
		storetest.PublishPackage(t, st, pkg)
		s := servePages(t, st, publicURL, onToday)
		for path, want := range map[string]int{"/areas": 200, "/en/areas/05": 200, "/areas/05.bib": 200, "/areas/00.preview.png": 200, "/areas/08": 404} {
			if !rows {
				want = 404
			}
			if a := s.get(t, path, browser); a.StatusCode != want {
				t.Errorf("%s, rows %v: status %d, want %d", path, rows, a.StatusCode, want)
			}
		}
		for path, part := range map[string]string{
			"/sitemap.xml": "<loc>" + publicURL + "/en/areas/05</loc>", "/goals": `<a href="/areas">`, "/area": `Meinten Sie <a href="/areas">`, "/areas/5": `href="/areas/0`, "/search?q=westfalen": `<a href="/areas/05">`,
		} {
			if got := strings.Contains(string(s.get(t, path, browser).body), part); got != rows {
				t.Errorf("%s contains %s: %v, want %v", path, part, got, rows)
			}
		}
	}
}

// TestPagesWithoutDatabase closes the store: the pages of the latest release are
// served all the same.
func TestPagesWithoutDatabase(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, st *store.Store) {
		storetest.Publish(t, st)
		s := servePages(t, st, publicURL, onToday)
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		for _, address := range []string{
			"/", "/en/goals", "/goals/ts2-02", "/ozg", "/search?q=portal", "/datasets/goals", "/contradictions", "/sources",
			"/indicators/e-file-users.svg", "/releases/2024.01.0", "/imprint",
		} {
			if a := s.get(t, address, browser); a.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", address, a)
			}
		}
	})
}

// TestPagesBeforeTheFirstRelease checks the pages of an empty database.
func TestPagesBeforeTheFirstRelease(t *testing.T) {
	t.Parallel()
	storetest.EachStore(t, func(t *testing.T, st *store.Store) {
		s := servePages(t, st, publicURL, onToday)
		for address, want := range map[string]string{
			"/": "gerade nicht zu erreichen", "/en/goals": "cannot be reached", "/goals/ts2-02": "laden Sie die Seite",
			"/search?q=portal": "gerade nicht", "/indicators/e-file-users.svg": "gerade nicht",
		} {
			a := s.get(t, address, browser, "X-Request-Id: away")
			if a.StatusCode != http.StatusServiceUnavailable || a.Header.Get("Retry-After") == "" || !strings.Contains(string(a.body), want) || !strings.Contains(string(a.body), "<code>away</code>") {
				t.Errorf("%s: %s", address, a)
			}
		}
	})
}

// TestHostileData publishes data that would inject markup without escaping.
func TestHostileData(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	const evil = `<script>alert(1)</script><!-- "'&`
	storetest.EachStore(t, func(t *testing.T, st *store.Store) {
		pkg := storetest.Package(t)
		quoted := `"` + strings.ReplaceAll(evil, `"`, `""`) + `"`
		storetest.Replace(t, pkg, "goals.csv", "Elektronische Akte für alle", quoted)
		storetest.Replace(t, pkg, "goals.csv", "bis 2024", quoted)
		storetest.Replace(t, pkg, "indicators.csv", "Beschäftigte mit elektronischer Akte", quoted)
		storetest.Replace(t, pkg, "observations.csv", "Stand Mitte des Jahres; das Protokoll nennt 8.200.", quoted)
		storetest.Replace(t, pkg, "sources.csv", "Testbericht zum Umsetzungsstand (erfunden)", quoted)
		storetest.Replace(t, pkg, "services.csv", "Testleistung anmelden (erfunden)", quoted)
		storetest.Replace(t, pkg, "service-availability.csv", "Testfall (erfunden)", quoted)
		storetest.Replace(t, pkg, "contradictions.csv", "8.100 oder 8.200 Beschäftigte", quoted)
		storetest.PublishPackage(t, st, pkg)
		s := servePages(t, st, publicURL, onToday)
		for _, path := range []string{
			"/goals", "/goals/ts2-01", "/fields/ts2-verwaltung", "/indicators/e-file-users", "/contradictions", "/sources", "/datasets/goals",
			"/sources/test-bericht", "/figures/obs-003", "/areas/00", "/areas/05", "/areas/05?q=alert", "/indicators/e-file-users.card", "/search?q=" + url.QueryEscape(evil), "/search?q=alert", "/goals/ts2-01.svg", "/indicators/e-file-users.svg", "/" + url.PathEscape(evil),
		} {
			page := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(string(s.get(t, path, browser).body))
			if strings.Contains(page, "<script>") || strings.Contains(page, "<!-- ") || strings.Contains(page, `"'&`) {
				t.Errorf("%s contains unescaped data:\n%s", path, page)
			}
			if !strings.Contains(page, "alert(1)") && !strings.Contains(path, "script") {
				t.Errorf("%s does not show the data at all", path)
			}
		}
	})
}

// TestHostileDescription uses settings that would end the JSON-LD element without
// escaping.
func TestHostileDescription(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	handler, _ := apitest.New(t, s, apitest.Options{Today: onToday, Settings: map[string]string{
		"catalog.publisher_name": `</script><script>alert(1)</script><!--<script>`, "data.attribution": `<img src=x onerror=alert(1)>`,
	}})
	server := &service{Server: httptest.NewServer(handler)}
	t.Cleanup(server.Close)
	for _, path := range []string{"/", "/datasets/goals"} {
		page := string(server.get(t, path, browser).body)
		if strings.Contains(page, "<script>") || strings.Contains(page, "<!--") || strings.Contains(page, "<img") || strings.Count(page, "</script>") != 1 {
			t.Errorf("%s:\n%s", path, page)
		}
		describes(t, page)
	}
}

// TestPublicPath serves below a path.
func TestPublicPath(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	st := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, st)
	const public = "https://daten.example/ziele"
	s := servePages(t, st, public, onToday)
	for _, k := range kinds {
		for _, address := range addressesOf(s.get(t, k.path, browser).body) {
			switch {
			case strings.HasPrefix(address, "/ziele/"), strings.HasPrefix(address, public), strings.HasPrefix(address, "#"):
			case strings.HasPrefix(address, "mailto:"), strings.HasPrefix(address, "http") && !strings.Contains(address, "daten.example"):
			default:
				t.Errorf("%s links to %s, outside %s", k.path, address, public)
			}
		}
	}
	for _, address := range []string{"/openapi.json", "/openapi.yaml"} {
		body := string(s.get(t, address).body)
		if strings.Contains(body, openapi.PublicURL) || !strings.Contains(body, public+"/imprint") || !strings.Contains(body, public+"/v1") {
			t.Errorf("%s has not the address %s", address, public)
		}
	}
}

// TestAssets checks that assets are compressed and immutable at their hashed addresses, and
// that the plain addresses redirect there.
func TestAssets(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	service := servePages(t, s, publicURL, onToday)
	for _, a := range site.Assets {
		hashed := service.get(t, a.Path, browser, "Accept-Encoding: br")
		if hashed.StatusCode != http.StatusOK || len(a.Body) > 1000 && hashed.Header.Get("Content-Encoding") != "br" || !strings.Contains(hashed.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s, %s, %s", a.Path, hashed.Status, hashed.Header.Get("Content-Encoding"), hashed.Header.Get("Cache-Control"))
		}
		plain := service.get(t, a.Name, browser)
		if plain.StatusCode != http.StatusTemporaryRedirect || !strings.HasSuffix(plain.Header.Get("Location"), a.Path) || plain.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s to %s, %s", a.Name, plain.Status, plain.Header.Get("Location"), plain.Header.Get("Cache-Control"))
		}
	}
}

// TestPageWeight checks that every kind of page of the real data, with stylesheet
// and icon, transfers at most 100 kB.
func TestPageWeight(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.PublishPackage(t, s, fixtures.FS)
	service := servePages(t, s, publicURL, onToday)
	weight := func(path string) int { return len(service.get(t, path, browser, "Accept-Encoding: br").body) }
	assets := weight(site.Assets[0].Path) + weight(site.Assets[1].Path)
	heaviest, most := "", 0
	for _, path := range []string{
		"/", "/goals", "/goals/ds2-43", "/fields/ds2-verwaltung", "/indicators", "/indicators/e-file-users", "/ozg", "/contradictions",
		"/sources", "/datasets", "/datasets/observations", "/releases/2026.11.0", "/search?q=digital", "/use",
	} {
		if w := assets + weight(path); w > most {
			heaviest, most = path, w
		}
	}
	if most > 100_000 {
		t.Errorf("%s weighs %d bytes, at most 100,000 are allowed", heaviest, most)
	}
	t.Logf("the heaviest page is %s with %d bytes, stylesheet and icon included", heaviest, most)
}

// TestMovedPages requests addresses that are redirected.
func TestMovedPages(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	publishPages(t, s)
	for public, root := range map[string]string{publicURL: "", "https://daten.example/ziele": "/ziele"} {
		server := servePages(t, s, public, onToday).Config.Handler
		for address, want := range map[string]string{
			"/goals/": "308 /goals", "/en/goals/?q=a": "308 /en/goals?q=a", "/goals/ts2-01/": "308 /goals/ts2-01", "/en/": "308 /en",
			"/fields": "308 /", "/fields/": "308 /fields", "/en/fields": "308 /en", "/en/fields/ts2-verwaltung/": "308 /en/fields/ts2-verwaltung",
			"/releases/latest": "307 /releases/2024.02.0", "/en/releases/latest": "307 /en/releases/2024.02.0", "/releases/latest/": "308 /releases/latest",
			"/goals?q=&strategy=&form.due=2024&sort=": "308 /goals?dueBefore=2025&dueFrom=2024", "/en/goals?field=ts2-netze&due=any": "308 /en/goals?due!=none&fieldOfAction=ts2-netze",
			"/goals?theme=test&utm_source=x": "308 /goals?themes=test",
		} {
			answer := httptest.NewRecorder()
			server.ServeHTTP(answer, httptest.NewRequest("GET", address, nil))
			if got := strconv.Itoa(answer.Code) + " " + answer.Header().Get("Location"); got != want[:4]+root+want[4:] {
				t.Errorf("%s: %s, want %s", address, got, want)
			}
		}
	}
}

// TestPagesAreQueries asks lists and, with /v1 in front and a suffix, the API: both have the
// same rows.
func TestPagesAreQueries(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	eachPages(t, func(t *testing.T, s *service) {
		for _, question := range []string{
			"/goals?dueBefore=2030&assessment!=achieved", "/goals?asOf=2021-11-29", "/goals?status!=none&q=test", "/goals?due=none", "/goals?sort=-due,id&themes!=test",
			"/milestones?state=reached&reached!=none", "/indicators?goal!=none&unit=percent", "/contradictions?q=akte", "/sources?publishedFrom=2021",
		} {
			path, query, _ := strings.Cut(question, "?")
			rows, err := csv.NewReader(bytes.NewReader(s.get(t, "/v1"+path+".csv?fields=id&"+query).body)).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			page := s.get(t, question, browser)
			_, list, _ := strings.Cut(string(page.body), `class="found"`)
			list, _, _ = strings.Cut(list, `<section class="take"`)
			found := map[string]bool{}
			for _, m := range regexp.MustCompile(`(?:<a href="`+path+`/|<(?:li|tr) id=")([^"]+)"`).FindAllStringSubmatch(list, -1) {
				found[m[1]] = true
			}
			for _, row := range rows[1:] {
				if !found[row[0]] {
					t.Errorf("%s lacks %s", question, row[0])
				}
			}
			if len(found) != len(rows)-1 || page.StatusCode != http.StatusOK {
				t.Errorf("%s: %s, %d rows, want %d", question, page.Status, len(found), len(rows)-1)
			}
		}
		for _, query := range []string{"assessment=acheived", "due=soon", "q=a*"} {
			page, api := s.get(t, "/goals?"+query), s.get(t, "/v1/goals?"+query)
			if page.StatusCode != http.StatusBadRequest || problem(t, page) != problem(t, api) {
				t.Errorf("%s: the page answers %s, the API %s", query, page.body, api.body)
			}
		}
	})
}

// problem returns what an error says, without the number of the request.
func problem(t *testing.T, a answer) string {
	t.Helper()
	var p struct{ Detail string }
	if err := json.Unmarshal(a.body, &p); err != nil || p.Detail == "" {
		t.Fatalf("%v in %s", err, a.body)
	}
	return p.Detail
}

// TestPagesArePinned checks that downloads and citations name the release that the
// page shows.
func TestPagesArePinned(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	publishPages(t, s)
	service := servePages(t, s, publicURL, onToday)
	for path, rows := range map[string]string{
		"/goals/ts2-01": "/v1/observations?indicator=e-file-users&amp;release=2024.02.0", "/en/goals/ts2-02": "/v1/goals/ts2-02?release=2024.02.0",
		"/indicators/e-file-users": "/v1/observations?indicator=e-file-users&amp;release=2024.02.0", "/ozg": "/v1/releases/2024.02.0/ozg-service-counts.csv",
		"/datasets/goals": "/v1/releases/2024.02.0/goals.csv", "/releases/2024.01.0": "/v1/releases/2024.01.0",
	} {
		page := string(service.get(t, path, browser).body)
		_, cited, _ := strings.Cut(page, `<p class="cite">`)
		cited, _, _ = strings.Cut(cited, "</p>")
		if !strings.Contains(cited, `href="`+rows+`">`+publicURL+rows) || strings.Contains(path, "01.0") != strings.Contains(cited, "Veröffentlichung 2024.01.0") {
			t.Errorf("%s does not cite %s: %s", path, rows, cited)
		}
		if strings.HasPrefix(path, "/datasets") || strings.HasPrefix(path, "/releases") {
			continue
		}
		for _, m := range regexp.MustCompile(`<a class="button" href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !strings.Contains(m[1], "release=2024.02.0") {
				t.Errorf("%s offers %s", path, m[1])
			}
		}
	}
}

func formOf(path string) site.Form {
	_, form := site.SplitForm(path)
	return form
}

// TestKindsAreAll checks that kinds, and those of the browser tests, cover every route.
func TestKindsAreAll(t *testing.T) {
	testenv.Sequential(t)
	t.Parallel()
	s := storetest.Open(t, storetest.Any(t))
	storetest.Publish(t, s)
	service := servePages(t, s, publicURL, onToday)
	script, err := os.ReadFile("../.ci/pages/kinds.mjs")
	if err != nil {
		t.Fatal(err)
	}
	inBrowser := regexp.MustCompile(`"(/[^"]*)"`).FindAllSubmatch(script, -1)
	for _, route := range service.Config.Handler.(*api.Server).Routes() {
		english, ok := strings.CutPrefix(route, "/en")
		if moved := strings.HasSuffix(english, "/") || english == "/fields" || english == "/releases/latest"; !ok || moved || english == "" || english == "/ozg/{id}" || site.Whole != formOf(english) {
			continue
		}
		pattern := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(english), `\{id\}`, "[^/]+") + `(\?|$)`)
		if !slices.ContainsFunc(kinds, func(k kindOfPage) bool { return pattern.MatchString(k.path) }) {
			t.Errorf("kinds has no page for %s", english)
		}
		optional := english == "/plain-language" || english == "/sign-language" // the browser is shown none
		if !optional && !slices.ContainsFunc(inBrowser, func(found [][]byte) bool { return pattern.Match(found[1]) }) {
			t.Errorf(".ci/pages/kinds.mjs has no page for %s", english)
		}
	}
}
