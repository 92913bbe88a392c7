// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"gorm.io/gorm"
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
	// Signature is the signature of the files' checksums, or "".
	Signature string
	// Record is the checksum of the columns that never change.
	Record string
}

func (r releaseRow) record() string {
	return sumCells(r.ID, r.Title, r.Published, r.ContentHash, r.Notes, strconv.FormatBool(r.Synthetic), strconv.FormatInt(r.Datasets, 10), r.Previous)
}

// TableName names the table for gorm.
func (releaseRow) TableName() string { return "releases" }

// releaseDatasetRow is a row of the table release_datasets.
type releaseDatasetRow struct {
	ReleaseSeq int64  `gorm:"primaryKey"`
	Dataset    string `gorm:"primaryKey"`
	// Version is the number of the release that brought the rows.
	Version         int64
	RowCount        int64
	Columns         string
	ContentHash     string
	DescriptionHash string
	Issued          string
	Modified        string
	// Record is the checksum of the columns above.
	Record string
}

func (p releaseDatasetRow) record() string {
	return sumCells(p.Dataset, strconv.FormatInt(p.Version, 10), strconv.FormatInt(p.RowCount, 10), p.Columns, p.ContentHash, p.DescriptionHash, p.Issued, p.Modified)
}

// altered reports whether the row is not as it was published. Older programs recorded no
// checksum.
func (p releaseDatasetRow) altered() bool { return p.Record != "" && p.Record != p.record() }

const alteredRecord = "what is recorded about it (version, columns, dates, checksums) is not what was published"

func sumCells(cells ...string) string {
	sum := sha256.New()
	hashCells(sum, cells)
	return hex.EncodeToString(sum.Sum(nil))
}

// TableName names the table for gorm.
func (releaseDatasetRow) TableName() string { return "release_datasets" }

// Latest returns the release that is served where none is named. The error is ErrNotFound
// before the first publication.
func (s *Store) Latest(ctx context.Context) (*domain.Release, error) {
	var row releaseRow
	err := s.read.WithContext(ctx).Joins("JOIN latest ON latest.release_seq = releases.seq").Take(&row).Error
	if err != nil {
		return nil, fmt.Errorf("latest release: %w", s.explain(ctx, s.read, translate(err)))
	}
	return releaseOf(s.read.WithContext(ctx), row)
}

// Release returns the release with the id.
func (s *Store) Release(ctx context.Context, id string) (*domain.Release, error) {
	return releaseByID(s.read.WithContext(ctx), id)
}

func releaseByID(db *gorm.DB, id string) (*domain.Release, error) {
	var row releaseRow
	if err := db.Take(&row, "id = ?", id).Error; err != nil {
		return nil, fmt.Errorf("release %s: %w", id, translate(err))
	}
	return releaseOf(db, row)
}

// Releases returns all releases, the newest first.
func (s *Store) Releases(ctx context.Context) ([]*domain.Release, error) {
	var rows []releaseRow
	if err := s.read.WithContext(ctx).Order("seq DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("releases: %w", translate(err))
	}
	return releasesOf(s.read.WithContext(ctx), rows)
}

// Heads returns all releases, the newest first, but only what shows that they changed: no
// titles, notes or datasets. Servers call it every few seconds. The error is ErrNotFound
// before the first publication.
func (s *Store) Heads(ctx context.Context) (latest *domain.Release, releases []*domain.Release, err error) {
	var rows []struct {
		Row        releaseRow `gorm:"embedded"`
		ReleaseSeq *int64
	}
	err = s.read.WithContext(ctx).Raw("SELECT seq, id, published, content_hash, withdrawn, signature, release_seq " +
		"FROM releases LEFT JOIN latest ON release_seq = seq ORDER BY seq DESC").Scan(&rows).Error
	for _, row := range rows {
		r, wrong := row.Row.release()
		if err = cmp.Or(err, wrong); err != nil {
			break
		}
		if releases = append(releases, r); row.ReleaseSeq != nil {
			latest = r
		}
	}
	if err == nil && latest == nil {
		err = domain.ErrNotFound
	}
	if err != nil {
		return nil, nil, fmt.Errorf("latest release: %w", s.explain(ctx, s.read, translate(err)))
	}
	return latest, releases, nil
}

// Deleted returns the ids of the releases that were deleted, in no particular order.
func (s *Store) Deleted(ctx context.Context) ([]string, error) {
	var ids []string
	if err := s.read.WithContext(ctx).Raw("SELECT id FROM deleted_releases").Scan(&ids).Error; err != nil {
		return nil, fmt.Errorf("deleted releases: %w", translate(err))
	}
	return ids, nil
}

