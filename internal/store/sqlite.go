// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/libtnb/sqlite"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
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
	created, err := file.create()
	if err != nil {
		return nil, err
	}
	dsn := file.uri() + fmt.Sprintf("&_pragma=foreign_keys(1)&_pragma=busy_timeout(%d)", busyTimeout.Milliseconds())
	if sortInMemory() {
		dsn += "&_pragma=temp_store(MEMORY)"
	}
	connections := max(2, cmp.Or(o.Connections, max(4, runtime.NumCPU())))
	s := &Store{errors: newErrorCount(), dialect: "sqlite", file: file, created: created, readers: readers(connections)}
	if err := file.refuseForeign(dsn, s.errors); err != nil {
		return nil, err
	}
	if file.readOnly == nil {
		if err := initialize(path, dsn, s.errors); err != nil {
			return nil, file.explain(err)
		}
		dsn += "&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
		if s.write, err = openSQLiteWriter(dsn, s.errors); err != nil {
			return nil, file.explain(err)
		}
	}
	dsn += "&_pragma=query_only(1)"
	if s.read, err = openSQLitePool(dsn, connections, s.errors); err != nil {
		return nil, file.explain(err)
	}
	if s.fresh, err = openSQLitePool(dsn, 1, s.errors); err != nil {
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

// busyTimeout is the maximum time to wait for a lock of another connection.
const busyTimeout = 5 * time.Second

// openSQLitePool opens a pool and connects. SQLite does not apply its busy timeout when a
// connection changes the journal mode while another one does, as happens if several
// programs start with the same new file.
func openSQLitePool(dsn string, connections int, count *errorCount) (*gorm.DB, error) {
	late := time.After(busyTimeout)
	for {
		db, err := open(sqlite.Open(dsn), connections, count)
		if !busy(err) {
			return db, err
		}
		select {
		case <-late:
			return nil, err
		case <-time.After(busyTimeout / 100):
		}
	}
}

// initialize writes the header of an empty file. auto_vacuum is set only here, since
// setting it writes a page each time.
func initialize(path, dsn string, count *errorCount) error {
	if info, err := os.Stat(path); err != nil || info.Size() > 0 {
		return err
	}
	db, err := openSQLitePool(dsn+"&_pragma=auto_vacuum(INCREMENTAL)&_pragma=journal_mode(WAL)", 1, count)
	if err != nil {
		return err
	}
	return closePool(db) // open has connected
}

// refuseForeign returns an error if the file is another program's database. It is called
// before anything is set that SQLite writes into the file, such as the journal mode.
func (f sqliteFile) refuseForeign(dsn string, count *errorCount) error {
	if info, err := os.Stat(f.path); err != nil || info.Size() == 0 {
		return err
	}
	db, err := openSQLitePool(dsn, 1, count)
	if err != nil {
		return f.explain(err)
	}
	tables, err := foreignTables(db, sqliteTables)
	if err = errors.Join(err, closePool(db)); err != nil {
		return f.explain(err)
	}
	if tables != "" {
		return notOurs(f.path, tables, "set database.url to another file")
	}
	return nil
}

// openSQLiteWriter opens a connection whose page cache of 64 MiB holds the indices of
// a release while it is written or deleted. It is closed when idle: SQLite accounts
// page caches for the whole process, and readers would use the memory.
func openSQLiteWriter(dsn string, count *errorCount) (*gorm.DB, error) {
	write, err := openSQLitePool(dsn+"&_txlock=immediate&_pragma=cache_size(-65536)", 1, count)
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

// sqliteFile is the file of a SQLite database and what may be done with it.
type sqliteFile struct {
	path string
	// readOnly is the reason why the file cannot be written; nil means that it can.
	readOnly error
	// frozen is the state of a file that is read without locks, or nil.
	frozen *fileState
}

// fileState changes when a file is written.
type fileState struct {
	size     int64
	modified time.Time
	wal      bool
}

// ErrNoFile reports that a file of SQLite that must exist does not.
var ErrNoFile = errors.New("no such file or directory")

// inspectSQLite determines why a file cannot be opened. SQLite reports any failure as
// “out of memory”; the error here has the operating system's reason.
func inspectSQLite(path string, existing bool) (sqliteFile, error) {
	f := sqliteFile{path: path}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !existing:
		if err := checkFolder(path); err != nil {
			return f, fmt.Errorf("open %s: %w", path, err)
		}
		return f, nil
	case errors.Is(err, fs.ErrNotExist):
		return f, fmt.Errorf("open the database %s: %w", path, ErrNoFile)
	case err != nil:
		return f, fmt.Errorf("open the database: %w", err)
	case info.IsDir():
		return f, &fs.PathError{Op: "open", Path: path, Err: syscall.EISDIR}
	case !info.Mode().IsRegular():
		return f, fmt.Errorf("open %s: is not a regular file", path)
	}
	if err := openable(path, os.O_RDWR); err != nil {
		if readErr := openable(path, os.O_RDONLY); readErr != nil {
			return f, readErr
		}
		f.readOnly = fmt.Errorf("the file cannot be written: %w", domain.Reason(err))
	} else if err := checkFolder(path); err != nil {
		f.readOnly = err
	}
	if f.readOnly != nil && !f.inUse() {
		state, err := f.state()
		if err != nil {
			return f, err
		}
		f.frozen = &state
	}
	return f, nil
}

func openable(path string, flag int) error {
	file, err := os.OpenFile(path, flag, 0)
	if err != nil {
		return err
	}
	return file.Close()
}

// checkFolder returns why no file can be created beside the path, or nil.
func checkFolder(path string) error {
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); err != nil {
		return err
	}
	if err := checkTemporary(folder); err != nil {
		return fmt.Errorf("the folder %s cannot be written: %w", folder, domain.Reason(err))
	}
	return nil
}

