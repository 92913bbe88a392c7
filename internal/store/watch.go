package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync/atomic"

	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
)

// watch detects that the file of a SQLite database is no longer the one that was
// opened. SQLite does not: it continues with a deleted file, opens a file that
// replaced it with the next connection, and serves truncated pages from memory.
type watch struct {
	path   string
	pool   *sql.DB
	opened fs.FileInfo
	size   atomic.Int64 // the largest so far: SQLite never shrinks a file
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

// check is domain.ErrUnavailable unless the file is the one that was opened.
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
		if err := w.cut(now.Size()); err != nil {
			return err
		}
	}
	if now.Size() != before { // or made smaller by VACUUM
		w.size.CompareAndSwap(before, now.Size())
	}
	return nil
}

func (w *watch) unavailable(what string) error {
	return fmt.Errorf("%w: the database file %s %s", domain.ErrUnavailable, w.path, what)
}

// cut returns an error if a file that became smaller is truncated; VACUUM makes it
// smaller legitimately. It asks SQLite: opening and closing the file directly would
// release SQLite's locks (sqlite.org/howtocorrupt.html, 2.2).
func (w *watch) cut(size int64) error {
	var pages, pageSize int64
	for pragma, into := range map[string]*int64{"page_count": &pages, "page_size": &pageSize} {
		if err := w.pool.QueryRow("PRAGMA " + pragma).Scan(into); err != nil {
			return fmt.Errorf("%w: %w", w.unavailable("was cut off"), err)
		}
	}
	if size < pages*pageSize {
		return w.unavailable(fmt.Sprintf("was cut off: it has %d bytes of %d; restore it and restart the program", size, pages*pageSize))
	}
	return nil
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
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // others explain what is wrong with it
	}
	for _, companion := range []string{"-wal", "-shm"} {
		if _, err := os.Lstat(path + companion); err == nil {
			return fmt.Errorf("open %s: the file does not exist, but %s does: the database was deleted or moved while a program had it open, or after it was killed. "+
				"Stop that program; then restore the file, or delete %s and %s to create an empty database", path, path+companion, path+"-wal", path+"-shm")
		}
	}
	return nil
}

// Created reports whether the database is a SQLite file that Open created.
func (s *Store) Created() bool { return s.created }

// Ping reads a row of the database. It is domain.ErrUnavailable if that cannot be done.
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
