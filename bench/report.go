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

// line is a row of a table: what a contender reached.
type line struct {
	workload, contender string
	figures             figures
}

// export is what exports measured: seconds of COPY and of Zielstand.
type export struct {
	database              string
	own, one, ownAll, all float64
	above                 float64 // MiB above the idle server
}

type sizes struct{ empty, published, binary, idle float64 }

type imported struct {
	database   string
	rows       int
	took, peak float64
}

// taken is how a running server took over a large release.
type taken struct {
	database           string
	reading            reading
	took, memory, peak float64 // seconds and MiB
	answers, refused   int     // meanwhile
	slowest            float64
}

// report collects what is measured and writes docs/benchmarks.md.
type report struct {
	command, machine     string
	started              time.Time
	cached, pages, files []line
	exports              []export
	imports              []imported
	taken                []taken
	sizes                sizes
	notes                []string
}

func (r *report) say(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// start notes where and how the run is made.
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
its next request when it has the answer to the last), the servers and PostgreSQL.

- **Reference**: net/http writes the same bodies from memory, compressed in advance, with the header fields of a static file.
- **Naive**: echo, a gorm query for each request and encoding/json, with an index on release, area and indicator.
- **Zielstand** runs as in production, with request ids, CORS and an access log in a file.

The servers take turns in %d rounds, in another order each time, after a warm-up that does not count. Figures are medians of
the rounds; percentages are medians of the ratios to the reference in the same round. CPU is that of the server and
PostgreSQL. "Others" is the CPU time that other programs used meanwhile, in cores: above 0.2, requests per second are too
low for all servers, and only the ratios count.
`

// bar is a figure that was promised, with what was measured.
type bar struct {
	what, target string
	measured     float64
	unit         string
	met          bool
}

// bars compares what was measured with what issue 8 asks for. The worst workload
// counts.
func (r *report) bars() []bar {
	var bars []bar
	least := func(what string, target, measured float64, unit string) {
		bars = append(bars, bar{what, fmt.Sprintf("≥ %g%s", target, unit), measured, unit, measured >= target})
	}
	most := func(what string, target, measured float64, unit string) {
		bars = append(bars, bar{what, fmt.Sprintf("≤ %g%s", target, unit), measured, unit, measured <= target})
	}
	rate, cpu := 0.0, 0.0
	for _, l := range r.cached {
		switch {
		case l.contender != "Zielstand":
		case strings.HasSuffix(l.workload, "304"):
			least("304: requests/s of the reference", 45, 100*l.figures.rateRatio, " %")
			most("304: CPU of the reference", 200, 100*l.figures.cpuRatio, " %")
		default:
			if rate == 0 || l.figures.rateRatio < rate {
				rate = l.figures.rateRatio
			}
			cpu = max(cpu, l.figures.cpuRatio)
		}
	}
	if rate > 0 {
		least("answers from memory: requests/s of the reference", 75, 100*rate, " %")
		most("answers from memory: CPU of the reference", 150, 100*cpu, " %")
	}
	for i, l := range r.pages {
		// The bar was set on uncompressed pages; gzip costs more than the page.
		if l.contender == "Zielstand" && strings.HasSuffix(l.workload, "identity") {
			least(l.workload+": requests/s of the reference", 40, 100*l.figures.rateRatio, " %")
			least(l.workload+": times the naive server", 10, l.figures.rate/r.pages[i+1].figures.rate, "")
		}
	}
	for _, l := range r.files {
		if l.contender == "Zielstand" {
			least(l.workload+" as a file: requests/s of the reference", 95, 100*l.figures.rateRatio, " %")
		}
	}
	for _, e := range r.exports {
		most("CSV of 250,000 rows for a filter, "+e.database+": time of COPY", 33.3, 100*e.one/e.own, " %")
	}
	for _, t := range r.taken {
		most(fmt.Sprintf("%s rows read from %s", thousands(int(t.reading.Rows)), t.database), pick(t.database == "SQLite", 60.0, 30), t.reading.Seconds, " s")
		most("peak memory of the server meanwhile, "+t.database, 1229, t.peak, " MiB")
		most("requests not answered from the release before meanwhile, "+t.database, 0, float64(t.refused), "")
	}
	if r.sizes != (sizes{}) {
		most("first answer after the start, data of the repository", 1, r.sizes.published, " s")
		most("memory when idle, data of the repository", 80, r.sizes.idle, " MiB")
	}
	return bars
}

// write writes the report to a file, or to standard output if the path is empty.
func (r *report) write(path string) error {
	var b strings.Builder
	fmt.Fprintf(&b, preface, r.command, r.started.Format("2 January 2006"), r.machine, turns)
	rows(&b, "Bars", "The worst workload counts.", "bar | target | measured | met", r.bars(), func(b bar) string {
		return fmt.Sprintf("%s | %s | %.3g%s | %s", b.what, b.target, b.measured, b.unit, pick(b.met, "yes", "**no**"))
	})
	writeLines(&b, "From memory", "Answers of the data of the repository.", r.cached)
	writeLines(&b, "Filtered pages", "`/v1/observations?area=…&indicator=…&sort=±period&limit=100` over 100,000 pages at random. The cache has room for a few.", r.pages)
	writeLines(&b, "Large files", "Written once for a release, then sent by the kernel (sendfile).", r.files)
	rows(&b, "CSV of 250,000 rows for a filter", "Seconds until all clients have all rows, beside PostgreSQL's `COPY … TO STDOUT` of the same cells to psql.",
		"database | COPY, 1 client | Zielstand, 1 client | ratio | COPY, 8 | Zielstand, 8 | ratio | MiB above idle", r.exports, func(e export) string {
			return fmt.Sprintf("%s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f", e.database, e.own, e.one, e.one/e.own, e.ownAll, e.all, e.all/e.ownAll, e.above)
		})
	rows(&b, "A large release in memory", "Read: the rows are read from the database and checked, in a process of its own.",
		"database | rows | seconds | MiB of observations | bytes per row | peak MiB of the process", r.taken, func(t taken) string {
			m := t.reading
			return fmt.Sprintf("%s | %s | %.1f | %.0f | %.1f | %.0f", t.database, thousands(int(m.Rows)), m.Seconds, float64(m.Bytes)/(1<<20), float64(m.Bytes)/float64(m.Rows), m.Peak)
		})
	rows(&b, "Taking over a large release", "A running server replaces a release without observations by one with all of them. Before it serves the new one, it "+
		"also writes the files whose size and checksum the catalogue states. Meanwhile it answers requests that were not made before.",
		"database | seconds | memory MiB | peak MiB | answers meanwhile | not from the release before | slowest ms", r.taken, func(t taken) string {
			return fmt.Sprintf("%s | %.1f | %.0f | %.0f | %d | %d | %.0f", t.database, t.took, t.memory, t.peak, t.answers, t.refused, 1000*t.slowest)
		})
	rows(&b, "Import", "The command `import`: read, check, derive, compare and publish a data package.",
		"database | rows | seconds | rows/s | peak memory MiB", r.imports, func(i imported) string {
			return fmt.Sprintf("%s | %s | %.1f | %s | %.0f", i.database, thousands(i.rows), i.took, thousands(int(float64(i.rows)/i.took)), i.peak)
		})
	if s := r.sizes; s != (sizes{}) {
		rows(&b, "Start and size", "With the data of the repository.",
			"start to first answer, published | from nothing | binary | memory when idle", []sizes{s}, func(s sizes) string {
				return fmt.Sprintf("%.2f s | %.2f s | %.1f MiB | %.0f MiB", s.published, s.empty, s.binary, s.idle)
			})
	}
	if len(r.notes) > 0 {
		fmt.Fprintf(&b, "\n## Notes\n\n- %s\n", strings.Join(r.notes, "\n- "))
	}
	fmt.Fprintf(&b, "\nThe run took %.0f minutes.\n", time.Since(r.started).Minutes())
	if path == "" {
		_, err := os.Stdout.WriteString(b.String())
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}

// rows writes a section with a table, if there is something to write.
func rows[T any](w io.Writer, title, text, header string, of []T, cells func(T) string) {
	if len(of) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## %s\n\n%s\n\n| %s |\n| ---%s |\n", title, text, header, strings.Repeat(" | --:", strings.Count(header, "|")))
	for _, v := range of {
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

// thousands writes a number with commas between the thousands.
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
