package api

import "maps"

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
