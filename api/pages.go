package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/strategy"
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
		s.get(path, s.page("de", p.Pattern))
		s.get("/en"+path, s.page("en", p.Pattern))
	}
	s.get("/en", s.page("en", "/"))
	s.get("/assets/site.css", func(c echo.Context) error {
		return s.writePlain(c, "text/css; charset=utf-8", s.site.Stylesheet)
	})
	s.get("/assets/icon.svg", func(c echo.Context) error { return s.writePlain(c, "image/svg+xml", site.Icon) })
}

// page answers with a page, or with its plot if the address ends in .svg.
func (s *Server) page(language, pattern string) echo.HandlerFunc {
	return func(c echo.Context) error {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		id, figure := strings.CutSuffix(c.Param("id"), ".svg")
		request := site.Request{
			Release: snapshot.Latest, Releases: snapshot.Releases, Language: language,
			Pattern: pattern, ID: id, Query: strings.TrimSpace(c.QueryParam("q")), Today: s.options.Today(),
		}
		if pattern != "/search" {
			request.Query = ""
		}
		if len(request.Query) > longestQuery {
			return &strategy.Invalid{Name: "q", Rule: "is longer than 200 bytes"}
		}
		rep, err := s.representations.Cached(c.Request().Context(), pageKey(request, figure), coding(c), func(ctx context.Context) (*representation.Representation, error) {
			return s.makePage(ctx, request, figure)
		})
		if errors.Is(err, strategy.ErrNotFound) {
			return &unknownItem{dataset: "the pages", id: request.ID}
		}
		if err != nil {
			return err
		}
		return s.write(c, rep)
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
		Settings: s.representations.Settings(), Legal: s.options.Legal, Entry: s.representations.Entry,
		JSONLD: func(ctx context.Context, r *strategy.Release, d *dataset.Dataset) ([]byte, error) {
			rep, err := s.representations.SchemaOrg(ctx, r, d, representation.Identity)
			if err != nil {
				return nil, err
			}
			return rep.Body, nil
		},
	}
	var err error
	s.site, err = site.New(s.store, settings)
	return err
}

// wantsPage reports whether an error is to be shown as a page: to a browser that
// asks for an address outside the API.
func wantsPage(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/v1") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// writeErrorPage shows an error as a page.
func (s *Server) writeErrorPage(c echo.Context, p Problem) error {
	language := "de"
	if strings.HasPrefix(c.Request().URL.Path, "/en/") || c.Request().URL.Path == "/en" {
		language = "en"
	}
	body, err := s.site.Error(language, p.Status, "/")
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Security-Policy", pagePolicy)
	return c.Blob(p.Status, "text/html; charset=utf-8", body)
}
