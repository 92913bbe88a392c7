package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/zielstand/zielstand/internal/domain"
)

// releaseRow is a row of the table releases.
type releaseRow struct {
	Seq         int64 `gorm:"primaryKey;autoIncrement:false"`
	ID          string
	Title       string
	Published   string
	ContentHash string
	Notes       string
	Synthetic   bool
	// Datasets is the number of datasets that it was published with.
	Datasets int64
	// Previous is the id of the release before, "" or domain.UnknownRelease.
	Previous string
	// Withdrawn is a time, or "".
	Withdrawn string
}

// TableName names the table for gorm.
func (releaseRow) TableName() string { return "releases" }

// releaseDatasetRow is a row of the table release_datasets.
type releaseDatasetRow struct {
	ReleaseSeq      int64  `gorm:"primaryKey"`
	Dataset         string `gorm:"primaryKey"`
	RowCount        int64
	Columns         string
	ContentHash     string
	DescriptionHash string
	Issued          string
	Modified        string
}

// TableName names the table for gorm.
func (releaseDatasetRow) TableName() string { return "release_datasets" }

// Latest returns the release that is served where none is named. It is
// ErrNotFound before the first publication.
func (s *Store) Latest(ctx context.Context) (*domain.Release, error) {
	var row releaseRow
	err := s.read.WithContext(ctx).Joins("JOIN latest ON latest.release_seq = releases.seq").Take(&row).Error
	if err != nil {
		return nil, fmt.Errorf("latest release: %w", s.explain(ctx, s.read, translate(err)))
	}
	return s.release(s.read.WithContext(ctx), row)
}

// Release returns the release with the id.
func (s *Store) Release(ctx context.Context, id string) (*domain.Release, error) {
	var row releaseRow
	if err := s.read.WithContext(ctx).Take(&row, "id = ?", id).Error; err != nil {
		return nil, fmt.Errorf("release %s: %w", id, translate(err))
	}
	return s.release(s.read.WithContext(ctx), row)
}

// Releases returns all releases, the newest first.
func (s *Store) Releases(ctx context.Context) ([]*domain.Release, error) {
	var rows []releaseRow
	if err := s.read.WithContext(ctx).Order("seq DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("releases: %w", translate(err))
	}
	releases := make([]*domain.Release, 0, len(rows))
	for _, row := range rows {
		r, err := s.release(s.read.WithContext(ctx), row)
		if err != nil {
			return nil, err
		}
		releases = append(releases, r)
	}
	return releases, nil
}

func (s *Store) release(db *gorm.DB, row releaseRow) (*domain.Release, error) {
	published, err := time.Parse(time.RFC3339, row.Published)
	if err != nil {
		return nil, fmt.Errorf("%w: release %s: published: %w", domain.ErrUnavailable, row.ID, err)
	}
	r := &domain.Release{
		Seq: row.Seq, ID: row.ID, Title: row.Title, Published: published,
		ContentHash: row.ContentHash, Notes: row.Notes, Synthetic: row.Synthetic, Previous: row.Previous,
	}
	if row.Withdrawn != "" {
		if r.Withdrawn, err = time.Parse(time.RFC3339, row.Withdrawn); err != nil {
			return nil, fmt.Errorf("release %s: withdrawn: %w", row.ID, err)
		}
	}
	var parts []releaseDatasetRow
	if err := db.Order("dataset").Find(&parts, "release_seq = ?", row.Seq).Error; err != nil {
		return nil, fmt.Errorf("release %s: %w", row.ID, translate(err))
	}
	for _, p := range parts {
		part, err := p.part()
		if err != nil {
			return nil, fmt.Errorf("%w: release %s: %s: %w", domain.ErrUnavailable, row.ID, p.Dataset, err)
		}
		r.Datasets = append(r.Datasets, part)
	}
	return r, nil
}

// Whole is ErrUnavailable if the release has not as many datasets as it was
// published with: one was lost since.
func (s *Store) Whole(ctx context.Context, r *domain.Release) error {
	var published []int64
	err := s.read.WithContext(ctx).Raw("SELECT datasets FROM releases WHERE seq = ?", r.Seq).Scan(&published).Error
	switch {
	case err != nil:
		return fmt.Errorf("release %s: %w", r.ID, translate(err))
	case len(published) == 0:
		return fmt.Errorf("%w: release %s is deleted", domain.ErrUnavailable, r.ID)
	case published[0] != 0 && published[0] != int64(len(r.Datasets)): // 0: not counted
		return Altered(fmt.Sprintf("release %s has %d datasets of %d", r.ID, len(r.Datasets), published[0]))
	}
	return nil
}

func (p releaseDatasetRow) part() (domain.ReleaseDataset, error) {
	issued, err := time.Parse(time.RFC3339, p.Issued)
	if err != nil {
		return domain.ReleaseDataset{}, fmt.Errorf("issued: %w", err)
	}
	modified, err := time.Parse(time.RFC3339, p.Modified)
	if err != nil {
		return domain.ReleaseDataset{}, fmt.Errorf("modified: %w", err)
	}
	return domain.ReleaseDataset{
		ID: p.Dataset, Rows: p.RowCount, Columns: strings.Split(p.Columns, ","),
		ContentHash: p.ContentHash, DescriptionHash: p.DescriptionHash, Issued: issued, Modified: modified,
	}, nil
}

// File returns a file of the release's data package as it was imported.
func (s *Store) File(ctx context.Context, r *domain.Release, path string) ([]byte, error) {
	var f File
	err := s.read.WithContext(ctx).Table("release_files").Select("path", "content").Take(&f, "release_seq = ? AND path = ?", r.Seq, path).Error
	if err != nil {
		return nil, fmt.Errorf("release %s: file %s: %w", r.ID, path, translate(err))
	}
	return f.Content, nil
}
