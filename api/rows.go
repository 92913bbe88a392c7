// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"errors"
	"maps"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// CollectionDocument is a collection as JSON; the rows have the schema of the
// dataset.
type CollectionDocument struct {
	Meta  encode.Meta  `json:"meta"`
	Links encode.Links `json:"links"`
	// Data has the rows.
	Data []map[string]string `json:"data"`
}

// ItemDocument is a single row as JSON.
type ItemDocument struct {
	Meta  encode.Meta  `json:"meta"`
	Links encode.Links `json:"links"`
	// Data is the row.
	Data map[string]string `json:"data"`
}

// collection returns the rows of a dataset.
//
//	@ID				list{name}
//	@Summary		List {title}
//	@Description	{description} Without limit, all rows are returned. The suffix of the path ({suffixes}) takes precedence over the format parameter, and the parameter over the Accept header.
//	@Tags			{dataset}
//	@Produce		application/json,text/csv
//	@Success		200	{object}	CollectionDocument
//	@Failure		406	{object}	Problem
//	@Failure		410	{object}	Problem
//	@Router			/{dataset} [get]
func (s *Server) collection(e Endpoint) echo.HandlerFunc {
	return func(c echo.Context) error {
		request, err := s.parseRows(c, e.Dataset, c.QueryParams(), c.Param("extension"))
		if err != nil {
			return err
		}
		return s.writeRows(c, request)
	}
}

// item returns one row of a dataset.
//
//	@ID				show{schema}
//	@Summary		Show {singular}
//	@Description	{description} The suffix of the path ({suffixes}) takes precedence over the format parameter, and the parameter over the Accept header.
//	@Tags			{dataset}
//	@Produce		application/json,text/csv
//	@Success		200	{object}	ItemDocument
//	@Failure		406	{object}	Problem
//	@Failure		410	{object}	Problem
//	@Router			/{dataset}/{id} [get]
func (s *Server) item(e Endpoint) echo.HandlerFunc {
	d := e.Dataset
	return func(c echo.Context) error {
		id, extension := splitExtension(c.Param(d.Item))
		if strings.Contains(id, "/") { // the router has no route with more segments
			return echo.ErrNotFound
		}
		if err := e.check(c.QueryParams()); err != nil {
			return err
		}
		request, err := s.parseRows(c, d, c.QueryParams(), extension)
		if err != nil {
			return err
		}
		request.Single = true
		request.Query.Filters = []dataset.Filter{{Column: 0, Values: []string{id}}}
		if err := s.writeRows(c, request); !errors.Is(err, domain.ErrNotFound) {
			return err
		}
		vocabulary, err := s.releases.Vocabulary(c.Request().Context(), request.Release)
		if err != nil {
			return err
		}
		return unknown(d, vocabulary, id)
	}
}

// relatedRows returns the rows of a dataset that refer to one row of another.
//
//	@ID				list{relatedName}Of{parentSchema}
//	@Summary		List the {related} of {singularParent}
//	@Description	The same as /{dataset} filtered by {column}. The suffix of the path ({suffixes}) takes precedence over the format parameter, and the parameter over the Accept header.
//	@Tags			{dataset}
//	@Produce		application/json,text/csv
//	@Success		200	{object}	CollectionDocument
//	@Failure		406	{object}	Problem
//	@Failure		410	{object}	Problem
//	@Router			/{parent}/{id}/{related} [get]
func (s *Server) relatedRows(e Endpoint) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Param(e.Parent.Item)
		values := c.QueryParams()
		if values.Has(e.Column) {
			return &domain.Invalid{Name: e.Column, Value: values.Get(e.Column), Rule: "is already set by the path"}
		}
		_, vocabulary, err := s.queryRelease(c, values)
		if err != nil {
			return err
		}
		if !vocabulary.Knows(e.Parent.ID, id) {
			return unknown(e.Parent, vocabulary, id)
		}
		values = maps.Clone(values)
		values.Set(e.Column, id) // before parsing, because a cursor is valid only with the same filters
		request, err := s.parseRows(c, e.Dataset, values, c.Param("extension"))
		if err != nil {
			return err
		}
		return s.writeRows(c, request)
	}
}

func (s *Server) writeRows(c echo.Context, r representation.Request) error {
	rep, err := s.representations.Rows(c.Request().Context(), r, coding(c))
	if err != nil {
		return err
	}
	return s.write(c, rep)
}

// parseRows reads the release, query and format of a request for rows.
func (s *Server) parseRows(c echo.Context, d *dataset.Dataset, values url.Values, extension string) (r representation.Request, err error) {
	if err := notEmpty(values); err != nil {
		return r, err
	}
	release, vocabulary, err := s.queryRelease(c, values)
	if err != nil {
		return r, err
	}
	query, err := dataset.ParseQuery(d, values, vocabulary)
	if err != nil {
		return r, err
	}
	if after := values.Get("after"); after != "" {
		if err := query.ParseCursor(release.ID, after); err != nil {
			return r, err
		}
	}
	format, err := parseFormat(c, values, extension, d)
	if err != nil {
		return r, err
	}
	return representation.Request{Release: release, Query: query, Format: format}, checkFormat(format, d, values)
}

// queryRelease returns the release that the release parameter selects, and its
// vocabulary.
func (s *Server) queryRelease(c echo.Context, values url.Values) (*domain.Release, *release.Vocabulary, error) {
	snapshot, err := s.releases.Current()
	if err != nil {
		return nil, nil, err
	}
	selected, err := snapshot.Release(values.Get("release"))
	if err != nil {
		return nil, nil, err
	}
	vocabulary, err := s.releases.Vocabulary(c.Request().Context(), selected)
	return selected, vocabulary, err
}

// checkFormat rejects parameters that the format would ignore.
func checkFormat(f encode.Format, d *dataset.Dataset, values url.Values) error {
	tables, cube := "tables ("+strings.Join(encode.Tables(), ", ")+")", f.Name == encode.JSONStat.Name
	for _, name := range []string{"labels", "layout", "include", "groupBy"} {
		rule := ""
		switch {
		case values.Get(name) == "":
		case name == "layout" && !f.Tabular:
			rule = "is only available in " + tables + ", not in " + f.Name
		case name == "labels" && d == dataset.Observations && !f.Tabular && !cube:
			rule = "is only available in " + tables + " and " + encode.JSONStat.Name + ", not in " + f.Name
		case name == "labels" && !f.Tabular && !cube:
			rule = "is only available in " + tables + ", not in " + f.Name
		case (name == "include" || name == "groupBy") && cube:
			rule = "is not available in " + f.Name
		}
		if rule != "" {
			return &domain.Invalid{Name: name, Value: values.Get(name), Rule: rule}
		}
	}
	return nil
}

// splitExtension separates the suffix of a format from an identifier.
func splitExtension(segment string) (id, extension string) {
	for _, name := range append(encode.Names(), encode.JSONStat.Name) {
		if id, ok := strings.CutSuffix(segment, "."+name); ok {
			return id, name
		}
	}
	return segment, ""
}

// unknown returns the error for an identifier that no row has: it never existed,
// or the row is withdrawn.
func unknown(d *dataset.Dataset, vocabulary *release.Vocabulary, id string) error {
	if w, ok := vocabulary.Withdrawn(d.ID, id); ok {
		return w.Gone(id)
	}
	return &unknownItem{dataset: d.ID, id: id, nearest: domain.NearestID(id, vocabulary.IDs(d.ID))}
}
