// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// line is a table row with the figures of a contender.
type line struct {
	workload, contender string
	figures             figures
}

// export compares COPY with Zielstand, with one and with exportClients clients.
type export struct {
	database                   string
	copyOne, one, copyAll, all float64 // seconds
	above                      float64 // MiB above the idle server
}

// sizes are seconds to the first answer and MiB.
type sizes struct{ empty, published, binary, idle float64 }

// takeover describes how a running server switched to a large release.
type takeover struct {
	database           string
	reading            reading
	took, memory, peak float64 // seconds and MiB
	answers, missed    int     // in the meantime; missed are not from the previous release
	slowest            float64
}

// report collects the results and writes docs/benchmarks.md.
type report struct {
	command, machine     string
	started              time.Time
	cached, pages, files []line
	exports              []export
	imports              []imported
	takeovers            []takeover
	growth               []grown
	sizes                sizes
	notes                []string
}

func (r *report) note(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// start records the machine and the command.
func (r *report) start(ctx context.Context, b *bench) {
	r.started = time.Now()
	r.command = "make bench"
	if b.quick {
		r.command += " BENCH=quick"
	}
	if b.only != "" {
		r.command = "make bench BENCH=" + b.only
	}
	r.machine = fmt.Sprintf("%d cores (%s), %s of memory, Linux, %s", runtime.NumCPU(), model(), memory(), runtime.Version())
	if b.postgres != nil {
		var version string
		if err := b.postgres.db.QueryRowContext(ctx, "SELECT current_setting('server_version') || ' with fsync ' || current_setting('fsync') || ' and shared_buffers ' || current_setting('shared_buffers')").Scan(&version); err == nil {
			r.machine += ", PostgreSQL " + version
		}
	}
	if out, err := exec.CommandContext(ctx, "git", "rev-parse", "--short", "HEAD").Output(); err == nil {
		r.machine += ", commit " + strings.TrimSpace(string(out))
	}
}

func model() string {
	b, _ := os.ReadFile("/proc/cpuinfo")
	for l := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(l, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(value, "\t: "))
		}
	}
	return "unknown"
}

func memory() string {
	b, _ := os.ReadFile("/proc/meminfo")
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return "unknown"
	}
	kib, _ := strconv.ParseFloat(fields[1], 64)
	return fmt.Sprintf("%.0f GiB", kib/(1<<20))
}

const preface = `# Benchmarks

Written by ` + "`%s`" + ` on %s: %s. Do not edit.

All processes share the machine: the load generator (32 keep-alive connections over the loopback interface, each sending
its next request when it has received the previous answer), the servers and PostgreSQL.

- **Reference**: net/http writes the same bodies from memory, compressed in advance, with the headers of a static file.
- **Naive**: echo, a gorm query for each request and encoding/json, with an index on release, area and indicator.
  It returns rows and nothing else. **With the total**, it also counts the rows on all pages, as Zielstand's pages do.
- **Zielstand** runs as in production, with request ids, CORS, metrics and a log in a file.

After a warm-up, each server is measured in %d rounds, in a different order each time. Figures are medians of the rounds;
percentages are medians of the ratios to the reference in the same round. CPU includes PostgreSQL's. "Others" is the CPU
time that other programs used in the meantime, in cores: above 0.2, requests per second are too low for all servers, and
only the ratios are meaningful.
`

// bar is a required figure and the measured one.
type bar struct {
	what, target string
	measured     float64
	unit         string
	met          bool
}

