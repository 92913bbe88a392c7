// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plot"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/storetest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// today is the day on which pages are cited.
var today = time.Date(2024, time.March, 1, 12, 0, 0, 0, time.UTC)

const publicURL = "https://zielstand.example"

// published is a site with a release to show.
type published struct {
	*Site
	snapshot *release.Snapshot
}

// publish publishes two releases in SQLite, the second with a few changes.
func publish(t testing.TB) published {
	t.Helper()
	return publishIn(t, storetest.Open(t, storetest.SQLite(t)))
}

func publishIn(t testing.TB, s *store.Store) published {
	t.Helper()
	pkg := storetest.Package(t)
	storetest.PublishPackage(t, s, pkg)
	storetest.Replace(t, pkg, "observations.csv", "2021-06,actual,8100,about", "2021-06,actual,8150,about")
	storetest.Replace(t, pkg, "milestones.csv", "tp18-m3,,tp18-recht,Übergangsfrist geklärt,Transition period settled,,test-bericht", "tp18-m4,,tp18-recht,Beirat berufen,Council appointed,2021,test-bericht,4,reached,,,,\ntp18-m3,,tp18-recht,Übergangsfrist geklärt,Transition period settled,2021,test-bericht")
	publishNext(t, s, pkg)
	return siteOf(t, s, publicURL)
}

// publishNext publishes the package as the second release.
func publishNext(t testing.TB, s *store.Store, pkg fstest.MapFS) {
	t.Helper()
	storetest.PublishPackage(t, s, storetest.Next(t, pkg))
}

