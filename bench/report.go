package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// line is a row of a table: what a contender reached.
type line struct {
	workload, contender string
	figures             figures
}

type export struct {
	database, means                     string
	own, alone, ownAll, together, above float64
	// of a tenth of the rows
	tenth, tenthTogether, tenthAbove float64
}

type sizes struct{ nothing, published, binary, idle float64 }

// taken is how a running server took over a release.
type taken struct {
	database                    string
	rows, answers, refused      int
	took, slowest, memory, peak float64
}

type imported struct {
	database   string
	rows       int
	took, peak float64
}

// report collects what is measured and writes docs/benchmarks.md.
type report struct {
	command, machine     string
	partly               bool // not all parts are run
	begun                time.Time
	cached, pages, files []line
	exports              []export
	imports              []imported
	sizes                sizes
	taken                []taken
	notes                []string
}

func (r *report) say(format string, args ...any) {
	r.notes = append(r.notes, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}

// begin notes where and how the run is made.
func (r *report) begin(ctx context.Context, b *bench) {
	r.begun = time.Now()
	r.command = "make bench"
	if b.quick {
		r.command += " BENCH=quick"
	}
	if b.only != "" {
		r.command, r.partly = "make bench BENCH="+b.only, true
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

Measured by ` + "`%s`" + ` on %s: %s. All processes share the machine: the load generator (32 connections that stay
open, each asking again when it has its answer, on the loopback), the servers and PostgreSQL.

**Reference** is net/http writing the same bytes from memory, compressed beforehand, and nothing else: what is possible.
**Naive** is echo, a gorm query for each request and encoding/json: what one would write first. **Zielstand** runs as in
production, with request id, CORS and a log at level info in a file.

Servers take turns, in another order each of %d rounds, after a time of warming that does not count; figures are medians
of the rounds, ratios are medians of the ratios to the reference of the same round. CPU is that of the server and all its
processes, PostgreSQL's included. “Others” is what other programs of the machine used meanwhile, in cores: above 0.2 a run
is disturbed, requests per second are too low for all, and the ratios count. Figures in this file are written by the run;
none is edited.
`

// write writes the report to a file, or to standard output if the path is empty.
// If only parts were run, those of the file that were not are left as they are.
func (r *report) write(path string) error {
	var b strings.Builder
	r.writeTo(&b)
	text := b.String()
	if path == "" {
		_, err := io.WriteString(os.Stdout, text)
		return err
	}
	if r.partly {
		whole, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if text, err = r.replace(string(whole), text); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// replace puts the parts of a run in the places of those of another, and says
// where they are from.
func (r *report) replace(whole, parts string) (string, error) {
	const heading = "\n## "
	of := strings.Split(whole, heading)
	for _, part := range strings.Split(parts, heading)[1:] {
		title, text, _ := strings.Cut(part, "\n\n")
		if title == "Notes" {
			continue
		}
		i := slices.IndexFunc(of, func(old string) bool { return strings.HasPrefix(old, title+"\n") })
		if i < 0 {
			return "", fmt.Errorf("no part %q to be replaced", title)
		}
		of[i] = fmt.Sprintf("%s\n\nMeasured apart from the rest by `%s` on %s: %s.\n\n%s",
			title, r.command, r.begun.Format("2 January 2006"), r.machine, text)
	}
	return strings.Join(of, heading), nil
}

func (r *report) writeTo(out io.Writer) {
	fmt.Fprintf(out, preface, r.command, r.begun.Format("2 January 2006"), r.machine, turns)
	r.writeLines(out, "From memory", "The data set of the repository. Bars: at least 75 % of the reference's requests per second with at most 150 % of its CPU; for a 304, 45 % with at most 200 %.", r.cached)
	r.writeLines(out, "Filtered pages that are made for the request",
		"`/v1/observations?area=…&indicator=…&sort=±period&limit=100` over all keys at random, with room for a few pages in memory. "+
			"Bars: at least 40 % of the reference's requests per second and ten times the naive server's, the same on both databases.", r.pages)
	r.writeLines(out, "Large files", "Written once for a release, then sent by the kernel. Bar: at least 95 % of the reference.", r.files)
	r.writeExports(out)
	r.writeImports(out)
	r.writeTaken(out)
	r.writeSizes(out)
	if len(r.notes) > 0 {
		fmt.Fprint(out, "\n## Notes\n\n")
		for _, n := range r.notes {
			fmt.Fprintf(out, "- %s\n", n)
		}
	}
	if !r.partly {
		fmt.Fprintf(out, "\nThe run took %.0f minutes.\n", time.Since(r.begun).Minutes())
	}
}

func (r *report) writeLines(w io.Writer, title, text string, lines []line) {
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

func (r *report) writeExports(w io.Writer) {
	if len(r.exports) == 0 {
		return
	}
	fmt.Fprint(w, "\n## CSV of 250,000 rows made for a filter\n\n"+
		"Seconds until all clients have all rows, beside the database's own export of the same cells. "+
		"Bar: at most a third of the time of COPY.\n\n"+
		"| database | own means | own, 1 client | Zielstand, 1 client | ratio | own, 8 | Zielstand, 8 | ratio | MiB above idle |\n"+
		"| --- | --- | --: | --: | --: | --: | --: | --: | --: |\n")
	for _, e := range r.exports {
		fmt.Fprintf(w, "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.2f | %.2f | %.0f |\n",
			e.database, e.means, e.own, e.alone, e.alone/e.own, e.ownAll, e.together, e.together/e.ownAll, e.above)
	}
	fmt.Fprint(w, "\nHow it grows from 25,000 rows to 250,000:\n\n"+
		"| database | rows | seconds, 1 client | rows/s | seconds, 8 clients | MiB above idle |\n| --- | --: | --: | --: | --: | --: |\n")
	for _, e := range r.exports {
		for _, s := range []struct {
			rows                   int
			alone, together, above float64
		}{{exported / 10, e.tenth, e.tenthTogether, e.tenthAbove}, {exported, e.alone, e.together, e.above}} {
			fmt.Fprintf(w, "| %s | %s | %.3f | %s | %.2f | %.0f |\n", e.database, thousands(s.rows), s.alone,
				thousands(int(float64(s.rows)/s.alone)), s.together, s.above)
		}
	}
}

func (r *report) writeImports(w io.Writer) {
	if len(r.imports) == 0 {
		return
	}
	fmt.Fprint(w, "\n## Import\n\nThe command import: read, check, derive, compare and publish a data package.\n\n"+
		"| database | rows | seconds | rows/s | peak memory MiB |\n| --- | --: | --: | --: | --: |\n")
	for _, i := range r.imports {
		fmt.Fprintf(w, "| %s | %s | %.1f | %s | %.0f |\n", i.database, thousands(i.rows), i.took, thousands(int(float64(i.rows)/i.took)), i.peak)
	}
}

func (r *report) writeTaken(w io.Writer) {
	if len(r.taken) == 0 {
		return
	}
	fmt.Fprint(w, "\n## Taking over a large release\n\nA running server replaces a release without observations by one with all of them, "+
		"and meanwhile answers queries that nobody asked before. "+
		"Bars: read from PostgreSQL within 30 s and from SQLite within 60 s, 5 million rows within 1,229 MiB, no request refused.\n\n"+
		"| database | rows | seconds | memory MiB | peak MiB | answers meanwhile | refused | slowest ms |\n"+
		"| --- | --: | --: | --: | --: | --: | --: | --: |\n")
	for _, t := range r.taken {
		fmt.Fprintf(w, "| %s | %s | %.1f | %.0f | %.0f | %d | %d | %.0f |\n",
			t.database, thousands(t.rows), t.took, t.memory, t.peak, t.answers, t.refused, 1000*t.slowest)
	}
}

func (r *report) writeSizes(w io.Writer) {
	if r.sizes == (sizes{}) {
		return
	}
	s := r.sizes
	fmt.Fprintf(w, "\n## Start and size\n\n| what | measured | bar |\n| --- | --: | --: |\n"+
		"| start to first answer, published store | %.2f s | < 1 s |\n| start to first answer, from nothing | %.2f s | < 2 s |\n"+
		"| binary | %.1f MiB | < 48 MiB |\n| memory when idle | %.0f MiB | < 80 MiB |\n", s.published, s.nothing, s.binary, s.idle)
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
