// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Endpoint is an address under /v1 and what can be requested there. The router
// and the generator of the OpenAPI description read the same list.
type Endpoint struct {
	// Path follows /v1 and has its parameters in braces, as in OpenAPI.
	Path string
	// Annotated is the path in the annotation of the handler. It differs from Path
	// where one handler serves several datasets.
	Annotated string
	// Dataset is the dataset whose rows are returned, or nil.
	Dataset *dataset.Dataset
	// Parent is the dataset of the row in the path, and Column the column of
	// Dataset that refers to it, if only the related rows are returned.
	Parent *dataset.Dataset
	Column string
	// Parameters are the query parameters.
	Parameters []string
	// Deprecated is nil unless the endpoint has a better alternative.
	Deprecated *Deprecation

	// suffixed endpoints are also served with the suffix of a format.
	suffixed bool
	handler  func(*Server, Endpoint) echo.HandlerFunc
}

// Endpoints lists the addresses under /v1, except those of the OpenAPI
// description itself.
func Endpoints() []Endpoint {
	onlyRelease := []string{"release"}
	endpoints := []Endpoint{
		{Path: "/", handler: document((*Server).index)},
		{Path: "/releases", handler: document((*Server).listReleases)},
		{Path: "/releases/{releaseId}", handler: document((*Server).showRelease)},
		{Path: "/releases/{releaseId}/diff", Dataset: dataset.Changes, Parameters: []string{"from", "format", "dialect"}, suffixed: true, handler: document((*Server).diffReleases)},
		{Path: "/releases/{releaseId}/{file}", Parameters: []string{"dialect"}, handler: document((*Server).releaseFile)},
		{Path: "/signers", handler: document((*Server).signers)},
		{Path: "/catalog", Parameters: onlyRelease, handler: document((*Server).catalog)},
		{Path: "/catalog/{file}", Parameters: onlyRelease, handler: document((*Server).catalogFile)},
		{Path: "/datasets", handler: document((*Server).listDatasets)},
		{Path: "/datasets/{datasetId}", Parameters: onlyRelease, handler: document((*Server).showDataset)},
		{Path: "/changes.atom", handler: document((*Server).changesFeed)},
		{Path: "/changes.en.atom", handler: document((*Server).changesFeedEnglish)},
	}
	for i := range endpoints {
		endpoints[i].Annotated = endpoints[i].Path
	}
	for _, d := range dataset.All {
		endpoints = append(endpoints,
			Endpoint{Path: "/" + d.ID, Annotated: "/{dataset}", Dataset: d, Parameters: d.ParameterNames(), suffixed: true, handler: (*Server).collection},
			Endpoint{
				Path: "/" + d.ID + "/{" + d.Item + "}", Annotated: "/{dataset}/{id}", Dataset: d,
				Parameters: itemParameters(d), handler: (*Server).item,
			})
	}
	return append(endpoints,
		related(dataset.Indicators, "observations", dataset.Observations, "indicator"),
		related(dataset.Goals, "progress", dataset.GoalProgress, "goal"),
		related(dataset.Goals, "status", dataset.GoalStatus, "goal"))
}

// related returns the endpoint of the rows of d that refer to one row of parent.
func related(parent *dataset.Dataset, segment string, d *dataset.Dataset, column string) Endpoint {
	return Endpoint{
		Path: "/" + parent.ID + "/{" + parent.Item + "}/" + segment, Annotated: "/{parent}/{id}/{related}",
		Dataset: d, Parent: parent, Column: column,
		Parameters: slices.DeleteFunc(d.ParameterNames(), func(name string) bool { return name == column }),
		suffixed:   true, handler: (*Server).relatedRows,
	}
}

// itemParameters returns the parameters of a single row.
func itemParameters(d *dataset.Dataset) []string {
	return slices.DeleteFunc(d.ParameterNames(), func(name string) bool {
		return !slices.Contains([]string{"fields", "include", "format", "dialect", "labels", "release"}, name)
	})
}

