package operationstest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
)

// spoilFile overwrites a part of a file in place.
func spoilFile(path string, from, to int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt([]byte(strings.Repeat("spoilt! ", int(to-from)/8)), from)
	return errors.Join(err, f.Close())
}

// TestFileGone takes the SQLite file away from a running server, or spoils it: what is
// in memory is served, all else is a 503, /readyz too, and the log says what happened.
func TestFileGone(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, message string
		spoil         func(path string, size int64) error
	}{
		{"deleted", "was deleted or moved while this program had it open", func(path string, _ int64) error { return os.Remove(path) }},
		{"deleted with its companions", "was deleted or moved while this program had it open", func(path string, _ int64) error {
			return errors.Join(os.Remove(path), os.Remove(path+"-wal"), os.Remove(path+"-shm"))
		}},
		{"replaced by a copy", "was replaced by another file while this program had it open", func(path string, _ int64) error {
			content, err := os.ReadFile(path)
			return errors.Join(err, os.WriteFile(path+".new", content, 0o644), os.Rename(path+".new", path))
		}},
		{"replaced by a folder", "was replaced by another file while this program had it open", func(path string, _ int64) error {
			return errors.Join(os.Remove(path), os.Mkdir(path, 0o755))
		}},
		{"cut to half", "was cut off", func(path string, size int64) error { return os.Truncate(path, size/2) }},
		{"cut by a page", "was cut off", func(path string, size int64) error { return os.Truncate(path, size-4096) }},
		{"emptied", "was cut off", func(path string, _ int64) error { return os.Truncate(path, 0) }},
		{"overwritten", "is not a database", func(path string, size int64) error { return spoilFile(path, 0, size) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := storetest.SQLite(t)
			path := strings.TrimPrefix(url, "sqlite:")
			s := database(url)
			publish(t, s, edition(t, "2024.01.0"))
			running := serve(t, s)
			kept := running.get(t, "/v1/goals", http.StatusOK)
			running.get(t, "/readyz", http.StatusOK)
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := test.spoil(path, info.Size()); err != nil {
				t.Fatal(err)
			}
			if err := unavailable(running.get(t, "/readyz", http.StatusServiceUnavailable)); err != nil {
				t.Error(err)
			}
			if again := running.get(t, "/v1/goals", http.StatusOK); again.body != kept.body {
				t.Error("the answer kept differs")
			}
			if test.name != "overwritten" { // of which what was read stays in memory
				for i, path := range []string{"/v1/goals?limit=3", "/v1/observations?kind=actual", "/v1/observations?q=x&limit=2"} {
					if err := unavailable(running.get(t, path, http.StatusServiceUnavailable)); err != nil {
						t.Error(i, err)
					}
				}
			}
			logs(t, running, test.message)
		})
	}
}

// logs waits until the log, which is buffered, says something.
func logs(t testing.TB, running *service, text string) {
	t.Helper()
	eventually(t, "the log says "+text, func() error {
		return unless(strings.Contains(running.output.String(), text), "%s", running.output)
	})
}

// TestFileSpoilt overwrites the middle of the file: whatever is asked, no answer is a
// 500, and a server that starts on it is not ready.
func TestFileSpoilt(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := database(url)
	publish(t, s, large(t, "2024.01.0", 2000, 0))
	running := serve(t, s.with(settings{"CACHE_FILE_BYTES": "1024"}))
	running.get(t, "/readyz", http.StatusOK)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := spoilFile(path, info.Size()/3&^4095, info.Size()); err != nil {
		t.Fatal(err)
	}
	away := 0
	for i := range 40 {
		for _, path := range []string{"/v1/observations?limit=%d", "/v1/observations?limit=%d&sort=-value", "/v1/goals?limit=%d&q=e", "/v1/observations.csv?valueFrom=%d", "/v1/observations?value=%d"} {
			a, err := running.ask(fmt.Sprintf(path, 50*i+1))
			if err == nil && a.status != http.StatusOK {
				err = unless(a.status == http.StatusServiceUnavailable, "status %d: %.300s", a.status, a.body)
				away++
			}
			if err != nil && !strings.Contains(err.Error(), "EOF") { // a stream that is cut off
				t.Fatalf("%s: %v\n%s", path, err, running.output)
			}
		}
	}
	if away == 0 {
		t.Error("no answer was a 503")
	}
	started := serve(t, s.with(settings{"DATABASE_MANAGE": "false"}))
	if err := unavailable(started.get(t, "/readyz", http.StatusServiceUnavailable)); err != nil {
		t.Errorf("after a start: %v\n%s", err, started.output)
	}
}

// TestFileComesBack moves the file away and back.
func TestFileComesBack(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := database(url)
	publish(t, s, edition(t, "2024.01.0"))
	running := serve(t, s)
	running.get(t, "/v1/goals", http.StatusOK)
	aside := filepath.Join(filepath.Dir(path), "aside")
	if err := os.Rename(path, aside); err != nil {
		t.Fatal(err)
	}
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	running.get(t, "/v1/goals?limit=2", http.StatusServiceUnavailable)
	if _, err := os.Stat(path); err == nil {
		t.Error("the server created an empty database")
	}
	if err := os.Rename(aside, path); err != nil {
		t.Fatal(err)
	}
	running.get(t, "/readyz", http.StatusOK)
	running.get(t, "/v1/goals?limit=2", http.StatusOK)
}

// TestImportBesideDeletedFile imports where a server has a deleted file open: not into
// a file that nobody reads without saying so, and not at all where it can be told.
func TestImportBesideDeletedFile(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := database(url)
	dir := folder(t, edition(t, "2024.01.0"))
	created := "Created a new database file: " + path + " did not exist\n"
	if o := run(s, "import", dir); o.status != 0 || o.stderr != created {
		t.Errorf("the first import says %s", o.stderr)
	}
	if o := run(s, "import", dir); o.status != 0 || o.stderr != "" {
		t.Errorf("the second import says %s", o.stderr)
	}
	running := serve(t, s)
	running.get(t, "/v1/goals", http.StatusOK)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	refuse(t, s, []string{path, "does not exist, but " + path + "-wal does", "Stop that program; then restore the file, or delete "}, "import", dir)
	if _, err := os.Stat(path); err == nil {
		t.Error("the refused import created a database")
	}
	if err := errors.Join(os.Remove(path+"-wal"), os.Remove(path+"-shm")); err != nil {
		t.Fatal(err)
	}
	if o := run(s, "import", folder(t, marked(t, "2024.02.0"))); o.status != 0 || o.stderr != created {
		t.Errorf("an import into a new file says %s", o.stderr)
	}
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	running.get(t, "/v1/goals?limit=2", http.StatusServiceUnavailable)
	logs(t, running, "the database file "+path+" was replaced by another file while this program had it open: restart the program to read the new one")
	servesWhole(t, serve(t, s), "/v1/goals", "2024.02.0")
}
