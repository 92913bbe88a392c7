// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/zielstand/zielstand/internal/domain"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// openPostgres opens pools that do not connect before they are used, so that a
// server can start while its database is unavailable. By default there are four
// connections for each core: with more, pages take longer.
func openPostgres(o Options) (*Store, error) {
	connections := max(2, cmp.Or(o.Connections, min(4*runtime.NumCPU(), 32)))
	primary, err := parsePostgres("database.url", o.URL)
	if err != nil {
		return nil, err
	}
	count := newErrorCount()
	write, err := openPostgresPool(primary, connections, count)
	if err != nil {
		return nil, err
	}
	read := write
	if o.ReplicaURL != "" {
		replica, err := parsePostgres("database.replica_url", o.ReplicaURL)
		if err != nil {
			return nil, err
		}
		if read, err = openPostgresPool(replica, connections, count); err != nil {
			return nil, err
		}
	}
	return &Store{errors: count, dialect: "postgres", primary: primary, write: write, read: read, fresh: read, readers: readers(connections)}, nil
}

// repeated matches what an error of pgx repeats of an address.
var repeated = regexp.MustCompile(`(value: ).*|".*"`)

func parsePostgres(name, url string) (*connector, error) {
	settings, err := pgx.ParseConfig(url)
	if err != nil {
		reason := err.Error()
		reason = reason[strings.LastIndex(reason, "`: ")+1:] // without the address
		return nil, &domain.Invalid{Name: name, Rule: "cannot be used" + repeated.ReplaceAllString(reason, "$1…")}
	}
	settings.ConnectTimeout = cmp.Or(settings.ConnectTimeout, 5*time.Second)
	return newConnector(settings, url), nil
}

func openPostgresPool(c *connector, connections int, count *errorCount) (*gorm.DB, error) {
	return open(postgres.New(postgres.Config{Conn: sql.OpenDB(c)}), connections, count)
}

// connector connects to PostgreSQL, directly or through a pooler such as PgBouncer.
// A pooler may send each transaction to a different server connection, where a named
// statement is unknown or has another meaning. Behind a pooler, statements are
// therefore unnamed and sent every time, unless the address sets
// default_query_exec_mode.
type connector struct {
	settings pgx.ConnConfig
	passfile string // the file with passwords that the address or the environment names
	decided  bool
	pooled   atomic.Bool // what the last connection found
}

func newConnector(settings *pgx.ConnConfig, address string) *connector {
	c := &connector{settings: *settings, passfile: os.Getenv("PGPASSFILE")}
	for _, p := range splitPostgresURL(address).parameters() {
		switch name, value, _ := strings.Cut(p, "="); name {
		case "passfile":
			c.passfile = decoded(value)
		case "default_query_exec_mode":
			c.decided = true
		}
	}
	return c
}

// Driver returns pgx's driver for database/sql.
func (c *connector) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// Connect returns a connection of the kind that suits what it finds.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	for {
		expected := c.pooled.Load()
		settings := c.settings
		if expected && !c.decided {
			settings.DefaultQueryExecMode = pgx.QueryExecModeExec
		}
		conn, err := stdlib.GetConnector(settings).Connect(ctx)
		if err != nil {
			return nil, c.explainStartup(err)
		}
		pooled, err := c.probe(ctx, conn.(*stdlib.Conn).Conn())
		if err == nil && (pooled == expected || c.decided) {
			return conn, nil
		}
		_ = conn.Close()
		if err != nil {
			return nil, err
		}
		c.pooled.Store(pooled)
	}
}

// probe reports whether there is a pooler in front of the server: poolers report
// process ids of their own to clients.
func (c *connector) probe(ctx context.Context, conn *pgx.Conn) (pooled bool, err error) {
	results, err := conn.PgConn().Exec(ctx, "SELECT pg_backend_pid(), current_setting('search_path')").ReadAll()
	if err != nil {
		return false, err
	}
	row := results[0].Rows[0]
	pooled = string(row[0]) != strconv.FormatUint(uint64(conn.PgConn().PID()), 10)
	path, set := c.settings.RuntimeParams["search_path"]
	if pooled && set && !slices.Equal(schemaNames(path), schemaNames(string(row[1]))) {
		return pooled, c.notPassedOn("search_path", domain.ErrUnavailable)
	}
	return pooled, nil
}