// nearestAddress returns the existing address under /v1 that a request for an unknown one
// probably meant, or "".
func nearestAddress(path string, snapshot *release.Snapshot) string {
	below, ok := strings.CutPrefix(path, "/v1/")
	if !ok {
		return ""
	}
	asked := strings.Split(below, "/")
	last := &asked[len(asked)-1]
	bare, extension := splitExtension(*last)
	if extension != "" {
		*last, extension = bare, "."+extension
	}
	var collections []string
	for _, e := range Endpoints()[1:] { // all but the index
		collections = append(collections, e.segments()[0])
	}
	misspelled := !slices.Contains(collections, asked[0])
	if misspelled {
		asked[0] = domain.Nearest(asked[0], collections)
	}
	if len(asked) == 3 {
		if query := relatedQuery(dataset.ByID(asked[0]), asked[1], dataset.ByID(asked[2]), extension, snapshot); query != "" {
			return query
		}
	}
	var known []string
	for _, e := range Endpoints() {
		if end := e.end(asked, snapshot); end != "" && (extension == "" || e.suffixed) {
			known = append(known, end)
		}
	}
	switch nearest := domain.Nearest(*last, known); {
	case nearest != "":
		*last = nearest + extension
		return "/v1/" + strings.Join(asked, "/")
	case misspelled && asked[0] != "":
		return "/v1/" + asked[0]
	}
	return ""
}

// relatedQuery returns the query for the rows of d that refer to a row of parent, or "" if
// there is none.
func relatedQuery(parent *dataset.Dataset, id string, d *dataset.Dataset, extension string, snapshot *release.Snapshot) string {
	if parent == nil || d == nil || !snapshot.Vocabulary.Knows(parent.ID, id) {
		return ""
	}
	for _, c := range d.Columns {
		if c.Of == parent.ID && c.Entry() == dataset.Reference {
			return "/v1/" + d.ID + extension + "?" + c.Name + "=" + id
		}
	}
	return ""
}

func (e Endpoint) segments() []string { return strings.Split(strings.TrimPrefix(e.Path, "/"), "/") }

// end returns the last segment of the endpoint's path, or "" if any other segment differs
// from the address asked for or a parameter names something that does not exist.
func (e Endpoint) end(asked []string, snapshot *release.Snapshot) string {
	segments := e.segments()
	if len(segments) != len(asked) || segments[0] != asked[0] {
		return ""
	}
	for i, segment := range segments {
		exists := true
		switch {
		case segment == "{releaseId}":
			_, err := snapshot.Release(asked[i])
			exists = err == nil && asked[i] != ""
		case segment == "{datasetId}":
			exists = dataset.ByID(asked[i]) != nil
		case strings.HasPrefix(segment, "{"):
			exists = snapshot.Vocabulary.Knows(asked[0], asked[i])
		default:
			continue
		}
		if segments[i] = asked[i]; !exists {
			return ""
		}
	}
	return segments[len(segments)-1]
}

// document adapts a handler whose answer depends on the snapshot of the releases.
// It is called once the parameters are known to be allowed.
func document(h func(*Server, echo.Context, *release.Snapshot) error) func(*Server, Endpoint) echo.HandlerFunc {
	return func(s *Server, e Endpoint) echo.HandlerFunc {
		return func(c echo.Context) error {
			snapshot, err := s.releases.Current()
			if err != nil {
				return err
			}
			asked := e
			if file := c.Param("file"); slices.Contains(singleNames(), file) { // without dialects
				asked.Path, asked.Parameters = strings.Replace(e.Path, "{file}", file, 1), nil
			}
			if err := asked.check(c.QueryParams()); err != nil {
				return err
			}
			return h(s, c, snapshot)
		}
	}
}

// check rejects parameters that the endpoint does not have, and empty ones.
func (e Endpoint) check(values url.Values) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if !slices.Contains(e.Parameters, name) {
			return domain.UnknownName(name, "is not a parameter of "+strings.TrimSuffix("/v1"+e.Path, "/"), e.Parameters)
		}
	}
	return notEmpty(values)
}

// notEmpty rejects parameters without a value, which would otherwise be ignored.
func notEmpty(values url.Values) error {
	for _, name := range []string{"after", "dialect", "format", "from", "release"} {
		if values.Has(name) && values.Get(name) == "" {
			return &domain.Invalid{Name: name, Rule: "must not be empty; leave it out instead"}
		}
	}
	return nil
}
