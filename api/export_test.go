package api

import "github.com/labstack/echo/v4"

// RepeatStale is the middleware.
func RepeatStale(s *Server, next echo.HandlerFunc) echo.HandlerFunc { return s.repeatStale(next) }

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
