// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
)

// options are the flags of the command.
type options struct {
	quick           bool
	out, data, only string
}

// rounds is how many times each server is measured.
const rounds = 9

// maxRepeats is how many disturbed rounds of a workload are repeated at most.
const maxRepeats = 2

func (o options) round() time.Duration { return choose(o.quick, 300*time.Millisecond, time.Second) }

func (o options) warmup() time.Duration { return choose(o.quick, 200*time.Millisecond, time.Second) }

// largeRows is the number of rows in the part large.
func (o options) largeRows() int { return choose(o.quick, 500_000, 5_000_000) }

func (o options) wants(part string) bool {
	return o.only == "" || strings.Contains(","+o.only+",", ","+part+",")
}

func choose[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// bench is a run of the benchmark.
type bench struct {
	options
	folder    string // for temporary files
	zielstand string // path of its binary
	self      string // path of this program
	postgres  *cluster
	processes []*process
	report    report
}

func benchmark(ctx context.Context, o options) (err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Hour)
	defer cancel()
	b := &bench{options: o}
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "zielstand-bench"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
	defer b.stopAll()
	if b.postgres, err = openCluster(ctx, os.Getenv(storetest.PostgresEnv), o.data != ""); err != nil {
		return err
	}
	defer b.postgres.close()
	b.zielstand = filepath.Join(b.folder, "zielstand")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.zielstand, ".")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	b.report.start(ctx, b)
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"start", b.starts}, {"cached", b.cached}, {"files", b.files}, {"exports", b.exports}, {"large", b.large}, {"growth", b.growth}, {"import", b.imports}} {
		if !o.wants(part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		b.stopAll()
		if err := b.save(); err != nil {
			return err
		}
	}
	if o.out == "" {
		return b.report.write(os.Stdout)
	}
	return nil
}

// save writes what has been measured, so that a run that is stopped leaves it.
func (b *bench) save() error {
	if b.out == "" {
		return nil
	}
	f, err := os.Create(b.out)
	if err != nil {
		return err
	}
	return errors.Join(b.report.write(f), f.Close())
}

func (b *bench) stopAll() {
	for _, p := range b.processes {
		p.stop()
	}
	b.processes = nil
}

// serve starts Zielstand as in production, with a log at level info in a file.
func (b *bench) serve(ctx context.Context, database string, more ...string) (*process, error) {
	name := fmt.Sprintf("zielstand-%d", len(b.processes))
	args := append([]string{
		"serve", "--http-address", "%ADDRESS%", "--database-url", database, "--cache-path", filepath.Join(b.folder, name+"-cache"),
	}, more...)
	p, err := start(ctx, filepath.Join(b.folder, name+".log"), "/v1/goals", b.zielstand, args...)
	if err == nil {
		b.processes = append(b.processes, p)
	}
	return p, err
}

// reference starts the reference server with answers of another server, with more arguments.
func (b *bench) reference(ctx context.Context, from *process, paths []string, more ...string) (*process, error) {
	list := filepath.Join(b.folder, fmt.Sprintf("paths-%d", len(b.processes)))
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o600); err != nil {
		return nil, err
	}
	args := append([]string{"reference", "-address", "%ADDRESS%", "-from", from.address, "-list", list}, more...)
	p, err := start(ctx, list+".log", paths[0], b.self, args...)
	if err == nil {
		b.processes = append(b.processes, p)
	}
	return p, err
}

// naive starts the naive server, with more arguments.
func (b *bench) naive(ctx context.Context, database string, more ...string) (*process, error) {
	args := append([]string{"naive", "-address", "%ADDRESS%", "-database", database}, more...)
	p, err := start(ctx, filepath.Join(b.folder, fmt.Sprintf("naive-%d.log", len(b.processes))), "/v1/goals", b.self, args...)
	if err == nil {
		b.processes = append(b.processes, p)
	}
	return p, err
}

// cached measures answers from the cache in memory, with the embedded data.
func (b *bench) cached(ctx context.Context) error {
	database := "sqlite:" + filepath.Join(b.folder, "fixtures.db")
	zielstand, err := b.serve(ctx, database)
	if err != nil {
		return err
	}
	if err := zielstand.waitIdle(ctx); err != nil {
		return err
	}
	filtered, err := indicatorPaths(ctx, zielstand.address)
	if err != nil {
		return err
	}
	sets := []struct {
		name  string
		paths []string
		naive bool
	}{
		{"goals, JSON", []string{"/v1/goals"}, true},
		{fmt.Sprintf("observations of one of %d indicators, JSON", len(filtered)), filtered, true},
		{"whole indicators, CSV", []string{"/v1/indicators.csv"}, false},
		{"catalogue, Turtle", []string{"/v1/catalog/dcat.ttl"}, false},
		{"page of a goal, HTML", []string{"/goals/ds2-43"}, false},
	}
	var all []string
	for _, s := range sets {
		all = append(all, s.paths...)
	}
	reference, err := b.reference(ctx, zielstand, all)
	if err != nil {
		return err
	}
	naive, err := b.naive(ctx, database)
	if err != nil {
		return err
	}
	for _, s := range sets {
		contenders := []contender{{"reference", reference, 0}, {"Zielstand", zielstand, 0}}
		if s.naive {
			contenders = append(contenders, contender{"naive", naive, 0})
		}
		for _, coding := range []string{"", "gzip"} {
			w := workload{name: s.name + ", " + codingName(coding), requests: requests(s.paths, coding), status: 200, contenders: contenders}
			if err := b.add(ctx, &b.report.cached, w); err != nil {
				return err
			}
		}
	}
	answer, err := fetch(ctx, "http://"+zielstand.address+"/v1/goals", "")
	if err != nil {
		return err
	}
	return b.add(ctx, &b.report.cached, workload{
		name: "goals, 304", requests: [][]byte{request("/v1/goals", "If-None-Match: "+answer.etag)}, status: 304,
		contenders: []contender{{"reference", reference, 0}, {"Zielstand", zielstand, 0}},
	})
}

func codingName(coding string) string {
	if coding == "" {
		return "identity"
	}
	return coding
}

func requests(paths []string, coding string) [][]byte {
	var out [][]byte
	for _, p := range paths {
		if coding == "" {
			out = append(out, request(p))
		} else {
			out = append(out, request(p, "Accept-Encoding: "+coding))
		}
	}
	return out
}

// indicatorPaths returns the paths of the observations of each indicator.
func indicatorPaths(ctx context.Context, address string) ([]string, error) {
	answer, err := fetch(ctx, "http://"+address+"/v1/indicators.csv?fields=id", "")
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, id := range strings.Fields(string(answer.body))[1:] {
		paths = append(paths, "/v1/observations?indicator="+id)
	}
	return paths, nil
}

// add measures a workload and adds its results to a table of the report.
func (b *bench) add(ctx context.Context, table *[]line, w workload) error {
	results, err := measure(ctx, w, b.options)
	if err != nil {
		return err
	}
	for i, f := range results {
		*table = append(*table, line{w.name, w.contenders[i].name, f})
	}
	return nil
}
