package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
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

func (s *Store) rowsOf(ctx context.Context, d *dataset.Dataset, part domain.ReleaseDataset, yield func(cells [][]byte) error) error {
	columns, places, err := storedColumns(d, part)
	if err != nil {
		return err
	}
	rows, err := s.read.WithContext(ctx).Table(d.Table()).Select(strings.Join(columns, ", ")).
		Where("version = ?", part.Version).Order("ordinal").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	stored, targets := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range stored {
		targets[i] = &stored[i]
	}
	cells := make([][]byte, len(d.Columns))
	sum, n := sha256.New(), int64(0)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		for i, cell := range stored {
			cells[places[i]] = cell
		}
		n++
		hashCells(sum, stored)
		if err := yield(cells); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	switch {
	case n != part.Rows:
		return Altered(fmt.Sprintf("the database holds %d rows, %d were published", n, part.Rows))
	case hex.EncodeToString(sum.Sum(nil)) != part.ContentHash:
		return Altered("the rows in the database are not those that were published")
	}
	return nil
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
