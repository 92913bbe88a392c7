// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"database/sql"
	"fmt"
	"net/http"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
)

// TestReplica writes to a primary and reads from its streaming replica, which
// lags, catches up, and goes on when the primary is gone.
func TestReplica(t *testing.T) {
	t.Parallel()
	primary := newCluster(t)
	setUp(t, primary)
	replica := primary.standby(t)
	write := database(primary.url("zielstand", "zielstand"))
	both := write.with(settings{"DATABASE_REPLICA_URL": replica.url("zielstand", "zielstand")})

	publish(t, both, marked(t, "2024.01.0"))
	running := serve(t, both)
	running.serves(t, "2024.01.0")
	readsFrom(t, replica, primary)

	admin := storetest.Connect(t, replica.url("postgres", "zielstand"))
	statement(t, admin, "SELECT pg_wal_replay_pause()")
	publish(t, both, marked(t, "2024.02.0"))
	isLatest(t, both, "2024.02.0") // commands look at the primary
	for limit := 100; limit < 120; limit++ {
		servesWhole(t, running, fmt.Sprintf("/v1/goals?limit=%d", limit), "2024.01.0")
	}
	statement(t, admin, "SELECT pg_wal_replay_resume()")
	running.serves(t, "2024.02.0")
	servesWhole(t, running, "/v1/goals?limit=200", "2024.02.0")

	primary.end(t)
	servesWhole(t, running, "/v1/goals?limit=201", "2024.02.0")
	servesWhole(t, running, "/v1/goals?limit=201&release=2024.01.0", "2024.01.0")
	running.get(t, "/readyz", http.StatusOK)
	refuse(t, both, []string{"unavailable"}, "import", folder(t, marked(t, "2024.03.0")))
	again := serve(t, both.with(settings{"DATABASE_MANAGE": "false"}))
	servesWhole(t, again, "/v1/goals?limit=202", "2024.02.0")

	primary.start(t)
	publish(t, both, marked(t, "2024.03.0"))
	running.serves(t, "2024.03.0")
	servesWhole(t, running, "/v1/goals?limit=7", "2024.03.0")
	again.serves(t, "2024.03.0")

	replica.end(t)
	servesWhole(t, running, "/v1/goals?limit=7", "2024.03.0")
	servesWhole(t, running, "/v1/goals?limit=203", "2024.03.0")
	servesWhole(t, running, "/v1/goals?limit=203&release=2024.01.0", "2024.01.0") // asked before
	away(t, again, "/v1/goals?limit=203&release=2024.01.0")
	running.get(t, "/readyz", http.StatusServiceUnavailable)
	publish(t, both, marked(t, "2024.04.0"))
	replica.start(t)
	running.serves(t, "2024.04.0")
	recovers(t, again, "/v1/goals?limit=203&release=2024.01.0")
}

// TestWriteToReplica configures the address of a replica as the database.
func TestWriteToReplica(t *testing.T) {
	t.Parallel()
	primary := newCluster(t)
	setUp(t, primary)
	publish(t, database(primary.url("zielstand", "zielstand")), edition(t, "2024.01.0"), next(t, "2024.02.0"))
	replica := database(primary.standby(t).url("zielstand", "zielstand"))
	standby := []string{"the database is a standby", "set database.url to the primary"}
	refuse(t, replica, standby, "import", folder(t, next(t, "2024.03.0")))
	refuse(t, replica, standby, "release", "use", "2024.01.0")
	refuse(t, replica, standby, "release", "prune", "--keep", "1")
}

// readsFrom checks where the server's sessions read: on the replica, and none
// on the primary has read goals.
func readsFrom(t testing.TB, replica, primary *cluster) {
	t.Helper()
	const sessions = "SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'zielstand' AND backend_type = 'client backend'"
	if n := number(t, storetest.Connect(t, replica.url("postgres", "zielstand")), sessions); n == 0 {
		t.Error("nobody reads from the replica")
	}
	const queries = sessions + " AND query LIKE '%FROM codelists%'"
	if n := number(t, storetest.Connect(t, primary.url("postgres", "zielstand")), queries); n != 0 {
		t.Errorf("%d sessions read rows from the primary", n)
	}
}

// servesWhole checks that all rows are there and of the release.
func servesWhole(t testing.TB, running *service, path, release string) {
	t.Helper()
	got, err := wholeJSON(running.get(t, path, http.StatusOK), "")
	if err != nil || got != release {
		t.Fatalf("%s: release %s, want %s (%v)", path, got, release, err)
	}
}

func statement(t testing.TB, db *sql.DB, text string) {
	t.Helper()
	if _, err := db.Exec(text); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
}
