// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/openapi"
)

// IndexDocument is the response of /v1.
type IndexDocument struct {
	// Title is the name of the service.
	Title string `json:"title" example:"Zielstand"`
	// Release is the id of the latest release.
	Release string `json:"release" example:"2026.11.0"`
	// License is the IRI of the licence of the data.
	License string `json:"license"`
	// Attribution is the text that users of the data must show.
	Attribution string `json:"attribution"`
	// Datasets lists the datasets.
	Datasets []IndexEntry `json:"datasets"`
	// Links has further addresses.
	Links IndexLinks `json:"links"`
}

// IndexEntry is one dataset.
type IndexEntry struct {
	// ID is the id of the dataset.
	ID string `json:"id" example:"goals"`
	// Title is the German title.
	Title string `json:"title"`
	// TitleEN is the English title.
	TitleEN string `json:"titleEn"`
	// Rows is the number of rows in the latest release.
	Rows int64 `json:"rows" example:"78"`
	// Self is the address of the rows.
	Self string `json:"self"`
	// CSV is the address of the rows as CSV.
	CSV string `json:"csv"`
}

// IndexLinks are the addresses of releases and documentation.
type IndexLinks struct {
	Releases      string `json:"releases"`
	OpenAPI       string `json:"openapi"`
	Documentation string `json:"documentation"`
	// MCP is the address for programs with language models (Model Context Protocol).
	MCP string `json:"mcp"`
}

// index returns the entry point of the API.
//
//	@ID				showIndex
//	@Summary		Show the entry point
//	@Description	The datasets with their addresses, and links to the releases and the documentation.
//	@Tags			index
//	@Produce		application/json
//	@Success		200	{object}	IndexDocument
//	@Failure		406	{object}	Problem
//	@Router			/ [get]
func (s *Server) index(c echo.Context, snapshot *release.Snapshot) error {
	base := s.publicURL + "/v1/"
	settings := s.documents.Settings()
	document := IndexDocument{
		Title: "Zielstand", Release: snapshot.Latest.ID, License: settings.License, Attribution: settings.Attribution,
		Links: IndexLinks{Releases: base + "releases", OpenAPI: base + "openapi.json", Documentation: s.publicURL + "/docs", MCP: s.publicURL + mcpPath},
	}
	for _, d := range dataset.All {
		if part, ok := snapshot.Latest.Dataset(d.ID); ok {
			document.Datasets = append(document.Datasets, IndexEntry{
				ID: d.ID, Title: d.Title.DE, TitleEN: d.Title.EN, Rows: part.Rows,
				Self: base + d.ID, CSV: base + d.ID + ".csv",
			})
		}
	}
	return s.writeJSON(c, snapshot, "index", document)
}

// Health is the response of /healthz and /readyz.
type Health struct {
	// Status is ok, with a note if a damaged release was skipped.
	Status string `json:"status" example:"ok"`
}

// healthy answers 200 as long as the process runs.
func (s *Server) healthy(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, Health{Status: "ok"})
}

// readyTimeout is the maximum time for the database to answer.
const readyTimeout = 2 * time.Second

// ready answers 200 if a release is loaded and the database answers.
func (s *Server) ready(c echo.Context) error {
	if _, err := s.releases.Current(); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyTimeout)
	defer cancel()
	if err := s.store.Ping(ctx); err != nil {
		return err
	}
	if refused := s.releases.Refused(); refused != nil {
		c.Response().Header().Set("Cache-Control", "no-store")
		return c.JSON(http.StatusOK, Health{Status: "ok; release " + refused.ID + " is damaged and was skipped; see the log"})
	}
	return s.healthy(c)
}

func (s *Server) openAPIJSON(c echo.Context) error {
	return s.writeDescription(c, jsonType, openapi.JSON)
}

func (s *Server) openAPIYAML(c echo.Context) error {
	return s.writeDescription(c, "application/yaml", openapi.YAML)
}

// mailboxLine is the line of the OpenAPI description with the operator's mailbox.
var mailboxLine = regexp.MustCompile("(?m)^.*" + regexp.QuoteMeta(openapi.ContactEmail) + ".*\n")

// writeDescription sends the OpenAPI description with the address of this service and the
// mailbox of its operator, who may have none.
func (s *Server) writeDescription(c echo.Context, contentType string, body []byte) error {
	return s.writePlain(c, "", contentType, func() ([]byte, error) {
		body := bytes.ReplaceAll(body, []byte(openapi.PublicURL), []byte(s.publicURL))
		if email := s.documents.Settings().Contact.Email; email != "" {
			return bytes.ReplaceAll(body, []byte(openapi.ContactEmail), []byte(email)), nil
		}
		return mailboxLine.ReplaceAll(body, nil), nil
	})
}

// docsPage shows the description in Swagger UI. Its links are relative to /docs, so
// that they also work behind a path prefix or at another address than the public
// one.
const docsPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zielstand API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<nav><a href="./" lang="de">Zur Startseite</a></nav>
<main>
<h1>Zielstand API</h1>
<noscript>
DOCS
</noscript>
<div id="swagger-ui"></div>
</main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

const docsStart = `window.ui = SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});
`

// docsPolicy allows only files of this service and nothing inline.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s *Server) docs(c echo.Context) error {
	head := representation.Head{ContentType: "text/html; charset=utf-8", Policy: docsPolicy, Referrer: referrerPolicy}
	return s.writeText(c, "", head, func() ([]byte, error) { return []byte(strings.Replace(docsPage, "DOCS", docsList(), 1)), nil })
}

// docsList lists the addresses of the API for readers without JavaScript, in German,
// the language of the data.
func docsList() string {
	var b strings.Builder
	b.WriteString(`<div lang="de"><h1>Schnittstelle (API)</h1>` +
		`<p>Alle Datensätze als JSON; mit <code>.csv</code> oder <code>.xlsx</code> am Ende des Pfads in anderen Formaten. Jede Spalte ist ein Filter. ` +
		`Die vollständige Beschreibung: <a href="openapi.json">openapi.json</a>, <a href="openapi.yaml">openapi.yaml</a>.</p><ul>`)
	for _, d := range dataset.All {
		fmt.Fprintf(&b, "<li><a href=\"v1/%s?limit=10\">/v1/%s</a>: %s</li>\n", d.ID, d.ID, html.EscapeString(d.Title.DE))
	}
	b.WriteString(`<li><a href="v1/releases">/v1/releases</a>: Veröffentlichungen</li>` + "\n" +
		`<li><a href="v1/catalog/dcat.ttl">/v1/catalog</a>: Katalog nach DCAT-AP.de</li>` + "\n" +
		`<li><code>/mcp</code>: dieselben Daten für Programme mit Sprachmodellen, nach dem Model Context Protocol (nur POST)</li></ul></div>`)
	return b.String()
}

func (s *Server) docsAsset(c echo.Context) error {
	name := c.Param("asset")
	return s.writePlain(c, name, mime.TypeByExtension(path.Ext(name)), func() ([]byte, error) {
		if name == "start.js" {
			return []byte(docsStart), nil
		}
		body, err := openapi.SwaggerUI.ReadFile(path.Join("swagger-ui", name))
		if err != nil {
			return nil, domain.ErrNotFound
		}
		return body, nil
	})
}
