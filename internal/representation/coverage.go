package representation

import (
	"context"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
)

// coverage is a time by its first and last day; both are empty for none.
type coverage struct{ first, last string }

// with is the shortest time that holds both.
func (c coverage) with(other coverage) coverage {
	switch {
	case other.first == "":
		return c
	case c.first == "":
		return other
	}
	return coverage{min(c.first, other.first), max(c.last, other.last)}
}

// coverage is the time that a dataset's rows are about. Rows without a period of
// their own are about the time of the rows that they concern: an indicator about
// that of its observations, a contradiction about that of the rows it names, the
// codes about that of the rows that bear codes.
func (s *Service) coverage(ctx context.Context, r *domain.Release, d *dataset.Dataset) (coverage, error) {
	ctx, cancel := context.WithTimeout(ctx, s.limits.Timeout)
	defer cancel()
	switch {
	case len(periods(d)) > 0:
		return s.span(ctx, r, d)
	case d == dataset.Contradictions:
		return s.namedCoverage(ctx, r)
	}
	var all coverage
	for _, other := range dataset.All {
		if len(periods(other)) == 0 || !other.RefersTo(d) && (d != dataset.Codelists || !hasCodes(other)) {
			continue
		}
		c, err := s.span(ctx, r, other)
		if err != nil {
			return coverage{}, err
		}
		all = all.with(c)
	}
	return all, nil
}

func (s *Service) span(ctx context.Context, r *domain.Release, d *dataset.Dataset) (coverage, error) {
	rows, err := s.releases.Table(ctx, r, d)
	if err != nil {
		return coverage{}, err
	}
	var all coverage
	for _, column := range periods(d) {
		first, last := rows.Span(column)
		all = all.with(coverage{first, last})
	}
	return all, nil
}

// namedCoverage is the time of the rows that contradictions name.
func (s *Service) namedCoverage(ctx context.Context, r *domain.Release) (coverage, error) {
	d := dataset.Contradictions
	var ids []string
	err := s.releases.Rows(ctx, r, dataset.Query{Dataset: d, Fields: []int{d.Column("rows")}}, func(cells [][]byte) error {
		ids = append(ids, strings.Fields(string(cells[0]))...)
		return nil
	})
	if err != nil {
		return coverage{}, err
	}
	slices.Sort(ids)
	var all coverage
	for named := range slices.Chunk(slices.Compact(ids), dataset.MaxValues) {
		for _, other := range []*dataset.Dataset{dataset.Observations, dataset.OZGServiceCounts} {
			c, err := s.coverageOf(ctx, r, other, named)
			if err != nil {
				return coverage{}, err
			}
			all = all.with(c)
		}
	}
	return all, nil
}

// coverageOf is the time of the rows with the ids.
func (s *Service) coverageOf(ctx context.Context, r *domain.Release, d *dataset.Dataset, ids []string) (coverage, error) {
	q := dataset.Query{Dataset: d, Fields: periods(d), Filters: []dataset.Filter{{Column: d.Column("id"), Values: ids}}}
	var all coverage
	err := s.releases.Rows(ctx, r, q, func(cells [][]byte) error {
		for _, cell := range cells {
			if p, err := domain.ParsePeriod(string(cell)); err == nil { // an empty cell is none
				all = all.with(coverage{p.Start(), p.End()})
			}
		}
		return nil
	})
	return all, err
}

// periods are the columns that say what time a row is about, not when it was
// published.
func periods(d *dataset.Dataset) []int {
	var all []int
	for i, c := range d.Columns {
		if c.Type == dataset.Period && c.Name != "published" {
			all = append(all, i)
		}
	}
	return all
}

func hasCodes(d *dataset.Dataset) bool {
	return slices.ContainsFunc(d.Columns, func(c dataset.Column) bool { return c.Type == dataset.Code })
}
