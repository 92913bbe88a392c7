// SPDX-License-Identifier: EUPL-1.2

// Package testenv finds what tests need beyond Go: programs, files that are not
// part of the repository, and the built program. Only tests import it.
package testenv

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

const (
	// StrictEnv makes a missing program a failure instead of a skip, if it is
	// “true”. .ci/run sets it.
	StrictEnv = "ZIELSTAND_TEST_STRICT"
	// SharedEnv names the folder of files that we may not publish: the texts of
	// the source documents, the SHACL validator and the rules for OpenAPI.
	SharedEnv = "ZIELSTAND_TEST_SHARED"
	// BinaryEnv names the built program, so that each suite need not build it.
	BinaryEnv = "ZIELSTAND_TEST_BINARY"
	// SeedEnv is the seed of tests that draw at random, to repeat a run.
	SeedEnv = "ZIELSTAND_TEST_SEED"
)

// Missing skips a test that needs something that is not installed, or fails it
// if StrictEnv is set.
func Missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(StrictEnv) == "true" {
		t.Fatalf("missing: %s (see “make needs”)", what)
	}
	t.Skipf("skipped: %s is missing (see “make needs”)", what)
}

// Sequential skips, with -short, a test that does one thing after another: the race
// detector, which runs with -short, would find nothing in it.
func Sequential(t testing.TB) {
	t.Helper()
	if testing.Short() {
		t.Skip("skipped: with one request at a time there is no race")
	}
}

// Program returns the path of an installed program, which may be known by more
// than one name or path.
func Program(t testing.TB, what string, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Missing(t, what)
	return ""
}

// Seed returns the seed of a test that draws at random and prints it: SeedEnv repeats a run.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv(SeedEnv); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("%s: %v", SeedEnv, err)
		}
	}
	fmt.Printf("%s: %s=%d\n", t.Name(), SeedEnv, seed)
	return seed
}

// Shared returns the absolute path of a file or folder in the folder that
// SharedEnv names, and skips the test if the variable is not set.
func Shared(t testing.TB, name string) string {
	t.Helper()
	folder := os.Getenv(SharedEnv)
	if folder == "" {
		t.Skipf("skipped: %s is not set, so %s is not available", SharedEnv, name)
	}
	path := filepath.Join(folder, name)
	if _, err := os.Stat(path); err != nil || !filepath.IsAbs(path) {
		t.Fatalf("%s=%s: must be an absolute path of a folder with %s: %v", SharedEnv, folder, name, err)
	}
	return path
}

// Binary returns the path of the program. It is built once for each test binary
// unless BinaryEnv names it.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv(BinaryEnv); path != "" {
		_, err := os.Stat(path)
		if !filepath.IsAbs(path) {
			err = errors.Join(err, errors.New("must be an absolute path"))
		}
		return path, err
	}
	dir, err := os.MkdirTemp("", "zielstand-binary-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // some tests start it as another user
		return "", err
	}
	built = dir
	path := filepath.Join(dir, "zielstand")
	if out, err := exec.Command("go", "build", "-o", path, "github.com/zielstand/zielstand").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
})

// built is the folder that RemoveBinary removes.
var built string

// RemoveBinary removes what Binary built. TestMain calls it at the end.
func RemoveBinary() {
	if built != "" {
		_ = os.RemoveAll(built)
	}
}
