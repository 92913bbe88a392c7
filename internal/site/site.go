// SPDX-License-Identifier: EUPL-1.2

// Package site renders the pages for people: HTML and SVG of a release, in
// German and English, from the same datasets as the API. It knows nothing of
// HTTP beyond addresses.
//
// A page is a function that reads rows into a struct of its own, and a template
// beside it that shows the struct; [Pages] lists them all. Texts are in
// words.de.yaml and words.en.yaml.
package site

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"maps"
	"net/url"
	"slices"
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
	documents *catalog.Service
	settings  Settings
	root      string // the path of the public address
	languages map[string]language
	synonyms  *synonyms
	// layoutTemplate is what pages share, cardTemplate the page of a plot to embed.
	layoutTemplate, cardTemplate *template.Template
}

// Settings are the properties of the service and its operator.
type Settings struct {
	catalog.Settings
	// Legal maps the names of the legal pages to their texts in Markdown.
	Legal map[string]string
	// Statement is what the operator says about accessibility.
	Statement Statement
	// Official reports whether a public body runs the service.
	Official bool
	// ReportURL is the address of a form for reporting errors, in which {url} stands for the
	// address of the page; empty means mail to the contact.
	ReportURL string
	// Signed reports whether the signatures of releases are served.
	Signed bool
}

//go:embed *.html
var embedded embed.FS

// New parses the words and templates.
func New(tables *release.Tables, documents *catalog.Service, settings Settings) (*Site, error) {
	public, err := url.Parse(settings.PublicURL)
	if err != nil {
		return nil, fmt.Errorf("public address: %w", err)
	}
	languages, err := loadLanguages()
	if err != nil {
		return nil, err
	}
	words, err := loadSynonyms()
	if err != nil {
		return nil, err
	}
	s := &Site{tables: tables, documents: documents, settings: settings, root: public.EscapedPath(), languages: languages, synonyms: words}
	functions := s.renderer(Request{Language: languageCodes[0]}).functions(nil) // bound again for each page
	if s.layoutTemplate, err = template.New("layout.html").Option("missingkey=error").Funcs(functions).ParseFS(embedded, "layout.html", "parts.html"); err != nil {
		return nil, fmt.Errorf("template layout: %w", err)
	}
	if s.cardTemplate, err = template.New("card.html").Option("missingkey=error").Funcs(functions).ParseFS(embedded, "card.html"); err != nil {
		return nil, fmt.Errorf("template card: %w", err)
	}
	for _, p := range append(Pages(), Page{template: errorTemplate}) {
		if p.template != "" {
			if _, err := s.template(p.template); err != nil {
				return nil, fmt.Errorf("template %s: %w", p.template, err)
			}
		}
	}
	return s, nil
}

// template returns the layout with the content of a page. It is parsed for each page that is
// built: kept, the templates would be most of what the garbage collector has to mark.
func (s *Site) template(name string) (*template.Template, error) {
	t, err := s.layoutTemplate.Clone()
	if err != nil {
		return nil, err
	}
	return t.ParseFS(embedded, name+".html")
}

// Request asks for a page.
type Request struct {
	// Release is what the page shows; Releases are all, the newest first.
	Release  *domain.Release
	Releases []*domain.Release
	// Language is one of Languages.
	Language string
	// Pattern is the pattern of a Page; ID replaces its {id}.
	Pattern, ID string
	// Vocabulary is that of the release.
	Vocabulary *release.Vocabulary
	// Params are the parameters that the page knows (Page.Parameters), without empty ones.
	Params url.Values
	// Today is the day for which the page is rendered.
	Today time.Time
}

// path returns the path of the page without the language.
func (r Request) path() string { return strings.Replace(r.Pattern, "{id}", url.PathEscape(r.ID), 1) }

// address returns the path and query of the page in a language.
func (r Request) address(language string) string { return r.formAddress(language, Whole) }

// formAddress returns the path and query of a form of the page in a language.
func (r Request) formAddress(language string, form Form) string {
	path := Address(language, r.path())
	if r.Pattern == "/" && form != Whole {
		path = Address(language, "/start")
	}
	path += string(form)
	if len(r.Params) > 0 {
		path += "?" + encodeQuery(r.Params)
	}
	return path
}

// Path puts the path of the public address before a path, for redirects.
func (s *Site) Path(path string) string { return s.root + path }

