// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/migrations"
)

// Migrate brings the schema up to date. It is an error if that is necessary and the
// database is read-only. If several instances start at the same time, one migrates
// and the others wait for it.
func (s *Store) Migrate(ctx context.Context) error {
	if s.dialect == "postgres" {
		if err := s.refuseForeign(ctx); err != nil {
			return err
		}
	}
	provider, err := s.provider(ctx)
	if err != nil {
		return err
	}
	if s.file.readOnly != nil {
		err := s.CheckMigrated(ctx)
		if errors.Is(err, ErrEmpty) || errors.As(err, new(Older)) {
			err = fmt.Errorf("%w: %w", err, s.writable())
		}
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	}
	if s.dialect == "sqlite" {
		err = s.migrateSQLite(ctx, provider)
	} else {
		_, err = provider.Up(ctx)
	}
	if err == nil {
		err = notNewer(ctx, provider)
	}
	if damaged(err) {
		return fmt.Errorf("migrate: %w", err) // not transient
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", s.explain(ctx, s.write, translate(err)))
	}
	return nil
}

// refuseForeign returns an error if the schema of PostgreSQL is another program's.
func (s *Store) refuseForeign(ctx context.Context) error {
	db := s.write.WithContext(ctx)
	var schema string
	err := db.Raw("SELECT COALESCE(current_schema(), '')").Scan(&schema).Error
	tables := ""
	if err == nil {
		tables, err = foreignTables(db, postgresTables)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", s.explain(ctx, s.write, translate(err)))
	}
	if tables != "" {
		return notOurs("the schema "+schema, tables, "use a schema of its own, or set database.url to another database")
	}
	return nil
}

// notNewer refuses a database that a later version of the program migrated: this one
// would write rows that are incomplete there, and could not verify those it reads.
func notNewer(ctx context.Context, provider *goose.Provider) error {
	sources := provider.ListSources()
	known := sources[len(sources)-1].Version
	found, err := provider.GetDBVersion(ctx)
	if err == nil && found > known {
		err = laterVersion(found, known)
	}
	return err
}

// ErrEmpty reports a database without tables.
var ErrEmpty = errors.New("it holds no tables yet")

// Older is the error for a database that must be migrated before it can be read.
type Older string

// Error names the versions of the tables.
func (o Older) Error() string { return string(o) }

// CheckMigrated returns an error if the tables are not those of this version of the
// program: ErrEmpty, Older, or that of Migrate for a later version. It changes nothing.
func (s *Store) CheckMigrated(ctx context.Context) error {
	known, err := s.knownVersion()
	if err != nil {
		return err
	}
	found, err := s.version(ctx)
	switch {
	case err != nil && !noTable(err):
		return fmt.Errorf("version of the tables: %w", s.explain(ctx, s.read, translate(err)))
	case found > known:
		return laterVersion(found, known)
	case found == known:
		return nil
	}
	empty := ErrEmpty
	if s.dialect == "postgres" {
		if err := s.refuseForeign(ctx); err != nil {
			return err
		}
		var schema *string
		if current := s.read.WithContext(ctx).Raw("SELECT current_schema()").Scan(&schema).Error; current != nil || schema == nil {
			return fmt.Errorf("version of the tables: %w", s.explain(ctx, s.read, translate(cmp.Or(current, err))))
		}
		empty = fmt.Errorf("%w in schema %s", empty, *schema)
	}
	if found == 0 {
		return empty
	}
	return Older(fmt.Sprintf("its tables are at version %d; version %d is required", found, known))
}

// CheckVersion is the check of Migrate for a database that a later version of the program
// migrated, for callers that must not migrate. It returns nil if the version cannot be read:
// a server may start while its database is unavailable.
func (s *Store) CheckVersion(ctx context.Context) error {
	known, err := s.knownVersion()
	if err != nil {
		return err
	}
	if found, err := s.version(ctx); err == nil && found > known {
		return laterVersion(found, known)
	}
	return nil
}

// knownVersion returns the version of the last migration of this program.
func (s *Store) knownVersion() (int64, error) {
	entries, err := fs.ReadDir(migrations.FS, s.dialect)
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(entries[len(entries)-1].Name())
}

