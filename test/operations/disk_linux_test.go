// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"syscall"
	"testing"
)

// smallDisk mounts a small file system, where that is permitted.
func smallDisk(t testing.TB) (string, bool) {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2000k"); err != nil {
		t.Logf("no file system can be mounted here (%v); the limited file shows the same", err)
		return "", false
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir, true
}
