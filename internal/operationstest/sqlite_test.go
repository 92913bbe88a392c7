package operationstest

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
)

// TestDiskFull imports what does not fit: the import says so, and the release
// before is served on.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, url, shell, message string }{
		{"limited file", storetest.SQLite(t), `ulimit -f 1200; exec "$0" import "$1"`, "disk I/O error"},
	}
	if disk, ok := smallDisk(t); ok {
		url := "sqlite:" + filepath.Join(disk, "zielstand.db")
		tests = append(tests, struct{ name, url, shell, message string }{"small disk", url, `exec "$0" import "$1"`, "disk is full"})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := database(test.url)
			publish(t, s, marked(t, "2024.01.0"))
			running := serve(t, s)
			command := exec.Command("sh", "-c", test.shell, binary(t), folder(t, large(t, "2024.02.0", bulk, 0)))
			command.Env = append(os.Environ(), s.environ()...)
			out, err := command.CombinedOutput()
			if last := lastLine(out); err == nil || !strings.Contains(last, "publish 2024.02.0: unavailable: ") || !strings.Contains(last, test.message) {
				t.Errorf("the import does not say why: %v\n%s", err, last)
			}
			isLatest(t, s, "2024.01.0")
			servesWhole(t, running, "/v1/goals?limit=7", "2024.01.0")
			publish(t, s, marked(t, "2024.02.1"))
			running.serves(t, "2024.02.1")
			whole(t, test.url)
		})
	}
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// TestFileLocked lets another process hold the SQLite file: what is served is
// served on, and an import says why it cannot work.
func TestFileLocked(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := database(url)
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	conn, err := connect(t, url).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	ended := make(chan outcome)
	dir := folder(t, marked(t, "2024.02.0"))
	go func() { ended <- run(s, "import", dir) }()
	servesWhole(t, running, "/v1/goals?limit=7", "2024.01.0")
	again := serve(t, s)
	servesWhole(t, again, "/v1/goals?limit=8", "2024.01.0")
	if o := <-ended; o.status != 1 || !strings.Contains(o.stderr, "publish 2024.02.0") || !strings.Contains(o.stderr, "database is locked") {
		t.Errorf("the import does not say why: status %d\n%s", o.status, o.stderr)
	}
	if _, err := conn.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	succeed(t, s, "import", dir)
	running.serves(t, "2024.02.0")
}

// TestFileUnusable starts on files that are none.
func TestFileUnusable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, message string }{
		{"no folder", filepath.Join(dir, "missing", "zielstand.db"), "unable to open database file"},
		{"a folder", dir, "unable to open database file"},
		{"no database", garbage, "file is not a database"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := database("sqlite:" + test.path)
			for _, command := range []string{"serve", "release list", "import " + folder(t, edition(t, "2024.01.0"))} {
				refuse(t, s, []string{test.path, test.message}, strings.Fields(command)...)
			}
		})
	}
}

// TestFileMissing starts a server that may only read on a file that was
// deleted: it says so, and makes no empty one.
func TestFileMissing(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "zielstand.db")
	s := database("sqlite:" + path).with(settings{"DATABASE_MANAGE": "false"})
	refuse(t, s, []string{path, "no such file"}, "serve")
	refuse(t, s, []string{path, "no such file"}, "release", "list")
	if _, err := os.Stat(path); err == nil {
		t.Error("an empty database was made")
	}
}

// TestFileUnreadable starts as a user who may not read the file.
func TestFileUnreadable(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp(scratch, "unreadable-")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "zielstand.db")
	s := database("sqlite:" + path)
	publish(t, s, edition(t, "2024.01.0"))
	mode := os.FileMode(0o600)
	if owner() == nil {
		mode = 0
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	command := asOwner(binary(t), "serve")
	command.Env = append(os.Environ(), serverSettings(s).environ()...)
	out, err := command.CombinedOutput()
	if _, ended := err.(*exec.ExitError); !ended || !strings.Contains(string(out), path) || !strings.Contains(string(out), "unable to open database file") {
		t.Errorf("the start does not say why: %v\n%s", err, out)
	}
}

// TestNoReleaseYet starts a server that may only read on an empty database.
func TestNoReleaseYet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		refuse(t, s, []string{"not found"}, "release", "list") // migrates
		running := serve(t, s.with(settings{"DATABASE_MANAGE": "false"}))
		if err := unavailable(running.get(t, "/v1/goals", http.StatusServiceUnavailable)); err != nil {
			t.Error(err)
		}
		publish(t, s, marked(t, "2024.01.0"))
		recovers(t, running, "/v1/goals")
	})
}
