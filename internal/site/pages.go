// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"context"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Page describes a page: its address, where it is listed, and how it is built. To add a
// page, add it to Pages, and write a function and a template of its own.
type Page struct {
	// Pattern is the address without the language. With {id} there is a page for
	// each row, dataset or release.
	Pattern string
	// Of is the dataset whose rows have a page each, or nil.
	Of *dataset.Dataset
	// Shows is the dataset that the page is about if that is optional: while it has no rows,
	// the page does not exist, and an area has a page only if it has rows there.
	Shows *dataset.Dataset
	// Unlisted pages are not in the sitemap.
	Unlisted bool
	// name is the key of what menus and links call the page. title is the key of its
	// title if that is another; build may set one too.
	name, title string
	menu        menu
	// section is the page in the menu that this one belongs to, if its address
	// does not show it.
	section string
	// template is the name of the template's file; build fills it. Both are empty
	// if there is only a plot.
	template string
	build    func(context.Context, *renderer) (page, error)
	// figure draws the plot of the page, nil if it has none.
	figure func(context.Context, *renderer) (chart, error)
	// optional pages exist if the operator has set their text.
	optional bool
	// list defines the parameters of the list on the page, nil if it has none; parameters
	// are the names of further parameters that the page knows.
	list       *listing
	parameters []string
}

// menu is where a page is listed on all pages.
type menu int

const (
	noMenu menu = iota
	mainMenu
	footerMenu
)

// Pages lists the pages in the order of the menus.
func Pages() []Page {
	return []Page{
		{Pattern: "/", title: "start.title", template: "start", build: buildStart},
		{Pattern: "/fields/{id}", Of: dataset.FieldsOfAction, section: "/goals", template: "field", build: buildField},
		{Pattern: "/goals", name: "nav.goals", title: "goals.title", menu: mainMenu, template: "goals", build: buildGoals, figure: goalsFigure, list: goalListing},
		{Pattern: "/goals/{id}", Of: dataset.Goals, template: "goal", build: buildGoal, figure: goalFigure},
		{Pattern: "/indicators", name: "nav.indicators", title: "indicators.title", menu: mainMenu, template: "indicators", build: buildIndicators, list: indicatorListing},
		{Pattern: "/indicators/{id}", Of: dataset.Indicators, template: "indicator", build: buildIndicator, figure: indicatorFigure},
		{Pattern: "/milestones", name: "milestones.title", section: "/goals", template: "milestones", build: buildMilestones, list: milestoneListing},
		{Pattern: "/ozg", name: "nav.ozg", title: "ozg.title", menu: mainMenu, template: "ozg", build: buildOZG},
		{Pattern: "/areas", Shows: dataset.ServiceCounts, name: "nav.areas", title: "areas.title", menu: mainMenu, template: "areas", build: buildAreas, list: areasListing, parameters: []string{"page"}},
		{Pattern: "/areas/{id}", Of: dataset.Areas, Shows: dataset.ServiceCounts, template: "area", build: buildArea, list: areaListing, parameters: []string{"page"}},
		{Pattern: "/ozg/{id}", Unlisted: true, figure: ozgFigure},
		{Pattern: figurePattern, Unlisted: true, section: "/indicators", template: "figure", build: buildFigure},
		{Pattern: "/contradictions", name: "nav.contradictions", menu: mainMenu, template: "contradictions", build: buildContradictions, list: contradictionListing},
		{Pattern: "/sources", name: "nav.sources", menu: mainMenu, template: "sources", build: buildSources, list: sourceListing},
		{Pattern: "/sources/{id}", Of: dataset.Sources, template: "source", build: buildSource},
		{Pattern: themePattern, section: "/goals", template: "theme", build: buildTheme},
		{Pattern: "/datasets", name: "datasets.title", menu: mainMenu, template: "datasets", build: buildDatasets},
		{Pattern: datasetPattern, template: "dataset", build: buildDataset},
		{Pattern: "/use", name: "use.title", menu: mainMenu, template: "use", build: buildUse},
		{Pattern: "/releases", name: "releases.title", menu: mainMenu, template: "releases", build: buildReleases},
		{Pattern: releasePattern, template: "release", build: buildRelease},
		{Pattern: "/method", name: "method.title", menu: footerMenu, template: "method", build: buildMethod},
		{Pattern: "/glossary", name: "glossary.title", menu: footerMenu, template: "glossary", build: buildGlossary},
		{Pattern: "/search", Unlisted: true, name: "search.title", template: "search", build: buildSearch, parameters: []string{"q", "kind", "page"}},
		{Pattern: "/imprint", Unlisted: true, name: "legal.imprint", menu: footerMenu, template: "legal", build: buildLegal},
		{Pattern: "/privacy", Unlisted: true, name: "legal.privacy", menu: footerMenu, template: "legal", build: buildLegal},
		{Pattern: "/accessibility", Unlisted: true, name: "legal.accessibility", menu: footerMenu, template: "accessibility", build: buildAccessibility},
		{Pattern: "/plain-language", Unlisted: true, name: "legal.plain-language", menu: footerMenu, template: "legal", build: buildLegal, optional: true},
		{Pattern: "/sign-language", Unlisted: true, name: "legal.sign-language", menu: footerMenu, template: "legal", build: buildLegal, optional: true},
	}
}

