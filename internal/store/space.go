// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"fmt"

	"github.com/zielstand/zielstand/internal/dataset"
)

// vacuumedPages is the number of pages of a SQLite file that are returned in one
// transaction.
const vacuumedPages = 10_000

// reclaim makes the space of deleted rows usable: SQLite returns it to the file system,
// PostgreSQL uses it for the next release. It may fail or be killed at any time: SQLite
// continues with the next call, PostgreSQL by itself (autovacuum).
func (s *Store) reclaim(ctx context.Context, deleted bool) error {
	if s.dialect == "sqlite" {
		return s.shrink(ctx)
	}
	if !deleted {
		return nil
	}
	tables := []string{"releases", "release_datasets", "release_files", "file_pieces"}
	for _, d := range dataset.All {
		tables = append(tables, d.Table())
	}
	for _, table := range tables {
		if err := s.write.WithContext(ctx).Exec("VACUUM " + table).Error; err != nil {
			return translate(err)
		}
	}
	return nil
}

// shrink returns the free pages of a SQLite file to the file system, in several
// transactions, so that the write-ahead log stays small. A file that was created without
// incremental vacuuming is rewritten once.
func (s *Store) shrink(ctx context.Context) error {
	db := s.write.WithContext(ctx)
	pragma := func(name string) (n int64, err error) {
		return n, translate(db.Raw("PRAGMA " + name).Scan(&n).Error)
	}
	mode, err := pragma("auto_vacuum")
	if err != nil {
		return err
	}
	free, err := pragma("freelist_count")
	if err == nil && free > 0 && mode == 0 {
		if err = translate(db.Exec("PRAGMA auto_vacuum = INCREMENTAL").Error); err == nil {
			err = translate(db.Exec("VACUUM").Error)
		}
		free = 0
	}
	for err == nil && free > 0 {
		before := free
		if err = s.vacuumPages(ctx); err == nil {
			free, err = pragma("freelist_count")
		}
		if err == nil && free >= before {
			return fmt.Errorf("%d pages of the database file stay free", free)
		}
	}
	if err != nil {
		return err
	}
	return s.checkpoint(ctx)
}

// checkpoint writes the write-ahead log of SQLite into the file, which becomes smaller or
// larger only then, and empties it. While a program reads an older state it does nothing.
func (s *Store) checkpoint(ctx context.Context) error {
	return translate(s.write.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error)
}

// vacuumPages returns some of the free pages.
func (s *Store) vacuumPages(ctx context.Context) error {
	rows, err := s.write.WithContext(ctx).Raw(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", vacuumedPages)).Rows()
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() { // one page each
	}
	return translate(rows.Err())
}