// releaseOf returns the release of a row, with its datasets.
func releaseOf(db *gorm.DB, row releaseRow) (*domain.Release, error) {
	releases, err := releasesOf(db, []releaseRow{row})
	if err != nil {
		return nil, err
	}
	return releases[0], nil
}

// releasesOf returns the releases of rows, with their datasets, which it reads at once.
func releasesOf(db *gorm.DB, rows []releaseRow) ([]*domain.Release, error) {
	releases, seqs, bySeq := make([]*domain.Release, len(rows)), make([]int64, len(rows)), map[int64]*domain.Release{}
	for i, row := range rows {
		r, err := row.release()
		if err != nil {
			return nil, err
		}
		releases[i], seqs[i], bySeq[row.Seq] = r, row.Seq, r
	}
	var parts []releaseDatasetRow
	if err := db.Order("dataset").Find(&parts, "release_seq IN ?", seqs).Error; err != nil {
		return nil, fmt.Errorf("datasets of releases: %w", translate(err))
	}
	for _, p := range parts {
		r := bySeq[p.ReleaseSeq]
		part, err := p.part()
		if err != nil {
			return nil, fmt.Errorf("%w: release %s: %s: %w", domain.ErrUnavailable, r.ID, p.Dataset, err)
		}
		r.Datasets = append(r.Datasets, part)
	}
	return releases, nil
}

// release returns the release without its datasets.
func (r releaseRow) release() (*domain.Release, error) {
	out := &domain.Release{
		Seq: r.Seq, ID: r.ID, Title: r.Title, ContentHash: r.ContentHash, Notes: r.Notes, Synthetic: r.Synthetic,
		Previous: r.Previous, Signature: r.Signature,
	}
	var err error
	if out.Published, err = time.Parse(time.RFC3339, r.Published); err != nil {
		return nil, fmt.Errorf("%w: release %s: published: %w", domain.ErrUnavailable, r.ID, err)
	}
	if r.Withdrawn != "" {
		if out.Withdrawn, err = time.Parse(time.RFC3339, r.Withdrawn); err != nil {
			return nil, fmt.Errorf("%w: release %s: withdrawn: %w", domain.ErrUnavailable, r.ID, err)
		}
	}
	return out, nil
}

// Whole returns Altered if the release does not have as many datasets as it was
// published with, and another ErrUnavailable if it has been deleted.
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
		ID: p.Dataset, Version: p.Version, Rows: p.RowCount, Columns: strings.Split(p.Columns, ","),
		ContentHash: p.ContentHash, DescriptionHash: p.DescriptionHash, Issued: issued, Modified: modified,
	}, nil
}

// Use makes a release the latest, even an older one. Releases that it does not follow are
// withdrawn from then on.
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

// Sign stores the signature of the checksums of a release's files.
func (s *Store) Sign(ctx context.Context, id, signature string) error {
	if err := s.writable(); err != nil {
		return fmt.Errorf("release %s: %w", id, err)
	}
	done := s.write.WithContext(ctx).Exec("UPDATE releases SET signature = ? WHERE id = ?", signature, id)
	err := done.Error
	if err == nil && done.RowsAffected == 0 {
		err = gorm.ErrRecordNotFound
	}
	if err != nil {
		return fmt.Errorf("release %s: %w", id, s.explain(ctx, s.write, translate(err)))
	}
	return nil
}

// withdraw marks the releases that the latest does not follow, directly or through
// others, and removes the mark from those that it does. Nothing is known about releases
// before the oldest that can be traced, so they stay as they are.
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

// Prune deletes all but the newest releases. The latest always stays, and so does the
// newest: after “release use” they differ. The ids of deleted releases are recorded, so
// that no other release can have them. It returns these ids even if the space cannot be
// reclaimed.
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
			if err := tx.Exec("INSERT INTO deleted_releases (id) VALUES (?)", row.ID).Error; err != nil {
				return err
			}
			ids = append(ids, row.ID)
		}
		return deleteUnused(tx)
	})
	if err != nil {
		return nil, fmt.Errorf("prune: %w", s.explain(ctx, s.write, translate(err)))
	}
	if err := s.reclaim(ctx, len(ids) > 0); err != nil {
		return ids, fmt.Errorf("the space of deleted releases could not be reclaimed; prune again: %w", err)
	}
	return ids, nil
}

// deleteUnused deletes the rows of versions that no release names any more.
func deleteUnused(tx *gorm.DB) error {
	for _, d := range dataset.All {
		err := tx.Exec("DELETE FROM "+d.Table()+" WHERE version NOT IN (SELECT version FROM release_datasets WHERE dataset = ?)", d.ID).Error
		if err != nil {
			return fmt.Errorf("%s: %w", d.ID, err)
		}
	}
	return deletePieces(tx)
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
