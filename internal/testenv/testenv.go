// Package testenv decides what a test does if a program or file that it needs is
// missing.
package testenv

import (
	"os"
	"path/filepath"
	"testing"
)

const (
	// CompleteEnv makes it an error if something is missing. Otherwise the tests that
	// need it are skipped.
	CompleteEnv = "ZIELSTAND_TEST_COMPLETE"
	// SharedEnv names a folder with files that are not part of the repository: the
	// texts of the sources, and validators.
	SharedEnv = "ZIELSTAND_TEST_SHARED"
)

// Complete reports whether missing programs are errors.
func Complete() bool { return os.Getenv(CompleteEnv) == "true" }

// Missing skips a test that needs a program, or fails it if Complete. The
// remedy says how to get the program.
func Missing(t testing.TB, program, remedy string) {
	t.Helper()
	if Complete() {
		t.Fatalf("%s is missing: %s", program, remedy)
	}
	t.Skipf("skipped: %s is missing: %s", program, remedy)
}

// Shared returns the path of a file or folder beside the repository, and skips the
// test if SharedEnv is not set. It is an error if the variable is set and the file
// does not exist.
func Shared(t testing.TB, name string) string {
	t.Helper()
	folder := os.Getenv(SharedEnv)
	if folder == "" {
		t.Skipf("skipped: it needs %s, which is not part of the repository; set %s to the folder that contains it", name, SharedEnv)
	}
	path := filepath.Join(folder, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%s=%s: %v", SharedEnv, folder, err)
	}
	return path
}
