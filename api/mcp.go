// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/mcp"
)

// mcpPath is the address of the Model Context Protocol.
const mcpPath = "/mcp"

// mcpMethods are the methods that are allowed there: a stateless server has no stream to
// GET and no session to DELETE.
const mcpMethods = "OPTIONS, POST"

// mcpTimeout is the maximum time to answer a request of the protocol.
const mcpTimeout = 30 * time.Second

// isMCP reports whether the request is for the Model Context Protocol. Only such requests
// have a body that is read.
func isMCP(c echo.Context) bool {
	return c.Path() == mcpPath && c.Request().Method == http.MethodPost
}

// routeMCP binds the handler of the Model Context Protocol. Rate, slots and headers are
// limited as for all requests.
func (s *Server) routeMCP() {
	settings := s.documents.Settings()
	handler := mcp.Handler(s.releases, mcp.Options{
		PublicURL: s.publicURL, Version: s.options.Version,
		License: settings.License, Attribution: settings.Attribution, Logger: s.options.Logger,
	})
	protection := http.NewCrossOriginProtection()
	s.echo.POST(mcpPath, func(c echo.Context) error { return s.callMCP(c, handler, protection) })
	s.routes[mcpPath] = mcpPath
}

func (s *Server) callMCP(c echo.Context, handler http.Handler, protection *http.CrossOriginProtection) error {
	w := c.Response().Writer.(*responseWriter)
	if err := protection.Check(c.Request()); err != nil {
		return &refused{http.StatusForbidden, "a web page of another origin must not call " + mcpPath + "; programs send no Origin header"}
	}
	if query := c.Request().URL.RawQuery; query != "" {
		return &domain.Invalid{Name: "query", Value: query, Rule: mcpPath + " has no parameters; tools have arguments"}
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), mcpTimeout)
	defer cancel()
	r := c.Request().WithContext(ctx)
	answer := &answerBuffer{header: http.Header{}, status: http.StatusOK}
	handler.ServeHTTP(answer, r)
	if err := ctx.Err(); err != nil {
		return err
	}
	if answer.status >= http.StatusBadRequest && !strings.HasPrefix(answer.header.Get("Content-Type"), jsonType) {
		return &refused{answer.status, strings.TrimSpace(answer.body.String())}
	}
	maps.Copy(w.Header(), answer.header)
	w.Header().Set("Cache-Control", "no-store")
	c.Response().WriteHeader(answer.status)
	_, _ = c.Response().Write(answer.body.Bytes()) // the log has the error
	return nil
}

// receiveMCP reads the body of a request, from then on in memory. One request has one
// message: a batch would bypass the rate limit, and the current protocol has no batches.
func receiveMCP(c echo.Context) error {
	r, w := c.Request(), c.Response().Writer.(*responseWriter)
	body, err := io.ReadAll(http.MaxBytesReader(w.ResponseWriter, r.Body, mcp.MaxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return &refused{http.StatusRequestEntityTooLarge, "the body has more than 64 KiB"}
	case err != nil:
		return &refused{http.StatusBadRequest, "the body cannot be read, or did not arrive in time"}
	}
	_ = w.control.SetReadDeadline(time.Time{}) // a recorder in a test has none
	if trimmed := bytes.TrimLeft(body, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '[' {
		return &refused{http.StatusBadRequest, "a request must have one message, not a batch"}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// answerBuffer holds an answer of the protocol, which is small, until it is known whether
// it is an error.
type answerBuffer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header returns the headers.
func (b *answerBuffer) Header() http.Header { return b.header }

// WriteHeader sets the status.
func (b *answerBuffer) WriteHeader(status int) { b.status = status }

// Write adds to the body.
func (b *answerBuffer) Write(p []byte) (int, error) { return b.body.Write(p) }
