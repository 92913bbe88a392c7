package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"
	"time"
)

// contender is a server that is measured, with the database that works for it.
type contender struct {
	name     string
	process  *process
	database int // process of PostgreSQL, or 0
}

func (c contender) cpu() time.Duration {
	total := cpu(c.process.cmd.Process.Pid)
	if c.database != 0 {
		total += cpu(c.database)
	}
	return total
}

// workload is what is asked of the contenders.
type workload struct {
	name     string
	requests [][]byte
	status   int
	// contenders answer it; the first is the reference.
	contenders []contender
	// sample are the requests for the reference if it does not have all answers.
	sample [][]byte
	// warmup is how long each is asked before, if not as long as usual: the
	// processes of PostgreSQL map the memory that they share while they use it.
	warmup time.Duration
}

// figures are what one contender reached in one round.
type figures struct {
	rate, cpu  float64 // requests/s; CPU seconds for 1,000 requests
	p50, p99   float64 // milliseconds
	bytes      float64 // of one answer
	others     float64 // cores that other processes used
	rateRatio  float64 // to the reference of the same round
	cpuRatio   float64
	peakMemory float64 // MiB
}

// measure lets the contenders answer in turn, round by round, and returns the
// median figures of each. A round with much work of others is repeated as long
// as repeats are left.
func measure(ctx context.Context, w workload, o options) ([]figures, error) {
	rounds := make([][]figures, len(w.contenders))
	for _, c := range w.contenders {
		if _, err := w.once(ctx, c, cmp.Or(w.warmup, o.warmup())); err != nil {
			return nil, err
		}
		c.process.forget()
	}
	repeats := repeats
	for round := 0; round < turns; round++ {
		current := make([]figures, len(w.contenders))
		disturbed := false
		for i := range w.contenders {
			i = (i + round) % len(w.contenders) // another order each round
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
			rounds[i] = append(rounds[i], f)
		}
	}
	out := make([]figures, len(w.contenders))
	for i := range rounds {
		out[i] = medians(rounds[i])
		fmt.Fprintf(os.Stderr, "%s, %s: %.0f requests/s, %.1f %%, others %.1f cores\n",
			w.name, w.contenders[i].name, out[i].rate, 100*out[i].rateRatio, out[i].others)
	}
	return out, nil
}

func (w workload) once(ctx context.Context, c contender, d time.Duration) (figures, error) {
	self, all, begun := own(os.Getpid()), machine(), c.cpu()
	asked := w.requests
	if w.sample != nil && c.process == w.contenders[0].process {
		asked = w.sample
	}
	l := load{c.process.address, asked, w.status, connections, d, 10_000_000}
	result, err := l.run(ctx)
	if err != nil {
		return figures{}, fmt.Errorf("%s, %s: %w", w.name, c.name, err)
	}
	used := c.cpu() - begun
	ours := own(os.Getpid()) - self + used
	return figures{
		rate: result.rate(), cpu: used.Seconds() / float64(result.requests) * 1000,
		p50: milliseconds(result.quantile(0.5)), p99: milliseconds(result.quantile(0.99)),
		bytes:      float64(result.bytes) / float64(result.requests),
		others:     max(0, (machine()-all-ours).Seconds()/result.elapsed.Seconds()),
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
