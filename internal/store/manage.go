package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
)

// Use makes a release the latest, an older one too. Releases that it does not
// follow are withdrawn from then on.
func (s *Store) Use(ctx context.Context, id string) error {
	if err := s.writable(); err != nil {
		return fmt.Errorf("release %s: %w", id, err)
	}
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.lockPublication(tx); err != nil {
			return err
		}
		var row releaseRow
		if err := tx.Take(&row, "id = ?", id).Error; err != nil {
			return err
		}
		if err := withdraw(tx, row, time.Now()); err != nil {
			return err
		}
		return pointTo(tx, row.Seq)
	})
	if err != nil {
		return fmt.Errorf("release %s: %w", id, s.explain(ctx, s.write, translate(err)))
	}
	return nil
}

// withdraw marks the releases that the latest does not follow, directly or by
// others, and takes the mark from those that it does. Of releases before the
// oldest that can be traced nothing is known, so they stay as they are.
func withdraw(tx *gorm.DB, latest releaseRow, now time.Time) error {
	var rows []releaseRow
	if err := tx.Order("seq DESC").Find(&rows).Error; err != nil {
		return err
	}
	next := latest.ID
	var apart []int64 // newer than the last that was traced
	for _, row := range rows {
		if row.ID != next {
			apart = append(apart, row.Seq)
			continue
		}
		next = row.Previous
		if err := tx.Exec("UPDATE releases SET withdrawn = '' WHERE seq = ?", row.Seq).Error; err != nil {
			return err
		}
		if len(apart) == 0 {
			continue
		}
		err := tx.Exec("UPDATE releases SET withdrawn = ? WHERE seq IN ? AND withdrawn = ''", now.UTC().Format(time.RFC3339), apart).Error
		if err != nil {
			return err
		}
		apart = nil
	}
	return nil
}

// Prune deletes all but the newest releases; the latest always stays, and so
// does the newest, whose number would be given again otherwise. It returns the
// ids of those deleted.
func (s *Store) Prune(ctx context.Context, keep int) ([]string, error) {
	if keep < 1 {
		return nil, &domain.Invalid{Name: "keep", Value: fmt.Sprint(keep), Rule: "at least one release is kept"}
	}
	if err := s.writable(); err != nil {
		return nil, fmt.Errorf("prune: %w", err)
	}
	var ids []string
	err := s.write.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := s.lockPublication(tx); err != nil {
			return err
		}
		rows, err := prunable(tx, keep)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := tx.Delete(&releaseRow{}, "seq = ?", row.Seq).Error; err != nil {
				return err
			}
			ids = append(ids, row.ID)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("prune: %w", s.explain(ctx, s.write, translate(err)))
	}
	return ids, nil
}

// prunable returns the releases beyond those that stay.
func prunable(tx *gorm.DB, keep int) ([]releaseRow, error) {
	var newest int64
	if err := tx.Raw("SELECT COALESCE(MAX(seq), 0) FROM releases").Scan(&newest).Error; err != nil {
		return nil, err
	}
	var rows []releaseRow
	err := tx.Where("seq NOT IN (SELECT release_seq FROM latest)").Order("seq DESC").Find(&rows).Error
	if err != nil || len(rows) < keep {
		return nil, err
	}
	return slices.DeleteFunc(rows[keep-1:], func(r releaseRow) bool { return r.Seq == newest }), nil
}

// Files returns the data package of a release as it was imported, by path.
func (s *Store) Files(ctx context.Context, r *domain.Release) ([]File, error) {
	var files []File
	err := s.read.WithContext(ctx).Table("release_files").Select("path", "content").Where("release_seq = ?", r.Seq).Order("path").Find(&files).Error
	if err != nil {
		return nil, fmt.Errorf("release %s: files: %w", r.ID, translate(err))
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("release %s: files: %w", r.ID, domain.ErrNotFound)
	}
	return files, nil
}
