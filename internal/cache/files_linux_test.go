// SPDX-License-Identifier: EUPL-1.2

package cache_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/cache"
)

// TestFilesDiskFull distinguishes a full disk from an error of the writer. It needs to
// mount a small file system.
func TestFilesDiskFull(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=16k,mode=0700"); err != nil {
		t.Skipf("no file system can be mounted: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	f, log := logged(folder)
	for range 2 {
		_, err := f.Create("key", func(w io.Writer) error {
			_, err := io.WriteString(w, strings.Repeat("x", 1<<20))
			return fmt.Errorf("encode: %w", err)
		})
		if !errors.Is(err, cache.ErrUnusable) || !strings.Contains(err.Error(), "no space left on device") {
			t.Errorf("error %v", err)
		}
	}
	if strings.Count(log.String(), "level=WARN") != 1 {
		t.Errorf("the log does not say it once:\n%s", log)
	}
	if left := names(t, folder); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}
