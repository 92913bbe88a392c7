package cache_test

import (
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/cache"
)

func files(t *testing.T, folder string, limit int64) *cache.Files {
	t.Helper()
	f, err := cache.NewFiles(folder, limit)
	if err != nil {
		t.Fatal(err)
	}
	return f
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

// TestFilesOfAKilledProgram removes what was being written, but not what
// another program writes.
func TestFilesOfAKilledProgram(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, age := range map[string]time.Duration{"part.old": 2 * time.Hour, "part.young": time.Minute} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	files(t, folder, 1<<20)
	if left := names(t, folder); len(left) != 1 || left[0] != "part.young" {
		t.Errorf("%v is left", left)
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
