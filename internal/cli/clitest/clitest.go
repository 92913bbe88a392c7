// SPDX-License-Identifier: EUPL-1.2

// Package clitest starts the program within the process of a test.
package clitest

import (
	"context"
	"fmt"
	"regexp"
	"sync"
	"time"

	"github.com/zielstand/zielstand/internal/cli"
	"github.com/zielstand/zielstand/internal/testenv"
)

// Server is a running server.
type Server struct {
	// URL is the address that the server listens on.
	URL string
	// Stdout and Stderr are what it has written.
	Stdout, Stderr *testenv.Buffer
	// Stop stops the server and returns its exit status. It may be called again.
	Stop func() int
}

// greeting is the output of a server that accepts requests.
var greeting = regexp.MustCompile(`(?s)Zielstand serves on (http://\S+)\n.*/docs\n`)

// Start runs the program until Stop, and waits until it has printed its address.
func Start(environ []string, args ...string) (*Server, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Stdout: &testenv.Buffer{}, Stderr: &testenv.Buffer{}}
	ended := make(chan int, 1)
	go func() { ended <- cli.Run(ctx, args, environ, s.Stdout, s.Stderr) }()
	s.Stop = sync.OnceValue(func() int {
		cancel()
		return <-ended
	})
	for deadline := time.Now().Add(testenv.Patience); len(ended) == 0 && time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if found := greeting.FindStringSubmatch(s.Stdout.String()); found != nil {
			s.URL = found[1]
			return s, nil
		}
	}
	return nil, fmt.Errorf("the server did not start: status %d\n%s%s", s.Stop(), s.Stdout, s.Stderr)
}
