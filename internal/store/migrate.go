package store

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/zielstand/zielstand/migrations"
)

// Migrate brings the schema up to date. Of several instances that start at
// once one migrates and the others wait for it.
func (s *Store) Migrate(ctx context.Context) error {
	provider, err := s.provider(ctx)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	if s.dialect == "sqlite" {
		// No lock spans goose's transactions here: who comes second to one finds
		// its work done, and looks again.
		for range provider.ListSources() {
			if err != nil {
				_, err = provider.Up(ctx)
			}
		}
	}
	if damaged(err) {
		return fmt.Errorf("migrate: %w", err) // which does not pass by itself
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", translate(err))
	}
	return nil
}

// MigrateDown takes all migrations back. It loses all data.
func (s *Store) MigrateDown(ctx context.Context) error {
	provider, err := s.provider(ctx)
	if err != nil {
		return err
	}
	if _, err := provider.DownTo(ctx, 0); err != nil {
		return fmt.Errorf("migrate down: %w", translate(err))
	}
	return nil
}

func (s *Store) provider(ctx context.Context) (*goose.Provider, error) {
	folder, err := fs.Sub(migrations.FS, s.dialect)
	if err != nil {
		return nil, err
	}
	pool, err := s.writePool()
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
	// Asked every second for five minutes.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(id), lock.WithLockTimeout(1, 300))
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, folder, goose.WithSessionLocker(locker))
}

// migrationLock is the key of the advisory lock of the connection's schema:
// the lock's own key and the schema's oid.
func (s *Store) migrationLock(ctx context.Context) (int64, error) {
	var schema int64
	err := s.write.WithContext(ctx).Raw("SELECT " + schemaOID).Scan(&schema).Error
	return lock.DefaultLockID ^ schema<<32, err
}