func checkTemporary(folder string) error {
	file, err := os.CreateTemp(folder, ".zielstand-")
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// inUse reports whether the file has companions: of a program that writes to it, or left
// behind by one that was killed. With them SQLite reads what is not in the file yet, and
// notices what others write.
func (f sqliteFile) inUse() bool {
	if _, err := os.Stat(f.path + "-shm"); err == nil {
		return true
	}
	info, err := os.Stat(f.path + "-wal")
	return err == nil && info.Size() > 0
}

func (f sqliteFile) state() (fileState, error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return fileState{}, err
	}
	return fileState{size: info.Size(), modified: info.ModTime(), wal: f.inUse()}, nil
}

// uri is the address of the file for SQLite (sqlite.org/uri.html). A file in WAL mode
// that has no companions, and can be given none, is read as one that never changes.
func (f sqliteFile) uri() string {
	uri := "file:" + pathEscaper.Replace(f.path) + "?cache=private"
	switch {
	case f.frozen != nil:
		return uri + "&mode=ro&immutable=1"
	case f.readOnly != nil:
		return uri + "&mode=ro"
	}
	return uri + "&mode=rw"
}

// create creates an empty file if there is none, and reports whether it did. SQLite must
// not: with a file that is moved away while it is open, it would create another one beside
// the write-ahead log of the first.
func (f sqliteFile) create() (bool, error) {
	if _, err := os.Stat(f.path); !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return false, err
	}
	return true, file.Close()
}

// check returns ErrUnavailable if the file is read without locks and was written in the
// meantime: what is read then may be neither the old state nor the new one.
func (f sqliteFile) check() error {
	if f.frozen == nil {
		return nil
	}
	if state, err := f.state(); err != nil || state != *f.frozen {
		return fmt.Errorf("%w: %s was changed by another program; this one may not write beside it and must be started again", domain.ErrUnavailable, f.path)
	}
	return nil
}

// guard makes gorm check the file before and after it reads.
func (f sqliteFile) guard(db *gorm.DB) error {
	if f.frozen == nil {
		return nil
	}
	check := func(tx *gorm.DB) {
		if err := f.check(); err != nil {
			_ = tx.AddError(err)
		}
	}
	return errors.Join(
		db.Callback().Query().Before("gorm:query").Register("store:before", check),
		db.Callback().Query().After("gorm:query").Register("store:after", check),
		db.Callback().Row().Before("gorm:row").Register("store:before", check),
		db.Callback().Raw().Before("gorm:raw").Register("store:before", check),
	)
}

// explain replaces SQLite's error about a file that it cannot open.
func (f sqliteFile) explain(err error) error {
	if resultCode(err) != 14 {
		return fmt.Errorf("open %s: %w", f.path, err)
	}
	if f.readOnly != nil {
		return fmt.Errorf("open %s for reading: its files -wal and -shm cannot be used, and new ones cannot be created: %w", f.path, f.readOnly)
	}
	if err := openable(f.path, os.O_RDWR); err != nil {
		return err
	}
	return fmt.Errorf("open %s: SQLite cannot open the file", f.path)
}

// writable returns why nothing can be written, or nil.
func (s *Store) writable() error {
	if s.file.readOnly == nil {
		return s.watch.check()
	}
	return fmt.Errorf("%s is opened for reading only: %w; to write, the file and its folder must be writable", s.file.path, s.file.readOnly)
}

