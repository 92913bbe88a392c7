package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
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
	// made anew each time.
	everything = "/v1/observations.csv?kind=actual"
	exported   = 250_000
)

// exports measures the CSV of 250,000 rows: as a file of the release, and made
// for a filter, beside the database's own export.
func (b *bench) exports(ctx context.Context) error {
	databases, err := b.databases(ctx, exported)
	if err != nil {
		return err
	}
	small, err := b.databases(ctx, exported/10)
	if err != nil {
		return err
	}
	if err := b.releaseFile(ctx, databases[0]); err != nil {
		return err
	}
	for i, d := range databases {
		b.stopAll() // the memory above idle is that of servers without a past
		if err := b.exportsOf(ctx, d, small[i]); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
	}
	return nil
}

// releaseFile measures a whole dataset as a file, which does not depend on the
// database.
func (b *bench) releaseFile(ctx context.Context, d database) error {
	zielstand, err := b.serve(ctx, d.url)
	if err != nil {
		return err
	}
	if err := quiet(ctx); err != nil {
		return err
	}
	reference, err := b.reference(ctx, zielstand, []string{wholeFile})
	if err != nil {
		return err
	}
	for _, coding := range []string{"", "gzip"} {
		err := b.add(ctx, &b.report.files, workload{
			name: "CSV of 250,000 rows as a file of the release, " + codingName(coding), requests: requests([]string{wholeFile}, coding), status: 200,
			contenders: []contender{{"reference", reference, 0}, {"Zielstand", zielstand, 0}},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) exportsOf(ctx context.Context, d, small database) error {
	zielstand, err := b.serve(ctx, d.url)
	if err != nil {
		return err
	}
	tenth, err := b.serve(ctx, small.url)
	if err != nil {
		return err
	}
	if err := quiet(ctx); err != nil {
		return err
	}
	idle, tenthIdle := zielstand.memory("VmRSS"), tenth.memory("VmRSS")
	zielstand.forget()
	tenth.forget()
	var tenths, tenthsAll, own, ownAll, alone, together []float64
	for range turns {
		for _, step := range []struct {
			into *[]float64
			run  func() (time.Duration, error)
		}{
			{&own, func() (time.Duration, error) { return b.ownExport(ctx, d, 1) }},
			{&alone, func() (time.Duration, error) { return zielstand.export(ctx, 1) }},
			{&ownAll, func() (time.Duration, error) { return b.ownExport(ctx, d, 8) }},
			{&together, func() (time.Duration, error) { return zielstand.export(ctx, 8) }},
			{&tenths, func() (time.Duration, error) { return tenth.export(ctx, 1) }},
			{&tenthsAll, func() (time.Duration, error) { return tenth.export(ctx, 8) }},
		} {
			took, err := step.run()
			if err != nil {
				return err
			}
			*step.into = append(*step.into, took.Seconds())
		}
	}
	b.report.exports = append(b.report.exports, export{
		database: d.name, means: b.ownMeans(d), own: median(own), alone: median(alone), ownAll: median(ownAll),
		together: median(together), tenth: median(tenths), tenthTogether: median(tenthsAll),
		above: zielstand.memory("VmHWM") - idle, tenthAbove: tenth.memory("VmHWM") - tenthIdle,
	})
	return nil
}

// export has so many clients ask for all rows at the same time, once each.
func (p *process) export(ctx context.Context, clients int) (time.Duration, error) {
	l := load{p.address, [][]byte{request(everything)}, 200, clients, time.Minute, 1}
	result, err := l.run(ctx)
	return result.elapsed, err
}

func (b *bench) ownMeans(d database) string {
	if d.pid != 0 {
		return "COPY … TO STDOUT (psql)"
	}
	if _, err := exec.LookPath("sqlite3"); err == nil {
		return "sqlite3 -csv"
	}
	return "a plain loop over database/sql"
}

// ownExport writes the same cells with the database's own means.
func (b *bench) ownExport(ctx context.Context, d database, clients int) (time.Duration, error) {
	statement := "SELECT id, indicator, goal, area, period, kind, value, qualifier, source, locator, published, note, unit " +
		"FROM observations WHERE release_seq = (SELECT release_seq FROM latest) AND kind = 'actual' ORDER BY ordinal"
	begin := time.Now()
	failed := make(chan error, clients)
	for range clients {
		go func() {
			switch b.ownMeans(d) {
			case "sqlite3 -csv":
				failed <- exec.CommandContext(ctx, "sqlite3", "-csv", d.file(), statement).Run()
			case "a plain loop over database/sql":
				failed <- plainLoop(ctx, d, statement)
			default:
				failed <- copyOut(ctx, d, statement)
			}
		}()
	}
	for range clients {
		if err := <-failed; err != nil {
			return 0, err
		}
	}
	return time.Since(begin), nil
}

// copyOut exports with psql, which wants the search path as an option.
func copyOut(ctx context.Context, d database, statement string) error {
	u, err := url.Parse(d.url)
	if err != nil {
		return err
	}
	q := u.Query()
	path := q.Get("search_path")
	q.Del("search_path")
	u.RawQuery = q.Encode()
	c := exec.CommandContext(ctx, "psql", "-X", "-q", "-c", "COPY ("+statement+") TO STDOUT (FORMAT csv)", u.String())
	c.Env = append(os.Environ(), "PGOPTIONS=-c search_path="+path)
	return c.Run()
}

func plainLoop(ctx context.Context, d database, statement string) error {
	db, err := sql.Open("sqlite", d.file())
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, statement)
	if err != nil {
		return err
	}
	defer rows.Close()
	out := csv.NewWriter(io.Discard)
	cells := make([]string, 13)
	targets := make([]any, len(cells))
	for i := range cells {
		targets[i] = &cells[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	return rows.Err()
}

// starts measures from the start of the program to its first answer, and what
// it takes when nothing is asked.
func (b *bench) starts(ctx context.Context) error {
	var nothing, published []float64
	for i := range turns {
		database := "sqlite:" + filepath.Join(b.folder, fmt.Sprintf("start-%d.db", i))
		for _, into := range []*[]float64{&nothing, &published} {
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
	if err := quiet(ctx); err != nil {
		return err
	}
	b.report.sizes = sizes{nothing: median(nothing), published: median(published), binary: size(b.zielstand), idle: p.memory("VmRSS")}
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
			begin := time.Now()
			if err := c.Run(); err != nil {
				return fmt.Errorf("%w\n%s", err, out.String())
			}
			took := time.Since(begin).Seconds()
			peak := 0.0
			if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
				peak = float64(usage.Maxrss) / 1024
			}
			b.report.imports = append(b.report.imports, imported{d.name, rows, took, peak})
		}
	}
	return nil
}
