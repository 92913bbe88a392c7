// SPDX-License-Identifier: EUPL-1.2

package site

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
)

// page is what a template shows: a struct that embeds a frame.
type page interface{ base() *frame }

// frame is what all pages have in common. The function of a page fills what
// applies, the layout follows.
type frame struct {
	layout
	Title, Description string
	// Selection describes what a list is filtered by.
	Selection string
	// Downloads offer what the page shows.
	Downloads []download
	// Citation is how to cite the page, nil if there is nothing to cite.
	Citation *citation
	// NoIndex keeps the page out of search engines. Failed pages replace another
	// one and have no address of their own.
	NoIndex, Failed bool

	// alternates are further addresses of the content for programs.
	alternates []alternate
	// described is the dataset that search engines are told about. Otherwise shown
	// are the datasets whose rows the page shows, or parts the datasets that it
	// consists of: the page is then described as a dataset of its own. The default
	// is the catalogue.
	described    *catalog.Entry
	shown, parts []*dataset.Dataset
	// version is the release that the page is about; the default is the one shown.
	version string
	// listed are the contradictions on the page.
	listed map[string]bool
}

func (f *frame) base() *frame { return f }

// FullTitle returns the title with the selection of a list.
func (f *frame) FullTitle() string {
	if f.Selection == "" {
		return f.Title
	}
	return f.Title + " – " + f.Selection
}

// layout is what layout.html takes besides the frame.
type layout struct {
	Lang string
	// Here is the address of the page, Public the same with the name of the server.
	Here, Public string
	// Others link to the page in the other languages, Translations to all.
	Others, Translations []translation
	Alternates           []alternate
	Feed                 string
	Release              *domain.Release
	JSONLD               template.JS
	Menu, Legal          []menuEntry
	Query                string
	Operator             operator
	// Preview is the address of a picture of the page, for links to it.
	Preview string
	// Day is the day on which the page was requested, for print.
	Day time.Time
	// Report is where to report an error.
	Report                       string
	License, LicenseName, Credit string
}

// translation is the address of the page in a language (hreflang) and the language's own
// name.
type translation struct{ Lang, Href, Name string }

func (r *renderer) layout(f *frame) (layout, error) {
	l := layout{
		Lang: r.Code, Here: r.file(r.address(r.Code)),
		Public: r.publicURL + r.address(r.Code), Release: r.Release, Query: r.searched(), Operator: r.operator(), Report: r.reportAddress(), Day: r.Today,
		Menu: r.menu(mainMenu, f.Failed), Legal: r.menu(footerMenu, f.Failed), Feed: r.file("/v1/changes.atom"),
		License: r.settings.License, LicenseName: r.text(dataset.LicenseTitle(r.settings.License)), Credit: r.settings.Attribution,
	}
	if r.data() == "en" {
		l.Feed = r.file("/v1/changes.en.atom")
	}
	if r.Release != nil && !f.Failed && (!f.NoIndex || r.list != nil) {
		l.Preview = r.publicURL + r.formAddress(r.Code, Preview)
	}
	for _, code := range languageCodes {
		name := r.languages[code].word("language")
		l.Translations = append(l.Translations, translation{code, r.publicURL + r.address(code), name})
		if code != r.Code {
			l.Others = append(l.Others, translation{code, r.file(r.address(code)), name})
		}
	}
	l.Translations = append(l.Translations, translation{Lang: "x-default", Href: r.publicURL + r.address(languageCodes[0])})
	for _, d := range f.Downloads {
		for _, form := range d.Forms {
			form.Title = d.Title + ": " + form.Title
			l.Alternates = append(l.Alternates, form)
		}
	}
	l.Alternates = append(append(l.Alternates, f.alternates...),
		alternate{"text/turtle", "DCAT-AP.de", r.file("/v1/catalog/dcat.ttl")},
		alternate{"application/atom+xml", r.word("feed"), l.Feed})
	var err error
	l.JSONLD, err = r.jsonLD(f)
	return l, err
}

