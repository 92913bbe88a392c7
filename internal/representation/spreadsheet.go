package representation

import (
	"context"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
)

// tell completes a document with what a workbook tells of its rows.
func (s *Service) tell(d *encode.Document, r *domain.Release, of *dataset.Dataset, address string) {
	d.Dataset, d.Release, d.Published = of, r.ID, r.Published
	d.License, d.Attribution, d.Address = s.settings.License, s.settings.Attribution, address
}

// sources are the documents that the rows of a release refer to.
func (s *Service) sources(ctx context.Context, r *domain.Release) ([]encode.Source, error) {
	var out []encode.Source
	d := dataset.Sources
	err := s.releases.Rows(ctx, r, dataset.Query{Dataset: d}, func(cells [][]byte) error {
		cell := func(name string) string { return string(cells[d.Column(name)]) }
		out = append(out, encode.Source{
			ID: cell("id"), Title: dataset.Text{DE: cell("title"), EN: cell("titleEn")}, Publisher: cell("publisher"),
			Published: cell("published"), Reference: cell("reference"), URL: cell("url"),
		})
		return nil
	})
	return out, err
}

// codes are the entries of the codelists of a release.
func (s *Service) codes(ctx context.Context, r *domain.Release) ([]encode.Code, error) {
	var out []encode.Code
	d := dataset.Codelists
	err := s.releases.Rows(ctx, r, dataset.Query{Dataset: d}, func(cells [][]byte) error {
		cell := func(name string) string { return string(cells[d.Column(name)]) }
		out = append(out, encode.Code{
			List: cell("codelist"), Code: cell("code"), Title: dataset.Text{DE: cell("title"), EN: cell("titleEn")},
			Definition: dataset.Text{DE: cell("definition"), EN: cell("definitionEn")},
		})
		return nil
	})
	return out, err
}
