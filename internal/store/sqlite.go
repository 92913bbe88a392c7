package store

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/strategy"
)

// openSQLite opens the file with one connection that writes and, beside it (WAL), a
// pool that reads.
func openSQLite(path string, o Options) (*Store, error) {
	if path == "" {
		return nil, &strategy.Invalid{Name: "database.url", Value: "sqlite:", Rule: "names no file", Allowed: []string{"sqlite:PATH"}}
	}
	if o.Existing {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("open the database: %w", err)
		}
	}
	if err := checkLeftovers(path); err != nil {
		return nil, err
	}
	_, missing := os.Stat(path)
	dsn := "file:" + pathEscaper.Replace(path) + "?_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	connections := cmp.Or(o.Connections, max(2, runtime.NumCPU()))
	write, err := openSQLiteWriter(dsn)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	read, err := open(sqlite.Open(dsn+"&_pragma=query_only(1)"), connections)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	s := &Store{dialect: "sqlite", write: write, read: read, created: errors.Is(missing, fs.ErrNotExist)}
	if s.watch, err = watchFile(path, read); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if s.fresh, err = open(sqlite.Open(dsn+"&_pragma=query_only(1)"), 1); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	pool, err := s.fresh.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxIdleConns(-1)
	return s, nil
}

// openSQLiteWriter opens a connection that writes and deletes a release with all of
// its indices in mind: 64 MiB of them, if it takes so many. When it rests it is
// closed, because what SQLite may keep is one sum for all connections of a program,
// and those that read would use it.
func openSQLiteWriter(dsn string) (*gorm.DB, error) {
	write, err := open(sqlite.Open(dsn+"&_txlock=immediate&_pragma=cache_size(-65536)"), 1)
	if err != nil {
		return nil, err
	}
	pool, err := write.DB()
	if err != nil {
		return nil, err
	}
	pool.SetConnMaxIdleTime(time.Second)
	return write, nil
}

// pathEscaper keeps what has a meaning in a URI from ending a path
// (sqlite.org/uri.html, 3.1).
var pathEscaper = strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23")
