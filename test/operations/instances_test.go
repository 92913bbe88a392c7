// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"net/http"
	"strings"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// TestInstancesAtOnce starts several instances as processes on an empty
// database: one migrates, one publishes, and all serve.
func TestInstancesAtOnce(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	s := database(c.url("zielstand", "zielstand")).with(settings{"FIXTURES_PATH": folder(t, edition(t, "2024.01.0"))})
	testenv.Binary(t)
	var instances []func() *service
	for range 4 {
		instances = append(instances, launch(t, s))
	}
	published := 0
	tags := map[string]bool{}
	for _, listening := range instances {
		running := listening()
		running.serves(t, "2024.01.0")
		tags[running.get(t, "/v1/goals", http.StatusOK).header.Get("ETag")] = true
		if strings.Contains(running.output.String(), "Published release 2024.01.0") {
			published++
		}
	}
	if published != 1 {
		t.Errorf("%d instances published the first release, want 1", published)
	}
	if len(tags) != 1 {
		t.Errorf("the instances answer differently: %v", tags)
	}
	db := storetest.Connect(t, c.url("zielstand", "zielstand"))
	if n := number(t, db, "SELECT COUNT(*) FROM releases"); n != 1 {
		t.Errorf("%d releases, want 1", n)
	}
	if n := number(t, db, "SELECT COUNT(*) - COUNT(DISTINCT version_id) FROM goose_db_version"); n != 0 {
		t.Errorf("%d migrations were recorded twice", n)
	}
	whole(t, c.url("zielstand", "zielstand"))
}

// TestReaderRole serves with a role that may only read; role and rights are
// made by the statements in docs/postgresql.md.
func TestReaderRole(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	owner := database(c.url("zielstand", "zielstand"))
	publish(t, owner, edition(t, "2024.01.0"))
	c.psql(t, "zielstand", documented(t, "ON ALL TABLES IN SCHEMA public"))

	reader := database(c.url("zielstand_reader", "zielstand")).with(settings{"DATABASE_MANAGE": "false"})
	running := serve(t, reader)
	running.get(t, "/v1/goals", http.StatusOK)
	running.get(t, "/readyz", http.StatusOK)
	publish(t, owner, next(t, "2024.02.0"))
	running.serves(t, "2024.02.0")
	running.get(t, "/v1/releases/2024.02.0/diff?from=2024.01.0", http.StatusOK)
	running.get(t, "/v1/releases/2024.02.0/datapackage.json", http.StatusOK)
	printed(t, nextChanges, succeed(t, reader, "release", "diff", "2024.01.0", "2024.02.0"))

	denied := []string{"permission denied"}
	refuse(t, reader, denied, "import", folder(t, next(t, "2024.03.0")))
	refuse(t, reader, denied, "release", "use", "2024.01.0")
	refuse(t, reader, denied, "release", "prune", "--keep", "1")
	db := storetest.Connect(t, c.url("zielstand_reader", "zielstand"))
	for _, statement := range []string{
		"DELETE FROM latest", "UPDATE goals SET title = ''", "CREATE TABLE mine (id text)",
		"INSERT INTO releases SELECT seq + 1, id || 'x', title, published, content_hash, notes, synthetic FROM releases", "TRUNCATE releases CASCADE",
	} {
		if _, err := db.Exec(statement); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("the reader may %s: %v", statement, err)
		}
	}
	isLatest(t, owner, "2024.02.0")
	whole(t, c.url("zielstand", "zielstand"))
}

// setUp creates the database and its owner as in docs/postgresql.md.
func setUp(t testing.TB, c *cluster) {
	t.Helper()
	c.psql(t, "postgres", documented(t, "CREATE ROLE zielstand LOGIN"))
}
