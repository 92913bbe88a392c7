// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
)

// pagePolicy allows a page its own stylesheet and icon and nothing else (Content
// Security Policy 3). JSON-LD blocks are not scripts. Tools that examine a page from
// within it may read our files, such as robots.txt; the page itself has no scripts.
const pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

// cardPolicy allows other sites to embed the page of a plot.
const cardPolicy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

// referrerPolicy hides from other sites what readers looked at and searched for.
const referrerPolicy = "same-origin"

// maxSearch is the maximum length of a search term, or of another parameter of a page, in
// bytes.
const maxSearch = 200

// routePages routes the pages in all languages.
func (s *Server) routePages() {
	for _, language := range site.Languages() {
		at := func(path string) string { return site.Address(language, path) }
		for _, p := range site.Pages() {
			forms := []site.Form{site.Whole}
			if !strings.Contains(p.Pattern, "{id}") {
				forms = append(forms, p.Forms()...)
			}
			for _, form := range forms {
				path := strings.ReplaceAll(p.Pattern, "{id}", ":id") + string(form)
				if p.Pattern == "/" && form != site.Whole {
					path = "/start" + string(form)
				}
				s.get(at(path), s.page(language, p, form))
			}
		}
		s.get(at("/fields"), func(c echo.Context) error { return s.redirect(c, http.StatusPermanentRedirect, at("/")) })
		s.get(at("/releases/latest"), s.latestRelease(at))
	}
	for _, a := range site.Assets {
		s.get(a.Path, s.asset(a))
		s.get(a.Name, func(c echo.Context) error {
			c.Response().Header().Set("Cache-Control", "no-cache")
			return c.Redirect(http.StatusTemporaryRedirect, s.site.Path(a.Path))
		})
	}
	for path, size := range map[string]int{"/favicon.ico": 48, "/apple-touch-icon.png": 180} {
		s.get(path, s.touchIcon(size))
	}
	s.get("/.well-known/security.txt", s.securityTxt)
}

// asset serves a file of the pages at its address with a hash, which never changes.
func (s *Server) asset(a site.Asset) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := "asset\x00" + a.Path
		rep, err := s.representations.Cached(c.Request().Context(), key, coding(c), func(context.Context) (*representation.Representation, error) {
			return representation.New(representation.Head{ContentType: a.ContentType, Immutable: true}, a.Body), nil
		})
		if err != nil {
			return err
		}
		return s.write(c, rep)
	}
}

// touchIcon serves the icon as PNG, for systems that show no SVG.
func (s *Server) touchIcon(size int) echo.HandlerFunc {
	return func(c echo.Context) error {
		return s.writePlain(c, "", "image/png", func() ([]byte, error) { return site.TouchIcon(size) })
	}
}

// securityTxt names the contact for reporting a vulnerability (RFC 9116). It expires so
// that nobody relies on a copy for years.
func (s *Server) securityTxt(c echo.Context) error {
	contact := s.documents.Settings().Contact
	address := contact.URL
	if contact.Email != "" {
		address = "mailto:" + contact.Email
	}
	today := s.options.Today()
	year, month, _ := today.Date()
	expires := time.Date(year, month+7, 1, 0, 0, 0, 0, time.UTC)
	body := fmt.Appendf(nil, "Contact: %s\nExpires: %s\nPreferred-Languages: de, en\nCanonical: %s/.well-known/security.txt\n",
		address, expires.Format(time.RFC3339), s.publicURL)
	return s.writeUntil(c, representation.New(representation.Head{ContentType: "text/plain; charset=utf-8"}, body), tomorrow(today))
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

// page serves a page, in the form that the suffix of an identifier or else the route asks
// for.
func (s *Server) page(language string, p site.Page, form site.Form) echo.HandlerFunc {
	return func(c echo.Context) error {
		snapshot, err := s.releases.Current()
		if err != nil {
			return err
		}
		id, form := c.Param("id"), form
		if form == site.Whole {
			id, form = site.SplitForm(id)
		}
		request := site.Request{
			Release: snapshot.Latest, Releases: snapshot.Releases, Vocabulary: snapshot.Vocabulary, Language: language,
			Pattern: p.Pattern, ID: id, Today: s.options.Today(),
		}
		if request.Params, err = pageParams(c.QueryParams(), p); err != nil {
			return err
		}
		if to := request.Moved(); to != "" && form == site.Whole {
			return c.Redirect(http.StatusPermanentRedirect, s.site.Path(to))
		}
		if !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
			return s.unknownPage(c.Request().Context(), snapshot, p, request)
		}
		if form == site.Data {
			return s.redirectToData(c, snapshot, p, request)
		}
		cached := s.representations.Cached
		if form == site.PNG || form == site.Preview {
			cached = s.representations.CachedForOne
		}
		rep, err := cached(c.Request().Context(), pageKey(snapshot, request, form), coding(c), func(ctx context.Context) (*representation.Representation, error) {
			return s.buildPage(ctx, request, form)
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

// redirectToData redirects to the rows that the plot of a page shows.
func (s *Server) redirectToData(c echo.Context, snapshot *release.Snapshot, p site.Page, request site.Request) error {
	address, err := s.site.DataAddress(c.Request().Context(), request)
	if errors.Is(err, domain.ErrNotFound) {
		return s.unknownPage(c.Request().Context(), snapshot, p, request)
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-cache")
	return c.Redirect(http.StatusTemporaryRedirect, address)
}

// printable replaces control characters with spaces, as the API does.
func printable(r rune) rune {
	if unicode.IsControl(r) {
		return ' '
	}
	return r
}

// tomorrow returns the end of a day, when the pages change: citations and printed pages
// bear the date.
func tomorrow(today time.Time) time.Time {
	year, month, day := today.Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, today.Location())
}

// pageParams returns the parameters that a page knows, without those that a form leaves
// empty, and rejects what the page cannot answer. Unknown parameters are ignored, since
// browsers and campaigns add them; those of the API are not, because the page would show
// something else.
func pageParams(given url.Values, p site.Page) (url.Values, error) {
	if given.Has("release") {
		return nil, &domain.Invalid{Name: "release", Value: given.Get("release"), Rule: "is not allowed on pages, which show the latest release; use it with the API"}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if p.Refuses(name) {
			return nil, &domain.Invalid{Name: name, Value: given.Get(name), Rule: "is not a parameter of this page; use it with the API", Kind: domain.ErrMisplaced}
		}
	}
	params := url.Values{}
	for _, name := range p.Parameters() {
		value := strings.TrimSpace(strings.Map(printable, given.Get(name)))
		if len(value) > maxSearch {
			return nil, &domain.Invalid{Name: name, Rule: fmt.Sprintf("must not be longer than %d bytes", maxSearch)}
		}
		if value != "" {
			params.Set(name, value)
		}
	}
	return params, nil
}

// pageKey returns the cache key of a page. The day is part of it because citations and
// printed pages bear it. It is a hash, because the key of a snapshot grows with the
// number of releases.
func pageKey(snapshot *release.Snapshot, r site.Request, form site.Form) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{snapshot.Key(), string(form), r.Language, r.Pattern, r.ID, r.Params.Encode(), r.Today.Format(time.DateOnly)}, "\x00")))
	return "page " + string(sum[:])
}

