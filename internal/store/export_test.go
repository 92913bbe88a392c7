// SPDX-License-Identifier: EUPL-1.2

package store

import "context"

// MigrateTo migrates down to a version.
func (s *Store) MigrateTo(ctx context.Context, version int64) error {
	provider, err := s.provider(ctx)
	if err == nil {
		_, err = provider.DownTo(ctx, version)
	}
	return err
}

// WriterConnections returns how many connections write, or could.
func (s *Store) WriterConnections() (int, error) {
	pool, err := s.writePool()
	if err != nil {
		return 0, err
	}
	return pool.Stats().OpenConnections, nil
}
