// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// contender is a server that is measured, with its database.
type contender struct {
	name     string
	process  *process
	database int // process id of PostgreSQL, or 0
}

func (c contender) cpu() time.Duration {
	total := treeCPU(c.process.cmd.Process.Pid)
	if c.database != 0 {
		total += treeCPU(c.database)
	}
	return total
}

// workload is a set of requests to all contenders.
type workload struct {
	name       string
	requests   [][]byte
	status     int
	contenders []contender // the first is the reference
	// sample replaces the requests to a reference that does not have all answers.
	sample [][]byte
	// clients replaces connections.
	clients int
	// warmup replaces the usual duration of the warm-up: PostgreSQL's processes map
	// shared memory only when they use it.
	warmup time.Duration
}

// figures are the results of a contender in a round.
type figures struct {
	rate, cpu  float64 // requests/s; CPU seconds for 1,000 requests
	p50, p99   float64 // milliseconds
	bytes      float64 // of one answer
	others     float64 // cores that other processes used
	rateRatio  float64 // to the reference of the same round
	cpuRatio   float64
	peakMemory float64 // MiB
}

// measure loads the contenders in turn and returns the median figures of each. A round
// that other processes disturbed is repeated, maxRepeats times in all.
func measure(ctx context.Context, w workload, o options) ([]figures, error) {
	results := make([][]figures, len(w.contenders))
	for _, c := range w.contenders {
		if _, err := w.once(ctx, c, cmp.Or(w.warmup, o.warmup())); err != nil {
			return nil, err
		}
		c.process.resetPeak()
	}
	repeats := maxRepeats
	for round := 0; round < rounds; round++ {
		current := make([]figures, len(w.contenders))
		disturbed := false
		for i := range w.contenders {
			i = (i + round) % len(w.contenders) // a different order in each round
			f, err := w.once(ctx, w.contenders[i], o.round())
			if err != nil {
				return nil, err
			}
			current[i] = f
			disturbed = disturbed || f.others > 0.2
		}
		if disturbed && repeats > 0 {
			repeats--
			round--
			continue
		}
		for i, f := range current {
			f.rateRatio, f.cpuRatio = f.rate/current[0].rate, f.cpu/current[0].cpu
			results[i] = append(results[i], f)
		}
	}
	out := make([]figures, len(w.contenders))
	for i := range results {
		out[i] = medians(results[i])
		fmt.Fprintf(os.Stderr, "%s, %s: %.0f requests/s, %.1f %%, others %.1f cores\n",
			w.name, w.contenders[i].name, out[i].rate, 100*out[i].rateRatio, out[i].others)
	}
	return out, nil
}

func (w workload) once(ctx context.Context, c contender, d time.Duration) (figures, error) {
	self, all, before := processCPU(os.Getpid()), machineCPU(), c.cpu()
	requests := w.requests
	if w.sample != nil && c.process == w.contenders[0].process {
		requests = w.sample
	}
	l := load{c.process.address, requests, w.status, cmp.Or(w.clients, connections), d, 10_000_000}
	result, err := l.run(ctx)
	if err != nil {
		return figures{}, fmt.Errorf("%s, %s: %w", w.name, c.name, err)
	}
	used := c.cpu() - before
	ours := processCPU(os.Getpid()) - self + used
	return figures{
		rate: result.rate(), cpu: used.Seconds() / float64(result.requests) * 1000,
		p50: milliseconds(result.quantile(0.5)), p99: milliseconds(result.quantile(0.99)),
		bytes:      float64(result.bytes) / float64(result.requests),
		others:     max(0, (machineCPU()-all-ours).Seconds()/result.elapsed.Seconds()),
		peakMemory: c.process.memory("VmHWM"),
	}, nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func medians(rounds []figures) figures {
	of := func(field func(figures) float64) float64 {
		values := make([]float64, len(rounds))
		for i, r := range rounds {
			values[i] = field(r)
		}
		return median(values)
	}
	return figures{
		rate: of(func(f figures) float64 { return f.rate }), cpu: of(func(f figures) float64 { return f.cpu }),
		p50: of(func(f figures) float64 { return f.p50 }), p99: of(func(f figures) float64 { return f.p99 }),
		bytes: of(func(f figures) float64 { return f.bytes }), others: of(func(f figures) float64 { return f.others }),
		rateRatio: of(func(f figures) float64 { return f.rateRatio }), cpuRatio: of(func(f figures) float64 { return f.cpuRatio }),
		peakMemory: rounds[len(rounds)-1].peakMemory,
	}
}

func median[T cmp.Ordered](values []T) T {
	slices.Sort(values)
	return values[len(values)/2]
}