// explainStartup names the pooler if it refuses a parameter of the address, and the file
// with the password if there is none because it cannot be read.
func (c *connector) explainStartup(err error) error {
	if sqlState(err) == "28P01" && c.settings.Password == "" && c.passfile != "" {
		if unread := openable(c.passfile, os.O_RDONLY); unread != nil {
			return fmt.Errorf("%w: the file with the password cannot be read: %w", err, unread)
		}
	}
	_, rest, found := strings.Cut(err.Error(), "unsupported startup parameter")
	if !found {
		return err
	}
	for name := range c.settings.RuntimeParams {
		if strings.Contains(rest, name) {
			return c.notPassedOn(name, err)
		}
	}
	return err
}

func (c *connector) notPassedOn(name string, cause error) error {
	return &poolerError{
		text: fmt.Sprintf("the connection pooler does not pass on %s to PostgreSQL: remove it from the database address and set it for the role: ALTER ROLE %s IN DATABASE %s SET %s = …",
			name, pgx.Identifier{c.settings.User}.Sanitize(), pgx.Identifier{c.settings.Database}.Sanitize(), name),
		cause: cause,
	}
}

// poolerError explains what to do. Its kind is that of its cause.
type poolerError struct {
	text  string
	cause error
}

func (e *poolerError) Error() string { return e.text }
func (e *poolerError) Unwrap() error { return e.cause }

// schemaNames returns the names of a search path.
func schemaNames(path string) []string {
	var names []string
	for _, name := range strings.Split(path, ",") {
		name = strings.TrimSpace(name)
		if unquoted, ok := strings.CutPrefix(name, `"`); ok {
			name = strings.ReplaceAll(strings.TrimSuffix(unquoted, `"`), `""`, `"`)
		}
		names = append(names, name)
	}
	return names
}

// explain adds to an error of PostgreSQL which schema or privilege is missing, and what
// to do. Other errors stay as they are.
func (s *Store) explain(ctx context.Context, db *gorm.DB, err error) error {
	state := sqlState(err)
	if s.dialect != "postgres" || !slices.Contains([]string{"42P01", "42501", "3F000"}, state) {
		return err
	}
	if advice := missing(db.WithContext(ctx), state); advice != "" {
		return fmt.Errorf("%w: %s", err, advice)
	}
	return err
}

// missing returns what the role lacks, or nothing if that is unknown.
func missing(db *gorm.DB, code string) string {
	var role, path, schema, owner string
	err := db.Raw(`SELECT current_user, current_setting('search_path'), COALESCE(current_schema(), ''),
		COALESCE((SELECT tableowner FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'releases'), '')`).Row().Scan(&role, &path, &schema, &owner)
	if err != nil {
		return ""
	}
	quoted := func(name string) string { return pgx.Identifier{name}.Sanitize() }
	switch {
	case schema == "":
		names := schemaNames(path)
		schema = names[len(names)-1]
		var exists bool
		if err := db.Raw("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = ?)", schema).Row().Scan(&exists); err != nil {
			return ""
		}
		if !exists {
			return fmt.Sprintf("schema %s of search_path does not exist; create it: CREATE SCHEMA %[1]s AUTHORIZATION %[2]s", quoted(schema), quoted(role))
		}
		return fmt.Sprintf("role %s may not use schema %s; grant it: GRANT USAGE ON SCHEMA %[2]s TO %[1]s", quoted(role), quoted(schema))
	case owner == "" && code == "42P01":
		return fmt.Sprintf("schema %s has no tables of Zielstand yet; start the program or import once with a role that may create them", quoted(schema))
	case owner == "":
		return fmt.Sprintf("role %s may not create tables in schema %s; grant it: GRANT CREATE ON SCHEMA %[2]s TO %[1]s", quoted(role), quoted(schema))
	case code == "42501" && owner != role:
		return fmt.Sprintf("the tables in schema %s belong to role %s, which must migrate, import, choose and prune; role %s may read them (database.manage=false) after GRANT SELECT ON ALL TABLES IN SCHEMA %[1]s TO %[3]s",
			quoted(schema), quoted(owner), quoted(role))
	}
	return ""
}
