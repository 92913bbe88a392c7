// Package store keeps releases in PostgreSQL or SQLite: it publishes a release
// in one transaction, moves the pointer to the latest, and reads releases back. It
// knows datasets by their description and nothing of formats or HTTP.
package store

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/zielstand/zielstand/internal/strategy"
)

// Store is a database of releases. It is safe for concurrent use.
type Store struct {
	dialect string // "postgres" or "sqlite", as the migrations' folders
	write   *gorm.DB
	read    *gorm.DB
	// fresh opens a connection for each query: older ones of SQLite may have in
	// memory what the file no longer holds. It is read for PostgreSQL.
	fresh   *gorm.DB
	watch   *watch // of SQLite's file, nil for PostgreSQL
	created bool
}

// Options say where the database is.
type Options struct {
	// URL is sqlite:PATH or postgres://….
	URL string
	// ReplicaURL is a streaming replica to read from; empty means URL. What a
	// transaction published becomes visible there all at once.
	ReplicaURL string
	// Connections bounds each pool; 0 means the default.
	Connections int
	// Existing says that a SQLite file must be there already; without it a
	// missing one is made.
	Existing bool
}

// Open prepares the connections to the database; it neither connects nor
// migrates. The error is a *strategy.Invalid if the URL is of another form.
func Open(o Options) (*Store, error) {
	switch {
	case strings.HasPrefix(o.URL, "sqlite:"):
		return openSQLite(strings.TrimPrefix(o.URL, "sqlite:"), o)
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		return openPostgres(o)
	default:
		return nil, &strategy.Invalid{
			Name: "database.url", Value: redact(o.URL), Rule: "is not a database address",
			Allowed: []string{"sqlite:PATH", "postgres://USER:PASSWORD@HOST/DATABASE"},
		}
	}
}

// redact keeps a password out of messages.
func redact(url string) string {
	if at := strings.LastIndex(url, "@"); at >= 0 {
		return "…" + url[at:]
	}
	return url
}

func open(dialector gorm.Dialector, connections int) (*gorm.DB, error) {
	db, err := gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 logger.Discard,
	})
	if damaged(err) {
		return nil, err // which does not pass by itself
	}
	if err != nil {
		return nil, translate(err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return db, nil
}

// Primary is the same store, reading where it writes: a replica may lag.
func (s *Store) Primary() *Store {
	if s.dialect == "sqlite" {
		return s
	}
	return &Store{dialect: s.dialect, write: s.write, read: s.write, fresh: s.write}
}

// Close ends all connections.
func (s *Store) Close() error {
	return errors.Join(closePool(s.fresh), closePool(s.read), closePool(s.write))
}

// closePool closes a pool. A Store without a replica has one pool for both, which
// may be closed twice.
func closePool(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// writePool is the plain pool behind the writing side.
func (s *Store) writePool() (*sql.DB, error) { return s.write.DB() }
