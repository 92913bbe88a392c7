// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// ChecksumsName and SignatureName are the names of the file with the checksums of a
// release's files, and of the signature over it.
const (
	ChecksumsName = "SHA256SUMS"
	SignatureName = ChecksumsName + ".sig"
)

// Checksums returns the SHA-256 of all files of a release in the form of sha256sum. The
// names are addresses relative to that of the checksums.
func (s *Service) Checksums(ctx context.Context, r *domain.Release, c representation.Coding) (*representation.Representation, error) {
	return s.responses.CachedWithFiles(ctx, "checksums "+release.Key(r), c, func(ctx context.Context) (*representation.Representation, error) {
		if err := s.releases.Whole(ctx, r); err != nil {
			return nil, err
		}
		sums := map[string]string{} // by name
		folder := s.settings.PublicURL + "/v1/releases/" + r.ID + "/"
		add := func(address, sum string) { sums[strings.TrimPrefix(address, folder)] = sum }
		for _, d := range datasets(r) {
			for _, f := range encode.Formats {
				file, err := s.file(ctx, r, d, f)
				if err != nil {
					return nil, err
				}
				add(file.Address, file.SHA256)
				if f.Name != "csv" {
					continue
				}
				metadata, err := s.TableMetadata(ctx, r, d, f, representation.Identity)
				if err != nil {
					return nil, err
				}
				add(s.settings.TableMetadataAddress(r, d, f), metadata.SHA256)
			}
		}
		for _, f := range WholeFormats {
			file, err := s.wholeFile(ctx, r, f)
			if err != nil {
				return nil, err
			}
			add(file.Address, file.SHA256)
		}
		description, err := s.DataPackage(ctx, r, representation.Identity)
		if err != nil {
			return nil, err
		}
		add(folder+dataset.ManifestName, description.SHA256)
		var body []byte
		for _, name := range slices.Sorted(maps.Keys(sums)) {
			body = fmt.Appendf(body, "%s  %s\n", sums[name], name)
		}
		return representation.New(representation.Head{ContentType: "text/plain; charset=utf-8"}, body), nil
	})
}