// reportAddress returns where a reader reports an error on the page: the operator's form
// or a mail, with the address of the page; empty if there is neither.
func (r *renderer) reportAddress() string {
	address := r.publicURL + r.address(r.Code)
	switch {
	case r.settings.ReportURL != "":
		return strings.ReplaceAll(r.settings.ReportURL, "{url}", url.QueryEscape(address))
	case r.settings.Contact.Email != "":
		q := url.Values{"subject": {r.word("report.subject")}, "body": {address}}
		return "mailto:" + r.settings.Contact.Email + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
	}
	return ""
}

// jsonLD describes the page to search engines. Every < is escaped, so that
// nothing in it can end the element or begin a comment (HTML, 4.12.1.3).
func (r *renderer) jsonLD(f *frame) (template.JS, error) {
	if r.Release == nil || f.Failed {
		return "", nil
	}
	var b bytes.Buffer
	var err error
	if f.shown != nil || f.parts != nil {
		var content []byte
		content, err = json.Marshal(r.schemaDataset(f))
		b.Write(content)
	} else {
		var graph *rdf.Graph
		if graph, err = catalog.SchemaOrgDataset(r.settings.Settings, r.Release, f.described); err == nil {
			format, _ := rdf.LookupFormat("jsonld")
			err = format.Write(&b, graph, catalog.Prefixes)
		}
	}
	return template.JS(bytes.ReplaceAll(b.Bytes(), []byte("<"), []byte(`\u003c`))), err
}

// schemaDataset describes what a page shows with schema.org: rows of some
// datasets of one release.
type schemaDataset struct {
	Context struct {
		Vocabulary string `json:"@vocab"`
	} `json:"@context"`
	Type        string           `json:"@type"`
	ID          string           `json:"@id"`
	URL         schemaReference  `json:"url"`
	Name        string           `json:"name"`
	Description string           `json:"description"`
	Language    string           `json:"inLanguage"` // of the rows
	Version     string           `json:"version"`
	Free        bool             `json:"isAccessibleForFree"`
	License     schemaReference  `json:"license"`
	Publisher   schemaNamed      `json:"publisher"`
	Catalog     schemaReference  `json:"includedInDataCatalog"`
	PartOf      []schemaNamed    `json:"isPartOf,omitempty"`
	Parts       []schemaNamed    `json:"hasPart,omitempty"`
	Files       []schemaDownload `json:"distribution,omitempty"`
}

type schemaReference struct {
	ID string `json:"@id"`
}

type schemaNamed struct {
	Type string `json:"@type"`
	ID   string `json:"@id,omitempty"`
	Name string `json:"name"`
}

type schemaDownload struct {
	Type   string          `json:"@type"`
	Name   string          `json:"name"`
	Format string          `json:"encodingFormat"`
	URL    schemaReference `json:"contentUrl"`
}

func (r *renderer) schemaDataset(f *frame) schemaDataset {
	s := r.settings
	public := r.publicURL + r.address(r.Code)
	d := schemaDataset{
		Type: "Dataset", ID: public + "#rows", URL: schemaReference{public},
		Name: f.Title, Description: f.Description, Language: "de", Version: cmp.Or(f.version, r.Release.ID), Free: true,
		License: schemaReference{s.License}, Publisher: schemaNamed{Type: "Organization", Name: s.Publisher.Name},
		Catalog: schemaReference{s.CatalogIRI()}, PartOf: r.schemaParts(f.shown), Parts: r.schemaParts(f.parts),
	}
	d.Context.Vocabulary = "https://schema.org/"
	for _, part := range f.Downloads {
		for _, form := range part.Forms {
			address := r.publicURL + strings.TrimPrefix(form.Href, r.root)
			d.Files = append(d.Files, schemaDownload{"DataDownload", part.Title + ": " + form.Title, form.Type, schemaReference{address}})
		}
	}
	return d
}

func (r *renderer) schemaParts(datasets []*dataset.Dataset) []schemaNamed {
	var out []schemaNamed
	for _, d := range datasets {
		out = append(out, schemaNamed{"Dataset", r.settings.DatasetIRI(d.ID), r.text(d.Title)})
	}
	return out
}
