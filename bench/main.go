// SPDX-License-Identifier: EUPL-1.2

// Command bench compares Zielstand with a reference and a naive server on the same
// machine in the same run, and writes docs/benchmarks.md. The reference writes finished
// bytes from memory with net/http: the fastest that is possible. The naive server queries
// the database and encodes structs for each request: a first implementation.
//
//	go run . -o ../docs/benchmarks.md   everything, on SQLite and, if
//	                                    ZIELSTAND_TEST_POSTGRES_URL is set, PostgreSQL
//	go run . -only cached,large         some parts, to standard output
//	go run . -quick                     less data and shorter rounds
//	go run . synthetic DIR ROWS         writes a synthetic data package
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/zielstand/zielstand/internal/synthetic"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	command := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		command, args = args[0], args[1:]
	}
	switch command {
	case "":
		o := options{}
		if err := o.parse(args); err != nil {
			return err
		}
		return benchmark(ctx, o)
	case "reference":
		return serveReference(ctx, args)
	case "read":
		if len(args) != 1 {
			return errors.New("usage: bench read DATABASE-URL")
		}
		return printReading(ctx, args[0])
	case "naive":
		return serveNaive(ctx, args)
	case "synthetic":
		if len(args) != 2 {
			return errors.New("usage: bench synthetic DIR ROWS")
		}
		rows, err := strconv.Atoi(args[1])
		if err != nil {
			return fmt.Errorf("rows: %w", err)
		}
		return synthetic.Write(args[0], rows)
	}
	return fmt.Errorf("unknown command %q", command)
}

// parts can be run separately.
var parts = []string{"start", "cached", "files", "exports", "large", "growth", "import"}

func (o *options) parse(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	flags.BoolVar(&o.quick, "quick", false, "less data and shorter rounds, for a first impression")
	flags.StringVar(&o.out, "o", "", "file to write; empty means standard output")
	flags.StringVar(&o.data, "data", "", "folder that keeps the large databases for the next run")
	flags.StringVar(&o.only, "only", "", "parts to run, separated by commas: "+strings.Join(parts, ",")+"; empty means all")
	_ = flags.Parse(args)
	for part := range strings.SplitSeq(o.only, ",") {
		if part != "" && !slices.Contains(parts, part) {
			return fmt.Errorf("-only: %q is not a part; must be one of %s", part, strings.Join(parts, ", "))
		}
	}
	return nil
}
