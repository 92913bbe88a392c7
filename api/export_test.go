package api

// Occupy takes places among the answers about the latest release, until the returned
// function is called.
func Occupy(s *Server, n int) (leave func()) {
	for range n {
		s.places <- struct{}{}
	}
	return func() {
		for range n {
			<-s.places
		}
	}
}
