package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
)

// pagePolicy allows a page its own stylesheet and icon and nothing else (Content
// Security Policy 3). JSON-LD blocks are not scripts.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// referrerPolicy hides from other sites what readers looked at and searched for.
const referrerPolicy = "same-origin"

// maxSearch is the maximum length of a search term, or of another parameter of a page, in
// bytes, and maxPageValues how often it can be given.
const (
	maxSearch     = 200
	maxPageValues = 20
)

// routePages routes the pages in all languages.
func (s *Server) routePages() {
	for _, language := range site.Languages() {
		at := func(path string) string { return site.Address(language, path) }
		for _, p := range site.Pages() {
			path := at(strings.ReplaceAll(p.Pattern, "{id}", ":id"))
			s.get(path, s.page(language, p))
			if p.HasFigure() && !strings.Contains(path, ":id") {
				s.get(path+".svg", s.page(language, p))
			}
		}
		s.get(at("/fields"), func(c echo.Context) error { return s.redirect(c, http.StatusPermanentRedirect, at("/")) })
		s.get(at("/releases/latest"), s.latestRelease(at))
	}
	s.get("/assets/site.css", func(c echo.Context) error {
		return s.writePlain(c, "text/css; charset=utf-8", s.site.Stylesheet)
	})
	s.get("/assets/icon.svg", func(c echo.Context) error { return s.writePlain(c, "image/svg+xml", site.Icon) })
}

// latestRelease redirects to the page of the latest release.
func (s *Server) latestRelease(at func(string) string) echo.HandlerFunc {
	return func(c echo.Context) error {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		c.Response().Header().Set("Cache-Control", "no-cache")
		return c.Redirect(http.StatusTemporaryRedirect, s.site.Path(at("/releases/"+snapshot.Latest.ID)))
	}
}

// page serves a page, or its plot if the address ends in .svg.
func (s *Server) page(language string, p site.Page) echo.HandlerFunc {
	return func(c echo.Context) error {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		id, figure := strings.CutSuffix(c.Param("id"), ".svg")
		figure = figure || strings.HasSuffix(c.Path(), ".svg")
		request := site.Request{
			Release: snapshot.Latest, Releases: snapshot.Releases, Language: language,
			Pattern: p.Pattern, ID: id, Today: s.options.Today(),
		}
		if request.Params, err = pageParams(c.QueryParams(), p); err != nil {
			return err
		}
		if !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
			return s.unknownPage(c.Request().Context(), snapshot, p, request)
		}
		rep, err := s.representations.Cached(c.Request().Context(), pageKey(request, figure), coding(c), func(ctx context.Context) (*representation.Representation, error) {
			return s.makePage(ctx, request, figure)
		})
		if errors.Is(err, domain.ErrNotFound) {
			return s.unknownPage(c.Request().Context(), snapshot, p, request)
		}
		if err != nil {
			return err
		}
		return s.writeUntil(c, rep, tomorrow(request.Today))
	}
}

// printable replaces control characters with spaces, as the API does.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// tomorrow returns the end of a day, when the pages change: what is due depends
// on the date.
func tomorrow(today time.Time) time.Time {
	year, month, day := today.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, today.Location())
}

// pageParams returns the parameters that a page knows, without those that a form leaves
// empty, and rejects what the page cannot answer. Unknown parameters are ignored, since
// browsers and campaigns add them; release is not, because the page would show another
// one.
func pageParams(given url.Values, p site.Page) (url.Values, error) {
	if given.Has("release") {
		return nil, &domain.Invalid{Name: "release", Value: given.Get("release"), Rule: "is not allowed on pages, which show the latest release; use it with the API"}
	}
	params := url.Values{}
	for _, name := range p.Parameters() {
		for _, value := range given[name] {
			value = strings.TrimSpace(strings.Map(printable, value))
			if len(value) > maxSearch {
				return nil, &domain.Invalid{Name: name, Rule: fmt.Sprintf("must not be longer than %d bytes", maxSearch)}
			}
			if value != "" {
				params.Add(name, value)
			}
		}
		if len(params[name]) > maxPageValues {
			return nil, &domain.Invalid{Name: name, Rule: fmt.Sprintf("must not be given more than %d times", maxPageValues)}
		}
	}
	return params, nil
}

