package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/zielstand/zielstand/internal/representation"
)

var (
	varyFields = []string{"Accept, Accept-Encoding"}
	revalidate = []string{"public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"}
	forEver    = []string{"public, max-age=31536000, immutable"}
)

// coding is the content coding that the request prefers.
func coding(c echo.Context) representation.Coding {
	return negotiateCoding(c.Request().Header.Get("Accept-Encoding"))
}

// write sends a representation, or 304 if the client has it already.
func write(c echo.Context, r *representation.Representation) error {
	w := c.Response()
	h := w.Header()
	r.SetHeader(h)
	h["Vary"] = varyFields
	h["Cache-Control"] = revalidate
	if r.Immutable {
		h["Cache-Control"] = forEver
	}
	if fresh(c.Request(), r) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	r.SetBodyHeader(h)
	w.WriteHeader(http.StatusOK)
	if c.Request().Method == http.MethodHead {
		return nil
	}
	_, err := w.Write(r.Body)
	return err
}

// fresh evaluates If-None-Match and, without it, If-Modified-Since (RFC 9110,
// 13.2.2).
func fresh(r *http.Request, rep *representation.Representation) bool {
	if tags := r.Header.Get("If-None-Match"); tags != "" {
		return matches(tags, rep.ETag)
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !rep.Modified.IsZero() && !rep.Modified.Truncate(time.Second).After(since)
}

// matches compares entity tags weakly (RFC 9110, 8.8.3.2).
func matches(tags, etag string) bool {
	for tag := range strings.SplitSeq(tags, ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		if tag == etag || tag == "*" {
			return true
		}
	}
	return false
}
