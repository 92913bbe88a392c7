// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/store"
	"github.com/zielstand/zielstand/internal/synthetic"
)

// reading is the cost of reading a release into memory.
type reading struct {
	Seconds float64
	Rows    int64
	Bytes   int64   // of the observations in memory
	Peak    float64 // MiB of the process
}

// printReading reads the latest release of a database into memory and prints the cost. It
// runs in a separate process so that its memory can be measured.
func printReading(ctx context.Context, url string) error {
	s, err := store.Open(store.Options{URL: url})
	if err != nil {
		return err
	}
	defer s.Close()
	latest, err := s.Latest(ctx)
	if err != nil {
		return err
	}
	start := time.Now()
	tables := release.NewTables(s, 0)
	if err := tables.Hold(ctx, latest); err != nil {
		return err
	}
	took := time.Since(start)
	observations, err := tables.Table(ctx, latest, dataset.Observations)
	if err != nil {
		return err
	}
	part, _ := latest.Dataset(dataset.Observations.ID)
	self := process{cmd: &exec.Cmd{Process: &os.Process{Pid: os.Getpid()}}}
	err = json.NewEncoder(os.Stdout).Encode(reading{took.Seconds(), part.Rows, observations.Bytes(), self.memory("VmHWM")})
	runtime.KeepAlive(tables)
	return err
}

// large measures 5 million observations: reading them, switching a running server to a
// release with them, and pages that are not cached.
func (b *bench) large(ctx context.Context) error {
	databases, err := b.databases(ctx, b.largeRows())
	if err != nil {
		return err
	}
	for _, d := range databases {
		out, err := exec.CommandContext(ctx, b.self, "read", d.url).Output()
		if err != nil {
			return fmt.Errorf("%s: read: %w", d.name, err)
		}
		t := takeover{database: d.name}
		if err := json.Unmarshal(out, &t.reading); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s: %+v\n", d.name, t.reading)
		if err := b.takeOver(ctx, d, &t); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		b.report.takeovers = append(b.report.takeovers, t)
		fmt.Fprintf(os.Stderr, "%+v\n", t)
		if err := b.pages(ctx, d); err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		b.stopAll()
	}
	return nil
}

// takeOver switches a running server from an empty release to one with all rows, and
// counts its answers in the meantime. It leaves the server running.
func (b *bench) takeOver(ctx context.Context, d database, t *takeover) error {
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
	p, err := b.serve(ctx, d.url, "--cache-bytes", "1048576") // room for a few pages, so that each is built
	if err != nil {
		return err
	}
	if err := p.waitIdle(ctx); err != nil {
		return err
	}
	p.resetPeak()
	start := time.Now()
	if err := use(fullRelease); err != nil {
		return err
	}
	for i := 0; ; i++ {
		sent := time.Now()
		// A different limit each time, so that no cache can answer.
		answer, err := fetch(ctx, fmt.Sprintf("http://%s/v1/goals?limit=%d", p.address, i%1000+1), "")
		if err == nil && bytes.Contains(answer.body, []byte(`"release":"`+fullRelease+`"`)) {
			break
		}
		if err != nil || !bytes.Contains(answer.body, []byte(`"release":"`+emptyRelease+`"`)) {
			t.missed++
		}
		t.answers++
		t.slowest = max(t.slowest, time.Since(sent).Seconds())
		if time.Since(start) > 8*time.Minute {
			return errors.New("the new release is still not served after eight minutes")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	t.took, t.peak = time.Since(start).Seconds(), p.memory("VmHWM")
	if err := p.waitIdle(ctx); err != nil {
		return err
	}
	t.memory = p.memory("VmRSS")
	return nil
}

// sampledPages is the number of pages that the reference has. All would take gigabytes,
// and each costs the same.
const sampledPages = 1000

// pages measures filtered pages on the server that takeOver left running.
func (b *bench) pages(ctx context.Context, d database) error {
	zielstand := b.processes[len(b.processes)-1]
	keys := pageKeys(b.largeRows())
	reference, err := b.reference(ctx, zielstand, keys[:sampledPages])
	if err != nil {
		return err
	}
	naive, err := b.naive(ctx, d.url)
	if err != nil {
		return err
	}
	counting, err := b.naive(ctx, d.url, "-total")
	if err != nil {
		return err
	}
	for _, coding := range []string{"", "gzip"} {
		err := b.add(ctx, &b.report.pages, workload{
			name:       fmt.Sprintf("page of 100 of %s rows, %s, %s", thousands(b.largeRows()), d.name, codingName(coding)),
			requests:   requests(keys, coding),
			status:     200,
			contenders: []contender{{"reference", reference, 0}, {"Zielstand", zielstand, d.pid}, {"naive", naive, d.pid}, {"naive, with the total", counting, d.pid}},
			sample:     requests(keys[:sampledPages], coding),
			warmup:     4 * b.options.warmup(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pageKeys returns the paths of pages for all areas, indicators and directions in random
// order.
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
