// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"

	"github.com/zielstand/zielstand/internal/testenv"
)

// bulk is the number of rows of the packages whose import is killed: their file is stored
// in pieces.
const bulk = 20_000

// kills is how often an import is killed, at moments spread over the time that
// a whole one takes.
const kills = 12

// TestKilledImport kills imports, every other of a package with some of the datasets.
// Afterwards the store contains the old or the new
// release as a whole, and the next import succeeds.
func TestKilledImport(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		program := testenv.Binary(t)
		s := database(url)
		offering := func(version string, n int) fstest.MapFS {
			pkg := large(t, version, bulk, n)
			offer(t, pkg, bulk/4, n)
			return pkg
		}
		importOnce(t, program, s, folder(t, offering("2024.02.0", 0)))
		took := importOnce(t, program, s, folder(t, offering("2024.02.1", 1)))

		killed, latest := 0, "2024.02.1"
		for i := range kills {
			version := fmt.Sprintf("2024.02.%d", i+2)
			pkg := offering(version, i+2)
			switch i % 4 {
			case 1:
				part(t, pkg, "observations", "areas")
			case 3:
				part(t, pkg, "service-availability")
			}
			if kill(t, program, s, folder(t, pkg), took*time.Duration(i+1)/kills) {
				killed++
			}
			settled(t, url)
			now := latestOf(t, s)
			if now != latest && now != version {
				t.Fatalf("after a kill the latest release is %s, want %s or %s", now, latest, version)
			}
			latest = now
			counted(t, url)
			if t.Failed() {
				t.FailNow()
			}
		}
		whole(t, url)
		if killed == 0 {
			t.Error("every import ended before it was killed")
		}
		t.Logf("an import took %s; %d of %d were killed before their end", took, killed, kills)

		final := offering("2024.03.0", kills+2)
		importOnce(t, program, s, folder(t, final))
		dir := t.TempDir()
		succeed(t, s, "export", dir)
		sameFiles(t, dir, final)
	})
}

// TestKilledFirstImport kills imports into databases that do not exist yet.
func TestKilledFirstImport(t *testing.T) {
	t.Parallel()
	program := testenv.Binary(t)
	dir := folder(t, edition(t, "2024.01.0"))
	for i := range 6 {
		url := storetest.SQLite(t)
		s := database(url)
		kill(t, program, s, dir, time.Duration(i)*8*time.Millisecond)
		contains(t, succeed(t, s, "import", dir), "2024.01.0")
		whole(t, url)
	}
}

// large is an edition with many observations; one of them differs from edition to
// edition.
func large(t testing.TB, version string, observations, n int) fstest.MapFS {
	t.Helper()
	pkg := edition(t, version)
	rows := table(t, pkg, "observations.csv")
	for i := range observations {
		value := i
		if i == 0 {
			value = observations + n
		}
		// id,indicator,goal,area,period,kind,value,qualifier,source,locator
		row := make([]string, len(rows[0]))
		copy(row, []string{
			fmt.Sprintf("bulk-%05d", i), "e-file-users", "", "05", "2020", "planned", fmt.Sprint(value),
			"exact", "test-bericht", "3, Tabelle 1",
		})
		rows = append(rows, row)
	}
	setTable(t, pkg, "observations.csv", rows)
	return pkg
}

// offer adds many rows to the availability of services; one of them differs with n.
func offer(t testing.TB, pkg fstest.MapFS, rows, n int) {
	t.Helper()
	all := table(t, pkg, "service-availability.csv")
	for i := range rows {
		address := i
		if i == 0 {
			address = rows + n
		}
		all = append(all, []string{
			fmt.Sprintf("bulk-%05d", i), "00000000000001", "05", "2021-08-15", fmt.Sprintf("https://dienste.example/%d", address),
			"ok", "yes", "statewide", "", "test-bericht", "Tabelle 4",
		})
	}
	setTable(t, pkg, "service-availability.csv", all)
}

// importOnce imports with the binary and returns how long it took.
func importOnce(t testing.TB, program string, s settings, dir string) time.Duration {
	t.Helper()
	start := time.Now()
	command := importCommand(program, s, dir)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("import: %v\n%s", err, out)
	}
	return time.Since(start)
}

func importCommand(program string, s settings, dir string) *exec.Cmd {
	return programCommand(program, s, "import", dir)
}

func programCommand(program string, s settings, arguments ...string) *exec.Cmd {
	command := exec.Command(program, arguments...)
	command.Env = append(os.Environ(), s.environ()...)
	return command
}

// kill starts an import and kills it after the delay. It reports whether the import was
// still running.
func kill(t testing.TB, program string, s settings, dir string, after time.Duration) bool {
	t.Helper()
	return killCommand(t, importCommand(program, s, dir), after)
}

func killCommand(t testing.TB, command *exec.Cmd, after time.Duration) bool {
	t.Helper()
	var stderr strings.Builder
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = command.Process.Kill() })
	err := command.Wait()
	if !timer.Stop() && err != nil && command.ProcessState.ExitCode() == -1 {
		return true
	}
	if err != nil {
		t.Fatalf("%v: %v\n%s", command.Args[1:], err, stderr.String())
	}
	return false
}

// settled waits until PostgreSQL has noticed that its client is gone.
func settled(t testing.TB, url string) {
	t.Helper()
	if strings.HasPrefix(url, "sqlite:") {
		return
	}
	db := storetest.Connect(t, url)
	testenv.Eventually(t, "the killed import's session ends", func() error {
		n := number(t, db, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())")
		return unless(n == 0, "%d locks are held", n)
	})
}

// latestOf is the id of the latest release.
func latestOf(t testing.TB, s settings) string {
	t.Helper()
	for line := range strings.Lines(succeed(t, s, "release", "list")) {
		if marked, ok := strings.CutPrefix(line, "* "); ok {
			return strings.Fields(marked)[0]
		}
	}
	t.Fatal("no release is the latest")
	return ""
}