func (s *Server) buildPage(ctx context.Context, r site.Request, form site.Form) (*representation.Representation, error) {
	head := representation.Head{ContentType: form.ContentType()}
	switch form {
	case site.Whole:
		head.Policy, head.Referrer = pagePolicy, referrerPolicy
	case site.Card:
		head.Policy, head.Referrer = cardPolicy, referrerPolicy
	case site.SVG:
		head.Policy = site.FigurePolicy()
	}
	body, err := s.site.Render(ctx, r, form)
	if err != nil {
		return nil, err
	}
	return representation.New(head, body), nil
}

// newSite creates the pages.
func (s *Server) newSite() error {
	settings := site.Settings{
		Settings: s.documents.Settings(), Legal: s.options.Legal, Statement: s.options.Statement,
		Official: s.options.Official, ReportURL: s.options.ReportURL, Signed: s.options.Signers != nil,
	}
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
	// withdrawn is why something is gone; nearest is then its replacement.
	withdrawn release.Withdrawal
}

// Unwrap returns the error without the hints.
func (e *pageError) Unwrap() error { return e.error }

// unknownPage returns the error for a page that does not exist: its row was withdrawn, its
// release deleted, or it never existed.
func (s *Server) unknownPage(ctx context.Context, snapshot *release.Snapshot, p site.Page, r site.Request) error {
	if !strings.HasSuffix(p.Pattern, "{id}") {
		return echo.ErrNotFound // an optional page without a text
	}
	id := r.ID
	vocabulary := snapshot.Vocabulary
	r.ID = domain.NearestID(id, p.IDs(snapshot))
	missing := &pageError{error: &unknownItem{dataset: strings.Trim(strings.TrimSuffix(p.Pattern, "{id}"), "/"), id: id, nearest: r.ID}}
	if strings.HasPrefix(p.Pattern, "/releases/") {
		if _, err := snapshot.Release(id); errors.Is(err, domain.ErrGone) {
			r.ID = snapshot.Latest.ID
			missing.error = err
		}
	}
	for _, d := range p.Datasets() {
		if w, ok := vocabulary.Withdrawn(d.ID, id); ok {
			r.ID = replacement(vocabulary, w)
			missing.error, missing.withdrawn = w.Gone(id), w
		}
	}
	if r.ID != "" {
		missing.nearest, missing.title = strings.Replace(p.Pattern, "{id}", r.ID, 1), s.site.Title(ctx, r)
	}
	return missing
}

// replacement returns the identifier that the reason of a withdrawal names, empty if it
// names none.
func replacement(vocabulary *release.Vocabulary, w release.Withdrawal) string {
	for word := range strings.FieldsSeq(w.Reason) {
		if id := strings.Trim(word, ",;."); vocabulary.Knows(w.Dataset, id) {
			return id
		}
	}
	return ""
}

// wantsPage reports whether an error is shown as a page: to browsers, outside the
// API.
func wantsPage(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/v1") && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// writeErrorPage shows an error as a page.
func (s *Server) writeErrorPage(c echo.Context, p Problem, cause error) error {
	failure := newFailure(c.Request().URL)
	failure.Status, failure.RequestID = p.Status, p.RequestID
	if snapshot, err := s.releases.Current(); err == nil {
		failure.Release = snapshot.Latest
	}
	var known *pageError
	var invalid *domain.Invalid
	switch {
	case errors.As(cause, &invalid):
		failure.Invalid = invalid.Shortened()
	case errors.As(cause, &known):
		failure.Nearest, failure.NearestTitle, failure.Withdrawn = known.nearest, known.title, known.withdrawn
	case p.Status == http.StatusNotFound:
		_, path := site.CutLanguage(failure.Asked)
		failure.Nearest = s.nearestPage(path)
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
func (s *Server) nearestPage(path string) string {
	snapshot, _ := s.releases.Current() // without a release, all pages
	var paths []string
	for _, p := range site.Pages() {
		if strings.Contains(p.Pattern, "{id}") || p.Pattern == "/" || p.Shows != nil && (snapshot == nil || len(p.IDs(snapshot)) == 0) {
			continue
		}
		paths = append(paths, p.Pattern)
	}
	return domain.Nearest(path, paths)
}
