// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"gorm.io/gorm"
)

// Content is what a publication puts into the store.
type Content struct {
	// Release has id, title, published, content hash, notes and synthetic set;
	// the store adds the rest.
	Release domain.Release
	// Previous is the release that the content was compared with; it must still
	// be the latest. 0 means that there was none.
	Previous int64
	Tables   []Table
	// Files are the data package as it was imported, byte for byte.
	Files []File
}

// Table is the rows of one dataset, each with a cell for every column of the
// description.
type Table struct {
	Dataset *dataset.Dataset
	// Rows are read twice: to see whether they changed, and to store them.
	Rows Rows
	// Same is set instead of rows if they are those of the previous release.
	Same bool
	// Sum is the digest of the rows, if it is known already.
	Sum Sum
}

// Rows are rows that can be read again. A row is valid until the next; an error ends
// them.
type Rows = iter.Seq2[[]string, error]

// RowsOf returns rows in memory.
func RowsOf(rows [][]string) Rows {
	return func(yield func([]string, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// Sum is the number of rows and their SHA-256.
type Sum struct {
	Rows int64
	hash string
}

// SumRows counts and hashes rows, and calls yield for each.
func SumRows(rows Rows, yield func([]string)) (Sum, error) {
	var s summer
	for cells, err := range rows {
		if err != nil {
			return Sum{}, err
		}
		s.add(cells)
		yield(cells)
	}
	return s.sum(), nil
}

// summer counts and hashes rows one by one.
type summer struct {
	rows int64
	hash hash.Hash
}

func (s *summer) add(cells []string) {
	if s.hash == nil {
		s.hash = sha256.New()
	}
	s.rows++
	hashCells(s.hash, cells)
}

// sum returns the digest of the rows so far.
func (s *summer) sum() Sum {
	if s.hash == nil {
		s.hash = sha256.New()
	}
	return Sum{s.rows, hex.EncodeToString(s.hash.Sum(nil))}
}

// Unchanged reports whether a dataset with these rows is the same in a release.
func (s Sum) Unchanged(d *dataset.Dataset, r *domain.Release) bool {
	part, ok := r.Dataset(d.ID)
	return ok && part.ContentHash == s.hash && part.DescriptionHash == d.Hash() && slices.Equal(part.Columns, d.Names())
}

// ErrPublished reports that a release with the same content already exists.
var ErrPublished = errors.New("already published")

// Publish adds the release and makes it the latest, all in one transaction.
// It returns ErrPublished if the release with this id has the same content,
// and ErrConflict if it has another or was deleted, or if another publication is under
// way.
func (s *Store) Publish(ctx context.Context, c Content) (*domain.Release, error) {
	if err := s.writable(); err != nil {
		return nil, fmt.Errorf("publish %s: %w", c.Release.ID, err)
	}
	err := s.write.WithContext(ctx).Connection(func(db *gorm.DB) error {
		conn, ok := db.Statement.ConnPool.(*sql.Conn)
		if !ok {
			return fmt.Errorf("a connection is %T", db.Statement.ConnPool) // gorm has changed
		}
		return db.Transaction(func(tx *gorm.DB) error {
			if err := s.lockPublication(tx); err != nil {
				return err
			}
			return publish(tx, c, rowWriter{conn, tx})
		})
	})
	if err != nil {
		return nil, fmt.Errorf("publish %s: %w", c.Release.ID, s.explain(ctx, s.write, translate(err)))
	}
	ctx = context.WithoutCancel(ctx) // the release is published, whatever happens now
	if s.dialect == "sqlite" {
		_ = s.checkpoint(ctx) // the next import tries again
	}
	return s.published(ctx, c.Release.ID)
}

// published reads a release from the database it was written to. SQLite also writes to a
// file that was deleted or moved.
func (s *Store) published(ctx context.Context, id string) (*domain.Release, error) {
	if err := s.watch.check(); err != nil {
		return nil, fmt.Errorf("release %s: %w", id, err)
	}
	return releaseByID(s.write.WithContext(ctx), id)
}

// publicationLock is the first key of PostgreSQL's advisory lock: "ziel" in
// ASCII. The second is the schema, because a database may hold several stores.
const publicationLock = 0x7a69656c

const schemaOID = "COALESCE((SELECT oid FROM pg_namespace WHERE nspname = current_schema())::integer, 0)"

// lockPublication lets one publication proceed and fails for a second one. On SQLite
// the immediate transaction of the writer is enough.
func (s *Store) lockPublication(tx *gorm.DB) error {
	if s.dialect == "sqlite" {
		return nil
	}
	var free bool
	if err := tx.Raw(fmt.Sprintf("SELECT pg_try_advisory_xact_lock(%d, %s)", publicationLock, schemaOID)).Scan(&free).Error; err != nil {
		return err
	}
	if !free {
		return fmt.Errorf("%w: another import is under way", domain.ErrConflict)
	}
	return nil
}

func publish(tx *gorm.DB, c Content, w rowWriter) error {
	if err := refuseRepeated(tx, c.Release); err != nil {
		return err
	}
	if err := refuseOvertaken(tx, c.Previous); err != nil {
		return err
	}
	previous, err := previousParts(tx)
	if err != nil {
		return err
	}
	row := releaseRow{
		ID: c.Release.ID, Title: c.Release.Title, Published: c.Release.Published.UTC().Format(time.RFC3339),
		ContentHash: c.Release.ContentHash, Notes: c.Release.Notes, Synthetic: c.Release.Synthetic,
		Datasets: int64(len(c.Tables)),
	}
	if err := tx.Raw("SELECT COALESCE(MAX(id), '') FROM releases WHERE seq = ?", c.Previous).Scan(&row.Previous).Error; err != nil {
		return err
	}
	var last int64
	if err := tx.Raw("SELECT COALESCE(MAX(seq), 0) FROM releases").Scan(&last).Error; err != nil {
		return err
	}
	row.Record = row.record()
	row.Seq = max(last+1, time.Now().Unix()) // the number of a deleted release is not used again
	if err := tx.Create(&row).Error; err != nil {
		return err
	}
	for _, t := range c.Tables {
		part, err := insertTable(w, row.Seq, t, previous[t.Dataset.ID])
		if err != nil {
			return fmt.Errorf("%s: %w", t.Dataset.ID, err)
		}
		part.date(row.Published, previous)
		part.Record = part.record()
		if err := tx.Create(&part).Error; err != nil {
			return err
		}
	}
	if err := insertFiles(tx, row.Seq, c.Previous, c.Files); err != nil {
		return err
	}
	return pointTo(tx, row.Seq)
}

// date sets when the dataset was first published, and when it last changed.
func (p *releaseDatasetRow) date(published string, previous map[string]releaseDatasetRow) {
	p.Issued, p.Modified = published, published
	before, ok := previous[p.Dataset]
	if !ok {
		return
	}
	p.Issued = before.Issued
	if before.ContentHash == p.ContentHash && before.DescriptionHash == p.DescriptionHash {
		p.Modified = before.Modified
	}
}

func refuseRepeated(tx *gorm.DB, r domain.Release) error {
	var existing releaseRow
	err := tx.Take(&existing, "id = ?", r.ID).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return refuseDeleted(tx, r.ID)
	case err != nil:
		return err
	case existing.ContentHash == r.ContentHash:
		return ErrPublished
	}
	return OtherContent(r.ID)
}

func refuseDeleted(tx *gorm.DB, id string) error {
	var deleted int64
	if err := tx.Raw("SELECT COUNT(*) FROM deleted_releases WHERE id = ?", id).Scan(&deleted).Error; err != nil {
		return err
	}
	if deleted > 0 {
		return WasDeleted(id)
	}
	return nil
}

// OtherContent returns the error for a release whose id is already published with
// different content.
func OtherContent(id string) error {
	return fmt.Errorf("%w: release %s is already published with different content; releases never change", domain.ErrConflict, id)
}

// WasDeleted returns the error for a release whose id was published and deleted.
func WasDeleted(id string) error {
	return fmt.Errorf("%w: release %s was published before and has been deleted; releases never change", domain.ErrConflict, id)
}

// refuseOvertaken makes sure that the content was compared with what it
// follows.
func refuseOvertaken(tx *gorm.DB, previous int64) error {
	var latest int64
	if err := tx.Raw("SELECT COALESCE(MAX(release_seq), 0) FROM latest").Scan(&latest).Error; err != nil {
		return err
	}
	if latest != previous {
		return Overtaken()
	}
	return nil
}

// Overtaken returns the error for content that was compared with a release that is no
// longer the latest.
func Overtaken() error {
	return fmt.Errorf("%w: another release was published meanwhile; import again", domain.ErrConflict)
}

// previousParts returns the datasets of the latest release, by id. It returns Altered if
// one is not as it was published.
func previousParts(tx *gorm.DB) (map[string]releaseDatasetRow, error) {
	var parts []releaseDatasetRow
	err := tx.Joins("JOIN latest ON latest.release_seq = release_datasets.release_seq").Find(&parts).Error
	byID := make(map[string]releaseDatasetRow, len(parts))
	for _, p := range parts {
		if p.altered() { // the new release would inherit its dates
			return nil, Altered("dataset " + p.Dataset + " of the latest release: " + alteredRecord)
		}
		byID[p.Dataset] = p
	}
	return byID, err
}

func pointTo(tx *gorm.DB, seq int64) error {
	if err := tx.Exec("DELETE FROM latest").Error; err != nil {
		return err
	}
	return tx.Exec("INSERT INTO latest (one, release_seq) VALUES (1, ?)", seq).Error
}

// insertTable stores the rows of a dataset as a new version, or names the version of
// the previous release if nothing changed.
func insertTable(w rowWriter, seq int64, t Table, previous releaseDatasetRow) (releaseDatasetRow, error) {
	if t.Same {
		previous.ReleaseSeq = seq
		return previous, nil
	}
	part := releaseDatasetRow{
		ReleaseSeq: seq, Dataset: t.Dataset.ID, Version: seq,
		Columns: strings.Join(t.Dataset.Names(), ","), DescriptionHash: t.Dataset.Hash(),
	}
	if t.Sum == (Sum{}) {
		var err error
		if t.Sum, err = SumRows(t.Rows, func([]string) {}); err != nil {
			return part, err
		}
	}
	part.RowCount, part.ContentHash = t.Sum.Rows, t.Sum.hash
	if previous.ContentHash == part.ContentHash && previous.DescriptionHash == part.DescriptionHash && previous.Columns == part.Columns {
		part.Version = previous.Version
		return part, nil
	}
	var sum summer
	err := w.insert(t.Dataset, seq, func(yield func([]string, error) bool) {
		for cells, err := range t.Rows {
			if err == nil {
				sum.add(cells)
			}
			if !yield(cells, err) {
				return
			}
		}
	})
	if err == nil && sum.sum() != t.Sum {
		err = ErrChanged
	}
	return part, err
}

// hashCells adds the cells of a row, with separators that do not occur in cells.
func hashCells[T ~string | ~[]byte](h hash.Hash, cells []T) {
	for _, c := range cells {
		h.Write([]byte(c))
		h.Write([]byte{0})
	}
	h.Write([]byte{1})
}

// rowWriter writes rows within a transaction: PostgreSQL takes them by COPY,
// SQLite by statements of a few rows.
type rowWriter struct {
	conn *sql.Conn
	tx   *gorm.DB
}

// insert adds rows with a cell for every column of the dataset.
func (w rowWriter) insert(d *dataset.Dataset, seq int64, rows Rows) error {
	ctx := w.tx.Statement.Context
	var err error
	if w.tx.Name() == "postgres" {
		err = w.copyFrom(ctx, d, numbered(d, seq, rows))
	} else {
		err = w.insertBatches(ctx, d, numbered(d, seq, rows))
	}
	if t, ok := w.tx.Dialector.(gorm.ErrorTranslator); ok && err != nil {
		return t.Translate(err) // as gorm does for its own statements
	}
	return err
}

// numbered puts the version and the place in it before the cells of each row.
// A row is valid until the next.
func numbered(d *dataset.Dataset, seq int64, rows Rows) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		row, ordinal := make([]any, 2+len(d.Columns)), int64(0)
		for cells, err := range rows {
			ordinal++
			row[0], row[1] = seq, ordinal
			for i, cell := range cells {
				row[2+i] = cell
			}
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

func (w rowWriter) copyFrom(ctx context.Context, d *dataset.Dataset, rows iter.Seq2[[]any, error]) error {
	next, stop := iter.Pull2(rows)
	defer stop()
	names := []string{"version", "ordinal"}
	for _, c := range d.Columns {
		names = append(names, c.SQL())
	}
	return w.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the driver of PostgreSQL is %T", driver)
		}
		_, err := conn.Conn().CopyFrom(ctx, pgx.Identifier{d.Table()}, names, pgx.CopyFromFunc(func() ([]any, error) {
			row, err, _ := next()
			return row, err // nil ends the copy
		}))
		return err
	})
}