// The pages of things that are not rows.
const (
	datasetPattern = "/datasets/{id}"
	releasePattern = "/releases/{id}"
	figurePattern  = "/figures/{id}"
	themePattern   = "/themes/{id}"
)

// exists reports whether the release, nil on an error page, has what the page shows.
func (p Page) exists(r *domain.Release) bool {
	return p.Shows == nil || r != nil && catalog.Listed(r, p.Shows)
}

// Parameters returns the parameters that the page knows.
func (p Page) Parameters() []string {
	if p.list == nil {
		return p.parameters
	}
	return append(p.list.parameters(), p.parameters...)
}

// Refuses reports whether a parameter is one of the API that the list on the page does not
// have: if it were ignored, the page would show other rows.
func (p Page) Refuses(parameter string) bool {
	return p.list != nil && slices.Contains(p.list.of.ParameterNames(), parameter) && !slices.Contains(p.Parameters(), parameter)
}

// Forms returns the suffixes that the address of the page can have.
func (p Page) Forms() []Form {
	var out []Form
	if p.figure != nil {
		out = append(out, SVG, PNG, Card, Data, Metadata)
	}
	if p.build != nil && !strings.Contains(p.Pattern, "search") {
		out = append(out, Preview, BibTeX, RIS)
	}
	return out
}

// IDs returns the identifiers that have a page in a snapshot. A page without {id}
// has the empty identifier.
func (p Page) IDs(s *release.Snapshot) []string {
	var ids []string
	switch {
	case !p.exists(s.Latest):
		return nil
	case p.Shows != nil && p.Of == dataset.Areas:
		return s.Vocabulary.Offering()
	case p.Of != nil:
		return s.Vocabulary.IDs(p.Of.ID)
	case p.Pattern == datasetPattern:
		for _, part := range s.Latest.Datasets {
			if d := dataset.ByID(part.ID); d != nil && catalog.Listed(s.Latest, d) {
				ids = append(ids, part.ID)
			}
		}
	case p.Pattern == releasePattern:
		for _, r := range s.Releases {
			ids = append(ids, r.ID)
		}
	case p.Pattern == themePattern:
		return s.Vocabulary.Codes("theme")
	case !strings.Contains(p.Pattern, "{id}"):
		return []string{""}
	}
	return ids
}

// Datasets returns the datasets whose rows have a page each.
func (p Page) Datasets() []*dataset.Dataset {
	switch {
	case p.Of != nil:
		return []*dataset.Dataset{p.Of}
	case p.Pattern == figurePattern:
		return []*dataset.Dataset{dataset.Observations, dataset.OZGServiceCounts}
	}
	return nil
}

// Title returns what links call the page of a request, empty if that is unknown.
func (s *Site) Title(ctx context.Context, request Request) string {
	p, r := lookup(request.Pattern), s.renderer(request)
	rowTitle := func(d *dataset.Dataset, id string) string {
		row, _ := r.row(ctx, d, id) // without cells if there is none
		return r.name(row)
	}
	switch d := dataset.ByID(r.ID); {
	case p == nil:
	case p.name != "":
		return r.word(p.name)
	case p.Of != nil:
		return rowTitle(p.Of, r.ID)
	case p.Pattern == themePattern:
		return rowTitle(dataset.Codelists, "theme."+r.ID)
	case p.Pattern == releasePattern:
		return r.word("release") + " " + r.ID
	case p.Pattern == datasetPattern && d != nil:
		return r.text(d.Title)
	}
	return ""
}

// menuEntry is an entry of a menu.
type menuEntry struct {
	Href, Title string
	// Current is page if the page is this one, true if it belongs to it, else empty
	// (WAI-ARIA, aria-current).
	Current string
}

// leadsTo reports whether a page without id exists.
func (r *renderer) leadsTo(p *Page) bool {
	return !(p.optional && r.settings.Legal[p.Pattern[1:]] == "") && p.exists(r.Release)
}

// menu lists the pages of a menu. A failed page belongs to none of them.
func (r *renderer) menu(of menu, failed bool) []menuEntry {
	section := section(r.Pattern)
	var out []menuEntry
	for _, p := range Pages() {
		if p.menu == of && r.leadsTo(&p) {
			entry := menuEntry{Href: r.page(p.Pattern), Title: r.word(p.name)}
			switch {
			case failed:
			case p.Pattern == r.Pattern:
				entry.Current = "page"
			case p.Pattern == section:
				entry.Current = "true"
			}
			out = append(out, entry)
		}
	}
	return out
}

// section returns the pattern of the page in the menu that an address belongs to.
func section(address string) string {
	first, _, sub := strings.Cut(strings.TrimPrefix(address, "/"), "/")
	first = "/" + first
	for _, p := range Pages() {
		if p.section != "" && p.Pattern == address {
			return p.section
		}
		if sub && p.section != "" && strings.HasPrefix(p.Pattern, first+"/") {
			return p.section
		}
	}
	return first
}
