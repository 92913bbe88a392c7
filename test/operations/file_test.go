// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
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

// TestFileGone deletes or damages the SQLite file of a running server. The latest
// release is still served, older ones that were not read get a 503, as does /readyz, and
// the log has the reason.
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
		{"overwritten", "is not a database|is malformed", func(path string, size int64) error { return spoilFile(path, 0, size) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := storetest.SQLite(t)
			path := strings.TrimPrefix(url, "sqlite:")
			s := database(url)
			publish(t, s, marked(t, "2024.01.0"), marked(t, "2024.02.0"))
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
				t.Error("the cached answer differs")
			}
			servesWhole(t, running, "/v1/goals?limit=7", "2024.02.0")
			for _, path := range []string{"/v1/observations?kind=actual", "/v1/observations?q=x&limit=2", "/v1/milestones.csv"} {
				running.get(t, path, http.StatusOK)
			}
			for _, path := range []string{"/v1/goals?limit=7&release=2024.01.0", "/v1/milestones?state=reached&release=2024.01.0", "/v1/releases/2024.01.0/milestones.csv"} {
				if test.name == "overwritten" { // SQLite may have the page in memory, unspoilt
					notSpoilt(t, running, path)
				} else {
					away(t, running, path)
				}
			}
			logs(t, running, strings.Split(test.message, "|")...)
		})
	}
}

// notSpoilt asks what may be answered with rows as they were published, or not at all.
func notSpoilt(t testing.TB, running *service, path string) {
	t.Helper()
	a, err := running.ask(path)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, running.output)
	}
	if a.status == http.StatusOK {
		err = unless(!strings.Contains(a.body, "spoilt!") && strings.Contains(a.body, "test-bericht"), "spoilt rows are served")
	} else {
		err = unavailable(a)
	}
	if err != nil {
		t.Errorf("%s: %v", path, err)
	}
}

// logs waits until the log contains one of the texts.
func logs(t testing.TB, running *service, alternatives ...string) {
	t.Helper()
	testenv.Eventually(t, "the log says "+strings.Join(alternatives, " or "), func() error {
		return unless(says(running.output.String(), alternatives...), "%s", running.output)
	})
}

// TestFileSpoilt overwrites the middle of the file: the latest release is served as it
// was, no answer about an older one is a 500 or has spoilt rows, and a server that
// starts on the file is not ready.
func TestFileSpoilt(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := database(url)
	publish(t, s, large(t, "2024.01.0", 2000, 0), large(t, "2024.02.0", 2000, 1))
	running := serve(t, s.with(settings{"CACHE_FILE_BYTES": "1024"}))
	running.get(t, "/readyz", http.StatusOK)
	paths := []string{"/v1/observations?limit=%d&release=%s", "/v1/observations?limit=%d&sort=-value&release=%s", "/v1/goals?limit=%d&q=e&release=%s", "/v1/observations.csv?valueFrom=%d&release=%s", "/v1/observations?value=%d&release=%s"}
	const unspoilt = "/v1/observations.csv?valueFrom=7&release=2024.02.0"
	before := running.get(t, unspoilt, http.StatusOK)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := spoilFile(path, info.Size()/3&^4095, info.Size()); err != nil {
		t.Fatal(err)
	}
	unanswered := 0
	for i := range 10 {
		for _, path := range paths {
			running.get(t, fmt.Sprintf(path, 50*i+1, "2024.02.0"), http.StatusOK)
			path = fmt.Sprintf(path, 50*i+1, "2024.01.0")
			a, err := running.ask(path)
			if err != nil {
				t.Fatalf("%s: %v\n%s", path, err, running.output)
			}
			if a.status != http.StatusOK {
				err = unavailable(a)
				unanswered++
			} else {
				err = unless(!strings.Contains(a.body, "spoilt!"), "spoilt rows are served")
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", path, err, running.output)
			}
		}
	}
	if unanswered == 0 {
		t.Error("no answer was a 503")
	}
	if after := running.get(t, unspoilt, http.StatusOK); after.body != before.body {
		t.Error("the answer about the latest release differs")
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
	publish(t, s, marked(t, "2024.01.0"), marked(t, "2024.02.0"))
	running := serve(t, s)
	aside := filepath.Join(filepath.Dir(path), "aside")
	if err := os.Rename(path, aside); err != nil {
		t.Fatal(err)
	}
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	servesWhole(t, running, "/v1/goals", "2024.02.0")
	away(t, running, "/v1/goals?release=2024.01.0")
	if _, err := os.Stat(path); err == nil {
		t.Error("the server created an empty database")
	}
	if err := os.Rename(aside, path); err != nil {
		t.Fatal(err)
	}
	running.get(t, "/readyz", http.StatusOK)
	servesWhole(t, running, "/v1/goals?release=2024.01.0", "2024.01.0")
	publish(t, s, marked(t, "2024.03.0"))
	running.serves(t, "2024.03.0")
}

// TestImportBesideDeletedFile imports while a server has a deleted file open: the import
// warns if the server would not see the new file, and fails if that is certain.
func TestImportBesideDeletedFile(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := database(url)
	dir := folder(t, marked(t, "2024.01.0"))
	created := "Created a new database file: " + path + " did not exist\n"
	if o := run(s, "import", dir); o.status != 0 || o.stderr != created+doubt {
		t.Errorf("the first import says %s", o.stderr)
	}
	if o := run(s, "import", dir); o.status != 0 || o.stderr != "" {
		t.Errorf("the second import says %s", o.stderr)
	}
	publish(t, s, marked(t, "2024.01.1"))
	running := serve(t, s)
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
	if o := run(s, "import", folder(t, marked(t, "2024.02.0"))); o.status != 0 || o.stderr != created+doubt {
		t.Errorf("an import into a new file says %s", o.stderr)
	}
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	servesWhole(t, running, "/v1/goals?limit=7", "2024.01.1")
	away(t, running, "/v1/goals?release=2024.01.0")
	logs(t, running, "the database file "+path+" was replaced by another file while this program had it open: restart the program to read the new one")
	servesWhole(t, serve(t, s), "/v1/goals", "2024.02.0")
}
