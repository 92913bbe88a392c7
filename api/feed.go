package api

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// feed is an Atom feed (RFC 4287).
type feed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
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

// feedText has the texts of the feed.
var feedText = struct{ title, release, withdrawn, instead, first, changed, none, kept dataset.Text }{
	title:     dataset.Text{DE: "Zielstand: Änderungen", EN: "Zielstand: changes"},
	release:   dataset.Text{DE: "Veröffentlichung %s", EN: "Release %s"},
	withdrawn: dataset.Text{DE: "Veröffentlichung %s (zurückgezogen)", EN: "Release %s (withdrawn)"},
	instead:   dataset.Text{DE: "Zurückgezogen; es gilt die Veröffentlichung %s.", EN: "Withdrawn; the current release is %s."},
	first:     dataset.Text{DE: "Erste Veröffentlichung.", EN: "First release."},
	changed:   dataset.Text{DE: "Geändert: %s.", EN: "Changed: %s."},
	none:      dataset.Text{DE: "Keine Zeile hat sich geändert.", EN: "No row has changed."},
	kept:      dataset.Text{DE: "Frühere Veröffentlichungen werden nicht mehr vorgehalten.", EN: "Earlier releases are no longer kept."},
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
	self, pages := base+"changes.atom", s.options.PublicURL+"/releases"
	if language == "en" {
		self, pages = base+"changes.en.atom", s.options.PublicURL+"/en/releases"
	}
	f := feed{
		Language: language, ID: self, Title: feedText.title.In(language), Author: "Zielstand",
		Rights: s.representations.Meta(snapshot.Latest, "").License,
		Links: []feedLink{
			{"self", "application/atom+xml", self}, {"alternate", "text/html", pages}, {"alternate", "application/json", base + "changes"},
		},
	}
	if oldest := snapshot.Releases[len(snapshot.Releases)-1]; oldest.Previous != "" {
		f.Subtitle = feedText.kept.In(language)
	}
	for _, r := range snapshot.Releases {
		e := s.makeEntry(snapshot, r, language)
		e.Links = append([]feedLink{{"alternate", "text/html", pages + "/" + r.ID}}, e.Links...)
		f.Updated = max(f.Updated, e.Updated) // RFC 3339 in UTC sorts as text
		f.Entries = append(f.Entries, e)
	}
	return f
}

// makeEntry describes a release. Its text does not depend on which others are
// kept, so that it changes only when its time does.
func (s *Server) makeEntry(snapshot *release.Snapshot, r *domain.Release, language string) feedEntry {
	address := s.options.PublicURL + "/v1/releases/" + r.ID
	e := feedEntry{
		ID: address, Title: fmt.Sprintf(feedText.release.In(language), r.ID),
		Updated: r.Published.UTC().Format(time.RFC3339), Summary: feedText.first.In(language),
		Links: []feedLink{{"alternate", "application/json", address}},
	}
	if r.Previous != "" {
		e.Summary = changedDatasets(r, language)
	}
	if r.Predecessor(snapshot.Releases) != nil {
		e.Links = append(e.Links, feedLink{"related", "text/csv", address + "/diff.csv"})
	}
	if !r.Withdrawn.IsZero() {
		e.Title = fmt.Sprintf(feedText.withdrawn.In(language), r.ID)
		e.Updated = max(e.Updated, r.Withdrawn.UTC().Format(time.RFC3339))
		e.Summary = fmt.Sprintf(feedText.instead.In(language), snapshot.Latest.ID) + " " + e.Summary
	}
	return e
}

// changedDatasets names the datasets that the release changed: their rows or
// their description.
func changedDatasets(r *domain.Release, language string) string {
	var titles []string
	for _, part := range r.Datasets {
		if d := dataset.ByID(part.ID); d != nil && !d.Computed && part.Modified.Equal(r.Published) {
			titles = append(titles, d.Title.In(language))
		}
	}
	if titles == nil {
		return feedText.none.In(language)
	}
	return fmt.Sprintf(feedText.changed.In(language), strings.Join(titles, ", "))
}
