// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"

	"gorm.io/gorm"
)

// MigrateTo migrates down to a version.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	provider, err := s.provider(ctx)
	if err == nil {
		_, err = provider.DownTo(ctx, version)
	}
	return err
}

// BeforeQuery calls f before each query on a table, with whether it belongs to a
// transaction.
func (s *Store) BeforeQuery(f func(transaction bool)) {
	for _, db := range []*gorm.DB{s.read, s.write} {
		_ = db.Callback().Query().Before("gorm:query").Replace("test", func(tx *gorm.DB) {
			_, transaction := tx.Statement.ConnPool.(gorm.TxCommitter)
			f(transaction)
		})
	}
}

// WriterConnections returns how many connections write, or could.
func (s *Store) WriterConnections() (int, error) {
	pool, err := s.write.DB()
	if err != nil {
		return 0, err
	}
	return pool.Stats().OpenConnections, nil
}
