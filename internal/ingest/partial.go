// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/store"
)

// Base is the release that completes a data package which holds only some of the
// datasets.
type Base struct {
	Release *domain.Release
	// Files is the complete data package of the release.
	Files []store.File
	// store has its rows; without it, all files are read.
	store *store.Store
	ctx   context.Context
}

func (b *Base) folder() fs.FS { return store.Folder(b.Files) }

// Partial reports whether the data package in the folder holds only some of the
// datasets. It is false if datapackage.json cannot be read; Read reports why.
func Partial(folder fs.FS) bool {
	m, ok := peek(folder)
	if !ok {
		return false
	}
	return slices.ContainsFunc(editedIDs(), func(id string) bool {
		_, err := fs.Lstat(folder, id+".csv")
		described := slices.ContainsFunc(m.Resources, func(r dataset.Resource) bool { return r.Name == id })
		return (!described || asPublished(m)) && errors.Is(err, fs.ErrNotExist)
	})
}

// Holds reports whether the package itself has the dataset.
func (p *Package) Holds(d *dataset.Dataset) bool {
	t := p.Tables[d.ID]
	return t != nil && t.file == d.ID+".csv"
}

// peek reads the manifest of a package that has not been checked.
func peek(folder fs.FS) (dataset.Manifest, bool) {
	var m dataset.Manifest
	if checkFolder(folder) != nil || irregular(folder, dataset.ManifestName) != "" {
		return m, false
	}
	content, err := readFile(folder, dataset.ManifestName, MaxManifest)
	return m, err == nil && json.Unmarshal(decode(content).text, &m) == nil
}