// version returns the version of the tables, as far as they are migrated.
func (s *Store) version(ctx context.Context) (found int64, err error) {
	err = s.read.WithContext(ctx).Raw("SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version WHERE is_applied").Scan(&found).Error
	return found, err
}

func laterVersion(found, known int64) error {
	return fmt.Errorf("a later version of the program has migrated the database (its tables have version %d, this program knows %d): use that version, or restore the backup from before the upgrade", found, known)
}

// migrateSQLite applies the migrations. No lock spans goose's transactions here: an
// instance that comes second fails because the migration is already applied, and tries
// again.
func (s *Store) migrateSQLite(ctx context.Context, provider *goose.Provider) (err error) {
	for range len(provider.ListSources()) + 1 {
		if err = s.appliedOnce(ctx, provider); err == nil {
			_, err = provider.Up(ctx)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

// appliedOnce makes the database refuse a migration that is already applied. Not every
// migration would fail by itself: one that rebuilds tables succeeds twice, and undoes
// what later ones did.
func (s *Store) appliedOnce(ctx context.Context, provider *goose.Provider) error {
	if _, err := provider.GetDBVersion(ctx); err != nil { // which creates the table
		return err
	}
	return s.write.WithContext(ctx).Exec("CREATE TRIGGER IF NOT EXISTS goose_db_version_once BEFORE INSERT ON goose_db_version" +
		" WHEN EXISTS (SELECT 1 FROM goose_db_version WHERE version_id = NEW.version_id)" +
		" BEGIN SELECT RAISE(ABORT, 'the migration is already applied'); END").Error
}

func (s *Store) provider(ctx context.Context) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations.FS, s.dialect)
	if err != nil {
		return nil, err
	}
	pool, err := s.write.DB()
	if err != nil {
		return nil, err
	}
	if s.dialect == "sqlite" {
		return goose.NewProvider(goose.DialectSQLite3, pool, folder)
	}
	id, err := s.migrationLock(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", translate(err))
	}
	return goose.NewProvider(goose.DialectPostgres, pool, folder, goose.WithSessionLocker(&migrationLocker{connector: s.primary, id: id}))
}

// migrationLocker holds PostgreSQL's advisory lock in a transaction on a connection of
// its own. A pooler may give the server connection to another client, and a session
// lock would go with it.
type migrationLocker struct {
	connector *connector
	id        int64
	pool      *sql.DB
	held      *sql.Tx
}

// lockWait is the maximum time to wait for another instance that migrates.
const lockWait = 5 * time.Minute

// SessionLock waits for the lock.
func (l *migrationLocker) SessionLock(ctx context.Context, _ *sql.Conn) error {
	l.pool = sql.OpenDB(l.connector)
	err := l.wait(ctx)
	if err != nil {
		return errors.Join(err, l.pool.Close())
	}
	return nil
}

func (l *migrationLocker) wait(ctx context.Context) error {
	late := time.After(lockWait)
	for {
		free, err := l.try(ctx)
		if err != nil || free {
			return err
		}
		select { // without a transaction, so that a pooler gets its connection back
		case <-ctx.Done():
			return ctx.Err()
		case <-late:
			return fmt.Errorf("%w: another instance has been migrating for %s", domain.ErrUnavailable, lockWait)
		case <-time.After(lockPause):
		}
	}
}

const lockPause = 200 * time.Millisecond

// try takes the lock if it is free. The transaction ends with the context.
func (l *migrationLocker) try(ctx context.Context) (free bool, err error) {
	tx, err := l.pool.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	if _, err = tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err == nil {
		err = tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", l.id).Scan(&free)
	}
	if err != nil || !free {
		return false, errors.Join(err, tx.Rollback())
	}
	l.held = tx
	return true, nil
}

// SessionUnlock releases the lock.
func (l *migrationLocker) SessionUnlock(context.Context, *sql.Conn) error {
	if l.held == nil {
		return nil
	}
	return errors.Join(l.held.Rollback(), l.pool.Close())
}

// migrationLock is the key of the advisory lock of the connection's schema:
// the lock's own key and the schema's oid.
func (s *Store) migrationLock(ctx context.Context) (int64, error) {
	var schema int64
	err := s.write.WithContext(ctx).Raw("SELECT " + schemaOID).Scan(&schema).Error
	return lock.DefaultLockID ^ schema<<32, err
}
