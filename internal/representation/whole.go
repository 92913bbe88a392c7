// SPDX-License-Identifier: EUPL-1.2

package representation

import (
	"bytes"
	"context"
	"io"

	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/release"
)

// WholeFile is a file with all datasets of a release.
type WholeFile struct {
	Release *domain.Release
	// Name is the name of the file in the address.
	Name      string
	MediaType string
	// Settings are what the content depends on, apart from the release.
	Settings string
	// Write writes the content, always the same bytes.
	Write func(ctx context.Context, w io.Writer) error
}

// Whole returns a file with all datasets of a release. It is written once: into memory
// if the release is small, and otherwise into the cache folder.
func (s *Service) Whole(ctx context.Context, f WholeFile) (*Representation, error) {
	key := "whole " + release.Key(f.Release) + " " + f.Name
	return s.checked(ctx, key, Identity, thorough, fileTimeout, func(ctx context.Context) (*Representation, error) {
		head := Head{
			ContentType: f.MediaType, Immutable: true,
			Disposition: `attachment; filename="zielstand-` + f.Release.ID + f.Name[len("zielstand"):] + `"`,
		}
		if EstimatedSize(f.Release) <= s.limits.FileBytes {
			var body bytes.Buffer
			if err := f.Write(ctx, &body); err != nil {
				return nil, err
			}
			return New(head, body.Bytes()), nil
		}
		return s.buildFile(ctx, s.stableKey(f.Release.ContentHash, key+"\x00"+f.Settings), head, f.Write, s.limited(f.Write))
	})
}

// EstimatedSize returns the estimated bytes of a file with all datasets of a release.
func EstimatedSize(r *domain.Release) (size int64) {
	for _, part := range r.Datasets {
		size += part.Rows * int64(len(part.Columns)) * bytesPerCell
	}
	return size
}

// Scratch calls write with the path of a temporary file, in the cache folder if that can
// be used. The caller deletes it.
func (s *Service) Scratch(write func(path string) error) (string, error) {
	return s.files.Scratch(write)
}

// Copy writes the content of the response.
func (r *Representation) Copy(ctx context.Context, w io.Writer) error {
	switch {
	case r.File != nil:
		return copyFile(ctx, w, r.File.Path)
	case r.Stream != nil:
		return r.Stream(ctx, w)
	}
	_, err := w.Write(r.Body)
	return err
}
