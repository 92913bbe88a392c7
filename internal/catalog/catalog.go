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

// Settings are what the catalogue says of its publisher.
type Settings struct {
	// PublicURL is the address of the service without a slash at its end.
	PublicURL string
	// Publisher is who is responsible for the publication (K36).
	Publisher Publisher
	// Contact is a functional mailbox, never a person's (K01).
	Contact Contact
	// ContributorID is an IRI of the DCAT-AP.de list of contributors (K12, K13).
	ContributorID string
	// License is the IRI of the licence of the data, CatalogLicense that of the
	// metadata; both from the DCAT-AP.de list (K32).
	License, CatalogLicense string
	// Attribution is the text that the licence of the data asks for (K35).
	Attribution string
	// Availability is a code of the EU list planned-availability.
	Availability string
	// Frequency is a code of the EU list frequency.
	Frequency string
}

// Publisher is a foaf:Organization.
type Publisher struct {
	// URI names the publisher; empty means one of the catalogue's own.
	URI string
	// Name is its name in German.
	Name string
	// Homepage is its address on the web, or empty.
	Homepage string
	// Type is a code of the list ADMS publisher type (K37).
	Type string
}

// Contact is a vcard:Organization.
type Contact struct{ Name, Email, URL string }

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

// DatasetIRI names a dataset for ever, whatever the release.
func (s Settings) DatasetIRI(id string) string { return s.PublicURL + "/v1/datasets/" + id }

// CatalogIRI names the catalogue.
func (s Settings) CatalogIRI() string { return s.PublicURL + "/v1/catalog" }

// publisherIRI names the publisher.
func (s Settings) publisherIRI() string {
	if s.Publisher.URI != "" {
		return s.Publisher.URI
	}
	return s.CatalogIRI() + "#publisher"
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
