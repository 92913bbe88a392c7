// Package catalog describes a release as a DCAT-AP.de 3.0 catalogue, and in the
// words of schema.org and CSVW, all from the descriptions of the datasets. It
// builds graphs and leaves writing them to package rdf.
package catalog

import (
	"fmt"
	"time"

	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
)

// Entry is one dataset of the release as the catalogue needs it.
type Entry struct {
	Dataset *dataset.Dataset
	Part    domain.ReleaseDataset
	// First and Last are the days that the rows cover.
	First, Last string
	Files       []File
}

// File is a finished file of a dataset.
type File struct {
	Format encode.Format
	// Address is permanent, so that size and checksum stay true.
	Address string
	Size    int64
	// SHA256 is in hexadecimal.
	SHA256 string
	// Schema is the address of the schema that the file conforms to (K29).
	Schema string
}

// Catalogued lists the datasets with a catalogue entry of their own.
func Catalogued() []*dataset.Dataset {
	var out []*dataset.Dataset
	for _, d := range dataset.All {
		if !d.Secondary {
			out = append(out, d)
		}
	}
	return out
}

// Complete is the deletion guard: a harvester deletes what it no longer finds,
// so a catalogue with fewer datasets than the release holds is never built, nor
// one of a release with a dataset that only a later program knows. The error is
// domain.ErrUnavailable.
func Complete(r *domain.Release, entries []Entry) error {
	for _, part := range r.Datasets {
		if dataset.ByID(part.ID) == nil {
			return fmt.Errorf("%w: the dataset %s of release %s is not known here", domain.ErrUnavailable, part.ID, r.ID)
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

// newest is when the youngest dataset was modified.
func newest(entries []Entry) time.Time {
	var t time.Time
	for _, e := range entries {
		if e.Part.Modified.After(t) {
			t = e.Part.Modified
		}
	}
	return t
}

// oldest is when the first dataset was issued.
func oldest(entries []Entry) time.Time {
	t := entries[0].Part.Issued
	for _, e := range entries {
		if e.Part.Issued.Before(t) {
			t = e.Part.Issued
		}
	}
	return t
}
