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
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/plot"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/strategy"
)

// Site renders pages from a store.
type Site struct {
	store     *store.Store
	settings  Settings
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
	Entry func(context.Context, *strategy.Release, *dataset.Dataset) (catalog.Entry, error)
	// JSONLD is the description of a dataset, or of all with nil, for search
	// engines.
	JSONLD func(context.Context, *strategy.Release, *dataset.Dataset) ([]byte, error)
}

//go:embed templates/*.html site.css
var files embed.FS

// New parses the templates.
func New(s *store.Store, settings Settings) (*Site, error) {
	css, err := files.ReadFile("site.css")
	if err != nil {
		return nil, err
	}
	site := &Site{store: s, settings: settings, templates: map[string]*template.Template{}, Stylesheet: append(css, plot.CSS...)}
	for _, name := range []string{
		"start", "field", "goals", "goal", "indicators", "indicator", "ozg", "datasets", "dataset",
		"releases", "release", "contradictions", "search", "use", "legal", "error",
	} {
		t, err := template.New("layout.html").Funcs(placeholders).ParseFS(files, "templates/layout.html", "templates/parts.html", "templates/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", name, err)
		}
		site.templates[name] = t
	}
	return site, nil
}

// Request asks for a page.
type Request struct {
	// Release is what the page shows; Releases are all, the newest first.
	Release  *strategy.Release
	Releases []*strategy.Release
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
	render  func(*view) (content, error)
	// figure draws the page's plot, nil if it has none.
	figure func(*view) (string, error)
}

// content is what a page's template shows.
type content struct {
	template    string
	title       string
	description string
	data        any
	// dataset is described to search engines; nil means all.
	dataset *dataset.Dataset
	// machine are addresses of the same content for programs.
	machine []alternate
}

// alternate is another form of a page's content.
type alternate struct{ Type, Title, Href string }

// Pages lists the pages.
func Pages() []Page {
	return []Page{
		{Pattern: "/", render: (*view).start},
		{Pattern: "/fields/{id}", render: (*view).field},
		{Pattern: "/goals", render: (*view).goals},
		{Pattern: "/goals/{id}", render: (*view).goal, figure: (*view).goalFigure},
		{Pattern: "/indicators", render: (*view).indicators},
		{Pattern: "/indicators/{id}", render: (*view).indicator, figure: (*view).indicatorFigure},
		{Pattern: "/ozg", render: (*view).ozg},
		{Pattern: "/ozg/{id}", figure: (*view).ozgFigure},
		{Pattern: "/datasets", render: (*view).datasets},
		{Pattern: "/datasets/{id}", render: (*view).dataset},
		{Pattern: "/releases", render: (*view).releases},
		{Pattern: "/releases/{id}", render: (*view).release},
		{Pattern: "/contradictions", render: (*view).contradictions},
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
	return nil, strategy.ErrNotFound
}

// SVG draws the plot of a page as a file of its own.
func (s *Site) SVG(ctx context.Context, r Request) ([]byte, error) {
	v := &view{site: s, ctx: ctx, Request: r, standalone: true}
	for _, p := range Pages() {
		if p.Pattern == r.Pattern && p.figure != nil {
			svg, err := p.figure(v)
			if err == nil && svg == "" {
				err = strategy.ErrNotFound
			}
			return []byte(svg), err
		}
	}
	return nil, strategy.ErrNotFound
}

// Error renders a page that helps after an error; it needs no database.
func (s *Site) Error(language string, status int, path string) ([]byte, error) {
	v := &view{site: s, ctx: context.Background(), Request: Request{Language: language, Pattern: path}}
	name := "error.unavailable"
	if status == 404 || status == 410 {
		name = "error.missing"
	}
	return v.write(content{template: "error", title: v.word(name), data: map[string]any{"Status": status, "Text": v.word(name + ".text")}})
}

// write fills the layout with the content.
func (v *view) write(c content) ([]byte, error) {
	t, err := v.site.templates[c.template].Clone()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Funcs(v.functions()).Execute(&b, map[string]any{
		"Lang": v.Language, "Title": c.title, "Description": c.description, "Data": c.data,
		"Here": v.here(v.Language), "Other": v.here(other(v.Language)), "OtherLang": other(v.Language),
		"Release": v.Release, "JSONLD": v.jsonLD(c), "Machine": c.machine, "Query": v.Query,
	})
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", v.Pattern, err)
	}
	return b.Bytes(), nil
}

func other(language string) string {
	if language == "en" {
		return "de"
	}
	return "en"
}

// here is the path of the page in a language.
func (v *view) here(language string) string {
	path := strings.Replace(v.Pattern, "{id}", v.ID, 1)
	if v.Query != "" {
		path += "?q=" + template.URLQueryEscaper(v.Query)
	}
	return prefix(language) + path
}

// prefix is what the addresses of a language begin with.
func prefix(language string) string {
	if language == "en" {
		return "/en"
	}
	return ""
}

// jsonLD is the description for search engines; a page without one is a page
// still.
func (v *view) jsonLD(c content) template.JS {
	if v.Release == nil || v.site.settings.JSONLD == nil {
		return ""
	}
	b, err := v.site.settings.JSONLD(v.ctx, v.Release, c.dataset)
	if err != nil {
		return ""
	}
	return template.JS(strings.ReplaceAll(string(b), "</", `<\/`))
}

// Icon is the sign of the pages.
//
//go:embed icon.svg
var Icon []byte

// FigurePolicy admits the styles of a plot in a file of its own (Content
// Security Policy 3, 8.2) and nothing else.
func FigurePolicy() string {
	sum := sha256.Sum256([]byte(plot.CSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
