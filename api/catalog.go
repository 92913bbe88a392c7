package api

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/rdf"
)

// catalog answers with the DCAT-AP.de catalogue.
//
//	@ID				getCatalog
//	@Summary		Get the catalogue
//	@Description	DCAT-AP.de 3.0 in the format that Accept asks for; Turtle where it does not matter. It has one page. While not all of it can be had the answer is 503 and never a smaller catalogue.
//	@Tags			catalog
//	@Produce		text/turtle,application/rdf+xml,application/ld+json,application/n-triples
//	@Param			release	query		string	false	"Identifier of the release, or latest"	example(latest)
//	@Success		200	{string}	string
//	@Failure		400	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/catalog [get]
func (s *Server) catalog(c echo.Context) error {
	format, err := acceptedGraph(c)
	if err != nil {
		return err
	}
	return s.writeCatalog(c, format)
}

// catalogFile answers with the catalogue under a name with a suffix.
//
//	@ID				getCatalogFile
//	@Summary		Get the catalogue in a format
//	@Description	dcat.ttl, dcat.rdf, dcat.jsonld and dcat.nt are the same triples; schema.jsonld says the same in the words of schema.org.
//	@Tags			catalog
//	@Produce		text/turtle,application/rdf+xml,application/ld+json,application/n-triples
//	@Param			file	path		string	true	"Name of the file"	Enums(dcat.ttl,dcat.rdf,dcat.jsonld,dcat.nt,schema.jsonld)	example(dcat.ttl)
//	@Param			release	query		string	false	"Identifier of the release, or latest"	example(latest)
//	@Success		200		{string}	string
//	@Failure		400		{object}	Problem
//	@Failure		404		{object}	Problem
//	@Failure		503		{object}	Problem
//	@Router			/catalog/{file} [get]
func (s *Server) catalogFile(c echo.Context) error {
	name := c.Param("file")
	if name == "schema.jsonld" {
		return s.writeSchemaOrg(c, nil)
	}
	extension, ok := strings.CutPrefix(name, "dcat")
	format, known := rdf.LookupFormat(extension)
	if !ok || !known || extension != format.Extension {
		names := catalogFiles()
		return &unknownItem{dataset: "the catalogue's files", id: name, nearest: domain.Nearest(name, names)}
	}
	return s.writeCatalog(c, format)
}

func catalogFiles() []string {
	names := []string{"schema.jsonld"}
	for _, f := range rdf.Formats() {
		names = append(names, "dcat"+f.Extension)
	}
	return names
}

