package api

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/strategy"
)

// feed is an Atom feed (RFC 4287).
type feed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Updated  string      `xml:"updated"`
	Author   string      `xml:"author>name"`
	Rights   string      `xml:"rights"`
	Links    []feedLink  `xml:"link"`
	Entries  []feedEntry `xml:"entry"`
}

type feedLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type feedEntry struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []feedLink `xml:"link"`
	Summary string     `xml:"summary"`
}

// feedText are the words of the feed.
var feedText = struct{ title, release, first, changed, none dataset.Text }{
	title:   dataset.Text{DE: "Zielstand: Änderungen", EN: "Zielstand: changes"},
	release: dataset.Text{DE: "Veröffentlichung %s", EN: "Release %s"},
	first:   dataset.Text{DE: "Erste Veröffentlichung.", EN: "First release."},
	changed: dataset.Text{DE: "Geändert: %s.", EN: "Changed: %s."},
	none:    dataset.Text{DE: "Keine Zeile hat sich geändert.", EN: "No row has changed."},
}

// changesFeed answers with an Atom feed of the releases and what they changed.
func (s *Server) changesFeed(language string) echo.HandlerFunc {
	return func(c echo.Context) error {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		if err := onlyParameters(c, nil, nil); err != nil {
			return err
		}
		key := "feed " + language + " " + snapshot.Key()
		rep, err := s.representations.Cached(c.Request().Context(), key, coding(c), func(context.Context) (*representation.Representation, error) {
			body, err := xml.MarshalIndent(s.makeFeed(snapshot, language), "", "  ")
			if err != nil {
				return nil, err
			}
			head := representation.Head{ContentType: "application/atom+xml; charset=utf-8", Total: -1}
			return representation.New(head, append([]byte(xml.Header), append(body, '\n')...)), nil
		})
		if err != nil {
			return err
		}
		return s.write(c, rep)
	}
}

func (s *Server) makeFeed(snapshot *release.Snapshot, language string) feed {
	base := s.options.PublicURL + "/v1/"
	self := base + "changes.atom"
	if language == "en" {
		self = base + "changes.en.atom"
	}
	f := feed{
		Language: language, ID: self, Title: feedText.title.In(language), Author: "Zielstand",
		Rights: s.representations.Meta(snapshot.Latest, "").License, Updated: snapshot.Releases[0].Published.Format(time.RFC3339),
		Links: []feedLink{{"self", "application/atom+xml", self}, {"alternate", "application/json", base + "changes"}},
	}
	for i, r := range snapshot.Releases {
		entry := feedEntry{
			ID: base + "releases/" + r.ID, Title: fmt.Sprintf(feedText.release.In(language), r.ID),
			Updated: r.Published.Format(time.RFC3339), Summary: feedText.first.In(language),
			Links: []feedLink{{"alternate", "application/json", base + "releases/" + r.ID}},
		}
		if i+1 < len(snapshot.Releases) {
			entry.Summary = changedDatasets(snapshot.Releases[i+1], r, language)
			entry.Links = append(entry.Links, feedLink{"related", "text/csv", base + "releases/" + r.ID + "/diff.csv"})
		}
		f.Entries = append(f.Entries, entry)
	}
	return f
}

// changedDatasets names the datasets whose rows differ.
func changedDatasets(old, next *strategy.Release, language string) string {
	var titles []string
	for _, part := range next.Datasets {
		before, _ := old.Dataset(part.ID)
		d := dataset.ByID(part.ID)
		if part.ContentHash != before.ContentHash && d != nil && !d.Computed {
			titles = append(titles, d.Title.In(language))
		}
	}
	if titles == nil {
		return feedText.none.In(language)
	}
	return fmt.Sprintf(feedText.changed.In(language), strings.Join(titles, ", "))
}
