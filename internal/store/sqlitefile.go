package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	gosqlite "github.com/glebarez/go-sqlite"
	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
)

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
		f.readOnly = fmt.Errorf("the file cannot be written: %w", reason(err))
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

// checkFolder reports why no file can be made beside the path.
func checkFolder(path string) error {
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); err != nil {
		return err
	}
	if err := checkTemporary(folder); err != nil {
		return fmt.Errorf("the folder %s cannot be written: %w", folder, reason(err))
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

// reason is the operating system's error without the operation and the path.
func reason(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return file.Err
	}
	return err
}

// inUse reports whether the file has the companions that a program makes which
// writes, or one that was killed left behind. With them SQLite reads what is not in
// the file yet, and notices what others write.
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
	return uri
}

// check is ErrUnavailable if the file is read without locks and was written
// meanwhile: what is read then may be neither the old state nor the new one.
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
	var file *gosqlite.Error
	if !errors.As(err, &file) || file.Code()&0xff != 14 {
		return fmt.Errorf("open %s: %w", f.path, err)
	}
	if f.readOnly != nil {
		return fmt.Errorf("open %s for reading: its files -wal and -shm cannot be used, and others cannot be made: %w", f.path, f.readOnly)
	}
	if err := openable(f.path, os.O_RDWR); err != nil {
		return err
	}
	return fmt.Errorf("open %s: SQLite cannot open the file", f.path)
}

// writable returns why nothing can be written, or nil.
func (s *Store) writable() error {
	if s.file.readOnly == nil {
		return nil
	}
	return fmt.Errorf("%s is opened for reading only: %w; to write, the file and its folder must be writable", s.file.path, s.file.readOnly)
}

// checkMigrated returns an error if the schema is not that of the program and cannot
// be brought up to date.
func (s *Store) checkMigrated(ctx context.Context, newest int64) error {
	var version int64
	err := s.read.WithContext(ctx).Raw("SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&version).Error
	switch {
	case err != nil && strings.Contains(err.Error(), "no such table"):
		err = errors.New("it holds no tables yet")
	case err == nil && version < newest:
		err = fmt.Errorf("its tables have version %d and need version %d", version, newest)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w: %w", translate(err), s.writable())
	}
	return nil
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
