// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/synthetic"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestImportMemory imports exports of few and of many services. Each further row may take only
// a small part of its size in memory.
func TestImportMemory(t *testing.T) {
	t.Parallel()
	const few, many, perRow = 20_000, 120_000, 500 // rows in memory take more than 2,000 bytes each
	packages := map[int]string{}
	for _, rows := range []int{few, many} {
		packages[rows] = t.TempDir()
		if err := synthetic.WriteSize(packages[rows], synthetic.Size{Availability: rows}); err != nil {
			t.Fatal(err)
		}
	}
	storetest.Each(t, func(t *testing.T, url string) {
		peaks := map[int]int{}
		for _, rows := range []int{few, many} {
			peaks[rows] = peakOf(t, database(url), packages[rows], "--dry-run")
		}
		if grown := peaks[many] - peaks[few]; grown > (many-few)*perRow {
			t.Errorf("%d rows take %d bytes, %d rows %d: more than %d for each row", few, peaks[few], many, peaks[many], perRow)
		}
		t.Logf("peaks: %v", peaks)
	})
}

// peakOf imports a package with the binary and returns its peak memory.
func peakOf(t testing.TB, s settings, arguments ...string) int {
	t.Helper()
	command := programCommand(testenv.Binary(t), s, append([]string{"import"}, arguments...)...)
	var out strings.Builder
	command.Stdout, command.Stderr = &out, &out
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	peak := 0
	for {
		peak = max(peak, highWater(command.Process.Pid))
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("import: %v\n%s", err, out.String())
			}
			return peak
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// highWater returns the peak memory of a process in bytes (proc(5)), or 0 if it has ended.
// The resource usage of a command will not do: it counts the memory of its parent.
func highWater(pid int) int {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, _ := strconv.Atoi(strings.Fields(value)[0])
			return kib << 10
		}
	}
	return 0
}
