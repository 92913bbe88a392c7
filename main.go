// SPDX-License-Identifier: EUPL-1.2

// Zielstand publishes the goals of North Rhine-Westphalia's digital strategy and
// what was reported since as open data.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/zielstand/zielstand/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	os.Exit(cli.Run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}
