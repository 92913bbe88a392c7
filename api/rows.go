package api

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// collection answers with the rows of a dataset.
//
//	@ID				list{name}
//	@Summary		List {title}
//	@Description	{description} Without limit all rows are served. The suffix of the path ({suffixes}), the parameter format and the field Accept choose the format, in that order.
//	@Tags			{dataset}
//	@Produce		application/json,text/csv
//	@Success		200	{object}	CollectionDocument
//	@Failure		400	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/{dataset} [get]
func (s *Server) collection(d *dataset.Dataset) echo.HandlerFunc {
	return func(c echo.Context) error {
		request, err := s.parse(c, d, c.QueryParams(), c.Param("extension"))
		if err != nil {
			return err
		}
		return s.writeRows(c, request)
	}
}

// item answers with one row of a dataset.
//
//	@ID				show{schema}
//	@Summary		Show one row: {title}
//	@Description	{description} The suffix of the path ({suffixes}), the parameter format and the field Accept choose the format, in that order.
//	@Tags			{dataset}
//	@Produce		application/json,text/csv
//	@Success		200	{object}	ItemDocument
//	@Failure		400	{object}	Problem
//	@Failure		404	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		410	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/{dataset}/{id} [get]
func (s *Server) item(d *dataset.Dataset) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, extension := splitExtension(c.Param(d.Item))
		if err := onlyParameters(c, d, itemParameters); err != nil {
			return err
		}
		request, err := s.parse(c, d, c.QueryParams(), extension)
		if err != nil {
			return err
		}
		if d.Columns[0].Check(id) != nil {
			return s.unknownItem(c, d, request.Release, id) // no database takes every byte
		}
		request.Single = true
		request.Query.Filters = []dataset.Filter{{Column: 0, Values: []string{id}}}
		err = s.writeRows(c, request)
		if errorsIsNotFound(err) {
			return s.unknownItem(c, d, request.Release, id)
		}
		return err
	}
}

// related answers with the rows of a dataset that refer to one row of another.
//
//	@ID				list{relatedName}Of{parentSchema}
//	@Summary		List the {related} of one row of {parent}
//	@Description	The same as /{dataset} with the filter {column}.
//	@Tags			{dataset}
//	@Produce		application/json,text/csv
//	@Success		200	{object}	CollectionDocument
//	@Failure		400	{object}	Problem
//	@Failure		404	{object}	Problem
//	@Failure		406	{object}	Problem
//	@Failure		503	{object}	Problem
//	@Router			/{parent}/{id}/{related} [get]
func (s *Server) related(parent, d *dataset.Dataset, column string) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := c.Param(parent.Item)
		values := c.QueryParams()
		if values.Has(column) {
			return &domain.Invalid{Name: column, Value: values.Get(column), Rule: "is given by the path already"}
		}
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		release, err := snapshot.Release(values.Get("release"))
		if err != nil {
			return err
		}
		vocabulary, err := s.releases.Vocabulary(c.Request().Context(), release)
		if err != nil {
			return err
		}
		if !vocabulary.Knows(parent.ID, id) {
			return unknown(parent, vocabulary, id)
		}
		values = maps.Clone(values)
		values.Set(column, id) // before parsing: a cursor belongs to the filters
		request, err := s.parse(c, d, values, "")
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

// parse reads release, query and format of a request for rows.
func (s *Server) parse(c echo.Context, d *dataset.Dataset, values url.Values, extension string) (representation.Request, error) {
	if err := notEmpty(values); err != nil {
		return representation.Request{}, err
	}
	snapshot, err := s.releases.Current()
	if err != nil {
		return representation.Request{}, err
	}
	release, err := snapshot.Release(values.Get("release"))
	if err != nil {
		return representation.Request{}, err
	}
	vocabulary, err := s.releases.Vocabulary(c.Request().Context(), release)
	if err != nil {
		return representation.Request{}, err
	}
	query, err := dataset.ParseQuery(d, values, vocabulary)
	if err != nil {
		return representation.Request{}, err
	}
	if after := values.Get("after"); after != "" {
		if err := query.ParseCursor(release.ID, after); err != nil {
			return representation.Request{}, err
		}
	}
	format, err := parseFormat(c, values, extension)
	if err != nil {
		return representation.Request{}, err
	}
	return representation.Request{Release: release, Query: query, Format: format}, onlyTables(format, query)
}

