// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// Fault is a place where a release is not as it was published.
type Fault struct {
	Release string
	// File, Dataset, Row and Column are the place, as far as it is known.
	File, Dataset, Row, Column string
	// Text describes the fault.
	Text string
}

// String returns the place and the fault.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString("release " + f.Release)
	for _, part := range [...]struct{ name, value string }{{"file", f.File}, {"dataset", f.Dataset}, {"row", f.Row}, {"column", f.Column}} {
		if part.value != "" {
			b.WriteString(", " + part.name + " " + part.value)
		}
	}
	return b.String() + ": " + f.Text
}

// Verify compares the rows of a release with the checksums with which it was published.
// Where they differ, the rows of its data package, which may be nil, show which rows are
// affected. An error means that it could not be verified.
func (s *Store) Verify(ctx context.Context, r *domain.Release, pkg []Table) ([]Fault, error) {
	var faults []Fault
	if err := s.Whole(ctx, r); errors.As(err, new(Altered)) {
		faults = append(faults, Fault{Release: r.ID, Text: err.Error()})
	} else if err != nil {
		return nil, err
	}
	for _, part := range r.Datasets {
		d := dataset.ByID(part.ID)
		if d == nil {
			faults = append(faults, Fault{Release: r.ID, Dataset: part.ID, Text: "this program does not know the dataset and cannot verify it"})
			continue
		}
		if _, _, err := storedColumns(d, part); err != nil {
			faults = append(faults, Fault{Release: r.ID, Dataset: d.ID, Text: err.Error()})
			continue
		}
		err := s.Read(ctx, r, d, func([][]byte) error { return nil })
		var altered Altered
		switch {
		case err == nil:
			continue
		case !errors.As(err, &altered):
			return faults, err
		}
		c := &comparison{release: r, dataset: d}
		if i := slices.IndexFunc(pkg, func(t Table) bool { return t.Dataset == d }); i >= 0 && d != dataset.Changes {
			if err := c.compare(ctx, s, pkg[i].Rows); err != nil {
				return faults, err
			}
		}
		faults = append(append(faults, c.faults...), Fault{Release: r.ID, Dataset: d.ID, Text: string(altered)})
	}
	records, err := s.Records(ctx, r)
	for _, f := range records {
		// Faults that are known already explain a difference.
		if !slices.ContainsFunc(faults, func(known Fault) bool { return known.Dataset == f.Dataset }) {
			faults = append(faults, f)
		}
	}
	return faults, err
}

// Records compares what is recorded about releases and their datasets with the checksums
// of these records. What changes after publication (the latest release, withdrawals,
// signatures) is not part of them. It returns ErrUnavailable if one of the releases has
// been deleted: what is known about it may be incomplete.
func (s *Store) Records(ctx context.Context, releases ...*domain.Release) (faults []Fault, err error) {
	seqs, ids := make([]int64, len(releases)), map[int64]string{}
	for i, r := range releases {
		seqs[i], ids[r.Seq] = r.Seq, r.ID
	}
	var rows []releaseRow
	var parts []releaseDatasetRow
	err = s.read.WithContext(ctx).Order("seq DESC").Find(&rows, "seq IN ?", seqs).Error
	if err == nil {
		err = s.read.WithContext(ctx).Order("release_seq DESC, dataset").Find(&parts, "release_seq IN ?", seqs).Error
	}
	if err != nil {
		return nil, fmt.Errorf("verify releases: %w", translate(err))
	}
	if len(rows) < len(releases) {
		return nil, fmt.Errorf("%w: a release was deleted meanwhile", domain.ErrUnavailable)
	}
	for _, row := range rows {
		if row.Record != "" && row.Record != row.record() {
			faults = append(faults, Fault{Release: ids[row.Seq], Text: "what is recorded about it (id, title, time, notes, previous release, checksums) is not what was published"})
		}
	}
	for _, p := range parts {
		if p.altered() {
			faults = append(faults, Fault{Release: ids[p.ReleaseSeq], Dataset: p.Dataset, Text: alteredRecord})
		}
	}
	return faults, nil
}

// VerifyFiles compares the files of a release's data package with the release's
// content hash, and each with its own. It does nothing if there are no files, as for
// generated releases, or if they have more than limit bytes; a negative limit means no
// limit.
func (s *Store) VerifyFiles(ctx context.Context, r *domain.Release, limit int64) ([]Fault, error) {
	var number, size int64
	err := s.read.WithContext(ctx).Raw("SELECT COUNT(*), CAST(COALESCE(SUM(CASE version WHEN 0 THEN LENGTH(content) ELSE size END), 0) AS bigint) FROM release_files WHERE release_seq = ?", r.Seq).Row().Scan(&number, &size)
	if err != nil {
		return nil, fmt.Errorf("verify release %s: files: %w", r.ID, translate(err))
	}
	if number == 0 || limit >= 0 && size > limit {
		return nil, nil
	}
	rows, err := s.fileRows(ctx, r)
	if err != nil {
		return nil, err
	}
	var faults []Fault
	sum := sha256.New()
	for _, row := range rows {
		read, err := addFile(sum, s.fileOf(ctx, row))
		switch {
		case errors.As(err, new(Altered)):
			faults = append(faults, Fault{Release: r.ID, File: row.Path, Text: err.Error()})
		case err != nil:
			return nil, err
		case row.Sum != "" && read != (fileSum{row.Size, row.Sum}): // "": published by an older program
			faults = append(faults, Fault{Release: r.ID, File: row.Path, Text: fmt.Sprintf("has %d bytes with the SHA-256 %s; %d with %s were published", read.size, read.sum, row.Size, row.Sum)})
		}
	}
	total := hex.EncodeToString(sum.Sum(nil))
	if total == r.ContentHash {
		return faults, nil
	}
	for _, path := range missingFiles(r, rows, faults) {
		faults = append(faults, Fault{Release: r.ID, File: path, Text: "is missing"})
	}
	if len(faults) == 0 {
		faults = append(faults, Fault{Release: r.ID, Text: fmt.Sprintf("the files of its data package have the SHA-256 %s, not %s", total, r.ContentHash)})
	}
	return faults, nil
}

