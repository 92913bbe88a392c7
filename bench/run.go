package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// options are the command's.
type options struct {
	quick           bool
	out, data, only string
}

// turns is how often the servers take turns.
const turns = 5

func (o options) repeats() int { return pick(o.quick, 1, 3) }

func (o options) round() time.Duration { return pick(o.quick, time.Second, 2*time.Second) }

func (o options) warmup() time.Duration { return pick(o.quick, 500*time.Millisecond, time.Second) }

// history is the number of rows of the large set.
func (o options) history() int { return pick(o.quick, 500_000, 5_000_000) }

func (o options) wants(part string) bool {
	return o.only == "" || strings.Contains(","+o.only+",", ","+part+",")
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// bench is one run.
type bench struct {
	options
	folder    string // for everything that is written
	zielstand string // path of the binary
	self      string // path of this program
	postgres  *cluster
	processes []*process
	report    report
}

func benchmark(ctx context.Context, o options) (err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
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
	b.report.begin(ctx, b)
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"start", b.starts}, {"cached", b.cached}, {"import", b.imports}, {"exports", b.exports}, {"pages", b.pages}, {"takeover", b.takeOver}} {
		if !o.wants(part.name) {
			continue
		}
		if err := part.run(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
		b.stopAll()
	}
	return b.report.write(o.out)
}

func (b *bench) stopAll() {
	for _, p := range b.processes {
		p.stop()
	}
	b.processes = nil
}

// serve starts Zielstand over a database as it runs in production, with a log
// at level info in a file.
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

// reference starts the reference server with answers taken from another.
func (b *bench) reference(ctx context.Context, from *process, paths []string) (*process, error) {
	list := filepath.Join(b.folder, fmt.Sprintf("paths-%d", len(b.processes)))
	if err := os.WriteFile(list, []byte(strings.Join(paths, "\n")+"\n"), 0o600); err != nil {
		return nil, err
	}
	p, err := start(ctx, list+".log", paths[0], b.self, "reference", "-address", "%ADDRESS%", "-from", from.address, "-list", list)
	if err == nil {
		b.processes = append(b.processes, p)
	}
	return p, err
}

func (b *bench) naive(ctx context.Context, database string) (*process, error) {
	p, err := start(ctx, filepath.Join(b.folder, fmt.Sprintf("naive-%d.log", len(b.processes))), "/v1/goals", b.self, "naive", "-address", "%ADDRESS%", "-database", database)
	if err == nil {
		b.processes = append(b.processes, p)
	}
	return p, err
}

// cached measures what is answered from memory, over the embedded data.
func (b *bench) cached(ctx context.Context) error {
	database := "sqlite:" + filepath.Join(b.folder, "fixtures.db")
	zielstand, err := b.serve(ctx, database)
	if err != nil {
		return err
	}
	if err := quiet(ctx); err != nil {
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

// indicatorPaths asks for the observations of each indicator.
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

// add measures a workload and puts it into a table of the report.
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

// pages measures filtered pages that no cache has seen, of the large set and of
// a tenth of it.
func (b *bench) pages(ctx context.Context) error {
	for _, rows := range []int{b.history() / 10, b.history()} {
		databases, err := b.databases(ctx, rows)
		if err != nil {
			return err
		}
		for _, d := range slices.Backward(databases) { // PostgreSQL makes the files of the release faster
			if err := b.pagesOf(ctx, d, rows); err != nil {
				return err
			}
			b.stopAll()
		}
	}
	return nil
}

// sampled is how many of the pages the reference holds: all of them would be
// gigabytes, and it costs the same.
const sampled = 1000

func (b *bench) pagesOf(ctx context.Context, d database, rows int) error {
	zielstand, err := b.serve(ctx, d.url,
		"--cache-bytes", "1048576", // room for a few pages, so that all are made
		// The files of the release are the same from both databases.
		"--cache-path", filepath.Join(b.folder, "pages-cache"), "--http-public-url", "http://zielstand.example")
	if err != nil {
		return err
	}
	if err := quiet(ctx); err != nil {
		return err
	}
	keys := pageKeys(rows)
	reference, err := b.reference(ctx, zielstand, keys[:sampled])
	if err != nil {
		return err
	}
	naive, err := b.naive(ctx, d.url)
	if err != nil {
		return err
	}
	codings := []string{"", "gzip"}
	if rows < b.history() {
		codings = codings[:1]
	}
	for _, coding := range codings {
		err := b.add(ctx, &b.report.pages, workload{
			name:       fmt.Sprintf("page of 100 of %s rows, %s, %s", thousands(rows), d.name, codingName(coding)),
			requests:   requests(keys, coding),
			status:     200,
			contenders: []contender{{"reference", reference, 0}, {"Zielstand", zielstand, d.pid}, {"naive", naive, d.pid}},
			sample:     requests(keys[:sampled], coding),
			warmup:     10 * b.options.warmup(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pageKeys are the pages by area, indicator and direction in a random order.
func pageKeys(rows int) []string {
	var keys []string
	for i := 0; i+synthetic.History <= rows; i += synthetic.History {
		series := i / synthetic.History
		for _, sort := range []string{"period", "-period"} {
			keys = append(keys, fmt.Sprintf("/v1/observations?area=%s&indicator=%s&sort=%s&limit=100",
				synthetic.AreaID(series%synthetic.Areas), synthetic.IndicatorID(series/synthetic.Areas), sort))
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(keys), func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return keys
}

// takeOver measures how long a running server takes to replace an empty release by
// one with all rows, and what it answers meanwhile.
func (b *bench) takeOver(ctx context.Context) error {
	databases, err := b.databases(ctx, b.history())
	if err != nil {
		return err
	}
	for _, d := range databases {
		if err := b.takeOverOf(ctx, d); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		b.stopAll()
	}
	return nil
}

func (b *bench) takeOverOf(ctx context.Context, d database) error {
	use := func(release string) error {
		out, err := exec.CommandContext(ctx, b.zielstand, "release", "use", release, "--database-url", d.url).CombinedOutput()
		if err != nil {
			return fmt.Errorf("release use %s: %w\n%s", release, err, out)
		}
		return nil
	}
	if err := use(emptyRelease); err != nil {
		return err
	}
	p, err := b.serve(ctx, d.url)
	if err != nil {
		return err
	}
	if err := quiet(ctx); err != nil {
		return err
	}
	p.forget()
	begin := time.Now()
	if err := use(fullRelease); err != nil {
		return err
	}
	t := taken{database: d.name, rows: b.history()}
	for i := 0; ; i++ {
		asked := time.Now()
		// A filter that nobody asked for before, answered from the rows in memory.
		answer, err := fetch(ctx, fmt.Sprintf("http://%s/v1/goals?limit=%d", p.address, i%100+1), "")
		if err != nil {
			t.refused++
		} else if strings.Contains(string(answer.body), `"release":"`+fullRelease+`"`) {
			break
		}
		t.answers++
		t.slowest = max(t.slowest, time.Since(asked).Seconds())
		if time.Since(begin) > 5*time.Minute {
			return errors.New("the new release is not served after five minutes")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.took, t.peak = time.Since(begin).Seconds(), p.memory("VmHWM")
	if err := quiet(ctx); err != nil {
		return err
	}
	t.memory = p.memory("VmRSS")
	b.report.taken = append(b.report.taken, t)
	return nil
}