// bars compares the results with the requirements. Of several workloads, the worst counts.
func (r *report) bars() []bar {
	var bars []bar
	atLeast := func(what string, target, measured float64, unit string) {
		bars = append(bars, bar{what, fmt.Sprintf("≥ %g%s", target, unit), measured, unit, measured >= target})
	}
	atMost := func(what string, target, measured float64, unit string) {
		bars = append(bars, bar{what, fmt.Sprintf("≤ %g%s", target, unit), measured, unit, measured <= target})
	}
	rate, cpu := 0.0, 0.0
	for _, l := range r.cached {
		switch {
		case l.contender != "Zielstand":
		case strings.HasSuffix(l.workload, "304"):
			atLeast("304: requests/s of the reference", 45, 100*l.figures.rateRatio, " %")
			atMost("304: CPU of the reference", 200, 100*l.figures.cpuRatio, " %")
		default:
			if rate == 0 || l.figures.rateRatio < rate {
				rate = l.figures.rateRatio
			}
			cpu = max(cpu, l.figures.cpuRatio)
		}
	}
	if rate > 0 {
		atLeast("answers from memory: requests/s of the reference", 75, 100*rate, " %")
		atMost("answers from memory: CPU of the reference", 150, 100*cpu, " %")
	}
	for i, l := range r.pages {
		// The bar is for uncompressed pages: gzip costs more than the page itself.
		if l.contender == "Zielstand" && strings.HasSuffix(l.workload, "identity") {
			atLeast(l.workload+": requests/s of the reference", 40, 100*l.figures.rateRatio, " %")
			atLeast(l.workload+": times the naive server", 10, l.figures.rate/r.pages[i+1].figures.rate, "")
		}
	}
	for _, l := range r.files {
		// More clients keep both processors busy with copying, whoever sends.
		if l.contender == "Zielstand" && strings.HasSuffix(l.workload, oneClient) {
			atLeast(l.workload+", as a file: requests/s of the reference", 95, 100*l.figures.rateRatio, " %")
		}
	}
	for _, e := range r.exports {
		atMost("CSV of 250,000 rows for a filter, "+e.database+": time of COPY", 33.3, 100*e.one/e.copyOne, " %")
	}
	for _, t := range r.takeovers {
		atMost(fmt.Sprintf("%s rows read from %s", thousands(int(t.reading.Rows)), t.database), choose(t.database == "SQLite", 60.0, 30), t.reading.Seconds, " s")
		atMost("peak memory of the server in the meantime, "+t.database, 1229, t.peak, " MiB")
		atMost("requests not answered from the previous release in the meantime, "+t.database, 0, float64(t.missed), "")
	}
	if r.sizes != (sizes{}) {
		atMost("first answer after the start, embedded data", 1, r.sizes.published, " s")
		atMost("memory when idle, embedded data", 80, r.sizes.idle, " MiB")
	}
	return bars
}

