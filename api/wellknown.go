package api

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
)

// linkset is a set of links (RFC 9264).
type linkset struct {
	Linkset []linkContext `json:"linkset"`
}

type linkContext struct {
	Anchor      string       `json:"anchor"`
	ServiceDesc []linkTarget `json:"service-desc"`
	ServiceDoc  []linkTarget `json:"service-doc"`
	ServiceMeta []linkTarget `json:"service-meta"`
	Status      []linkTarget `json:"status"`
}

type linkTarget struct {
	Href string `json:"href"`
	Type string `json:"type,omitempty"`
}

// apiCatalog answers with the interfaces of this host (RFC 9727).
func (s *Server) apiCatalog(c echo.Context) error {
	base := s.options.PublicURL
	body, err := json.Marshal(linkset{[]linkContext{{
		Anchor:      base + "/v1",
		ServiceDesc: []linkTarget{{base + "/v1/openapi.json", "application/json"}},
		ServiceDoc:  []linkTarget{{base + "/docs", "text/html"}},
		ServiceMeta: []linkTarget{{base + "/v1/catalog/dcat.ttl", "text/turtle"}},
		Status:      []linkTarget{{base + "/readyz", "application/json"}},
	}}})
	if err != nil {
		return err
	}
	return s.write(c, representation.New(representation.Head{
		ContentType: `application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"`,
		Links:       []string{"<" + base + `/.well-known/api-catalog>; rel="api-catalog"`}, // 2
		Total:       -1,
	}, append(body, '\n')))
}

// void answers with a VoID description: where the catalogue's triples are.
func (s *Server) void(c echo.Context) error {
	const void = "http://rdfs.org/ns/void#"
	g := &rdf.Graph{}
	set := rdf.IRI(s.options.PublicURL + "/.well-known/void#catalog")
	g.Add(set, rdf.Type, rdf.IRI(void+"Dataset"))
	g.Add(set, rdf.IRI(catalog.Prefixes["dct"]+"title"), rdf.LangLiteral("Zielstand: Katalog", "de"))
	g.Add(set, rdf.IRI(catalog.Prefixes["foaf"]+"homepage"), rdf.IRI(s.options.PublicURL+"/"))
	for _, f := range rdf.Formats() {
		g.Add(set, rdf.IRI(void+"dataDump"), rdf.IRI(s.options.PublicURL+"/v1/catalog/dcat"+f.Extension))
	}
	turtle := rdf.Formats()[0]
	var body strings.Builder
	if err := turtle.Write(&body, g, rdf.Prefixes{"void": void, "dct": catalog.Prefixes["dct"], "foaf": catalog.Prefixes["foaf"]}); err != nil {
		return err
	}
	return s.writePlain(c, turtle.MediaType+"; charset=utf-8", []byte(body.String()))
}

// robots lets everybody read everything and names the sitemap (RFC 9309).
func (s *Server) robots(c echo.Context) error {
	return s.writePlain(c, "text/plain; charset=utf-8", []byte("User-agent: *\nAllow: /\n\nSitemap: "+s.options.PublicURL+"/sitemap.xml\n"))
}

type urlset struct {
	XMLName xml.Name     `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc     string `xml:"loc"`
	LastMod string `xml:"lastmod,omitempty"`
}

// sitemap lists the pages worth a search engine's visit, in both languages.
func (s *Server) sitemap(c echo.Context) error {
	snapshot, err := s.releases.Current()
	if err != nil {
		return err
	}
	set := urlset{URLs: []sitemapURL{{Loc: s.options.PublicURL + "/docs"}}}
	for _, p := range site.Pages() {
		if p.Unlisted {
			continue
		}
		for _, id := range p.IDs(snapshot) {
			path := strings.Replace(p.Pattern, "{id}", id, 1)
			for _, address := range []string{path, site.Address("en", path)} {
				set.URLs = append(set.URLs, sitemapURL{s.options.PublicURL + address, lastModified(snapshot.Latest, path)})
			}
		}
	}
	body, err := xml.MarshalIndent(set, "", "  ")
	if err != nil {
		return fmt.Errorf("sitemap: %w", err)
	}
	return s.writePlain(c, "application/xml", append([]byte(xml.Header), append(body, '\n')...))
}

// lastModified is the day on which a dataset changed, for its page; other pages
// show several.
func lastModified(r *domain.Release, path string) string {
	id, _ := strings.CutPrefix(path, "/datasets/")
	part, ok := r.Dataset(id)
	if !ok {
		return ""
	}
	return part.Modified.UTC().Format(time.DateOnly)
}
