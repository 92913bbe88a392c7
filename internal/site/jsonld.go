package site

import (
	"bytes"
	"cmp"
	"encoding/json"
	"html/template"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
)

// jsonLD is the description for search engines. Every < is escaped: nothing in
// it can end the element or begin a comment (HTML, 4.12.1.3).
func (v *view) jsonLD(c content) template.JS {
	if v.Release == nil {
		return ""
	}
	b, err := v.described(c)
	if err != nil {
		v.fail(err)
		return ""
	}
	return template.JS(bytes.ReplaceAll(b, []byte("<"), []byte(`\u003c`)))
}

func (v *view) described(c content) ([]byte, error) {
	if c.of == nil && c.parts == nil {
		return v.site.settings.JSONLD(v.ctx, v.Release, c.dataset)
	}
	return json.Marshal(v.schemaDataset(c))
}

// schemaDataset is what a page shows in the words of schema.org: rows of some
// datasets, of one release.
type schemaDataset struct {
	Context   schemaContext    `json:"@context"`
	Type      string           `json:"@type"`
	ID        string           `json:"@id"`
	URL       schemaReference  `json:"url"`
	Name      string           `json:"name"`
	About     string           `json:"description"`
	Language  string           `json:"inLanguage"` // of the rows
	Version   string           `json:"version"`
	Free      bool             `json:"isAccessibleForFree"`
	License   schemaReference  `json:"license"`
	Publisher schemaPublisher  `json:"publisher"`
	Catalog   schemaReference  `json:"includedInDataCatalog"`
	Of        []schemaPart     `json:"isPartOf,omitempty"`
	Parts     []schemaPart     `json:"hasPart,omitempty"`
	Files     []schemaDownload `json:"distribution,omitempty"`
}

type schemaContext struct {
	Vocabulary string `json:"@vocab"`
}

type schemaReference struct {
	ID string `json:"@id"`
}

type schemaPublisher struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type schemaPart struct {
	Type string `json:"@type"`
	ID   string `json:"@id"`
	Name string `json:"name"`
}

type schemaDownload struct {
	Type   string          `json:"@type"`
	Name   string          `json:"name"`
	Format string          `json:"encodingFormat"`
	URL    schemaReference `json:"contentUrl"`
}

func (v *view) schemaDataset(c content) schemaDataset {
	s := v.site.settings
	page := s.PublicURL + v.local(v.Language)
	d := schemaDataset{
		Context: schemaContext{"https://schema.org/"}, Type: "Dataset", ID: page + "#rows", URL: schemaReference{page},
		Name: c.title, About: c.description, Language: "de", Version: cmp.Or(c.version, v.Release.ID), Free: true,
		License: schemaReference{s.License}, Publisher: schemaPublisher{"Organization", s.Publisher.Name},
		Catalog: schemaReference{s.CatalogIRI()}, Of: v.schemaParts(c.of), Parts: v.schemaParts(c.parts),
	}
	for _, take := range c.downloads {
		for _, f := range take.Forms {
			address := s.PublicURL + strings.TrimPrefix(f.Href, v.site.root)
			d.Files = append(d.Files, schemaDownload{"DataDownload", take.Title + ": " + f.Title, f.Type, schemaReference{address}})
		}
	}
	return d
}

func (v *view) schemaParts(datasets []*dataset.Dataset) []schemaPart {
	var out []schemaPart
	for _, d := range datasets {
		out = append(out, schemaPart{"Dataset", v.site.settings.DatasetIRI(d.ID), d.Title.In(v.Language)})
	}
	return out
}
