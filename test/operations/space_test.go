// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// small is the number of rows of the packages that are pruned.
const small = 8000

// TestPruneReturnsSpace prunes large releases under a server. The file of SQLite becomes
// smaller, with its write-ahead log. PostgreSQL stores the next releases in the space,
// apart from indices, whose deleted pages are only used again after one more VACUUM; VACUUM
// FULL returns it.
func TestPruneReturnsSpace(t *testing.T) {
	t.Parallel()
	test := func(t *testing.T, url string) {
		s := database(url)
		publish(t, s, large(t, "2024.01.0", small, 0))
		one := stored(t, url)
		publish(t, s, large(t, "2024.02.0", small, 1), large(t, "2024.03.0", small, 2), large(t, "2024.04.0", small, 3))
		all := stored(t, url)
		if all < 2*one {
			t.Fatalf("four releases take %d bytes, one %d", all, one)
		}
		running := serve(t, s)
		succeed(t, s, "release", "prune", "--keep", "1")
		pruned := stored(t, url)
		if strings.HasPrefix(url, "sqlite:") && pruned > one*5/4 {
			t.Errorf("one release takes %d bytes after pruning and %d before", pruned, one)
		}
		whole(t, url)
		publish(t, s, large(t, "2024.05.0", small, 4), large(t, "2024.06.0", small, 5))
		running.serves(t, "2024.06.0")
		if again := stored(t, url); again > all*5/4 {
			t.Errorf("three releases after pruning take %d bytes, four before %d", again, all)
		}
		succeed(t, s, "release", "prune", "--keep", "1")
		if !strings.HasPrefix(url, "sqlite:") {
			storetest.Execute(t, url, "VACUUM FULL")
		}
		if last := stored(t, url); last > one*5/4 {
			t.Errorf("one release takes %d bytes in the end and %d at the start", last, one)
		}
		whole(t, url)
		running.get(t, "/v1/observations?limit=7", http.StatusOK)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, storetest.SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := newCluster(t) // where no other transaction keeps deleted rows from being reused
		setUp(t, c)
		test(t, c.url("zielstand", "zielstand"))
	})
}

// stored returns the size of a database: SQLite's files, or the tables of the schema.
func stored(t testing.TB, url string) int {
	t.Helper()
	path, sqlite := strings.CutPrefix(url, "sqlite:")
	if !sqlite {
		return number(t, storetest.Connect(t, url), `SELECT SUM(pg_total_relation_size(pg_class.oid)) FROM pg_class
			JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE relkind = 'r' AND nspname = current_schema()`)
	}
	size := 0
	for _, file := range []string{path, path + "-wal"} {
		if info, err := os.Stat(file); err == nil {
			size += int(info.Size())
		}
	}
	return size
}

// TestPruneBesideReader prunes while another program reads the SQLite file. The file
// becomes smaller when that ends and the next release is pruned.
func TestPruneBesideReader(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	s := database(url)
	publish(t, s, large(t, "2024.01.0", small, 0), large(t, "2024.02.0", small, 1))
	before := stored(t, url)
	tx, err := storetest.Connect(t, url).Begin()
	if err != nil {
		t.Fatal(err)
	}
	var rows int
	const count = "SELECT COUNT(*) FROM observations"
	if err := tx.QueryRow(count).Scan(&rows); err != nil {
		t.Fatal(err)
	}
	printed(t, "Deleted release 2024.01.0\n", succeed(t, s, "release", "prune", "--keep", "1"))
	again := 0
	if err := tx.QueryRow(count).Scan(&again); err != nil || again != rows {
		t.Errorf("the reader finds %d rows instead of %d: %v", again, rows, err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	succeed(t, s, "release", "prune")
	if after := stored(t, url); after > before*2/3 {
		t.Errorf("the file has %d bytes, before %d", after, before)
	}
	whole(t, url)
}

// TestPruneOldFile prunes a file that was created without incremental vacuuming.
func TestPruneOldFile(t *testing.T) {
	t.Parallel()
	url := storetest.SQLite(t)
	storetest.Execute(t, url, "PRAGMA journal_mode = WAL")
	s := database(url)
	publish(t, s, large(t, "2024.01.0", small, 0))
	if mode := number(t, storetest.Connect(t, url), "PRAGMA auto_vacuum"); mode != 0 {
		t.Fatalf("auto_vacuum is %d", mode)
	}
	one := stored(t, url)
	publish(t, s, large(t, "2024.02.0", small, 1))
	succeed(t, s, "release", "prune", "--keep", "1")
	if after := stored(t, url); after > one*5/4 {
		t.Errorf("one release takes %d bytes after pruning and %d before", after, one)
	}
	if mode := number(t, storetest.Connect(t, url), "PRAGMA auto_vacuum"); mode != 2 {
		t.Errorf("auto_vacuum is %d after pruning, want 2 (incremental)", mode)
	}
	whole(t, url)
}

// TestKilledPrune kills prunes. Afterwards the database has the releases of before or
// those that stay, each as a whole, and the next prune returns the space.
func TestKilledPrune(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, url string) {
		program := testenv.Binary(t)
		s := database(url)
		publish(t, s, large(t, "2024.01.0", small, 0))
		one := stored(t, url)
		prune := []string{"release", "prune", "--keep", "1"}
		publish(t, s, large(t, "2024.01.1", small, 1))
		start := time.Now()
		succeed(t, s, prune...)
		took := time.Since(start)
		const rounds = 5
		killed := 0
		for i := range rounds {
			version := fmt.Sprintf("2024.01.%d", i+2)
			publish(t, s, large(t, version, small, i+2))
			if killCommand(t, programCommand(program, s, prune...), took*time.Duration(i+1)/(rounds+1)) {
				killed++
			}
			settled(t, url)
			if now := latestOf(t, s); now != version {
				t.Fatalf("after a kill the latest release is %s, want %s", now, version)
			}
			counted(t, url)
			if t.Failed() {
				t.FailNow()
			}
		}
		whole(t, url)
		t.Logf("a prune took %s; %d of %d were killed before their end", took, killed, rounds)
		succeed(t, s, prune...)
		whole(t, url)
		if last := stored(t, url); strings.HasPrefix(url, "sqlite:") && last > one*5/4 {
			t.Errorf("one release takes %d bytes in the end and %d at the start", last, one)
		}
	})
}
