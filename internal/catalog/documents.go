// SPDX-License-Identifier: EUPL-1.2

package catalog

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/zielstand/zielstand/internal/cache"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/plainjson"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/release"
	"github.com/zielstand/zielstand/internal/representation"
)

// Service builds the documents that describe a release, and caches them with the
// responses whose sizes and checksums they contain.
type Service struct {
	releases  *release.Releases
	responses *representation.Service
	settings  Settings
	described *cache.Recent[string, *sync.Map] // File by address, by release; see describe
}

// Descriptions are forgotten after a day without a request, and only those of so many
// releases are remembered: each release needs about 100 KB.
const (
	describedReleases = 64
	describedIdle     = 24 * time.Hour
)

// NewService returns a service for the releases.
func NewService(releases *release.Releases, responses *representation.Service, settings Settings) *Service {
	return &Service{
		releases: releases, responses: responses, settings: settings,
		described: cache.NewRecent[string, *sync.Map](describedReleases, describedIdle),
	}
}

// Settings returns the settings of the catalogue.
func (s *Service) Settings() Settings { return s.settings }

// Warm builds the most requested responses of a release: whole datasets and the
// catalogue in every coding, except those too large for memory.
func (s *Service) Warm(ctx context.Context, r *domain.Release) error {
	if err := s.responses.Warm(ctx, r); err != nil {
		return err
	}
	for _, f := range rdf.Formats() {
		for _, c := range representation.Codings {
			if _, err := s.Catalog(ctx, r, f, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// Catalog returns the DCAT-AP.de catalogue of a release in an RDF format. The error is
// domain.ErrUnavailable if it would be incomplete: a harvester deletes what is missing.
func (s *Service) Catalog(ctx context.Context, r *domain.Release, f rdf.Format, c representation.Coding) (*representation.Representation, error) {
	key := func(f rdf.Format) string { return "catalog " + datedKey(r) + " " + f.Name }
	return s.responses.CachedWithFiles(ctx, key(f), c, func(ctx context.Context) (*representation.Representation, error) {
		graph, err := s.CatalogGraph(ctx, r)
		if err != nil {
			return nil, err
		}
		return s.serialise(r, graph, f, key)
	})
}

// CatalogGraph returns the catalogue of a release as a graph.
func (s *Service) CatalogGraph(ctx context.Context, r *domain.Release) (*rdf.Graph, error) {
	entries, err := s.Entries(ctx, r)
	if err != nil {
		return nil, err
	}
	return Graph(s.settings, r, entries)
}

// DatasetGraph returns the description of one dataset in an RDF format.
func (s *Service) DatasetGraph(ctx context.Context, r *domain.Release, d *dataset.Dataset, f rdf.Format, c representation.Coding) (*representation.Representation, error) {
	key := func(f rdf.Format) string { return "dataset " + datedKey(r) + " " + d.ID + " " + f.Name }
	return s.responses.CachedWithFiles(ctx, key(f), c, func(ctx context.Context) (*representation.Representation, error) {
		entry, err := s.entry(ctx, r, d)
		if err != nil {
			return nil, err
		}
		graph, err := DatasetGraph(s.settings, r, entry)
		if err != nil {
			return nil, err
		}
		return s.serialise(r, graph, f, key)
	})
}

// SchemaOrg returns the catalogue, or one dataset if d is not nil, in the schema.org
// vocabulary as JSON-LD for search engines.
func (s *Service) SchemaOrg(ctx context.Context, r *domain.Release, d *dataset.Dataset, c representation.Coding) (*representation.Representation, error) {
	name := "all"
	if d != nil {
		name = d.ID
	}
	return s.responses.CachedWithFiles(ctx, "schema.org "+datedKey(r)+" "+name, c, func(ctx context.Context) (*representation.Representation, error) {
		graph, err := s.schemaOrg(ctx, r, d)
		if err != nil {
			return nil, err
		}
		jsonLD, _ := rdf.LookupFormat("jsonld")
		return s.write(r, graph, jsonLD)
	})
}

func (s *Service) schemaOrg(ctx context.Context, r *domain.Release, d *dataset.Dataset) (*rdf.Graph, error) {
	if d != nil {
		entry, err := s.entry(ctx, r, d)
		if err != nil {
			return nil, err
		}
		return SchemaOrgDataset(s.settings, r, &entry)
	}
	entries, err := s.Entries(ctx, r)
	if err != nil {
		return nil, err
	}
	return SchemaOrg(s.settings, r, entries)
}

// Croissant returns the description of a dataset for machine learning.
func (s *Service) Croissant(ctx context.Context, r *domain.Release, d *dataset.Dataset, c representation.Coding) (*representation.Representation, error) {
	return s.responses.CachedWithFiles(ctx, "croissant "+datedKey(r)+" "+d.ID, c, func(ctx context.Context) (*representation.Representation, error) {
		entry, err := s.entry(ctx, r, d)
		if err != nil {
			return nil, err
		}
		return newJSON(representation.Head{ContentType: "application/ld+json"}, CroissantDataset(s.settings, r, entry))
	})
}

// datedKey identifies a release with the dates in its descriptions, which depend on other
// releases, too.
func datedKey(r *domain.Release) string {
	key := release.Key(r)
	for _, part := range r.Datasets {
		key += fmt.Sprintf(" %d %d", part.Issued.Unix(), part.Changed().Unix())
	}
	return key
}

// serialise writes the graph in all formats, caches them, and returns the wanted one.
func (s *Service) serialise(r *domain.Release, graph *rdf.Graph, wanted rdf.Format, key func(rdf.Format) string) (*representation.Representation, error) {
	for _, f := range rdf.Formats() {
		if f.Name == wanted.Name {
			continue
		}
		rep, err := s.write(r, graph, f)
		if err != nil {
			return nil, err
		}
		s.responses.Put(key(f), rep)
	}
	return s.write(r, graph, wanted)
}

func (s *Service) write(r *domain.Release, graph *rdf.Graph, f rdf.Format) (*representation.Representation, error) {
	var body bytes.Buffer
	if err := f.Write(&body, graph, Prefixes); err != nil {
		return nil, fmt.Errorf("catalogue of %s as %s: %w", r.ID, f.Name, err)
	}
	contentType := f.MediaType
	if f.MediaType == "text/turtle" {
		contentType += "; charset=utf-8"
	}
	return representation.New(representation.Head{ContentType: contentType}, body.Bytes()), nil
}

// Entries returns the entries of the release's catalogued datasets. The error is
// domain.ErrUnavailable if the database lacks a dataset.
func (s *Service) Entries(ctx context.Context, r *domain.Release) ([]Entry, error) {
	if err := s.releases.Whole(ctx, r); err != nil {
		return nil, err
	}
	var entries []Entry
	for _, d := range Catalogued() {
		if !Listed(r, d) {
			continue
		}
		e, err := s.Entry(ctx, r, d)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	if len(entries) == 0 {
		return nil, nil
	}
	whole, err := s.PackageEntry(ctx, r)
	if err != nil {
		return nil, err
	}
	return append(entries, whole), nil
}

// PackageEntry returns the catalogue entry of the files with all datasets.
func (s *Service) PackageEntry(ctx context.Context, r *domain.Release) (Entry, error) {
	e := Entry{Dataset: Package, Part: domain.ReleaseDataset{ID: Package.ID, Modified: r.Changed()}}
	for _, d := range datasets(r) {
		part, _ := r.Dataset(d.ID)
		if e.Part.Issued.IsZero() || part.Issued.Before(e.Part.Issued) {
			e.Part.Issued = part.Issued
		}
		covered, err := Coverage(ctx, s.releases.Tables, r, d)
		if err != nil {
			return Entry{}, err
		}
		e.Period = e.union(covered)
		english, err := HasEnglish(ctx, s.releases.Tables, r, d)
		if err != nil {
			return Entry{}, err
		}
		e.English = e.English || english
	}
	for _, f := range WholeFormats {
		file, err := s.wholeFile(ctx, r, f)
		if err != nil {
			return Entry{}, err
		}
		e.Files = append(e.Files, file)
	}
	return e, nil
}

// entry returns the entry of a dataset or of Package. The error is domain.ErrUnavailable
// if the database lacks a dataset.
func (s *Service) entry(ctx context.Context, r *domain.Release, d *dataset.Dataset) (Entry, error) {
	if err := s.releases.Whole(ctx, r); err != nil {
		return Entry{}, err
	}
	if d == Package {
		return s.PackageEntry(ctx, r)
	}
	return s.Entry(ctx, r, d)
}

// Entry returns the catalogue entry of a dataset, with its files.
func (s *Service) Entry(ctx context.Context, r *domain.Release, d *dataset.Dataset) (Entry, error) {
	part, held := r.Dataset(d.ID)
	if !held {
		return Entry{}, fmt.Errorf("dataset %s of release %s: %w", d.ID, r.ID, domain.ErrNotFound)
	}
	covered, err := Coverage(ctx, s.releases.Tables, r, d)
	if err != nil {
		return Entry{}, err
	}
	english, err := HasEnglish(ctx, s.releases.Tables, r, d)
	if err != nil {
		return Entry{}, err
	}
	part.Modified = part.Changed()
	e := Entry{Dataset: d, Part: part, Period: covered, English: english}
	for _, f := range encode.Formats {
		file, err := s.file(ctx, r, d, f)
		if err != nil {
			return e, err
		}
		e.Files = append(e.Files, file)
	}
	return e, nil
}

func (s *Service) file(ctx context.Context, r *domain.Release, d *dataset.Dataset, f encode.Format) (File, error) {
	file := File{Format: f, Address: s.settings.FileAddress(r, d, f), Schema: s.settings.SchemaAddress(r, d, f)}
	return s.describe(r, file, func() (*representation.Representation, error) {
		return s.responses.Rows(ctx, representation.Request{Release: r, Query: dataset.Query{Dataset: d}, Format: f, File: true}, representation.Identity)
	})
}

// describe adds the size and checksum of what build returns. They are remembered apart
// from the content: where the files of a release do not all fit into the cache folder,
// each document that describes them would otherwise build them again.
func (s *Service) describe(r *domain.Release, file File, build func() (*representation.Representation, error)) (File, error) {
	described := s.described.Get(release.Key(r), func() *sync.Map { return &sync.Map{} })
	if known, ok := described.Load(file.Address); ok {
		return known.(File), nil
	}
	content, err := build()
	if err != nil {
		return File{}, err
	}
	file.Size, file.SHA256 = content.Length, content.SHA256
	described.Store(file.Address, file)
	return file, nil
}

// TableMetadata returns the CSVW description of a dataset's CSV file in the dialect of
// the format.
func (s *Service) TableMetadata(ctx context.Context, r *domain.Release, d *dataset.Dataset, f encode.Format, c representation.Coding) (*representation.Representation, error) {
	return s.responses.CachedWithFiles(ctx, "csvw "+release.Key(r)+" "+d.ID+" "+f.Dialect, c, func(context.Context) (*representation.Representation, error) {
		return newJSON(representation.Head{ContentType: "application/csvm+json", Immutable: true}, TableMetadata(s.settings, d, f, s.settings.FileAddress(r, d, f), s.settings.TableMetadataAddress(r, d, f)))
	})
}

// DataPackage returns the Frictionless data package of the CSV files of a release, with
// Table Schemas, sizes and checksums.
func (s *Service) DataPackage(ctx context.Context, r *domain.Release, c representation.Coding) (*representation.Representation, error) {
	return s.responses.CachedWithFiles(ctx, "datapackage "+release.Key(r), c, func(ctx context.Context) (*representation.Representation, error) {
		csv, _ := encode.Find("csv", "")
		var files []PackageFile
		for _, d := range datasets(r) {
			f, err := s.file(ctx, r, d, csv)
			if err != nil {
				return nil, err
			}
			files = append(files, PackageFile{Dataset: d, File: f})
		}
		return newJSON(representation.Head{ContentType: "application/json", Immutable: true}, DataPackage(s.settings, r, files))
	})
}

// newJSON returns a document as JSON.
func newJSON(head representation.Head, document any) (*representation.Representation, error) {
	body, err := plainjson.MarshalIndent(document)
	if err != nil {
		return nil, err
	}
	return representation.New(head, body), nil
}
