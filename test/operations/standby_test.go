// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestRecoveryConflict reads an older release from a standby while the primary removes
// rows that this query can still see: PostgreSQL cancels it there, the request is answered
// with 503, and the next one with the release. A view slows the query down.
func TestRecoveryConflict(t *testing.T) {
	t.Parallel()
	primary := newCluster(t)
	setUp(t, primary)
	write := database(primary.url("zielstand", "zielstand"))
	publish(t, write, marked(t, "2024.01.0"), marked(t, "2024.02.0"))
	primary.psql(t, "zielstand", documented(t, "ON ALL TABLES IN SCHEMA public"))
	standby := primary.standby(t)
	running := serve(t, database(primary.url("zielstand_reader", "zielstand")).with(settings{
		"DATABASE_REPLICA_URL": standby.url("zielstand_reader", "zielstand"), "DATABASE_MANAGE": "false", "DATABASE_TIMEOUT": "1m",
	}))
	running.serves(t, "2024.02.0")

	primary.psql(t, "zielstand", `ALTER TABLE goals RENAME TO goals_rows;
		CREATE VIEW goals AS SELECT r.* FROM goals_rows r, LATERAL (SELECT pg_sleep(60 + 0 * r.ordinal)) AS slow;
		ALTER VIEW goals OWNER TO zielstand; GRANT SELECT ON goals TO zielstand_reader;`)
	admin := storetest.Connect(t, standby.url("postgres", "zielstand"))
	testenv.Eventually(t, "the view is on the standby", func() error {
		_, err := admin.Exec("SELECT 1 FROM goals_rows LIMIT 1")
		return err
	})
	held := make(chan answer, 1)
	const path = "/v1/goals?release=2024.01.0"
	go func() {
		a, _ := running.ask(path)
		held <- a
	}()
	testenv.Eventually(t, "the standby reads", func() error {
		n := number(t, admin, "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
		return unless(n > 0, "nobody does")
	})
	primary.psql(t, "zielstand", "UPDATE goals_rows SET ordinal = ordinal;")
	primary.psql(t, "zielstand", "VACUUM goals_rows;")
	if a := <-held; unavailable(a) != nil || says(a.body, "recovery", "conflict with") {
		t.Errorf("the request that was cut off: %v, %s", unavailable(a), a.body)
	}
	testenv.Eventually(t, "the conflict is counted", func() error {
		n := number(t, admin, "SELECT confl_snapshot FROM pg_stat_database_conflicts WHERE datname = 'zielstand'")
		return unless(n > 0, "there was none")
	})
	contains(t, running.output.String(), "canceling statement due to conflict with recovery")
	servesWhole(t, running, "/v1/goals?limit=99", "2024.02.0")

	primary.psql(t, "zielstand", "DROP VIEW goals; ALTER TABLE goals_rows RENAME TO goals;")
	recovers(t, running, path)
	servesWhole(t, running, path, "2024.01.0")
}
