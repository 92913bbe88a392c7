// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
)

// linkset is a set of links (RFC 9264).
type linkset struct {
	Linkset []linkContext `json:"linkset"`
}

type linkContext struct {
	Anchor      string       `json:"anchor"`
	ServiceDesc []linkTarget `json:"service-desc,omitempty"`
	ServiceDoc  []linkTarget `json:"service-doc"`
	ServiceMeta []linkTarget `json:"service-meta,omitempty"`
	Status      []linkTarget `json:"status"`
}

type linkTarget struct {
	Href string `json:"href"`
	Type string `json:"type,omitempty"`
}

// apiCatalog returns the APIs of this host (RFC 9727).
func (s *Server) apiCatalog(c echo.Context) error {
	base := s.publicURL
	set := linkset{[]linkContext{{
		Anchor:      base + "/v1",
		ServiceDesc: []linkTarget{{base + "/v1/openapi.json", "application/json"}},
		ServiceDoc:  []linkTarget{{base + "/docs", "text/html"}},
		ServiceMeta: []linkTarget{{base + "/v1/catalog/dcat.ttl", "text/turtle"}},
		Status:      []linkTarget{{base + "/readyz", "application/json"}},
	}, {
		Anchor:     base + mcpPath,
		ServiceDoc: []linkTarget{{base + "/docs", "text/html"}},
		Status:     []linkTarget{{base + "/readyz", "application/json"}},
	}}}
	return s.writeText(c, "", representation.Head{
		ContentType: `application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"`,
		Links:       []string{"<" + base + `/.well-known/api-catalog>; rel="api-catalog"`}, // RFC 9727, 2
	}, func() ([]byte, error) {
		body, err := json.Marshal(set)
		return append(body, '\n'), err
	})
}

// void returns a VoID description with the addresses of the catalogue.
func (s *Server) void(c echo.Context) error {
	turtle := rdf.Formats()[0]
	return s.writePlain(c, "", turtle.MediaType+"; charset=utf-8", func() ([]byte, error) { return s.buildVoid(turtle) })
}

func (s *Server) buildVoid(turtle rdf.Format) ([]byte, error) {
	const void = "http://rdfs.org/ns/void#"
	g := &rdf.Graph{}
	set := rdf.IRI(s.publicURL + "/.well-known/void#catalog")
	g.Add(set, rdf.Type, rdf.IRI(void+"Dataset"))
	g.Add(set, rdf.IRI(catalog.Prefixes["dct"]+"title"), rdf.LangLiteral("Zielstand: Katalog", "de"))
	g.Add(set, rdf.IRI(catalog.Prefixes["foaf"]+"homepage"), rdf.IRI(s.publicURL+"/"))
	for _, f := range rdf.Formats() {
		g.Add(set, rdf.IRI(void+"dataDump"), rdf.IRI(s.publicURL+"/v1/catalog/dcat"+f.Extension))
	}
	var body bytes.Buffer
	err := turtle.Write(&body, g, rdf.Prefixes{"void": void, "dct": catalog.Prefixes["dct"], "foaf": catalog.Prefixes["foaf"]})
	return body.Bytes(), err
}

// robots allows everything and links to the sitemap (RFC 9309).
func (s *Server) robots(c echo.Context) error {
	return s.writePlain(c, "", "text/plain; charset=utf-8", func() ([]byte, error) {
		return []byte("User-agent: *\nAllow: /\n\nSitemap: " + s.publicURL + "/sitemap.xml\n"), nil
	})
}

type urlset struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
	// Links are the addresses in all languages.
	Links []sitemapLink `xml:"http://www.w3.org/1999/xhtml link"`
}

type sitemapLink struct {
	Rel      string `xml:"rel,attr"`
	Language string `xml:"hreflang,attr"`
	Href     string `xml:"href,attr"`
}

// sitemap lists the pages for search engines, in all languages.
func (s *Server) sitemap(c echo.Context) error {
	snapshot, err := s.releases.Current()
	if err != nil {
		return err
	}
	return s.writePlain(c, snapshot.Key(), "application/xml", func() ([]byte, error) { return s.buildSitemap(snapshot) })
}

