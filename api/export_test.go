package api

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
