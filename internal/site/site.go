// Package site renders the pages for people: HTML and SVG of a release, in
// German and English, from the same datasets as the API. It knows nothing of
// HTTP beyond addresses.
package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plot"
	"github.com/zielstand/zielstand/internal/release"
)

// Site renders pages from the tables of releases.
type Site struct {
	tables    *release.Tables
	settings  Settings
	root      string
	templates map[string]*template.Template
	// Stylesheet is the CSS of all pages and plots.
	Stylesheet []byte
}

// Settings are what the pages say of the service and who runs it.
type Settings struct {
	catalog.Settings
	// Legal are the texts of the legal pages by name: imprint, privacy,
	// accessibility. Empty ones say that the operator has not set them.
	Legal map[string]string
	// Entry describes a dataset of a release with its files.
	Entry func(context.Context, *domain.Release, *dataset.Dataset) (catalog.Entry, error)
	// JSONLD is the description of a dataset, or of the catalogue with nil, for
	// search engines.
	JSONLD func(context.Context, *domain.Release, *dataset.Dataset) ([]byte, error)
}

//go:embed templates/*.html site.css
var files embed.FS

// Icon is the sign of the pages.
//
//go:embed icon.svg
var Icon []byte

// New parses the templates.
func New(tables *release.Tables, settings Settings) (*Site, error) {
	css, err := files.ReadFile("site.css")
	if err != nil {
		return nil, err
	}
	public, err := url.Parse(settings.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("public address: %w", err)
	}
	site := &Site{
		tables: tables, settings: settings, root: public.EscapedPath(),
		templates: map[string]*template.Template{}, Stylesheet: append(css, plot.CSS...),
	}
	for _, name := range templateNames {
		t, err := template.New("layout.html").Option("missingkey=error").Funcs(placeholders).
			ParseFS(files, "templates/layout.html", "templates/parts.html", "templates/tables.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		site.templates[name] = t
	}
	return site, nil
}

var templateNames = []string{
	"start", "field", "goals", "goal", "indicators", "indicator", "ozg", "datasets", "dataset", "releases", "release",
	"contradictions", "sources", "search", "use", "legal", "error",
}

// Request asks for a page.
type Request struct {
	// Release is what the page shows; Releases are all, the newest first.
	Release  *domain.Release
	Releases []*domain.Release
	// Language is de or en.
	Language string
	// Pattern is the address with {id}, ID what stands there.
	Pattern, ID string
	// Query is what a search looks for.
	Query string
	// Today decides what is due.
	Today time.Time
}

// Page is one kind of page.
type Page struct {
	// Pattern is the address without the language, with {id}.
	Pattern string
	// Of is the dataset whose rows have a page each, or nil.
	Of     *dataset.Dataset
	render func(*view) (content, error)
	// figure draws the page's plot, nil if it has none.
	figure func(*view) (string, error)
}

// Pages lists the pages.
func Pages() []Page {
	return []Page{
		{Pattern: "/", render: (*view).start},
		{Pattern: "/fields/{id}", Of: dataset.FieldsOfAction, render: (*view).field},
		{Pattern: "/goals", render: (*view).goals},
		{Pattern: "/goals/{id}", Of: dataset.Goals, render: (*view).goal, figure: (*view).goalFigure},
		{Pattern: "/indicators", render: (*view).indicators},
		{Pattern: "/indicators/{id}", Of: dataset.Indicators, render: (*view).indicator, figure: (*view).indicatorFigure},
		{Pattern: "/ozg", render: (*view).ozg},
		{Pattern: "/ozg/{id}", figure: (*view).ozgFigure},
		{Pattern: "/contradictions", render: (*view).contradictions},
		{Pattern: "/sources", render: (*view).sources},
		{Pattern: "/datasets", render: (*view).datasets},
		{Pattern: "/datasets/{id}", render: (*view).dataset},
		{Pattern: "/releases", render: (*view).releases},
		{Pattern: "/releases/{id}", render: (*view).release},
		{Pattern: "/search", render: (*view).search},
		{Pattern: "/use", render: (*view).use},
		{Pattern: "/imprint", render: legalPage("imprint")},
		{Pattern: "/privacy", render: legalPage("privacy")},
		{Pattern: "/accessibility", render: legalPage("accessibility")},
	}
}

// HTML renders a page. It is ErrNotFound if there is no such page or row.
func (s *Site) HTML(ctx context.Context, r Request) ([]byte, error) {
	v := &view{site: s, ctx: ctx, Request: r}
	for _, p := range Pages() {
		if p.Pattern == r.Pattern && p.render != nil {
			c, err := p.render(v)
			if err != nil {
				return nil, err
			}
			return v.write(c)
		}
	}
	return nil, domain.ErrNotFound
}

// SVG draws the plot of a page as a file of its own.
func (s *Site) SVG(ctx context.Context, r Request) ([]byte, error) {
	v := &view{site: s, ctx: ctx, Request: r, standalone: true}
	for _, p := range Pages() {
		if p.Pattern == r.Pattern && p.figure != nil {
			svg, err := p.figure(v)
			if err == nil && svg == "" {
				err = domain.ErrNotFound
			}
			if err == nil {
				err = v.err
			}
			return []byte(svg), err
		}
	}
	return nil, domain.ErrNotFound
}

// write fills the layout with the content.
func (v *view) write(c content) ([]byte, error) {
	t, err := v.site.templates[c.template].Clone()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Funcs(v.functions()).Execute(&b, v.layout(c)); err != nil {
		return nil, fmt.Errorf("page %s: %w", v.Pattern, err)
	}
	if v.err != nil {
		return nil, fmt.Errorf("page %s: %w", v.Pattern, v.err)
	}
	return b.Bytes(), nil
}

// FigurePolicy admits the styles of a plot in a file of its own (Content
// Security Policy 3, 8.2) and nothing else.
func FigurePolicy() string {
	sum := sha256.Sum256([]byte(plot.CSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// prefix is what the addresses of a language begin with.
func prefix(language string) string {
	if language == "en" {
		return "/en"
	}
	return ""
}

func other(language string) string {
	if language == "en" {
		return "de"
	}
	return "en"
}

// Address is the path of a page in a language, without the path of the service.
func Address(language, path string) string {
	if path == "/" && language == "en" {
		return "/en"
	}
	return prefix(language) + path
}

// Path is an address without the name of the server, for redirects.
func (s *Site) Path(path string) string { return s.root + path }

// local is the page's own path in a language.
func (v *view) local(language string) string {
	path := Address(language, strings.Replace(v.Pattern, "{id}", url.PathEscape(v.ID), 1))
	if v.Query != "" {
		path += "?q=" + url.QueryEscape(v.Query)
	}
	return path
}