func (s *Server) buildSitemap(snapshot *release.Snapshot) ([]byte, error) {
	var set urlset
	for _, p := range site.Pages() {
		if p.Unlisted {
			continue
		}
		for _, id := range p.IDs(snapshot) {
			path := strings.Replace(p.Pattern, "{id}", id, 1)
			var links []sitemapLink
			for _, language := range site.Languages() {
				links = append(links, sitemapLink{"alternate", language, s.publicURL + site.Address(language, path)})
			}
			for _, l := range links {
				set.URLs = append(set.URLs, sitemapURL{l.Href, lastModified(snapshot.Latest, p, path), links})
			}
		}
	}
	body, err := xml.MarshalIndent(set, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("sitemap: %w", err)
	}
	return append([]byte(xml.Header), append(body, '\n')...), nil
}

// lastModified returns the day on which the content of a page last changed: its dataset's
// or, for a page that shows several, the release's.
func lastModified(r *domain.Release, p site.Page, path string) string {
	id, ofDataset := strings.CutPrefix(path, "/datasets/")
	if of := cmp.Or(p.Shows, p.Of); of != nil {
		id, ofDataset = of.ID, true
	}
	modified := r.Changed()
	if part, ok := r.Dataset(id); ok && ofDataset {
		modified = part.Changed()
	}
	return modified.UTC().Format(time.DateOnly)
}

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
	first:     dataset.Text{DE: "Keine frühere Veröffentlichung zum Vergleich.", EN: "No earlier release to compare with."},
	changed:   dataset.Text{DE: "Geändert: %s.", EN: "Changed: %s."},
	none:      dataset.Text{DE: "Keine Zeile hat sich geändert.", EN: "No row has changed."},
	kept:      dataset.Text{DE: "Frühere Veröffentlichungen werden nicht mehr aufbewahrt.", EN: "Earlier releases are no longer kept."},
}

// changesFeed returns an Atom feed of the releases and what they changed.
func (s *Server) changesFeed(c echo.Context, snapshot *release.Snapshot) error {
	return s.writeFeed(c, snapshot, "de")
}

func (s *Server) changesFeedEnglish(c echo.Context, snapshot *release.Snapshot) error {
	return s.writeFeed(c, snapshot, "en")
}

func (s *Server) writeFeed(c echo.Context, snapshot *release.Snapshot, language string) error {
	key := "feed " + language + " " + snapshot.Key()
	rep, err := s.representations.Cached(c.Request().Context(), key, coding(c), func(context.Context) (*representation.Representation, error) {
		body, err := xml.MarshalIndent(s.buildFeed(snapshot, language), "", "  ")
		if err != nil {
			return nil, err
		}
		head := representation.Head{ContentType: "application/atom+xml; charset=utf-8"}
		return representation.New(head, append([]byte(xml.Header), append(body, '\n')...)), nil
	})
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

func (s *Server) buildFeed(snapshot *release.Snapshot, language string) feed {
	base := s.publicURL + "/v1/"
	self, pages := base+"changes.atom", s.publicURL+"/releases"
	if language == "en" {
		self, pages = base+"changes.en.atom", s.publicURL+"/en/releases"
	}
	f := feed{
		Language: language, ID: self, Title: feedText.title.In(language), Author: "Zielstand",
		Rights: s.documents.Settings().License,
		Links: []feedLink{
			{"self", "application/atom+xml", self}, {"alternate", "text/html", pages}, {"alternate", "application/json", base + "changes"},
		},
	}
	if oldest := snapshot.Releases[len(snapshot.Releases)-1]; oldest.Previous != "" {
		f.Subtitle = feedText.kept.In(language)
	}
	for _, r := range snapshot.Releases {
		e := s.feedEntryOf(snapshot, r, language)
		e.Links = append([]feedLink{{"alternate", "text/html", pages + "/" + r.ID}}, e.Links...)
		f.Updated = max(f.Updated, e.Updated) // RFC 3339 in UTC sorts as text
		f.Entries = append(f.Entries, e)
	}
	return f
}

// feedEntryOf describes a release. The text does not depend on which other releases still
// exist, so that an entry changes only together with its date. The text of a withdrawn
// release also names the latest one.
func (s *Server) feedEntryOf(snapshot *release.Snapshot, r *domain.Release, language string) feedEntry {
	address := s.publicURL + "/v1/releases/" + r.ID
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

// changedDatasets names the datasets whose rows or description the release changed.
func changedDatasets(r *domain.Release, language string) string {
	var titles []string
	for _, part := range r.Datasets {
		if d := dataset.ByID(part.ID); d != nil && d != dataset.Changes && part.Modified.Equal(r.Published) {
			titles = append(titles, d.Title.In(language))
		}
	}
	if titles == nil {
		return feedText.none.In(language)
	}
	return fmt.Sprintf(feedText.changed.In(language), strings.Join(titles, ", "))
}
