// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// feed is what RFC 4287 requires of a feed, read with the standard's namespace.
type feed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       []string    `xml:"http://www.w3.org/2005/Atom id"`
	Title    []string    `xml:"http://www.w3.org/2005/Atom title"`
	Subtitle string      `xml:"http://www.w3.org/2005/Atom subtitle"`
	Updated  []string    `xml:"http://www.w3.org/2005/Atom updated"`
	Authors  []string    `xml:"http://www.w3.org/2005/Atom author>name"`
	Links    []feedLink  `xml:"http://www.w3.org/2005/Atom link"`
	Entries  []feedEntry `xml:"http://www.w3.org/2005/Atom entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type feedEntry struct {
	ID      []string   `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string   `xml:"http://www.w3.org/2005/Atom updated"`
	Summary string     `xml:"http://www.w3.org/2005/Atom summary"`
	Links   []feedLink `xml:"http://www.w3.org/2005/Atom link"`
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := database(databaseURL)
		publish(t, s, edition(t, "2024.01.0"), next(t, "2024.02.0"), next(t, "2024.03.0"))
		running := serve(t, s)
		tests := []struct {
			path, language, title string
			summaries             []string
		}{
			{"/v1/changes.atom", "de", "Veröffentlichung 2024.03.0", []string{"Keine Zeile hat sich geändert.", "Geändert: ", "Keine frühere Veröffentlichung zum Vergleich."}},
			{"/v1/changes.en.atom", "en", "Release 2024.03.0", []string{"No row has changed.", "Changed: ", "No earlier release to compare with."}},
		}
		for _, test := range tests {
			f := readFeed(t, running, test.path)
			checkFeed(t, running, f, test.path)
			if f.Language != test.language || f.Entries[0].Title[0] != test.title {
				t.Errorf("%s: language %s, first entry %v", test.path, f.Language, f.Entries[0].Title)
			}
			for i, summary := range test.summaries {
				contains(t, f.Entries[i].Summary, summary)
			}
		}
		listed(t, running, "*2024.03.0", "2024.02.0", "2024.01.0")
		succeed(t, s, "release", "prune", "--keep", "2")
		testenv.Eventually(t, "the feed forgets the release deleted", func() error {
			f := readFeed(t, running, "/v1/changes.atom")
			return unless(len(f.Entries) == 2, "it has %d entries", len(f.Entries))
		})
		listed(t, running, "*2024.03.0", "2024.02.0")
		// The oldest that is kept is not the first ever, and its text stays.
		f := readFeed(t, running, "/v1/changes.atom")
		contains(t, f.Subtitle, "Frühere Veröffentlichungen werden nicht mehr aufbewahrt.")
		contains(t, f.Entries[1].Summary, "Geändert: ")
		if link(f.Entries[1].Links, "related") != "" {
			t.Error("the feed links to a comparison with a release that is deleted")
		}
		for path, want := range map[string]string{
			"/releases/2024.02.0": "Frühere Veröffentlichungen werden nicht mehr aufbewahrt.", "/en/releases": "Earlier releases are no longer kept.",
		} {
			page := running.get(t, path, http.StatusOK).body
			contains(t, page, want)
			if strings.Contains(page, "Dies ist die erste") {
				t.Errorf("%s calls it the first", path)
			}
		}
		contains(t, running.get(t, "/v1/releases/2024.02.0", http.StatusOK).body, `"previous":"2024.01.0"`)
		contains(t, running.get(t, "/v1/releases/2024.02.0/diff", http.StatusBadRequest).body, "the release before 2024.02.0 has been deleted")
	})
}

