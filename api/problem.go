// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// Problem is the body of every error (RFC 9457).
type Problem struct {
	// Type is a URI for the type of problem; about:blank means that the status
	// describes it.
	Type string `json:"type" example:"about:blank"`
	// Title is the title of the type of problem.
	Title string `json:"title" example:"Bad Request"`
	// Status is the HTTP status.
	Status int `json:"status" example:"400"`
	// Detail is an explanation of what is wrong with this request.
	Detail string `json:"detail" example:"limit=\"0\": a limit is a whole number from 1 to 10000; leave it out to get all rows"`
	// Parameter is the name of the invalid parameter.
	Parameter string `json:"parameter,omitempty" example:"limit"`
	// Value is the invalid value.
	Value string `json:"value,omitempty" example:"0"`
	// Allowed lists the accepted values, if they can be listed.
	Allowed []string `json:"allowed,omitempty"`
	// Nearest is the most similar accepted value.
	Nearest string `json:"nearest,omitempty"`
	// RequestID is the id of the request, which is also in the log of the service.
	RequestID string `json:"requestId" example:"5f2b6c1d9e0a4b3c8d7e6f50"`
}

// problemType is the media type of a Problem.
const problemType = "application/problem+json"

// describing are the headers that describe an answer and are removed when an error
// replaces it.
var describing = []string{
	"Accept-Ranges", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Security-Policy", "Content-Type",
	"Etag", "Last-Modified", "Link", "Referrer-Policy", "X-Total-Count",
}

// removeDescription removes the headers of an answer that is not sent.
func removeDescription(c echo.Context) {
	for _, name := range describing {
		c.Response().Header().Del(name)
	}
}

// retryAfter is the number of seconds after which a client may retry after a 503.
const retryAfter = "5"

// handleError writes all errors. The causes of a 5xx go to the log and never to the
// client.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	p := problem(err)
	if p.Status == http.StatusMethodNotAllowed {
		p.Detail = "the method must be one of " + allowedMethods(c)
		c.Response().Header().Set("Allow", allowedMethods(c))
	}
	if routing := (*echo.HTTPError)(nil); errors.As(err, &routing) && p.Status == http.StatusNotFound {
		if p.Nearest = s.nearest(c.Request().URL.Path); p.Nearest != "" {
			p.Detail += "; did you mean " + p.Nearest + "?"
		}
	}
	p.RequestID = c.Response().Header().Get("X-Request-Id")
	removeDescription(c)
	h := c.Response().Header()
	h.Set("Cache-Control", "no-store")
	var many *tooMany
	if errors.As(err, &many) {
		h.Set("Retry-After", many.seconds())
	} else if p.Status == http.StatusServiceUnavailable {
		h.Set("Retry-After", retryAfter)
	}
	if wantsPage(c.Request()) && s.writeErrorPage(c, p, err) == nil {
		return
	}
	body, _ := json.Marshal(p) // strings and numbers always encode
	_ = c.Blob(p.Status, problemType, append(body, '\n'))
}

// nearest returns the path that clients use for the nearest address under /v1, or "".
func (s *Server) nearest(path string) string {
	snapshot, err := s.releases.Current()
	if err != nil {
		return ""
	}
	public, err := url.Parse(s.publicURL)
	address := nearestAddress(path, snapshot)
	if err != nil || address == "" {
		return ""
	}
	return public.Path + domain.Shorten(address)
}

// problem maps the kind of an error to a status.
func problem(err error) Problem {
	var invalid *domain.Invalid
	var routing *echo.HTTPError
	var refused *refused
	var many *tooMany
	switch {
	case errors.As(err, &invalid):
		short := invalid.Shortened()
		p := plain(http.StatusBadRequest, short.Error())
		p.Parameter, p.Value, p.Allowed, p.Nearest = short.Name, short.Value, short.Allowed, short.Nearest
		return p
	case errors.As(err, &refused):
		return plain(refused.status, refused.detail)
	case errors.As(err, &many):
		return plain(http.StatusTooManyRequests, err.Error())
	case errors.Is(err, domain.ErrNotFound):
		return missing(err)
	case errors.Is(err, domain.ErrGone):
		return plain(http.StatusGone, err.Error())
	case errors.Is(err, domain.ErrNotAcceptable):
		return plain(http.StatusNotAcceptable, err.Error())
	case errors.Is(err, release.ErrNotLoaded):
		return plain(http.StatusServiceUnavailable, "no release is loaded yet: it is still being read, or there is none; try again in a few seconds")
	case errors.Is(err, domain.ErrUnavailable), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return plain(http.StatusServiceUnavailable, "the data cannot be read at the moment; try again in a few seconds")
	case errors.As(err, &routing) && routing.Code == http.StatusNotFound:
		return plain(http.StatusNotFound, "there is nothing at this address; /v1 lists the datasets")
	case errors.As(err, &routing) && routing.Code < http.StatusInternalServerError:
		return plain(routing.Code, http.StatusText(routing.Code))
	}
	return plain(http.StatusInternalServerError, "internal server error; the operator can find details in the service log under this request id")
}

func plain(status int, detail string) Problem {
	return Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail}
}

// refused is the error for a request that is answered with a status and a text.
type refused struct {
	status int
	detail string
}

func (e *refused) Error() string { return e.detail }

// unknownItem is the error for an identifier that a dataset or another collection
// does not have. It is a domain.ErrNotFound.
type unknownItem struct {
	dataset, id, nearest string
}

func (e *unknownItem) Error() string {
	text := domain.Shorten(e.id) + " was not found in " + e.dataset
	if e.nearest != "" {
		text += "; did you mean " + e.nearest + "?"
	}
	return text
}

func (e *unknownItem) Is(target error) bool { return target == domain.ErrNotFound }

func missing(err error) Problem {
	p := plain(http.StatusNotFound, err.Error())
	var item *unknownItem
	if errors.As(err, &item) {
		p.Value, p.Nearest = domain.Shorten(item.id), item.nearest
	}
	return p
}
