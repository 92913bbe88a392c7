package api

import (
	"bytes"
	"mime"
	"path"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/representation"
	"github.com/zielstand/zielstand/openapi"
)

func (s *Server) openAPIJSON(c echo.Context) error {
	return s.writeStatic(c, "application/json", openapi.JSON)
}

func (s *Server) openAPIYAML(c echo.Context) error {
	return s.writeStatic(c, "application/yaml", openapi.YAML)
}

// writeStatic sends bytes that change with the program only. The server's
// address in the description is that of the running service.
func (s *Server) writeStatic(c echo.Context, contentType string, body []byte) error {
	body = bytes.ReplaceAll(body, []byte(openapi.ServerURL), []byte(s.options.PublicURL+"/v1"))
	head := representation.Head{ContentType: contentType, Total: -1}
	return s.write(c, representation.New(head, body))
}

// docsPage shows the description with Swagger UI, whose files are the
// program's own; the policy allows nothing from elsewhere and nothing inline.
// Its links are relative to /docs, so that they lead into the same service behind a
// path and under another name than the public one, which the policy would forbid.
const docsPage = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zielstand API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<noscript><p>This page needs JavaScript. The description is at <a href="openapi.json">/openapi.json</a>.</p></noscript>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`

const docsStart = `window.ui = SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});
`

const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s *Server) docs(c echo.Context) error {
	head := representation.Head{ContentType: "text/html; charset=utf-8", Total: -1, Policy: docsPolicy, Referrer: referrerPolicy}
	return s.write(c, representation.New(head, []byte(docsPage)))
}

func (s *Server) docsAsset(c echo.Context) error {
	name := c.Param("asset")
	if name == "start.js" {
		return s.writePlain(c, "text/javascript; charset=utf-8", []byte(docsStart))
	}
	body, err := openapi.SwaggerUI.ReadFile(path.Join("swagger-ui", name))
	if err != nil {
		return domain.ErrNotFound
	}
	return s.writePlain(c, mime.TypeByExtension(path.Ext(name)), body)
}

func (s *Server) writePlain(c echo.Context, contentType string, body []byte) error {
	head := representation.Head{ContentType: contentType, Total: -1}
	return s.write(c, representation.New(head, body))
}