// TestWithdrawnRelease switches to an older release and publishes another one on top of
// it. Feed, pages and API show which release is withdrawn.
func TestWithdrawnRelease(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, databaseURL string) {
		s := database(databaseURL)
		publish(t, s, edition(t, "2024.01.0"), next(t, "2024.02.0"))
		running := serve(t, s)
		before := readFeed(t, running, "/v1/changes.en.atom")
		succeed(t, s, "release", "use", "2024.01.0")
		if list := succeed(t, s, "release", "list"); strings.Count(list, " (withdrawn)\n") != strings.Count(list, "\n")-1 {
			t.Errorf("all but the oldest release are withdrawn:\n%s", list)
		}
		var f feed
		testenv.Eventually(t, "the feed marks the release", func() error {
			f = readFeed(t, running, "/v1/changes.en.atom")
			return unless(f.Entries[0].Title[0] == "Release 2024.02.0 (withdrawn)", "it is %s", f.Entries[0].Title)
		})
		contains(t, f.Entries[0].Summary, "Withdrawn; the current release is 2024.01.0. Changed: ")
		if !checkTime(t, f.Entries[0].Updated[0]).After(checkTime(t, before.Entries[0].Updated[0])) || f.Updated[0] != f.Entries[0].Updated[0] {
			t.Errorf("updated %s, the feed %s, before %s", f.Entries[0].Updated, f.Updated, before.Entries[0].Updated)
		}
		if f.Entries[0].ID[0] != before.Entries[0].ID[0] {
			t.Errorf("another id: %s", f.Entries[0].ID)
		}
		contains(t, running.get(t, "/en/releases/2024.02.0", http.StatusOK).body, "This release was withdrawn:")
		contains(t, running.get(t, "/releases", http.StatusOK).body, "zurückgezogen")
		contains(t, running.get(t, "/v1/releases/2024.02.0", http.StatusOK).body, `"withdrawn":"`)
		publish(t, s, next(t, "2024.03.0"))
		testenv.Eventually(t, "the third release is served", func() error {
			f = readFeed(t, running, "/v1/changes.en.atom")
			return unless(len(f.Entries) == 3, "there are %d entries", len(f.Entries))
		})
		for i, title := range []string{"Release 2024.03.0", "Release 2024.02.0 (withdrawn)", "Release 2024.01.0"} {
			if f.Entries[i].Title[0] != title {
				t.Errorf("entry %d is %s, want %s", i, f.Entries[i].Title, title)
			}
		}
		contains(t, running.get(t, "/v1/releases/2024.03.0", http.StatusOK).body, `"previous":"2024.01.0"`)
		contains(t, running.get(t, "/v1/releases/latest/diff", http.StatusOK).body, "2024.01.0")
		succeed(t, s, "release", "use", "2024.02.0")
		testenv.Eventually(t, "the second release counts again", func() error {
			f = readFeed(t, running, "/v1/changes.en.atom")
			return unless(f.Entries[1].Title[0] == "Release 2024.02.0" && f.Entries[0].Title[0] == "Release 2024.03.0 (withdrawn)",
				"%s, %s", f.Entries[0].Title, f.Entries[1].Title)
		})
	})
}

// readFeed reads a feed; what is not well-formed fails.
func readFeed(t testing.TB, running *service, path string) feed {
	t.Helper()
	a := running.get(t, path, http.StatusOK)
	if mediaType := a.header.Get("Content-Type"); !strings.HasPrefix(mediaType, "application/atom+xml") {
		t.Errorf("%s: the type is %s", path, mediaType)
	}
	var f feed
	if err := xml.Unmarshal([]byte(a.body), &f); err != nil {
		t.Fatalf("%s: %v\n%s", path, err, a.body)
	}
	if end := strings.TrimSpace(a.body); !strings.HasPrefix(a.body, "<?xml ") || !strings.HasSuffix(end, "</feed>") {
		t.Errorf("%s is more than a feed:\n%s", path, a.body)
	}
	return f
}

// checkFeed looks for what RFC 4287, 4.1.1 and 4.1.2 require.
func checkFeed(t testing.TB, running *service, f feed, path string) {
	t.Helper()
	if len(f.ID) != 1 || len(f.Title) != 1 || len(f.Updated) != 1 || len(f.Authors) == 0 || f.Authors[0] == "" {
		t.Errorf("%s: a feed has one id, title and updated, and an author: %+v", path, f)
	}
	checkIRI(t, f.ID[0])
	if self := link(f.Links, "self"); self != publicURL+path {
		t.Errorf("%s: self is %q", path, self)
	}
	if len(f.Entries) != 3 {
		t.Fatalf("%s has %d entries, want 3", path, len(f.Entries))
	}
	ids, last := map[string]bool{}, f.Updated[0]
	for _, e := range f.Entries {
		if len(e.ID) != 1 || len(e.Title) != 1 || len(e.Updated) != 1 || ids[e.ID[0]] {
			t.Fatalf("%s: an entry has one id of its own, a title and updated: %+v", path, e)
		}
		ids[e.ID[0]] = true
		checkIRI(t, e.ID[0])
		if updated := checkTime(t, e.Updated[0]); updated.After(checkTime(t, last)) {
			t.Errorf("%s: %s comes after %s", path, e.Updated[0], last)
		}
		last = e.Updated[0]
		for _, l := range e.Links {
			running.get(t, strings.TrimPrefix(l.Href, publicURL), http.StatusOK)
		}
		if link(e.Links, "alternate") == "" {
			t.Errorf("%s: an entry without content has an alternate", path)
		}
		if l := e.Links[0]; l.Rel != "alternate" || l.Type != "text/html" || !strings.HasSuffix(l.Href, "/releases/"+e.ID[0][strings.LastIndex(e.ID[0], "/")+1:]) {
			t.Errorf("%s: the first link of an entry is %+v, want the page of the release", path, l)
		}
	}
}

func checkIRI(t testing.TB, id string) {
	t.Helper()
	if u, err := url.Parse(id); err != nil || !u.IsAbs() {
		t.Errorf("the id %q is not an absolute IRI", id)
	}
}

func checkTime(t testing.TB, updated string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, updated)
	if err != nil {
		t.Error(err)
	}
	return at
}

func link(links []feedLink, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}
