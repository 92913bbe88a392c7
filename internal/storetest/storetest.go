// SPDX-License-Identifier: EUPL-1.2

// Package storetest runs tests against both databases: SQLite in a temporary
// folder and a real PostgreSQL in a schema of its own.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver pgx

	"github.com/zielstand/zielstand/internal/store"

	"github.com/zielstand/zielstand/internal/testenv"
)

// PostgresEnv names the address of a PostgreSQL in which tests may create
// schemas.
const PostgresEnv = "ZIELSTAND_TEST_POSTGRES_URL"

// Each runs the test once for each database, with the address of an empty one. With
// -short it leaves out SQLite if there is a PostgreSQL: SQLite runs in the process, where
// the race detector slows it down tenfold.
func Each(t *testing.T, test func(t *testing.T, databaseURL string)) {
	t.Helper()
	if !onlyPostgres() {
		t.Run("sqlite", func(t *testing.T) {
			t.Parallel()
			test(t, SQLite(t))
		})
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, Postgres(t))
	})
}

// Any returns the address of an empty database, whichever is faster.
func Any(t testing.TB) string {
	t.Helper()
	if onlyPostgres() {
		return Postgres(t)
	}
	return SQLite(t)
}

func onlyPostgres() bool { return testing.Short() && os.Getenv(PostgresEnv) != "" }

// EachStore runs the test once for each database, with a migrated store.
func EachStore(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	Each(t, func(t *testing.T, databaseURL string) { test(t, Open(t, databaseURL)) })
}

// Open opens and migrates a store that is closed when the test ends.
func Open(t testing.TB, databaseURL string) *store.Store {
	t.Helper()
	s, err := store.Open(store.Options{URL: databaseURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// SQLite returns the address of an empty SQLite database.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "zielstand.db")
}

var schemas atomic.Int64

// Postgres returns the address of an empty schema. Without a
// PostgreSQL the test is skipped.
func Postgres(t testing.TB) string {
	t.Helper()
	base := os.Getenv(PostgresEnv)
	if base == "" {
		testenv.Missing(t, "PostgreSQL, which "+PostgresEnv+" names,")
	}
	schema := fmt.Sprintf("test_%d_%d", os.Getpid(), schemas.Add(1))
	Execute(t, base, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { Execute(t, base, "DROP SCHEMA "+schema+" CASCADE") })
	return withSearchPath(t, base, schema)
}

// Connect opens a database without the program, until the test ends.
func Connect(t testing.TB, databaseURL string) *sql.DB {
	t.Helper()
	driver, source := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		driver, source = "sqlite", "file:"+strings.ReplaceAll(path, "#", "%23")+"?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)"
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Execute runs statements on a database without the program.
func Execute(t testing.TB, databaseURL string, statements ...string) {
	t.Helper()
	db := Connect(t, databaseURL)
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func withSearchPath(t testing.TB, databaseURL, schema string) string {
	t.Helper()
	u, err := url.Parse(databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return strings.ReplaceAll(u.String(), "+", "%20")
}