// missingFiles returns the files that a data package lacks: those that its manifest
// describes or, if that is missing or altered, those of datasets with rows.
func missingFiles(r *domain.Release, rows []fileRow, known []Fault) []string {
	var described, missing []string
	i := slices.IndexFunc(rows, func(row fileRow) bool { return row.Path == dataset.ManifestName })
	altered := slices.ContainsFunc(known, func(f Fault) bool { return f.File == dataset.ManifestName })
	var m dataset.Manifest
	if i >= 0 && !altered && json.Unmarshal(rows[i].Content, &m) == nil {
		for _, resource := range m.Resources {
			described = append(described, resource.Name+".csv")
		}
	} else {
		described = append(described, dataset.ManifestName)
		for _, part := range r.Datasets {
			if d := dataset.ByID(part.ID); d != nil && !d.Computed && part.Rows > 0 {
				described = append(described, part.ID+".csv")
			}
		}
	}
	for _, path := range described {
		if !slices.ContainsFunc(rows, func(row fileRow) bool { return row.Path == path }) {
			missing = append(missing, path)
		}
	}
	return missing
}

// ContentHash is the SHA-256 over paths and contents of the files of a data package
// in order, in hexadecimal. It returns ErrChanged if a file is not what its checksum says.
func ContentHash(files []File) (string, error) {
	sum := sha256.New()
	for _, f := range files {
		if err := f.addTo(sum); err != nil {
			return "", fmt.Errorf("%s: %w", f.Path, err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// addTo adds the file to the content hash. It returns ErrChanged if the file is not what
// its checksum says.
func (f File) addTo(total hash.Hash) error {
	read, err := addFile(total, f)
	if err == nil && read != (fileSum{f.Size, f.Sum}) {
		err = ErrChanged
	}
	return err
}

// fileSum is the size of a file and its SHA-256.
type fileSum struct {
	size int64
	sum  string
}

// addFile adds a file to the content hash and returns its own.
func addFile(total hash.Hash, f File) (fileSum, error) {
	fmt.Fprintf(total, "%s\x00%d\x00", f.Path, f.Size)
	r, err := f.Open()
	if err != nil {
		return fileSum{}, err
	}
	defer r.Close()
	own := sha256.New()
	n, err := io.Copy(io.MultiWriter(total, own), r)
	return fileSum{n, hex.EncodeToString(own.Sum(nil))}, err
}

// maxFaults is how many rows of a dataset are listed.
const maxFaults = 20

// comparison finds the rows of a dataset that differ from the data package.
type comparison struct {
	release *domain.Release
	dataset *dataset.Dataset
	faults  []Fault
	more    int // faults that are not listed
}

func (c *comparison) add(row, column, text string) {
	if len(c.faults) == maxFaults {
		c.more++
		return
	}
	c.faults = append(c.faults, Fault{Release: c.release.ID, Dataset: c.dataset.ID, Row: row, Column: column, Text: text})
}

func (c *comparison) compare(ctx context.Context, s *Store, rows Rows) error {
	part, _ := c.release.Dataset(c.dataset.ID)
	_, places, err := storedColumns(c.dataset, part)
	if err != nil {
		return err
	}
	want := map[string][]string{}
	var order []string
	for row, err := range rows {
		if err != nil {
			return err
		}
		row = slices.Clone(row)
		want[row[0]], order = row, append(order, row[0])
	}
	err = s.Read(ctx, c.release, c.dataset, func(cells [][]byte) error {
		id := string(cells[0])
		row, ok := want[id]
		if !ok {
			c.add(id, "", "is not in the data package")
			return nil
		}
		delete(want, id)
		for _, i := range places {
			if cell := string(cells[i]); cell != row[i] {
				c.add(id, c.dataset.Columns[i].Name, differ(cell, row[i]))
			}
		}
		return nil
	})
	if err != nil && !errors.As(err, new(Altered)) {
		return err
	}
	for _, id := range order {
		if _, missing := want[id]; missing {
			c.add(id, "", "is missing; the data package has it")
		}
	}
	if c.more > 0 {
		c.faults = append(c.faults, Fault{Release: c.release.ID, Dataset: c.dataset.ID, Text: fmt.Sprintf("and %d more differences", c.more)})
	}
	return nil
}

// differ describes two values that differ; of long ones it shows the text around the
// first difference.
func differ(stored, published string) string {
	const before, longest = 15, 60
	texts := [2]string{stored, published}
	same := 0
	for same < min(len(texts[0]), len(texts[1])) && texts[0][same] == texts[1][same] {
		same++
	}
	var shown [2]any
	for i, text := range texts {
		if len(text) > longest {
			start, end := max(0, same-before), min(len(text), max(0, same-before)+longest)
			cut := strings.ToValidUTF8(text[start:end], "")
			if start > 0 {
				cut = "…" + cut
			}
			if end < len(text) {
				cut += "…"
			}
			text = cut
		}
		shown[i] = strconv.Quote(text)
	}
	return fmt.Sprintf("is %s, but the data package has %s", shown[0], shown[1])
}
