// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"strconv"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
)

// SchemaOrg returns the catalogue as a schema.org DataCatalog with its Datasets.
func SchemaOrg(s Settings, r *domain.Release, entries []Entry) (*rdf.Graph, error) {
	if err := complete(r, entries); err != nil {
		return nil, err
	}
	b := builder{graph: &rdf.Graph{}}
	addDataCatalog(b, s)
	for _, e := range entries {
		b.about(s.CatalogIRI()).iri("schema:dataset", s.DatasetIRI(e.Dataset.ID))
		addSchemaDataset(b, s, r, e)
	}
	return b.graph, b.graph.Err()
}

// SchemaOrgDataset returns a schema.org DataCatalog with one of its Datasets, or with none.
func SchemaOrgDataset(s Settings, r *domain.Release, e *Entry) (*rdf.Graph, error) {
	b := builder{graph: &rdf.Graph{}}
	addDataCatalog(b, s)
	if e != nil {
		addSchemaDataset(b, s, r, *e)
	}
	return b.graph, b.graph.Err()
}

func addDataCatalog(b builder, s Settings) {
	b = b.about(s.CatalogIRI(), "schema:DataCatalog")
	b.texts("schema:name", catalogTitle)
	b.texts("schema:description", catalogDescription)
	b.iri("schema:url", s.PublicURL+"/")
	b.iri("schema:publisher", s.publisherIRI())
	p := b.about(s.publisherIRI(), "schema:Organization")
	p.add("schema:name", rdf.LangLiteral(s.Publisher.Name, "de"))
	p.iri("schema:url", s.Publisher.Homepage)
}

func addSchemaDataset(b builder, s Settings, r *domain.Release, e Entry) {
	iri := s.DatasetIRI(e.Dataset.ID)
	b = b.about(iri, "schema:Dataset")
	b.texts("schema:name", e.Dataset.Title)
	b.texts("schema:description", e.Dataset.Description)
	b.add("schema:identifier", rdf.Literal(iri))
	b.iri("schema:url", s.landingPage(e.Dataset))
	b.iri("schema:license", s.License)
	b.iri("schema:creator", s.publisherIRI())
	b.iri("schema:publisher", s.publisherIRI())
	b.iri("schema:includedInDataCatalog", s.CatalogIRI())
	b.typed("schema:isAccessibleForFree", "true", "boolean")
	b.add("schema:version", rdf.Literal(r.ID))
	b.moment("schema:datePublished", e.Part.Issued)
	b.moment("schema:dateModified", e.Part.Modified)
	b.add("schema:spatialCoverage", rdf.Literal(stateWord))
	if e.First != "" {
		b.add("schema:temporalCoverage", rdf.Literal(e.First+"/"+e.Last))
	}
	for _, k := range e.Dataset.Keywords {
		b.texts("schema:keywords", k)
	}
	for _, c := range e.Dataset.Columns {
		b.texts("schema:variableMeasured", c.Title)
	}
	for _, f := range e.Files {
		b.iri("schema:distribution", distributionIRI(iri, f))
		addDownload(b, distributionIRI(iri, f), s, f)
	}
}

func addDownload(b builder, iri string, s Settings, f File) {
	b = b.about(iri, "schema:DataDownload")
	b.texts("schema:name", f.Format.Title)
	b.iri("schema:contentUrl", f.Address)
	b.add("schema:encodingFormat", rdf.Literal(f.Format.MediaType))
	b.add("schema:contentSize", rdf.Literal(strconv.FormatInt(f.Size, 10)+" B"))
	b.add("schema:sha256", rdf.Literal(f.SHA256))
	b.iri("schema:license", s.License)
}
