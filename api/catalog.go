// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/release"
)

// catalog returns the DCAT-AP.de catalogue.
//
//	@ID				getCatalog
//	@Summary		Get the catalogue
//	@Description	The whole catalogue in DCAT-AP.de 3.0, in the format that Accept prefers; the default is Turtle. Browsers, which prefer text/html, are redirected (303) to the page of the datasets. If a part of it is unavailable, the response is 503 and never an incomplete catalogue.
//	@Tags			catalog
//	@Produce		text/turtle,application/rdf+xml,application/ld+json,application/n-triples
//	@Success		200	{string}	string
//	@Success		303	{string}	string
//	@Failure		406	{object}	Problem
//	@Failure		410	{object}	Problem
//	@Router			/catalog [get]
func (s *Server) catalog(c echo.Context, snapshot *release.Snapshot) error {
	name, err := selectFormat(c, "", "", append(graphOffers(), offer{catalogPage, "text/html"}))
	if err != nil {
		return err
	}
	if name == catalogPage {
		h := c.Response().Header()
		h["Vary"], h["Cache-Control"] = varyFields, revalidate
		return c.Redirect(http.StatusSeeOther, s.site.Path("/datasets"))
	}
	format, _ := rdf.LookupFormat("." + name)
	return s.writeCatalog(c, snapshot, format)
}

// catalogPage is the name of the page that browsers get in place of the catalogue.
const catalogPage = "page"

// catalogFile returns the catalogue in the format of a file name.
//
//	@ID				getCatalogFile
//	@Summary		Get the catalogue in a format
//	@Description	dcat.ttl, dcat.rdf, dcat.jsonld and dcat.nt have the same triples; schema.jsonld describes the catalogue in the vocabulary of schema.org.
//	@Tags			catalog
//	@Produce		text/turtle,application/rdf+xml,application/ld+json,application/n-triples
//	@Param			file	path		string	true	"Name of the file"	Enums(dcat.ttl,dcat.rdf,dcat.jsonld,dcat.nt,schema.jsonld)	example(dcat.ttl)
//	@Success		200		{string}	string
//	@Failure		410		{object}	Problem
//	@Router			/catalog/{file} [get]
func (s *Server) catalogFile(c echo.Context, snapshot *release.Snapshot) error {
	name := c.Param("file")
	if name == schemaOrg {
		return s.writeSchemaOrg(c, snapshot, nil)
	}
	names := []string{schemaOrg}
	for _, f := range rdf.Formats() {
		if name == "dcat"+f.Extension {
			return s.writeCatalog(c, snapshot, f)
		}
		names = append(names, "dcat"+f.Extension)
	}
	return &unknownItem{dataset: "the files of the catalogue", id: name, nearest: domain.Nearest(name, names)}
}

