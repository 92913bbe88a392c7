// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Deprecation announces that an endpoint has a better alternative; see
// docs/deprecation.md.
type Deprecation struct {
	// Since is when it was deprecated.
	Since time.Time
	// Sunset is when it ends; zero if that is not decided.
	Sunset time.Time
	// Successor is the path that replaces it, or empty.
	Successor string
}

// announce sets the headers of an answer (RFC 9745 and RFC 8594).
func (d Deprecation) announce(h http.Header) {
	h.Set("Deprecation", fmt.Sprintf("@%d", d.Since.Unix()))
	if !d.Sunset.IsZero() {
		h.Set("Sunset", d.Sunset.UTC().Format(http.TimeFormat))
	}
}

// links are added to the Link header of a successful answer.
func (d Deprecation) links(publicURL string) []string {
	out := []string{"<" + publicURL + `/docs>; rel="deprecation"; type="text/html"`}
	if d.Successor != "" {
		out = append(out, "<"+publicURL+d.Successor+`>; rel="successor-version"`)
	}
	return out
}

// deprecations returns the deprecations of endpoints by their routes.
func deprecations(endpoints []Endpoint) map[string]Deprecation {
	out := map[string]Deprecation{}
	for _, e := range endpoints {
		if e.Deprecated != nil {
			path := "/v1" + colons(strings.TrimSuffix(e.Path, "/"))
			out[path], out[path+".:extension"] = *e.Deprecated, *e.Deprecated
		}
	}
	return out
}
