// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

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
		return &refused{answer.status, domain.Shorten(strings.TrimSpace(answer.body.String()))} // may repeat the method
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
	if len(body) > 0 { // the handler reports an empty one
		if err := checkMessage(body); err != nil {
			return err
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// checkMessage rejects what the handler would read as something else: it replaces what is
// not UTF-8, ignores what follows the message and all but the last of repeated members, and
// answers a number that is not a whole number of at most 53 bits (RFC 8259, 6) under
// another id.
func checkMessage(body []byte) error {
	if !utf8.Valid(body) {
		return &refused{http.StatusBadRequest, "the body is not UTF-8"}
	}
	var message map[string]json.RawMessage
	var syntax *json.SyntaxError
	if err := json.Unmarshal(body, &message); errors.As(err, &syntax) {
		return &refused{http.StatusBadRequest, fmt.Sprintf("the body must be one message in JSON: %s at byte %d", syntax, syntax.Offset)}
	}
	if message == nil {
		return &refused{http.StatusBadRequest, "the body must be a JSON object, the message"}
	}
	if name, ok := repeatedMember(body); ok {
		return &domain.Invalid{Name: name, Rule: "must be given only once", Kind: domain.ErrRepeated}
	}
	id := string(message["id"])
	if n, err := strconv.ParseFloat(id, 64); !errors.Is(err, strconv.ErrSyntax) && (n != math.Trunc(n) || math.Abs(n) >= 1<<53) {
		return &domain.Invalid{Name: "id", Value: id, Rule: "must be a text, or a whole number between -2^53 and 2^53"}
	}
	return nil
}

// repeatedMember returns the name of a member that an object in valid JSON has twice.
func repeatedMember(body []byte) (string, bool) {
	var open []map[string]bool // the names in each object; nil for a list
	for d, isName := json.NewDecoder(bytes.NewReader(body)), false; ; {
		token, err := d.Token()
		if err != nil {
			return "", false
		}
		name, isText := token.(string)
		switch {
		case isText && isName:
			names := open[len(open)-1]
			if names[name] {
				return name, true
			}
			names[name], isName = true, false
			continue
		case token == json.Delim('{'):
			open = append(open, map[string]bool{})
		case token == json.Delim('['):
			open = append(open, nil)
		case token == json.Delim('}'), token == json.Delim(']'):
			open = open[:len(open)-1]
		}
		isName = len(open) > 0 && open[len(open)-1] != nil
	}
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