// siteOf returns the site of the latest release in a store.
func siteOf(t testing.TB, s *store.Store, public string) published {
	t.Helper()
	settings := catalog.Settings{
		Settings:       representation.Settings{PublicURL: public, License: "http://dcat-ap.de/def/licenses/dl-by-de/2.0", Attribution: "Zielstand"},
		CatalogLicense: "http://dcat-ap.de/def/licenses/cc-zero", Publisher: catalog.Publisher{Name: "Zielstand"}, Contact: catalog.Contact{Name: "Zielstand", Email: "post@zielstand.example"},
	}
	releases := release.New(s, 64<<20)
	if err := releases.Refresh(context.Background()); err != nil {
		t.Fatal(err)
	}
	files, err := representation.NewService(releases, settings.Settings, representation.Limits{
		CacheBytes: 1 << 20, Folder: t.TempDir(), FolderBytes: 1 << 20, FileBytes: 1 << 20, Streams: 1, Timeout: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	site, err := New(releases.Tables, catalog.NewService(releases, files, settings), Settings{
		Settings: settings, Legal: map[string]string{"imprint": "Amt für Tests\nTestweg 1\n\nVertreten durch <niemand>"},
	})
	if err != nil {
		t.Fatal(err)
	}
	snapshot, err := releases.Current()
	if err != nil {
		t.Fatal(err)
	}
	return published{site, snapshot}
}

// request asks for the page at a path without language, as the server does.
func (p published) request(t testing.TB, language, path string) Request {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	r := Request{
		Release: p.snapshot.Latest, Releases: p.snapshot.Releases, Vocabulary: p.snapshot.Vocabulary, Language: language, Pattern: u.Path, Params: u.Query(), Today: today,
	}
	if first, id, ok := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/"); ok {
		r.Pattern = "/" + first + "/{id}"
		r.ID, _ = SplitForm(id)
	}
	return r
}

// html renders a page.
func (p published) html(t testing.TB, language, path string) string {
	t.Helper()
	body, err := p.Render(context.Background(), p.request(t, language, path), Whole)
	if err != nil {
		t.Fatalf("%s in %s: %v", path, language, err)
	}
	return string(body)
}

// build returns what the template of a page shows.
func build[P page](t testing.TB, p published, language, path string) P {
	t.Helper()
	request := p.request(t, language, path)
	r, err := p.load(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	built, err := lookup(request.Pattern).build(context.Background(), r)
	if err != nil {
		t.Fatalf("%s in %s: %v", path, language, err)
	}
	return built.(P)
}

// checksum matches what changes with every byte of a published file.
var checksum = regexp.MustCompile(`[0-9a-f]{64}`)

// hashed matches the addresses of assets, which change with the stylesheet.
var hashed = regexp.MustCompile(`/assets/(\w+)\.[0-9a-f]{12}\.(\w+)`)

// golden compares parts with the files of an archive in testdata.
func golden(t *testing.T, name string, got []txtar.File) {
	t.Helper()
	path := filepath.Join("testdata", name)
	for i := range got {
		got[i].Data = checksum.ReplaceAll(got[i].Data, []byte("SHA-256"))
		got[i].Data = hashed.ReplaceAll(got[i].Data, []byte("/assets/$1.$2"))
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(&txtar.Archive{Files: got}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	lines := func(files []txtar.File) map[string][]string {
		out := map[string][]string{}
		for _, f := range files {
			out[f.Name] = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
		}
		return out
	}
	if diff := cmp.Diff(lines(want.Files), lines(got)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", path, diff)
	}
}

// pagePaths are one address of each kind of page.
var pagePaths = []string{
	"/", "/fields/ts2-verwaltung", "/fields/tp18-recht", "/goals", "/goals/ts2-01", "/goals/ts2-02", "/goals/ts2-04", "/goals/ts2-05", "/goals/tp18-01",
	"/indicators", "/indicators/e-file-users", "/indicators/gigabit-households", "/ozg", "/contradictions", "/sources",
	"/areas", "/areas/05", "/areas/00", "/areas/05?topic=education&sort=service", "/areas/05?q=absent", "/areas?kind=level-state&sort=-value",
	"/sources/test-bericht", "/themes/test", "/figures/obs-003", "/figures/ozg-01", "/milestones", "/method", "/glossary", "/goals?assessment=unknown-since&sort=due", "/milestones?sort=-reached", "/indicators?goal!=none&sort=title",
	"/datasets", "/datasets/observations", "/datasets/areas", "/releases", "/releases/2024.02.0", "/releases/2024.01.0",
	"/search?q=Buergerportal", "/search?q=welt", "/search?q=absent", "/search?q=B%C3%BCrgerportal-Ziele+in+Baden-W%C3%BCrttemberg", "/search", "/use", "/imprint", "/privacy", "/accessibility",
}

// englishPaths are those whose English version differs in more than words.
var englishPaths = []string{
	"/", "/goals/ts2-01", "/indicators/gigabit-households", "/ozg", "/areas", "/areas/05", "/datasets/observations", "/releases/2024.02.0", "/search?q=Buergerportal", "/use",
}

// mainElement splits a page into its main element and what is around it.
func mainElement(t *testing.T, html string) (frame, main string) {
	t.Helper()
	before, rest, _ := strings.Cut(html, "<main id=\"content\" tabindex=\"-1\">\n")
	main, after, ok := strings.Cut(rest, "</main>\n")
	if !ok {
		t.Fatalf("no main element in\n%s", html)
	}
	return before + after, main
}

// TestPages compares what is in the main element of each kind of page.
func TestPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		if *update && !strings.HasPrefix(databaseURL, "sqlite:") {
			t.Skip("SQLite writes the files, a run without -update compares")
		}
		p := publishIn(t, storetest.Open(t, databaseURL))
		for language, paths := range map[string][]string{"de": pagePaths, "en": englishPaths} {
			var files []txtar.File
			for _, path := range paths {
				_, main := mainElement(t, p.html(t, language, path))
				files = append(files, txtar.File{Name: path, Data: []byte(main)})
			}
			golden(t, "main."+language+".txtar", files)
		}
	})
}

// TestFrames compares what is around the main element: of a page with everything,
// of one of the catalogue, and of an error.
func TestFrames(t *testing.T) {
	t.Parallel()
	p := publish(t)
	frame := func(name, html string) txtar.File {
		around, _ := mainElement(t, html)
		return txtar.File{Name: name, Data: []byte(around)}
	}
	var files []txtar.File
	for _, path := range []string{"/", "/goals/ts2-01", "/datasets/goals", "/releases/2024.02.0"} {
		files = append(files, frame(path, p.html(t, "de", path)))
	}
	files = append(files, frame("/en/search?q=welt", p.html(t, "en", "/search?q=welt")))
	failure, err := p.Error(Failure{Language: "en", Status: 404, Asked: "/en/goals/ts2-99", Address: "/goals/ts2-99"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "frames.txtar", append(files, frame("/en/goals/ts2-99", string(failure))))
}

// TestPlots compares the plots that are files of their own.
func TestPlots(t *testing.T) {
	t.Parallel()
	p := publish(t)
	var files []txtar.File
	for _, tt := range [][2]string{{"de", "/goals/ts2-01.svg"}, {"en", "/indicators/e-file-users.svg"}, {"de", "/ozg/priority.svg"}} {
		svg, err := p.Render(context.Background(), p.request(t, tt[0], tt[1]), SVG)
		if err != nil {
			t.Fatalf("%s: %v", tt[1], err)
		}
		files = append(files, txtar.File{Name: tt[1], Data: bytes.TrimSuffix(svg, []byte(plot.CSS))})
	}
	golden(t, "plots.txtar", files)
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for _, path := range []string{"/absent", "/goals/absent", "/indicators/absent", "/fields/absent", "/datasets/absent", "/releases/absent", "/ozg/priority"} {
		if _, err := p.Render(context.Background(), p.request(t, "de", path), Whole); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("page %s: error %v", path, err)
		}
	}
	for _, path := range []string{"/goals/ts2-02.svg", "/goals/absent.svg", "/indicators/procedure-months.svg", "/indicators/absent.svg", "/ozg/absent.svg", "/ozg/portal.svg", "/datasets/goals.svg", "/absent.svg"} {
		if _, err := p.Render(context.Background(), p.request(t, "de", path), SVG); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("plot %s: error %v", path, err)
		}
	}
}