// FindBase returns the release that completes the data package in the folder: the latest
// or, if the package is published already, the release that it became, so that the same
// package is recognised. It returns nil if no release is published.
func FindBase(ctx context.Context, s *store.Store, folder fs.FS) (*Base, error) {
	m, _ := peek(folder)
	primary := s.Primary()
	r, err := primary.Release(ctx, m.Version)
	if errors.Is(err, domain.ErrNotFound) {
		r, err = primary.Latest(ctx)
	}
	if errors.Is(err, domain.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return newBase(ctx, primary, r)
}

// newBase returns a release as a base. It is store.Altered if its files are not those that
// were published: the damage would become a part of the next release.
func newBase(ctx context.Context, s *store.Store, r *domain.Release) (*Base, error) {
	files, err := s.Files(ctx, r)
	if err != nil {
		return nil, err
	}
	faults, err := s.VerifyFiles(ctx, r, -1)
	if err != nil {
		return nil, err
	}
	if len(faults) > 0 {
		return nil, store.Altered(fmt.Sprintf("%s; restore a backup, or import a package with all datasets", faults[0]))
	}
	return &Base{r, files, s, ctx}, nil
}

// checkHeld finds out which datasets the package holds, by the resources of
// datapackage.json, and takes the others from the base.
func (r *reader) checkHeld(described map[string]bool) {
	r.carried, r.absent = map[string]bool{}, map[string]bool{}
	var undescribed, missing []string
	for _, id := range editedIDs() {
		_, err := fs.Lstat(r.folder, id+".csv")
		if described[id] && (err == nil || len(r.published) == 0) {
			continue
		}
		if err == nil {
			undescribed = append(undescribed, id)
			continue
		}
		if r.base != nil {
			if _, err := fs.Stat(r.base.folder(), id+".csv"); err == nil {
				r.carried[id] = true
				continue
			}
		}
		r.absent[id] = true
		if !dataset.ByID(id).Optional {
			missing = append(missing, id)
		}
	}
	if len(undescribed) > 0 {
		r.add(Finding{File: dataset.ManifestName, Path: "resources", Rule: "do not describe all CSV files in the folder; “zielstand check --describe” adds those that are missing", Hint: "missing: " + strings.Join(undescribed, ", ")})
	}
	rule := "are incomplete, and no published release has the missing datasets; the first release must have all datasets that are not optional"
	if r.base != nil {
		rule = "are incomplete, and release " + r.base.Release.ID + " does not have the missing datasets; add them to the package"
	}
	switch {
	case len(missing) > 0:
		r.add(Finding{File: dataset.ManifestName, Path: "resources", Rule: rule, Hint: "missing: " + strings.Join(missing, ", ")})
	case len(r.carried)+len(r.absent) == len(editedIDs()):
		r.add(Finding{File: dataset.ManifestName, Path: "resources", Rule: "must not be empty; a data package has at least one dataset"})
	}
	if len(r.carried) == 0 {
		return
	}
	r.pkg.Base = r.base
	if r.base.Release.Synthetic && !r.pkg.Manifest.Synthetic {
		r.add(Finding{File: dataset.ManifestName, Path: "synthetic", Rule: "must be true: the other datasets are taken from release " + r.base.Release.ID + ", which is synthetic"})
	}
}

// findHeld finds out which datasets the package holds if datapackage.json does not say:
// those with a file, or all if there is no file.
func (r *reader) findHeld() {
	if r.absent != nil {
		return
	}
	absent := map[string]bool{}
	for _, id := range editedIDs() {
		if _, err := fs.Lstat(r.folder, id+".csv"); errors.Is(err, fs.ErrNotExist) {
			absent[id] = true
		}
	}
	if len(absent) < len(editedIDs()) {
		r.absent = absent
	}
}

// leaveOut adds an optional dataset that nobody holds, without rows.
func (r *reader) leaveOut(d *dataset.Dataset) {
	if d.Optional {
		r.pkg.Tables[d.ID] = &Table{Dataset: d, file: r.fileName(d), Columns: d.Edited(), complete: true}
	}
}

// carriedFrom is what follows the name of a file that was taken from a release.
func carriedFrom(r *domain.Release) string { return " of release " + r.ID }

// fileName returns the name of a dataset's file in messages.
func (r *reader) fileName(d *dataset.Dataset) string {
	if r.carried[d.ID] {
		return d.ID + ".csv" + carriedFrom(r.base.Release)
	}
	return d.ID + ".csv"
}

// content reads the file of a dataset.
func (r *reader) content(d *dataset.Dataset) ([]byte, bool) {
	if r.carried[d.ID] {
		return r.carriedFile(d)
	}
	return r.file(d.ID+".csv", r.limits.file)
}

// carriedFile reads the file of a dataset from the base. If the program has gained
// columns since then, their cells are empty.
func (r *reader) carriedFile(d *dataset.Dataset) ([]byte, bool) {
	path := d.ID + ".csv"
	columns, err := gained(r.base.folder(), d)
	var content []byte
	if err == nil {
		content, err = fs.ReadFile(r.base.folder(), path)
	}
	if err == nil && len(columns) > 0 {
		content, err = io.ReadAll(widen(io.NopCloser(bytes.NewReader(content)), columns))
	}
	if err != nil {
		r.unreadable(r.fileName(d), err)
		return nil, false
	}
	r.pkg.Files[path] = store.NewFile(path, content)
	return content, true
}

// gained returns the columns that the program has gained since the file of a dataset was
// published.
func gained(folder fs.FS, d *dataset.Dataset) ([]string, error) {
	content, err := folder.Open(d.ID + ".csv")
	if err != nil {
		return nil, err
	}
	defer content.Close()
	header, err := csv.NewReader(io.LimitReader(content, maxRow)).Read()
	if err != nil {
		return nil, err
	}
	want := dataset.Names(d.Edited())
	if n := len(header); n < len(want) && slices.Equal(header, want[:n]) {
		return want[n:], nil
	}
	return nil, nil
}

// widen adds columns at the end of a CSV file, whose cells have no line breaks.
func widen(content io.ReadCloser, columns []string) io.ReadCloser {
	return &widened{ReadCloser: content, end: "," + strings.Join(columns, ",") + "\n", next: strings.Repeat(",", len(columns)) + "\n"}
}

type widened struct {
	io.ReadCloser
	// end replaces the end of the current line, next that of all others.
	end, next string
	buffer    [32 << 10]byte
	rest      []byte
}

// Read reads the file with its columns.
func (w *widened) Read(b []byte) (int, error) {
	for len(w.rest) == 0 {
		n, err := w.ReadCloser.Read(w.buffer[:])
		for line := range bytes.Lines(w.buffer[:n]) {
			text, ended := bytes.CutSuffix(line, []byte("\n"))
			if w.rest = append(w.rest, text...); ended {
				w.rest = append(w.rest, w.end...)
				w.end = w.next
			}
		}
		if n == 0 && err != nil {
			return 0, err
		}
	}
	n := copy(b, w.rest)
	w.rest = w.rest[n:]
	return n, nil
}

// complete adds to the manifest of a package what was taken from the base, so that the
// files of a release are always a complete data package.
func (r *reader) complete() error {
	m := &r.pkg.Manifest
	if len(r.published) > 0 {
		if err := r.editManifest(m); err != nil {
			return err
		}
	} else if r.pkg.Base == nil {
		return nil
	}
	Describe(m, func(id string) bool {
		_, ok := r.pkg.Files[id+".csv"]
		return ok
	})
	content, err := plainjson.MarshalIndent(m)
	if err != nil {
		return fmt.Errorf("%s: %w", dataset.ManifestName, err)
	}
	r.pkg.Files[dataset.ManifestName] = store.NewFile(dataset.ManifestName, content)
	return nil
}

// Describe describes in a manifest the datasets that a package holds.
func Describe(m *dataset.Manifest, holds func(id string) bool) {
	m.Profile, m.Resources = "tabular-data-package", nil
	for _, id := range editedIDs() {
		if holds(id) {
			m.Resources = append(m.Resources, dataset.Describe(dataset.ByID(id)))
		}
	}
}

// DescribeAgain is Describe for the folder of an editor. A package as it is served stays
// one: it keeps its computed columns and datasets.
func DescribeAgain(m *dataset.Manifest, holds func(id string) bool) {
	if !asPublished(*m) {
		Describe(m, holds)
		return
	}
	m.Resources = nil
	for _, d := range dataset.All {
		if holds(d.ID) {
			m.Resources = append(m.Resources, dataset.DescribePublished(d))
		}
	}
}
