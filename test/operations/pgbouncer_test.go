// SPDX-License-Identifier: EUPL-1.2

package operations

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/zielstand/zielstand/internal/storetest"
	"github.com/zielstand/zielstand/internal/testenv"
)

// startPooler starts a PgBouncer before the cluster, with further settings, and
// returns its address for the owner of the database that docs/postgresql.md makes.
func (c *cluster) startPooler(t testing.TB, further ...string) string {
	t.Helper()
	program := testenv.Program(t, "PgBouncer", "pgbouncer", "/usr/sbin/pgbouncer")
	dir, port := clusterFolder(t), testenv.FreePort(t)
	write := func(name string, lines ...string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	users := write("users.txt", `"zielstand" ""`, `"zielstand_reader" ""`)
	configuration := write("pgbouncer.ini", append([]string{
		"[databases]", "* = host=" + c.dir,
		"[pgbouncer]", "listen_addr = 127.0.0.1", "listen_port = " + port, "unix_socket_dir =", "auth_type = trust", "auth_file = " + users,
		"max_client_conn = 200", "default_pool_size = 5", "query_wait_timeout = 60",
	}, further...)...)
	log := &testenv.Buffer{}
	pooler := asOwner(program, configuration)
	pooler.Stdout, pooler.Stderr = log, log
	if err := pooler.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = pooler.Process.Signal(syscall.SIGTERM)
		_ = pooler.Wait()
		if t.Failed() {
			t.Log(log)
		}
	})
	listens(t, port)
	return "postgres://zielstand@127.0.0.1:" + port + "/zielstand?sslmode=disable"
}

// TestPooler reads and writes through PgBouncer in both modes that permit transactions:
// several instances start on an empty database, releases are imported, switched and
// deleted, and many requests arrive at the same time.
func TestPooler(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"transaction", "session"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			setUp(t, c)
			size := "default_pool_size = 5" // fewer than the connections of an instance
			if mode == "session" {
				size = "default_pool_size = 40" // each client has one for itself
			}
			s := database(c.startPooler(t, "pool_mode = "+mode, size)).with(settings{
				"FIXTURES_PATH": folder(t, marked(t, "2024.01.0")), "DATABASE_CONNECTIONS": "8", "DATABASE_TIMEOUT": "1m",
			})
			testenv.Binary(t)
			var starting []func() *service
			for range 2 {
				starting = append(starting, launch(t, s))
			}
			var instances []*service
			for _, listening := range starting {
				running := listening()
				running.serves(t, "2024.01.0") // the other one may still be publishing
				instances = append(instances, running)
			}
			ask := func(version string) {
				var wait sync.WaitGroup
				for i := range 40 {
					for _, running := range instances {
						wait.Go(func() {
							for _, path := range []string{
								fmt.Sprintf("/v1/observations?limit=%d&sort=-value", i+1), fmt.Sprintf("/v1/goals?limit=3&q=ziel%d", i),
								fmt.Sprintf("/v1/observations?valueFrom=%d&limit=2", i), fmt.Sprintf("/v1/observations.csv?sort=note,id&valueTo=%d", i),
								fmt.Sprintf("/v1/indicators?release=%s&limit=%d", version, i+1),
							} {
								running.get(t, path, http.StatusOK)
							}
						})
					}
				}
				wait.Wait()
			}
			ask("2024.01.0")
			publish(t, s, marked(t, "2024.02.0"))
			for _, running := range instances {
				running.serves(t, "2024.02.0")
			}
			ask("2024.02.0")
			succeed(t, s, "release", "use", "2024.01.0")
			succeed(t, s, "release", "diff", "2024.01.0", "2024.02.0")
			succeed(t, s, "release", "use", "2024.02.0")
			succeed(t, s, "release", "prune", "--keep", "1")
			succeed(t, s, "export", t.TempDir())
			isLatest(t, s, "2024.02.0")
			whole(t, c.url("zielstand", "zielstand"))
		})
	}
}

// TestPoolerSearchPath names a schema through a pooler: what does not reach the
// database is said, with what to do instead, and doing it helps.
func TestPoolerSearchPath(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	c.psql(t, "zielstand", "CREATE SCHEMA mine AUTHORIZATION zielstand;")
	advice := []string{
		"the connection pooler does not pass on search_path to PostgreSQL",
		`ALTER ROLE "zielstand" IN DATABASE "zielstand" SET search_path = …`,
	}
	refusing := c.startPooler(t, "pool_mode = session")
	refuse(t, database(refusing+"&search_path=mine"), advice, "release", "list")
	ignoring := c.startPooler(t, "pool_mode = transaction", "ignore_startup_parameters = search_path")
	refuse(t, database(ignoring+"&search_path=mine"), advice, "serve")
	refuse(t, database(refusing+"&statement_timeout=1000"), []string{"does not pass on statement_timeout"}, "release", "list")

	c.psql(t, "zielstand", "ALTER ROLE zielstand IN DATABASE zielstand SET search_path = mine")
	for _, url := range []string{c.startPooler(t, "pool_mode = transaction"), c.startPooler(t, "pool_mode = transaction", "ignore_startup_parameters = search_path") + "&search_path=mine"} {
		s := database(url)
		dir := folder(t, edition(t, "2024.01.0"))
		succeed(t, s, "import", dir)
		if n := number(t, storetest.Connect(t, c.url("postgres", "zielstand")), "SELECT COUNT(*) FROM mine.releases"); n != 1 {
			t.Errorf("%d releases in the schema", n)
		}
	}
}

// TestMissingRights starts with roles and schemas without some privilege, which the
// message must name.
func TestMissingRights(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	setUp(t, c)
	c.psql(t, "zielstand", `CREATE ROLE other LOGIN; CREATE SCHEMA theirs; CREATE SCHEMA half; GRANT USAGE ON SCHEMA half TO other;`)
	dir := folder(t, edition(t, "2024.01.0"))
	as := func(role, more string) settings { return database(c.url(role, "zielstand") + more) }
	reading := settings{"DATABASE_MANAGE": "false"}
	tests := []struct {
		name string
		s    settings
		want string
	}{
		{"no schema", as("other", "&search_path=absent"), `schema "absent" of search_path does not exist; create it: CREATE SCHEMA "absent" AUTHORIZATION "other"`},
		{"no schema, reading", as("other", "&search_path=absent").with(reading), `schema "absent" of search_path does not exist`},
		{"no USAGE", as("other", "&search_path=theirs"), `role "other" may not use schema "theirs"; grant it: GRANT USAGE ON SCHEMA "theirs" TO "other"`},
		{"no tables", as("other", "&search_path=half"), `it holds no tables yet in schema half`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { refuse(t, test.s, []string{test.want}, "release", "list") })
	}
	refuse(t, as("other", "&search_path=half"), []string{`role "other" may not create tables in schema "half"; grant it: GRANT CREATE ON SCHEMA "half" TO "other"`}, "migrate")
	publish(t, as("zielstand", ""), edition(t, "2024.01.0"))
	owned := `the tables in schema "public" belong to role "zielstand"`
	refuse(t, as("other", "").with(reading), []string{owned, `GRANT SELECT ON ALL TABLES IN SCHEMA "public" TO "other"`}, "release", "list")
	refuse(t, as("other", ""), []string{owned}, "import", dir)
	c.psql(t, "zielstand", documented(t, "ON ALL TABLES IN SCHEMA public"))
	refuse(t, as("zielstand_reader", "").with(reading), []string{owned}, "release", "use", "2024.01.0")
	succeed(t, as("zielstand_reader", "").with(reading), "release", "list")
}
