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
	provider, err := s.provider()
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", translate(err))
	}
	return nil
}

// MigrateDown takes all migrations back. It loses all data.
func (s *Store) MigrateDown(ctx context.Context) error {
	provider, err := s.provider()
	if err != nil {
		return err
	}
	if _, err := provider.DownTo(ctx, 0); err != nil {
		return fmt.Errorf("migrate down: %w", translate(err))
	}
	return nil
}

func (s *Store) provider() (*goose.Provider, error) {
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
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, pool, folder, goose.WithSessionLocker(locker))
}
