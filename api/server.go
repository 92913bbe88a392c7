// SPDX-License-Identifier: EUPL-1.2

// Package api is the HTTP interface: routes, parameters, problems and middleware.
// It is the only package that imports echo. Packages representation
// and catalog build what it serves.
package api

import (
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/metrics"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/internal/signing"
	"github.com/zielstand/zielstand/internal/site"
	"github.com/zielstand/zielstand/internal/store"
)

// Server answers requests from the releases of a store.
type Server struct {
	store           *store.Store
	releases        *release.Releases
	representations *representation.Service
	documents       *catalog.Service
	publicURL       string // of documents
	options         Options
	headers         []field // sent with every answer
	lastModified    lastDate
	memo            *memo
	metrics         *metrics.Metrics
	clients         *cache.Recent[netip.Prefix, *rate.Limiter] // of checkRate

	slots, waitingSlots chan struct{} // of limitWork
	ids                 ids
	site                *site.Site
	echo                *echo.Echo
	routes              map[string]string // the paths of all routes as echo has them, and with parameters in braces
	deprecated          map[string]Deprecation
}

// Options configure a Server.
type Options struct {
	// Version is the version of the API in the API-Version header.
	Version string
	// Logger receives a line for each request.
	Logger *slog.Logger
	// Legal has the texts of the legal pages by name.
	Legal map[string]string
	// Statement is the statement on accessibility.
	Statement site.Statement
	// Official reports whether a public body runs the service, for the pages.
	Official bool
	// ReportURL is the address of a form for reporting errors (site.Settings).
	ReportURL string
	// Today returns the day for which pages are rendered; nil means the current one.
	Today func() time.Time
	// ReadTimeout is the maximum time to receive the request headers, WriteTimeout
	// the maximum time for a client to take the next 256 KiB of an answer, and
	// StreamTimeout the same for a streamed answer.
	ReadTimeout, WriteTimeout, StreamTimeout time.Duration
	// Concurrent is the number of answers that are built at the same time.
	Concurrent int
	// RateLimit is the number of requests per second of a client, RateBurst the number
	// that it may make at once. Zero means no limit.
	RateLimit, RateBurst int
	// ClientHeader is the header with the address of a client, X-Forwarded-For or
	// X-Real-IP, if a request comes from one of TrustedNetworks. Empty means the address
	// of the connection.
	ClientHeader    string
	TrustedNetworks []netip.Prefix
	// Signers are the keys whose signatures of releases are served; nil means that none is.
	Signers *signing.Signers
	// Program is the version of the program in the metrics.
	Program string
}

// idleTimeout is how long a connection may wait for its next request.
const idleTimeout = 2 * time.Minute

// New returns a server; it is an http.Handler.
func New(s *store.Store, releases *release.Releases, representations *representation.Service, documents *catalog.Service, o Options) (*Server, error) {
	if o.Today == nil {
		o.Today = time.Now
	}
	memo, err := newMemo()
	if err != nil {
		return nil, err
	}
	server := &Server{store: s, releases: releases, representations: representations, documents: documents, publicURL: documents.Settings().PublicURL, options: o, headers: commonHeaders(o.Version), memo: memo, ids: newIDs(), echo: echo.New(), routes: map[string]string{}, deprecated: deprecations(Endpoints())}
	server.clients = cache.NewRecent[netip.Prefix, *rate.Limiter](maxClients, idleClient)
	server.slots, server.waitingSlots = make(chan struct{}, o.Concurrent), make(chan struct{}, o.Concurrent)
	server.echo.HTTPErrorHandler = server.handleError
	server.echo.IPExtractor = clientAddress(o.ClientHeader, o.TrustedNetworks)
	server.metrics = metrics.New(metrics.Sources{
		Version: o.Program, Store: s, Releases: releases, Representations: representations, Requests: memo.answers.Stats,
	})
	// echo calls the functions given to Use for every request; this chain is made once.
	chain := server.common(server.remember(server.checkAddress(server.limitWork(server.repeatStale(func(c echo.Context) error { return c.Handler()(c) })))))
	server.echo.Use(func(echo.HandlerFunc) echo.HandlerFunc { return chain })
	if err := server.newSite(); err != nil {
		return nil, err
	}
	server.route()
	server.routePages()
	return server, nil
}

// HTTPServer returns a server with the time limits of Options.
func (s *Server) HTTPServer() *http.Server {
	return &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.options.ReadTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaders,
		// OPTIONS * must pass the middleware as well.
		DisableGeneralOptionsHandler: true,
	}
}

// MetricsServer returns a server of the metrics, for another address.
func (s *Server) MetricsServer() *http.Server {
	return &http.Server{
		Handler: s.metrics.Handler(), ReadTimeout: s.options.ReadTimeout, WriteTimeout: s.options.WriteTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaders,
	}
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

func (s *Server) route() {
	for _, e := range Endpoints() {
		h := e.handler(s, e)
		path := "/v1" + colons(strings.TrimSuffix(e.Path, "/"))
		s.get(path, h)
		if e.suffixed {
			s.get(path+".:extension", h)
		}
		if e.Path == "/" {
			s.get("/v1/", h) // the description's server URL joined with the path /
		}
	}
	for _, path := range []string{"/openapi", "/v1/openapi"} {
		s.get(path+".json", s.openAPIJSON)
		s.get(path+".yaml", s.openAPIYAML)
	}
	s.get("/docs", s.docs)
	s.get("/docs/:asset", s.docsAsset)
	s.get("/.well-known/api-catalog", s.apiCatalog)
	s.get("/.well-known/void", s.void)
	s.get("/robots.txt", s.robots)
	s.get("/sitemap.xml", s.sitemap)
	s.get("/healthz", s.healthy)
	s.get("/readyz", s.ready)
	s.routeMCP()
}

// get binds a path to a handler. Every GET is also a HEAD (RFC 9110, 9.3.2).
func (s *Server) get(path string, h echo.HandlerFunc) {
	s.echo.Add(http.MethodGet, path, h)
	s.echo.Add(http.MethodHead, path, h)
	s.routes[path] = pathParameter.ReplaceAllString(path, "{$1}")
}

// Routes lists the paths that the server answers, with parameters in braces.
func (s *Server) Routes() []string { return slices.Sorted(maps.Values(s.routes)) }

var pathParameter = regexp.MustCompile(`:([A-Za-z]+)`)

// colons turns the {id} of OpenAPI into the :id of echo.
func colons(path string) string {
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}
