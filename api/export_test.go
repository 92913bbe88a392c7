// SPDX-License-Identifier: EUPL-1.2

package api

import (
	"maps"

	"github.com/labstack/echo/v4"
)

// RepeatStale is the middleware.
func RepeatStale(s *Server, next echo.HandlerFunc) echo.HandlerFunc { return s.repeatStale(next) }

// Deprecate marks an endpoint of a server as deprecated. It must be called before the
// first request.
func Deprecate(s *Server, path string, d Deprecation) {
	maps.Copy(s.deprecated, deprecations([]Endpoint{{Path: path, Deprecated: &d}}))
}

// Occupy takes slots for answers about the latest release, until the returned
// function is called.
func Occupy(s *Server, n int) (leave func()) {
	for range n {
		s.slots <- struct{}{}
	}
	return func() {
		for range n {
			<-s.slots
		}
	}
}
