package store

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/zielstand/zielstand/internal/domain"
)

// connector connects to PostgreSQL, directly or through a pooler such as PgBouncer.
// A pooler may send each transaction to a different server connection, where a named
// statement is unknown or has another meaning. Behind a pooler, statements are
// therefore unnamed and sent every time, unless the address sets
// default_query_exec_mode.
type connector struct {
	settings pgx.ConnConfig
	decided  bool
	pooled   atomic.Bool // what the last connection found
}

func newConnector(settings *pgx.ConnConfig, address string) *connector {
	decided := slices.ContainsFunc(splitPostgresURL(address).parameters(), func(p string) bool {
		return strings.HasPrefix(p, "default_query_exec_mode=")
	})
	return &connector{settings: *settings, decided: decided}
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

// explainStartup names the pooler if it refuses a parameter of the address.
func (c *connector) explainStartup(err error) error {
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
