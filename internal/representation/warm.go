package representation

import (
	"context"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
)

// Warm makes what everybody will ask of a release: whole datasets and the
// catalogue in every coding. What is too large for memory is left for the first
// who asks.
func (s *Service) Warm(ctx context.Context, r *domain.Release) error {
	for _, d := range dataset.All {
		part, held := r.Dataset(d.ID)
		if !held || part.Rows*int64(len(d.Columns))*bytesPerCell > s.limits.FileBytes {
			continue
		}
		for _, f := range encode.Formats {
			if err := s.warm(func(c Coding) error {
				_, err := s.Rows(ctx, Request{Release: r, Query: dataset.Query{Dataset: d}, Format: f}, c)
				return err
			}); err != nil {
				return err
			}
		}
	}
	for _, f := range rdf.Formats() {
		if err := s.warm(func(c Coding) error {
			_, err := s.Catalog(ctx, r, f, c)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) warm(make func(Coding) error) error {
	for _, c := range Codings {
		if err := make(c); err != nil {
			return err
		}
	}
	return nil
}