// pageKey returns the cache key of a page. The day is part of it because what is
// due depends on it.
func pageKey(r site.Request, figure bool) string {
	form := "page"
	if figure {
		form = "figure"
	}
	return strings.Join([]string{form, release.Key(r.Release), r.Releases[0].ID, r.Releases[len(r.Releases)-1].ID, strconv.Itoa(len(r.Releases)), r.Language, r.Pattern, r.ID, r.Params.Encode(), r.Today.Format(time.DateOnly)}, "\x00")
}

func (s *Server) makePage(ctx context.Context, r site.Request, figure bool) (*representation.Representation, error) {
	head := representation.Head{ContentType: "text/html; charset=utf-8", Total: -1, Policy: pagePolicy, Referrer: referrerPolicy}
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

// newSite creates the pages.
func (s *Server) newSite() error {
	settings := site.Settings{Settings: s.documents.Settings(), Legal: s.options.Legal, Official: s.options.Official}
	var err error
	s.site, err = site.New(s.releases.Tables, s.documents, settings)
	return err
}

// pageError is an error with hints for the reader of a page.
type pageError struct {
	error
	// nearest is the path of the page probably meant, without the language, and
	// title its title.
	nearest, title string
	// reason is why something is gone.
	reason dataset.Text
}

// Unwrap returns the error without the hints.
func (e *pageError) Unwrap() error { return e.error }

// unknownPage returns the error for a page that does not exist: its row was
// withdrawn, or never existed.
func (s *Server) unknownPage(ctx context.Context, snapshot *release.Snapshot, p site.Page, r site.Request) error {
	id := r.ID
	vocabulary := snapshot.Vocabulary
	of := strings.Trim(strings.TrimSuffix(p.Pattern, "{id}"), "/")
	if p.Of != nil {
		of = p.Of.ID
	}
	if w, ok := vocabulary.Withdrawn(of, id); ok {
		return &pageError{error: unknown(p.Of, vocabulary, id), reason: dataset.Text{DE: w.Reason, EN: w.ReasonEN}}
	}
	r.ID = domain.Nearest(id, p.IDs(snapshot))
	missing := &pageError{error: &unknownItem{dataset: of, id: id, nearest: r.ID}}
	if r.ID != "" {
		missing.nearest, missing.title = strings.Replace(p.Pattern, "{id}", r.ID, 1), s.site.Title(ctx, r)
	}
	return missing
}

// wantsPage reports whether an error is shown as a page: to browsers, outside the
// API.
func wantsPage(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/v1") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// writeErrorPage shows an error as a page.
func (s *Server) writeErrorPage(c echo.Context, p Problem, cause error) error {
	failure := newFailure(c.Request().URL)
	failure.Status, failure.Parameter, failure.RequestID = p.Status, p.Parameter, p.RequestID
	var known *pageError
	switch {
	case errors.As(cause, &known):
		failure.Nearest, failure.NearestTitle, failure.Withdrawn = known.nearest, known.title, known.reason
	case p.Status == http.StatusNotFound:
		_, path := site.CutLanguage(failure.Asked)
		failure.Nearest = nearestPage(path)
		failure.NearestTitle = s.site.Title(c.Request().Context(), site.Request{Language: failure.Language, Pattern: failure.Nearest})
	}
	body, err := s.site.Error(failure)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Referrer-Policy", referrerPolicy)
	h.Set("Vary", "Accept")
	return c.Blob(p.Status, "text/html; charset=utf-8", body)
}

// newFailure returns a failure with the requested address and its language.
func newFailure(u *url.URL) site.Failure {
	f := site.Failure{Asked: u.Path}
	f.Language, f.Address = site.CutLanguage(u.EscapedPath())
	if u.RawQuery != "" {
		f.Address += "?" + u.RawQuery
	}
	return f
}

// nearestPage returns the path of the page most similar to one that does not
// exist.
func nearestPage(path string) string {
	var paths []string
	for _, p := range site.Pages() {
		if !strings.Contains(p.Pattern, "{id}") && p.Pattern != "/" {
			paths = append(paths, p.Pattern)
		}
	}
	return domain.Nearest(path, paths)
}