// temporaryFolders are those that SQLite would put temporary files into
// (sqlite.org/tempfiles.html, 5).
func temporaryFolders() []string {
	return []string{os.Getenv("SQLITE_TMPDIR"), os.Getenv("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp", "."}
}

// sortInMemory reports whether SQLite finds no folder for temporary files, so that it
// must sort in memory.
func sortInMemory() bool {
	for _, folder := range temporaryFolders() {
		if folder != "" && checkTemporary(folder) == nil {
			return false
		}
	}
	return true
}

// watch detects that the file of a SQLite database is no longer the one that was
// opened. SQLite does not: it continues with a deleted file, opens a file that
// replaced it with the next connection, and serves truncated pages from memory.
type watch struct {
	path   string
	pool   *sql.DB
	opened fs.FileInfo
	size   atomic.Int64 // when it was last checked
}

// watchFile watches the file with the path, which must exist.
func watchFile(path string, read *gorm.DB) (*watch, error) {
	pool, err := read.DB()
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	w := &watch{path: path, pool: pool, opened: info}
	w.size.Store(info.Size())
	return w, w.guard(read)
}

// check returns domain.ErrUnavailable unless the file is the one that was opened.
func (w *watch) check() error {
	if w == nil { // PostgreSQL
		return nil
	}
	now, err := os.Stat(w.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return w.unavailable("was deleted or moved while this program had it open: put it back, or restart the program")
	case err != nil:
		return fmt.Errorf("%w: the database file: %w", domain.ErrUnavailable, err)
	case !os.SameFile(w.opened, now):
		return w.unavailable("was replaced by another file while this program had it open: restart the program to read the new one")
	}
	before := w.size.Load()
	if now.Size() < before {
		if settled, err := w.cut(); err != nil || !settled {
			return err
		}
	}
	if now.Size() != before {
		w.size.CompareAndSwap(before, now.Size())
	}
	return nil
}

func (w *watch) unavailable(what string) error {
	return fmt.Errorf("%w: the database file %s %s", domain.ErrUnavailable, w.path, what)
}

// cut returns an error if a file that became smaller is truncated; pruning makes it
// smaller legitimately. It asks SQLite: opening and closing the file directly would
// release SQLite's locks (sqlite.org/howtocorrupt.html, 2.2). SQLite also counts the pages
// in its write-ahead log, so it is not settled while that is not empty.
func (w *watch) cut() (settled bool, err error) {
	var pages, pageSize int64
	for pragma, into := range map[string]*int64{"page_count": &pages, "page_size": &pageSize} {
		if err := w.pool.QueryRow("PRAGMA " + pragma).Scan(into); err != nil {
			return false, fmt.Errorf("%w: %w", w.unavailable("was cut off"), err)
		}
	}
	if log, err := os.Stat(w.path + "-wal"); err == nil && log.Size() > 0 {
		return false, nil
	}
	now, err := os.Stat(w.path) // the log may have been written into it meanwhile
	switch {
	case err != nil:
		return false, fmt.Errorf("%w: the database file: %w", domain.ErrUnavailable, err)
	case now.Size() < pages*pageSize:
		return false, w.unavailable(fmt.Sprintf("was cut off: it has %d bytes of %d; restore it and restart the program", now.Size(), pages*pageSize))
	}
	return true, nil
}

// guard makes gorm check the file before it reads.
func (w *watch) guard(db *gorm.DB) error {
	check := func(tx *gorm.DB) {
		if err := w.check(); err != nil {
			_ = tx.AddError(err)
		}
	}
	return errors.Join(
		db.Callback().Query().Before("gorm:query").Register("store:watch", check),
		db.Callback().Row().Before("gorm:row").Register("store:watch", check),
		db.Callback().Raw().Before("gorm:raw").Register("store:watch", check),
	)
}

// checkLeftovers refuses to create a database next to the -wal or -shm file of a
// deleted one: a program may still have that open and would never see the new file.
func checkLeftovers(path string) error {
	for _, companion := range []string{"-wal", "-shm"} {
		if _, err := os.Lstat(path + companion); err != nil {
			continue
		}
		// Looked at after its companion: another program may be creating both.
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil // inspectSQLite reports what is wrong with it
		}
		return fmt.Errorf("open %s: the file does not exist, but %s does: the database was deleted or moved while a program had it open, or after it was killed. "+
			"Stop that program; then restore the file, or delete %s and %s to create an empty database", path, path+companion, path+"-wal", path+"-shm")
	}
	return nil
}

// Created reports whether the database is a SQLite file that Open created.
func (s *Store) Created() bool { return s.created }

// Ping reads a row of the database. The error is domain.ErrUnavailable if that cannot be
// done.
func (s *Store) Ping(ctx context.Context) error {
	var seq int64
	if err := s.read.WithContext(ctx).Raw("SELECT release_seq FROM latest").Scan(&seq).Error; err != nil {
		return fmt.Errorf("read a row: %w", translate(err))
	}
	var id string
	if err := s.fresh.WithContext(ctx).Raw("SELECT id FROM releases WHERE seq = ?", seq).Scan(&id).Error; err != nil {
		return fmt.Errorf("read a row: %w", translate(err))
	}
	return nil
}
