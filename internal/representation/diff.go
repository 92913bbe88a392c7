package representation

import (
	"fmt"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
)

// DiffDocument surrounds the changes from one release to another.
func (s *Service) DiffDocument(from, to *domain.Release, changes int) encode.Document {
	meta := s.Meta(to, dataset.Changes.ID)
	total := int64(changes)
	meta.Total = &total
	self := fmt.Sprintf("%s/v1/releases/%s/diff?from=%s", s.settings.PublicURL, to.ID, from.ID)
	links := Links{Self: self + "&format=json", CSV: self + "&format=csv"}
	d := encode.Document{Columns: dataset.Changes.Columns, Rows: total, Members: members(meta, links), Total: total}
	s.tell(&d, to, dataset.Changes, self)
	return d
}
