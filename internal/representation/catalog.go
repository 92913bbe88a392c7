package representation

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/zielstand/zielstand/internal/catalog"
	"github.com/zielstand/zielstand/internal/dataset"
	"github.com/zielstand/zielstand/internal/domain"
	"github.com/zielstand/zielstand/internal/encode"
	"github.com/zielstand/zielstand/internal/rdf"
	"github.com/zielstand/zielstand/internal/release"
)

// Catalog returns the DCAT-AP.de catalogue of a release in an RDF format. The error is
// domain.ErrUnavailable if it would be incomplete: a harvester deletes what is missing.
func (s *Service) Catalog(ctx context.Context, r *domain.Release, f rdf.Format, c Coding) (*Representation, error) {
	key := func(f rdf.Format) string { return "catalog " + release.Key(r) + " " + f.Name }
	return s.described(ctx, key(f), c, func(ctx context.Context) (*Representation, error) {
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
	return catalog.Graph(s.settings, r, entries)
}

// DatasetGraph returns the description of one dataset in an RDF format.
func (s *Service) DatasetGraph(ctx context.Context, r *domain.Release, d *dataset.Dataset, f rdf.Format, c Coding) (*Representation, error) {
	key := func(f rdf.Format) string { return "dataset " + release.Key(r) + " " + d.ID + " " + f.Name }
	return s.described(ctx, key(f), c, func(ctx context.Context) (*Representation, error) {
		if err := s.releases.Whole(ctx, r); err != nil {
			return nil, err
		}
		entry, err := s.Entry(ctx, r, d)
		if err != nil {
			return nil, err
		}
		graph, err := catalog.DatasetGraph(s.settings, r, entry)
		if err != nil {
			return nil, err
		}
		return s.serialise(r, graph, f, key)
	})
}

// SchemaOrg returns the catalogue, or one dataset if d is not nil, in the schema.org
// vocabulary as JSON-LD for search engines.
func (s *Service) SchemaOrg(ctx context.Context, r *domain.Release, d *dataset.Dataset, c Coding) (*Representation, error) {
	name := "all"
	if d != nil {
		name = d.ID
	}
	return s.described(ctx, "schema.org "+release.Key(r)+" "+name, c, func(ctx context.Context) (*Representation, error) {
		entries, err := s.Entries(ctx, r)
		if err != nil {
			return nil, err
		}
		var graph *rdf.Graph
		if d == nil {
			graph, err = catalog.SchemaOrg(s.settings, r, entries)
		} else {
			graph, err = catalog.SchemaOrgDataset(s.settings, r, entries, d)
		}
		if err != nil {
			return nil, err
		}
		jsonLD, _ := rdf.LookupFormat("jsonld")
		return s.write(r, graph, jsonLD)
	})
}

// serialise writes the graph in all formats, caches them, and returns the wanted one.
func (s *Service) serialise(r *domain.Release, graph *rdf.Graph, wanted rdf.Format, key func(rdf.Format) string) (*Representation, error) {
	for _, f := range rdf.Formats() {
		if f.Name == wanted.Name {
			continue
		}
		rep, err := s.write(r, graph, f)
		if err != nil {
			return nil, err
		}
		s.memory.Put("\x00"+key(f), rep)
	}
	return s.write(r, graph, wanted)
}

func (s *Service) write(r *domain.Release, graph *rdf.Graph, f rdf.Format) (*Representation, error) {
	var body bytes.Buffer
	if err := f.Write(&body, graph, catalog.Prefixes); err != nil {
		return nil, fmt.Errorf("catalogue of %s as %s: %w", r.ID, f.Name, err)
	}
	contentType := f.MediaType
	if f.MediaType == "text/turtle" {
		contentType += "; charset=utf-8"
	}
	return New(Head{ContentType: contentType, Total: -1}, body.Bytes()), nil
}

// Entries returns the entries of the release's catalogued datasets. The error is
// domain.ErrUnavailable if the database lacks a dataset.
func (s *Service) Entries(ctx context.Context, r *domain.Release) ([]catalog.Entry, error) {
	if err := s.releases.Whole(ctx, r); err != nil {
		return nil, err
	}
	var entries []catalog.Entry
	for _, d := range catalog.Catalogued() {
		if !catalog.Listed(r, d) {
			continue
		}
		e, err := s.Entry(ctx, r, d)
		if err != nil {
			return nil, err
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// Entry returns the catalogue entry of a dataset, with its files.
func (s *Service) Entry(ctx context.Context, r *domain.Release, d *dataset.Dataset) (catalog.Entry, error) {
	part, held := r.Dataset(d.ID)
	if !held {
		return catalog.Entry{}, fmt.Errorf("dataset %s of release %s: %w", d.ID, r.ID, domain.ErrNotFound)
	}
	limited, cancel := context.WithTimeout(ctx, s.limits.Timeout)
	defer cancel()
	covered, err := catalog.Coverage(limited, s.releases.Tables, r, d)
	if err != nil {
		return catalog.Entry{}, err
	}
	e := catalog.Entry{Dataset: d, Part: part, First: covered.First, Last: covered.Last}
	for _, f := range encode.Formats {
		file, err := s.file(ctx, r, d, f)
		if err != nil {
			return e, err
		}
		e.Files = append(e.Files, file)
	}
	return e, nil
}

func (s *Service) file(ctx context.Context, r *domain.Release, d *dataset.Dataset, f encode.Format) (catalog.File, error) {
	rep, err := s.Rows(ctx, Request{Release: r, Query: dataset.Query{Dataset: d}, Format: f, File: true}, Identity)
	if err != nil {
		return catalog.File{}, err
	}
	return catalog.File{
		Format: f, Address: s.settings.FileAddress(r, d, f), Size: rep.Length, SHA256: rep.SHA256,
		Schema: s.settings.SchemaAddress(r, d, f),
	}, nil
}

// TableMetadata returns the CSVW description of a dataset's CSV file in the dialect of
// the format.
func (s *Service) TableMetadata(ctx context.Context, r *domain.Release, d *dataset.Dataset, f encode.Format, c Coding) (*Representation, error) {
	return s.described(ctx, "csvw "+release.Key(r)+" "+d.ID+" "+f.Dialect, c, func(context.Context) (*Representation, error) {
		body := marshalIndent(catalog.TableMetadata(s.settings, d, f, s.settings.FileAddress(r, d, f), s.settings.TableMetadataAddress(r, d, f)))
		return New(Head{ContentType: "application/csvm+json", Total: -1, Immutable: true}, body), nil
	})
}

// DataPackage returns the Frictionless data package of the CSV files of a release, with
// Table Schemas, sizes and checksums.
func (s *Service) DataPackage(ctx context.Context, r *domain.Release, c Coding) (*Representation, error) {
	return s.described(ctx, "datapackage "+release.Key(r), c, func(ctx context.Context) (*Representation, error) {
		csv, _ := encode.Find("csv", "")
		var files []catalog.PackageFile
		for _, d := range dataset.All {
			if _, held := r.Dataset(d.ID); !held {
				continue
			}
			f, err := s.file(ctx, r, d, csv)
			if err != nil {
				return nil, err
			}
			files = append(files, catalog.PackageFile{Dataset: d, File: f})
		}
		body := marshalIndent(catalog.DataPackage(s.settings, r, files))
		return New(Head{ContentType: "application/json", Total: -1, Immutable: true}, body), nil
	})
}

// marshalIndent returns indented JSON without escaping < > & for HTML.
func marshalIndent(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // structs of strings always encode
	}
	return b.Bytes()
}
