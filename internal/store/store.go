// SPDX-License-Identifier: EUPL-1.2

// Package store stores releases in PostgreSQL or SQLite. It publishes a release in
// one transaction, switches the latest release, and reads releases. It knows datasets
// by their description, and does not know formats or HTTP.
package store

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/zielstand/zielstand/internal/domain"
)

// Store is a database of releases. It is safe for concurrent use.
type Store struct {
	dialect string // "postgres" or "sqlite", as the migrations' folders
	write   *gorm.DB
	read    *gorm.DB
	// fresh opens a connection for each query: an open connection of SQLite may
	// have pages in memory that the file no longer contains. For PostgreSQL it is
	// read.
	fresh *gorm.DB
	// readers limits how many datasets are read at a time, so that everything else,
	// such as the health check, always has a connection.
	readers chan struct{}
	watch   *watch // of SQLite's file, nil for PostgreSQL
	created bool
	// primary connects to PostgreSQL where it is written; nil for SQLite.
	primary *connector
	// file is SQLite's, and zero for PostgreSQL.
	file   sqliteFile
	errors *errorCount
}

// Errors returns the number of statements that failed, including timeouts, since the
// store was opened.
func (s *Store) Errors() uint64 { return s.errors.n.Load() }

// errorCount counts the failed statements of a store. Missing rows and duplicate keys
// are answers, and statements are canceled when clients disconnect.
type errorCount struct {
	logger.Interface
	n *atomic.Uint64
}

func newErrorCount() *errorCount { return &errorCount{logger.Discard, new(atomic.Uint64)} }

// LogMode returns the logger itself: nothing is logged.
func (c *errorCount) LogMode(logger.LogLevel) logger.Interface { return c }

// Trace counts a statement.
func (c *errorCount) Trace(_ context.Context, _ time.Time, _ func() (string, int64), err error) {
	c.count(err)
}

func (c *errorCount) count(err error) {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, gorm.ErrDuplicatedKey):
	default:
		c.n.Add(1)
	}
}

// Options are the address and the limits of a database.
type Options struct {
	// URL is sqlite:PATH or postgres://….
	URL string
	// ReplicaURL is a streaming replica to read from; empty means URL. A
	// transaction becomes visible there as a whole.
	ReplicaURL string
	// Connections bounds each pool; 0 means the default. At least two are needed: one
	// to read a dataset, and one for everything else.
	Connections int
	// Existing requires that a SQLite file exists; otherwise a missing file is
	// created.
	Existing bool
}

// Open opens the pools. It creates and opens a SQLite file, connects to PostgreSQL on
// first use, and never migrates. The error is a *domain.Invalid if the URL is of another
// form.
func Open(o Options) (*Store, error) {
	if err := named("database.url", CheckURL(o.URL)); err != nil {
		return nil, err
	}
	if path, ok := strings.CutPrefix(o.URL, "sqlite:"); ok {
		return openSQLite(path, o)
	}
	if o.ReplicaURL != "" {
		if err := named("database.replica_url", CheckReplicaURL(o.ReplicaURL)); err != nil {
			return nil, err
		}
	}
	return openPostgres(o)
}

// named adds the name of its setting to an error about an address.
func named(name string, err error) error {
	var invalid *domain.Invalid
	if errors.As(err, &invalid) {
		invalid.Name = name
	}
	return err
}

// readers returns what limits the readers of a pool to all but one of its connections.
func readers(connections int) chan struct{} { return make(chan struct{}, connections-1) }

func open(dialector gorm.Dialector, connections int, count *errorCount) (*gorm.DB, error) {
	db, err := gorm.Open(dialector, &gorm.Config{
		TranslateError:         true,
		SkipDefaultTransaction: true,
		DisableAutomaticPing:   true,
		Logger:                 count,
	})
	if damaged(err) {
		return nil, err // not transient
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
	return &Store{errors: s.errors, dialect: s.dialect, primary: s.primary, write: s.write, read: s.write, fresh: s.write, readers: s.readers}
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
