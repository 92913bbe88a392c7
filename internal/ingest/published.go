// SPDX-License-Identifier: EUPL-1.2

package ingest

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/store"
)

// A data package as it is served has computed datasets and columns, too. They must be as
// they were published: those of the base or, if there is none, those that follow from the
// package. What is stored of such a package is what an editor would have written.

const (
	computedCell = "is in a column that is computed when a release is published, and cannot be edited; restore the original value"
	computedNew  = "is in a column that is computed when a release is published; leave it empty in new rows"
	computedRow  = "is in a new row of a computed dataset; delete the row, and edit the datasets that it follows from"
	computedOld  = "has fewer rows than in the latest release, because the package is from an older one; delete the file, or download the package again and repeat your edits there"
	computedLack = "lacks rows of a dataset that is computed when a release is published; edit the datasets that it follows from"
)

// published reports whether a resource describes a dataset as it is served.
func published(d *dataset.Dataset, r dataset.Resource) bool {
	return sameStructure(dataset.DescribePublished(d), r) && (d.Computed || !sameStructure(dataset.Describe(d), r))
}

func asPublished(m dataset.Manifest) bool {
	return slices.ContainsFunc(m.Resources, func(r dataset.Resource) bool {
		d := dataset.ByID(r.Name)
		return d != nil && published(d, r)
	})
}

// AsPublished reports whether the folder has a data package as it is served.
func AsPublished(folder fs.FS) bool {
	m, ok := peek(folder)
	return ok && asPublished(m)
}

// computed reports whether nobody edits a column.
func computed(c dataset.Column) bool { return c.Via != "" || c.Computed }

// columns returns the columns of the file of a dataset.
func (r *reader) columns(d *dataset.Dataset) []dataset.Column {
	if !r.published[d.ID] || r.carried[d.ID] {
		return d.Edited()
	}
	out := slices.Clone(d.Columns)
	for i, c := range out {
		out[i].Required = c.Required && !computed(c)
	}
	return out
}

// edit leaves the edited columns in a table.
func (r *reader) edit(t *Table) {
	d := t.Dataset
	if !r.published[d.ID] || r.carried[d.ID] || r.pkg.Tables[d.ID] == nil {
		return
	}
	if t.bulk == nil {
		r.compareComputed(t)
	}
	t.Columns = d.Edited()
	t.places = placesOf(d, t)
	for i, row := range t.Rows {
		if r.base == nil {
			t.computed = append(t.computed, row)
		}
		t.Rows[i] = t.project(row)
	}
	t.passed = nil
	if !t.complete || len(r.findings) > 0 {
		return
	}
	if f, err := t.asFile(); err == nil {
		r.pkg.Files[f.Path] = f
	} else {
		r.unreadable(t.file, err)
	}
}

// project returns the edited cells of a row with all columns.
func (t *Table) project(row []string) []string {
	out := make([]string, len(t.places))
	for i, place := range t.places {
		if place < len(row) {
			out[i] = row[place]
		}
	}
	return out
}

// writeTo writes the table as the file of a data package.
func (t *Table) writeTo(w io.Writer) error {
	lines := csv.NewWriter(w)
	if err := lines.Write(dataset.Names(t.Columns)); err != nil {
		return err
	}
	for row, err := range t.All() {
		if err == nil {
			err = lines.Write(row)
		}
		if err != nil {
			return err
		}
	}
	lines.Flush()
	return lines.Error()
}

// asFile returns the table as the file of a data package; a bulk dataset is written each
// time that the file is read.
func (t *Table) asFile() (store.File, error) {
	path := t.Dataset.ID + ".csv"
	if t.bulk == nil {
		var b bytes.Buffer
		err := t.writeTo(&b)
		return store.NewFile(path, b.Bytes()), err
	}
	sum, size := sha256.New(), int64(0)
	if err := t.writeTo(io.MultiWriter(sum, counter{&size})); err != nil {
		return store.File{}, err
	}
	return store.File{Path: path, Size: size, Sum: hex.EncodeToString(sum.Sum(nil)), Open: func() (io.ReadCloser, error) {
		r, w := io.Pipe()
		go func() { w.CloseWithError(t.writeTo(w)) }()
		return r, nil
	}}, nil
}

type counter struct{ n *int64 }

func (c counter) Write(b []byte) (int, error) {
	*c.n += int64(len(b))
	return len(b), nil
}

// compareComputed compares the computed cells of the rows with those of the base.
func (r *reader) compareComputed(t *Table) {
	d := t.Dataset
	if !r.published[d.ID] || r.carried[d.ID] || r.base == nil || len(t.Rows) == 0 || len(t.Columns) != len(d.Columns) {
		return
	}
	ids := make([]string, 0, len(t.Rows))
	for _, row := range t.sound() {
		ids = append(ids, row[0])
	}
	before := map[string][]string{}
	err := r.base.eachRow(d, ids, func(row []string) { before[row[0]] = row })
	if err != nil {
		r.failed = err
		return
	}
	for i, row := range t.sound() {
		r.compareRow(t, i, row, before[row[0]])
	}
}

