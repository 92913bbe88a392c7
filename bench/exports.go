package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/zielstand/zielstand/internal/synthetic"
)

const (
	wholeFile = "/v1/releases/latest/observations.csv"
	// everything is a filter that all synthetic rows pass, so that the answer is
	// made for each request.
	everything = "/v1/observations.csv?kind=actual"
	exported   = 250_000
	// seats is the number of clients that ask for an export at the same time.
	seats = 8
)

// files measures a whole dataset sent as a file, which does not depend on the
// database.
func (b *bench) files(ctx context.Context) error {
	databases, err := b.databases(ctx, exported)
	if err != nil {
		return err
	}
	zielstand, err := b.serve(ctx, databases[0].url)
	if err != nil {
		return err
	}
	if err := zielstand.idle(ctx); err != nil {
		return err
	}
	reference, err := b.reference(ctx, zielstand, []string{wholeFile})
	if err != nil {
		return err
	}
	for _, coding := range []string{"", "gzip"} {
		err := b.add(ctx, &b.report.files, workload{
			name: "CSV of 250,000 rows, " + codingName(coding), requests: requests([]string{wholeFile}, coding), status: 200,
			contenders: []contender{{"reference", reference, 0}, {"Zielstand", zielstand, 0}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// exports measures the CSV of 250,000 rows that is made for a filter, beside
// PostgreSQL's COPY of the same cells.
func (b *bench) exports(ctx context.Context) error {
	if b.postgres == nil {
		return nil
	}
	databases, err := b.databases(ctx, exported)
	if err != nil {
		return err
	}
	postgres := databases[len(databases)-1]
	for _, d := range databases {
		zielstand, err := b.serve(ctx, d.url)
		if err != nil {
			return err
		}
		if err := zielstand.idle(ctx); err != nil {
			return err
		}
		idle := zielstand.memory("VmRSS")
		zielstand.forget()
		var own, ownAll, one, all []float64
		for range turns {
			for _, step := range []struct {
				into *[]float64
				run  func() error
			}{
				{&own, func() error { return copyOut(ctx, postgres, 1) }},
				{&one, func() error { return zielstand.export(ctx, 1) }},
				{&ownAll, func() error { return copyOut(ctx, postgres, seats) }},
				{&all, func() error { return zielstand.export(ctx, seats) }},
			} {
				start := time.Now()
				if err := step.run(); err != nil {
					return fmt.Errorf("%s: %w", d.name, err)
				}
				*step.into = append(*step.into, time.Since(start).Seconds())
			}
		}
		b.report.exports = append(b.report.exports, export{
			database: d.name, own: median(own), one: median(one), ownAll: median(ownAll), all: median(all),
			above: zielstand.memory("VmHWM") - idle,
		})
		b.stopAll()
	}
	return nil
}

// export lets the clients ask for all rows at the same time, once each.
func (p *process) export(ctx context.Context, clients int) error {
	_, err := load{p.address, [][]byte{request(everything)}, 200, clients, time.Minute, 1}.run(ctx)
	return err
}

// copyOut lets clients export the same cells with psql, which takes the search
// path from an environment variable only.
func copyOut(ctx context.Context, d database, clients int) error {
	u, err := url.Parse(d.url)
	if err != nil {
		return err
	}
	q := u.Query()
	path := q.Get("search_path")
	q.Del("search_path")
	u.RawQuery = q.Encode()
	failed := make(chan error, clients)
	for range clients {
		go func() {
			c := exec.CommandContext(ctx, "psql", "-X", "-q", "-c", "COPY ("+
				"SELECT id, indicator, goal, area, period, kind, value, qualifier, source, locator, published, note, unit "+
				"FROM observations WHERE version = (SELECT version FROM release_datasets JOIN latest USING (release_seq) WHERE dataset = 'observations') AND kind = 'actual' ORDER BY ordinal"+
				") TO STDOUT (FORMAT csv)", u.String())
			c.Env = append(os.Environ(), "PGOPTIONS=-c search_path="+path)
			failed <- c.Run()
		}()
	}
	var all []error
	for range clients {
		all = append(all, <-failed)
	}
	return errors.Join(all...)
}

// starts measures the time from the start of the program to its first answer, and
// its memory when idle, with the data of the repository.
func (b *bench) starts(ctx context.Context) error {
	var empty, published []float64
	for i := range turns {
		database := "sqlite:" + filepath.Join(b.folder, fmt.Sprintf("start-%d.db", i))
		for _, into := range []*[]float64{&empty, &published} {
			p, err := b.serve(ctx, database)
			if err != nil {
				return err
			}
			*into = append(*into, p.started.Seconds())
			b.stopAll()
		}
	}
	p, err := b.serve(ctx, "sqlite:"+filepath.Join(b.folder, "start-0.db"))
	if err != nil {
		return err
	}
	if err := p.idle(ctx); err != nil {
		return err
	}
	info, err := os.Stat(b.zielstand)
	if err != nil {
		return err
	}
	b.report.sizes = sizes{empty: median(empty), published: median(published), binary: float64(info.Size()) / (1 << 20), idle: p.memory("VmRSS")}
	return nil
}

// imports measures the command import on data packages.
func (b *bench) imports(ctx context.Context) error {
	for _, rows := range []int{exported / 10, exported} {
		folder := filepath.Join(b.folder, fmt.Sprintf("package-%d", rows))
		if err := synthetic.Write(folder, rows); err != nil {
			return err
		}
		targets := []database{{"SQLite", "sqlite:" + folder + ".db", 0}}
		if b.postgres != nil {
			name := fmt.Sprintf("zielstand_bench_import_%d_%d", rows, os.Getpid())
			address, err := b.postgres.schema(ctx, name)
			if err != nil {
				return err
			}
			targets = append(targets, database{"PostgreSQL", address, b.postgres.pid})
		}
		for _, d := range targets {
			c := exec.CommandContext(ctx, b.zielstand, "import", folder, "--database-url", d.url)
			var out strings.Builder
			c.Stdout, c.Stderr = &out, &out
			start := time.Now()
			if err := c.Run(); err != nil {
				return fmt.Errorf("%w\n%s", err, out.String())
			}
			took, peak := time.Since(start).Seconds(), 0.0
			if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
				peak = float64(usage.Maxrss) / 1024
			}
			b.report.imports = append(b.report.imports, imported{d.name, rows, took, peak})
		}
	}
	return nil
}
