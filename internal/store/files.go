// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/zielstand/zielstand/internal/domain"
	"gorm.io/gorm"
)

// File is a file of a data package. It may be too large for memory.
type File struct {
	Path string
	Size int64
	// Sum is the SHA-256 of the content in hexadecimal.
	Sum  string
	Open func() (io.ReadCloser, error)
}

// NewFile returns a file with a content.
func NewFile(path string, content []byte) File {
	sum := sha256.Sum256(content)
	return File{path, int64(len(content)), hex.EncodeToString(sum[:]), func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

// Content reads the file.
func (f File) Content() ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// pieceSize is the maximum size of a file that is stored in one piece, and of the pieces
// of a larger file before they are compressed.
const pieceSize = 1 << 20

// fileRow is a row of the table release_files.
type fileRow struct {
	ReleaseSeq int64  `gorm:"primaryKey"`
	Path       string `gorm:"primaryKey"`
	Content    []byte
	// Version is the number of the release that brought the pieces of a large file, or 0.
	Version int64
	Size    int64
	Sum     string
}

// TableName names the table for gorm.
func (fileRow) TableName() string { return "release_files" }

// insertFiles stores the files of a data package. A large file that the previous release
// also has is not stored again.
func insertFiles(tx *gorm.DB, seq, previous int64, files []File) error {
	var known []fileRow
	if err := tx.Select("path", "version", "sum").Find(&known, "release_seq = ? AND version <> 0", previous).Error; err != nil {
		return err
	}
	for _, f := range files {
		row := fileRow{ReleaseSeq: seq, Path: f.Path, Content: []byte{}, Version: seq, Size: f.Size, Sum: f.Sum}
		same := slices.IndexFunc(known, func(k fileRow) bool { return k.Path == f.Path && k.Sum == f.Sum })
		var err error
		switch {
		case f.Size <= pieceSize:
			row.Version = 0
			row.Content, err = f.Content()
			if err == nil && NewFile(f.Path, row.Content).Sum != f.Sum {
				err = ErrChanged
			}
		case same >= 0:
			row.Version = known[same].Version
			err = f.addTo(sha256.New())
		default:
			err = insertPieces(tx, seq, f)
		}
		if err == nil {
			err = tx.Create(&row).Error
		}
		if err != nil {
			return fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return nil
}

func insertPieces(tx *gorm.DB, version int64, f File) error {
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	coder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	sum := sha256.New()
	buffer, coded := make([]byte, pieceSize), []byte(nil)
	for piece := 0; ; piece++ {
		n, err := io.ReadFull(r, buffer)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		sum.Write(buffer[:n])
		coded = coder.EncodeAll(buffer[:n], coded[:0])
		if err := tx.Exec("INSERT INTO file_pieces (version, path, piece, content) VALUES (?, ?, ?, ?)", version, f.Path, piece, coded).Error; err != nil {
			return err
		}
	}
	if hex.EncodeToString(sum.Sum(nil)) != f.Sum {
		return ErrChanged
	}
	return nil
}

// ErrChanged reports that a file of a data package changed while it was imported.
var ErrChanged = errors.New("changed while it was imported; import again")

// deletePieces deletes the pieces of files that no release has any more.
func deletePieces(tx *gorm.DB) error {
	return tx.Exec("DELETE FROM file_pieces WHERE NOT EXISTS (SELECT 1 FROM release_files f WHERE f.version = file_pieces.version AND f.path = file_pieces.path)").Error
}

// Files returns the data package of a release as it was imported, by path.
func (s *Store) Files(ctx context.Context, r *domain.Release) ([]File, error) {
	rows, err := s.fileRows(ctx, r)
	files := make([]File, len(rows))
	for i, row := range rows {
		files[i] = s.fileOf(ctx, row)
	}
	return files, err
}

func (s *Store) fileRows(ctx context.Context, r *domain.Release) ([]fileRow, error) {
	var rows []fileRow
	err := s.read.WithContext(ctx).Where("release_seq = ?", r.Seq).Order("path").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("release %s: files: %w", r.ID, translate(err))
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("release %s: files: %w", r.ID, domain.ErrNotFound)
	}
	return rows, nil
}

// fileOf returns the file of a row. The content of a small one is in the row, so its size
// and checksum are those of the content, and not what is recorded.
func (s *Store) fileOf(ctx context.Context, row fileRow) File {
	if row.Version == 0 {
		return NewFile(row.Path, row.Content)
	}
	return File{row.Path, row.Size, row.Sum, func() (io.ReadCloser, error) {
		decoder, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(2*pieceSize))
		return &pieceReader{ctx: ctx, store: s, file: row, decoder: decoder}, err
	}}
}

// pieceReader reads a large file piece by piece.
type pieceReader struct {
	ctx     context.Context
	store   *Store
	file    fileRow
	decoder *zstd.Decoder
	piece   int64
	read    int64
	rest    []byte
}

func (p *pieceReader) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		if p.read >= p.file.Size {
			return 0, io.EOF
		}
		if err := p.next(); err != nil {
			return 0, fmt.Errorf("%s: piece %d: %w", p.file.Path, p.piece, err)
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	p.read += int64(n)
	return n, nil
}

func (p *pieceReader) next() error {
	var row struct{ Content []byte }
	err := p.store.read.WithContext(p.ctx).Raw("SELECT content FROM file_pieces WHERE version = ? AND path = ? AND piece = ?", p.file.Version, p.file.Path, p.piece).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Altered("is missing")
	}
	if err != nil {
		return translate(err)
	}
	if p.rest, err = p.decoder.DecodeAll(row.Content, nil); err != nil || len(p.rest) == 0 {
		return Altered("cannot be decompressed")
	}
	p.piece++
	return nil
}

// Close releases the decoder.
func (p *pieceReader) Close() error {
	p.decoder.Close()
	return nil
}

// Folder returns files as a file system of one folder.
func Folder(files []File) fs.FS { return folder(files) }

type folder []File

// Open opens a file, or the folder itself.
func (f folder) Open(name string) (fs.File, error) {
	if name == "." {
		return openFile{info: fileInfo{name: "."}, ReadCloser: io.NopCloser(strings.NewReader(""))}, nil
	}
	i := slices.IndexFunc(f, func(file File) bool { return file.Path == name })
	if i < 0 {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	content, err := f[i].Open()
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return openFile{content, fileInfo{name, f[i].Size}}, nil
}

type openFile struct {
	io.ReadCloser
	info fileInfo
}

// Stat returns name and size.
func (f openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

type fileInfo struct {
	name string
	size int64
}

func (i fileInfo) Name() string       { return i.name }
func (i fileInfo) Size() int64        { return i.size }
func (i fileInfo) ModTime() time.Time { return time.Time{} }
func (i fileInfo) IsDir() bool        { return i.name == "." }
func (i fileInfo) Sys() any           { return nil }
func (i fileInfo) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o555
	}
	return 0o444
}
