// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"

	"github.com/zielstand/zielstand/internal/testenv"
)

// TestDiskFull imports more than fits. The import reports it, and the previous release
// is still served.
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
			command := exec.Command("sh", "-c", test.shell, testenv.Binary(t), folder(t, large(t, "2024.02.0", bulk, 0)))
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

// TestReadyOnFullDisk fills the disk of the file that the server has created. It serves
// everything, and is ready.
func TestReadyOnFullDisk(t *testing.T) {
	t.Parallel()
	disk, ok := smallDisk(t)
	if !ok {
		t.Skip("needs a small file system")
	}
	s := database("sqlite:" + filepath.Join(disk, "zielstand.db")).with(settings{"FIXTURES_PATH": folder(t, marked(t, "2024.01.0")), "CACHE_PATH": t.TempDir()})
	running := serve(t, s)
	if err := os.WriteFile(filepath.Join(disk, "rest"), make([]byte, 4<<20), 0o600); err == nil {
		t.Fatal("the disk is not full")
	}
	running.get(t, "/readyz", http.StatusOK)
	servesWhole(t, running, "/v1/goals?limit=7", "2024.01.0")
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// TestFileLocked lets another process lock the SQLite file. Releases are still served,
// and an import reports the reason for its failure.
func TestFileLocked(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := database(url)
	publish(t, s, marked(t, "2024.01.0"))
	running := serve(t, s)
	conn, err := storetest.Connect(t, url).Conn(t.Context())
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

// TestFileUnusable starts on files that cannot be used and expects the operating
// system's reason in the message.
func TestFileUnusable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "garbage.db")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("no database ", 1000)), 0o644); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "pipe.db")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, message string }{
		{"no folder", filepath.Join(dir, "missing", "zielstand.db"), ": no such file or directory"},
		{"a file for a folder", filepath.Join(garbage, "zielstand.db"), "not a directory"},
		{"a folder", dir, "is a directory"},
		{"a named pipe", pipe, "is not a regular file"},
		{"no database", garbage, "file is not a database"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := database("sqlite:" + test.path)
			for _, command := range []string{"serve", "release list", "import " + folder(t, edition(t, "2024.01.0"))} {
				refuse(t, s, []string{test.path, test.message}, strings.Fields(command)...)
				refuse(t, s.with(settings{"DATABASE_MANAGE": "false"}), []string{test.path, test.message}, "serve")
			}
		})
	}
}

// asReader runs a command as a user without write access. It requires root.
func asReader(t testing.TB, s settings, arguments ...string) outcome {
	t.Helper()
	var stdout, stderr strings.Builder
	command := asOwner(ownersBinary(t), arguments...)
	command.Env = append(os.Environ(), s.environ()...)
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); command.ProcessState == nil {
		t.Fatal(err)
	}
	return outcome{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// serveAsReader runs the server as such a user.
func serveAsReader(t testing.TB, s settings) *service {
	t.Helper()
	output := &testenv.Buffer{}
	command := asOwner(ownersBinary(t))
	command.Env = append(os.Environ(), serverSettings(s).environ()...)
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	return watch(t, output, ended, func() { _ = command.Process.Signal(os.Interrupt) })
}

// readable returns the settings of a database with a release in a folder that others
// may read, a function that takes the right to write away where root is not, and one
// that gives it back.
func readable(t testing.TB) (s settings, lock, unlock func()) {
	t.Helper()
	dir, err := os.MkdirTemp(scratch, "readable-")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "zielstand.db")
	s = database("sqlite:" + path).with(settings{"CACHE_PATH": clusterFolder(t)})
	publish(t, s, marked(t, "2024.01.0"))
	mode := func(folder, file os.FileMode) func() {
		return func() {
			if err := errors.Join(os.Chmod(path, file), os.Chmod(dir, folder)); err != nil {
				t.Fatal(err)
			}
		}
	}
	lock, unlock = mode(0o555, 0o444), mode(0o755, 0o644)
	lock()
	t.Cleanup(unlock)
	return s, lock, unlock
}

