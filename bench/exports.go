// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const (
	wholeFile = "/v1/releases/latest/observations.csv"
	// filteredExport has a filter that all synthetic rows match, so it is built for each
	// request.
	filteredExport = "/v1/observations.csv?kind=actual"
	exportedRows   = 250_000
	// exportClients is the number of clients that request an export at the same time.
	exportClients = 8
)

// files measures a whole dataset that is sent as a file. The database makes no
// difference.
func (b *bench) files(ctx context.Context) error {
	databases, err := b.databases(ctx, exportedRows)
	if err != nil {
		return err
	}
	zielstand, err := b.serve(ctx, databases[0].url)
	if err != nil {
		return err
	}
	if err := zielstand.waitIdle(ctx); err != nil {
		return err
	}
	reference, err := b.reference(ctx, zielstand, []string{wholeFile})
	if err != nil {
		return err
	}
	files, err := b.reference(ctx, zielstand, []string{wholeFile}, "-files", b.folder)
	if err != nil {
		return err
	}
	for _, clients := range []int{1, connections} {
		for _, coding := range []string{"", "gzip"} {
			err := b.add(ctx, &b.report.files, workload{
				name:     fmt.Sprintf("CSV of 250,000 rows, %s, %s", codingName(coding), choose(clients == 1, oneClient, fmt.Sprint(clients, " clients"))),
				requests: requests([]string{wholeFile}, coding), status: 200, clients: clients,
				contenders: []contender{{"reference", reference, 0}, {"file server", files, 0}, {"Zielstand", zielstand, 0}},
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// oneClient ends the names of workloads with one client.
const oneClient = "1 client"

// exports compares a CSV response of 250,000 filtered rows with PostgreSQL's COPY of the
// same cells.
func (b *bench) exports(ctx context.Context) error {
	if b.postgres == nil {
		return nil
	}
	databases, err := b.databases(ctx, exportedRows)
	if err != nil {
		return err
	}
	postgres := databases[len(databases)-1]
	for _, d := range databases {
		zielstand, err := b.serve(ctx, d.url)
		if err != nil {
			return err
		}
		if err := zielstand.waitIdle(ctx); err != nil {
			return err
		}
		idle := zielstand.memory("VmRSS")
		zielstand.resetPeak()
		var copyOne, copyAll, one, all []float64
		for range rounds {
			for _, step := range []struct {
				seconds *[]float64
				run     func() error
			}{
				{&copyOne, func() error { return copyOut(ctx, postgres, 1) }},
				{&one, func() error { return zielstand.export(ctx, 1) }},
				{&copyAll, func() error { return copyOut(ctx, postgres, exportClients) }},
				{&all, func() error { return zielstand.export(ctx, exportClients) }},
			} {
				start := time.Now()
				if err := step.run(); err != nil {
					return fmt.Errorf("%s: %w", d.name, err)
				}
				*step.seconds = append(*step.seconds, time.Since(start).Seconds())
			}
		}
		b.report.exports = append(b.report.exports, export{
			database: d.name, copyOne: median(copyOne), one: median(one), copyAll: median(copyAll), all: median(all),
			above: zielstand.memory("VmHWM") - idle,
		})
		b.stopAll()
	}
	return nil
}

// export requests all rows with a number of clients at the same time.
func (p *process) export(ctx context.Context, clients int) error {
	_, err := load{p.address, [][]byte{request(filteredExport)}, 200, clients, time.Minute, 1}.run(ctx)
	return err
}

// copyOut exports the same cells with a number of psql processes at the same time. psql
// accepts a search path only in an environment variable.
func copyOut(ctx context.Context, d database, clients int) error {
	u, err := url.Parse(d.url)
	if err != nil {
		return err
	}
	q := u.Query()
	path := q.Get("search_path")
	q.Del("search_path")
	u.RawQuery = q.Encode()
	results := make(chan error, clients)
	for range clients {
		go func() {
			c := exec.CommandContext(ctx, "psql", "-X", "-q", "-c", "COPY ("+
				"SELECT id, indicator, goal, area, period, kind, value, qualifier, source, locator, published, note, unit "+
				"FROM observations WHERE version = (SELECT version FROM release_datasets JOIN latest USING (release_seq) WHERE dataset = 'observations') AND kind = 'actual' ORDER BY ordinal"+
				") TO STDOUT (FORMAT csv)", u.String())
			c.Env = append(os.Environ(), "PGOPTIONS=-c search_path="+path)
			results <- c.Run()
		}()
	}
	var errs []error
	for range clients {
		errs = append(errs, <-results)
	}
	return errors.Join(errs...)
}

// starts measures the time to the first answer, and the memory when idle, with the
// embedded data.
func (b *bench) starts(ctx context.Context) error {
	var empty, published []float64
	for i := range rounds {
		database := "sqlite:" + filepath.Join(b.folder, fmt.Sprintf("start-%d.db", i))
		for _, seconds := range []*[]float64{&empty, &published} {
			p, err := b.serve(ctx, database)
			if err != nil {
				return err
			}
			*seconds = append(*seconds, p.startup.Seconds())
			b.stopAll()
		}
	}
	p, err := b.serve(ctx, "sqlite:"+filepath.Join(b.folder, "start-0.db"))
	if err != nil {
		return err
	}
	if err := p.waitIdle(ctx); err != nil {
		return err
	}
	info, err := os.Stat(b.zielstand)
	if err != nil {
		return err
	}
	b.report.sizes = sizes{empty: median(empty), published: median(published), binary: float64(info.Size()) / (1 << 20), idle: p.memory("VmRSS")}
	return nil
}
