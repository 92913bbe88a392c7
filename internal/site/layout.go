package site

import (
	"html/template"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// content is what a page shows within the layout.
type content struct {
	template    string
	title       string
	description string
	data        any
	// dataset is described to search engines; nil means the catalogue.
	dataset *dataset.Dataset
	// of are the datasets whose rows the page shows; it is then described as a
	// dataset of its own. parts are the datasets that it consists of.
	of, parts []*dataset.Dataset
	// version is the release that the page is of; empty means the newest.
	version string
	// downloads are what the page shows, to take along.
	downloads []download
	// machine are further addresses of the content for programs.
	machine []alternate
	// transient pages are not for search engines to keep; failed ones stand in
	// place of a page and have no address of their own.
	transient, failed bool
}

// layout is what the template of all pages takes.
type layout struct {
	Lang, Title, Description string
	// Here is the address of the page, Other that in the other language.
	Here, Other, OtherLang string
	// Public is Here as others reach it.
	Public    string
	Versions  []version
	Release   *domain.Release
	JSONLD    template.JS
	Machine   []alternate
	Downloads []download
	Menu      []entry
	Legal     []entry
	Query     string
	Transient bool
	Failed    bool
	License   string
	Credit    string
	Data      any
}

// version is the page in a language (hreflang).
type version struct{ Lang, Href string }

// entry is an entry of the menu.
type entry struct {
	Href, Title string
	Current     bool
}

func (v *view) layout(c content) layout {
	settings := v.site.settings
	l := layout{
		Lang: v.Language, Title: c.title, Description: c.description, Query: v.Query, Transient: c.transient, Failed: c.failed,
		Here: v.file(v.local(v.Language)), Other: v.file(v.local(other(v.Language))), OtherLang: other(v.Language),
		Public: settings.PublicURL + v.local(v.Language), Release: v.Release, JSONLD: v.jsonLD(c),
		Downloads: c.downloads, Machine: v.alternates(c), License: settings.License, Credit: settings.Attribution,
		Menu: v.menu(), Legal: v.legalMenu(), Data: c.data,
	}
	for _, lang := range []string{"de", "en"} {
		l.Versions = append(l.Versions, version{lang, settings.PublicURL + v.local(lang)})
	}
	l.Versions = append(l.Versions, version{"x-default", settings.PublicURL + v.local("de")})
	return l
}

// alternates are the forms of the page for programs, then those that every page
// has: the catalogue and the feed.
func (v *view) alternates(c content) []alternate {
	var out []alternate
	for _, d := range c.downloads {
		for _, f := range d.Forms {
			f.Title = d.Title + ": " + f.Title
			out = append(out, f)
		}
	}
	out = append(out, c.machine...)
	return append(out,
		alternate{"text/turtle", "DCAT-AP.de", v.file("/v1/catalog/dcat.ttl")},
		alternate{"application/atom+xml", v.word("feed"), v.file(v.feed())})
}

func (v *view) feed() string {
	if v.Language == "en" {
		return "/v1/changes.en.atom"
	}
	return "/v1/changes.atom"
}

// sections are the entries of the menu with the paths that belong to them.
var sections = []struct {
	path, word string
	more       []string
}{
	{"/goals", "nav.goals", []string{"/fields"}},
	{"/indicators", "nav.figures", nil},
	{"/ozg", "nav.ozg", nil},
	{"/contradictions", "nav.against", nil},
	{"/sources", "nav.sources", nil},
	{"/datasets", "nav.data", nil},
	{"/use", "nav.use", nil},
	{"/releases", "nav.releases", nil},
}

func (v *view) menu() []entry {
	var out []entry
	for _, s := range sections {
		current := false
		for _, p := range append(s.more, s.path) {
			current = current || v.Pattern == p || strings.HasPrefix(v.Pattern, p+"/")
		}
		out = append(out, entry{v.path(s.path), v.word(s.word), current})
	}
	return out
}

func (v *view) legalMenu() []entry {
	var out []entry
	for _, name := range []string{"imprint", "privacy", "accessibility"} {
		out = append(out, entry{v.path("/" + name), v.word("legal." + name), v.Pattern == "/"+name})
	}
	return out
}
