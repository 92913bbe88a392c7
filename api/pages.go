package api

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/strategy"
	"github.com/zielstand/zielstand/internal/suggest"
)

// pagePolicy lets a page load its own stylesheet and icon and nothing else
// (Content Security Policy 3). Data blocks are no scripts.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// longestQuery bounds what a search looks for.
const longestQuery = 200

// routePages binds the pages in both languages.
func (s *Server) routePages() {
	for _, p := range site.Pages() {
		path := strings.ReplaceAll(p.Pattern, "{id}", ":id")
		s.get(path, s.page("de", p))
		s.get("/en"+path, s.page("en", p))
	}
	s.get("/en", s.page("en", site.Pages()[0]))
	s.get("/assets/site.css", func(c echo.Context) error {
		return s.writePlain(c, "text/css; charset=utf-8", s.site.Stylesheet)
	})
	s.get("/assets/icon.svg", func(c echo.Context) error { return s.writePlain(c, "image/svg+xml", site.Icon) })
}

// page answers with a page, or with its plot if the address ends in .svg.
func (s *Server) page(language string, p site.Page) echo.HandlerFunc {
	return func(c echo.Context) error {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		id, figure := strings.CutSuffix(c.Param("id"), ".svg")
		request := site.Request{
			Release: snapshot.Latest, Releases: snapshot.Releases, Language: language,
			Pattern: p.Pattern, ID: id, Today: s.options.Today(),
		}
		if p.Pattern == "/search" {
			request.Query = strings.TrimSpace(c.QueryParam("q"))
		}
		if len(request.Query) > longestQuery {
			return &strategy.Invalid{Name: "q", Rule: "is longer than 200 bytes"}
		}
		rep, err := s.representations.Cached(c.Request().Context(), pageKey(request, figure), coding(c), func(ctx context.Context) (*representation.Representation, error) {
			return s.makePage(ctx, request, figure)
		})
		if errors.Is(err, strategy.ErrNotFound) {
			return s.unknownPage(snapshot, p, id)
		}
		if err != nil {
			return err
		}
		return send(c, rep) // not s.write: what is remembered there does not change with the day
	}
}

// pageKey names a page; the day is part of it because what is due depends on it.
func pageKey(r site.Request, figure bool) string {
	form := "page"
	if figure {
		form = "figure"
	}
	return strings.Join([]string{form, representation.ReleaseKey(r.Release), r.Releases[0].ID, r.Language, r.Pattern, r.ID, r.Query, r.Today.Format(time.DateOnly)}, "\x00")
}

func (s *Server) makePage(ctx context.Context, r site.Request, figure bool) (*representation.Representation, error) {
	head := representation.Head{ContentType: "text/html; charset=utf-8", Total: -1, Policy: pagePolicy}
	if figure {
		body, err := s.site.SVG(ctx, r)
		if err != nil {
			return nil, err
		}
		head.ContentType, head.Policy = "image/svg+xml", site.FigurePolicy()
		return representation.New(head, body), nil
	}
	body, err := s.site.HTML(ctx, r)
	if err != nil {
		return nil, err
	}
	return representation.New(head, body), nil
}

// newSite connects the pages with what they show.
func (s *Server) newSite() error {
	settings := site.Settings{
		Settings: s.representations.Settings(), Legal: s.options.Legal, Entry: s.representations.Entry, JSONLD: s.schemaOrg,
	}
	var err error
	s.site, err = site.New(s.store, settings)
	return err
}

// schemaOrg is a dataset in the words of schema.org, or with nil the catalogue
// without its datasets: they stand on their own pages.
func (s *Server) schemaOrg(ctx context.Context, r *strategy.Release, d *dataset.Dataset) ([]byte, error) {
	if d != nil {
		rep, err := s.representations.SchemaOrg(ctx, r, d, representation.Identity)
		if err != nil {
			return nil, err
		}
		return rep.Body, nil
	}
	graph, err := catalog.SchemaOrgDataset(s.representations.Settings(), r, nil, nil)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	jsonLD, _ := rdf.LookupFormat("jsonld")
	err = jsonLD.Write(&body, graph, catalog.Prefixes)
	return body.Bytes(), err
}

// pageError is an error with what helps the reader of a page.
type pageError struct {
	error
	// nearest is the path of the page probably meant, without the language.
	nearest string
	// reason is why something is gone.
	reason dataset.Text
}

// Unwrap is the kind of the error.
func (e *pageError) Unwrap() error { return e.error }

// unknownPage says why there is no such page: its row is withdrawn, or never
// was.
func (s *Server) unknownPage(snapshot *representation.Snapshot, p site.Page, id string) error {
	vocabulary := snapshot.Vocabulary(snapshot.Latest)
	of, ids := strings.Trim(strings.TrimSuffix(p.Pattern, "{id}"), "/"), []string(nil)
	switch {
	case p.Of != nil:
		of, ids = p.Of.ID, vocabulary.IDs(p.Of.ID)
	case of == "datasets":
		ids = dataset.IDs()
	case of == "releases":
		for _, r := range snapshot.Releases {
			ids = append(ids, r.ID)
		}
	}
	if w, ok := vocabulary.Withdrawn(of, id); ok {
		return &pageError{s.unknown(p.Of, snapshot.Latest, id), "", dataset.Text{DE: w.Reason, EN: w.ReasonEN}}
	}
	missing := &pageError{error: &unknownItem{dataset: of, id: id, nearest: suggest.Nearest(id, ids)}}
	if nearest := suggest.Nearest(id, ids); nearest != "" {
		missing.nearest = strings.Replace(p.Pattern, "{id}", nearest, 1)
	}
	return missing
}

// wantsPage reports whether an error is to be shown as a page: to a browser that
// asks for an address outside the API.
func wantsPage(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/v1") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// writeErrorPage shows an error as a page.
func (s *Server) writeErrorPage(c echo.Context, p Problem, cause error) error {
	failure := site.Failure{Language: "de", Status: p.Status, Asked: c.Request().URL.Path, RequestID: p.RequestID}
	path, english := strings.CutPrefix(failure.Asked, "/en/")
	if english || failure.Asked == "/en" {
		failure.Language = "en"
	}
	var known *pageError
	switch {
	case errors.As(cause, &known):
		failure.Nearest, failure.Reason = known.nearest, known.reason
	case p.Status == http.StatusNotFound:
		failure.Nearest = nearestPage("/" + strings.TrimPrefix(path, "/"))
	}
	body, err := s.site.Error(failure)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Vary", "Accept")
	return c.Blob(p.Status, "text/html; charset=utf-8", body)
}

// nearestPage is the path of a page that resembles one that does not exist.
func nearestPage(path string) string {
	var paths []string
	for _, p := range site.Pages() {
		if !strings.Contains(p.Pattern, "{id}") && p.Pattern != "/" {
			paths = append(paths, p.Pattern)
		}
	}
	return suggest.Nearest(path, paths)
}