func (r *reader) compareRow(t *Table, i int, row, before []string) {
	for j, c := range t.Dataset.Columns {
		switch {
		case !computed(c) && !t.Dataset.Computed:
		case before == nil && row[j] != "" && t.Dataset.Computed:
			r.add(at(t, i, c.Name, row[j], computedRow, ""))
		case before == nil && row[j] != "":
			r.add(at(t, i, c.Name, row[j], computedNew, ""))
		case before != nil && row[j] != before[j]:
			r.add(at(t, i, c.Name, row[j], computedCell, "it was "+quote(before[j])))
		}
	}
}

// checkComputed compares computed datasets of the package with the base. Without a base,
// they and computed columns must follow from the package.
func (r *reader) checkComputed() error {
	if r.failed != nil || len(r.published) == 0 {
		return r.failed
	}
	r.pkg.published = true
	var derived *content
	if r.base == nil {
		created, err := time.Parse(time.RFC3339, r.pkg.Manifest.Created)
		if err != nil {
			return err
		}
		if derived, err = derive(r.pkg, created.UTC().Format(time.DateOnly)); err != nil {
			return err
		}
	}
	for _, d := range dataset.All {
		if !r.published[d.ID] || r.carried[d.ID] {
			continue
		}
		t := r.pkg.Tables[d.ID]
		var file [][]string
		if d.Computed {
			if t = r.readComputed(d); t == nil {
				continue
			}
			file = t.Rows
		} else if file = t.computed; r.base != nil {
			continue // compared while it was read
		}
		if t.bulk != nil {
			if err := r.compareDerived(t, derived.bulk[d.ID].Rows); err != nil {
				return err
			}
			continue
		}
		if derived != nil && d == dataset.Changes {
			continue // of releases that are not here
		}
		rows := map[string][]string{}
		if derived != nil {
			for _, row := range derived.rows[d.ID] {
				rows[row[0]] = row
			}
		} else if err := r.base.eachRow(d, nil, func(row []string) { rows[row[0]] = row }); err != nil {
			return err
		}
		for i, row := range file {
			r.compareRow(t, i, row, rows[row[0]])
		}
		if len(file) < len(rows) {
			rule := computedLack
			if d == dataset.Changes { // which only ever grows
				rule = computedOld
			}
			r.add(Finding{File: t.file, Rule: rule, Hint: fmt.Sprintf("it has %d rows instead of %d", len(file), len(rows))})
		}
	}
	return nil
}

// readComputed reads the file of a computed dataset. It returns nil if the package does
// not have it.
func (r *reader) readComputed(d *dataset.Dataset) *Table {
	path := d.ID + ".csv"
	if _, err := fs.Lstat(r.folder, path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	content, ok := r.file(path, r.limits.file)
	if !ok {
		return nil
	}
	delete(r.pkg.Files, path)
	t := &Table{Dataset: d, file: path, Columns: slices.Clone(d.Columns), broken: map[int]bool{}}
	for i := range t.Columns {
		t.Columns[i].Required = false
	}
	r.readText(t, content)
	if !t.complete || len(r.findings) > 0 {
		return nil
	}
	return t
}

// compareDerived compares the computed cells of a bulk dataset with what follows from the
// package.
func (r *reader) compareDerived(t *Table, rows store.Rows) error {
	lines, content, err := t.bulk.open()
	if err != nil {
		return err
	}
	defer content.Close()
	if _, err := lines.next(); err != nil {
		return err
	}
	for before, err := range rows {
		if err != nil {
			return err
		}
		row, err := lines.next()
		if err != nil || len(row) != len(before) || row[0] != before[0] {
			return store.ErrChanged
		}
		t.numbers = append(t.numbers[:0], lines.row)
		r.compareRow(t, 0, row, before)
	}
	return nil
}

// editManifest adds to the description of a served package what only an editor's
// description has, taken from the base.
func (r *reader) editManifest(m *dataset.Manifest) error {
	m.Others = nil
	if r.base == nil {
		for i, l := range m.Licenses {
			if l.Name == "" {
				m.Licenses[i].Name = strings.TrimPrefix(l.Path, dataset.LicenseBase)
				m.Licenses[i].Title = dataset.LicenseTitle(l.Path).DE
			}
		}
		return nil
	}
	content, err := r.base.content(dataset.ManifestName)
	if err != nil {
		return err
	}
	var before dataset.Manifest
	if err := json.Unmarshal(content, &before); err != nil {
		return fmt.Errorf("release %s: %s: %w", r.base.Release.ID, dataset.ManifestName, err)
	}
	if m.Description == "" {
		m.Description = before.Description
	}
	m.Licenses, m.Others = before.Licenses, before.Others
	return nil
}