// batch is the number of rows per statement for SQLite.
const batch = 32

func (w rowWriter) insertBatches(ctx context.Context, d *dataset.Dataset, rows iter.Seq2[[]any, error]) error {
	names := sqlColumns(d)
	full, err := w.tx.Statement.ConnPool.PrepareContext(ctx, insertSQL(d.Table(), names, batch))
	if err != nil {
		return err
	}
	defer full.Close()
	args := make([]any, 0, batch*len(names))
	for row, err := range rows {
		if err != nil {
			return err
		}
		args = append(args, row...)
		if len(args) < cap(args) {
			continue
		}
		if _, err := full.ExecContext(ctx, args...); err != nil {
			return err
		}
		args = args[:0]
	}
	if len(args) == 0 {
		return nil
	}
	_, err = w.tx.Statement.ConnPool.ExecContext(ctx, insertSQL(d.Table(), names, len(args)/len(names)), args...)
	return err
}

// sqlColumns lists the columns of a dataset's table.
func sqlColumns(d *dataset.Dataset) []string {
	names := []string{"version", "ordinal"}
	for _, c := range d.Columns {
		names = append(names, quote(c.SQL()))
	}
	return names
}

func insertSQL(table string, names []string, rows int) string {
	group := "(" + strings.TrimSuffix(strings.Repeat("?,", len(names)), ",") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(group+",", rows), ",")
}

// quote spells a name as an SQL identifier.
func quote(name string) string { return `"` + name + `"` }
