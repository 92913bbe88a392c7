// SPDX-License-Identifier: EUPL-1.2

package cache_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/cache"
)

func files(t *testing.T, folder string, limit int64) *cache.Files {
	t.Helper()
	return cache.NewFiles(folder, limit, slog.New(slog.DiscardHandler))
}

func create(t *testing.T, f *cache.Files, key, content string) *cache.File {
	t.Helper()
	file, err := f.Create(key, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestFilesSurviveARestart(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "new", "folder")
	made := create(t, files(t, folder, 1<<20), "key", "content")
	again := files(t, folder, 1<<20)
	file, ok := again.Get("key")
	if !ok {
		t.Fatal("the file is not found")
	}
	content, err := os.ReadFile(file.Path)
	if err != nil || string(content) != "content" || file.Size != 7 || file.Sum != sha256.Sum256(content) || file.Sum != made.Sum {
		t.Errorf("%+v holds %q, error %v", file, content, err)
	}
	if _, ok := again.Get("other"); ok {
		t.Error("found what was never made")
	}
}

// TestFilesCutOff finds files that a crash left behind.
func TestFilesCutOff(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	file := create(t, files(t, folder, 1<<20), "key", "content")
	if err := os.Truncate(file.Path, 3); err != nil {
		t.Fatal(err)
	}
	if _, ok := files(t, folder, 1<<20).Get("key"); ok {
		t.Error("a file that was cut off is served")
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestFilesFailed(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	f := files(t, folder, 1<<20)
	broken := errors.New("broken")
	_, err := f.Create("key", func(w io.Writer) error {
		_, _ = io.WriteString(w, "half of it")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	if _, ok := f.Get("key"); ok {
		t.Error("half a file is served")
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestFilesDeleted(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "cache")
	f := files(t, folder, 1<<20)
	create(t, f, "key", "content")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Get("key"); ok {
		t.Error("found a file that somebody deleted")
	}
	if file := create(t, f, "key", "content"); file.Size != 7 {
		t.Errorf("%+v", file)
	}
}

// TestFilesGiveWay keeps what was used last.
func TestFilesGiveWay(t *testing.T) {
	t.Parallel()
	f := files(t, t.TempDir(), 30)
	ten := strings.Repeat("x", 10)
	for _, key := range []string{"a", "b", "c"} {
		create(t, f, key, ten)
	}
	if _, ok := f.Get("a"); !ok {
		t.Fatal("a is gone before its time")
	}
	create(t, f, "d", ten)
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if _, ok := f.Get(key); ok != want {
			t.Errorf("%s is kept: %v, want %v", key, ok, want)
		}
	}
	large := create(t, f, "large", strings.Repeat("x", 100))
	if _, err := os.Stat(large.Path); err != nil {
		t.Errorf("a file above the limit cannot be served even once: %v", err)
	}
}

// TestFilesLowerLimit deletes files at the start that no longer fit.
func TestFilesLowerLimit(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	f := files(t, folder, 100)
	for _, key := range []string{"a", "b", "c"} {
		create(t, f, key, strings.Repeat(key, 10))
	}
	if f := files(t, folder, 25); f.Stats().Bytes != 20 || len(names(t, folder)) != 2 {
		t.Errorf("%d bytes in %q", f.Stats().Bytes, names(t, folder))
	}
}

// TestFilesOfAKilledProgram removes what was being written, but not what
// another program writes.
func TestFilesOfAKilledProgram(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, age := range map[string]time.Duration{"zielstand-part.old": 2 * time.Hour, "zielstand-part.young": time.Minute} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	files(t, folder, 1<<20)
	if left := names(t, folder); len(left) != 1 || left[0] != "zielstand-part.young" {
		t.Errorf("%v is left", left)
	}
}

// logged returns the files in a folder and what they log.
func logged(folder string) (*cache.Files, *bytes.Buffer) {
	var log bytes.Buffer
	return cache.NewFiles(folder, 1<<20, slog.New(slog.NewTextHandler(&log, nil))), &log
}

// TestFilesAltered changes a file at equal length: by another content in place, by
// another file under its name, and with its old time of modification. It is deleted
// and not served, while the program runs and after a restart.
func TestFilesAltered(t *testing.T) {
	t.Parallel()
	for name, alter := range map[string]func(path string) error{
		"in place": func(path string) error { return os.WriteFile(path, []byte("CONTENT"), 0o600) },
		"replaced": func(path string) error {
			if err := os.WriteFile(path+".new", []byte("CONTENT"), 0o600); err != nil {
				return err
			}
			return os.Rename(path+".new", path)
		},
		"longer": func(path string) error { return os.WriteFile(path, []byte("content and more"), 0o600) },
		"a link": func(path string) error {
			other := filepath.Join(filepath.Dir(path), "other")
			if err := os.WriteFile(other, []byte("CONTENT"), 0o600); err != nil {
				return err
			}
			return errors.Join(os.Remove(path), os.Symlink(other, path))
		},
	} {
		for _, restart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, restart %v", name, restart), func(t *testing.T) {
				t.Parallel()
				folder := t.TempDir()
				f, log := logged(folder)
				file := create(t, f, "key", "content")
				info, err := os.Stat(file.Path)
				if err != nil {
					t.Fatal(err)
				}
				if err := alter(file.Path); err != nil {
					t.Fatal(err)
				}
				if err := os.Chtimes(file.Path, info.ModTime(), info.ModTime()); err != nil {
					t.Fatal(err)
				}
				if restart {
					f, log = logged(folder)
				}
				if !restart && f.Intact(file) {
					t.Error("the file passes for intact")
				}
				if _, ok := f.Get("key"); ok {
					t.Error("an altered file is found")
				}
				if name == "in place" && (strings.Count(log.String(), "cache file was altered") != 1 || !strings.Contains(log.String(), file.Path)) {
					t.Errorf("the log does not name the file once:\n%s", log)
				}
				if again := create(t, f, "key", "content"); !f.Intact(again) {
					t.Error("the file that was created again is not intact")
				}
			})
		}
	}
}

// TestFilesTouched still finds a file whose content is the same.
func TestFilesTouched(t *testing.T) {
	t.Parallel()
	f := files(t, t.TempDir(), 1<<20)
	file := create(t, f, "key", "content")
	if err := os.Chtimes(file.Path, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, ok := f.Get("key"); !ok || got != file {
		t.Error("the file is lost")
	}
}

// TestFilesForeign leaves alone what others put into the folder.
func TestFilesForeign(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	foreign := []string{"2024-01-02", "a-b-c", "notes.txt", "part.1"}
	for _, name := range foreign {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	files(t, folder, 1<<20)
	if left := names(t, folder); !slices.Equal(left, foreign) {
		t.Errorf("%v is left of %v", left, foreign)
	}
}

// TestFilesUnusable checks folders that cannot or must not be used: there is one warning
// with the reason, another attempt after a minute, and the folder is used once it is
// usable.
func TestFilesUnusable(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, message string
		spoil, mend   func(folder string) error
		asRoot        bool
	}{
		{"a file in its place", "not a directory", func(folder string) error { return os.WriteFile(folder, nil, 0o600) }, os.Remove, true},
		{"no permission", "permission denied", func(folder string) error { return os.Mkdir(folder, 0o500) }, func(folder string) error { return os.Chmod(folder, 0o700) }, false},
		{"writable by all", "can be written to by other users (mode 0777); allowed: 0700 or 0755", func(folder string) error {
			return errors.Join(os.Mkdir(folder, 0o700), os.Chmod(folder, 0o777))
		}, func(folder string) error { return os.Chmod(folder, 0o755) }, true},
		{"writable by its group", "can be written to by other users (mode 0770)", func(folder string) error {
			return errors.Join(os.Mkdir(folder, 0o700), os.Chmod(folder, 0o770))
		}, func(folder string) error { return os.Chmod(folder, 0o700) }, true},
		{"of another user", "belongs to the user 12345, but the program runs as the user 0", func(folder string) error {
			return errors.Join(os.Mkdir(folder, 0o755), os.Chown(folder, 12345, 12345))
		}, func(folder string) error { return os.Chown(folder, 0, 0) }, os.Geteuid() == 0},
		{"a link of another user", "belongs to the user 12345, but the program runs as the user 0", func(folder string) error {
			return errors.Join(os.Symlink(filepath.Dir(folder), folder), os.Lchown(folder, 12345, 12345))
		}, os.Remove, os.Geteuid() == 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if root := os.Geteuid() == 0; root && !tt.asRoot || !root && strings.Contains(tt.name, "another user") {
				t.Skip("needs another user")
			}
			folder := filepath.Join(t.TempDir(), "cache")
			if err := tt.spoil(folder); err != nil {
				t.Fatal(err)
			}
			f, log := logged(folder)
			now := time.Now()
			f.Now = func() time.Time { return now }
			for range 3 {
				_, err := f.Create("key", func(w io.Writer) error {
					t.Error("something is written")
					return nil
				})
				if !errors.Is(err, cache.ErrUnusable) || !strings.Contains(err.Error(), tt.message) {
					t.Errorf("error %v", err)
				}
				now = now.Add(2 * time.Minute)
			}
			if strings.Count(log.String(), "level=WARN") != 1 || !strings.Contains(log.String(), tt.message) || !strings.Contains(log.String(), folder) {
				t.Errorf("the log does not say it once:\n%s", log)
			}
			if err := tt.mend(folder); err != nil {
				t.Fatal(err)
			}
			create(t, f, "key", "content")
			if !strings.Contains(log.String(), "cache folder can be used again") || !f.Retry() {
				t.Errorf("the log does not say that it works again:\n%s", log)
			}
		})
	}
}

// TestFilesSpoiltMeanwhile makes the folder unusable under a running program.
func TestFilesSpoiltMeanwhile(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "cache")
	f, log := logged(folder)
	create(t, f, "key", "content")
	if err := errors.Join(os.RemoveAll(folder), os.WriteFile(folder, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Get("key"); ok {
		t.Error("a file that is gone is found")
	}
	for range 2 {
		if _, err := f.Create("key", func(io.Writer) error { return nil }); !errors.Is(err, cache.ErrUnusable) || f.Retry() {
			t.Errorf("error %v", err)
		}
	}
	if strings.Count(log.String(), "level=WARN") != 1 {
		t.Errorf("the log does not say it once:\n%s", log)
	}
}

// TestFilesAtOnce makes the same files from many goroutines and two programs.
func TestFilesAtOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	programs := []*cache.Files{files(t, folder, 1<<20), files(t, folder, 1<<20)}
	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			key := []string{"a", "b", "c"}[i%3]
			file, err := programs[i%2].Create(key, func(w io.Writer) error {
				_, err := io.WriteString(w, strings.Repeat(key, 1000))
				return err
			})
			if err != nil {
				t.Error(err)
				return
			}
			if content, err := os.ReadFile(file.Path); err != nil || string(content) != strings.Repeat(key, 1000) {
				t.Errorf("%s holds %d bytes, error %v", key, len(content), err)
			}
		})
	}
	wait.Wait()
	if left := names(t, folder); len(left) != 3 {
		t.Errorf("%v is left", left)
	}
}

// TestScratch fills the folder: the file is written elsewhere.
func TestScratch(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var tried []string
	path, err := files(t, folder, 1<<20).Scratch(func(path string) error {
		tried = append(tried, path)
		if strings.HasPrefix(path, folder) {
			return errors.New("disk is full")
		}
		return os.WriteFile(path, []byte("x"), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(path)
	if left, _ := os.ReadDir(folder); len(tried) != 2 || path != tried[1] || len(left) != 0 {
		t.Errorf("tried %v, took %s, left %v", tried, path, left)
	}
}
