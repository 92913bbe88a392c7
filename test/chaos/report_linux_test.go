// SPDX-License-Identifier: EUPL-1.2

package chaos

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/testenv"
)

var (
	long       = flag.Bool("long", false, "longer faults, a higher rate, and 100,000 requests")
	reportPath = flag.String("report", "", "page whose tables are replaced")
)

func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	testenv.RemoveBinary()
	os.Exit(status)
}

// either returns the value for the long or the short form.
func either[T any](forLong, forShort T) T {
	if *long {
		return forLong
	}
	return forShort
}

// report logs a table, and replaces the one with the name in the page, which is
// between comments.
func report(t *testing.T, name string, lines []string) {
	t.Helper()
	table := strings.Join(lines, "\n")
	t.Logf("%s\n%s", name, table)
	if *reportPath == "" || t.Failed() {
		return
	}
	page, err := os.ReadFile(*reportPath)
	if err != nil {
		t.Fatal(err)
	}
	start, end := "<!-- "+name+" -->\n", "\n<!-- end -->"
	before, rest, found := strings.Cut(string(page), start)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for %s", *reportPath, name)
	}
	if err := os.WriteFile(*reportPath, []byte(before+start+table+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// machine describes where a run took place.
func machine(t testing.TB) string {
	t.Helper()
	memory := 0
	text, _ := os.ReadFile("/proc/meminfo")
	_, _ = fmt.Sscanf(string(text), "MemTotal: %d kB", &memory)
	version, _ := exec.Command(filepath.Join(binaries(t), "postgres"), "--version").Output()
	load, _ := os.ReadFile("/proc/loadavg")
	busy, _, _ := strings.Cut(string(load), " ")
	return fmt.Sprintf("%s: %d cores, %d GiB, Linux, %s, %s; load average %s at the end.", time.Now().UTC().Format(time.DateOnly),
		runtime.NumCPU(), memory>>20, runtime.Version(), strings.TrimSpace(string(version)), busy)
}

// row is a line of a table in Markdown.
func row(cells ...any) string {
	texts := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case time.Duration:
			texts[i] = milliseconds(c)
		case float64:
			texts[i] = fmt.Sprintf("%.0f", c)
		default:
			texts[i] = fmt.Sprint(c)
		}
	}
	return "| " + strings.Join(texts, " | ") + " |"
}

func milliseconds(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}
