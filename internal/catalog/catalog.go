// Package catalog describes a release as a DCAT-AP.de 3.0 catalogue, in schema.org, in
// CSVW and as a data package, from the descriptions of the datasets. Package rdf writes
// the graphs that it builds.
package catalog

import (
	"fmt"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
)

// Entry is a dataset of a release in the catalogue.
type Entry struct {
	Dataset *dataset.Dataset
	Part    domain.ReleaseDataset
	// First and Last are the first and last day that the rows cover.
	First, Last string
	Files       []File
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

// Complete returns domain.ErrUnavailable if a catalogued dataset of the release has no
// entry, or the release has a dataset that only a later version of the program knows.
// A harvester deletes what it no longer finds, so an incomplete catalogue must not be
// built.
func Complete(r *domain.Release, entries []Entry) error {
	for _, part := range r.Datasets {
		if dataset.ByID(part.ID) == nil {
			return fmt.Errorf("%w: the dataset %s of release %s is unknown to this version of the program", domain.ErrUnavailable, part.ID, r.ID)
		}
	}
	byID := map[string]Entry{}
	for _, e := range entries {
		byID[e.Dataset.ID] = e
	}
	for _, d := range Catalogued() {
		if _, held := r.Dataset(d.ID); !held {
			continue
		}
		if e, ok := byID[d.ID]; !ok || len(e.Files) == 0 {
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
	var t time.Time
	for _, e := range entries {
		if e.Part.Modified.After(t) {
			t = e.Part.Modified
		}
	}
	return t
}

// oldest returns when the first dataset was issued.
func oldest(entries []Entry) time.Time {
	t := entries[0].Part.Issued
	for _, e := range entries {
		if e.Part.Issued.Before(t) {
			t = e.Part.Issued
		}
	}
	return t
}
