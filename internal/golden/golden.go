// SPDX-License-Identifier: EUPL-1.2

// Package golden compares what tests produce with expected answers, many of
// which share one txtar file. Only tests import it.
package golden

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// noNewline ends an answer without a final newline, which txtar would add.
const noNewline = "\n\\ no newline at the end\n"

// Archive is a txtar file with one entry for each answer.
type Archive struct {
	path   string
	update bool

	mu       sync.Mutex
	want     map[string][]byte
	compared map[string]bool
}

// Open reads the file. When t ends, entries that were not compared are errors,
// unless the command line selected subtests. With update, answers are recorded
// instead, and the file is written when t ends.
func Open(t testing.TB, path string, update bool) *Archive {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if errors.Is(err, fs.ErrNotExist) && update {
		archive, err = &txtar.Archive{}, nil
	}
	if err != nil {
		t.Fatalf("%v (-update writes it)", err)
	}
	a := &Archive{path: path, update: update, want: map[string][]byte{}, compared: map[string]bool{}}
	for _, f := range archive.Files {
		if _, ok := a.want[f.Name]; ok {
			t.Errorf("%s has two entries named %s", path, f.Name)
		}
		a.want[f.Name] = f.Data
	}
	t.Cleanup(func() { a.close(t, selected("run") || selected("skip")) })
	return a
}

// selected reports whether a flag of go test selects subtests.
func selected(name string) bool {
	f := flag.Lookup("test." + name)
	return f != nil && strings.Contains(f.Value.String(), "/")
}

// close finds entries that were not compared and, with update, writes the file.
func (a *Archive) close(t testing.TB, partial bool) {
	t.Helper()
	partial = partial || t.Failed()
	for _, name := range slices.Sorted(maps.Keys(a.want)) {
		if partial || a.compared[name] {
			continue
		}
		if a.update {
			delete(a.want, name)
		} else {
			t.Errorf("%s: nothing produces %s; -update removes it", a.path, name)
		}
	}
	if !a.update {
		return
	}
	var archive txtar.Archive
	for _, name := range slices.Sorted(maps.Keys(a.want)) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: a.want[name]})
	}
	if err := os.MkdirAll(filepath.Dir(a.path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(a.path, txtar.Format(&archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Compare compares an answer with the entry of that name, byte for byte, or
// records it with update. Binary answers are compared by length and hash. Two
// subtests may compare the same name: their answers must be equal.
func (a *Archive) Compare(t testing.TB, name string, answer []byte) {
	t.Helper()
	got, err := entry(answer)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.update && !a.compared[name] {
		a.want[name] = got
	}
	a.compared[name] = true
	want, ok := a.want[name]
	if !ok {
		t.Fatalf("%s has no entry %s (-update writes it)", a.path, name)
	}
	if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
		t.Errorf("%s: %s (-want +got)\n%s", a.path, name, diff)
	}
}

// entry returns an answer in the form that the file has.
func entry(answer []byte) ([]byte, error) {
	switch {
	case !utf8.Valid(answer):
		return fmt.Appendf(nil, "%d bytes, SHA-256 %x\n", len(answer), sha256.Sum256(answer)), nil
	case txtar.NeedsQuote(answer):
		return nil, errors.New("a line looks like a file marker of txtar")
	case len(answer) > 0 && answer[len(answer)-1] != '\n':
		return append(bytes.Clone(answer), noNewline...), nil
	}
	return answer, nil
}

// lines splits a text so that a diff is short and shows carriage returns.
func lines(b []byte) []string {
	return strings.SplitAfter(strings.ReplaceAll(string(b), "\r", "␍"), "\n")
}