// TestFileReadOnly uses a read-only file in a read-only folder. Reading commands work
// with any setting, and writing commands report the reason for their failure.
func TestFileReadOnly(t *testing.T) {
	t.Parallel()
	s, lock, unlock := readable(t)
	for _, command := range []string{"release list", "release show latest", "export " + clusterFolder(t), "catalog", "catalog check", "import --dry-run " + readableFolder(t, "2024.02.0")} {
		if o := asReader(t, s, strings.Fields(command)...); o.status != 0 {
			t.Errorf("zielstand %s: status %d\n%s%s", command, o.status, o.stdout, o.stderr)
		}
	}
	for _, command := range []string{"release use 2024.01.0", "release prune --keep 1", "import " + readableFolder(t, "2024.02.0")} {
		o := asReader(t, s, strings.Fields(command)...)
		if want := "is opened for reading only: the file cannot be written: permission denied; to write, the file and its folder must be writable"; o.status != 1 || !strings.Contains(o.stderr, want) {
			t.Errorf("zielstand %s: status %d\n%s", command, o.status, o.stderr)
		}
	}
	unlock()
	publish(t, s, marked(t, "2024.02.0"))
	lock()
	running := serveAsReader(t, s)
	servesWhole(t, running, "/v1/goals?limit=7", "2024.02.0")
	servesWhole(t, running, "/v1/goals?limit=7&release=2024.01.0", "2024.01.0")
	running.get(t, "/v1/goals?sort=-title", http.StatusOK)
	servesWhole(t, serveAsReader(t, s.with(settings{"DATABASE_MANAGE": "false"})), "/v1/goals?limit=7", "2024.02.0")

	// Whoever may write does, and is gone: what was not read yet is not read any more.
	unlock()
	publish(t, s, marked(t, "2024.03.0"))
	lock()
	away(t, running, "/v1/milestones?release=2024.01.0")
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	servesWhole(t, running, "/v1/goals?limit=6", "2024.02.0")
	servesWhole(t, running, "/v1/goals?limit=6&release=2024.01.0", "2024.01.0")
	servesWhole(t, serveAsReader(t, s), "/v1/goals?limit=7", "2024.03.0")
}

// TestFileReadOnlyInUse reads beside a program that writes: new releases arrive.
func TestFileReadOnlyInUse(t *testing.T) {
	t.Parallel()
	if owner() == nil {
		t.Skip("skipped: only root can run programs with and without the right to write")
	}
	s, _, _ := readable(t)
	writer := serve(t, s)
	reader := serveAsReader(t, s)
	servesWhole(t, reader, "/v1/goals?limit=7", "2024.01.0")
	publish(t, s, marked(t, "2024.02.0"))
	writer.serves(t, "2024.02.0")
	reader.serves(t, "2024.02.0")
	servesWhole(t, reader, "/v1/goals?limit=7", "2024.02.0")
	contains(t, asReader(t, s, "release", "list").stdout, "* 2024.02.0")
}

// TestFileReadOnlyOld starts on a file that would have to be migrated and cannot be.
func TestFileReadOnlyOld(t *testing.T) {
	t.Parallel()
	s, lock, unlock := readable(t)
	unlock()
	newest := number(t, storetest.Connect(t, s["DATABASE_URL"]), "SELECT MAX(version_id) FROM goose_db_version")
	storetest.Execute(t, s["DATABASE_URL"], fmt.Sprintf("DELETE FROM goose_db_version WHERE version_id = %d", newest))
	lock()
	want := fmt.Sprintf("its tables are at version %d; version %d is required", newest-1, newest)
	for command, advice := range map[string]string{"release list": "run “zielstand migrate”", "migrate": "must be writable", "serve": "must be writable"} {
		if o := asReader(t, s, strings.Fields(command)...); o.status != 1 || !strings.Contains(o.stderr, want) || !strings.Contains(o.stderr, advice) {
			t.Errorf("%s: status %d\n%s", command, o.status, o.stderr)
		}
	}
}

// readableFolder writes an edition where the clusters' owner can read it.
func readableFolder(t testing.TB, version string) string {
	t.Helper()
	dir := clusterFolder(t)
	if err := os.CopyFS(dir, marked(t, version)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestFileMissing starts a read-only server on a deleted file. It reports the missing
// file and does not create an empty one.
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
	command := asOwner(ownersBinary(t), "serve")
	command.Env = append(os.Environ(), serverSettings(s).environ()...)
	out, err := command.CombinedOutput()
	if _, ended := err.(*exec.ExitError); !ended || !strings.Contains(string(out), "open "+path+": permission denied") {
		t.Errorf("the start does not say why: %v\n%s", err, out)
	}
}

// TestNoReleaseYet starts a server that may only read on an empty database.
func TestNoReleaseYet(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		s := database(url)
		storetest.Open(t, url)
		running := serve(t, s.with(settings{"DATABASE_MANAGE": "false"}))
		if err := unavailable(running.get(t, "/v1/goals", http.StatusServiceUnavailable)); err != nil {
			t.Error(err)
		}
		publish(t, s, marked(t, "2024.01.0"))
		recovers(t, running, "/v1/goals")
	})
}