// onlyTables refuses what only a table with a header can have.
func onlyTables(f encode.Format, q dataset.Query) error {
	for _, p := range []dataset.Parameter{{Name: "labels", Value: q.Labels}, {Name: "layout", Value: q.Layout}} {
		if p.Value != "" && !f.Tabular {
			return &domain.Invalid{
				Name: p.Name, Value: p.Value, Rule: "is for tables (" + strings.Join(encode.Tables(), ", ") + "), and the answer would be " + f.Name,
			}
		}
	}
	return nil
}

// notEmpty refuses parameters that would be ignored for want of a value.
func notEmpty(values url.Values) error {
	for _, name := range []string{"after", "dialect", "format", "from", "release"} {
		if values.Has(name) && values.Get(name) == "" {
			return &domain.Invalid{Name: name, Rule: "is empty; leave it out"}
		}
	}
	return nil
}

// parseFormat chooses by suffix, parameter and Accept, in that order.
func parseFormat(c echo.Context, values url.Values, extension string) (encode.Format, error) {
	for _, given := range [][2]string{{"the suffix of the path", extension}, {"format", values.Get("format")}} {
		if err := knownFormat(given[0], given[1]); err != nil {
			return encode.Format{}, err
		}
	}
	name, dialect := cmp.Or(extension, values.Get("format")), values.Get("dialect")
	if name == "" && dialect != "" {
		name = "csv"
	}
	if name == "" {
		return acceptedFormat(c.Request().Header.Get("Accept"))
	}
	format, ok := encode.Find(name, dialect)
	if !ok {
		allowed := encode.Dialects(name)
		return encode.Format{}, &domain.Invalid{
			Name: "dialect", Value: dialect, Rule: "is no dialect of " + name,
			Allowed: allowed, Nearest: domain.Nearest(dialect, allowed),
		}
	}
	return format, nil
}

func knownFormat(where, name string) error {
	if name == "" || slices.Contains(encode.Names(), name) {
		return nil
	}
	return &domain.Invalid{
		Name: where, Value: name, Rule: "is no format of this address",
		Allowed: encode.Names(), Nearest: domain.Nearest(name, encode.Names()),
	}
}

func acceptedFormat(accept string) (encode.Format, error) {
	var offered []string
	for _, f := range encode.Formats {
		if f.Dialect == "" {
			offered = append(offered, f.MediaType)
		}
	}
	mediaType, err := negotiateMediaType(accept, offered)
	if err != nil {
		return encode.Format{}, err
	}
	i := slices.IndexFunc(encode.Formats, func(f encode.Format) bool { return f.MediaType == mediaType })
	return encode.Formats[i], nil
}

// itemParameters are the parameters of a single row.
var itemParameters = []string{"fields", "format", "dialect", "labels", "release"}

func onlyParameters(c echo.Context, d *dataset.Dataset, allowed []string) error {
	names := make([]string, 0, len(c.QueryParams()))
	for name := range c.QueryParams() {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if !slices.Contains(allowed, name) {
			return &domain.Invalid{
				Name: name, Rule: fmt.Sprintf("is not a parameter of %s", braces(c.Path())),
				Allowed: allowed, Nearest: domain.Nearest(name, allowed),
			}
		}
	}
	return notEmpty(c.QueryParams())
}

// splitExtension parts a format's suffix from an identifier.
func splitExtension(segment string) (id, extension string) {
	for _, name := range encode.Names() {
		if id, ok := strings.CutSuffix(segment, "."+name); ok {
			return id, name
		}
	}
	return segment, ""
}

// unknownItem is unknown for a row that was looked for.
func (s *Server) unknownItem(c echo.Context, d *dataset.Dataset, of *domain.Release, id string) error {
	vocabulary, err := s.releases.Vocabulary(c.Request().Context(), of)
	if err != nil {
		return err
	}
	return unknown(d, vocabulary, id)
}

// unknown says why the collection has no row with the identifier: it never had,
// or the row is withdrawn.
func unknown(d *dataset.Dataset, vocabulary *release.Vocabulary, id string) error {
	if w, ok := vocabulary.Withdrawn(d.ID, id); ok {
		return fmt.Errorf("%w: %s was withdrawn on %s: %s / %s", domain.ErrGone, id, w.Day, w.ReasonEN, w.Reason)
	}
	return &unknownItem{dataset: d.ID, id: id, nearest: domain.Nearest(id, vocabulary.IDs(d.ID))}
}
