// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// offers is a package that has many rows of service-availability and nothing else.
func offers(t testing.TB, version string, n int) fstest.MapFS {
	t.Helper()
	pkg := edition(t, version)
	offer(t, pkg, bulk, n)
	part(t, pkg, "service-availability")
	return pkg
}

// TestServerLostDuringImport stops PostgreSQL while a package with one dataset is stored.
// The import says so; the release before stays, and the import can be repeated.
func TestServerLostDuringImport(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	url := c.url("zielstand", "zielstand")
	s := database(url)
	publish(t, s, edition(t, "2024.01.0"))
	dir := folder(t, offers(t, "2024.02.0", 0))
	lock(t, url, "LOCK TABLE service_availability IN SHARE MODE")
	ended := make(chan outcome, 1)
	go func() { ended <- run(s, "import", dir) }()
	waiting(t, url, 1)
	c.end(t)
	if o := <-ended; o.status != 1 || !strings.Contains(o.stderr, "publish 2024.02.0: unavailable: ") {
		t.Errorf("the import does not say why: status %d\n%s", o.status, o.stderr)
	}
	refuse(t, s, []string{"the others cannot be read from the database", "unavailable"}, "import", dir)
	c.start(t)
	isLatest(t, s, "2024.01.0")
	whole(t, url)
	succeed(t, s, "import", dir)
	isLatest(t, s, "2024.02.0")
	whole(t, url)
}

// TestFileLostDuringImport moves the SQLite file away while a package with one dataset is
// imported, at moments spread over the time that an import takes. The import says so, and
// when the file is back, it has the release before or the new one as a whole.
func TestFileLostDuringImport(t *testing.T) {
	t.Parallel()
	program := testenv.Binary(t)
	url := storetest.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	s := database(url)
	publish(t, s, edition(t, "2024.01.0"))
	took := importOnce(t, program, s, folder(t, offers(t, "2024.02.0", 0)))
	const rounds = 8
	lost, latest := 0, "2024.02.0"
	for i := range rounds {
		version := "2024.02." + string(rune('1'+i))
		dir := folder(t, offers(t, version, i+1))
		command := importCommand(program, s, dir)
		var stderr strings.Builder
		command.Stderr = &stderr
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(took * time.Duration(i+1) / (rounds + 1))
		aside := filepath.Join(t.TempDir(), "aside")
		if err := os.Rename(path, aside); err != nil {
			t.Fatal(err)
		}
		if err := command.Wait(); err != nil {
			lost++
			if !says(stderr.String(), "was deleted or moved while this program had it open", "no release is published that has the others") {
				t.Errorf("the import does not say why:\n%s", stderr.String())
			}
		}
		if err := os.Rename(aside, path); err != nil {
			t.Fatal(err)
		}
		now := latestOf(t, s)
		if now != latest && now != version {
			t.Fatalf("the latest release is %s, want %s or %s", now, latest, version)
		}
		counted(t, url)
		if t.Failed() {
			t.FailNow()
		}
		latest = now
	}
	whole(t, url)
	if lost == 0 {
		t.Error("every import ended before the file was moved")
	}
	t.Logf("an import took %s; %d of %d lost the file", took, lost, rounds)
	importOnce(t, program, s, folder(t, offers(t, "2024.03.0", rounds+1)))
	whole(t, url)
}
