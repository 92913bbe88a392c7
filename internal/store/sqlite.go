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
)

// openSQLite opens the file with one connection that writes and, beside it (WAL), a
// pool that reads. A file that cannot be written is only read.
func openSQLite(path string, o Options) (*Store, error) {
	file, err := inspectSQLite(path, o.Existing)
	if err != nil {
		return nil, err
	}
	if err := checkLeftovers(path); err != nil {
		return nil, err
	}
	_, missing := os.Stat(path)
	dsn := file.uri() + "&_pragma=foreign_keys(1)&_pragma=busy_timeout(5000)"
	if sortInMemory() {
		dsn += "&_pragma=temp_store(MEMORY)"
	}
	s := &Store{dialect: "sqlite", file: file, created: errors.Is(missing, fs.ErrNotExist)}
	if file.readOnly == nil {
		dsn += "&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
		if s.write, err = openSQLiteWriter(dsn); err != nil {
			return nil, file.explain(err)
		}
	}
	dsn += "&_pragma=query_only(1)"
	if s.read, err = open(sqlite.Open(dsn), cmp.Or(o.Connections, max(2, runtime.NumCPU()))); err != nil {
		return nil, file.explain(err)
	}
	if s.fresh, err = open(sqlite.Open(dsn), 1); err != nil {
		return nil, file.explain(err)
	}
	pool, err := s.fresh.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxIdleConns(-1)
	if s.write == nil {
		s.write = s.read
	}
	if s.watch, err = watchFile(path, s.read); err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return s, file.guard(s.read)
}

// openSQLiteWriter opens a connection whose page cache of 64 MiB holds the indices of
// a release while it is written or deleted. It is closed when idle: SQLite accounts
// page caches for the whole process, and readers would use the memory.
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

// pathEscaper escapes the characters that end the path of a URI
// (sqlite.org/uri.html, 3.1).
var pathEscaper = strings.NewReplacer("%", "%25", "#", "%23")