func (s *Server) writeCatalog(c echo.Context, format rdf.Format) error {
	release, err := s.queryRelease(c)
	if err != nil {
		return err
	}
	rep, err := s.representations.Catalog(c.Request().Context(), release, format, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

func (s *Server) writeSchemaOrg(c echo.Context, d *dataset.Dataset) error {
	release, err := s.queryRelease(c)
	if err != nil {
		return err
	}
	rep, err := s.representations.SchemaOrg(c.Request().Context(), release, d, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// queryRelease is the release that the only parameter names.
func (s *Server) queryRelease(c echo.Context) (*domain.Release, error) {
	if err := onlyParameters(c, nil, []string{"release"}); err != nil {
		return nil, err
	}
	snapshot, err := s.releases.Current()
	if err != nil {
		return nil, err
	}
	return snapshot.Release(c.QueryParam("release"))
}

// acceptedGraph is the format of RDF that Accept asks for.
func acceptedGraph(c echo.Context) (rdf.Format, error) {
	var offered []string
	for _, f := range rdf.Formats() {
		offered = append(offered, f.MediaType)
	}
	mediaType, err := negotiateMediaType(c.Request().Header.Get("Accept"), offered)
	if err != nil {
		return rdf.Format{}, err
	}
	format, _ := rdf.LookupFormat(mediaType)
	return format, nil
}

// DatasetDocument is the answer of /v1/datasets/{datasetId} as JSON.
type DatasetDocument struct {
	Data Dataset `json:"data"`
}

// DatasetsDocument is the answer of /v1/datasets.
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
	// Description says in German what the rows are.
	Description string `json:"description"`
	// DescriptionEN says in English what the rows are.
	DescriptionEN string `json:"descriptionEn"`
	// Rows is the number of rows.
	Rows int64 `json:"rows" example:"78"`
	// Issued is when the dataset was first published.
	Issued time.Time `json:"issued" example:"2026-11-21T12:00:00Z"`
	// Modified is when its rows or its description last changed.
	Modified time.Time `json:"modified" example:"2026-11-21T12:00:00Z"`
	// Columns describe the cells of a row.
	Columns []DatasetColumn `json:"columns"`
	// Files are the addresses of the whole dataset in each format.
	Files []string `json:"files"`
	// Self is the address of the dataset's description.
	Self string `json:"self"`
}

// DatasetColumn describes a column.
type DatasetColumn struct {
	// Name is the column's name in JSON and CSV.
	Name string `json:"name" example:"due"`
	// Type says what the cells hold.
	Type string `json:"type" example:"period"`
	// Required says whether every row has a value.
	Required bool `json:"required"`
	// Title is the German title.
	Title string `json:"title"`
	// TitleEN is the English title.
	TitleEN string `json:"titleEn"`
	// Description is the meaning in German.
	Description string `json:"description"`
	// DescriptionEN is the meaning in English.
	DescriptionEN string `json:"descriptionEn"`
	// Of is the codelist or the dataset that the values are from.
	Of string `json:"of,omitempty" example:"goals"`
}

// listDatasets answers with the description of all datasets.
//
//	@ID				listDatasets
//	@Summary		List the datasets
//	@Description	What each dataset is, its columns and its files.
//	@Tags			catalog
//	@Produce		application/json
//	@Success		200	{object}	DatasetsDocument
//	@Failure		400	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/datasets [get]
func (s *Server) listDatasets(c echo.Context) error {
	snapshot, err := s.releases.Current()
	if err != nil {
		return err
	}
	if err := onlyParameters(c, nil, nil); err != nil {
		return err
	}
	document := DatasetsDocument{}
	for _, d := range dataset.All {
		if _, held := snapshot.Latest.Dataset(d.ID); held {
			document.Data = append(document.Data, s.describeDataset(snapshot.Latest, d))
		}
	}
	return s.writeJSON(c, snapshot, "datasets "+snapshot.Latest.ID, document)
}

// showDataset answers at the dataset's IRI.
//
//	@ID				showDataset
//	@Summary		Show a dataset
//	@Description	Its catalogue entry in a format of RDF if the suffix (.ttl, .rdf, .jsonld, .nt) or Accept asks for it, else its description as JSON.
//	@Tags			catalog
//	@Produce		application/json,text/turtle,application/rdf+xml,application/ld+json,application/n-triples
//	@Param			datasetId	path		string	true	"Identifier of the dataset"	example(goals)
//	@Param			release		query		string	false	"Identifier of the release, or latest"	example(latest)
//	@Success		200			{object}	DatasetDocument
//	@Failure		400			{object}	Problem
//	@Failure		404			{object}	Problem
//	@Failure		406			{object}	Problem
//	@Failure		503			{object}	Problem
//	@Router			/datasets/{datasetId} [get]
func (s *Server) showDataset(c echo.Context) error {
	release, err := s.queryRelease(c)
	if err != nil {
		return err
	}
	id, extension, _ := strings.Cut(c.Param("datasetId"), ".")
	d := dataset.ByID(id)
	if _, held := release.Dataset(id); d == nil || !held {
		if err := s.releases.Whole(c.Request().Context(), release); err != nil {
			return err // it may be the one that is lost
		}
		return &unknownItem{dataset: "datasets", id: id, nearest: domain.Nearest(id, dataset.IDs())}
	}
	if extension == "schema.jsonld" {
		if err := hasEntry(d); err != nil {
			return err
		}
		return s.writeSchemaOrg(c, d)
	}
	format, asRDF, err := datasetFormat(c, extension)
	if err != nil {
		return err
	}
	if !asRDF {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		return s.writeJSONAny(c, snapshot, "dataset "+release.ID+" "+id, DatasetDocument{Data: s.describeDataset(release, d)})
	}
	if err := hasEntry(d); err != nil {
		return err
	}
	rep, err := s.representations.DatasetGraph(c.Request().Context(), release, d, format, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// hasEntry reports whether there is more to say of the dataset than JSON does.
func hasEntry(d *dataset.Dataset) error {
	if slices.Contains(catalog.Catalogued(), d) {
		return nil
	}
	return fmt.Errorf("%w: %s has no catalogue entry; its description is JSON", domain.ErrNotAcceptable, d.ID)
}

// datasetFormat chooses between RDF and JSON.
func datasetFormat(c echo.Context, extension string) (format rdf.Format, asRDF bool, err error) {
	if extension == "json" {
		return rdf.Format{}, false, nil
	}
	if extension != "" {
		format, ok := rdf.LookupFormat("." + extension)
		if !ok {
			allowed := []string{"json", "ttl", "rdf", "jsonld", "nt", "schema.jsonld"}
			return format, false, &domain.Invalid{
				Name: "the suffix of the path", Value: extension, Rule: "is no format of this address",
				Allowed: allowed, Nearest: domain.Nearest(extension, allowed),
			}
		}
		return format, true, nil
	}
	offered := []string{"application/json"}
	for _, f := range rdf.Formats() {
		offered = append(offered, f.MediaType)
	}
	mediaType, err := negotiateMediaType(c.Request().Header.Get("Accept"), offered)
	if err != nil || mediaType == "application/json" {
		return rdf.Format{}, false, err
	}
	format, _ = rdf.LookupFormat(mediaType)
	return format, true, nil
}

func (s *Server) describeDataset(r *domain.Release, d *dataset.Dataset) Dataset {
	part, _ := r.Dataset(d.ID)
	out := Dataset{
		ID: d.ID, Title: d.Title.DE, TitleEN: d.Title.EN, Description: d.Description.DE, DescriptionEN: d.Description.EN,
		Rows: part.Rows, Issued: part.Issued, Modified: part.Modified, Self: s.options.PublicURL + "/v1/datasets/" + d.ID,
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