// write writes the report.
func (r *report) write(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, preface, r.command, r.started.Format("2 January 2006"), r.machine, rounds)
	section(&b, "Bars", "The worst workload counts.", "bar | target | measured | met", r.bars(), func(b bar) string {
		return fmt.Sprintf("%s | %s | %.3g%s | %s", b.what, b.target, b.measured, b.unit, choose(b.met, "yes", "**no**"))
	})
	writeLines(&b, "From memory", "Cached answers, with the embedded data.", r.cached)
	writeLines(&b, "Filtered pages", "`/v1/observations?area=…&indicator=…&sort=±period&limit=100` for 100,000 pages at random. The cache holds only a few of them.", r.pages)
	writeLines(&b, "Large files", "Written once per release, then sent by the kernel (sendfile) or, up to 8 MiB, from memory. The file server is net/http's, with the same file.", r.files)
	section(&b, "CSV of 250,000 rows for a filter", "Seconds until all clients have received all rows, compared with PostgreSQL's `COPY … TO STDOUT` of the same cells to psql.",
		"database | COPY, 1 client | Zielstand, 1 client | ratio | COPY, 8 | Zielstand, 8 | ratio | MiB above idle", r.exports, func(e export) string {
			return fmt.Sprintf("%s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f", e.database, e.copyOne, e.one, e.one/e.copyOne, e.copyAll, e.all, e.all/e.copyAll, e.above)
		})
	section(&b, "A large release in memory", "The rows are read from the database and verified, in a separate process.",
		"database | rows | seconds | MiB of observations | bytes per row | peak MiB of the process", r.takeovers, func(t takeover) string {
			m := t.reading
			return fmt.Sprintf("%s | %s | %.1f | %.0f | %.1f | %.0f", t.database, thousands(int(m.Rows)), m.Seconds, float64(m.Bytes)/(1<<20), float64(m.Bytes)/float64(m.Rows), m.Peak)
		})
	section(&b, "Taking over a large release", "A running server switches from a release without observations to one with all of them. Before it serves the new release, it "+
		"also writes the files whose sizes and checksums are in the catalogue. In the meantime it answers requests that are not cached.",
		"database | seconds | memory MiB | peak MiB | answers in the meantime | not from the previous release | slowest ms", r.takeovers, func(t takeover) string {
			return fmt.Sprintf("%s | %.1f | %.0f | %.0f | %d | %d | %.0f", t.database, t.took, t.memory, t.peak, t.answers, t.missed, 1000*t.slowest)
		})
	section(&b, "Import", "The `import` command: read, check, derive, compare and publish a data package; then one that has only the areas, with one title changed; "+
		"then all again with one row changed. The database's own bulk load (`COPY`, `.import` of sqlite3) loads the same rows into the same table with its indices. "+
		"The share is the rate of the import in that of the bulk load.",
		"database | dataset | rows | seconds | rows/s | bulk load, seconds | share | peak MiB | areas only, seconds | peak MiB | one row changed, seconds | peak MiB", r.imports, func(i imported) string {
			return fmt.Sprintf("%s | %s | %s | %.1f | %s | %.1f | %.2f | %.0f | %.1f | %.0f | %.1f | %.0f", i.database, i.dataset, thousands(i.rows), i.first.took, thousands(int(float64(i.rows)/i.first.took)),
				i.bulk, i.bulk/i.first.took, i.first.peak, i.part.took, i.part.peak, i.again.took, i.again.peak)
		})
	section(&b, "Growth", fmt.Sprintf("The size of the store in MiB over %d monthly releases. Each brings the whole availability of services, in a package with that and its source only: "+
		"all rows have a new date and source, one in fifty another status. The observations stay the same. Then `release prune --keep 12`, and for PostgreSQL also `VACUUM FULL`.", growthMonths),
		"database | rows of each of the two | release 1 | release 2 | release 6 | release 12 | release 24 | MiB per month | pruned to 12 | rewritten | peak MiB of an import", r.growth, func(g grown) string {
			return fmt.Sprintf("%s | %s | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f", g.database, thousands(g.rows), g.first, g.second, g.sixth, g.twelfth, g.last,
				(g.last-g.first)/(growthMonths-1), g.pruned, g.full, g.peak)
		})
	if s := r.sizes; s != (sizes{}) {
		section(&b, "Start and size", "With the embedded data.",
			"first answer, data published before | new database | binary | memory when idle", []sizes{s}, func(s sizes) string {
				return fmt.Sprintf("%.2f s | %.2f s | %.1f MiB | %.0f MiB", s.published, s.empty, s.binary, s.idle)
			})
	}
	if len(r.notes) > 0 {
		fmt.Fprintf(&b, "\n## Notes\n\n- %s\n", strings.Join(r.notes, "\n- "))
	}
	fmt.Fprintf(&b, "\nThe run took %.0f minutes.\n", time.Since(r.started).Minutes())
	_, err := io.WriteString(w, b.String())
	return err
}

// section writes a section with a table, or nothing if there are no values.
func section[T any](w io.Writer, title, text, header string, values []T, cells func(T) string) {
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n| %s |\n| ---%s |\n", title, text, header, strings.Repeat(" | --:", strings.Count(header, "|")))
	for _, v := range values {
		fmt.Fprintf(w, "| %s |\n", cells(v))
	}
}

func writeLines(w io.Writer, title, text string, lines []line) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n", title, text)
	last := ""
	for _, l := range lines {
		if l.workload != last {
			fmt.Fprintf(w, "\n%s (%s):\n\n", l.workload, byteSize(l.figures.bytes))
			fmt.Fprintln(w, "| server | requests/s | of reference | p50 ms | p99 ms | CPU s per 1,000 | CPU of reference | peak memory MiB | others |")
			fmt.Fprintln(w, "| --- | --: | --: | --: | --: | --: | --: | --: | --: |")
			last = l.workload
		}
		f := l.figures
		fmt.Fprintf(w, "| %s | %s | %.1f %% | %.2f | %.1f | %.3f | %.0f %% | %.0f | %.1f |\n", l.contender, thousands(int(f.rate)),
			100*f.rateRatio, f.p50, f.p99, f.cpu, 100*f.cpuRatio, f.peakMemory, f.others)
	}
}

// thousands formats a number with thousands separators.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func byteSize(n float64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MiB", n/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f KiB", n/(1<<10))
	}
	return fmt.Sprintf("%.0f bytes", n)
}
