package operations

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

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