// TestPagesAreTested checks that the lists above have every kind of page.
func TestPagesAreTested(t *testing.T) {
	t.Parallel()
	p := publish(t)
	tested := map[string]bool{}
	for _, path := range pagePaths {
		tested[p.request(t, "de", path).Pattern] = true
	}
	for _, page := range Pages() {
		if page.build != nil && !page.optional && !tested[page.Pattern] {
			t.Errorf("no page %s is tested", page.Pattern)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for pattern, want := range map[string]string{
		"/goals": `[""]`, "/ozg/{id}": `[]`, "/releases/{id}": `["2024.02.0" "2024.01.0"]`,
		"/goals/{id}": `["ts2-01" "ts2-02" "ts2-03" "ts2-04" "ts2-05" "tp18-01"]`,
	} {
		if got := fmt.Sprintf("%q", lookup(pattern).IDs(p.snapshot)); got != want {
			t.Errorf("%s exists for %s, want %s", pattern, got, want)
		}
	}
	if ids := lookup(datasetPattern).IDs(p.snapshot); !slices.Contains(ids, "goals") || len(ids) != len(p.snapshot.Latest.Datasets) {
		t.Errorf("datasets with a page: %q", ids)
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	p := publish(t)
	for path, want := range map[string]string{
		"/goals": "Goals", "/imprint": "Legal notice", "/goals/ts2-01": "Electronic file for all", "/goals/absent": "",
		"/releases/2024.01.0": "Release 2024.01.0", "/datasets/goals": "Goals of the digital strategy", "/datasets/absent": "", "/absent": "", "/ozg/time": "",
	} {
		if got := p.Title(context.Background(), p.request(t, "en", path)); got != want {
			t.Errorf("%s is called %q, want %q", path, got, want)
		}
	}
}

func TestSection(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"/": "/", "/goals": "/goals", "/goals/{id}": "/goals", "/fields/{id}": "/goals", "/fields": "/fields", "/datasets/a/b": "/datasets",
	} {
		if got := section(address); got != want {
			t.Errorf("%s belongs to %s, want %s", address, got, want)
		}
	}
}

// TestPublicPath checks links below a path.
func TestPublicPath(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, storetest.SQLite(t))
	storetest.Publish(t, s)
	p := siteOf(t, s, "https://daten.example/ziele")
	page := p.html(t, "en", "/goals")
	for _, want := range []string{`href="/ziele/en/goals/ts2-01"`, `href="/ziele` + asset("site.css") + `"`, `href="https://daten.example/ziele/en/goals"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if got := p.Path("/goals"); got != "/ziele/goals" {
		t.Errorf("a redirect leads to %s", got)
	}
}

func TestNewChecksTheAddress(t *testing.T) {
	t.Parallel()
	if _, err := New(nil, nil, Settings{Settings: catalog.Settings{Settings: representation.Settings{PublicURL: "://"}}}); err == nil {
		t.Error("an address without a scheme is accepted")
	}
}