// renderer is what the function of a page works with: the request, the rows of
// the release, the names of what they refer to, and addresses.
type renderer struct {
	Request
	reader
	names
	root, publicURL string
	languages       map[string]language
	documents       *catalog.Service
	settings        Settings
	synonyms        *synonyms
	// list is the form of the list that the page shows, nil if it shows none.
	list *listForm
}

// renderer returns one that knows no names yet.
func (s *Site) renderer(r Request) *renderer {
	return &renderer{
		Request: r, reader: reader{s.tables, r.Release}, names: newNames(s.languages[r.Language]),
		root: s.root, publicURL: s.settings.PublicURL, languages: s.languages, documents: s.documents, settings: s.settings, synonyms: s.synonyms,
	}
}

// load returns a renderer with the names of the release.
func (s *Site) load(ctx context.Context, r Request) (*renderer, error) {
	out := s.renderer(r)
	var err error
	out.names, err = loadNames(ctx, out.reader, out.language)
	return out, err
}

// html renders a page.
func (s *Site) html(ctx context.Context, request Request) ([]byte, error) {
	r, built, err := s.build(ctx, request)
	if err != nil {
		return nil, err
	}
	return s.execute(lookup(request.Pattern).template, r, built)
}

// build collects what a page shows, with its title. The error is domain.ErrNotFound if
// there is no such page or row.
func (s *Site) build(ctx context.Context, request Request) (*renderer, page, error) {
	p := lookup(request.Pattern)
	if p == nil || p.build == nil {
		return nil, nil, domain.ErrNotFound
	}
	r, err := s.load(ctx, request)
	if err != nil {
		return nil, nil, err
	}
	built, err := p.build(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	f := built.base()
	if f.Title == "" {
		f.Title = r.word(cmp.Or(p.title, p.name))
		if r.list != nil && r.list.Filtered {
			f.Title = r.word(p.name) // not “all goals”
		}
	}
	r.finishList(f)
	return r, built, nil
}

// execute fills the template of a page.
func (s *Site) execute(name string, r *renderer, p page) ([]byte, error) {
	f := p.base()
	var err error
	if f.layout, err = r.layout(f); err != nil {
		return nil, fmt.Errorf("page %s: %w", r.Pattern, err)
	}
	t, err := s.template(name)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.Funcs(r.functions(f.listed)).Execute(&b, p); err != nil {
		return nil, fmt.Errorf("page %s: %w", r.Pattern, err)
	}
	return b.Bytes(), nil
}

// functions returns what templates call. The contradictions listed on the page
// are linked there.
func (r *renderer) functions(listed map[string]bool) template.FuncMap {
	title := func(d *dataset.Dataset) func(string) string {
		return func(id string) string { return r.nameOf(d, id) }
	}
	linked := map[string]bool{} // the terms that the page has explained
	out := r.language.functions()
	maps.Copy(out, template.FuncMap{
		"path": r.page, "file": r.file,
		"name": r.name, "label": r.label, "definition": r.definition, "inLanguage": r.cell, "languageOf": r.cellLanguage, "sourceDate": r.sourceDate,
		"area": title(dataset.Areas), "source": title(dataset.Sources), "field": title(dataset.FieldsOfAction),
		"goal": title(dataset.Goals), "indicator": title(dataset.Indicators), "strategy": title(dataset.Strategies),
		"columns": columnNames, "heading": heading, "share": r.share, "asset": asset, "shortSource": r.shortSource, "press": r.press, "filterText": r.filterText, "described": r.described, "amount": r.amount, "lastPeriod": r.lastPeriod, "dated": r.dated, "breakdown": r.breakdown,
		"term": func(codelist, code string) template.HTML {
			return r.term(linked, codelist, code, r.label(codelist, code))
		},
		"outcomeTerm": func(goal Row) template.HTML {
			return r.term(linked, "assessment", cmp.Or(goal.Get("assessment"), goal.Get("status")), r.outcomeOf(goal))
		},
		"linked": func(note string) template.HTML { return r.linkIdentifiers(note, listed) },
	})
	return out
}

// FigurePolicy allows the styles of a plot in a file of its own (Content Security
// Policy 3, 8.2) and nothing else.
func FigurePolicy() string {
	sum := sha256.Sum256([]byte(plot.CSS))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// lookup returns the page with the pattern, nil if there is none.
func lookup(pattern string) *Page {
	pages := Pages()
	i := slices.IndexFunc(pages, func(p Page) bool { return p.Pattern == pattern })
	if i < 0 {
		return nil
	}
	return &pages[i]
}
