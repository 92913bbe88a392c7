// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/store"
)

// Verify compares everything stored about a release with the checksums recorded at
// publication, and its rows with its data package, so that faults name the row. An
// error means that the release could not be verified.
func Verify(ctx context.Context, s *store.Store, r *domain.Release) ([]store.Fault, error) {
	faults, content, err := verifyPackage(ctx, s, r)
	if err != nil {
		return nil, err
	}
	var tables []store.Table
	if content != nil {
		tables = content.Tables
		faults = append(faults, verifyRecord(r, content.Release)...)
	}
	more, err := s.Verify(ctx, r, tables)
	return append(faults, more...), err
}

// Files returns the data package of a release as it was imported, or the faults if it is
// damaged. A generated release has neither files nor faults.
func Files(ctx context.Context, s *store.Store, r *domain.Release) ([]store.File, []store.Fault, error) {
	files, err := s.Files(ctx, r)
	switch {
	case errors.Is(err, domain.ErrNotFound) && r.Synthetic:
		return nil, nil, nil
	case errors.Is(err, domain.ErrNotFound):
		return nil, []store.Fault{{Release: r.ID, Text: "the files of its data package are missing"}}, nil
	case err != nil:
		return nil, nil, err
	}
	faults, err := s.VerifyFiles(ctx, r, -1)
	if err != nil || len(faults) > 0 {
		return nil, faults, err
	}
	return files, nil, nil
}

// verifyPackage reads the data package of a release. It returns no content if the
// package is damaged or was accepted only by an older version of the program.
func verifyPackage(ctx context.Context, s *store.Store, r *domain.Release) ([]store.Fault, *store.Content, error) {
	files, faults, err := Files(ctx, s, r)
	if err != nil || len(files) == 0 {
		return faults, nil, err
	}
	content, err := contentOf(store.Folder(files))
	return nil, content, err
}

// contentOf returns the content of a data package, or nil if the package breaks a rule.
func contentOf(files fs.FS) (*store.Content, error) {
	w := &witness{FS: files}
	pkg, err := Read(w)
	var content store.Content
	if err == nil {
		content, _, err = assemble(pkg)
	}
	switch {
	case w.err != nil:
		return nil, w.err
	case errors.As(err, new(Findings)):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &content, nil
}

// witness remembers an error of reading its files. For Read, it is a finding like those
// about their content.
type witness struct {
	fs.FS
	err error
}

// Open opens a file.
func (w *witness) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.err = err
		}
		return nil, err
	}
	return witnessed{f, w}, nil
}

type witnessed struct {
	fs.File
	by *witness
}

// Read reads from the file.
func (w witnessed) Read(b []byte) (int, error) {
	n, err := w.File.Read(b)
	if err != nil && err != io.EOF {
		w.by.err = err
	}
	return n, err
}

// verifyRecord compares the stored record of a release with its data package. The
// notes may end with the exceptions that were made at import.
func verifyRecord(r *domain.Release, pkg domain.Release) []store.Fault {
	notes := r.Notes
	if strings.HasPrefix(notes, strings.TrimSpace(pkg.Notes+"\n"+exceptions)) {
		notes = pkg.Notes
	}
	var faults []store.Fault
	for _, f := range []struct{ name, stored, want string }{
		{"id", r.ID, pkg.ID},
		{"title", r.Title, pkg.Title},
		{"published", r.Published.UTC().String(), pkg.Published.UTC().String()},
		{"notes", notes, pkg.Notes},
		{"synthetic", fmt.Sprint(r.Synthetic), fmt.Sprint(pkg.Synthetic)},
	} {
		if f.stored != f.want {
			faults = append(faults, store.Fault{Release: r.ID, Column: f.name, Text: fmt.Sprintf("is %q, but the data package says %q", f.stored, f.want)})
		}
	}
	return faults
}
