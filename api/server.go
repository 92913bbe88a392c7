// Package api is the HTTP interface: routes, parameters, problems and the
// middleware before them. It is the only package that knows echo; what it
// serves is made by package representation.
package api

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/store"
)

// Server answers requests from the releases of a store.
type Server struct {
	store           *store.Store
	releases        *release.Releases
	representations *representation.Service
	options         Options
	fields          http.Header // the fields that all answers have alike
	memo            *memo
	ids             ids
	site            *site.Site
	echo            *echo.Echo
	paths           []string // of all routes
}

// Options are what the server needs to know of its surroundings.
type Options struct {
	// PublicURL is the address of the service for its users, without a slash at
	// the end.
	PublicURL string
	// Version is the version of the interface, told in every answer.
	Version string
	// Logger gets a line for each request.
	Logger *slog.Logger
	// Legal are the texts of the legal pages by name.
	Legal map[string]string
	// Today is the day on which pages are shown; nil means the clock's.
	Today func() time.Time
	// ReadTimeout is the maximum time for the head of a request, WriteTimeout that
	// for a client to take the next 256 KiB of an answer, and StreamTimeout the same
	// for an answer that is made while it is sent. Zero means the default.
	ReadTimeout, WriteTimeout, StreamTimeout time.Duration
}

// The defaults of the times that Options names, as in package config.
const (
	defaultReadTimeout   = 10 * time.Second
	defaultWriteTimeout  = 30 * time.Second
	defaultStreamTimeout = 5 * time.Second
)

// New returns a server; it is an http.Handler.
func New(s *store.Store, releases *release.Releases, representations *representation.Service, o Options) (*Server, error) {
	if o.Today == nil {
		o.Today = time.Now
	}
	o.ReadTimeout = cmp.Or(o.ReadTimeout, defaultReadTimeout)
	o.WriteTimeout = cmp.Or(o.WriteTimeout, defaultWriteTimeout)
	o.StreamTimeout = cmp.Or(o.StreamTimeout, defaultStreamTimeout)
	memo, err := newMemo(releases)
	if err != nil {
		return nil, err
	}
	server := &Server{store: s, releases: releases, representations: representations, options: o, fields: commonFields(o.Version), memo: memo, ids: newIDs(), echo: echo.New()}
	server.echo.HTTPErrorHandler = server.handleError
	server.echo.IPExtractor = echo.ExtractIPDirect()
	server.echo.Use(server.common, server.remember)
	if err := server.newSite(); err != nil {
		return nil, err
	}
	server.route()
	server.routePages()
	return server, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// route binds the addresses. Every GET is also a HEAD (RFC 9110, 9.3.2).
func (s *Server) route() {
	s.get("/v1", s.index)
	s.get("/v1/", s.index) // what a client makes of the server's address and the path /
	for _, d := range dataset.All {
		s.get("/v1/"+d.ID, s.collection(d))
		s.get("/v1/"+d.ID+".:extension", s.collection(d))
		s.get("/v1/"+d.ID+"/:"+d.Item, s.item(d))
	}
	s.get("/v1/indicators/:indicatorId/observations", s.related(dataset.Indicators, dataset.Observations, "indicator"))
	s.get("/v1/goals/:goalId/progress", s.related(dataset.Goals, dataset.GoalProgress, "goal"))
	s.get("/v1/releases", s.listReleases)
	s.get("/v1/releases/:releaseId", s.showRelease)
	s.get("/v1/releases/:releaseId/diff", s.diffReleases)
	s.get("/v1/releases/:releaseId/diff.:extension", s.diffReleases)
	s.get("/v1/releases/:releaseId/:file", s.releaseFile)
	s.get("/v1/catalog", s.catalog)
	s.get("/v1/catalog/:file", s.catalogFile)
	s.get("/v1/datasets", s.listDatasets)
	s.get("/v1/datasets/:datasetId", s.showDataset)
	s.get("/.well-known/api-catalog", s.apiCatalog)
	s.get("/.well-known/void", s.void)
	s.get("/robots.txt", s.robots)
	s.get("/sitemap.xml", s.sitemap)
	s.get("/v1/changes.atom", s.changesFeed("de"))
	s.get("/v1/changes.en.atom", s.changesFeed("en"))
	for _, path := range []string{"/openapi", "/v1/openapi"} {
		s.get(path+".json", s.openAPIJSON)
		s.get(path+".yaml", s.openAPIYAML)
	}
	s.get("/docs", s.docs)
	s.get("/docs/:asset", s.docsAsset)
	s.get("/healthz", s.healthy)
	s.get("/readyz", s.ready)
}

func (s *Server) get(path string, h echo.HandlerFunc) {
	s.echo.Add(http.MethodGet, path, h)
	s.echo.Add(http.MethodHead, path, h)
	s.paths = append(s.paths, path)
}

// Routes lists the paths that are answered, with parameters in braces as
// OpenAPI writes them.
func (s *Server) Routes() []string {
	var paths []string
	for _, r := range s.echo.Routes() {
		if r.Method == http.MethodGet {
			paths = append(paths, braces(r.Path))
		}
	}
	return paths
}

// braces turns :id into {id}.
func braces(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		if before, name, ok := strings.Cut(p, ":"); ok {
			parts[i] = fmt.Sprintf("%s{%s}", before, name)
		}
	}
	return strings.Join(parts, "/")
}
