// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"gorm.io/gorm"
)

// Altered is the error for a release that is not as it was published, or that this
// program cannot read as it was published. It is domain.ErrUnavailable: what cannot
// be trusted is not served.
type Altered string

// Error describes the difference.
func (a Altered) Error() string { return string(a) }

// Is reports whether target is domain.ErrUnavailable.
func (Altered) Is(target error) bool { return target == domain.ErrUnavailable }

// Read calls yield for each row of a dataset of a release, in order, with a cell
// for every column; the cells are valid during the call only. A release from
// before the dataset existed has no rows. The error is Altered if the rows are not
// those that were published: the caller must drop what it got.
func (s *Store) Read(ctx context.Context, r *domain.Release, d *dataset.Dataset, yield func(cells [][]byte) error) error {
	part, ok := r.Dataset(d.ID)
	if !ok {
		return nil
	}
	if err := s.rowsOf(ctx, d, part, yield); err != nil {
		return fmt.Errorf("read %s of release %s: %w", d.ID, r.ID, translate(err))
	}
	return nil
}

// Existing returns those of the identifiers that a dataset of a release has.
func (s *Store) Existing(ctx context.Context, r *domain.Release, d *dataset.Dataset, ids []string) ([]string, error) {
	part, ok := r.Dataset(d.ID)
	if !ok {
		return nil, nil
	}
	var out []string
	for some := range slices.Chunk(ids, dataset.MaxValues) {
		var found []string
		if err := s.read.WithContext(ctx).Table(d.Table()).Where("version = ? AND id IN ?", part.Version, some).Pluck("id", &found).Error; err != nil {
			return nil, fmt.Errorf("read %s of release %s: %w", d.ID, r.ID, translate(err))
		}
		out = append(out, found...)
	}
	return out, nil
}

// Matching is like Read for the rows that have one of the values in a column or, if there
// are no values, any. It cannot tell whether the rows are those that were published.
func (s *Store) Matching(ctx context.Context, r *domain.Release, d *dataset.Dataset, column string, values []string, yield func(cells [][]byte) error) error {
	part, ok := r.Dataset(d.ID)
	if !ok {
		return nil
	}
	name := quote(d.Columns[d.Column(column)].SQL())
	query := s.read.WithContext(ctx).Where("version = ?", part.Version)
	if values == nil {
		query = query.Where(name + " <> ''")
	} else {
		query = query.Where(name+" IN ?", values)
	}
	_, _, err := s.eachRow(query, d, part, yield)
	if err != nil {
		return fmt.Errorf("read %s of release %s: %w", d.ID, r.ID, translate(err))
	}
	return nil
}

func (s *Store) rowsOf(ctx context.Context, d *dataset.Dataset, part domain.ReleaseDataset, yield func(cells [][]byte) error) error {
	n, sum, err := s.eachRow(s.read.WithContext(ctx).Where("version = ?", part.Version), d, part, yield)
	switch {
	case err != nil:
		return err
	case n != part.Rows:
		return Altered(fmt.Sprintf("the database holds %d rows, %d were published", n, part.Rows))
	case sum != part.ContentHash:
		return Altered("the rows in the database are not those that were published")
	}
	return nil
}

// eachRow yields the rows of a query in order, and returns their number and hash.
func (s *Store) eachRow(query *gorm.DB, d *dataset.Dataset, part domain.ReleaseDataset, yield func(cells [][]byte) error) (n int64, hash string, err error) {
	columns, places, err := storedColumns(d, part)
	if err != nil {
		return 0, "", err
	}
	select {
	case s.readers <- struct{}{}:
		defer func() { <-s.readers }()
	case <-query.Statement.Context.Done():
		return 0, "", query.Statement.Context.Err()
	}
	rows, err := query.Table(d.Table()).Select(strings.Join(columns, ", ")).Order("ordinal").Rows()
	if err != nil {
		return 0, "", err
	}
	defer rows.Close()
	stored, targets := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range stored {
		targets[i] = &stored[i]
	}
	cells := make([][]byte, len(d.Columns))
	sum := sha256.New()
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return n, "", err
		}
		for i, cell := range stored {
			cells[places[i]] = cell
		}
		n++
		hashCells(sum, stored)
		if err := yield(cells); err != nil {
			return n, "", err
		}
	}
	if err := rows.Err(); err != nil {
		s.errors.count(err)
		return n, "", err
	}
	return n, hex.EncodeToString(sum.Sum(nil)), nil
}

// storedColumns returns the SQL columns in which the rows of a release were
// published, and their places in the description. Columns that the description
// gained since are empty.
func storedColumns(d *dataset.Dataset, part domain.ReleaseDataset) (columns []string, places []int, err error) {
	for _, name := range part.Columns {
		i := d.Column(name)
		if i < 0 {
			return nil, nil, Altered("the column " + name + " is not known to this version of the program")
		}
		columns, places = append(columns, quote(d.Columns[i].SQL())), append(places, i)
	}
	return columns, places, nil
}