func (s *Server) writeCatalog(c echo.Context, snapshot *release.Snapshot, format rdf.Format) error {
	release, err := snapshot.Release(c.QueryParam("release"))
	if err != nil {
		return err
	}
	rep, err := s.documents.Catalog(c.Request().Context(), release, format, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

func (s *Server) writeSchemaOrg(c echo.Context, snapshot *release.Snapshot, d *dataset.Dataset) error {
	release, err := snapshot.Release(c.QueryParam("release"))
	if err != nil {
		return err
	}
	rep, err := s.documents.SchemaOrg(c.Request().Context(), release, d, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// DatasetDocument is the JSON response of /v1/datasets/{datasetId}.
type DatasetDocument struct {
	Data Dataset `json:"data"`
}

// DatasetsDocument is the response of /v1/datasets.
type DatasetsDocument struct {
	// Data lists the datasets.
	Data []Dataset `json:"data"`
}

// Dataset describes a dataset.
type Dataset struct {
	// ID is the id of the dataset.
	ID string `json:"id" example:"goals"`
	// Title is the German title.
	Title string `json:"title"`
	// TitleEN is the English title.
	TitleEN string `json:"titleEn"`
	// Description is the German description of the rows.
	Description string `json:"description"`
	// DescriptionEN is the English description of the rows.
	DescriptionEN string `json:"descriptionEn"`
	// Rows is the number of rows.
	Rows int64 `json:"rows" example:"78"`
	// Issued is when the dataset was first published.
	Issued time.Time `json:"issued" example:"2026-11-21T12:00:00Z"`
	// Modified is the date of the release that last changed its rows or its description.
	Modified time.Time `json:"modified" example:"2026-11-21T12:00:00Z"`
	// Columns lists the columns of a row.
	Columns []DatasetColumn `json:"columns"`
	// Files lists the addresses of the whole dataset in each format.
	Files []string `json:"files"`
	// Self is the address of this description.
	Self string `json:"self"`
}

// DatasetColumn describes a column.
type DatasetColumn struct {
	// Name is the name of the column in JSON and CSV.
	Name string `json:"name" example:"due"`
	// Type is the type of the values.
	Type string `json:"type" example:"period"`
	// Required reports whether every row has a value.
	Required bool `json:"required"`
	// Title is the German title.
	Title string `json:"title"`
	// TitleEN is the English title.
	TitleEN string `json:"titleEn"`
	// Description is the German description of the column.
	Description string `json:"description"`
	// DescriptionEN is the English description of the column.
	DescriptionEN string `json:"descriptionEn"`
	// Of is the codelist or the dataset of the values.
	Of string `json:"of,omitempty" example:"goals"`
}

// listDatasets returns the descriptions of all datasets.
//
//	@ID				listDatasets
//	@Summary		List the datasets
//	@Description	The datasets of the latest release with their columns and files.
//	@Tags			catalog
//	@Produce		application/json
//	@Success		200	{object}	DatasetsDocument
//	@Failure		406	{object}	Problem
//	@Router			/datasets [get]
func (s *Server) listDatasets(c echo.Context, snapshot *release.Snapshot) error {
	document := DatasetsDocument{}
	for _, d := range dataset.All {
		if _, exists := snapshot.Latest.Dataset(d.ID); exists {
			document.Data = append(document.Data, s.describeDataset(snapshot.Latest, d))
		}
	}
	return s.writeJSON(c, snapshot, "datasets", document)
}

// showDataset returns the resource at the IRI of a dataset.
//
//	@ID				showDataset
//	@Summary		Show a dataset
//	@Description	The catalogue entry in RDF if the suffix (.ttl, .rdf, .jsonld, .nt) or the Accept header selects it, otherwise a description as JSON.
//	@Tags			catalog
//	@Produce		application/json,text/turtle,application/rdf+xml,application/ld+json,application/n-triples
//	@Param			datasetId	path		string	true	"Identifier of the dataset"	example(goals)
//	@Success		200			{object}	DatasetDocument
//	@Failure		406			{object}	Problem
//	@Failure		410			{object}	Problem
//	@Router			/datasets/{datasetId} [get]
func (s *Server) showDataset(c echo.Context, snapshot *release.Snapshot) error {
	ctx := c.Request().Context()
	release, err := snapshot.Release(c.QueryParam("release"))
	if err != nil {
		return err
	}
	id, suffix, _ := strings.Cut(c.Param("datasetId"), ".")
	if suffix == "" {
		id = c.Param("datasetId") // a trailing dot is not a suffix
	}
	d := dataset.ByID(id)
	if _, exists := release.Dataset(id); id == catalog.Package.ID {
		d = catalog.Package
	} else if d == nil || !exists {
		if err := s.releases.Whole(ctx, release); err != nil {
			return err // the dataset may be the damaged one
		}
		return &unknownItem{dataset: "datasets", id: id, nearest: domain.Nearest(id, dataset.IDs())}
	}
	name, err := selectFormat(c, suffix, "", datasetOffers())
	if err != nil {
		return err
	}
	if name == "json" {
		return s.writeDocument(c, snapshot, "dataset "+release.ID+" "+id, DatasetDocument{Data: s.describeDataset(release, d)})
	}
	if d != catalog.Package && (d.Secondary || !catalog.Listed(release, d)) {
		return fmt.Errorf("%w: %s is not in the catalogue and only available as JSON", domain.ErrNotAcceptable, d.ID)
	}
	switch name {
	case schemaOrg:
		return s.writeSchemaOrg(c, snapshot, d)
	case croissant:
		rep, err := s.documents.Croissant(ctx, release, d, coding(c))
		if err != nil {
			return err
		}
		return s.write(c, rep)
	}
	format, _ := rdf.LookupFormat("." + name)
	rep, err := s.documents.DatasetGraph(ctx, release, d, format, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// The suffixes of a description in the vocabulary of schema.org and in Croissant.
const (
	schemaOrg = "schema.jsonld"
	croissant = "croissant.json"
)

func datasetOffers() []offer {
	return slices.Concat([]offer{{"json", jsonType}}, graphOffers(), []offer{{name: schemaOrg}, {name: croissant}})
}

// describePackage describes the files with all datasets.
func (s *Server) describePackage(r *domain.Release) Dataset {
	d := catalog.Package
	out := Dataset{
		ID: d.ID, Title: d.Title.DE, TitleEN: d.Title.EN, Description: d.Description.DE, DescriptionEN: d.Description.EN,
		Modified: r.Changed(), Columns: []DatasetColumn{}, Self: s.publicURL + "/v1/datasets/" + d.ID,
	}
	for _, part := range r.Datasets {
		out.Rows += part.Rows
		if out.Issued.IsZero() || part.Issued.Before(out.Issued) {
			out.Issued = part.Issued
		}
	}
	for _, f := range catalog.WholeFormats {
		out.Files = append(out.Files, s.publicURL+"/v1/releases/"+r.ID+"/"+catalog.WholeName(f))
	}
	return out
}

func (s *Server) describeDataset(r *domain.Release, d *dataset.Dataset) Dataset {
	part, _ := r.Dataset(d.ID)
	if d == catalog.Package {
		return s.describePackage(r)
	}
	out := Dataset{
		ID: d.ID, Title: d.Title.DE, TitleEN: d.Title.EN, Description: d.Description.DE, DescriptionEN: d.Description.EN,
		Rows: part.Rows, Issued: part.Issued, Modified: part.Changed(), Self: s.publicURL + "/v1/datasets/" + d.ID,
		Files: s.fileAddresses(r, d),
	}
	for _, c := range d.Columns {
		out.Columns = append(out.Columns, DatasetColumn{
			Name: c.Name, Type: string(c.Type), Required: c.Required, Of: c.Of, Title: c.Title.DE, TitleEN: c.Title.EN,
			Description: c.Description.DE, DescriptionEN: c.Description.EN,
		})
	}
	return out
}
