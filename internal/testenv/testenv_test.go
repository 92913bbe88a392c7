// SPDX-License-Identifier: EUPL-1.2

package testenv

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// outcome records how a test ended.
type outcome struct {
	testing.TB
	skipped, failed string
}

func (o *outcome) Helper() {}

func (o *outcome) Skipf(f string, args ...any) {
	o.skipped = fmt.Sprintf(f, args...)
	runtime.Goexit()
}

func (o *outcome) Fatalf(f string, args ...any) {
	o.failed = fmt.Sprintf(f, args...)
	runtime.Goexit()
}

func ended(t *testing.T, test func(t testing.TB)) *outcome {
	o, done := &outcome{TB: t}, make(chan struct{})
	go func() { defer close(done); test(o) }()
	<-done
	return o
}

func TestProgram(t *testing.T) {
	need := func(t testing.TB) { Program(t, "a program", "zielstand-no-such-program") }
	t.Setenv("CI", "true") // every hosted runner sets it
	t.Setenv(StrictEnv, "")
	if o := ended(t, need); o.skipped == "" || o.failed != "" {
		t.Errorf("a missing program: %q %q, want a skip", o.skipped, o.failed)
	}
	t.Setenv(StrictEnv, "true")
	if o := ended(t, need); o.skipped != "" || o.failed == "" {
		t.Errorf("a missing program, strict: %q %q, want a failure", o.skipped, o.failed)
	}
	if path := Program(t, "Go", "zielstand-no-such-program", "go"); filepath.Base(path) != "go" {
		t.Errorf("got %s", path)
	}
}

func TestShared(t *testing.T) {
	need := func(t testing.TB) { Shared(t, "sources") }
	t.Setenv(StrictEnv, "true")
	t.Setenv(SharedEnv, "")
	if o := ended(t, need); o.skipped == "" || o.failed != "" {
		t.Errorf("no folder: %q %q, want a skip", o.skipped, o.failed)
	}
	folder := t.TempDir()
	t.Setenv(SharedEnv, folder)
	if o := ended(t, need); o.failed == "" {
		t.Error("a folder without the file is not a failure")
	}
	if err := os.Mkdir(filepath.Join(folder, "sources"), 0o755); err != nil {
		t.Fatal(err)
	}
	if path := Shared(t, "sources"); path != filepath.Join(folder, "sources") {
		t.Errorf("got %s", path)
	}
}

func TestSeed(t *testing.T) {
	t.Setenv(SeedEnv, "42")
	if got := Seed(t); got != 42 {
		t.Errorf("seed %d, want 42", got)
	}
	t.Setenv(SeedEnv, "x")
	if o := ended(t, func(t testing.TB) { Seed(t) }); o.failed == "" {
		t.Error("a seed that is not a number is accepted")
	}
}
