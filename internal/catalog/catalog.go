// SPDX-License-Identifier: EUPL-1.2

// Package catalog describes a release as a DCAT-AP.de 3.0 catalogue, in schema.org, in
// CSVW and as a data package, from the descriptions of the datasets. Package rdf writes
// the graphs that it builds.
package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
)

// Entry is a dataset of a release in the catalogue.
type Entry struct {
	Dataset *dataset.Dataset
	Part    domain.ReleaseDataset
	// Period is what the rows cover.
	Period
	// English reports whether rows have texts in English.
	English bool
	Files   []File
}

// File is a file of a dataset.
type File struct {
	Format encode.Format
	// Address is permanent, so size and checksum remain valid.
	Address string
	Size    int64
	// SHA256 is the checksum in hexadecimal.
	SHA256 string
	// Schema is the address of the schema that the file conforms to, or empty (K29).
	Schema string
}

// Catalogued returns the datasets that have a catalogue entry.
func Catalogued() []*dataset.Dataset {
	var out []*dataset.Dataset
	for _, d := range dataset.All {
		if !d.Secondary {
			out = append(out, d)
		}
	}
	return out
}

// Listed reports whether pages and the catalogue list a dataset of the release. An
// optional one is listed once it has rows; any other stays even if it loses all its rows,
// because a harvester deletes what it no longer finds.
func Listed(r *domain.Release, d *dataset.Dataset) bool {
	part, held := r.Dataset(d.ID)
	return held && (part.Rows > 0 || !d.Optional)
}

// complete returns domain.ErrUnavailable if a catalogued dataset of the release has no
// entry, or the release has a dataset that only a later version of the program knows.
// A harvester deletes what it no longer finds, so an incomplete catalogue must not be
// built.
func complete(r *domain.Release, entries []Entry) error {
	for _, part := range r.Datasets {
		if dataset.ByID(part.ID) == nil {
			return fmt.Errorf("%w: the dataset %s of release %s is unknown to this version of the program", domain.ErrUnavailable, part.ID, r.ID)
		}
	}
	for _, d := range Catalogued() {
		described := slices.ContainsFunc(entries, func(e Entry) bool { return e.Dataset.ID == d.ID && len(e.Files) > 0 })
		if Listed(r, d) && !described {
			return fmt.Errorf("%w: the catalogue of release %s lacks the dataset %s", domain.ErrUnavailable, r.ID, d.ID)
		}
	}
	if len(entries) == 0 {
		return fmt.Errorf("%w: the catalogue of release %s is empty", domain.ErrUnavailable, r.ID)
	}
	return nil
}

// newest returns the latest modification of a dataset.
func newest(entries []Entry) time.Time {
	return slices.MaxFunc(entries, func(a, b Entry) int { return a.Part.Modified.Compare(b.Part.Modified) }).Part.Modified
}

// oldest returns when the first dataset was issued.
func oldest(entries []Entry) time.Time {
	return slices.MinFunc(entries, func(a, b Entry) int { return a.Part.Issued.Compare(b.Part.Issued) }).Part.Issued
}

// Period is a period of time by its first and last day (dct:PeriodOfTime). Both are
// empty if it is unknown.
type Period struct{ First, Last string }

// union returns the shortest period that contains both.
func (p Period) union(other Period) Period {
	switch {
	case other.First == "":
		return p
	case p.First == "":
		return other
	}
	return Period{min(p.First, other.First), max(p.Last, other.Last)}
}

// Coverage returns the period that the rows of a dataset are about (dct:temporal).
// Rows without a period take it from the rows they belong to: indicators from
// observations, contradictions from the rows they name, codelists from rows with
// codes.
func Coverage(ctx context.Context, tables *release.Tables, r *domain.Release, d *dataset.Dataset) (Period, error) {
	switch {
	case len(periods(d)) > 0:
		return span(ctx, tables, r, d)
	case d == dataset.Contradictions:
		return namedCoverage(ctx, tables, r)
	}
	var all Period
	for _, other := range dataset.All {
		if len(periods(other)) == 0 || !other.RefersTo(d) && (d != dataset.Codelists || !hasCodes(other)) {
			continue
		}
		c, err := span(ctx, tables, r, other)
		if err != nil {
			return Period{}, err
		}
		all = all.union(c)
	}
	return all, nil
}

func span(ctx context.Context, tables *release.Tables, r *domain.Release, d *dataset.Dataset) (Period, error) {
	rows, err := tables.Table(ctx, r, d)
	if err != nil {
		return Period{}, err
	}
	var all Period
	for _, column := range periods(d) {
		first, last := rows.Span(column)
		all = all.union(Period{first, last})
	}
	return all, nil
}

// namedCoverage returns the period of the rows that contradictions name.
func namedCoverage(ctx context.Context, tables *release.Tables, r *domain.Release) (Period, error) {
	d := dataset.Contradictions
	var ids []string
	err := tables.Rows(ctx, r, dataset.Query{Dataset: d, Fields: []int{d.Column("rows")}}, func(cells [][]byte) error {
		ids = append(ids, strings.Fields(string(cells[0]))...)
		return nil
	})
	if err != nil {
		return Period{}, err
	}
	slices.Sort(ids)
	var all Period
	for named := range slices.Chunk(slices.Compact(ids), dataset.MaxValues) {
		for _, other := range dataset.All {
			if other.Computed || len(periods(other)) == 0 {
				continue
			}
			c, err := coverageOf(ctx, tables, r, other, named)
			if err != nil {
				return Period{}, err
			}
			all = all.union(c)
		}
	}
	return all, nil
}

// coverageOf returns the period of the rows with the ids.
func coverageOf(ctx context.Context, tables *release.Tables, r *domain.Release, d *dataset.Dataset, ids []string) (Period, error) {
	q := dataset.Query{Dataset: d, Fields: periods(d), Filters: []dataset.Filter{{Column: d.Column("id"), Values: ids}}}
	var all Period
	err := tables.Rows(ctx, r, q, func(cells [][]byte) error {
		for _, cell := range cells {
			if p, err := domain.ParsePeriod(string(cell)); err == nil { // empty cells are skipped
				all = all.union(Period{p.Start(), p.End()})
			}
		}
		return nil
	})
	return all, err
}

// periods returns the columns with the periods that a row is about, without those that
// say when it became known.
func periods(d *dataset.Dataset) []int {
	var all []int
	for i, c := range d.Columns {
		if c.Type == dataset.Period && c.Name != "published" && c.Name != "knownUntil" {
			all = append(all, i)
		}
	}
	return all
}

// HasEnglish reports whether rows of the dataset have texts in English, which have columns
// of their own.
func HasEnglish(ctx context.Context, tables *release.Tables, r *domain.Release, d *dataset.Dataset) (bool, error) {
	rows, err := tables.Table(ctx, r, d)
	if err != nil {
		return false, err
	}
	for i, c := range d.Columns {
		if !strings.HasSuffix(c.Name, "En") {
			continue
		}
		for row := range rows.Len() {
			if len(rows.Cell(row, i)) > 0 {
				return true, nil
			}
		}
	}
	return false, nil
}

func hasCodes(d *dataset.Dataset) bool {
	return slices.ContainsFunc(d.Columns, func(c dataset.Column) bool { return c.Entry() == dataset.Code })
}
