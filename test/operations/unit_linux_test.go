// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/zielstand/zielstand/internal/config"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestUnit checks deploy/zielstand.service, alone and with the file for PostgreSQL: its
// syntax, the settings in it, and its exposure, which docs/running.md states.
func TestUnit(t *testing.T) {
	t.Parallel()
	program := testenv.Program(t, "systemd-analyze (Debian: systemd)", "systemd-analyze")
	dir := t.TempDir()
	unit := filepath.Join(dir, "zielstand.service")
	write(t, unit, adapted(t, "zielstand.service", "/usr/local/bin/zielstand", testenv.Binary(t)))
	addition := adapted(t, "zielstand-postgresql.conf", "database.example", "database.example")
	for _, with := range []string{"SQLite", "PostgreSQL"} {
		if with == "PostgreSQL" {
			if err := os.Mkdir(unit+".d", 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, unit+".d/postgresql.conf", addition)
		}
		if out, err := exec.Command(program, "verify", "--man=no", unit).CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: systemd-analyze verify: %v\n%s", with, err, out)
		}
		out, err := exec.Command(program, "security", "--offline=true", "--no-pager", unit).CombinedOutput()
		score := regexp.MustCompile(`Overall exposure level for zielstand.service: ([0-9.]+) `).FindSubmatch(out)
		if err != nil || score == nil {
			t.Fatalf("systemd-analyze security: %v\n%s", err, out)
		}
		guide, err := os.ReadFile("../../docs/running.md")
		if err != nil {
			t.Fatal(err)
		}
		stated := regexp.MustCompile("exposure level of ([0-9.]+)").FindSubmatch(guide)
		if stated == nil || number64(t, score[1]) > number64(t, stated[1]) {
			t.Errorf("%s: the exposure level is %s, docs/running.md says %q\n%s", with, score[1], stated, out)
		}
	}
	known := map[string]bool{}
	for _, k := range config.Keys {
		known[k.Env()] = true
	}
	text, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	settings := regexp.MustCompile(`(?m)^Environment=(ZIELSTAND_\w+)=`).FindAllStringSubmatch(string(text)+addition, -1)
	if len(settings) < 3 {
		t.Errorf("the units have the settings %v", settings)
	}
	for _, s := range settings {
		if !known[s[1]] {
			t.Errorf("%s is not a setting", s[1])
		}
	}
	if strings.Contains(addition, "zielstand:") {
		t.Error("the unit contains a password")
	}
}

func number64(t testing.TB, text []byte) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestUnitAllowsWhatIsNeeded follows the program, as a user without rights, from an empty
// folder to its end, and compares the system calls and the families of sockets that it
// uses with what deploy/zielstand.service allows. A system call that is not allowed there
// fails, and nobody would notice before the service is installed.
func TestUnitAllowsWhatIsNeeded(t *testing.T) {
	t.Parallel()
	strace := testenv.Program(t, "strace", "strace")
	analyze := testenv.Program(t, "systemd-analyze (Debian: systemd)", "systemd-analyze")
	unit := read(t, "../../deploy/zielstand.service")
	dir := clusterFolder(t) // belongs to a user without rights
	calls := filepath.Join(dir, "calls")
	follow := asOwner(strace, "-f", "-qq", "-o", calls, ownersBinary(t))
	follow.Dir = dir
	follow.Env = append(os.Environ(), settings{
		"DATABASE_URL": "sqlite:" + dir + "/zielstand.db", "CACHE_PATH": dir + "/cache", "CACHE_FILE_BYTES": "1024", "FIXTURES_PATH": packageFor(t, dir, edition(t, "2026.11.0")),
		"HTTP_ADDRESS": "127.0.0.1:0", "HTTP_METRICS_ADDRESS": "127.0.0.1:0", "LOG_LEVEL": "warn",
	}.own()...)
	output := &testenv.Buffer{}
	follow.Stdout, follow.Stderr = output, output
	if err := follow.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- follow.Wait() }()
	running := watch(t, output, ended, func() {
		for _, child := range strings.Fields(read(t, fmt.Sprintf("/proc/%d/task/%[1]d/children", follow.Process.Pid))) {
			pid, _ := strconv.Atoi(child)
			_ = syscall.Kill(pid, syscall.SIGTERM)
		}
	})
	for _, path := range []string{"/readyz", "/v1/observations.csv", "/v1/releases/latest/zielstand.zip", "/"} {
		running.get(t, path, http.StatusOK)
	}
	running.stop()

	trace := read(t, calls)
	if strings.Contains(trace, "PROT_WRITE|PROT_EXEC") {
		t.Error("it maps memory that can be written and executed, which MemoryDenyWriteExecute forbids")
	}
	allowedCalls := map[string]bool{}
	for _, filter := range regexp.MustCompile(`(?m)^SystemCallFilter=(~?)(.*)$`).FindAllStringSubmatch(unit, -1) {
		for _, set := range strings.Fields(filter[2]) {
			for _, call := range systemCalls(t, analyze, set) {
				allowedCalls[call] = filter[1] == ""
			}
		}
	}
	used := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^\d+ +(?:<... )?(\w+)[( ]`).FindAllStringSubmatch(trace, -1) {
		used[found[1]] = true
	}
	if len(used) < 20 {
		t.Errorf("only %d system calls were found", len(used))
	}
	for call := range used {
		if !allowedCalls[call] {
			t.Errorf("it calls %s, which SystemCallFilter does not allow", call)
		}
	}
	families := regexp.MustCompile(`(?m)^RestrictAddressFamilies=(.*)$`).FindStringSubmatch(unit)
	for _, found := range regexp.MustCompile(`socket\((AF_\w+)`).FindAllStringSubmatch(trace, -1) {
		if families == nil || !slices.Contains(strings.Fields(families[1]), found[1]) {
			t.Errorf("it opens a socket of %s, which RestrictAddressFamilies does not allow", found[1])
		}
	}
}

// packageFor writes a package into a folder where another user can read it.
func packageFor(t testing.TB, dir string, pkg fstest.MapFS) string {
	t.Helper()
	path := filepath.Join(dir, "package")
	if err := os.CopyFS(path, pkg); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("chmod", "-R", "a+rX", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// systemCalls returns the calls of a set of systemd, and of the sets in it.
func systemCalls(t testing.TB, analyze, set string) []string {
	t.Helper()
	out, err := exec.Command(analyze, "--no-pager", "syscall-filter", set).Output()
	if err != nil {
		t.Fatalf("%s: %v", set, err)
	}
	var calls []string
	for _, line := range strings.Split(string(out), "\n")[1:] {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "@"):
			calls = append(calls, systemCalls(t, analyze, line)...)
		case line != "" && !strings.HasPrefix(line, "#"):
			calls = append(calls, line)
		}
	}
	return calls
}
